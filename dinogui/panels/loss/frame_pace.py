"""When the loss plot draws a frame: at once, or as soon as the last one is long enough ago."""

import math

from PySide6.QtCore import QElapsedTimer, QObject, QTimer, Signal, Slot

SHORTEST_FRAME_MILLISECONDS = 40
"""The shortest time between two frames. A faster curve would not look smoother."""


class FramePace(QObject):
    """Says when to draw.

    Progress is drawn at once, while the GUI thread holds the interpreter anyway: drawing it later
    would make the training wait once more. The messages come at the same pace however fast the
    training is. Lives in the GUI thread.

    Signals
    -------
    due()
        Draw now, and call `note_drawn`. A plot that is hidden may wait until it is shown.
    """

    due = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._is_stale = True
        self._since_drawn = QElapsedTimer()
        self._next = QTimer(self, singleShot=True)
        self._next.timeout.connect(self._tell)

    @Slot()
    def note_progress(self) -> None:
        """Have it drawn now, or as soon as the last frame is long enough ago."""
        self._is_stale = True
        elapsed = self._since_drawn.elapsed() if self._since_drawn.isValid() else math.inf
        if elapsed >= SHORTEST_FRAME_MILLISECONDS:
            self._tell()
        elif not self._next.isActive():
            self._next.start(SHORTEST_FRAME_MILLISECONDS - int(elapsed))

    def draw_soon(self) -> None:
        """Have it drawn once what is going on now is done."""
        self._is_stale = True
        self._next.start(0)

    def note_drawn(self) -> None:
        """Note that a frame has been drawn."""
        self._is_stale = False
        self._since_drawn.start()

    @Slot()
    def _tell(self) -> None:
        if self._is_stale:
            self.due.emit()
