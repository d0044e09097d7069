"""The lock of a file: one process at a time, and none that has ended."""

import os
import subprocess
import sys

import pytest

from engine.storage.file_lock import file_lock, is_locked

HOLD = """
import sys, time
from pathlib import Path
from engine.storage.file_lock import file_lock

with file_lock(Path(sys.argv[1])):
    print("has it", flush=True)
    if sys.argv[2] == "keep":
        time.sleep(600)
"""


@pytest.fixture
def start(root):
    """Return a function that starts a process which takes a lock, and keeps it or not."""
    processes = []

    def run(path, what):
        command = [sys.executable, "-c", HOLD, str(path), what]
        process = subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, encoding="utf-8")
        processes.append(process)
        return process

    yield run
    for process in processes:
        process.kill()
        process.communicate()


def test_the_lock_of_a_killed_process_is_free(start, tmp_path):
    path = tmp_path / "lock"
    assert not is_locked(path)
    assert not path.exists()
    first = start(path, "keep")
    assert first.stdout.readline() == "has it\n"
    assert is_locked(path)
    with file_lock(path, waits=False) as is_held:
        assert not is_held
    second = start(path, "let go")
    with pytest.raises(subprocess.TimeoutExpired):
        second.wait(0.5)
    first.kill()
    assert second.communicate(timeout=60)[0] == "has it\n"
    assert not is_locked(path)
    for waits in (True, False):
        with file_lock(path, waits=waits) as is_held:  # a file that is there already
            assert is_held
            assert is_locked(path)


def test_a_place_that_cannot_be_locked_is_refused(tmp_path):
    with pytest.raises(FileNotFoundError), file_lock(tmp_path / "none" / "lock"):
        pass
    if hasattr(os, "O_NOFOLLOW"):
        (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
        with pytest.raises(OSError, match="link"), file_lock(tmp_path / "link"):
            pass
        assert not (tmp_path / "elsewhere").exists()
