import errno
import os
import stat
import sys

import pytest

from engine.storage.files import atomic_writer, check_regular, check_writable, remove_leftovers

needs_permissions = pytest.mark.skipif(
    sys.platform == "win32" or os.geteuid() == 0, reason="permissions do not bind here"
)


def files_in(folder):
    return sorted(entry.name for entry in folder.iterdir())


def test_a_file_is_written(tmp_path):
    with atomic_writer(tmp_path / "names.txt") as file:
        file.write(b"rex\n")
    assert (tmp_path / "names.txt").read_bytes() == b"rex\n"
    assert files_in(tmp_path) == ["names.txt"]


def test_the_old_file_is_seen_until_everything_is_written(tmp_path):
    path = tmp_path / "names.txt"
    path.write_bytes(b"old")
    with atomic_writer(path) as file:
        file.write(b"new")
        file.flush()
        assert path.read_bytes() == b"old"
    assert path.read_bytes() == b"new"


@pytest.mark.parametrize(
    "error",
    [
        OSError(errno.ENOSPC, "No space left on device"),
        OSError("only 3 of 9 bytes were written"),
        KeyboardInterrupt(),
        ValueError(),
    ],
)
def test_the_previous_file_survives_errors(tmp_path, error):
    path = tmp_path / "names.txt"
    path.write_bytes(b"old")

    def write_half():
        with atomic_writer(path) as file:
            file.write(b"half")
            raise error

    with pytest.raises(type(error)) as caught:
        write_half()
    if isinstance(error, OSError) and error.errno is None:
        assert caught.value is error
    elif isinstance(error, OSError):
        assert (caught.value.filename, caught.value.strerror) == (str(path), error.strerror)
    assert path.read_bytes() == b"old"
    assert files_in(tmp_path) == ["names.txt"]


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no device that is always full")
def test_a_full_disk_is_reported(tmp_path, monkeypatch):
    path = tmp_path / "names.txt"
    path.write_bytes(b"old")
    # What is written beside it goes to a device on which there is never any room.
    monkeypatch.setattr("engine.storage.files.open", open_full_disk, raising=False)
    with pytest.raises(OSError, match="No space left") as caught, atomic_writer(path) as file:
        file.write(b"new")
    assert caught.value.filename == str(path)
    assert path.read_bytes() == b"old"


def open_full_disk(*_):
    return os.fdopen(os.open("/dev/full", os.O_WRONLY), "wb")


@pytest.mark.parametrize("look", [check_writable, lambda path: atomic_writer(path).__enter__()])
def test_a_missing_folder_is_reported(tmp_path, look):
    path = tmp_path / "none" / "names.txt"
    with pytest.raises(FileNotFoundError) as caught:
        look(path)
    assert caught.value.filename == str(path)


def test_a_folder_is_not_replaced(tmp_path):
    with pytest.raises(IsADirectoryError):
        check_writable(tmp_path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes in folders")
@pytest.mark.parametrize("look", [check_writable, lambda path: atomic_writer(path).__enter__()])
@pytest.mark.parametrize("name", ["pipe", "link"])
def test_a_pipe_is_not_replaced(tmp_path, look, name):
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link").symlink_to(tmp_path / "pipe")
    with pytest.raises(OSError, match="not a regular file") as caught:
        look(tmp_path / name)
    assert caught.value.filename == str(tmp_path / name)
    assert (tmp_path / "pipe").is_fifo()
    assert files_in(tmp_path) == ["link", "pipe"]


def test_checking_leaves_nothing_behind(tmp_path):
    check_writable(tmp_path / "names.txt")
    assert files_in(tmp_path) == []


@needs_permissions
def test_a_folder_without_permission_is_reported(tmp_path):
    path = tmp_path / "names.txt"
    path.write_bytes(b"old")
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(PermissionError) as caught:
            check_writable(path)
        with pytest.raises(PermissionError), atomic_writer(path) as file:
            file.write(b"new")
    finally:
        tmp_path.chmod(0o700)
    assert caught.value.filename == str(path)
    assert path.read_bytes() == b"old"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has other permissions")
def test_permissions_and_links_are_kept(tmp_path):
    path, link = tmp_path / "names.txt", tmp_path / "link.txt"
    path.write_bytes(b"old")
    path.chmod(0o640)
    link.symlink_to(path)
    with atomic_writer(link) as file:
        file.write(b"new")
    assert link.is_symlink()
    assert path.read_bytes() == b"new"
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes in folders")
def test_a_pipe_that_appears_during_the_writing_is_not_replaced(tmp_path):
    path = tmp_path / "names.txt"

    def write():
        with atomic_writer(path) as file:
            file.write(b"new")
            os.mkfifo(path)

    with pytest.raises(OSError, match="not a regular file"):
        write()
    assert path.is_fifo()
    assert files_in(tmp_path) == ["names.txt"]


@pytest.mark.skipif(not os.path.exists("/dev/null"), reason="no devices in folders")
def test_only_regular_files_pass_the_check(tmp_path):
    (tmp_path / "names.txt").write_bytes(b"")
    (tmp_path / "link").symlink_to(tmp_path / "names.txt")
    (tmp_path / "dangling").symlink_to(tmp_path / "none")
    for name in ("names.txt", "link", "dangling", "none"):
        check_regular(tmp_path / name)
    with pytest.raises(IsADirectoryError, match="it is a folder"):
        check_regular(tmp_path)
    with pytest.raises(OSError, match="not a regular file"):
        check_regular("/dev/null")


def test_old_temporary_files_are_removed_wherever_a_file_is_written(tmp_path):
    old, new, other = (tmp_path / f".{c * 16}.part" for c in ("0", "1", "x"))
    for path in (old, new, other):
        path.write_bytes(b"half")
    for path in (old, other):
        os.utime(path, (1_000_000, 1_000_000))
    with atomic_writer(tmp_path / "names.txt") as file:
        file.write(b"rex")
    assert files_in(tmp_path) == sorted([new.name, other.name, "names.txt"])


def test_a_folder_without_temporary_files_need_not_exist(tmp_path):
    remove_leftovers(tmp_path / "none")
    assert files_in(tmp_path) == []
