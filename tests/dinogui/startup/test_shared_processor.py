"""The window's thread and the training's: on one processor while it trains, and only then."""

import os
import threading
from pathlib import Path

import pytest

from dinogui.startup.shared_processor import SharedProcessor

CAN_CHOOSE = hasattr(os, "sched_getaffinity") and len(os.sched_getaffinity(0)) > 1
pytestmark = pytest.mark.skipif(not CAN_CHOOSE, reason="no choice of processors")


def processors(name):
    """Return where the threads of a name may run."""
    found = []
    for task in Path("/proc/self/task").iterdir():
        if (task / "comm").read_text(encoding="utf-8").strip() == name:
            found.append(os.sched_getaffinity(int(task.name)))
    return found


def ours():
    return os.sched_getaffinity(threading.get_native_id())


def test_they_share_one_while_it_trains(window, qtbot):
    before = ours()
    assert processors("training") == [before]
    window.session.train()
    qtbot.waitUntil(lambda: window.session.steps_made > 20)
    assert processors("training") == [ours()]
    assert len(ours()) == 1
    assert ours() < before
    assert all(others == before for others in processors("writing") + processors("loading"))
    window.session.pause()
    qtbot.waitUntil(lambda: processors("training") == [ours()] == [before])


def test_what_begins_while_it_trains_goes_where_it_pleases(window, qtbot):
    before = ours()
    window.session.train()
    qtbot.waitUntil(lambda: len(ours()) == 1)
    window.docks.show("flow")
    qtbot.waitUntil(lambda: processors("insight") == [before])


def test_a_window_that_closes_as_it_trains_lets_go(window, qtbot):
    before = ours()
    window.session.train()
    qtbot.waitUntil(lambda: len(ours()) == 1)
    window.close()
    qtbot.waitUntil(lambda: window.session.has_ended)
    assert ours() == before


def test_beginning_twice_lets_go_all_the_same():
    before, shared = ours(), SharedProcessor()
    shared.begin()
    shared.begin()
    assert len(ours()) == 1
    shared.end()
    assert ours() == before
    shared.end()
    assert ours() == before
