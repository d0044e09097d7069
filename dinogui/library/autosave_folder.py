"""The autosave folder: the files of this window, and what other windows left behind."""

from __future__ import annotations

import os
import time
from contextlib import suppress
from pathlib import Path

from PySide6.QtCore import QLockFile, QStandardPaths

_SUFFIX = ".npz"
_LOCK_SUFFIX = ".lock"
_PART_PATTERN = ".*.part"  # the name of a file that `engine.storage.files` has not finished
_PART_SECONDS = 3_600
"""A part older than this was left by a process that was killed."""


def users_autosave_folder() -> Path:
    """Return the folder of this user. It may not exist yet."""
    place = QStandardPaths.StandardLocation.AppLocalDataLocation
    return Path(QStandardPaths.writableLocation(place)) / "autosave"


class AutosavePlace:
    """A file for one run, and the lock beside it that shows other windows that it is in use.

    Parameters
    ----------
    folder : Path
    name : str
        Without a suffix.

    Attributes
    ----------
    path : Path
    """

    def __init__(self, folder: Path, name: str) -> None:
        self.path = folder / f"{name}{_SUFFIX}"
        self._lock = QLockFile(str(folder / f"{name}{_LOCK_SUFFIX}"))
        # A lock never grows stale with time: it holds as long as its process lives.
        self._lock.setStaleLockTime(0)

    def take(self) -> bool:
        """Lock it without waiting; return False if it is in use, or the folder is not writable."""
        return self._lock.tryLock(0)

    def release(self) -> None:
        """Let other windows use it."""
        self._lock.unlock()

    def discard(self) -> None:
        """Remove the file, if there is one, and unlock."""
        self.path.unlink(missing_ok=True)
        self._lock.unlock()


class AutosaveFolder:
    """The places in an autosave folder.

    Parameters
    ----------
    path : Path
        It is made when something is saved, not before.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def new_place(self) -> AutosavePlace | None:
        """Return a new place, locked; None if the folder cannot be written to."""
        try:
            self.path.mkdir(parents=True, exist_ok=True)
        except OSError:
            return None
        place = AutosavePlace(self.path, os.urandom(16).hex())
        return place if place.take() else None

    def leftovers(self) -> list[AutosavePlace]:
        """Return the places that no window uses any longer, latest first, and lock them."""
        self._remove_parts()
        left = []
        for lock in self.path.glob(f"*{_LOCK_SUFFIX}"):
            if not lock.with_suffix(_SUFFIX).exists():  # a window was closed before it had a run
                AutosavePlace(self.path, lock.stem).take()  # it is unlocked as it goes out of scope
        for path in self.path.glob(f"*{_SUFFIX}"):
            place = AutosavePlace(self.path, path.stem)
            # The window that used it may have removed it just now.
            if place.take() and path.exists():
                left.append((path.stat().st_mtime, place))
        left.sort(key=lambda each: each[0], reverse=True)
        return [place for _, place in left]

    def _remove_parts(self) -> None:
        for part in self.path.glob(_PART_PATTERN):
            # Another window may do the same, or be writing this file.
            with suppress(OSError):
                if time.time() - part.stat().st_mtime > _PART_SECONDS:
                    part.unlink()
