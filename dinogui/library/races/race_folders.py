"""Where the window's own copies of races are: a folder for each, in the autosave folder.

The name of a folder says whose it is: ``OWNER-ID``. OWNER is the id of the window that keeps the
race, or ``earlier`` for a race that was ended. A window locks ``OWNER.lock`` as long as it lives. A
folder whose owner has no such lock was left behind: the window was closed during the race, or
crashed. A race changes hands by renaming its folder, as the files of runs do; see
`dinogui.library.autosave.autosave_folder`.
"""

import os
import re
from contextlib import suppress
from pathlib import Path

from dinogui.library.autosave.autosave_folder import lock_of, take_lock

MOST_EARLIER = 5
"""Races that no window shows and that are kept, the latest."""

_NO_OWNER = "earlier"
_NAME = re.compile(r"(?P<owner>[^-.]+)-(?P<id>[^-.]+)")


class RaceFolders:
    """The races of one window, and those that it may take over.

    Lives in the GUI thread.

    Parameters
    ----------
    path : Path
        It is made when a race is kept, not before.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._owner = os.urandom(8).hex()
        self._lock = lock_of(path, self._owner)

    def new(self) -> Path | None:
        """Return the folder for another race; None if nothing can be written there."""
        with suppress(OSError):
            self.path.mkdir(parents=True, exist_ok=True)
        if not (self._lock.isLocked() or take_lock(self._lock)):
            return None
        return self.path / f"{self._owner}-{os.urandom(8).hex()}"

    def earlier(self) -> list[Path]:
        """Return the races that no window shows, the latest first."""
        return self._latest_first([*self.left_behind(), *self._of(_NO_OWNER)])

    def left_behind(self) -> list[Path]:
        """Return the races of windows that have ended during them, the latest first."""
        found = [
            folder
            for owner, folders in self._by_owner().items()
            if owner not in (self._owner, _NO_OWNER) and not self._is_alive(owner)
            for folder in folders
        ]
        return self._latest_first(found)

    def claim(self, folder: Path) -> Path:
        """Take over a race, and return its new folder.

        Raises
        ------
        OSError
            If another window has taken it over, or the folder is read-only.
        """
        name = _NAME.fullmatch(folder.name)
        if name is None or self.new() is None:
            raise PermissionError(f"“{self.path}” cannot be written to.")
        own = folder.with_name(f"{self._owner}-{name['id']}")
        os.rename(folder, own)
        return own

    def give_up(self, folder: Path) -> None:
        """Let a race be one that every window may open. Errors are ignored."""
        name = _NAME.fullmatch(folder.name)
        if name is not None:
            with suppress(OSError):
                os.rename(folder, folder.with_name(f"{_NO_OWNER}-{name['id']}"))

    def superfluous(self) -> list[Path]:
        """Return the races that are to be removed, as there are later ones."""
        return self.earlier()[MOST_EARLIER:]

    def release(self) -> None:
        """Let other windows have what this window leaves."""
        self._lock.unlock()

    def _of(self, owner: str) -> list[Path]:
        return self._by_owner().get(owner, [])

    def _by_owner(self) -> dict[str, list[Path]]:
        found: dict[str, list[Path]] = {}
        with suppress(OSError):  # there is no such folder yet
            for folder in self.path.iterdir():
                name = _NAME.fullmatch(folder.name)
                if name is not None and folder.is_dir() and not folder.is_symlink():
                    found.setdefault(name["owner"], []).append(folder)
        return found

    def _is_alive(self, owner: str) -> bool:
        lock = lock_of(self.path, owner)
        if not take_lock(lock):
            return True
        lock.unlock()
        return False

    def _latest_first(self, folders: list[Path]) -> list[Path]:
        return sorted(folders, key=_modified, reverse=True)


def _modified(folder: Path) -> float:
    """Return when a race was last written: its files change, and so its folder does."""
    try:
        return folder.stat().st_mtime
    except OSError:  # it has just been renamed
        return 0.0
