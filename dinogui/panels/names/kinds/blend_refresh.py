"""When the names are written again because another blend of kinds was chosen."""

from PySide6.QtCore import QElapsedTimer, QObject, QTimer, Signal, Slot

from dinogui.session.blend.chosen_blend import ChosenBlend
from dinogui.session.generation.name_generation import NameGeneration
from engine.sampling.candidates import SearchResult

PATIENCE_MILLISECONDS = 100
"""A search that takes longer gives way to that of a newer blend."""


class BlendRefresh(QObject):
    """Says when to write the names of another blend: at once, unless names are on their way.

    While a slider is dragged, blends come faster than names. If each search gave way to the next
    one, there would be no names until the drag ends. So a search may go on for a while.

    Lives in the GUI thread.

    Parameters
    ----------
    blend : ChosenBlend
    name_generation : NameGeneration
    parent : QObject

    Signals
    -------
    due()
    """

    due = Signal()

    def __init__(
        self, blend: ChosenBlend, name_generation: NameGeneration, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._name_generation = name_generation
        self._since = QElapsedTimer()
        self._is_waiting = False
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._tell)
        blend.changed.connect(self._note)
        name_generation.found.connect(self._note_found)
        name_generation.begun.connect(self._forget)

    @Slot()
    def _note(self) -> None:
        elapsed = self._since.elapsed() if self._since.isValid() else PATIENCE_MILLISECONDS
        if not self._name_generation.is_searching or elapsed >= PATIENCE_MILLISECONDS:
            self._tell()
        elif not self._is_waiting:
            self._is_waiting = True
            self._timer.start(PATIENCE_MILLISECONDS - elapsed)

    @Slot(object)
    def _note_found(self, found: SearchResult) -> None:
        if found.is_over and self._is_waiting:
            self._tell()

    @Slot()
    def _tell(self) -> None:
        self._forget()
        self._since.start()
        self.due.emit()

    @Slot()
    def _forget(self) -> None:
        self._is_waiting = False
        self._timer.stop()
