"""Kept names under fire: several windows change the same file all the time."""

import json
import subprocess
import sys

import pytest

N_WINDOWS = 3
N_A_SECOND = 15

# A star every fifteenth of a second; of every five, one is taken back. Says what it has kept, what
# it was told, and whether all threads have ended.
WINDOW = """
import json, sys
from pathlib import Path
from PySide6.QtCore import QCoreApplication, QTimer
from dinogui.common.kept_name import KeptName
from dinogui.session.generation.kept_names import KeptNames
from dinogui.workers.service import Threads

path, window, interval, count = Path(sys.argv[1]), *map(int, sys.argv[2:])
app = QCoreApplication([])
threads = Threads()
kept = KeptNames(path, threads.start("names"), threads)
messages, names = [], []
kept.said.connect(messages.append)

def star():
    name = KeptName(f"window {window}, {len(names)}", "dinosaurs.txt", "RNN 50", 10, 1.5)
    names.append(name)
    kept.keep([name])
    if len(names) % 5 == 0:
        kept.drop([names[-3].key])
    if len(names) % 4 == 0:
        kept.look()
    if len(names) == count:
        app.quit()

timer = QTimer()
timer.timeout.connect(star)
timer.start(interval)
app.exec()
threads.close()
left = [name.name for number, name in enumerate(names, start=1) if number % 5 != 3]
print(json.dumps([left, messages, threads.have_ended]))
"""


@pytest.mark.parametrize("seconds", [2, pytest.param(60, marks=pytest.mark.long)])
def test_windows_that_star_all_the_time_lose_nothing(root, tmp_path, seconds):
    path = tmp_path / "kept-names.json"
    arguments = str(1_000 // N_A_SECOND), str(seconds * N_A_SECOND)
    windows = [
        subprocess.Popen(
            [sys.executable, "-c", WINDOW, path, str(number), *arguments],
            cwd=root,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for number in range(N_WINDOWS)
    ]
    expected = set()
    for window in windows:
        said, complaints = window.communicate(timeout=60 + 2 * seconds)
        assert (window.returncode, complaints) == (0, "")
        kept, messages, have_ended = json.loads(said)
        assert messages == []
        assert have_ended
        expected |= set(kept)
    assert len(expected) == N_WINDOWS * seconds * N_A_SECOND * 4 // 5
    found = [entry["name"] for entry in json.loads(path.read_text())["names"]]
    assert len(found) == len(expected)
    assert set(found) == expected
    assert sorted(each.name for each in tmp_path.iterdir()) == ["kept-names.json"]
