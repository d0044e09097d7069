"""The one place where the application's objects are made and wired together."""

import argparse
import logging
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import (
    QMessageLogContext,
    QTimer,
    QtMsgType,
    qInstallMessageHandler,
)
from PySide6.QtWidgets import QApplication

from dinogui import __version__
from dinogui.common.preferences import Preferences
from dinogui.common.theme import Theme
from dinogui.library.autosave_folder import users_autosave_folder
from dinogui.session.session import Session
from dinogui.startup.first_paint import FirstPaint
from dinogui.startup.garbage import GarbageCollector, never_collect_what_there_is
from dinogui.startup.log_file import open_logbook, users_log_path
from dinogui.startup.unexpected_errors import UnexpectedErrors, catch_everything
from dinogui.window.closing import ClosingRule
from dinogui.window.main_window import MainWindow
from dinogui.window.window_settings import WindowSettings

_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}
_log = logging.getLogger(__name__)
_qt_log = logging.getLogger("qt")
_INTERRUPT_MILLISECONDS = 200

_SWITCH_SECONDS = 0.0005
"""How long a thread waits before it asks for the interpreter.

Python's own 5 ms are a third of a frame, and a frame asks several times while the network trains.
"""


def run(options: argparse.Namespace) -> int:
    """Open the window on what the command line asks for, and return the exit code.

    Parameters
    ----------
    options : argparse.Namespace
        As `dinogui.options.parse` returns it.
    """
    logging.basicConfig(format="%(levelname)s %(name)s: %(message)s")
    logging.getLogger().handlers[0].setLevel(logging.WARNING)  # the log file takes more
    qInstallMessageHandler(_log_qt_message)
    application = QApplication(sys.argv[:1])
    application.setApplicationName("DinoGUI")
    application.setOrganizationName("DinoGUI")
    application.setApplicationVersion(__version__)
    if options.screenshot is not None:
        return _take_picture(application, options)
    return _open_window(application, options)


def _take_picture(application: QApplication, options: argparse.Namespace) -> int:
    """Take a picture, which is the same whatever is remembered."""
    from dinogui.window.screenshot import Screenshot

    window = make_window(application, options.seed)
    _let_interrupts_through(window)
    if options.names is not None:
        window.open_file(os.fspath(Path(options.names).absolute()))
    photographer = Screenshot(
        window, options.screenshot, options.steps, waits_for_file=options.names is not None
    )
    window.show()
    application.exec()
    return _leave(window, photographer.exit_code)


def _open_window(application: QApplication, options: argparse.Namespace) -> int:
    """Open the window as it was left, with what is to be opened, and wait for its end."""
    open_logbook(users_log_path())
    preferences = Preferences()
    if options.reset_settings:
        preferences.forget()
    window, open_data = make_empty_window(application, options.seed, preferences)
    catch_everything()
    errors = UnexpectedErrors(window, users_log_path())
    _let_interrupts_through(window)
    window.library.autosave_in(users_autosave_folder())

    def open_first() -> None:
        never_collect_what_there_is()
        open_data()
        if options.names is not None:
            window.open_file(os.fspath(Path(options.names).absolute()))

    # The threads that read and count would hold up the first picture by a tenth.
    FirstPaint(window, open_first)
    _log.info("DinoGUI %s begins.", __version__)
    window.show()
    exit_code = application.exec()
    _log.info("DinoGUI ends.")
    errors.close()
    return _leave(window, exit_code)


def _leave(window: MainWindow, exit_code: int) -> int:
    """Return the exit code, or end the process with it if a thread is still at work.

    Qt aborts a process that takes down a thread that runs; and such a thread holds nothing that
    could be lost any more.
    """
    if not window.session.has_ended:
        logging.shutdown()
        os._exit(exit_code)
    return exit_code


def _log_qt_message(kind: QtMsgType, _context: QMessageLogContext, message: str) -> None:
    """Pass what Qt has to say to the log."""
    if "propagateSizeHints" in message:  # the offscreen platform says so of every window
        return
    _qt_log.log(_LEVELS.get(kind, logging.WARNING), message)


def make_window(
    application: QApplication, seed: int | None = None, preferences: Preferences | None = None
) -> MainWindow:
    """Make the window, with the dinosaurs loaded and ready; see `make_empty_window`."""
    window, open_data = make_empty_window(application, seed, preferences)
    open_data()
    return window


def make_empty_window(
    application: QApplication, seed: int | None = None, preferences: Preferences | None = None
) -> tuple[MainWindow, Callable[[], None]]:
    """Make the window.

    Parameters
    ----------
    application : QApplication
    seed : int, optional
        Of the first run; the one remembered, or 0, if absent.
    preferences : Preferences, optional
        Where the window is as it was left, and remembers how it is left.

    Returns
    -------
    window : MainWindow
    open_data : callable
        Puts on the icon, loads the dinosaurs, and begins to read the file of the last run.
    """
    sys.setswitchinterval(_SWITCH_SECONDS)
    theme = Theme(application)
    window = MainWindow(Session(seed or 0), theme)
    theme.apply_style_sheet()
    GarbageCollector(window)
    file = None
    if preferences is not None:
        remembering = WindowSettings(window, preferences, seed)
        keeping = window.library
        window.closing_rule = ClosingRule(
            preferences,
            is_unsaved=lambda: keeping.saving.is_unsaved,
            save=keeping.saving.save_and_wait,
            discard=keeping.discard,
        )
        file = remembering.file_to_reopen

    def open_data() -> None:
        window.put_on_icon()
        window.open_dinosaurs()
        if file is not None:
            window.open_file(file)

    return window, open_data


def _let_interrupts_through(window: MainWindow) -> None:
    """Close the window at Ctrl+C in the terminal.

    Python sees a signal only when it runs, which it does not while Qt waits: so a timer gives it
    the occasion.
    """
    signal.signal(signal.SIGINT, lambda *_: window.close())
    timer = QTimer(window)
    timer.timeout.connect(window.isVisible)
    timer.start(_INTERRUPT_MILLISECONDS)
