"""The entries of a run's file that describe the run and the state of its trainer."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np

from engine.nn.parameters import Parameters
from engine.runs.file_versions import upgrade
from engine.runs.saved_network import SavedNetwork
from engine.storage.archive import Archive, CheckpointError
from engine.storage.validated_mapping import (
    ValidatedMapping,
    dataclass_from_json,
    dataclass_to_json,
    shown,
)
from engine.training.ending import Until
from engine.training.history.trainer_state import TrainerState
from engine.training.recipes import RECIPES
from engine.training.record import (
    FINGERPRINT_CHARACTERS,
    MAX_ITEMS,
    Event,
    WarmStart,
    events_from_json,
)
from engine.training.settings import Hyperparameters, RunSettings


def state_entries(state: TrainerState) -> dict[str, Any]:
    """Return the entries that describe a run and the state of its trainer."""
    values = state.values
    run = without_arrays(values) | {
        "recipe": state.recipe.name,
        "settings": dataclass_to_json(state.settings),
        "initial_hyperparameters": dataclass_to_json(state.initial_hyperparameters),
        "hyperparameters": dataclass_to_json(state.hyperparameters),
        "initial_until": dataclass_to_json(state.initial_until),
    }
    entries = {"run": run, "record": [event.to_json() for event in state.events]}
    entries |= arrays_of(values, "run/")
    if state.warm_start is not None and state.warm_start.parameters is not None:
        run["warm_start"] = state.warm_start.to_json()
        entries["run/warm_start.parameters"] = state.warm_start.parameters.flat
    return entries


class DescribedRun(NamedTuple):
    """What a file says of a run, without its data and without the arrays of its extras."""

    state: TrainerState
    data: ValidatedMapping
    extras: dict[str, Any]


def read_described_run(archive: Archive, network: SavedNetwork) -> DescribedRun:
    """Return all that describes the run, checked as far as is possible without its data."""
    try:
        state = _read_state(archive, network, upgrade(_run_entries(archive)))
        check_counts(state)
        data = ValidatedMapping(archive.json("data", may_name_files=True))
        data.file_name("source")
        data.text("fingerprint", FINGERPRINT_CHARACTERS)
    except CheckpointError:
        raise
    except ValueError as error:
        raise archive.error(f"is damaged: {error}") from error
    return DescribedRun(state, data, archive.json("extras", may_name_files=True))


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


def check_counts(state: TrainerState) -> None:
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


def arrays_of(values: Mapping[str, Any], prefix: str) -> dict[str, Any]:
    """Return those values that are arrays, by their names with a prefix."""
    kept = {name: value for name, value in values.items() if isinstance(value, np.ndarray)}
    return {prefix + name: array for name, array in kept.items()}


def without_arrays(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return those values that are no arrays, by their names."""
    return {name: value for name, value in values.items() if not isinstance(value, np.ndarray)}
