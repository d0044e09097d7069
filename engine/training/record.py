"""The record of a run: what it began with, and every event that changed its course."""

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Literal, TypeVar, get_args

from engine.nn.architecture import MAX_HIDDEN, MAX_LAYERS
from engine.nn.parameters import Parameters
from engine.storage.validated_mapping import (
    ValidatedMapping,
    dataclass_from_json,
    dataclass_to_json,
    finite,
    is_text,
    shown,
)
from engine.training.ending import ENDLESS, Until
from engine.training.ranges import MAX_STEPS
from engine.training.recipes import RECIPES
from engine.training.settings import Hyperparameters, RunSettings

EventKind = Literal[
    "set hyperparameters",
    "undo resize",
    "diverged",
    "roll back",
    "roll back and halve the rate",
    "go on",
    "go to best",
    "undo go to best",
    "set end",
    "go back",
    "go back and halve the rate",
    "undo go back",
]
"""What happened. Nobody orders a "diverged", but a replay must meet it at the same step."""


Changeable = TypeVar("Changeable", Hyperparameters, Until)
"""What a person can change during a run."""

REPLACEMENTS: tuple[EventKind, ...] = (
    *("go back", "go back and halve the rate", "undo go back"),
    *("go to best", "undo go to best"),
)
"""Events that put another network of the run in the place of the present one."""

MAX_EVENTS = 101_000
"""Most events in the record of a run. A file with more is refused."""

RESERVED_EVENTS = 1_000
"""The last of them, which only a run itself may add: it can diverge at any time."""

MAX_ITEMS = 20 * MAX_EVENTS
"""Most items in a record as JSON. An event has 19 at most for each of its changes."""

_MAX_WORD = 100
"""Characters of the longest name or text in a change."""

FINGERPRINT_CHARACTERS = 64
"""Of a SHA-256 in hexadecimal."""

_MAX_CHANGES = 20
"""Changes of an event; there are fewer hyperparameters."""


@dataclass(frozen=True)
class Change:
    """A value that an event changed.

    Attributes
    ----------
    name : str
        A field of `engine.training.settings.Hyperparameters`, or "step" if the run went back. For
        "set end", a field of `engine.training.ending.Until`.
    before, after : number, str, tuple of int or None
    """

    name: str
    before: Any
    after: Any

    @classmethod
    def from_json(cls, values: Any) -> "Change":
        """Return the change that a JSON object describes.

        Raises
        ------
        ValueError
            If it describes none.
        """
        if not isinstance(values, dict) or values.keys() != {"name", "before", "after"}:
            raise ValueError(f"A change must have name, before and after, got {shown(values)}.")
        name = ValidatedMapping(values).text("name", _MAX_WORD)
        return cls(name, *(_changed_value(name, values[when]) for when in ("before", "after")))


@dataclass(frozen=True)
class Event:
    """Something that changed a run between two steps.

    Attributes
    ----------
    step : int
        Steps made before it. Events at the same step are in the order in which they happened.
    kind : EventKind
    changes : tuple of Change
    smoothed_loss : float or None
        The moving average before it, in nats per name. It depends on every loss so far, and so
        shows between which events a replay first differs.
    resize : int or None
        For a change of widths or layers that can be undone: the index in the record, from 0, of
        the event that began it. An "undo resize" undoes it, a later "set hyperparameters" continues
        it. An "undo resize" that removes a layer no longer known has its own index.
    decay_start : int or None
        Where the decay of the learning rate starts from now on, in examples taken; None if that
        stays the same. See `engine.training.decay_start`. Events of earlier versions have none, as
        the decay then always started at the beginning of the run.
    """

    step: int
    kind: EventKind
    changes: tuple[Change, ...]
    smoothed_loss: float | None
    resize: int | None = None
    decay_start: int | None = None

    def to_json(self) -> dict[str, Any]:
        """Return the event as a JSON object."""
        return dataclass_to_json(self)

    @classmethod
    def from_json(cls, values: Any) -> "Event":
        """Return the event that `to_json` made `values` of.

        Raises
        ------
        ValueError
            If `values` do not describe an event; the message names what is wrong.
        """
        if not isinstance(values, dict):
            raise ValueError(f"An event must be an object, got {shown(values)}.")
        stored = ValidatedMapping(values)
        kind = stored.value("kind")
        if kind not in get_args(EventKind):
            kinds = ", ".join(get_args(EventKind))
            raise ValueError(f"kind must be one of {kinds}, got {shown(kind)}.")
        return cls(
            stored.whole("step", most=MAX_STEPS),
            kind,
            tuple(map(Change.from_json, _list("changes", stored.value("changes"), _MAX_CHANGES))),
            stored.number_or_none("smoothed_loss"),
            stored.whole("resize", most=MAX_EVENTS) if "resize" in stored else None,
            stored.whole("decay_start") if "decay_start" in stored else None,
        )


