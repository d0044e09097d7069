"""The GUI thread and the training thread share a processor while the network trains."""

import os
import threading
from pathlib import Path

import pytest

from dinogui.startup.shared_processor import SharedProcessor, on_shared_processor
from dinogui.workers import name_sampler
from engine.sampling.candidates import find_candidates

CAN_CHOOSE = hasattr(os, "sched_getaffinity") and len(os.sched_getaffinity(0)) > 1
pytestmark = pytest.mark.skipif(not CAN_CHOOSE, reason="there is only one processor")


def processors(name):
    """Return the processors that each thread of a name may use."""
    found = []
    for task in Path("/proc/self/task").iterdir():
        if (task / "comm").read_text(encoding="utf-8").strip() == name:
            found.append(os.sched_getaffinity(int(task.name)))
    return found


def own_processors():
    return os.sched_getaffinity(threading.get_native_id())


def test_gui_and_training_thread_share_a_processor_while_training(window, qtbot):
    before = own_processors()
    assert processors("training") == [before]
    window.session.train()
    qtbot.waitUntil(lambda: window.session.steps_made > 20)
    assert processors("training") == [own_processors()]
    assert len(own_processors()) == 1
    assert own_processors() < before
    assert all(others == before for others in processors("writing") + processors("loading"))
    window.session.pause()
    qtbot.waitUntil(lambda: processors("training") == [own_processors()] == [before])


def test_a_thread_started_during_training_may_use_all_processors(window, qtbot):
    before = own_processors()
    window.session.train()
    qtbot.waitUntil(lambda: len(own_processors()) == 1)
    window.docks.show("flow")
    qtbot.waitUntil(lambda: processors("insight") == [before])


def test_closing_the_window_during_training_ends_the_sharing(window, qtbot):
    before = own_processors()
    window.session.train()
    qtbot.waitUntil(lambda: len(own_processors()) == 1)
    window.close()
    qtbot.waitUntil(lambda: window.session.has_ended)
    assert own_processors() == before


def test_sharing_ends_after_it_was_begun_twice():
    before, shared = own_processors(), SharedProcessor()
    shared.begin()
    shared.begin()
    assert len(own_processors()) == 1
    shared.end()
    assert own_processors() == before
    shared.end()
    assert own_processors() == before


def test_short_work_shares_the_processor_meanwhile():
    before, shared, found = own_processors(), SharedProcessor(), []
    may_work = threading.Event()

    def work():  # in a thread that is older than the sharing, and so may use all processors
        may_work.wait()
        with on_shared_processor():
            found.append(own_processors())
        found.append(own_processors())

    thread = threading.Thread(target=work)
    thread.start()
    shared.begin()
    one = own_processors()
    may_work.set()
    thread.join()
    shared.end()
    with on_shared_processor():
        found.append(own_processors())
    assert len(one) == 1
    assert found == [one, before, before]


def test_names_are_written_on_the_processor_of_the_training(window, qtbot, monkeypatch):
    found = []

    def search(*arguments, **options):
        for each in find_candidates(*arguments, **options):
            found.append(own_processors())
            yield each

    monkeypatch.setattr(name_sampler, "find_candidates", search)
    window.session.train()
    qtbot.waitUntil(lambda: window.session.steps_made > 20)
    del found[:]
    window.names.generate()
    qtbot.waitUntil(lambda: bool(found))
    assert found[-1] == own_processors()
    assert len(found[-1]) == 1
