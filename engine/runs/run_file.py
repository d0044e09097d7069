"""Whole runs in files: the network, and everything needed to continue training it.

resources/docs/file-format.md lists the entries of such a file.
"""

import errno
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

import numpy as np

from engine.data.corpus import Corpus, corpus_of_names
from engine.data.reading.choices import AUTOMATIC, ReadingChoices
from engine.data.text import Text, text_of_symbols
from engine.data.training_data import MAX_NAME_LENGTH, MAX_WEIGHT
from engine.nn.fast.split_batches import Helper
from engine.nn.memory import NotEnoughMemoryError
from engine.nn.parameters import Parameters
from engine.runs.checkpoint_entries import (
    MAX_FILE_BYTES,
    checkpoint_entries,
    read_checkpoints,
)
from engine.runs.file_versions import upgrade
from engine.runs.saved_network import SavedNetwork, network_entries, read_network
from engine.storage.archive import Archive, CheckpointError, open_archive, write_archive
from engine.storage.validated_mapping import (
    ValidatedMapping,
    dataclass_from_json,
    dataclass_to_json,
    shown,
)
from engine.training.ending import MAX_SECONDS, Until
from engine.training.history.checkpoints import Checkpoint, Checkpoints
from engine.training.history.run_history import RunHistory
from engine.training.history.trainer_state import TrainerState
from engine.training.recipes import RECIPES
from engine.training.record import (
    FINGERPRINT_CHARACTERS,
    MAX_ITEMS,
    Event,
    Record,
    WarmStart,
    events_from_json,
    network_step,
)
from engine.training.settings import Hyperparameters, RunSettings
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

