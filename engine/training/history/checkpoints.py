"""Checkpoints: states of a run at many of its steps, in a bounded memory.

From the nearest one before it, any step of a run can be reached again to the bit; see
`engine.runs.reach`.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.training.history.trainer_state import TrainerState
from engine.training.record import Event

Array = NDArray[Any]

MAX_BYTES = 64_000_000
"""Memory for the checkpoints of a run, unless chosen otherwise."""

MAX_COUNT = 100_000
"""Most checkpoints of a run. A file with more is refused."""

SPACING = 250
"""Steps between two checkpoints, as long as there is room for them all.

A copy of an RNN of 50 units takes as long as one or two of its steps.
"""

_QUICK_SPACING = 2_000
"""The most of these steps where steps are quick.

A checkpoint of an RNN of 50 units takes as long as 30 quick steps; 2,000 are made again in 40 ms.
"""

_QUICK_WORK = 12_000_000
"""A larger network has fewer between two: at most so many, times its number of parameters."""

_VALUES_BYTES = 4_000
"""Memory for everything in a checkpoint that is no array."""

_SMALL_BYTES = 1_000
"""Arrays below this size are not compared with others."""

_FIRST = 64
"""Entries or rows that are compared before all of an array."""


@dataclass(frozen=True)
class Checkpoint:
    """The state of a run after a step.

    Attributes
    ----------
    state : TrainerState
        Without its events.
    n_events : int
        How many events of the run's record had happened.
    is_marked : bool
        Whether something happened here, so that it is kept rather than others.
    """

    state: TrainerState
    n_events: int
    is_marked: bool = False

    @property
    def step(self) -> int:
        """Steps made."""
        return self.state.step

    @property
    def arrays(self) -> Iterator[Array]:
        """All arrays of the state. Several checkpoints may share one of them."""
        yield self.state.parameters.flat
        for value in self.state.values.values():
            if isinstance(value, np.ndarray):
                yield value

    def state_in(self, events: Sequence[Event]) -> TrainerState:
        """Return the complete state, given all events of the run's record."""
        return replace(self.state, events=tuple(events[: self.n_events]))


