"""A run in a file: a network's file (`engine.runs.checkpoint`), and all that is needed to go on.

Besides ``header``, ``symbols`` and the parameters there are, in version 3, these entries. Those
marked JSON are texts as bytes; a name that ends in / stands for all that begin with it.

``run`` (JSON)
    recipe, settings, started_with and hyperparameters (`RunSettings` and `Hyperparameters`, as
    they began and as they are), and all of the trainer's state that is no array: the moving
    averages' present values, the random generators' states (PCG64), the optimiser's steps, the
    place in the data, the steps of the last good copy and of a divergence.
``run/``
    The arrays of that state, in the parameters' type where none is named; n is their number.
    ``learner.optimizer.moment.K`` (n,); ``learner.carried`` (n_a,) float64, the notebook
    recipe's state; ``learner.lessons.state.LAYER.PART`` (streams, n_a); ``safeguard.good`` (m,),
    the last good parameters, of ``safeguard.widths``; ``safeguard.lost`` (n,), what a run that has
    just diverged was left with; ``loss_average`` and ``character_average`` (1 or 2,) float64;
    ``held_out_measured`` (k, 3) float64.
``run/start.parameters`` (n,)
    Where ``run`` has ``start`` (source, step, fingerprint): what the run began with.
``record`` (JSON)
    What was done to the run: [step, what, [[name, before, after], ...], smoothed loss] each, and
    the entry's mark where it has one; see `engine.training.record.Event`.
``data`` (JSON)
    source, kind, lower_case, fingerprint (SHA-256, see `engine.data.fingerprint`), and is_inside.
``data/names`` or ``data/symbols``
    The data itself, where it is inside: names in UTF-8, a newline after each, (n,) uint8; a text
    as indices into ``symbols``, (n,) uint8, uint16 or uint32.
``extras`` (JSON), ``extras/``
    What the program that wrote the file keeps with it, such as the curve; opaque here.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from engine.data.corpus import Corpus, corpus_of_names
from engine.data.text import Text, text_of_symbols
from engine.data.vocabulary import Vocabulary
from engine.nn.fast.split_batches import Helper
from engine.nn.parameters import Parameters
from engine.runs.checkpoint import RUN_VERSION, Checkpoint, network_entries, read_network
from engine.storage.archive import Archive, CheckpointError, open_archive, write_archive
from engine.storage.validated_mapping import (
    ValidatedMapping,
    dataclass_from_json,
    dataclass_to_json,
)
from engine.training.recipes import RECIPES
from engine.training.record import Event, Record, Start
from engine.training.settings import Hyperparameters, RunSettings
from engine.training.trainer import Trainer
from engine.training.trainer_state import TrainerState

SMALL_BYTES = 2_000_000
"""Data up to this size is kept in the file unless told otherwise."""


@dataclass(frozen=True)
class SavedRun:
    """What the file of a run holds.

    Attributes
    ----------
    network : Checkpoint
        To write and to measure with.
    state : TrainerState
        To go on training with: `resume`.
    source : str
        What the data was called.
    fingerprint : str
        Of the data.
    corpus : Corpus or Text or None
        The data itself, where it is in the file.
    extras : dict of str to array or JSON value
        What was given to `save_run`.
    """

    network: Checkpoint
    state: TrainerState
    source: str
    fingerprint: str
    corpus: Corpus | Text | None
    extras: Mapping[str, Any] = field(default_factory=dict)

    @property
    def record(self) -> Record:
        """What the run was started with, and all that was done to it."""
        state = self.state
        return Record(
            self.source,
            self.fingerprint,
            state.recipe.name,
            state.settings,
            state.started_with,
            state.entries,
            state.start,
        )

    def data(self, given: Corpus | Text | None = None) -> Corpus | Text:
        """Return what the run learned from: `given`, or else what is in the file.

        Raises
        ------
        CheckpointError
            If `given` is something else, or nothing is given and nothing inside.
        """
        corpus = self.corpus if given is None else given
        if corpus is None:
            raise CheckpointError(
                f"The run's data, “{self.source}”, is not in its file. Name it as well."
            )
        if corpus.fingerprint != self.fingerprint:
            raise CheckpointError(
                f"“{corpus.source}” is not what the run has learned from, which was "
                f"“{self.source}”: the fingerprints differ. Choose that very file."
            )
        return corpus

    def resume(self, given: Corpus | Text | None = None, helper: Helper | None = None) -> Trainer:
        """Return a trainer that goes on as if the run had never been saved.

        Parameters
        ----------
        given : Corpus or Text, optional
            The data, where it is not in the file.
        helper : Helper, optional
            As in `engine.training.trainer.Trainer`.

        Raises
        ------
        CheckpointError
            As in `data`, or if the file's state does not fit it.
        """
        corpus = self.data(given)
        try:
            return Trainer.restored(corpus, self.state, helper)
        except (ValueError, TypeError, KeyError, IndexError) as error:
            raise CheckpointError(f"The run's state is damaged: {error}") from error


def save_run(
    path: str | os.PathLike[str],
    corpus: Corpus | Text,
    state: TrainerState,
    extras: Mapping[str, Any] | None = None,
    *,
    with_data: bool | None = None,
) -> None:
    """Write a run to a file, whole or not at all.

    Parameters
    ----------
    path : path
    corpus : Corpus or Text
        What the run learns from.
    state : TrainerState
        Of `Trainer.state`: a copy, so that training may go on meanwhile.
    extras : mapping of str to array or JSON value, optional
        What else to keep.
    with_data : bool, optional
        Whether to keep the data itself; if absent, where it has up to `SMALL_BYTES`.

    Raises
    ------
    ValueError
        If an extra is neither an array of numbers nor has a form in JSON.
    OSError
        If it cannot be written; what was there before is left alone.
    """
    values = state.values
    entries: dict[str, Any] = dict(network_entries(checkpoint_of(corpus, state), RUN_VERSION))
    entries["run"] = _without_arrays(values) | {
        "recipe": state.recipe.name,
        "settings": dataclass_to_json(state.settings),
        "started_with": dataclass_to_json(state.started_with),
        "hyperparameters": dataclass_to_json(state.hyperparameters),
    }
    entries |= _arrays(values, "run/")
    if state.start is not None and state.start.parameters is not None:
        entries["run"]["start"] = state.start.to_json()
        entries["run/start.parameters"] = state.start.parameters.flat
    entries["record"] = [entry.to_json() for entry in state.entries]
    entries |= _data_entries(corpus, with_data)
    entries["extras"] = _without_arrays(extras or {})
    entries |= _arrays(extras or {}, "extras/")
    write_archive(path, entries)


def load_run(path: str | os.PathLike[str]) -> SavedRun:
    """Read a run from a file. Nothing in it is executed, and its memory is bounded by its size.

    Raises
    ------
    CheckpointError
        If there is no such file, or it holds no run that can be used.
    """
    with open_archive(path) as archive:
        network = read_network(archive)
        if "run" not in archive:
            raise archive.error(
                "holds a network and no run: it can be written with, and measured, "
                "but not be trained on."
            )
        values = archive.json("run") | archive.under("run/")
        told = ValidatedMapping(values)
        recipe = told.value("recipe")
        if recipe not in RECIPES:
            raise archive.error(f"is damaged: there is no recipe {recipe!r}.")
        started_with = dataclass_from_json(Hyperparameters, told.value("started_with"))
        state = TrainerState(
            network.step,
            RECIPES[recipe],
            dataclass_from_json(RunSettings, told.value("settings")),
            started_with,
            dataclass_from_json(Hyperparameters, told.value("hyperparameters")),
            tuple(map(Event.from_json, archive.json("record"))),
            network.parameters.frozen_copy(),
            values,
            _read_start(told, network, started_with),
        )
        data = ValidatedMapping(archive.json("data"))
        return SavedRun(
            network,
            state,
            str(data.value("source")),
            str(data.value("fingerprint")),
            _read_data(archive, data, network.vocabulary) if data.value("is_inside") else None,
            archive.json("extras") | archive.under("extras/"),
        )


def checkpoint_of(corpus: Corpus | Text, state: TrainerState) -> Checkpoint:
    """Return the network of a run, with what is needed to use it."""
    return Checkpoint(
        state.parameters,
        corpus.vocabulary,
        state.step,
        state.settings.seed,
        state.settings.held_out if state.recipe.holds_out else None,
        "names" if isinstance(corpus, Corpus) else "text",
        corpus.lower_case,
        None if isinstance(corpus, Corpus) else state.settings.window,
    )


def _read_start(
    told: ValidatedMapping, network: Checkpoint, began: Hyperparameters
) -> Start | None:
    if "start" not in told:
        return None
    architecture = replace(network.parameters.architecture, widths=began.widths)
    shape = (architecture.n_parameters,)
    flat = told.array("start.parameters", shape, architecture.numpy_dtype)
    return Start.from_json(told.value("start"), Parameters(architecture, flat))


def _data_entries(corpus: Corpus | Text, with_data: bool | None) -> dict[str, Any]:
    told: dict[str, Any] = {
        "source": corpus.source,
        "lower_case": corpus.lower_case,
        "fingerprint": corpus.fingerprint,
    }
    if isinstance(corpus, Corpus):
        told |= {"kind": "names", "blank_lines": corpus.blank_lines}
        n_bytes = sum(map(len, corpus.names)) + len(corpus.names)
    else:
        told |= {"kind": "text"}
        n_bytes = corpus.symbols.nbytes
    told["is_inside"] = n_bytes <= SMALL_BYTES if with_data is None else with_data
    if not told["is_inside"]:
        return {"data": told}
    if isinstance(corpus, Corpus):
        text = "".join(f"{name}\n" for name in corpus.names)
        return {"data": told, "data/names": np.frombuffer(text.encode(), dtype=np.uint8)}
    return {"data": told, "data/symbols": corpus.symbols}


def _read_data(archive: Archive, told: ValidatedMapping, vocabulary: Vocabulary) -> Corpus | Text:
    source, is_lower = str(told.value("source")), bool(told.value("lower_case"))
    corpus: Corpus | Text
    if told.value("kind") == "names":
        text = archive.array("data/names").tobytes().decode()
        names = text.removesuffix("\n").split("\n")
        corpus = corpus_of_names(names, source, told.whole("blank_lines"), lower_case=is_lower)
    else:
        symbols = archive.array("data/symbols")
        corpus = text_of_symbols(symbols, vocabulary, source, lower_case=is_lower)
    if corpus.vocabulary != vocabulary or corpus.fingerprint != told.value("fingerprint"):
        raise archive.error("is damaged: its data is not what its network has learned from.")
    return corpus


def _arrays(values: Mapping[str, Any], prefix: str) -> dict[str, Any]:
    kept = {name: value for name, value in values.items() if isinstance(value, np.ndarray)}
    return {prefix + name: array for name, array in kept.items()}


def _without_arrays(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if not isinstance(value, np.ndarray)}