SMALL_BYTES = 2_000_000
"""Data up to this size is stored in the file by default."""


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
        Whether to store the data; by default if it is not larger than `SMALL_BYTES`.
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
    values = state.values
    entries: dict[str, Any] = dict(network_entries(network_of(corpus, state)))
    entries["run"] = _without_arrays(values) | {
        "recipe": state.recipe.name,
        "settings": dataclass_to_json(state.settings),
        "initial_hyperparameters": dataclass_to_json(state.initial_hyperparameters),
        "hyperparameters": dataclass_to_json(state.hyperparameters),
        "initial_until": dataclass_to_json(state.initial_until),
    }
    entries |= _arrays(values, "run/")
    if state.warm_start is not None and state.warm_start.parameters is not None:
        entries["run"]["warm_start"] = state.warm_start.to_json()
        entries["run/warm_start.parameters"] = state.warm_start.parameters.flat
    entries["record"] = [event.to_json() for event in state.events]
    entries |= _data_entries(corpus, with_data)
    entries["extras"] = _without_arrays(extras or {})
    entries |= _arrays(extras or {}, "extras/")
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
        run = _load_described_run(archive, network)
        data = run.data
        checkpoints = _read_checkpoints(archive, run.state)
        return SavedRun(
            network,
            run.state,
            data.file_name("source"),
            data.text("fingerprint", FINGERPRINT_CHARACTERS),
            _read_data(archive, data, network) if data.value("is_inside") else None,
            run.extras | archive.under("extras/"),
            checkpoints or (),
            "" if checkpoints is not None else _damaged_checkpoints(archive.path.name),
            _read_choices(archive, data),
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
            _load_described_run(archive, network)
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
        best = ValidatedMapping(_load_described_run(archive, latest).state.values).part("best.")
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
        return _read_choices(archive, ValidatedMapping(archive.json("data", may_name_files=True)))


def network_of(corpus: Corpus | Text, state: TrainerState) -> SavedNetwork:
    """Return the network of a run, as it is saved."""
    step = network_step(state.step, state.events)
    return SavedNetwork(
        state.parameters,
        corpus.vocabulary,
        state.step,
        state.settings.seed,
        state.settings.held_out if state.recipe.holds_out else None,
        "names" if isinstance(corpus, Corpus) else "text",
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
            _check_counts(each.state_in(latest.events))
    except ValueError:
        return None
    return found


class _DescribedRun(NamedTuple):
    """What a file says of a run, without its data and without the arrays of its extras."""

    state: TrainerState
    data: ValidatedMapping
    extras: dict[str, Any]


def _load_described_run(archive: Archive, network: SavedNetwork) -> _DescribedRun:
    """Return all that describes the run, checked as far as is possible without its data."""
    try:
        state = _read_state(archive, network, upgrade(_run_entries(archive)))
        _check_counts(state)
        data = ValidatedMapping(archive.json("data", may_name_files=True))
        data.file_name("source")
        data.text("fingerprint", FINGERPRINT_CHARACTERS)
    except CheckpointError:
        raise
    except ValueError as error:
        raise archive.error(f"is damaged: {error}") from error
    return _DescribedRun(state, data, archive.json("extras", may_name_files=True))


def _run_entries(archive: Archive) -> dict[str, Any]:
    """Read the entries that describe the run and its state."""
    entries = {
        "header": archive.json("header"),
        "run": archive.json("run", may_name_files=True),
        "record": archive.json("record", max_items=MAX_ITEMS),
    }
    return entries | {f"run/{name}": array for name, array in archive.under("run/").items()}


def _read_state(
    archive: Archive, network: SavedNetwork, entries: Mapping[str, Any]
) -> TrainerState:
    """Return the state of the run's trainer from the entries of the present version."""
    values = _run_values(entries)
    run = ValidatedMapping(values)
    recipe = run.value("recipe")
    if recipe not in RECIPES:
        raise archive.error(f"is damaged: there is no recipe {shown(recipe)}.")
    initial = dataclass_from_json(Hyperparameters, run.value("initial_hyperparameters"))
    return TrainerState(
        network.step,
        RECIPES[recipe],
        dataclass_from_json(RunSettings, run.value("settings")),
        initial,
        dataclass_from_json(Hyperparameters, run.value("hyperparameters")),
        events_from_json(entries["record"]),
        network.parameters.frozen_copy(),
        values,
        _read_warm_start(run, network, initial),
        dataclass_from_json(Until, run.value("initial_until")),
    )


def _run_values(entries: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values and the arrays of the entries of a run, by name."""
    values = dict(entries["run"])
    values |= {
        name.removeprefix("run/"): array
        for name, array in entries.items()
        if name.startswith("run/")
    }
    return values


def _check_counts(state: TrainerState) -> None:
    """Check that the counts of a run agree with one another.

    Every step reads at least one name or symbol, so these bound the steps, and with them the time
    that a replay takes.

    Raises
    ------
    ValueError
        If they do not; the message names what does not agree.
    """
    values = ValidatedMapping(state.values)
    taken = values.whole("learner.loader.taken")
    if state.step > taken:
        raise ValueError(f"it says {state.step:,} steps, but has read only {taken:,} examples.")
    values.whole("learner.optimizer.steps", most=taken)
    _check_decay_starts(values, state.events, taken)
    values.whole("divergence_guard.good_step", most=state.step)
    if "best.measured" in values:
        values.whole("best.optimizer.steps", most=taken)
        if not (values.array("best.measured", (2, 3), float)[:, 0] <= state.step).all():
            raise ValueError(f"its best network is later than its {state.step:,} steps.")
    if "ending.step" in values:
        values.whole("ending.step", most=state.step)
    values.whole("loss_watch.healthy_step", most=state.step)
    if "divergence_guard.earlier_step" in values:
        values.whole("divergence_guard.earlier_step", most=state.step)
    if "divergence_guard.divergence" in values:
        for step in values.value("divergence_guard.divergence"):
            ValidatedMapping({"divergence": step}).whole("divergence", most=state.step)
    if state.events and state.events[-1].step > state.step:
        raise ValueError(
            f"its record has an event at step {state.events[-1].step:,}, "
            f"but the run made only {state.step:,} steps."
        )


def _check_decay_starts(values: ValidatedMapping, events: Iterable[Event], taken: int) -> None:
    """Check that the learning rate was never set after the examples that were taken."""
    if "learner.decay_start" in values:  # the first runs of version 5 do not have it
        values.whole("learner.decay_start", most=taken)
    for event in events:
        if event.decay_start is not None:
            ValidatedMapping(vars(event)).whole("decay_start", most=taken)


def _read_warm_start(
    run: ValidatedMapping, network: SavedNetwork, initial: Hyperparameters
) -> WarmStart | None:
    if "warm_start" not in run:
        return None
    architecture = replace(network.parameters.architecture, widths=initial.widths)
    shape = (architecture.n_parameters,)
    flat = run.array("warm_start.parameters", shape, architecture.numpy_dtype)
    return WarmStart.from_json(run.value("warm_start"), Parameters(architecture, flat))


def _data_entries(corpus: Corpus | Text, with_data: bool | None) -> dict[str, Any]:
    data: dict[str, Any] = {
        "source": corpus.source,
        "lower_case": corpus.lower_case,
        "fingerprint": corpus.fingerprint,
    }
    if corpus.report is not None:
        data["reading"] = corpus.report.choices.to_json()
    if isinstance(corpus, Corpus):
        data |= {"kind": "names", "blank_lines": corpus.blank_lines}
        n_bytes = sum(map(len, corpus.names)) + len(corpus.names)
        n_bytes += 8 * len(corpus.weights or ())
        n_bytes += 0 if corpus.kinds is None else 2 * len(corpus.names)
    else:
        data |= {"kind": "text"}
        n_bytes = corpus.symbols.nbytes
    data["is_inside"] = n_bytes <= SMALL_BYTES if with_data is None else with_data
    if not data["is_inside"]:
        return {"data": data}
    if isinstance(corpus, Corpus):
        text = "".join(f"{name}\n" for name in corpus.names)
        entries = {"data": data, "data/names": np.frombuffer(text.encode(), dtype=np.uint8)}
        if corpus.weights is not None:
            entries["data/weights"] = np.array(corpus.weights, dtype=np.int64)
        if corpus.kinds is not None:
            entries["data/kinds"] = np.array(corpus.kinds.of_names, dtype=np.uint16)
        return entries
    return {"data": data, "data/symbols": corpus.symbols}


def _read_data(archive: Archive, data: ValidatedMapping, network: SavedNetwork) -> Corpus | Text:
    vocabulary = network.vocabulary
    source, is_lower = data.file_name("source"), bool(data.value("lower_case"))
    corpus: Corpus | Text
    if data.value("kind") == "names":
        text = archive.array("data/names").tobytes().decode()
        names = text.removesuffix("\n").split("\n")
        if max(vocabulary.lengths(names)) > MAX_NAME_LENGTH:
            raise archive.error(
                f"is damaged: one of its names has more than {MAX_NAME_LENGTH} characters."
            )
        kinds = _read_kinds(archive, len(names), network.kinds)
        n_distinct = len(set(names if kinds is None else zip(names, kinds, strict=True)))
        corpus = corpus_of_names(
            names,
            source,
            data.whole("blank_lines"),
            lower_case=is_lower,
            weights=_read_weights(archive, n_distinct),
            kinds=kinds,
            spelling=vocabulary.split,
        )
    else:
        symbols = archive.array("data/symbols")
        corpus = text_of_symbols(
            symbols,
            vocabulary,
            source,
            lower_case=is_lower,
            document_break=network.document_break,
        )
    if corpus.vocabulary != vocabulary or corpus.fingerprint != data.value("fingerprint"):
        raise archive.error("is damaged: its data is not what its network was trained on.")
    return corpus


def _read_kinds(archive: Archive, n_names: int, titles: Sequence[str]) -> list[str] | None:
    """Return the title of each name's kind; None if the names have no kinds."""
    if not titles:
        return None
    stored = ValidatedMapping({"data/kinds": archive.array("data/kinds")})
    try:
        kinds = stored.array("data/kinds", (n_names,), np.uint16)
        if kinds.max() >= len(titles):
            raise ValueError(f"a name has the kind {kinds.max()}, and there are {len(titles)}.")
    except ValueError as error:
        raise archive.error(f"is damaged: {error}") from error
    return [titles[kind] for kind in kinds.tolist()]


def _read_weights(archive: Archive, n_distinct: int) -> tuple[int, ...] | None:
    """Return the weights of the distinct names; None if they all count alike."""
    if "data/weights" not in archive:
        return None
    stored = ValidatedMapping({"data/weights": archive.array("data/weights")})
    try:
        weights = stored.array("data/weights", (n_distinct,), np.int64)
        if not ((weights >= 1) & (weights <= MAX_WEIGHT)).all():
            raise ValueError(f"a weight is not from 1 to {MAX_WEIGHT:,}.")
    except ValueError as error:
        raise archive.error(f"is damaged: {error}") from error
    return tuple(weights.tolist())


def _read_choices(archive: Archive, data: ValidatedMapping) -> ReadingChoices:
    """Return how the data were read from their file."""
    if "reading" not in data:
        return AUTOMATIC
    try:
        return ReadingChoices.from_json(data.value("reading"))
    except ValueError as error:
        raise archive.error(f"is damaged: {error}") from error


def _arrays(values: Mapping[str, Any], prefix: str) -> dict[str, Any]:
    kept = {name: value for name, value in values.items() if isinstance(value, np.ndarray)}
    return {prefix + name: array for name, array in kept.items()}


def _without_arrays(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if not isinstance(value, np.ndarray)}
