"""The index of a folder of runs: what a list says of each, without opening a thousand files.

The index is a file beside the runs. It is only a copy of what the files say, checked against their
sizes and times, and of what people have noted of the runs. A damaged index is written anew. It also
says which runs are in files of the person's own, outside of the folder.
"""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from engine.data.training_data import data_kind
from engine.runs.run_label import NO_LABEL, RunLabel
from engine.runs.run_summary import Loss, RunSummary, read_summary
from engine.storage.archive import CheckpointError
from engine.storage.files import atomic_writer, check_regular
from engine.storage.validated_mapping import ValidatedMapping

INDEX_NAME = "index.json"
_VERSION = 1
_MAX_BYTES = 100_000_000
_MAX_CELL = 100


@dataclass(frozen=True)
class FileStamp:
    """A file of a run, as it stands in the folder.

    Attributes
    ----------
    id : str
        Stays the same when the file is renamed.
    path : str
    modified : float
        In seconds since 1970; 0 if there is no such file.
    n_bytes : int
    """

    id: str
    path: str
    modified: float
    n_bytes: int

    @classmethod
    def of_path(cls, run_id: str, path: str) -> FileStamp:
        """Return a file as it is now, whether it is there or not."""
        try:
            check_regular(path)
            status = os.stat(path)
        except (OSError, ValueError):  # ValueError: a name that no file can have
            return cls(run_id, path, 0.0, 0)
        return cls(run_id, path, status.st_mtime, status.st_size)

    @property
    def is_missing(self) -> bool:
        """Whether there is no such file."""
        return not (self.modified or self.n_bytes)


@dataclass(frozen=True)
class IndexEntry:
    """What the index has of a run.

    Attributes
    ----------
    modified : float
        Of the file that was read, in seconds since 1970.
    n_bytes : int
        Of that file.
    summary : RunSummary or None
        None if the file holds no usable run. Of a missing file, what it last held.
    label : RunLabel
    own_file : str
        The path of the file of the person's own that the run is saved in; empty if there is none.
    """

    modified: float
    n_bytes: int
    summary: RunSummary | None
    label: RunLabel = NO_LABEL
    own_file: str = ""

    @property
    def is_missing(self) -> bool:
        """Whether the run's file was not there when the index was last compared with it."""
        return not (self.modified or self.n_bytes)

    def describes(self, file: FileStamp) -> bool:
        """Whether a file is still the one that was read."""
        return (self.modified, self.n_bytes) == (file.modified, file.n_bytes)

    def with_label(self, label: RunLabel) -> IndexEntry:
        """Return the same entry with another label."""
        return replace(self, label=label)


Index = dict[str, IndexEntry]
"""By the id of the run."""

UNREAD = IndexEntry(-1.0, 0, None)
"""Of a run whose file has not been read yet."""


def read_index(folder: str | os.PathLike[str]) -> Index:
    """Return the index of a folder; it is empty if it is missing or damaged."""
    path = Path(folder) / INDEX_NAME
    try:
        check_regular(path)
        if path.stat().st_size > _MAX_BYTES:
            return {}
        stored = json.loads(path.read_bytes())
        if stored["version"] != _VERSION:
            return {}
        entries = dict(stored["runs"])
    except (OSError, ValueError, LookupError, TypeError, RecursionError):
        return {}
    read = {run_id: _entry_or_none(entry) for run_id, entry in entries.items()}
    return {run_id: entry for run_id, entry in read.items() if entry is not None}


def write_index(folder: str | os.PathLike[str], index: Mapping[str, IndexEntry]) -> None:
    """Write the index of a folder, completely or not at all.

    Raises
    ------
    OSError
        If it cannot be written.
    """
    runs = {run_id: _entry_to_json(entry) for run_id, entry in index.items()}
    with atomic_writer(Path(folder) / INDEX_NAME) as file:
        file.write(json.dumps({"version": _VERSION, "runs": runs}).encode())


def is_up_to_date(index: Mapping[str, IndexEntry], files: Iterable[FileStamp]) -> bool:
    """Whether an index describes all of these files as they are now."""
    entries = ((index.get(file.id), file) for file in files)
    return all(entry is not None and entry.describes(file) for entry, file in entries)


