"""A lock that one process holds at a time, and that the system releases when the process ends."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

if sys.platform == "win32":
    import errno
    import msvcrt

    def _lock(handle: int, *, waits: bool) -> bool:
        while True:
            try:
                msvcrt.locking(handle, msvcrt.LK_LOCK if waits else msvcrt.LK_NBLCK, 1)
            except OSError as error:
                if waits and error.errno == errno.EDEADLK:  # it has waited for ten seconds
                    continue
                return False
            return True

    def _can_lock(handle: int) -> bool:
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _lock(handle: int, *, waits: bool) -> bool:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX if waits else fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True

    def _can_lock(handle: int) -> bool:
        try:
            fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:  # a disk that cannot lock
            return True
        return True


@contextmanager
def file_lock(path: Path, *, waits: bool = True) -> Iterator[bool]:
    """Wait until no other process holds the lock of a file, and hold it.

    The file is made if need be, and stays: to remove it would let two processes in.

    Parameters
    ----------
    path : Path
    waits : bool
        Whether to wait for another process that holds it, or to go on without it.

    Yields
    ------
    bool
        Whether it is held. A disk that cannot lock, such as some network disks, lets everybody in.

    Raises
    ------
    OSError
        If the file can neither be made nor opened.
    """
    handle = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o600)
    try:
        yield _lock(handle, waits=waits)
    finally:
        os.close(handle)  # which releases the lock


def is_locked(path: Path) -> bool:
    """Whether somebody holds the lock of a file now. Nothing is made, and nobody has to wait."""
    try:
        handle = os.open(path, os.O_RDWR | getattr(os, "O_NOFOLLOW", 0))
    except OSError:  # nobody has ever locked it, or this process may not
        return False
    try:
        return not _can_lock(handle)
    finally:
        os.close(handle)  # which releases the lock
