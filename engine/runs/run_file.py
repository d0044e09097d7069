"""Whole runs in files: the network, and everything needed to continue training it.

resources/docs/file-format.md lists the entries of such a file.
"""

import errno
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

from engine.data.corpus import Corpus
from engine.data.melodies import usual_bar, usual_tempo
from engine.data.reading.choices import AUTOMATIC, ReadingChoices
from engine.data.text import Text
from engine.nn.fast.split_batches import Helper
from engine.nn.memory import NotEnoughMemoryError
from engine.runs.entries.checkpoint_entries import (
    MAX_FILE_BYTES,
    checkpoint_entries,
    read_checkpoints,
)
from engine.runs.entries.data_entries import data_entries, read_choices, read_data, tunes_in
from engine.runs.entries.state_entries import (
    arrays_of,
    check_counts,
    read_described_run,
    state_entries,
    without_arrays,
)
from engine.runs.saved_network import SavedNetwork, network_entries, read_network
from engine.storage.archive import Archive, CheckpointError, open_archive, write_archive
from engine.storage.validated_mapping import ValidatedMapping
from engine.training.ending import MAX_SECONDS
from engine.training.history.checkpoints import Checkpoint, Checkpoints
from engine.training.history.run_history import RunHistory
from engine.training.history.trainer_state import TrainerState
from engine.training.record import FINGERPRINT_CHARACTERS, Record, network_step
from engine.training.trainer import Trainer
from engine.training.watching.best_network import BestKeeper

NO_ROOM_SENTENCE = (
    "There is no room on the disk for the checkpoints, so they were left out. The run can go on, "
    "but going back to an earlier step takes longer."
)
"""What to say when `save_run` has left out the checkpoints."""

_NO_ROOM = frozenset(
    getattr(errno, name) for name in ("ENOSPC", "EDQUOT", "EFBIG") if hasattr(errno, name)
)
"""Errors of a disk that is full, or on which a file may not be larger."""


@dataclass(frozen=True)
class SavedRun:
    """The content of a run's file.

    Attributes
    ----------
    network : SavedNetwork
        To sample from and to measure.
    state : TrainerState
        To continue training; see `resume`.
    source : str
        Name of the data.
    fingerprint : str
        Of the data.
    corpus : Corpus or Text or None
        The data, if it is in the file.
    extras : mapping of str to array or JSON value
        As given to `save_run`.
    checkpoints : tuple of Checkpoint
        Earlier states of the run, in their order.
    damage : str
        Sentences that say what was left out because it is damaged; empty if nothing was.
    choices : ReadingChoices
        How the data were read, so that a file of them can be read again.
    """

    network: SavedNetwork
    state: TrainerState
    source: str
    fingerprint: str
    corpus: Corpus | Text | None
    extras: Mapping[str, Any] = field(default_factory=dict)
    checkpoints: tuple[Checkpoint, ...] = ()
    damage: str = ""
    choices: ReadingChoices = AUTOMATIC

    @property
    def record(self) -> Record:
        """What the run began with, and all its events."""
        state = self.state
        return Record(
            self.source,
            self.fingerprint,
            state.recipe.name,
            state.settings,
            state.initial_hyperparameters,
            state.events,
            state.warm_start,
            state.initial_until,
        )

    @property
    def history(self) -> RunHistory:
        """What is needed to reach any step of the run again."""
        return RunHistory(self.record, self.state.step, self.checkpoints)

    @property
    def seconds(self) -> float:
        """Seconds that the run was trained for, if the program that saved it has counted them.

        Raises
        ------
        ValueError
            If it is not such a number.
        """
        extras = ValidatedMapping(self.extras)
        return extras.number("seconds", 0, MAX_SECONDS) if "seconds" in extras else 0.0

    def data(self, given: Corpus | Text | None = None) -> Corpus | Text:
        """Return the run's data: `given`, or else what is in the file.

        Raises
        ------
        CheckpointError
            If `given` is other data, or nothing is given and the file has no data.
        """
        corpus = self.corpus if given is None else given
        if corpus is None:
            raise CheckpointError(
                f"The run's data, “{self.source}”, is not in its file. Choose that file as well."
            )
        if corpus.fingerprint != self.fingerprint:
            raise CheckpointError(
                f"“{corpus.source}” is not the run's data: its fingerprint differs from that of "
                f"“{self.source}”. Choose the file that the run was trained on."
            )
        return corpus

    def resume(self, given: Corpus | Text | None = None, helper: Helper | None = None) -> Trainer:
        """Return a trainer that continues as if the run had never been saved.

        Parameters
        ----------
        given : Corpus or Text, optional
            The data, if it is not in the file.
        helper : Helper, optional
            As in `engine.training.trainer.Trainer`.

        Raises
        ------
        CheckpointError
            As in `data`, or if the file's state does not match the data.
        NotEnoughMemoryError
            If there is not enough memory for a step.
        """
        corpus = self.data(given)
        try:
            return Trainer.restored(corpus, self.state, helper, Checkpoints(self.checkpoints))
        except NotEnoughMemoryError:
            raise
        except (ValueError, TypeError, LookupError, ArithmeticError) as error:
            what = str(error).rstrip(".")  # of NumPy's messages, few end with a full stop
            raise CheckpointError(f"The run's state is damaged: {what}.") from error


