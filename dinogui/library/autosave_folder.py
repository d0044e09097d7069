"""The autosave folder: the files of this window, and what other windows left behind."""

from __future__ import annotations

import os
from pathlib import Path

from PySide6.QtCore import QLockFile, QStandardPaths

from engine.storage.files import check_regular, remove_leftovers

_SUFFIX = ".npz"
_LOCK_SUFFIX = ".lock"


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
        self._lock_path = folder / f"{name}{_LOCK_SUFFIX}"
        self._lock = QLockFile(str(self._lock_path))
        # A lock never grows stale with time: it holds as long as its process lives.
        self._lock.setStaleLockTime(0)

    def take(self) -> bool:
        """Lock it without waiting; return False if it is in use, or the folder is not writable."""
        try:
            check_regular(self._lock_path)  # a pipe would block
        except OSError:
            return False
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
        remove_leftovers(self.path)
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
