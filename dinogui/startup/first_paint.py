"""Puts work off until the window has been painted."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QWidget

from dinogui.startup.switches import is_enabled

_LONGEST_MILLISECONDS = 1_000
"""Then the work is done anyway: a window that starts minimised is never painted."""


class FirstPaint(QObject):
    """Calls a function once a window has been painted, or after a second.

    Lives in the GUI thread. It has no signals.

    The threads that read the data, count n-grams and make the first network compete with the first
    picture for the interpreter. Starting them after it shows the window 10 % sooner (processor time
    of the start, measured on two cores).

    Parameters
    ----------
    window : QWidget
        It must not be shown yet.
    then : callable
        Called once, by the event loop; at once if the optimisation is turned off.
    """

    def __init__(self, window: QWidget, then: Callable[[], None]) -> None:
        super().__init__(window)
        if not is_enabled("first-paint"):
            then()
            return
        self._window, self._then = window, then
        self._soon = QTimer(self, singleShot=True, interval=_LONGEST_MILLISECONDS)
        self._soon.timeout.connect(self._go_on)
        self._soon.start()
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Call the function as soon as the paint event that begins here has been handled."""
        if event.type() == QEvent.Type.Paint:
            self._soon.start(0)
        return super().eventFilter(watched, event)

    def _go_on(self) -> None:
        # This object lives as long as its window: PySide 6.11 sometimes crashes when an event
        # filter is deleted in a slot of its own timer.
        self._window.removeEventFilter(self)
        self._then()