def save_run(
    path: str | os.PathLike[str],
    corpus: Corpus | Text,
    state: TrainerState,
    extras: Mapping[str, Any] | None = None,
    *,
    with_data: bool | None = None,
    checkpoints: Iterable[Checkpoint] = (),
    max_checkpoint_bytes: int = MAX_FILE_BYTES,
) -> bool:
    """Write a run to a file, whole or not at all. On a full disk, checkpoints may be left out.

    Parameters
    ----------
    path : path
    corpus : Corpus or Text
        The run's data.
    state : TrainerState
        From `Trainer.state`. It is a copy, so training may continue meanwhile.
    extras : mapping of str to array or JSON value, optional
        Anything else to store with the run.
    with_data : bool, optional
        Whether to store the data; by default if it is small, as in
        `engine.runs.entries.data_entries`.
    checkpoints : iterable of Checkpoint
        Earlier states of the run, in their order.
    max_checkpoint_bytes : int
        Size of the checkpoints in the file; of more, some are left out.

    Returns
    -------
    bool
        Whether the disk had room for the checkpoints.

    Raises
    ------
    ValueError
        If an extra is neither an array of numbers nor a JSON value.
    OSError
        If the file cannot be written; the previous file is left as it was.
    """
    entries: dict[str, Any] = dict(network_entries(network_of(corpus, state)))
    entries |= state_entries(state) | data_entries(corpus, with_data)
    entries["extras"] = without_arrays(extras or {})
    entries |= arrays_of(extras or {}, "extras/")
    of_checkpoints = checkpoint_entries(Checkpoints(checkpoints, max_checkpoint_bytes))
    try:
        write_archive(path, entries | of_checkpoints)
        return True
    except OSError as error:
        if not of_checkpoints or error.errno not in _NO_ROOM:
            raise
    write_archive(path, entries)
    return False


def load_run(path: str | os.PathLike[str]) -> SavedRun:
    """Read a run from a file. Nothing in it is executed, and its memory is bounded by its size.

    Checkpoints that are damaged, or those of another network, are left out: any step can be
    reached from the beginning as well.

    Raises
    ------
    CheckpointError
        If there is no such file, or it does not hold a usable run.
    """
    with open_archive(path) as archive:
        network = read_network(archive)
        if "run" not in archive:
            raise archive.error(
                "holds a network without a run. You can sample from it and measure it, "
                "but not continue its training."
            )
        run = read_described_run(archive, network)
        data = run.data
        checkpoints = _read_checkpoints(archive, run.state)
        return SavedRun(
            network,
            run.state,
            data.file_name("source"),
            data.text("fingerprint", FINGERPRINT_CHARACTERS),
            read_data(archive, data, network) if data.value("is_inside") else None,
            run.extras | archive.under("extras/"),
            checkpoints or (),
            "" if checkpoints is not None else _damaged_checkpoints(archive.path.name),
            read_choices(archive, data),
        )