@dataclass(frozen=True)
class WarmStart:
    """The initial parameters of a run that were taken from a saved network.

    Attributes
    ----------
    source : str
        Name of the network's file.
    step : int
        Steps that the network had made.
    fingerprint : str
        SHA-256 of the parameters' bytes, in hexadecimal.
    parameters : Parameters or None
        Read-only, for the run's own vocabulary; None if only the record is at hand.
    """

    source: str
    step: int
    fingerprint: str
    parameters: Parameters | None = dataclasses.field(default=None, compare=False, repr=False)

    @classmethod
    def of(cls, source: str, step: int, parameters: Parameters) -> "WarmStart":
        """Return a warm start with a copy of the parameters."""
        import hashlib  # here because the import is slow, and the window opens without it

        digest = hashlib.sha256(parameters.flat.tobytes()).hexdigest()
        return cls(source, step, digest, parameters.frozen_copy())

    def to_json(self) -> dict[str, Any]:
        """Return the warm start as a JSON object, without the parameters."""
        return {"source": self.source, "step": self.step, "fingerprint": self.fingerprint}

    @classmethod
    def from_json(cls, values: Any, parameters: Parameters | None = None) -> "WarmStart":
        """Return the warm start that `to_json` made `values` of.

        Raises
        ------
        ValueError
            If `values` do not describe one, or do not match the parameters; the message says
            what is wrong.
        """
        stored = ValidatedMapping(values)
        source, step = stored.file_name("source"), stored.whole("step", most=MAX_STEPS)
        fingerprint = stored.text("fingerprint", FINGERPRINT_CHARACTERS)
        if parameters is None:
            return cls(source, step, fingerprint)
        warm_start = cls.of(source, step, parameters)
        if warm_start.fingerprint != fingerprint:
            raise ValueError(f"fingerprint must be that of the parameters, got {fingerprint!r}.")
        return warm_start


