"""How events changed the learning rate: as it is set, and as it is in force."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields

from engine.training.record import Change, Event, changed
from engine.training.settings import Hyperparameters

_FIELDS = frozenset(field.name for field in fields(Hyperparameters))
_RATE_FIELDS = frozenset(("learning_rate", "decay", "schedule"))


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


@dataclass(frozen=True)
class RateChange:
    """The learning rate before an event and after it."""

    before: Rate
    after: Rate


def rate_changes(
    initial: Hyperparameters,
    events: Sequence[Event],
    taken_at: Callable[[int], float],
    decay_period: Callable[[str], float],
) -> dict[int, RateChange]:
    """Return how events changed the learning rate.

    Parameters
    ----------
    initial : Hyperparameters
        At the beginning of the run.
    events : sequence of Event
        All of the run's.
    taken_at : callable
        Returns the examples that were taken when a number of steps had been made.
    decay_period : callable
        Returns the examples of a pass over the data as a schedule counts them; see
        `engine.training.decay_start.decay_period`.

    Returns
    -------
    dict of int to RateChange
        By the place of the event; without those that changed no learning rate.
    """
    now, start, found = initial, 0, dict[int, RateChange]()
    for place, event in enumerate(events):
        sets = tuple(each for each in event.changes if each.name in _RATE_FIELDS)
        if not sets and event.decay_start is None:
            continue
        taken = max(taken_at(event.step), float(event.decay_start or 0), float(start))
        before = _rate(now, taken - start, decay_period)
        now = changed(now, sets)
        start = start if event.decay_start is None else event.decay_start
        after = _rate(now, taken - start, decay_period)
        if before != after or event.decay_start is not None:
            found[place] = RateChange(before, after)
    return found


def initial_hyperparameters(later: Hyperparameters, events: Sequence[Event]) -> Hyperparameters:
    """Return the hyperparameters before all events, from those at any time after some of them."""
    first: dict[str, Change] = {}
    for event in events:
        for change in event.changes:
            if event.kind != "set end" and change.name in _FIELDS:
                first.setdefault(change.name, change)
    undone = [Change(name, change.after, change.before) for name, change in first.items()]
    return changed(later, undone)


def _rate(
    hyperparameters: Hyperparameters, taken: float, decay_period: Callable[[str], float]
) -> Rate:
    """Return the rate after so many examples since it was set."""
    epoch = taken / decay_period(hyperparameters.schedule)
    return Rate(hyperparameters.rate_at(epoch), hyperparameters.learning_rate)