def load_sound_network(path: str | os.PathLike[str]) -> SavedNetwork:
    """Read a network from its file. If that is the file of a run, the run must be usable too.

    Raises
    ------
    CheckpointError
        If there is no such file, or it does not hold a usable network, or its run is damaged.
    """
    with open_archive(path) as archive:
        network = read_network(archive)
        if "run" in archive:
            read_described_run(archive, network)
        return network


def load_best_network(path: str | os.PathLike[str]) -> SavedNetwork:
    """Read the best network of a run from its file; see `engine.training.watching.best_network`.

    Raises
    ------
    CheckpointError
        If there is no such file, or it is damaged, or there is no best network in it.
    """
    with open_archive(path) as archive:
        latest = read_network(archive)
        if "run" not in archive:
            raise archive.error("holds a network without a run, so it has no best network.")
        best = ValidatedMapping(read_described_run(archive, latest).state.values).part("best.")
        if "measured" not in best:
            raise archive.error(
                "has no best network, because nothing was held out or measured. "
                "Leave out --best to use the latest network."
            )
        try:
            keeper = BestKeeper()
            keeper.restore(best, latest.parameters)
            assert keeper.best is not None
            step = keeper.best.step
            return replace(
                latest,
                parameters=keeper.best.parameters,
                network_step=None if step == latest.step else step,
            )
        except ValueError as error:
            raise archive.error(f"is damaged: {error}") from error


def choices_in(path: str | os.PathLike[str]) -> ReadingChoices:
    """Return how the data of a run were read, from its file; as recognised if it does not say.

    Raises
    ------
    CheckpointError
        If there is no such file, or it is damaged.
    """
    with open_archive(path) as archive:
        if "data" not in archive:  # a network without a run
            return AUTOMATIC
        return read_choices(archive, ValidatedMapping(archive.json("data", may_name_files=True)))


def usual_bars_and_tempo(path: str | os.PathLike[str]) -> tuple[Fraction, float] | None:
    """Return the commonest bar, in beats, and the median tempo of a run's tunes, from its file.

    Returns
    -------
    (Fraction, float) or None
        None if the file has no tunes.

    Raises
    ------
    CheckpointError
        If there is no such file, or it is damaged.
    """
    with open_archive(path) as archive:
        if "data" not in archive:
            return None
        tunes = tunes_in(ValidatedMapping(archive.json("data", may_name_files=True)))
        return (usual_bar(tunes), usual_tempo(tunes)) if tunes else None


def network_of(corpus: Corpus | Text, state: TrainerState) -> SavedNetwork:
    """Return the network of a run, as it is saved."""
    step = network_step(state.step, state.events)
    return SavedNetwork(
        state.parameters,
        corpus.vocabulary,
        state.step,
        state.settings.seed,
        state.settings.held_out if state.recipe.holds_out else None,
        corpus.kind,
        corpus.lower_case,
        None if isinstance(corpus, Corpus) else state.settings.window,
        None if step == state.step else step,
        corpus.document_break,
        () if corpus.kinds is None else corpus.kinds.titles,
    )


def _damaged_checkpoints(name: str) -> str:
    return (
        f"The checkpoints in “{name}” are damaged, so they were left out. The run can go on, but "
        "going back to an earlier step takes longer."
    )


def _read_checkpoints(archive: Archive, latest: TrainerState) -> tuple[Checkpoint, ...] | None:
    """Return the checkpoints in a file; None if they are damaged."""
    if "checkpoints" not in archive:
        return ()
    try:
        listed = archive.json("checkpoints")
        found = read_checkpoints(listed, archive.under("checkpoints/"), latest)
        for each in found:
            check_counts(each.state_in(latest.events))
    except ValueError:
        return None
    return found
