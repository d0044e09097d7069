"""The folder of the runs that no one has saved: each window's own, and what others left behind."""

from __future__ import annotations

import os
import time
from contextlib import suppress
from pathlib import Path

from PySide6.QtCore import QLockFile, QStandardPaths

_SUFFIX = ".npz"
_LOCK_SUFFIX = ".lock"
_HALF_PATTERN = ".*.part"  # as `engine.storage.files` calls a file until it is whole
_HALF_SECONDS = 3_600
"""Nobody is that long at a file: who wrote it was killed."""


def users_autosave_folder() -> Path:
    """Return the folder of this user and this application; it may not exist yet."""
    place = QStandardPaths.StandardLocation.AppLocalDataLocation
    return Path(QStandardPaths.writableLocation(place)) / "autosave"


class AutosavePlace:
    """A file for one run, and the lock beside it that tells others that somebody is at it.

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
        # However long a window is open, its lock is good while its process lives.
        self._lock.setStaleLockTime(0)

    def take(self) -> bool:
        """Lock it, at once; return False if another has it, or the folder does not let one."""
        return self._lock.tryLock(0)

    def release(self) -> None:
        """Let others have it."""
        self._lock.unlock()

    def discard(self) -> None:
        """Remove the file, if there is one, and the lock."""
        self.path.unlink(missing_ok=True)
        self._lock.unlock()


class AutosaveFolder:
    """Knows who is at which file.

    Parameters
    ----------
    path : Path
        Made when something is to be kept, not before.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def new_place(self) -> AutosavePlace | None:
        """Return a place that is one's own; None if the folder cannot be written to."""
        try:
            self.path.mkdir(parents=True, exist_ok=True)
        except OSError:
            return None
        place = AutosavePlace(self.path, os.urandom(16).hex())
        return place if place.take() else None

    def leftovers(self) -> list[AutosavePlace]:
        """Return what nobody is at any more, the latest first, taken."""
        self._remove_halves()
        left = []
        for lock in self.path.glob(f"*{_LOCK_SUFFIX}"):
            if not lock.with_suffix(_SUFFIX).exists():  # somebody ended before there was a run
                AutosavePlace(self.path, lock.stem).take()  # unlocked as it goes out of scope
        for path in self.path.glob(f"*{_SUFFIX}"):
            place = AutosavePlace(self.path, path.stem)
            # The window that was at it may have removed it just now.
            if place.take() and path.exists():
                left.append((path.stat().st_mtime, place))
        left.sort(key=lambda each: each[0], reverse=True)
        return [place for _, place in left]

    def _remove_halves(self) -> None:
        for half in self.path.glob(_HALF_PATTERN):
            # Another window may do the same, or be writing this very file.
            with suppress(OSError):
                if time.time() - half.stat().st_mtime > _HALF_SECONDS:
                    half.unlink()
