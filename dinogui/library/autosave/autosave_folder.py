"""The autosave folder: one file for each run that is in no file of the person's own.

The name of a file says whose it is: ``OWNER-ID.npz``. OWNER is the id of the window that keeps the
run, or ``earlier`` for a run that no window keeps any longer. A window locks ``OWNER.lock`` as long
as it lives. A file whose owner has no such lock was left behind: the window crashed, or had to
close without a question. It is offered as unsaved at the next start, unless its run was an earlier
run already: the name of its file then has ``-kept`` after the ID. That of a run with a star has
``-starred`` at the end.

A run changes hands by renaming its file, which the system does completely or not at all, and for
one window only. Earlier versions wrote ``OWNER.npz``, which is read in the same way.
"""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QLockFile, QStandardPaths

from engine.storage.files import check_regular, remove_leftovers

_SUFFIX = ".npz"
_LOCK_SUFFIX = ".lock"
_NO_OWNER = "earlier"
_KEPT, _STAR = "-kept", "-starred"
_NAME = re.compile(
    rf"(?P<owner>[^-.]+)(-(?P<id>[^-.]+)(?P<kept>{_KEPT})?(?P<star>{_STAR})?)?{re.escape(_SUFFIX)}"
)


def users_autosave_folder() -> Path:
    """Return the folder of this user. It may not exist yet."""
    place = QStandardPaths.StandardLocation.AppLocalDataLocation
    return Path(QStandardPaths.writableLocation(place)) / "autosave"


@dataclass(frozen=True)
class StoredFile:
    """A file in the folder.

    Attributes
    ----------
    path : Path
    id : str
        Stays the same when the file is renamed.
    is_starred : bool
    is_left_behind : bool
        Whether the window that kept it has ended without saying what is to become of it, and it
        was the run that the window showed.
    modified : float
        When it was last written, in seconds since 1970.
    n_bytes : int
    """

    path: Path
    id: str
    is_starred: bool
    is_left_behind: bool
    modified: float
    n_bytes: int


