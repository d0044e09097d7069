"""Files: written whole or not at all, and checked before they are read."""

import errno
import os
import re
import shutil
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

_TEMPORARY_NAME = re.compile(r"\.[0-9a-f]{16}\.part")
_LEFTOVER_SECONDS = 3_600


@contextmanager
def atomic_writer(path: str | os.PathLike[str]) -> Iterator[BinaryIO]:
    """Open a temporary file beside `path` that replaces it once everything has been written.

    The previous file stays untouched until the new one is on the disk. A symbolic link is
    followed: the file it points to is replaced. The permissions of the previous file are kept.
    Afterwards, the temporary files that killed processes left in the folder are removed.

    Yields
    ------
    BinaryIO

    Raises
    ------
    OSError
        If the file cannot be written, or if something other than a regular file, or a read-only
        file, is already there. The error names `path`; the previous file is left as it was.
    """
    target = Path(os.path.realpath(path))
    _check_replaceable(target, path)
    temporary = _temporary_path(target)
    try:
        with open(temporary, "xb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        _check_replaceable(target, path)  # it may have changed since the first check
        if target.is_file():
            shutil.copymode(target, temporary)
        os.replace(temporary, target)
        _sync_folder(target.parent)
        remove_leftovers(target.parent)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        if error.errno is None:  # raised by a library: its message is all there is
            raise
        raise OSError(error.errno, error.strerror, str(path)) from error
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def check_writable(path: str | os.PathLike[str]) -> None:
    """Check that a file could be written, before there is anything to write.

    Raises
    ------
    OSError
        If it could not; the error names `path`.
    """
    target = Path(os.path.realpath(path))
    _check_replaceable(target, path)
    temporary = _temporary_path(target)
    try:
        temporary.touch(exist_ok=False)
        temporary.unlink()
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from error


def check_regular(path: str | os.PathLike[str]) -> None:
    """Check that a path is a regular file, a link to one, or does not exist.

    Opening a pipe would block until something writes to it, and replacing one would destroy it.

    Raises
    ------
    OSError
        If it is a folder, a pipe, a device or the like; the error names `path`.
    """
    with suppress(FileNotFoundError):
        mode = os.stat(path).st_mode
        if stat.S_ISDIR(mode):
            raise IsADirectoryError(errno.EISDIR, "it is a folder", str(path))
        if not stat.S_ISREG(mode):
            raise OSError(errno.EINVAL, "it is not a regular file", str(path))


def remove_leftovers(folder: Path) -> None:
    """Remove the temporary files in a folder that processes left there when they were killed.

    A file younger than an hour stays, because it may still be written. Errors are ignored.
    """
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if not _TEMPORARY_NAME.fullmatch(entry.name):
                continue
            # Another process may remove it at the same moment.
            with suppress(OSError):
                status = entry.stat(follow_symlinks=False)
                is_old = time.time() - status.st_mtime > _LEFTOVER_SECONDS
                if is_old and stat.S_ISREG(status.st_mode):
                    os.unlink(entry.path)


def explain_unreadable(path: Path, wanted: str) -> str | None:
    """Say in two sentences why a path is not a regular file; None if it is one or does not exist.

    Opening a pipe would block until something writes to it, and a device may never end.

    Parameters
    ----------
    path : Path
    wanted : str
        What to choose instead.
    """
    if path.is_dir():
        return f"“{path}” is a folder. Choose {wanted}."
    if path.exists() and not path.is_file():
        return f"“{path}” is not a regular file. Choose {wanted}."
    return None


def _check_replaceable(target: Path, path: str | os.PathLike[str]) -> None:
    """Check that what is already there is a regular file that may be written to."""
    check_regular(path)  # not `target`, which does not exist for some of the system's links
    if target.exists() and not os.access(target, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))


def _sync_folder(folder: Path) -> None:
    """Flush the folder's entry too, where the system allows it; the file's content is safe."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _temporary_path(target: Path) -> Path:
    """Return an unused name in the same folder, and therefore on the same disk."""
    return target.with_name(f".{os.urandom(8).hex()}.part")
