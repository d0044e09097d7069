"""Unexpected exceptions: they are logged and shown in a dialog, and the program goes on.

All of them take the same way. Python's hooks, for exceptions in slots and threads, and the workers,
which catch their own, log an exception with its traceback. The dialog listens to the log.
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

_HAPPENED = "An unexpected error occurred. DinoGUI goes on running."
_LINES = 40
_LONGEST = 300
_WIDTH = 460
_QUIET_MILLISECONDS = 3_000
"""For this long after the dialog was closed, exceptions are only logged."""

_log = logging.getLogger(__name__)


def catch_everything() -> None:
    """Log every uncaught exception of every thread."""
    sys.excepthook = _log_exception
    threading.excepthook = _log_thread_exception


def _log_exception(
    kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, trace)
        return
    _log.error("An unexpected exception.", exc_info=(kind, error, trace))


def _log_thread_exception(met: threading.ExceptHookArgs) -> None:
    if met.exc_value is not None and not issubclass(met.exc_type, SystemExit):
        _log_exception(met.exc_type, met.exc_value, met.exc_traceback)


class _DialogHandler(logging.Handler):
    """Passes logged exceptions to the GUI thread."""

    def __init__(self, errors: "UnexpectedErrors") -> None:
        super().__init__(logging.ERROR)
        self._errors = errors

    def emit(self, record: logging.LogRecord) -> None:
        """Pass on a record with an exception. Called in the thread that logs it."""
        if record.exc_info and record.exc_info[1] is not None:
            error = record.exc_info[1]
            summary = "".join(traceback.format_exception_only(error)).strip()
            details = "".join(traceback.format_exception(error))
            # The window may no longer exist, and logging must not fail because of that.
            with suppress(RuntimeError):
                self._errors.logged.emit(summary, f"{record.getMessage()}\n{details}")


class ErrorDialog(QDialog):
    """Shows an unexpected exception, and offers to copy the details that a bug report needs.

    Lives in the GUI thread.

    Parameters
    ----------
    summary : str
        The exception in a line.
    parent : QWidget

    Signals
    -------
    copy_requested()
    """

    copy_requested = Signal()

    def __init__(self, summary: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("Something went wrong")
        self._happened = QLabel(_HAPPENED)
        shown = summary if len(summary) <= _LONGEST else f"{summary[:_LONGEST]}…"
        what = QLabel(shown)
        advice = QLabel(
            "If the training has stopped, Restart begins a new run. “Copy details” copies what a "
            "bug report should contain."
        )
        layout = QVBoxLayout(self)
        for label in (self._happened, what, advice):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
            layout.addWidget(label)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        self.copy = buttons.addButton("Copy &details", QDialogButtonBox.ButtonRole.ActionRole)
        self.copy.setToolTip("Copy the traceback, the versions and the last lines of the log")
        self.copy.clicked.connect(self.copy_requested)
        buttons.rejected.connect(self.reject)
        layout.addWidget(buttons)
        buttons.button(QDialogButtonBox.StandardButton.Close).setDefault(True)
        self.setMinimumWidth(_WIDTH)

    @property
    def message(self) -> str:
        """The sentence that says what happened."""
        return self._happened.text()

    def count_further(self, further: int) -> None:
        """Show how many errors have followed the first one."""
        errors = "error has" if further == 1 else "errors have"
        self._happened.setText(
            f"{_HAPPENED} {further:,} more {errors} occurred since; the log file has the details."
        )


class UnexpectedErrors(QObject):
    """Shows unexpected exceptions, in one dialog at a time.

    Lives in the GUI thread. While the dialog is open, further exceptions are only counted: an
    exception that comes with every frame must not cover the window with dialogs.

    Parameters
    ----------
    window : QWidget
        The parent of this object and of the dialog.
    log_path : Path
        The log file. Its last lines are copied with the details.

    Attributes
    ----------
    dialog : ErrorDialog or None
        The dialog, while it is open.

    Signals
    -------
    logged(str, str)
        An exception in a line, and its log message with the traceback. Emitted in the thread that
        has logged it.
    """

    logged = Signal(str, str)

    def __init__(self, window: QWidget, log_path: Path) -> None:
        super().__init__(window)
        self._window, self._log_path = window, log_path
        self.dialog: ErrorDialog | None = None
        self._details = ""
        self._further = 0
        self._since_closed = QElapsedTimer()
        # Queued even in the GUI thread: a dialog must not open in the middle of what has failed.
        self.logged.connect(self._show, Qt.ConnectionType.QueuedConnection)
        self._handler = _DialogHandler(self)
        logging.getLogger().addHandler(self._handler)

    def close(self) -> None:
        """Stop listening to the log, and close the dialog."""
        logging.getLogger().removeHandler(self._handler)
        if self.dialog is not None:
            self.dialog.close()

    @Slot(str, str)
    def _show(self, summary: str, details: str) -> None:
        if self.dialog is not None:
            self._further += 1
            self.dialog.count_further(self._further)
            return
        closed = self._since_closed
        if closed.isValid() and closed.elapsed() < _QUIET_MILLISECONDS:
            return
        self._details, self._further = details, 0
        self.dialog = ErrorDialog(summary, self._window)
        self.dialog.copy_requested.connect(self._copy)
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
