"""Waits until a window is on the screen."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QWidget

_LONGEST_MILLISECONDS = 1_000
"""A window that is minimised from the start, or has no screen, is never painted."""


class FirstPaint(QObject):
    """Does something once a window has been painted, or should have been long ago.

    Lives in the GUI thread.

    Parameters
    ----------
    window : QWidget
        Not shown yet.
    then : callable
        Done once, by the event loop.
    """

    def __init__(self, window: QWidget, then: Callable[[], None]) -> None:
        super().__init__(window)
        self._window, self._then = window, then
        self._soon = QTimer(self, singleShot=True, interval=_LONGEST_MILLISECONDS)
        self._soon.timeout.connect(self._go_on)
        self._soon.start()
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Go on as soon as all of the window is painted, which this event begins."""
        if event.type() == QEvent.Type.Paint:
            self._soon.start(0)
        return super().eventFilter(watched, event)

    def _go_on(self) -> None:
        # It stays until its window goes: in PySide 6.11, to delete an object that filters events
        # at the call of its own timer crashes now and then.
        self._window.removeEventFilter(self)
        self._then()
