"""Exceptions that nobody expected: they are logged, said in a dialog, and end nothing.

There is one way for all of them. Whoever catches one logs it with its traceback: Python's hooks for
exceptions that came out of a slot or a thread, and the workers' own catches. The dialog listens to
the log.
"""

import logging
import platform
import sys
import threading
import traceback
from contextlib import suppress
from pathlib import Path
from types import TracebackType

import numpy as np
import PySide6
from PySide6.QtCore import QElapsedTimer, QObject, Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QVBoxLayout, QWidget

from dinogui import __version__
from dinogui.startup.log_file import last_lines

_HAPPENED = "DinoGUI met an error that nobody expected. The window goes on."
_LINES = 40
_LONGEST = 300
_WIDTH = 460
_QUIET_MILLISECONDS = 3_000
"""After the dialog was closed, what goes on failing is only logged for so long."""

_log = logging.getLogger(__name__)


def catch_everything() -> None:
    """Log every exception that nobody catches, from whichever thread."""
    sys.excepthook = _log_exception
    threading.excepthook = _log_thread_exception


def _log_exception(
    kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, trace)
        return
    _log.error("An exception that nobody expected.", exc_info=(kind, error, trace))


def _log_thread_exception(met: threading.ExceptHookArgs) -> None:
    if met.exc_value is not None and not issubclass(met.exc_type, SystemExit):
        _log_exception(met.exc_type, met.exc_value, met.exc_traceback)


class _Ear(logging.Handler):
    """Hands the exceptions that are logged to the dialog's thread."""

    def __init__(self, met: "UnexpectedErrors") -> None:
        super().__init__(logging.ERROR)
        self._met = met

    def emit(self, record: logging.LogRecord) -> None:
        """Pass on what has a traceback; called in whichever thread logs it."""
        if record.exc_info and record.exc_info[1] is not None:
            error = record.exc_info[1]
            summary = "".join(traceback.format_exception_only(error)).strip()
            details = "".join(traceback.format_exception(error))
            # The window may be gone by now, and whoever logs must not fail for it.
            with suppress(RuntimeError):
                self._met.met.emit(summary, f"{record.getMessage()}\n{details}")


class ErrorDialog(QDialog):
    """Says what happened, and copies what a person who is to mend it would ask for.

    Signals
    -------
    copy_wanted()
    """

    copy_wanted = Signal()

    def __init__(self, summary: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("Something went wrong")
        self._happened = QLabel(_HAPPENED)
        shown = summary if len(summary) <= _LONGEST else f"{summary[:_LONGEST]}…"
        what = QLabel(shown)
        advice = QLabel(
            "If the run stands still, Restart begins another one. “Copy details” copies what a "
            "person who is to mend this would ask for."
        )
        layout = QVBoxLayout(self)
        for label in (self._happened, what, advice):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
            layout.addWidget(label)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        self.copy = buttons.addButton("Copy &details", QDialogButtonBox.ButtonRole.ActionRole)
        self.copy.setToolTip("Copy the traceback, the versions and the last lines of the log")
        self.copy.clicked.connect(self.copy_wanted)
        buttons.rejected.connect(self.reject)
        layout.addWidget(buttons)
        buttons.button(QDialogButtonBox.StandardButton.Close).setDefault(True)
        self.setMinimumWidth(_WIDTH)

    @property
    def message(self) -> str:
        """What it says has happened."""
        return self._happened.text()

    def count_further(self, further: int) -> None:
        """Say how often something went wrong meanwhile."""
        times = "once" if further == 1 else f"{further:,} times"
        self._happened.setText(
            f"{_HAPPENED} Meanwhile something went wrong {times} more; the log file has it all."
        )


class UnexpectedErrors(QObject):
    """Says that something went wrong, in one dialog at a time; the window lives on.

    Lives in the GUI thread. While the dialog is open, further exceptions are only counted in it:
    one that comes with every frame must not bury the window.

    Parameters
    ----------
    window : QWidget
        Its parent, and the dialog's.
    log_path : Path
        Whose last lines are copied with the details.

    Attributes
    ----------
    dialog : ErrorDialog or None
        The one that is open.

    Signals
    -------
    met(str, str)
        An exception in a line, and its traceback. Emitted in whichever thread has logged it.
    """

    met = Signal(str, str)

    def __init__(self, window: QWidget, log_path: Path) -> None:
        super().__init__(window)
        self._window, self._log_path = window, log_path
        self.dialog: ErrorDialog | None = None
        self._details = ""
        self._further = 0
        self._since_closed = QElapsedTimer()
        # Queued even in the GUI thread: where an exception was met is no place to open a dialog.
        self.met.connect(self._say, Qt.ConnectionType.QueuedConnection)
        self._ear = _Ear(self)
        logging.getLogger().addHandler(self._ear)

    def close(self) -> None:
        """Listen no more."""
        logging.getLogger().removeHandler(self._ear)
        if self.dialog is not None:
            self.dialog.close()

    @Slot(str, str)
    def _say(self, summary: str, details: str) -> None:
        if self.dialog is not None:
            self._further += 1
            self.dialog.count_further(self._further)
            return
        closed = self._since_closed
        if closed.isValid() and closed.elapsed() < _QUIET_MILLISECONDS:
            return
        self._details, self._further = details, 0
        self.dialog = ErrorDialog(summary, self._window)
        self.dialog.copy_wanted.connect(self._copy)
        self.dialog.finished.connect(self._forget)
        self.dialog.show()

    @Slot()
    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(
            "\n".join([_versions(), "", self._details, *last_lines(self._log_path, _LINES)])
        )

    @Slot()
    def _forget(self) -> None:
        if self.dialog is not None:
            self.dialog.deleteLater()
            self.dialog = None
            self._since_closed.start()


def _versions() -> str:
    return (
        f"DinoGUI {__version__}, Python {platform.python_version()}, NumPy {np.__version__}, "
        f"PySide6 {PySide6.__version__}, {platform.platform()}"
    )
