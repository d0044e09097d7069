"""Reads and changes the index of a folder of runs, which several windows may use at once."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QLockFile

from dinogui.workers.service import RefusedError
from engine.runs.run_index import (
    FileStamp,
    Index,
    is_up_to_date,
    labelled,
    own_files,
    read_index,
    updated,
    with_own_file,
    write_index,
)

_LOCK_NAME = "index.lock"
_PATIENCE_MILLISECONDS = 2_000


def look_up(folder: str, files: Sequence[FileStamp]) -> Index:
    """Return the index of a folder, with these files and the person's own ones as they are now.

    Files that have changed are read, and the index is written if possible: in a folder that is
    read-only, they are read again next time.
    """
    index = read_index(folder)
    files = [*files, *own_files(index, _ids_in(folder) | {file.id for file in files})]
    if is_up_to_date(index, files):
        return index
    read = updated(index, files)
    try:
        return _change(folder, lambda now: _merged(now, read, files))
    except OSError:
        return read


def label(folder: str, run_id: str, changes: Mapping[str, Any]) -> Index:
    """Change what is noted of a run, and return the index.

    Raises
    ------
    RefusedError
        If the index cannot be written; a sentence says why.
    """
    try:
        return _change(folder, lambda now: labelled(now, run_id, changes))
    except OSError as error:
        raise _refusal("The change is not kept", folder, error) from error


def note_own_file(folder: str, run_id: str, path: str) -> Index:
    """Note that a run is in a file of the person's own, or in none, and return the index.

    Raises
    ------
    RefusedError
        If the index cannot be written; a sentence says why.
    """
    try:
        _change(folder, lambda now: with_own_file(now, run_id, path))
    except OSError as error:
        what = f"“{Path(path).name}” is not listed" if path else "The run stays in the list"
        raise _refusal(what, folder, error) from error
    return look_up(folder, [FileStamp.of_path(run_id, path)] if path else [])


def _refusal(what: str, folder: str, error: OSError) -> RefusedError:
    return RefusedError(
        f"{what}, as the list of runs in “{folder}” cannot be written: {error.strerror or error}."
    )


def _change(folder: str, change: Callable[[Index], Index]) -> Index:
    """Change the index as it is now; other windows wait meanwhile, so that nothing is lost.

    Raises
    ------
    OSError
        If it cannot be written, or another window does not finish.
    """
    with _locked(folder):
        index = change(read_index(folder))
        there = _ids_in(folder)
        index = {
            run_id: entry for run_id, entry in index.items() if entry.own_file or run_id in there
        }
        write_index(folder, index)
    return index


@contextmanager
def _locked(folder: str) -> Iterator[None]:
    lock = QLockFile(str(Path(folder) / _LOCK_NAME))
    if not lock.tryLock(_PATIENCE_MILLISECONDS):
        is_held = lock.error() is QLockFile.LockError.LockFailedError
        why = "another window is writing it" if is_held else "the folder is read-only"
        raise OSError(None, why)
    try:
        yield
    finally:
        lock.unlock()


def _merged(now: Index, read: Index, files: Sequence[FileStamp]) -> Index:
    """Return an index with the files that were read, and with the latest labels."""
    merged = dict(now)
    for file in files:
        entry = read.get(file.id)
        if entry is None:  # the file has just been renamed
            continue
        known = now.get(file.id)
        if known is None:
            merged[file.id] = entry
        else:
            merged[file.id] = replace(entry, label=known.label, own_file=known.own_file)
    return merged


def _ids_in(folder: str) -> set[str]:
    """Return the parts of all names of files, among which are the ids of the runs."""
    try:
        names = os.listdir(folder)
    except FileNotFoundError:
        return set()
    return {part for name in names for part in name.partition(".")[0].split("-")}
