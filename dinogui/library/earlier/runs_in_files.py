"""The runs of the list that are in files only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from dinogui.library.autosave.autosave_folder import StoredFile
from dinogui.library.earlier.earlier_run import EarlierRun
from dinogui.library.earlier.run_catalogue import RunCatalogue

if TYPE_CHECKING:
    from engine.runs.run_index import IndexEntry


def runs_in_files(
    files: Iterable[StoredFile],
    own: Mapping[str, IndexEntry],
    listed: Mapping[str, EarlierRun],
    catalogue: RunCatalogue,
) -> list[EarlierRun]:
    """Return the runs that have made steps, the latest first.

    Parameters
    ----------
    files : iterable of StoredFile
        In the autosave folder.
    own : mapping of str to IndexEntry
        The entries of runs in files of the person's own, by their keys. Some have a file in the
        folder as well.
    listed : mapping of str to EarlierRun
        The runs that are listed now. One whose file is being read again stays as it was.
    catalogue : RunCatalogue
        What is known of the files.

    Returns
    -------
    list of EarlierRun
    """
    found, left = [], dict(own)
    for file in files:
        entry = left.pop(file.id, None)
        summary, label = catalogue.summary_of(file), catalogue.label_of(file.id)
        if summary is not None and summary.step:
            run = EarlierRun.of_summary(file.id, summary, label).in_file(file)
        elif not catalogue.knows(file) and file.id in listed:
            run = replace(listed[file.id], run_id=None, label=label).in_file(file)
        else:
            continue
        found.append(run if entry is None else run.in_own_file(entry))
    for key, entry in left.items():
        label = catalogue.label_of(key)
        if entry.summary is not None and entry.summary.step:
            run = EarlierRun.of_summary(key, entry.summary, label)
            found.append(run.in_own_file(entry))
        elif entry.summary is None and key in listed:
            run = replace(listed[key], run_id=None, path=None, label=label)
            found.append(run.in_own_file(entry))
    return sorted(found, key=lambda run: run.facts.modified or 0.0, reverse=True)