class Checkpoints:
    """Keeps checkpoints of one run, the earliest first.

    While there is room, one is taken every `SPACING` steps, more rarely where steps are quick, and
    besides at every event, at every best held-out loss, and at the beginning. When there is no room
    left, the spacing is doubled: of those between two marked ones, every second is dropped. If the
    marked ones alone are too many, those closest to their neighbours are dropped. So the longest
    way from a checkpoint to a step grows with the length of the run, and the memory does not.

    Arrays that are equal in several checkpoints, such as those of the best network, are stored
    once.

    Parameters
    ----------
    checkpoints : iterable of Checkpoint
        Earlier ones of the run, in order, as others have kept them: equal arrays are shared.
    max_bytes : int
        Bound of the memory.
    max_count : int
        Bound of their number.

    Attributes
    ----------
    spacing : int
        Steps between two checkpoints that are not marked.
    n_bytes : int
        Memory of all checkpoints.
    """

    def __init__(
        self,
        checkpoints: Iterable[Checkpoint] = (),
        max_bytes: int = MAX_BYTES,
        max_count: int = MAX_COUNT,
    ) -> None:
        self._max_bytes = max_bytes
        self._max_count = max_count
        self.spacing = SPACING
        self.n_bytes = 0
        self._kept: list[Checkpoint] = []
        self._uses: Counter[int] = Counter()  # of each array, by its id
        self._too_large: int | None = None  # parameters of a network that there is no room for
        for each in checkpoints:
            self._add(each)
        self._thin_out()

    def __len__(self) -> int:
        return len(self._kept)

    def __iter__(self) -> Iterator[Checkpoint]:
        return iter(tuple(self._kept))

    def is_due(self, step: int, n_parameters: int, *, is_quick: bool = False) -> bool:
        """Whether one is to be taken after a step at which nothing has happened.

        Parameters
        ----------
        step : int
        n_parameters : int
            Of the network.
        is_quick : bool
            Whether steps are made many at once, by compiled kernels.
        """
        spacing = max(self.spacing, _quick_spacing(n_parameters) if is_quick else 0)
        return not step % spacing and self.has_room_for(n_parameters)

    def has_room_for(self, n_parameters: int) -> bool:
        """Whether a network is small enough for a checkpoint."""
        return self._max_count != 0 and (self._too_large is None or n_parameters < self._too_large)

    def take(self, state: TrainerState, *, is_marked: bool = False) -> None:
        """Keep a state as a checkpoint. One of the same step and events is replaced.

        Parameters
        ----------
        state : TrainerState
            The latest of the run.
        is_marked : bool
            Whether something happened here.
        """
        n_events = len(state.events)
        taken = Checkpoint(replace(state, events=()), n_events, is_marked)
        last = self._kept[-1] if self._kept else None
        if last is not None and (last.step, last.n_events) == (taken.step, taken.n_events):
            if last.is_marked or not is_marked:
                return
            self._drop(len(self._kept) - 1)
        self._add(self._sharing(taken))
        self._thin_out()
        if not self._kept:
            self._too_large = state.parameters.flat.size

    def _add(self, checkpoint: Checkpoint) -> None:
        self._kept.append(checkpoint)
        self.n_bytes += _VALUES_BYTES
        for array in checkpoint.arrays:
            if not self._uses[id(array)]:
                self.n_bytes += array.nbytes
            self._uses[id(array)] += 1

    def _drop(self, index: int) -> None:
        dropped = self._kept.pop(index)
        self.n_bytes -= _VALUES_BYTES
        for array in dropped.arrays:
            self._uses[id(array)] -= 1
            if not self._uses[id(array)]:
                del self._uses[id(array)]
                self.n_bytes -= array.nbytes

    def _sharing(self, checkpoint: Checkpoint) -> Checkpoint:
        """Return a checkpoint with the arrays that it and the one before have in common."""
        state = checkpoint.state
        known = list(self._kept[-1].arrays) if self._kept else []
        known.append(state.parameters.flat)
        values = {}
        for name, value in state.values.items():
            if isinstance(value, np.ndarray) and value.nbytes >= _SMALL_BYTES:
                values[name] = _same_or(value, known)
                known.append(values[name])
            else:
                values[name] = value
        return replace(checkpoint, state=replace(state, values=MappingProxyType(values)))

    @property
    def _is_too_much(self) -> bool:
        return self.n_bytes > self._max_bytes or len(self._kept) > self._max_count

    def _thin_out(self) -> None:
        """Drop checkpoints until there is room for the others."""
        best = _best_step(self._kept[-1]) if self._kept else None
        while self._is_too_much and any(self._is_extra(each, best) for each in self._kept):
            self.spacing *= 2
            for index in range(len(self._kept) - 1, -1, -1):
                each = self._kept[index]
                if self._is_extra(each, best) and each.step % self.spacing:
                    self._drop(index)
        while self._is_too_much:
            self._drop(self._closest())

    def _is_extra(self, checkpoint: Checkpoint, best: int | None) -> bool:
        return not checkpoint.is_marked and checkpoint.step not in (0, best)

    def _closest(self) -> int:
        """Return the index of the checkpoint that is missed least: the first is missed most."""
        steps = [each.step for each in self._kept]
        if len(steps) < 3:
            return len(steps) - 1
        return min(range(1, len(steps) - 1), key=lambda i: steps[i + 1] - steps[i - 1])


def _quick_spacing(n_parameters: int) -> int:
    """Return the steps from one checkpoint to the next where steps are quick."""
    spacing = SPACING
    while spacing < _QUICK_SPACING and 2 * spacing * n_parameters <= _QUICK_WORK:
        spacing *= 2
    return spacing


def _same_or(array: Array, known: Iterable[Array]) -> Array:
    """Return the first of the known arrays that is equal to an array, or else the array."""
    for each in known:
        if each is array:
            return each
        if each.shape != array.shape or each.dtype != array.dtype:
            continue
        # Arrays that differ mostly do so at once, and to compare all of two takes longest.
        if np.array_equal(each[:_FIRST], array[:_FIRST]) and np.array_equal(each, array):
            return each
    return array


def _best_step(checkpoint: Checkpoint) -> int | None:
    """Return the step of the best held-out loss so far; None if nothing was measured."""
    measured = checkpoint.state.values.get("best.measured")
    return None if measured is None else int(measured[0, 0])