@dataclass(frozen=True)
class Record:
    """Everything that is needed to repeat a run on the same data.

    Attributes
    ----------
    source : str
        Name of the data.
    fingerprint : str
        Of the data; see `engine.data.training_data.fingerprint`.
    recipe : str
        A name in `engine.training.recipes.RECIPES`.
    settings : RunSettings
    hyperparameters : Hyperparameters
        The initial ones.
    events : tuple of Event
    warm_start : WarmStart or None
        The initial parameters, if they were not drawn at random.
    until : Until
        When the run was to end, at its beginning.
    """

    source: str
    fingerprint: str
    recipe: str
    settings: RunSettings
    hyperparameters: Hyperparameters
    events: tuple[Event, ...] = ()
    warm_start: WarmStart | None = None
    until: Until = ENDLESS

    def to_json(self) -> dict[str, Any]:
        """Return the record as a JSON object."""
        return {
            "source": self.source,
            "fingerprint": self.fingerprint,
            "recipe": self.recipe,
            "settings": dataclass_to_json(self.settings),
            "hyperparameters": dataclass_to_json(self.hyperparameters),
            "events": [event.to_json() for event in self.events],
            "warm_start": self.warm_start and self.warm_start.to_json(),
            "until": dataclass_to_json(self.until),
        }

    @classmethod
    def from_json(cls, values: Any) -> "Record":
        """Return the record that `to_json` made `values` of.

        Raises
        ------
        ValueError
            If `values` do not describe a record; the message names what is wrong.
        """
        stored = ValidatedMapping(values)
        recipe = stored.value("recipe")
        if recipe not in RECIPES:
            raise ValueError(f"recipe must be one of {', '.join(RECIPES)}, got {shown(recipe)}.")
        return cls(
            stored.file_name("source"),
            stored.text("fingerprint", FINGERPRINT_CHARACTERS),
            recipe,
            dataclass_from_json(RunSettings, stored.value("settings")),
            dataclass_from_json(Hyperparameters, stored.value("hyperparameters")),
            events_from_json(stored.value("events")),
            WarmStart.from_json(stored.value("warm_start")) if "warm_start" in stored else None,
            dataclass_from_json(Until, stored.value("until")) if "until" in stored else ENDLESS,
        )


def events_from_json(values: Any) -> tuple[Event, ...]:
    """Return the events that a JSON list describes, in the order of their steps.

    Raises
    ------
    ValueError
        If it is not a list of at most `MAX_EVENTS` events in this order; the message names what is
        wrong.
    """
    events = tuple(map(Event.from_json, _list("events", values, MAX_EVENTS)))
    for before, after in pairwise(events):
        if after.step < before.step:
            raise ValueError(
                f"events must be in the order of their steps, got {after.step:,} after "
                f"{before.step:,}."
            )
    return events


def widths_at_last_step(
    events: Sequence[Event], step: int, widths: tuple[int, ...]
) -> tuple[int, ...]:
    """Return the widths with which a run made its last step; its losses belong to them.

    Parameters
    ----------
    events : sequence of Event
        All of the run.
    step : int
        Steps made.
    widths : tuple of int
        The present ones.
    """
    for event in reversed(events):
        if event.step < step:
            break
        for change in event.changes:
            if change.name == "widths":
                widths = change.before
    return widths


def changes_between(before: Changeable, after: Changeable) -> tuple[Change, ...]:
    """Return the fields that differ."""
    was, is_now = dataclasses.asdict(before), dataclasses.asdict(after)
    return tuple(Change(name, was[name], is_now[name]) for name in was if was[name] != is_now[name])


def changed(before: Changeable, changes: Sequence[Change]) -> Changeable:
    """Return hyperparameters, or an end, with changes applied to them.

    Raises
    ------
    ValueError
        If the result is not allowed; the message names the field.
    """
    after = dataclass_to_json(before) | {change.name: change.after for change in changes}
    return dataclass_from_json(type(before), after)


def network_step(step: int, events: Sequence[Event]) -> int:
    """Return the step whose network a run has after `step` steps.

    It is an earlier one if the run has gone back to it and has made no step since.
    """
    for event in reversed(events):
        if event.step != step or event.kind == "go on":
            break
        for change in event.changes:
            if change.name == "step":
                return int(change.after)
    return step


def _changed_value(name: str, value: Any) -> Any:
    """Return a value before or after a change: None, a number, a word, or a tuple of widths."""
    if isinstance(value, list | tuple):
        widths = _list(name, list(value), MAX_LAYERS)
        return tuple(ValidatedMapping({name: n}).whole(name, MAX_HIDDEN, 1) for n in widths)
    if value is None or is_text(value, _MAX_WORD):
        return value
    return finite(name, value)


def _list(name: str, value: Any, most: int) -> list[Any]:
    if not isinstance(value, list) or len(value) > most:
        raise ValueError(f"{name} must be a list of at most {most:,} values, got {shown(value)}.")
    return value
