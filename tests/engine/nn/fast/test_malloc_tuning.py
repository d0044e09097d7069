import ctypes
import sys

import pytest

HAS_MALLOPT = sys.platform == "linux" and hasattr(ctypes.CDLL(None), "mallopt")

USE_AGAIN = """
import resource, sys, threading
import numpy as np
from engine.nn.fast.malloc_tuning import tune_malloc

if sys.argv[1] == "keeps":
    tune_malloc()

def step():
    [np.ones(1_000_000, np.uint8) for _ in range(20)]

def steps():
    step()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    for _ in range(10):
        step()
    print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)

steps()
thread = threading.Thread(target=steps)
thread.start()
thread.join()
"""


@pytest.fixture
def pages_fetched(run_python):
    """Return a function that counts the page faults of ten steps in each of two threads."""

    def count(way):
        ended = run_python("-c", USE_AGAIN, way)
        assert (ended.returncode, ended.stderr) == (0, "")
        return [int(word) for word in ended.stdout.split()]

    return count


@pytest.mark.skipif(not HAS_MALLOPT, reason="the C library has no mallopt")
def test_freed_memory_is_reused_in_every_thread(pages_fetched):
    # Each step uses 4,900 pages. The few that are still fetched belong to Python.
    assert max(pages_fetched("keeps")) < 500
    assert min(pages_fetched("gives back")) > 10_000


def test_tuning_can_be_called_again(run_python):
    code = "from engine.nn.fast.malloc_tuning import tune_malloc as f; f(); f()"
    ended = run_python("-c", code)
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", "")
