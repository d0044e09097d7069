"""The index of a folder of runs: what a list says of each, without opening a thousand files.

The index is a file beside the runs. It is only a copy of what the files say, checked against their
sizes and times, and of what people have noted of the runs. A damaged index is written anew.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

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
        In seconds since 1970.
    n_bytes : int
    """

    id: str
    path: str
    modified: float
    n_bytes: int


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
        None if the file holds no usable run.
    label : RunLabel
    """

    modified: float
    n_bytes: int
    summary: RunSummary | None
    label: RunLabel = NO_LABEL

    def describes(self, file: FileStamp) -> bool:
        """Whether a file is still the one that was read."""
        return (self.modified, self.n_bytes) == (file.modified, file.n_bytes)

    def with_label(self, label: RunLabel) -> IndexEntry:
        """Return the same entry with another label."""
        return replace(self, label=label)


Index = dict[str, IndexEntry]
"""By the id of the run."""


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

    The label of a run that is read for the first time is that in its file.
    """
    new = dict(index)
    for file in files:
        known = index.get(file.id)
        if known is not None and known.describes(file):
            continue
        try:
            summary = read_summary(file.path)
        except CheckpointError:
            summary = None
        label = known.label if known is not None else summary.label if summary else NO_LABEL
        new[file.id] = IndexEntry(file.modified, file.n_bytes, summary, label)
    return new


def labelled(index: Mapping[str, IndexEntry], run_id: str, changes: Mapping[str, Any]) -> Index:
    """Return an index with some entries of a run's label changed."""
    known = index.get(run_id, IndexEntry(0.0, 0, None))
    return {**index, run_id: known.with_label(replace(known.label, **changes))}


def _entry_to_json(entry: IndexEntry) -> dict[str, Any]:
    summary = None
    if entry.summary is not None:
        summary = {name: value for name, value in vars(entry.summary).items() if name != "label"}
    return {
        "modified": entry.modified,
        "bytes": entry.n_bytes,
        "summary": summary,
        "label": entry.label.to_json(),
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
    summary = None if values["summary"] is None else _summary_from_json(values["summary"], label)
    return IndexEntry(stored.number("modified"), stored.whole("bytes"), summary, label)


def _summary_from_json(values: dict[str, Any], label: RunLabel) -> RunSummary:
    stored = ValidatedMapping(values)
    return RunSummary(
        stored.file_name("name"),
        stored.file_name("source"),
        "text" if stored.value("kind") == "text" else "names",
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