class AutosaveFolder:
    """The files of one window in an autosave folder, and those that it may take over.

    Lives in the GUI thread.

    Parameters
    ----------
    path : Path
        It is made when something is saved, not before.

    Attributes
    ----------
    owner : str
        The id of this window.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.owner = os.urandom(8).hex()
        self._lock = self._lock_of(self.owner)
        self._taken: dict[str, QLockFile | None] = {}  # of windows that have ended, by their id

    def new_path(self, file_id: str) -> Path | None:
        """Return the path of a file for a run; None if the folder cannot be written to."""
        return self.path / _file_name(self.owner, file_id) if self.can_write() else None

    def can_write(self) -> bool:
        """Whether files can be written; the folder is made if need be."""
        with suppress(OSError):
            self.path.mkdir(parents=True, exist_ok=True)
        return self._can_lock()

    def has(self, file_id: str, *, elsewhere: bool = False) -> bool:
        """Whether there is a file with an id; with `elsewhere`, one that another window keeps."""
        names = (Path(entry.name) for entry in self._entries())
        return any(
            id_of(name) == file_id and not (elsewhere and self.is_own(name)) for name in names
        )

    def path_for_added(self, file_id: str) -> Path:
        """Return the path of a file that no window keeps, as it comes from elsewhere."""
        return self.path / _file_name(_NO_OWNER, file_id)

    def take_left_behind(self) -> None:
        """Keep the files of windows that have ended, so that no other window offers them as well.

        Temporary files and locks that killed processes left are removed.
        """
        remove_leftovers(self.path)
        names = (_NAME.fullmatch(entry.name) for entry in self._entries())
        owners = {name["owner"] for name in names if name is not None} - {self.owner, _NO_OWNER}
        for owner in owners:
            if (
                not self._can_lock()
            ):  # a read-only folder, in which the files can be read all the same
                self._taken[owner] = None
                continue
            lock = self._lock_of(owner)
            if take_lock(lock):
                self._taken[owner] = lock
        for lock_path in self.path.glob(f"*{_LOCK_SUFFIX}"):
            if lock_path.stem not in owners and lock_path.stem != self.owner:
                take_lock(self._lock_of(lock_path.stem))  # it is unlocked as it goes out of scope

    def files(self) -> list[StoredFile]:
        """Return the files that this window keeps or may take over, the latest first."""
        found = []
        for entry in self._entries():
            name = _NAME.fullmatch(entry.name)
            stored = self._stored_file(entry, name) if name is not None else None
            if stored is not None:
                found.append(stored)
        return sorted(found, key=lambda each: each.modified, reverse=True)

    def ids_elsewhere(self) -> set[str]:
        """Return the ids of the files that other windows keep."""
        names = filter(None, (_NAME.fullmatch(entry.name) for entry in self._entries()))
        ours = {self.owner, _NO_OWNER, *self._taken}
        return {_id(name) for name in names if name["owner"] not in ours}

    def claim(self, path: Path) -> Path:
        """Take over a run's file, and return its new path.

        Raises
        ------
        OSError
            If another window has taken it over or removed it, or the folder is read-only.
        """
        name = _NAME.fullmatch(path.name)
        if name is None or name["owner"] == self.owner:
            return path
        if not self._can_lock():
            raise PermissionError(f"“{self.path}” cannot be written to.")
        was_kept = name["owner"] == _NO_OWNER or name["kept"] is not None
        new_path = path.with_name(
            _file_name(self.owner, _id(name), kept=was_kept, starred=name["star"] is not None)
        )
        os.rename(path, new_path)
        return new_path

    def keep_for_later(self, path: Path) -> None:
        """Let a run be one of the earlier runs of every window. Errors are ignored."""
        name = _NAME.fullmatch(path.name)
        if name is not None and name["owner"] != _NO_OWNER:
            new = _file_name(_NO_OWNER, _id(name), starred=name["star"] is not None)
            with suppress(OSError):
                os.rename(path, path.with_name(new))

    def starred(self, path: Path, is_starred: bool) -> Path:
        """Return the path of a run's file with a star, or without."""
        name = _NAME.fullmatch(path.name)
        if name is None:
            return path
        kept = name["kept"] is not None
        return path.with_name(_file_name(name["owner"], _id(name), kept=kept, starred=is_starred))

    def kept(self, path: Path, is_kept: bool) -> Path:
        """Return the path of a run's file that says whether the run is an earlier run."""
        name = _NAME.fullmatch(path.name)
        if name is None or name["owner"] == _NO_OWNER:
            return path
        starred = name["star"] is not None
        return path.with_name(_file_name(name["owner"], _id(name), kept=is_kept, starred=starred))

    def is_own(self, path: Path) -> bool:
        """Whether this window keeps a run's file."""
        return path.name.startswith(f"{self.owner}-")

    def release(self) -> None:
        """Let other windows have what this window leaves."""
        for lock in (self._lock, *self._taken.values()):
            if lock is not None:
                lock.unlock()
        self._taken.clear()

    def _stored_file(self, entry: os.DirEntry[str], name: re.Match[str]) -> StoredFile | None:
        owner = name["owner"]
        is_left_behind = owner in self._taken
        if not is_left_behind and owner not in (self.owner, _NO_OWNER):
            return None
        try:
            status = entry.stat()
            check_regular(entry.path)
        except OSError:  # it has just been renamed or removed, or is none of ours
            return None
        return StoredFile(
            Path(entry.path),
            _id(name),
            name["star"] is not None,
            is_left_behind and name["kept"] is None,
            status.st_mtime,
            status.st_size,
        )

    def _entries(self) -> list[os.DirEntry[str]]:
        try:
            with os.scandir(self.path) as entries:
                return list(entries)
        except OSError:  # there is no such folder yet
            return []

    def _can_lock(self) -> bool:
        return self._lock.isLocked() or take_lock(self._lock)

    def _lock_of(self, owner: str) -> QLockFile:
        return lock_of(self.path, owner)


def files_to_remove(
    files: Iterable[StoredFile], protected: Collection[Path], most_bytes: int
) -> list[StoredFile]:
    """Return the files to remove, so that the rest has at most so many bytes.

    The oldest go first. Those with a star and those that are protected stay, even if the rest is
    then too large.
    """
    left = list(files)
    excess = sum(each.n_bytes for each in left) - most_bytes
    removed = []
    for each in sorted(left, key=lambda each: each.modified):
        if excess <= 0:
            break
        if not each.is_starred and each.path not in protected:
            removed.append(each)
            excess -= each.n_bytes
    return removed


def id_of(path: Path) -> str:
    """Return what stays the same when a run's file is renamed."""
    name = _NAME.fullmatch(path.name)
    return path.name if name is None else _id(name)


def lock_of(folder: Path, owner: str) -> QLockFile:
    """Return the lock of a window in a folder. It holds as long as the window's process lives."""
    lock = QLockFile(str(folder / f"{owner}{_LOCK_SUFFIX}"))
    lock.setStaleLockTime(0)  # it never grows stale with time
    return lock


def take_lock(lock: QLockFile) -> bool:
    """Lock without waiting; return False if it is in use, or the folder is not writable."""
    try:
        check_regular(lock.fileName())  # a pipe would block
    except OSError:
        return False
    return lock.tryLock(0)


def _id(name: re.Match[str]) -> str:
    return name["id"] or name["owner"]


def _file_name(owner: str, file_id: str, *, kept: bool = False, starred: bool = False) -> str:
    return f"{owner}-{file_id}{_KEPT * kept}{_STAR * starred}{_SUFFIX}"
