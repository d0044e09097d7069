"""What every test shares. Knows no Qt: the engine's tests run where there is none."""

import dis
import os
import sys
import threading
import time
from pathlib import Path

import pytest
from hypothesis import settings

from engine.nn.fast.blas import limit_blas_threads

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
if "numpy" not in sys.modules:  # a plugin may have imported it; the limit then comes too late
    limit_blas_threads()

pytest_plugins = ["pytester"]

# Derandomized, so that a run repeats itself; no deadline, because slow machines are no fault.
settings.register_profile("repeatable", deadline=None, derandomize=True, max_examples=40)
settings.load_profile("repeatable")

_ROOT = Path(__file__).resolve().parent.parent
_GRACE_SECONDS = 1.0

_OPERATIONS = {
    code
    for code, name in enumerate(dis.opname)
    if name.startswith(("CALL", "BINARY_", "STORE_SUBSCR", "STORE_SLICE", "UNARY_"))
    and not name.startswith("CALL_INTRINSIC")  # the compiler's own, no call of ours
}


@pytest.fixture(scope="session")
def root():
    """Return the folder of the repository."""
    return _ROOT


@pytest.fixture(scope="session")
def shared_file():
    """Return a function that finds a file of the real data, or skips the test."""

    def find(place):
        path = _ROOT.parent / "shared" / place
        if not path.is_file():
            pytest.skip(f"{path} is absent")
        return path

    return find


@pytest.fixture(scope="session")
def dinos_path(shared_file):
    """Return the course's list of dinosaurs."""
    return shared_file("data/dinos.txt")


@pytest.fixture(scope="session")
def count_operations():
    """Return a function that counts the calls and operators that run in a folder's own code.

    An operator counts as much as a call: on an array it is one, to NumPy. Python's profiler would
    not do, as it is not told of calls to ufuncs. What is counted is the same on every machine.
    """

    def count(run, folder):
        inside = str(_ROOT / folder) + os.sep
        found = 0

        def enter(frame, _event, _argument):
            if not frame.f_code.co_filename.startswith(inside):
                return None
            frame.f_trace_opcodes, frame.f_trace_lines = True, False
            code = frame.f_code.co_code

            def step(frame, event, _argument):
                nonlocal found
                found += event == "opcode" and code[frame.f_lasti] in _OPERATIONS
                return step

            return step

        before = sys.gettrace()
        sys.settrace(enter)
        try:
            run()
        finally:
            sys.settrace(before)
        return found

    return count


@pytest.fixture(autouse=True)
def no_thread_outlives_a_test():
    """Fail a test that leaves a Python thread running."""
    before = set(threading.enumerate())
    yield
    deadline = time.monotonic() + _GRACE_SECONDS
    for thread in _started_since(before):
        thread.join(max(deadline - time.monotonic(), 0.0))
    left = sorted(thread.name for thread in _started_since(before))
    if left:
        pytest.fail(f"Threads outlive the test: {', '.join(left)}")


def _started_since(before):
    # A dummy stands for a foreign thread that once ran Python. Up to Python 3.11 it is listed for
    # ever, whether that thread lives or not, so it proves nothing.
    return [
        thread
        for thread in threading.enumerate()
        if thread not in before and not isinstance(thread, threading._DummyThread)
    ]
