"""The file of the names worth keeping: merged with what others wrote, never half, never lost."""

import json
import math
import os
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from PySide6.QtCore import QLockFile

from engine.sampling.names import title_case
from engine.storage.atomic import atomic_writer

_VERSION = 1
_LOCK_MILLISECONDS = 3_000
_MOST_ASIDE = 1_000

Key = tuple[str, str]
"""A kept name's name and data."""


@dataclass(frozen=True)
class KeptName:
    """A name worth keeping, and where it came from.

    Attributes
    ----------
    name : str
        As the network wrote it.
    data : str
        What the network learned from.
    model : str
        What the network was.
    step : int
        Steps that it had made.
    nats_per_character : float
        The name's score then.
    seed : int or None
        Of the dice; None where somebody wrote the name together with the network.
    temperature : float or None
        Likewise.
    """

    name: str
    data: str
    model: str
    step: int
    nats_per_character: float
    seed: int | None = None
    temperature: float | None = None

    @property
    def key(self) -> Key:
        """What makes it another one than others: the same name of the same data is kept once."""
        return self.name, self.data


def kept_row(kept: KeptName) -> dict[str, object]:
    """Return a kept name as it is exported: by column, in Title Case."""
    return asdict(kept) | {"name": title_case(kept.name)}


class DamagedFileError(ValueError):
    """The file does not hold kept names."""


class KeptFile:
    """Reads and changes the file; several windows may, at the same time.

    Parameters
    ----------
    path : Path
        The folder is made when something is to be kept.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self) -> tuple[tuple[KeptName, ...], str]:
        """Return the kept names, and a sentence if the file was damaged and put aside.

        Raises
        ------
        OSError
            If it cannot be read, or put aside.
        """
        if not self.path.exists():
            return (), ""
        return self._locked(self._read)

    def change(
        self, added: Iterable[KeptName], removed: Collection[Key]
    ) -> tuple[tuple[KeptName, ...], str]:
        """Add and remove names, whoever else has changed the file; return as `read` does.

        Raises
        ------
        OSError
            If it cannot be written; what was there is left alone.
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
        lock = QLockFile(f"{self.path}.lock")
        if not lock.tryLock(_LOCK_MILLISECONDS):
            if lock.error() is QLockFile.LockError.PermissionError:
                raise PermissionError(13, "the folder may not be written to", str(self.path))
            raise TimeoutError(110, "another window does not let go of it", str(self.path))
        try:
            return work()
        finally:
            lock.unlock()

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
                f"The kept names in “{self.path}” could not be understood ({error}). "
                f"The file was put aside as “{aside.name}”, and a new one begins."
            )

    def _put_aside(self) -> Path:
        for number in range(1, _MOST_ASIDE):
            aside = self.path.with_name(f"{self.path.stem}-damaged-{number}{self.path.suffix}")
            if not aside.exists():
                os.replace(self.path, aside)
                return aside
        raise OSError(17, "there are too many damaged files beside it", str(self.path))

    def _write(self, names: Iterable[KeptName]) -> None:
        whole = {"version": _VERSION, "names": [asdict(kept) for kept in names]}
        with atomic_writer(self.path) as file:
            file.write(json.dumps(whole, ensure_ascii=False, indent=1).encode("utf-8"))


def _parse(content: bytes) -> tuple[KeptName, ...]:
    try:
        whole = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise DamagedFileError("it is no JSON") from error
    if not isinstance(whole, dict) or whole.get("version") != _VERSION:
        raise DamagedFileError(f"it is not of version {_VERSION}")
    names = whole.get("names")
    if not isinstance(names, list):
        raise DamagedFileError("it lists no names")
    return kept_names_of(names)


_KINDS: Mapping[str, tuple[type, ...]] = {
    **dict.fromkeys(("name", "data", "model"), (str,)),
    "step": (int,),
    "nats_per_character": (int, float),
    "seed": (int, type(None)),
    "temperature": (int, float, type(None)),
}


def kept_names_of(entries: list[Any]) -> tuple[KeptName, ...]:
    """Return the kept names that JSON holds, each once.

    Raises
    ------
    DamagedFileError
        If it holds something else.
    """
    found = [_parse_name(number, entry) for number, entry in enumerate(entries, start=1)]
    return tuple({kept.key: kept for kept in found}.values())


def _parse_name(number: int, entry: Any) -> KeptName:
    """Check an entry, and leave out what a later DinoGUI may have added."""
    if not isinstance(entry, dict):
        raise DamagedFileError(f"entry {number} is no name")
    for field, kinds in _KINDS.items():
        value = entry.get(field)
        is_number = isinstance(value, float) and not math.isfinite(value)
        if not isinstance(value, kinds) or isinstance(value, bool) or is_number:
            raise DamagedFileError(f"entry {number} has no usable {field}")
    if not entry["name"]:
        raise DamagedFileError(f"entry {number} is empty")
    return KeptName(**{field.name: entry[field.name] for field in fields(KeptName)})
