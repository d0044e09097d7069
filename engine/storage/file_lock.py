"""A lock that one process holds at a time, and that the system releases when the process ends."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

if sys.platform == "win32":
    import errno
    import msvcrt

    def _lock(handle: int) -> None:
        while True:
            try:
                msvcrt.locking(handle, msvcrt.LK_LOCK, 1)
                break
            except OSError as error:
                if error.errno != errno.EDEADLK:  # it has waited for ten seconds
                    break

else:
    import fcntl

    def _lock(handle: int) -> None:
        # A disk that cannot lock, such as some network disks, lets everybody in.
        with suppress(OSError):
            fcntl.flock(handle, fcntl.LOCK_EX)


@contextmanager
def file_lock(path: Path) -> Iterator[None]:
    """Wait until no other process holds the lock of a file, and hold it.

    The file is made if need be, and stays: to remove it would let two processes in.

    Raises
    ------
    OSError
        If the file can neither be made nor opened.
    """
    handle = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o600)
    try:
        _lock(handle)
        yield
    finally:
        os.close(handle)  # which releases the lock
