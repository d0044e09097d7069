"""The batch helper: started when it is needed, and ended with the training."""

import subprocess
import sys
import threading
from dataclasses import replace

import pytest

from dinogui.workers.training.batch_helper import BatchHelper
from engine.training.settings import Hyperparameters, RunSettings

CODE = """
import sys, dinogui.app
sys.exit("concurrent.futures.thread" in sys.modules)
"""
LARGE = Hyperparameters(0.001, 5.0, (128, 128), optimizer="adam", batch=128)


@pytest.fixture
def helper():
    thread = BatchHelper()
    yield thread
    thread.end()


def helpers():
    return [thread for thread in threading.enumerate() if thread.name.startswith("helper")]


def test_starting_the_window_creates_no_helper():
    assert subprocess.run([sys.executable, "-c", CODE]).returncode == 0


def test_the_helper_is_one_thread_started_when_needed_and_ended(helper):
    assert not helpers()
    names = {helper.submit(lambda: threading.current_thread().name).result() for _ in range(3)}
    assert names == {thread.name for thread in helpers()}
    assert len(names) == 1
    helper.end()
    assert not helpers()


def test_an_exception_in_the_helper_is_passed_on(helper):
    with pytest.raises(ZeroDivisionError):
        helper.submit(lambda: 1 / 0).result()


def test_large_batches_use_the_helper(window, qtbot):
    window.session.restart(None, LARGE, RunSettings(cell="lstm", dtype="float32"))
    assert not helpers()
    window.session.train()
    qtbot.waitUntil(lambda: window.session.steps_made > 2, timeout=20_000)
    assert len(helpers()) == 1
    window.session.pause()
    window.close()
    qtbot.waitUntil(lambda: window.session.has_ended)
    assert not helpers()


def test_small_batches_use_no_helper(window, qtbot):
    window.session.restart(None, replace(LARGE, batch=2), RunSettings(cell="lstm"))
    window.session.train()
    qtbot.waitUntil(lambda: window.session.steps_made > 2, timeout=20_000)
    assert not helpers()
