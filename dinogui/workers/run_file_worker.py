"""The worker that saves runs to files and opens them: nobody waits for a disk."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dinogui.workers.run_copy import RunCopy
from dinogui.workers.service import Order, RefusedError, Worker
from engine.data.corpus import Corpus
from engine.data.text import Text
from engine.data.training_data import CorpusError
from engine.storage.validated_mapping import MAX_FILE_NAME

if TYPE_CHECKING:
    from engine.runs.run_file import SavedRun
    from engine.runs.run_index import FileStamp, Index

AS_DATA = "open as data"
"""What can be done with a text file where a run was wanted."""

# `engine.runs` is imported when a run is first saved or opened: no start needs to wait for it.


@dataclass(frozen=True)
class RunContent:
    """Everything that goes into the file of a run.

    Attributes
    ----------
    corpus : Corpus or Text
    path : str or None
        Where the data was read, if it is a file.
    copy : RunCopy
        The training's part.
    extras : dict of str to array or JSON value
        The window's part: the curve, the log, and so on.
    with_data : bool or None
        As in `engine.runs.run_file.save_run`.
    """

    corpus: Corpus | Text
    path: str | None
    copy: RunCopy
    extras: Mapping[str, Any]
    with_data: bool | None = None


class RunFileWorker(Worker):
    """Saves, opens, renames and removes files of runs, one after the other.

    Lives in the saving thread.
    """

    task = "Saving or opening a run"

    def write(self, path: str, run: RunContent) -> None:
        """Write a run to a file, completely or not at all.

        Raises
        ------
        RefusedError
            If it cannot be written. A file that was there before is unchanged.
        """
        from engine.runs.run_file import save_run

        extras = dict(run.extras) | {"seconds": run.copy.seconds, "path": run.path}
        try:
            save_run(
                path,
                run.corpus,
                run.copy.state,
                extras,
                with_data=run.with_data,
                checkpoints=run.copy.checkpoints,
            )
        except OSError as error:
            sentence = f"“{path}” cannot be written: {error.strerror or error}."
            raise RefusedError(sentence) from error

    def read(self, path: str, at_hand: Corpus | Text | None) -> RunContent:
        """Return a run whose state has been tried on its data, so that training can go on.

        Parameters
        ----------
        path : str
        at_hand : Corpus, Text or None
            The session's data, which may be the run's.

        Raises
        ------
        RefusedError
            If it cannot be opened; a sentence says why.
        """
        from engine.runs.run_file import load_run
        from engine.storage.archive import TextFileError

        try:
            saved = load_run(path)
            data_path = _data_path(saved)
            corpus = _data_of(saved, at_hand, data_path)
            saved.resume(corpus)
        except TextFileError as error:
            sentence = f"“{Path(path).name}” is not a saved run but a text file."
            raise RefusedError(sentence, instead=AS_DATA) from error
        except ValueError as error:
            raise RefusedError(str(error)) from error
        try:
            seconds = saved.seconds
        except ValueError as error:
            raise RefusedError(f"“{Path(path).name}” is damaged: {error}") from error
        copy = RunCopy(saved.state, seconds, saved.checkpoints)
        return RunContent(corpus, data_path, copy, saved.extras)

    def look_into(self, path: str) -> SavedRun:
        """Return what a file holds. Its state is not tried on its data.

        Raises
        ------
        RefusedError
            If it holds no run; a sentence says why.
        """
        from engine.runs.run_file import load_run

        try:
            return load_run(path)
        except ValueError as error:
            raise RefusedError(str(error)) from error

    def remove(self, path: str) -> None:
        """Remove a file, if it is there."""
        Path(path).unlink(missing_ok=True)

    def rename(self, path: str, new_path: str) -> None:
        """Rename a file, if it is there."""
        with suppress(FileNotFoundError):
            os.rename(path, new_path)

    def look_up(self, folder: str, files: Sequence[FileStamp]) -> Index:
        """Return what the index of a folder says of its runs, with these files as they are now."""
        from dinogui.workers import run_index_file

        return run_index_file.look_up(folder, files)

    def label(self, folder: str, run_id: str, changes: Mapping[str, Any]) -> Index:
        """Change what is noted of a run.

        Raises
        ------
        RefusedError
            If it cannot be written; a sentence says why.
        """
        from dinogui.workers import run_index_file

        return run_index_file.label(folder, run_id, changes)

    def add(self, path: str, new_path: str) -> None:
        """Copy the file of a run to another folder.

        Raises
        ------
        RefusedError
            If it holds no run, or cannot be copied; a sentence says why.
        """
        from engine.runs.run_summary import read_summary
        from engine.storage.archive import CheckpointError
        from engine.storage.files import atomic_writer

        try:
            read_summary(path)
            with open(path, "rb") as file, atomic_writer(new_path) as copy:
                shutil.copyfileobj(file, copy)
        except CheckpointError as error:
            raise RefusedError(str(error)) from error
        except OSError as error:
            sentence = f"“{path}” cannot be added: {error.strerror or error}."
            raise RefusedError(sentence) from error

    def explain(self, error: Exception, order: Order | None) -> str:
        """Return the sentence for an unforeseen exception."""
        path = order.arguments[0] if order is not None else ""
        is_writing = order is not None and order.method is RunFileWorker.write
        return f"“{path}” cannot be {'written' if is_writing else 'read'}: {error}."


def _data_path(saved: SavedRun) -> str | None:
    """Return where the run's data was read, if that file still exists."""
    path = saved.extras.get("path")
    # The run may come from anybody: it must not make this machine ask another one for a file.
    if not isinstance(path, str) or len(path) > MAX_FILE_NAME or path.startswith(("//", "\\\\")):
        return None
    try:
        return path if Path(path).is_file() else None
    except (OSError, ValueError):  # a name that no file can have
        return None


def _data_of(saved: SavedRun, at_hand: Corpus | Text | None, path: str | None) -> Corpus | Text:
    """Return a run's data: from its own file, at hand, or from where it was read.

    Raises
    ------
    CheckpointError
        If it is nowhere, or has changed.
    """
    from engine.storage.archive import CheckpointError

    if saved.corpus is not None:
        return saved.corpus
    if at_hand is not None and at_hand.fingerprint == saved.fingerprint:
        return at_hand
    read = _read_again(saved, path) if path is not None else None
    if read is not None and read.fingerprint == saved.fingerprint:
        return read
    where = f"“{path}” has changed" if path else "it is not where it was read"
    raise CheckpointError(
        f"The run's data, “{saved.source}”, is not in its file, and {where}. Open the data first, "
        "with File > Open, and then the run."
    )


def _read_again(saved: SavedRun, path: str) -> Corpus | Text | None:
    from engine.data.reader import read_data  # no start needs to wait for it

    network = saved.network
    choices = replace(saved.choices, lower_case=network.lower_case)
    try:
        return read_data(path, choices, kind=network.kind)
    except CorpusError:  # something else is there now
        return None
