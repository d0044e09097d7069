import os
import subprocess
import sys

import pytest
from PySide6.QtWidgets import QWidget

from dinogui.startup.first_paint import FirstPaint

SHOW = """
import gc
import sys
from PySide6.QtCore import QTimer
from dinogui.options import parse
import dinogui.app

make_window = dinogui.app.make_empty_window

def make_and_watch(*arguments):
    window, open_data = make_window(*arguments)
    if "minimised" in sys.argv:
        window.show = window.showMinimized
    window.session.run_begun.connect(lambda: print(len(window.session.corpus.names)))
    window.session.run_begun.connect(lambda: print(gc.get_freeze_count() > 10_000))
    window.session.run_begun.connect(window.close)
    return window, open_data

dinogui.app.make_empty_window = make_and_watch
sys.exit(dinogui.app.run(parse([])))
"""


def test_the_function_is_called_once_after_the_first_paint(qtbot):
    window, done = QWidget(), []
    qtbot.addWidget(window)
    FirstPaint(window, lambda: done.append(window.isVisible()))
    qtbot.wait(50)
    assert done == []
    window.show()
    qtbot.waitUntil(lambda: done == [True])
    window.repaint()
    qtbot.wait(50)
    assert done == [True]


def test_a_window_that_is_never_painted_does_not_wait_forever(qtbot):
    window, done = QWidget(), []
    qtbot.addWidget(window)
    FirstPaint(window, lambda: done.append(window.isVisible()))
    qtbot.waitUntil(lambda: done == [False])


@pytest.mark.usefixtures("nobodys_settings")
@pytest.mark.parametrize("how", [[], ["minimised"]], ids=["shown", "minimised"])
def test_the_dinosaurs_are_loaded_after_the_first_paint(how):
    ended = subprocess.run(
        [sys.executable, "-c", SHOW, *how], capture_output=True, text=True, env=dict(os.environ)
    )
    assert ended.returncode == 0, ended.stderr
    names, is_frozen = ended.stdout.splitlines()
    assert int(names) > 1_000
    assert is_frozen == "True", "the window is excluded from garbage collection"
