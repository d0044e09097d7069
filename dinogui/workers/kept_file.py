"""The file of kept names, which several windows share and which is always complete."""

import errno
import json
import os
import random
import sys
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

from PySide6.QtCore import QDeadlineTimer, QLockFile, QThread

from dinogui.common.kept_name import MAX_KIND, KeptName, Key
from engine.sampling.random_streams import MAX_POSITIONS
from engine.storage.files import atomic_writer, check_regular
from engine.storage.validated_mapping import is_file_name, is_text
from engine.training.ranges import MAX_SEED, MAX_STEPS

_VERSION = 2
_READ_VERSIONS = (1, 2)
_OLD_FIELDS = {"nats_per_character": "nats_a_character"}
"""Names of fields in version 1, which are found in older files of runs as well."""

MAX_WRITTEN = MAX_POSITIONS
"""Characters of the longest name that a network can write."""

_MAX_MODEL = 200
"""Characters of the longest description of a network."""

_LOCK_MILLISECONDS = 3_000
_POLL_MILLISECONDS = 2, 12
"""Bounds of the random time between two attempts to lock the file.

Qt's own waiting begins with a tenth of a second and doubles: a window that meets two others which
write all the time would hardly ever get its turn.
"""
_MAX_DAMAGED = 1_000


class DamagedFileError(ValueError):
    """The file does not hold kept names."""


class KeptFile:
    """Reads and changes the file; several windows may do so at the same time.

    Parameters
    ----------
    path : Path
        Its folder is made when the first name is kept.

    Attributes
    ----------
    lock_milliseconds : int
        How long to wait while other windows lock the file.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.lock_milliseconds = _LOCK_MILLISECONDS
        self._random = random.Random()

    def read(self) -> tuple[tuple[KeptName, ...], str]:
        """Return the kept names, and a sentence if the file was damaged and has been renamed.

        Raises
        ------
        OSError
            If it cannot be read or renamed.
        """
        if not self.path.exists():
            return (), ""
        return self._locked(self._read)

    def change(
        self, added: Iterable[KeptName], removed: Collection[Key]
    ) -> tuple[tuple[KeptName, ...], str]:
        """Add and remove names, keeping the changes of other windows; return as `read` does.

        Raises
        ------
        OSError
            If it cannot be written; the file is unchanged.
        """
        self.path.parent.mkdir(parents=True, exist_ok=True)

        def merge() -> tuple[tuple[KeptName, ...], str]:
            names, note = self._read()
            merged = {kept.key: kept for kept in names if kept.key not in removed}
            merged |= {kept.key: kept for kept in added}
            kept_names = tuple(merged.values())
            self._write(kept_names)
            return kept_names, note

        return self._locked(merge)

    def _locked(
        self, work: Callable[[], tuple[tuple[KeptName, ...], str]]
    ) -> tuple[tuple[KeptName, ...], str]:
        lock_path = f"{self.path}.lock"
        for path in (self.path, lock_path):
            check_regular(path)  # a pipe would block
        lock = QLockFile(lock_path)
        if not self._acquire(lock):
            if lock.error() is QLockFile.LockError.PermissionError:
                raise PermissionError(
                    errno.EACCES, "there is no permission to write to its folder", str(self.path)
                )
            raise TimeoutError(errno.ETIMEDOUT, "another window has locked it", str(self.path))
        try:
            return work()
        finally:
            lock.unlock()

    def _acquire(self, lock: QLockFile) -> bool:
        """Try to lock the file again and again; return whether that worked in time."""
        deadline = QDeadlineTimer(self.lock_milliseconds)
        while not lock.tryLock(0):
            is_held = lock.error() is QLockFile.LockError.LockFailedError
            if not is_held or deadline.hasExpired():
                return False
            QThread.msleep(self._random.randint(*_POLL_MILLISECONDS))
        return True

    def _read(self) -> tuple[tuple[KeptName, ...], str]:
        try:
            content = self.path.read_bytes()
        except FileNotFoundError:
            return (), ""
        try:
            return _parse(content), ""
        except DamagedFileError as error:
            aside = self._put_aside()
            return (), (
                f"The kept names in “{self.path}” could not be read, because {error}. The file "
                f"was renamed to “{aside.name}”, and the kept names start again with none."
            )

    def _put_aside(self) -> Path:
        for number in range(1, _MAX_DAMAGED):
            aside = self.path.with_name(f"{self.path.stem}-damaged-{number}{self.path.suffix}")
            if not aside.exists():
                os.replace(self.path, aside)
                return aside
        raise FileExistsError(
            errno.EEXIST, "there are too many damaged files beside it", str(self.path)
        )

    def _write(self, names: Iterable[KeptName]) -> None:
        whole = {"version": _VERSION, "names": [asdict(kept) for kept in names]}
        text = json.dumps(whole, ensure_ascii=False, indent=1)
        with atomic_writer(self.path) as file:
            # The name of a data file may hold lone surrogates, which UTF-8 cannot encode. What
            # this error handler writes for them is how JSON escapes them.
            file.write(text.encode("utf-8", errors="backslashreplace"))


def _parse(content: bytes) -> tuple[KeptName, ...]:
    try:
        whole = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise DamagedFileError("it is not JSON") from error
    if not isinstance(whole, dict) or whole.get("version") not in _READ_VERSIONS:
        raise DamagedFileError("its version is unknown")
    names = whole.get("names")
    if not isinstance(names, list):
        raise DamagedFileError("it has no list of names")
    return kept_names_of(names)


_CHECKS: Mapping[str, Callable[[Any], bool]] = {
    "name": lambda value: is_text(value, MAX_WRITTEN),
    "data": is_file_name,
    "model": lambda value: is_text(value, _MAX_MODEL),
    "step": lambda value: _is_whole(value, MAX_STEPS),
    "nats_per_character": lambda value: _is_finite(value),
    "seed": lambda value: value is None or _is_whole(value, MAX_SEED),
    "temperature": lambda value: value is None or (_is_finite(value) and value >= 0),
    "kind": lambda value: is_text(value, MAX_KIND),
}
"""Whether a value is in its field's range."""


def kept_names_of(entries: list[Any]) -> tuple[KeptName, ...]:
    """Return the kept names in a list from JSON, each once.

    Raises
    ------
    DamagedFileError
        If it holds anything else.
    """
    found = [_parse_name(number, entry) for number, entry in enumerate(entries, start=1)]
    return tuple({kept.key: kept for kept in found}.values())


def _parse_name(number: int, entry: Any) -> KeptName:
    """Check an entry, and leave out any fields that a later DinoGUI may have added."""
    if not isinstance(entry, dict):
        raise DamagedFileError(f"entry {number} is not a name")
    entry = {field.name: _value(field.name, entry) for field in fields(KeptName)}
    for field, is_allowed in _CHECKS.items():
        if not is_allowed(entry[field]):
            raise DamagedFileError(f"entry {number} has no usable {field}")
    if not entry["name"]:
        raise DamagedFileError(f"entry {number} is empty")
    return KeptName(**entry)


def _is_whole(value: Any, most: int) -> bool:
    return type(value) is int and 0 <= value <= most


def _is_finite(value: Any) -> bool:
    return type(value) in (int, float) and abs(value) <= sys.float_info.max


def _value(field: str, entry: Mapping[str, Any]) -> Any:
    """Return the value of a field, which may have its old name; kinds are not in older files."""
    absent = "" if field == "kind" else None
    return entry.get(field, entry.get(_OLD_FIELDS.get(field, field), absent))
