"""The folder of autosaves: who keeps which file, and who may take it over."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from dinogui.library.autosave.autosave_folder import (
    AutosaveFolder,
    StoredFile,
    files_to_remove,
    id_of,
)

LOCK = """
import os, sys
from PySide6.QtCore import QLockFile
lock = QLockFile(sys.argv[1])
os._exit(lock.tryLock(0))  # as a crash leaves it
"""


@pytest.fixture
def read_only_folder():
    """Return a folder with a run and a lock that was left, in which nothing can be written."""
    if not hasattr(os, "geteuid"):
        pytest.skip("permissions of folders are POSIX's")
    with tempfile.TemporaryDirectory() as outer:
        os.chmod(outer, 0o755)
        folder = Path(outer, "autosave")
        folder.mkdir()
        (folder / "gone-1.npz").write_bytes(b"run")
        (folder / "gone.lock").write_bytes(b"")
        os.chmod(folder, 0o555)
        yield folder
        os.chmod(folder, 0o755)


def opened(path):
    """Return the folder as a window sees it that has just been opened."""
    folder = AutosaveFolder(path)
    folder.take_left_behind()
    return folder


def write(folder, content=b"run"):
    path = folder.new_path(os.urandom(8).hex())
    path.write_bytes(content)
    return path


def paths(folder):
    return [file.path for file in folder.files()]


def test_a_file_belongs_to_its_window_until_that_ends(tmp_path):
    one, two = AutosaveFolder(tmp_path), AutosaveFolder(tmp_path)
    path = write(one)
    assert (paths(one), paths(two)) == ([path], [])
    assert not one.files()[0].is_left_behind
    assert paths(opened(tmp_path)) == []
    one.release()
    three = opened(tmp_path)
    [found] = three.files()
    assert (found.path, found.is_left_behind) == (path, True)
    assert paths(two) == paths(opened(tmp_path)) == [], "it belongs to the window that offers it"
    three.release()
    assert [file.is_left_behind for file in opened(tmp_path).files()] == [True]


def test_what_a_window_keeps_for_later_is_everybodys_until_one_claims_it(tmp_path):
    one, two = AutosaveFolder(tmp_path), AutosaveFolder(tmp_path)
    path = write(one)
    one.keep_for_later(path)
    [earlier] = paths(one)
    assert paths(two) == [earlier]
    assert not two.files()[0].is_left_behind
    claimed = two.claim(earlier)
    assert (paths(one), paths(two)) == ([], [claimed])
    assert id_of(claimed) == id_of(path)
    with pytest.raises(FileNotFoundError):
        one.claim(earlier)
    assert two.claim(claimed) == claimed


def test_a_run_that_was_kept_is_not_left_behind_by_a_crash(tmp_path):
    one = AutosaveFolder(tmp_path)
    path, other = write(one), write(one)
    kept = one.kept(path, True)
    path.rename(kept)
    starred = one.starred(kept, True)
    kept.rename(starred)
    one.release()  # as a crash leaves it
    two = opened(tmp_path)
    assert {file.path: (file.is_left_behind, file.is_starred) for file in two.files()} == {
        starred: (False, True),
        other: (True, False),
    }
    claimed = two.claim(starred)
    assert id_of(claimed) == id_of(path)
    assert two.kept(claimed, True) == claimed, "it was only looked at"
    assert two.kept(claimed, False) == two.starred(
        two.path / f"{two.owner}-{id_of(path)}.npz", True
    )
    assert opened(tmp_path).ids_elsewhere() == {id_of(path), id_of(other)}


def test_a_star_stays_when_a_file_changes_hands(tmp_path):
    one = AutosaveFolder(tmp_path)
    path = write(one)
    starred = one.starred(path, True)
    path.rename(starred)
    assert [file.is_starred for file in one.files()] == [True]
    one.keep_for_later(starred)
    [file] = one.files()
    assert (file.is_starred, file.id) == (True, id_of(path))
    assert id_of(one.starred(file.path, False)) == file.id


def test_files_of_an_earlier_version_were_left_behind(tmp_path):
    (tmp_path / "0123456789abcdef.npz").write_bytes(b"run")
    folder = opened(tmp_path)
    [file] = folder.files()
    assert (file.id, file.is_left_behind) == ("0123456789abcdef", True)
    folder.claim(file.path)
    assert [(file.id, file.is_left_behind) for file in folder.files()] == [
        ("0123456789abcdef", False)
    ]


def test_the_latest_file_comes_first(tmp_path):
    folder = AutosaveFolder(tmp_path)
    written = [write(folder) for _ in range(3)]
    for path, time in zip(written, (20, 30, 10), strict=True):
        os.utime(path, (time, time))
    assert paths(folder) == [written[1], written[0], written[2]]


def test_unfinished_files_and_locks_without_runs_are_removed(tmp_path):
    old, new = (tmp_path / f".{digit * 16}.part" for digit in "07")
    for half in (old, new):
        half.write_bytes(b"half")
    ended = subprocess.run([sys.executable, "-c", LOCK, str(tmp_path / "gone.lock")], check=False)
    assert ended.returncode == 1
    os.utime(old, (1_000_000, 1_000_000))
    assert opened(tmp_path).files() == []
    assert list(tmp_path.iterdir()) == [new]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes in folders")
def test_a_pipe_in_place_of_a_lock_or_a_run_is_passed_over(tmp_path):
    os.mkfifo(tmp_path / "x.lock")
    (tmp_path / "x.npz").write_bytes(b"x")
    os.mkfifo(tmp_path / "y.npz")
    assert opened(tmp_path).files() == []
    assert (tmp_path / "x.lock").is_fifo()


def test_a_folder_that_is_a_file_holds_nothing(tmp_path):
    place = tmp_path / "autosave"
    place.write_text("a file in its place")
    folder = AutosaveFolder(place)
    assert (folder.files(), folder.new_path(os.urandom(8).hex())) == ([], None)


def test_in_a_read_only_folder_everything_can_be_read_and_nothing_taken_over(
    read_only_folder, as_nobody
):
    with as_nobody():
        one, two = opened(read_only_folder), opened(read_only_folder)
        for folder in (one, two):
            [file] = folder.files()
            assert file.is_left_behind
            assert folder.new_path(os.urandom(8).hex()) is None
            with pytest.raises(PermissionError):
                folder.claim(file.path)
        folder.keep_for_later(file.path)
        assert file.path.read_bytes() == b"run"
        one.release()


def stored(name, modified, n_bytes, is_starred=False):
    return StoredFile(Path(name), name, is_starred, False, modified, n_bytes)


def test_the_oldest_files_without_a_star_make_room():
    files = [
        stored("new", 4, 50),
        stored("starred", 1, 50, is_starred=True),
        stored("open", 2, 50),
        stored("old", 3, 50),
    ]
    protected = {Path("open")}

    def removed(most):
        return [file.id for file in files_to_remove(files, protected, most)]

    assert removed(200) == []
    assert removed(199) == ["old"]
    assert removed(100) == ["old", "new"]
    assert removed(0) == ["old", "new"], "the rest stays even so"
