"""Where the compiled kernels are kept: the folders, what is in them, and what is swept."""

import hashlib
import json
import os
import shutil
import stat
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from engine.storage.file_lock import file_lock, is_locked

VARIABLE = "DINOGUI_KERNELS"
"""The environment variable that names another folder for the compiled kernels."""

_MANIFEST = "manifest.json"
_LOCK = "lock"
_TEMPORARY_SUFFIX, _FAILURE_SUFFIX = ".part", ".failed"
_LOST_DAYS = 1
"""A temporary folder of another machine that shares the disk is taken for lost after so long."""

_SECONDS_A_DAY = 86_400
_UNUSED_DAYS = 90
"""Kernels that were not loaded for so long are removed, and the reasons why there are none."""


def store_folders() -> list[Path]:
    """Return the folders in which kernels are looked for, the preferred one first.

    The second is for those whose cache folder cannot be written to.
    """
    chosen = os.environ.get(VARIABLE)
    if chosen:
        return [Path(chosen)]
    cache = _users_cache_folder()
    usual = None if cache is None else cache / "dinogui" / "kernels"
    return [folder for folder in (usual, _temporary_folder()) if folder is not None]


def _users_cache_folder() -> Path | None:
    """Return the folder in which this user's programs keep what they can make again."""
    if sys.platform == "win32":
        local = os.environ.get("LOCALAPPDATA")
        return Path(local) if local else None
    chosen = os.environ.get("XDG_CACHE_HOME", "")
    if os.path.isabs(chosen):
        return Path(chosen)
    try:
        home = Path.home()
    except RuntimeError:  # the user has none
        return None
    return home / "Library" / "Caches" if sys.platform == "darwin" else home / ".cache"


def _temporary_folder() -> Path | None:
    """Return a folder among the temporary files; None if somebody else can put code into it."""
    try:
        temporary = Path(tempfile.gettempdir())
    except OSError:  # nothing can be written anywhere
        return None
    if sys.platform == "win32":  # where temporary files are a user's own
        return temporary / "dinogui-kernels"
    folder = temporary / f"dinogui-kernels-{os.getuid()}"
    try:
        status = folder.lstat()
    except OSError:
        return folder
    is_own = stat.S_ISDIR(status.st_mode) and status.st_uid == os.getuid()
    return folder if is_own and not status.st_mode & (stat.S_IWGRP | stat.S_IWOTH) else None


def writable_folder() -> Path:
    """Make the first of `store_folders` that can be made and written to, and return it.

    Raises
    ------
    OSError
        Of the preferred folder, if none can.
    """
    first: OSError | None = None
    for folder in store_folders():
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=folder):
                pass
        except OSError as error:
            first = first or error
        else:
            if folder in store_folders():  # nobody else was quicker to make it
                return folder
    raise first or FileNotFoundError("there is no folder for temporary files")


# What is in a folder


def find_kernels(key: str) -> Path | None:
    """Return the folder of the kernels with a key; None unless all their files are there."""
    return next((each for each in _places(key) if _is_whole(each)), None)


def find_failure(key: str) -> str | None:
    """Return why kernels with a key could not be compiled; None if that was not tried."""
    for place in _places(key):
        with suppress(OSError, ValueError):
            return place.with_suffix(_FAILURE_SUFFIX).read_text(encoding="utf-8")
    return None


def write_failure(folder: Path, key: str, reason: str) -> None:
    """Keep the reason why kernels could not be compiled. Errors are ignored."""
    with suppress(OSError):
        (folder / key).with_suffix(_FAILURE_SUFFIX).write_text(reason, encoding="utf-8")


def _places(key: str) -> Iterator[Path]:
    """Return where the kernels with a key may be."""
    return (folder / key for folder in store_folders())


def _is_whole(place: Path) -> bool:
    """Whether all files of the manifest are there, and have their sizes."""
    try:
        files = _manifest(place)
        return all(os.stat(place / name).st_size == size for name, (size, _) in files.items())
    except (OSError, ValueError):
        return False


def is_intact(place: Path) -> bool:
    """Whether all files of the manifest are as they were written."""
    try:
        files = _manifest(place)
        return all(_describe(place / name) == file for name, file in files.items())
    except (OSError, ValueError):
        return False


