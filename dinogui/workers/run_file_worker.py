"""Writes and reads the files of runs in a thread of its own: nobody waits for a disk."""

import logging
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from dinogui.workers.run_copy import RunCopy, RunToKeep
from engine.data.corpus import Corpus, read_names
from engine.data.text import Text, read_text
from engine.data.training_data import CorpusError
from engine.runs.run_file import SavedRun, load_run, save_run
from engine.storage.archive import CheckpointError
from engine.storage.validated_mapping import ValidatedMapping

_log = logging.getLogger(__name__)


class RunFiles(QObject):
    """Does with files what it is told, one after the other.

    Lives in the saving thread; its slots are reached by queued signals only. Every signal begins
    with the number of the order that it answers.

    Signals
    -------
    written(int)
    failed(int, str)
        It could not be written; a sentence says why. What was there before is as it was.
    found(int, RunToKeep)
        What was read; its state was tried on its data, and can be gone on from.
    refused(int, str)
        It could not be read; a sentence says why.
    """

    written = Signal(int)
    failed = Signal(int, str)
    found = Signal(int, object)
    refused = Signal(int, str)

    @Slot(int, str, object)
    def write(self, number: int, path: str, run: RunToKeep) -> None:
        """Write a run to a file, whole or not at all."""
        try:
            extras = dict(run.extras) | {"seconds": run.copy.seconds, "path": run.path}
            save_run(path, run.corpus, run.copy.state, extras, with_data=run.with_data)
        except OSError as error:
            self.failed.emit(number, f"“{path}” cannot be written: {error.strerror or error}.")
        except Exception as error:  # the thread's edge: nothing may be lost without a word
            _log.exception("Writing %s failed.", path)
            self.failed.emit(number, f"“{path}” cannot be written: {error}.")
        else:
            self.written.emit(number)

    @Slot(int, str, object)
    def read(self, number: int, path: str, at_hand: Corpus | Text | None) -> None:
        """Read a run; its data may be `at_hand` where it is not in the file."""
        try:
            saved = load_run(path)
            data_path = _data_path(saved)
            corpus = _data_of(saved, at_hand, data_path)
            saved.resume(corpus)
            seconds = ValidatedMapping(saved.extras).number_or_none("seconds") or 0.0
        except ValueError as error:
            self.refused.emit(number, str(error))
        except Exception as error:  # the thread's edge, as above
            _log.exception("Reading %s failed.", path)
            self.refused.emit(number, f"“{path}” cannot be read: {error}.")
        else:
            copy = RunCopy(saved.state, max(seconds, 0.0))
            self.found.emit(number, RunToKeep(corpus, data_path, copy, saved.extras))

    @Slot(str)
    def remove(self, path: str) -> None:
        """Remove a file, if it is there."""
        try:
            Path(path).unlink(missing_ok=True)
        except OSError:
            _log.exception("Removing %s failed.", path)


def _data_path(saved: SavedRun) -> str | None:
    """Return where the run's data was read, if there is a file still."""
    path = saved.extras.get("path")
    # The run may come from anybody: it may not let this machine call another one for its files.
    if not isinstance(path, str) or path.startswith(("//", "\\\\")):
        return None
    try:
        return path if Path(path).is_file() else None
    except (OSError, ValueError):  # a name that no file can have
        return None


def _data_of(saved: SavedRun, at_hand: Corpus | Text | None, path: str | None) -> Corpus | Text:
    """Return what a run learned from: out of its file, or at hand, or where it was read.

    Raises
    ------
    CheckpointError
        If it is nowhere, or not any more what it was.
    """
    if saved.corpus is not None:
        return saved.corpus
    if at_hand is not None and at_hand.fingerprint == saved.fingerprint:
        return at_hand
    read = _read_again(saved, path) if path is not None else None
    if read is not None and read.fingerprint == saved.fingerprint:
        return read
    where = f"“{path}” holds something else by now" if path else "it is not where it was"
    raise CheckpointError(
        f"The run's data, “{saved.source}”, is not in its file, and {where}. Open the data first, "
        "with File > Open, and then the run."
    )


def _read_again(saved: SavedRun, path: str) -> Corpus | Text | None:
    lower_case = saved.network.lower_case
    try:
        if saved.network.kind == "names":
            return read_names(path, lower_case=lower_case)
        return read_text(path, lower_case=lower_case)
    except CorpusError:  # something else is there now
        return None
