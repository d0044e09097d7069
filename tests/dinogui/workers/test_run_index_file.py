"""The index of a folder that several windows change: nothing is lost, and failures are said."""

import errno
import os
from concurrent.futures import ThreadPoolExecutor

import pytest

from dinogui.workers import run_index_file
from dinogui.workers.service import RefusedError
from engine.runs.run_index import INDEX_NAME, FileStamp, read_index


@pytest.fixture
def folder(tmp_path):
    for number in range(12):
        (tmp_path / f"earlier-{number}.npz").write_bytes(b"a run")
    return tmp_path


def test_labels_written_at_the_same_time_are_all_kept(folder):
    def note(number):
        run_index_file.label(str(folder), str(number), {"title": f"Run {number}"})

    with ThreadPoolExecutor(4) as windows:
        list(windows.map(note, range(12)))
    titles = {entry.label.title for entry in read_index(folder).values()}
    assert titles == {f"Run {number}" for number in range(12)}


def test_runs_that_are_gone_leave_the_index(folder):
    for number in (1, 2):
        run_index_file.label(str(folder), str(number), {"title": "x"})
    (folder / "earlier-1.npz").unlink()
    assert list(run_index_file.label(str(folder), "3", {"note": "y"})) == ["2", "3"]


def test_windows_that_see_other_files_of_a_run_do_not_write_the_index_in_turn(folder):
    run_index_file.note_own_file(str(folder), "1", str(folder / "earlier-2.npz"))
    file = folder / "earlier-1.npz"
    stamp = FileStamp.of_path("1", str(file))
    run_index_file.look_up(str(folder), [stamp])
    before = os.stat(folder / INDEX_NAME).st_ino
    for files in ([stamp], [], [stamp]):
        run_index_file.look_up(str(folder), files)
    assert os.stat(folder / INDEX_NAME).st_ino == before
    file.unlink()
    assert run_index_file.look_up(str(folder), [])["1"].own_file, "a run without a copy stays"
    assert "1" not in run_index_file.note_own_file(str(folder), "1", "")


def test_a_full_disk_is_said_and_the_index_stays_as_it_was(folder, monkeypatch):
    run_index_file.label(str(folder), "1", {"title": "kept"})

    def fail(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("engine.storage.files.os.fsync", fail)
    with pytest.raises(RefusedError, match="No space left on device"):
        run_index_file.label(str(folder), "1", {"title": "lost"})
    with pytest.raises(RefusedError, match=r"“mine.npz” is not listed, .* No space left"):
        run_index_file.note_own_file(str(folder), "1", "/mine.npz")
    monkeypatch.undo()
    assert read_index(folder)["1"].label.title == "kept"
    assert not list(folder.glob("*.part"))


def test_an_index_that_cannot_be_written_is_said(folder):
    (folder / INDEX_NAME).mkdir()
    with pytest.raises(RefusedError, match="list of runs"):
        run_index_file.label(str(folder), "1", {"title": "x"})
    assert run_index_file.look_up(str(folder), []) == {}