def updated(index: Mapping[str, IndexEntry], files: Iterable[FileStamp]) -> Index:
    """Return an index with these files as they are now; what has not changed is not read again.

    The label of a run that is read for the first time is that in its file. Of a person's own file
    that is missing or holds no run any longer, the index keeps what it held. Another file that is
    gone is left out.
    """
    new = dict(index)
    for file in files:
        known = index.get(file.id)
        if known is not None and known.describes(file):
            continue
        known = known or UNREAD
        own_file, label = known.own_file, known.label
        summary = None if file.is_missing else _summary_or_none(file.path)
        if summary is None and file.path == own_file:
            summary = known.summary
        elif summary is None and not os.path.exists(file.path):  # it has just been renamed
            continue
        if summary is not None and known == replace(UNREAD, own_file=own_file):
            label = summary.label
        new[file.id] = IndexEntry(file.modified, file.n_bytes, summary, label, own_file)
    return new


def own_files(index: Mapping[str, IndexEntry], besides: Collection[str]) -> list[FileStamp]:
    """Return the files of a person's own as they are now, but for those of some runs by their ids.

    A run that has a file in the folder as well is described by that one, in every window.
    """
    return [
        FileStamp.of_path(run_id, entry.own_file)
        for run_id, entry in index.items()
        if entry.own_file and run_id not in besides
    ]


def labelled(index: Mapping[str, IndexEntry], run_id: str, changes: Mapping[str, Any]) -> Index:
    """Return an index with some entries of a run's label changed."""
    known = index.get(run_id, UNREAD)
    return {**index, run_id: known.with_label(replace(known.label, **changes))}


def with_own_file(index: Mapping[str, IndexEntry], run_id: str, path: str) -> Index:
    """Return an index in which a run is in a file of the person's own, or in none if it is empty.

    Another run that was in the file before is in it no longer.
    """
    freed = {
        each: replace(entry, own_file="") if path and entry.own_file == path else entry
        for each, entry in index.items()
    }
    return {**freed, run_id: replace(index.get(run_id, UNREAD), own_file=path)}


def _summary_or_none(path: str) -> RunSummary | None:
    try:
        return read_summary(path)
    except CheckpointError:
        return None


def _entry_to_json(entry: IndexEntry) -> dict[str, Any]:
    summary = None
    if entry.summary is not None:
        summary = {name: value for name, value in vars(entry.summary).items() if name != "label"}
    return {
        "modified": entry.modified,
        "bytes": entry.n_bytes,
        "summary": summary,
        "label": entry.label.to_json(),
        "own_file": entry.own_file,
    }


def _entry_or_none(values: Any) -> IndexEntry | None:
    """Return an entry; None if it is damaged. Its run is read again."""
    try:
        return _entry_from_json(values)
    except (ValueError, LookupError, TypeError, AttributeError):
        return None


def _entry_from_json(values: dict[str, Any]) -> IndexEntry:
    stored = ValidatedMapping(values)
    label = RunLabel.from_json(values["label"])
    own_file = stored.file_name("own_file") if values.get("own_file") else ""
    summary = None if values["summary"] is None else _summary_from_json(values["summary"], label)
    return IndexEntry(stored.number("modified"), stored.whole("bytes"), summary, label, own_file)


def _summary_from_json(values: dict[str, Any], label: RunLabel) -> RunSummary:
    stored = ValidatedMapping(values)
    return RunSummary(
        stored.file_name("name"),
        stored.file_name("source"),
        data_kind(stored.value("kind")),
        stored.text("cell", _MAX_CELL),
        _wholes(values["widths"]),
        stored.whole("step"),
        stored.number_or_none("loss"),
        stored.number_or_none("characters"),
        _wholes(values["trained_widths"]),
        stored.whole("n_parameters"),
        stored.number("seconds"),
        _loss(values["best"]),
        _loss(values["last"]),
        stored.whole("n_events"),
        label,
        None if values.get("accuracy") is None else stored.number("accuracy", 0, 1),
    )


def _wholes(values: list[Any]) -> tuple[int, ...]:
    if not all(type(value) is int and value > 0 for value in values):
        raise ValueError("a width is a whole number.")
    return tuple(values)


def _loss(values: list[Any] | None) -> Loss | None:
    if values is None:
        return None
    per_name, per_character = map(float, values)
    return per_name, per_character
