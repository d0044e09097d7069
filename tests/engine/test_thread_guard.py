"""The guard in tests/conftest.py, judged by tests that run under it."""

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


def test_fails_only_a_test_that_leaves_a_thread(pytester, root, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(root))
    pytester.makeconftest((root / "tests" / "conftest.py").read_text(encoding="utf-8"))
    pytester.makepyfile(
        test_leaves=LEAVES_A_THREAD, test_ends=ENDS_ITS_THREAD, test_fixture=ENDS_IN_A_FIXTURE
    )
    # A process of its own, so that the stray thread does not trip this test's own guard.
    result = pytester.runpytest_subprocess("-p", "no:cacheprovider", timeout=120)
    assert result.ret != 0
    result.assert_outcomes(passed=3, errors=1)
    result.stdout.fnmatch_lines(["*ERROR at teardown of test_leaves_a_thread*"])
    result.stdout.fnmatch_lines(["*Threads outlive the test: stray*"])
