"""Files that are written whole or not at all."""

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO


@contextmanager
def atomic_writer(path: str | os.PathLike[str]) -> Iterator[BinaryIO]:
    """Open a file to write to: beside `path` first, then in its place, so that none is ever half.

    What stood there before is left alone until all is on the disk. A link is followed, and what
    it points to is replaced; the permissions of an older file are kept.

    Yields
    ------
    BinaryIO

    Raises
    ------
    OSError
        If it cannot be written, or what is there is no ordinary file or may not be written to; it
        names `path`, and what was there before is left alone.
    """
    place = Path(os.path.realpath(path))
    _check(place, path)
    beside = _beside(place)
    try:
        with open(beside, "xb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        if place.is_file():
            shutil.copymode(place, beside)
        os.replace(beside, place)
        _sync_folder(place.parent)
    except OSError as error:
        beside.unlink(missing_ok=True)
        if error.errno is None:  # not the system's: its message is all there is
            raise
        raise OSError(error.errno, error.strerror, str(path)) from error
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


def check_place(path: str | os.PathLike[str]) -> None:
    """Look whether a file can be written, before there is anything to write.

    Raises
    ------
    OSError
        If it cannot; it names `path`.
    """
    place = Path(os.path.realpath(path))
    _check(place, path)
    beside = _beside(place)
    try:
        beside.touch(exist_ok=False)
        beside.unlink()
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from error


def _check(place: Path, path: str | os.PathLike[str]) -> None:
    """Look whether what stands in a place may be replaced: a file, and not kept from it."""
    if place.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    if place.exists() and not place.is_file():  # a device or pipe: a file in its place ruins it
        raise OSError(errno.EINVAL, "it is no ordinary file", str(path))
    if place.exists() and not os.access(place, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))


def _sync_folder(folder: Path) -> None:
    """Bring the new name to the disk as well, where the system can; the file itself is there."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _beside(place: Path) -> Path:
    """Name a file that is not there yet, in the same folder and so on the same disk."""
    return place.with_name(f".{os.urandom(8).hex()}.part")
