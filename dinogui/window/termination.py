"""Termination: the system asks the program to end, and nobody can answer a question."""

import time

from PySide6.QtCore import QCoreApplication, QObject, QTimer, Slot

from dinogui.window.main_window import MainWindow

_POLL_MILLISECONDS = 100
_PATIENCE_SECONDS = 5.0
"""A system that shuts down kills programs that take much longer."""


class Termination(QObject):
    """Closes the window without a dialog, once what is unsaved has been autosaved.

    The next start offers the run. Lives in the GUI thread.

    Parameters
    ----------
    window : MainWindow
    """

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._deadline = 0.0
        self._timer = QTimer(self, interval=_POLL_MILLISECONDS)
        self._timer.timeout.connect(self._close_when_kept)

    @Slot()
    def begin(self) -> None:
        """Pause the training, keep the run and close. Calls after the first do nothing."""
        if self._timer.isActive():
            return
        self._deadline = time.monotonic() + _PATIENCE_SECONDS
        self._window.session.pause()
        self._timer.start()  # the first look is late enough for the last steps to have arrived

    @Slot()
    def _close_when_kept(self) -> None:
        autosave = self._window.library.autosave
        if autosave is not None and not autosave.is_current and time.monotonic() < self._deadline:
            autosave.write()
            return
        self._timer.stop()
        self._window.closing_rule = None
        self._window.close()
        QCoreApplication.exit(0)  # dialogs that are open would keep the program running