def _manifest(place: Path) -> dict[str, tuple[int, str]]:
    """Return size and hash of each file.

    Raises
    ------
    OSError
        If the manifest cannot be read.
    ValueError
        If it is damaged.
    """
    found = json.loads((place / _MANIFEST).read_text(encoding="utf-8"))
    if not isinstance(found, dict) or not found:
        raise ValueError("it has no files")
    files = {}
    for name, file in found.items():
        match file:
            case [int(size), str(digest)] if os.path.basename(name) == name:
                files[name] = (size, digest)
            case _:
                raise ValueError("it is damaged")
    return files


def _describe(path: Path) -> tuple[int, str]:
    content = path.read_bytes()
    return len(content), hashlib.sha256(content).hexdigest()


# Changing a folder


@contextmanager
def sole_compiler(folder: Path, key: str) -> Iterator[None]:
    """Let no other process compile kernels in a folder, wait for the one that does, and sweep.

    Raises
    ------
    OSError
        If the folder cannot be written to.
    """
    with file_lock(folder / _LOCK) as is_held:
        _sweep(folder, key, is_alone=is_held)
        yield


def is_in_work(folder: Path) -> bool:
    """Whether a process compiles kernels in a folder now."""
    return is_locked(folder / _LOCK)


def sweep_if_free(folder: Path, key: str) -> None:
    """Sweep a folder unless a process compiles kernels there. Errors are ignored."""
    with suppress(OSError), file_lock(folder / _LOCK, waits=False) as is_held:
        if is_held:
            _sweep(folder, key, is_alone=True)


@contextmanager
def new_kernels(folder: Path, key: str) -> Iterator[Path]:
    """Make a temporary folder for files, which becomes that of the kernels with a key at the end.

    Raises
    ------
    OSError
        If something cannot be written. What was there before is left as it was.
    """
    temporary = _temporary_place(folder)
    temporary.mkdir(mode=0o700)
    try:
        yield temporary
        files = {path.name: _describe(path) for path in sorted(temporary.iterdir())}
        (temporary / _MANIFEST).write_text(json.dumps(files, indent=1), encoding="utf-8")
        remove_kernels(folder / key)  # what is there is not whole
        os.rename(temporary, folder / key)
        (folder / key).with_suffix(_FAILURE_SUFFIX).unlink(missing_ok=True)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def remove_kernels(place: Path) -> None:
    """Remove the kernels in a folder, if there are any, so that nothing finds a part of them.

    Raises
    ------
    OSError
        If the folder cannot be written to.
    """
    if place.exists():
        trash = _temporary_place(place.parent)
        os.rename(place, trash)
        shutil.rmtree(trash, ignore_errors=True)


def mark_used(place: Path) -> None:
    """Note that the kernels are used, so that they are not swept. Errors are ignored."""
    with suppress(OSError):
        os.utime(place / _MANIFEST)


def _temporary_place(folder: Path) -> Path:
    """Return a new name in a folder, for what is swept when its process has ended."""
    return folder / f"{_machine()}{os.urandom(6).hex()}{_TEMPORARY_SUFFIX}"


def _machine() -> str:
    """Return how the names of this machine's temporary folders begin."""
    import platform  # here because the import is slow

    return f"{hashlib.sha256(platform.node().encode()).hexdigest()[:8]}-"


def _sweep(folder: Path, key: str, *, is_alone: bool) -> None:
    """Remove what killed processes have left, and kernels that nobody uses. Errors are ignored.

    Parameters
    ----------
    folder : Path
    key : str
        The kernels that stay in any case.
    is_alone : bool
        Whether no other process of this machine can be at work in the folder.
    """
    with suppress(OSError):
        for path in folder.iterdir():
            with suppress(OSError):
                if path.name == key or not _is_swept(path, is_alone=is_alone):
                    continue
                if path.is_dir():
                    shutil.rmtree(path, ignore_errors=True)
                else:
                    path.unlink()


def _is_swept(path: Path, *, is_alone: bool) -> bool:
    """Whether a temporary folder is lost, or nobody has used something else for long."""
    if path.suffix == _TEMPORARY_SUFFIX:
        # Some disks that several machines share lock a file for one machine only.
        is_lost = is_alone and path.name.startswith(_machine())
        return is_lost or _age_in_days(path) > _LOST_DAYS
    if path.suffix == _FAILURE_SUFFIX:
        return _age_in_days(path) > _UNUSED_DAYS
    return path.is_dir() and _age_in_days(path / _MANIFEST) > _UNUSED_DAYS


def _age_in_days(path: Path) -> float:
    return (time.time() - path.stat().st_mtime) / _SECONDS_A_DAY
