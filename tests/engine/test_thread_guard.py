"""The guard in tests/conftest.py, judged by tests that run under it."""

import pytest

LEAVES_A_THREAD = """
import threading
def test_leaves_a_thread():
    threading.Thread(target=threading.Event().wait, args=(20,), name="stray", daemon=True).start()
"""

ENDS_ITS_THREAD = """
import threading
def test_ends_its_thread():
    stop = threading.Event()
    thread = threading.Thread(target=stop.wait)
    thread.start()
    stop.set()
    thread.join()
"""

ENDS_IN_A_FIXTURE = """
import threading
import pytest
@pytest.fixture
def worker():
    stop = threading.Event()
    thread = threading.Thread(target=stop.wait)
    thread.start()
    yield thread
    stop.set()
def test_uses_a_worker(worker):
    assert worker.is_alive()
"""


@pytest.fixture
def run_guarded(pytester, root, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(root))
    pytester.makeconftest((root / "tests" / "conftest.py").read_text(encoding="utf-8"))

    def run(source):
        pytester.makepyfile(source)
        # A process of its own, so that the stray thread does not trip this test's own guard.
        return pytester.runpytest_subprocess("-p", "no:cacheprovider")

    return run


def test_fails_a_test_that_leaves_a_thread(run_guarded):
    result = run_guarded(LEAVES_A_THREAD)
    assert result.ret != 0
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["*Threads outlive the test: stray*"])


@pytest.mark.parametrize("source", [ENDS_ITS_THREAD, ENDS_IN_A_FIXTURE])
def test_passes_a_test_that_ends_its_thread(run_guarded, source):
    result = run_guarded(source)
    assert result.ret == 0
    result.assert_outcomes(passed=1)
