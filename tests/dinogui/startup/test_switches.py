import gc
import os
import subprocess
import sys

import pytest
from PySide6.QtWidgets import QWidget

from dinogui.startup import switches
from dinogui.startup.first_paint import FirstPaint
from dinogui.startup.garbage import freeze_objects
from dinogui.startup.switch_interval import shorten_switch_interval
from engine.nn.fast.switches import VARIABLE

IMPORTS = """
import gc
import sys
from dinogui.__main__ import prepare
prepare()
print(gc.isenabled())
from dinogui.startup.lean_pyqtgraph import pg
from PySide6 import QtWidgets
print("QWizard" in vars(QtWidgets))
features = sys.modules.get("shibokensupport.feature")
print(getattr(features, "pyside_feature_dict", {}).get("dinogui.startup.lean_pyqtgraph") == 0)
"""


@pytest.fixture
def turn_off(monkeypatch):
    return lambda *names: monkeypatch.setenv(VARIABLE, ",".join(names))


def test_all_are_on_until_they_are_turned_off(turn_off, monkeypatch):
    monkeypatch.delenv(VARIABLE, raising=False)
    assert all(switches.is_enabled(name) for name in switches.OPTIMIZATIONS)
    turn_off("freeze", "first-paint")
    off = {name for name in switches.OPTIMIZATIONS if not switches.is_enabled(name)}
    assert off == {"freeze", "first-paint"}


@pytest.mark.parametrize("is_off", [False, True], ids=["on", "off"])
def test_imports_and_garbage_at_the_start(is_off, root):
    names = "lean-pyside,lean-pyqtgraph,no-garbage-collection-at-start" if is_off else ""
    ended = subprocess.run(
        [sys.executable, "-c", IMPORTS],
        env=os.environ | {VARIABLE: names, "PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
    )
    assert ended.stdout.split() == [str(is_off)] * 3, ended.stderr


def test_without_waiting_for_the_first_paint(turn_off, qtbot):
    turn_off("first-paint")
    window, done = QWidget(), []
    qtbot.addWidget(window)
    FirstPaint(window, lambda: done.append(window.isVisible()))
    assert done == [False]
    window.show()
    qtbot.wait(50)
    assert done == [False]


def test_without_freezing(turn_off):
    before = gc.get_freeze_count()
    objects = [[] for _ in range(1_000)]
    turn_off("freeze")
    freeze_objects()
    assert gc.get_freeze_count() <= before
    assert len(objects) == 1_000


def test_without_a_shorter_switch_interval(turn_off):
    before = sys.getswitchinterval()
    try:
        sys.setswitchinterval(0.005)
        turn_off("switch-interval")
        shorten_switch_interval()
        assert sys.getswitchinterval() == pytest.approx(0.005)
        turn_off()
        shorten_switch_interval()
        assert sys.getswitchinterval() == pytest.approx(0.0005)
    finally:
        sys.setswitchinterval(before)
