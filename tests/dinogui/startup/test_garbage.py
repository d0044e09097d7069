import gc
import weakref

import pytest
from PySide6.QtCore import QObject

from dinogui.startup import garbage
from dinogui.startup.garbage import GarbageCollector


class Node:
    """Refers to itself, so that only the garbage collector frees it."""

    def __init__(self):
        self.itself = self


@pytest.fixture
def quick(monkeypatch):
    monkeypatch.setattr(garbage, "_INTERVAL_MILLISECONDS", 10)
    thresholds, was_enabled = gc.get_threshold(), gc.isenabled()
    yield
    gc.set_threshold(*thresholds)
    if was_enabled:
        gc.enable()


def test_garbage_is_collected_by_the_timer_and_by_nothing_else(qtbot, quick):
    parent = QObject()
    gc.enable()
    gc.set_threshold(10, 0, 0)
    collector = GarbageCollector(parent)
    node = weakref.ref(Node())
    objects = [[] for _ in range(1_000)]
    assert not gc.isenabled()
    assert node() is not None
    qtbot.waitUntil(lambda: node() is None)
    assert len(objects) == 1_000
    assert collector.parent() is parent


def test_nothing_is_collected_before_it_is_due(qtbot, quick):
    parent = QObject()
    gc.collect()
    gc.set_threshold(1_000_000, 1_000_000, 1_000_000)
    GarbageCollector(parent)
    node = weakref.ref(Node())
    qtbot.wait(50)
    assert node() is not None
