"""Unexpected exceptions from every thread are shown once and logged, and the program goes on."""

import logging
import os
import subprocess
import sys
import threading

import pytest
from PySide6.QtCore import QObject, Qt, QTimer, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialogButtonBox

from dinogui.session.run import RunState
from dinogui.startup.log_file import open_log_file
from dinogui.startup.unexpected_errors import UnexpectedErrors, catch_everything
from engine.training.recipes import DEFAULT, NOTEBOOK
from engine.training.settings import RunSettings
from engine.training.trainer import Trainer


@pytest.fixture
def log_path(tmp_path):
    return tmp_path / "log" / "dinogui.log"


@pytest.fixture
def errors(window, log_path):
    """Return the dialog of unexpected errors, set up with a log file as in the application."""
    root = logging.getLogger()
    level, handler = root.level, open_log_file(log_path)
    errors = UnexpectedErrors(window, log_path)
    yield errors
    errors.close()
    root.removeHandler(handler)
    root.setLevel(level)
    handler.close()


@pytest.fixture
def hooks(monkeypatch):
    """Install the exception hooks of the application for a test."""
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    catch_everything()


class Careless(QObject):
    @Slot()
    def fail(self):
        raise LookupError("there is no such dinosaur")


def test_an_exception_in_a_slot_is_shown_and_the_window_goes_on(errors, hooks, window, qtbot):
    QTimer.singleShot(0, Careless(window).fail)
    qtbot.waitUntil(lambda: errors.dialog is not None)
    assert "unexpected error" in errors.dialog.message
    assert "DinoGUI goes on running" in errors.dialog.message
    window.session.train(50)
    qtbot.waitUntil(lambda: window.session.snapshot_step == 50)


def test_the_details_are_copied_and_close_closes(errors, hooks, window, qtbot, log_path):
    logging.getLogger("before").info("what went before")
    QTimer.singleShot(0, Careless(window).fail)
    qtbot.waitUntil(lambda: errors.dialog is not None)
    qtbot.mouseClick(errors.dialog.copy, Qt.MouseButton.LeftButton)
    text = QGuiApplication.clipboard().text()
    for part in (
        "LookupError: there is no such",
        "in fail",
        "NumPy",
        "PySide6",
        "what went before",
    ):
        assert part in text
    assert errors.dialog.isVisible()
    box = errors.dialog.findChild(QDialogButtonBox)
    qtbot.mouseClick(box.button(QDialogButtonBox.StandardButton.Close), Qt.MouseButton.LeftButton)
    assert errors.dialog is None
    assert "LookupError" in log_path.read_text(encoding="utf-8")


def test_many_exceptions_open_one_dialog_that_counts_them(errors, hooks, window, qtbot):
    careless = Careless(window)
    timer = QTimer(window)
    timer.timeout.connect(careless.fail)
    timer.start(0)
    qtbot.waitUntil(lambda: errors.dialog is not None and "more errors" in errors.dialog.message)
    assert len(window.findChildren(type(errors.dialog))) == 1
    errors.dialog.reject()
    qtbot.wait(20)
    timer.stop()
    assert errors.dialog is None, "further exceptions do not open it again at once"


def test_an_exception_in_another_thread_is_shown_in_the_gui_thread(errors, hooks, qtbot):
    thread = threading.Thread(target=Careless().fail)
    thread.start()
    thread.join()
    qtbot.waitUntil(lambda: errors.dialog is not None)
    assert errors.dialog.thread() is errors.thread()


def test_an_exception_in_the_training_is_shown_as_well(errors, window, qtbot, monkeypatch):
    with monkeypatch.context() as broken:
        broken.setattr(Trainer, "opening", lambda _self: 1 / 0)
        window.session.restart(NOTEBOOK, settings=RunSettings())
        qtbot.waitUntil(lambda: errors.dialog is not None)
    assert window.session.state is RunState.FAILED
    assert "log file" in window.banner.message
    window.session.restart(DEFAULT, settings=RunSettings())
    qtbot.waitUntil(lambda: window.session.has_network)
    window.session.train(20)
    qtbot.waitUntil(lambda: window.session.snapshot_step == 20)


APPLICATION = """
import sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
import dinogui.app
from dinogui.options import parse

make_window = dinogui.app.make_empty_window

def careless():
    raise LookupError("there is no such dinosaur")

def look(window):
    shown = [w.message for w in QApplication.topLevelWidgets() if hasattr(w, "copy_requested")]
    if not shown:
        QTimer.singleShot(50, lambda: look(window))
        return
    print(len(shown), window.isVisible())
    window.close()

def make_and_fail(*arguments):
    window, open_data = make_window(*arguments)
    QTimer.singleShot(0, careless)
    QTimer.singleShot(50, lambda: look(window))
    return window, open_data

dinogui.app.make_empty_window = make_and_fail
sys.exit(dinogui.app.run(parse([])))
"""


def test_the_application_goes_on_after_an_exception(nobodys_settings):
    ended = subprocess.run(
        [sys.executable, "-c", APPLICATION], capture_output=True, text=True, env=dict(os.environ)
    )
    assert (ended.returncode, ended.stdout.strip()) == (0, "1 True"), ended.stderr
    (log,) = nobodys_settings.rglob("dinogui.log")
    assert "LookupError" in log.read_text(encoding="utf-8")
