"""The checkpoints of a run as entries of its file, and back.

All arrays of a type are joined in one entry, so that the file has few. An array that several
checkpoints share is stored once. resources/docs/file-format.md describes the entries.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.nn.parameters import Parameters
from engine.storage.validated_mapping import (
    ValidatedMapping,
    dataclass_from_json,
    dataclass_to_json,
    shown,
)
from engine.training.history.checkpoints import MAX_COUNT, Checkpoint
from engine.training.history.trainer_state import TrainerState
from engine.training.ranges import MAX_STEPS
from engine.training.record import MAX_EVENTS
from engine.training.settings import Hyperparameters

Array = NDArray[Any]

MAX_FILE_BYTES = 16_000_000
"""Size of the checkpoints in a file, unless chosen otherwise."""

_MAX_TYPE = 20
"""Characters of the longest name of an array's type."""

_MAX_DIMENSIONS = 3

_LIST, _ARRAYS = "checkpoints", "checkpoints/"
_PARAMETERS = "parameters"


def checkpoint_entries(checkpoints: Iterable[Checkpoint]) -> dict[str, Any]:
    """Return the entries of checkpoints: arrays and JSON values by name; none if there are none."""
    joined = _JoinedArrays()
    listed = [
        {
            "step": each.step,
            "n_events": each.n_events,
            "is_marked": each.is_marked,
            "hyperparameters": dataclass_to_json(each.state.hyperparameters),
            _PARAMETERS: joined.add(each.state.parameters.flat),
            "arrays": {
                name: joined.add(value)
                for name, value in each.state.values.items()
                if isinstance(value, np.ndarray)
            },
            "values": {
                name: value
                for name, value in each.state.values.items()
                if not isinstance(value, np.ndarray)
            },
        }
        for each in checkpoints
    ]
    return {_LIST: listed} | joined.entries(_ARRAYS) if listed else {}


def read_checkpoints(
    listed: Any, arrays: Mapping[str, Array], latest: TrainerState
) -> tuple[Checkpoint, ...]:
    """Return the checkpoints in the entries of a file.

    Parameters
    ----------
    listed : JSON value
        The entry "checkpoints".
    arrays : mapping of str to array
        The entries whose names begin with "checkpoints/", without that.
    latest : TrainerState
        That of the run. It has what all checkpoints have in common.

    Raises
    ------
    ValueError
        If they are not checkpoints of that run; the message names what does not fit.
    """
    if not isinstance(listed, list) or len(listed) > MAX_COUNT:
        raise ValueError(
            f"checkpoints must be a list of at most {MAX_COUNT:,}, got {shown(listed)}."
        )
    split = _SplitArrays(arrays)
    found: list[Checkpoint] = []
    for entry in listed:
        if not isinstance(entry, dict):
            raise ValueError(f"A checkpoint must be an object, got {shown(entry)}.")
        read = _read_checkpoint(ValidatedMapping(entry), split, latest)
        before = found[-1] if found else None
        if before and (read.step, read.n_events) <= (before.step, before.n_events):
            raise ValueError("checkpoints must be in the order of their steps.")
        found.append(read)
    return tuple(found)


def _read_checkpoint(
    entry: ValidatedMapping, arrays: "_SplitArrays", latest: TrainerState
) -> Checkpoint:
    step = entry.whole("step", min(latest.step, MAX_STEPS))
    n_events = entry.whole("n_events", min(len(latest.events), MAX_EVENTS))
    if any(event.step > step for event in latest.events[:n_events]):
        raise ValueError(f"the checkpoint of step {step:,} has later events.")
    stored = entry.value("hyperparameters")
    if isinstance(stored, dict):  # the first runs of version 5 could not change their balance
        stored = {"balance": latest.initial_hyperparameters.balance} | stored
    hyperparameters = dataclass_from_json(Hyperparameters, stored)
    architecture = replace(latest.parameters.architecture, widths=hyperparameters.widths)
    flat = arrays.at(entry.value(_PARAMETERS))
    if flat.shape != (architecture.n_parameters,) or flat.dtype != architecture.numpy_dtype:
        raise ValueError(f"the checkpoint of step {step:,} has not the parameters of its network.")
    values, places = entry.value("values"), entry.value("arrays")
    if not isinstance(values, dict) or not isinstance(places, dict):
        raise ValueError("the values and arrays of a checkpoint must be objects.")
    values = values | {name: arrays.at(place) for name, place in places.items()}
    state = replace(
        latest,
        step=step,
        hyperparameters=hyperparameters,
        events=(),
        parameters=Parameters(architecture, flat),
        values=MappingProxyType(values),
    )
    return Checkpoint(state, n_events, entry.flag("is_marked"))


class _SplitArrays:
    """Returns the arrays that `_JoinedArrays` has joined; one that is shared is one object."""

    def __init__(self, arrays: Mapping[str, Array]) -> None:
        self._arrays = arrays
        self._found: dict[tuple[str, int, tuple[int, ...]], Array] = {}

    def at(self, place: Any) -> Array:
        """Return the array at a place that `_JoinedArrays.add` has returned; it is read-only."""
        if not isinstance(place, dict):
            raise ValueError(f"The place of an array must be an object, got {shown(place)}.")
        stored = ValidatedMapping(place)
        name, begin = stored.text("type", _MAX_TYPE), stored.whole("begin")
        sizes = stored.value("shape")
        if name not in self._arrays or not isinstance(sizes, list) or len(sizes) > _MAX_DIMENSIONS:
            raise ValueError(f"There is no array at {shown(place)}.")
        shape = tuple(ValidatedMapping({"shape": n}).whole("shape") for n in sizes)
        joined, size = self._arrays[name], math.prod(shape)
        if joined.ndim != 1 or begin + size > len(joined):
            raise ValueError(f"There is no array at {shown(place)}.")
        where = name, begin, shape
        if where not in self._found:
            self._found[where] = joined[begin : begin + size].reshape(shape)
        return self._found[where]


class _JoinedArrays:
    """Joins arrays of each type; equal objects are joined once."""

    def __init__(self) -> None:
        self._places: dict[int, dict[str, Any]] = {}  # by the array's id
        self._arrays: dict[str, list[Array]] = {}
        self._lengths: dict[str, int] = {}

    def add(self, array: Array) -> dict[str, Any]:
        """Add an array, and return its place as a JSON value."""
        known = self._places.get(id(array))
        if known is not None:
            return known
        name = array.dtype.name
        begin = self._lengths.get(name, 0)
        self._arrays.setdefault(name, []).append(array)
        self._lengths[name] = begin + array.size
        place = {"type": name, "begin": begin, "shape": list(array.shape)}
        self._places[id(array)] = place
        return place

    def entries(self, prefix: str) -> dict[str, Array]:
        """Return the joined arrays by their types."""
        return {
            prefix + name: np.concatenate([array.reshape(-1) for array in arrays])
            for name, arrays in self._arrays.items()
        }
