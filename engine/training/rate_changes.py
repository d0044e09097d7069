"""How events changed the learning rate: as it is set, and as it is in force."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields

import numpy as np

from engine.data.training_data import DataKind
from engine.training.curves.axis_quantity import AxisQuantity
from engine.training.curves.run_clock import RunClock
from engine.training.decay_start import decay_period
from engine.training.record import Change, Event, changed
from engine.training.settings import Hyperparameters

_FIELDS = frozenset(field.name for field in fields(Hyperparameters))
_RATE_FIELDS = frozenset(("learning_rate", "decay", "schedule"))
_DIGITS = 3
"""Of a rate in force, as people read it."""


@dataclass(frozen=True)
class Rate:
    """A learning rate.

    Attributes
    ----------
    in_force : float
        What the next step is made with.
    base : float
        What was set; the rate in force may have fallen from there.
    """

    in_force: float
    base: float

    @property
    def has_fallen(self) -> bool:
        """Whether the rate in force is another than the one that was set, as people read both."""
        return f"{self.in_force:.{_DIGITS}g}" != f"{self.base:.{_DIGITS}g}"

    def __str__(self) -> str:
        """Write the rate in force, and what was set if it has fallen from there."""
        if not self.has_fallen:
            return f"{self.base:g}"
        return f"{self.in_force:.{_DIGITS}g} (set to {self.base:g})"


@dataclass(frozen=True)
class RateChange:
    """The learning rate before an event and after it."""

    before: Rate
    after: Rate

    @property
    def is_visible(self) -> bool:
        """Whether people read another rate after the event than before it."""
        return str(self.before) != str(self.after)

    def __str__(self) -> str:
        """Write both: "0.00252 (set to 0.01) → 0.00504"."""
        return f"{self.before} → {self.after}"


@dataclass(frozen=True)
class RateCourse:
    """The learning rate in the course of a run.

    Attributes
    ----------
    changes : mapping of int to RateChange
        How events changed it, by the place of the event; without those that did not.
    now : Rate
        After the last step.
    """

    changes: Mapping[int, RateChange]
    now: Rate


def rate_course_of(
    initial: Hyperparameters,
    events: Sequence[Event],
    step: int,
    clock: RunClock,
    kind: DataKind,
    window: int | None,
) -> RateCourse | None:
    """Return the learning rate in the course of a run whose examples a clock has counted.

    Parameters
    ----------
    initial, events, step
        As in `rate_course`.
    clock : RunClock
    kind, window
        As in `engine.training.decay_start.decay_period`.

    Returns
    -------
    RateCourse or None
        None if the clock has counted nothing.
    """
    length = clock.epoch_length
    if not length:
        return None
    return rate_course(
        initial,
        events,
        step,
        lambda step: float(clock.amounts(AxisQuantity.EXAMPLES, np.array([step]))[0]),
        lambda schedule: decay_period(length, schedule, kind, window),
    )


def rate_course(
    initial: Hyperparameters,
    events: Sequence[Event],
    step: int,
    taken_at: Callable[[int], float],
    period: Callable[[str], float],
) -> RateCourse:
    """Return the learning rate in the course of a run.

    Parameters
    ----------
    initial : Hyperparameters
        At the beginning of the run.
    events : sequence of Event
        All of the run's.
    step : int
        Steps made.
    taken_at : callable
        Returns the examples that were taken when a number of steps had been made.
    period : callable
        Returns the examples of a pass over the data as a schedule counts them; see
        `engine.training.decay_start.decay_period`.
    """
    now, start, found = initial, 0, dict[int, RateChange]()
    for place, event in enumerate(events):
        sets = tuple(each for each in event.changes if each.name in _RATE_FIELDS)
        if not sets and event.decay_start is None:
            continue
        taken = max(taken_at(event.step), float(event.decay_start or 0), float(start))
        before = _rate(now, taken - start, period)
        now = changed(now, sets)
        start = start if event.decay_start is None else event.decay_start
        after = _rate(now, taken - start, period)
        if before != after or event.decay_start is not None:
            found[place] = RateChange(before, after)
    return RateCourse(found, _rate(now, max(taken_at(step) - start, 0.0), period))


def initial_hyperparameters(later: Hyperparameters, events: Sequence[Event]) -> Hyperparameters:
    """Return the hyperparameters before all events, from those at any time after some of them."""
    first: dict[str, Change] = {}
    for event in events:
        for change in event.changes:
            if event.kind != "set end" and change.name in _FIELDS:
                first.setdefault(change.name, change)
    undone = [Change(name, change.after, change.before) for name, change in first.items()]
    return changed(later, undone)


def _rate(hyperparameters: Hyperparameters, taken: float, period: Callable[[str], float]) -> Rate:
    """Return the rate after so many examples since it was set."""
    epoch = taken / period(hyperparameters.schedule)
    return Rate(hyperparameters.rate_at(epoch), hyperparameters.learning_rate)
