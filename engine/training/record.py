"""The record of a run: what it was started with, and everything that was done to it."""

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

from engine.nn.parameters import Parameters
from engine.storage.validated_mapping import (
    ValidatedMapping,
    dataclass_from_json,
    dataclass_to_json,
    finite,
)
from engine.training.recipes import RECIPES
from engine.training.settings import Hyperparameters, RunSettings

EventKind = Literal[
    "turn", "turn back", "diverged", "roll back", "roll back and halve the rate", "go on"
]
"""What an entry tells of; a "diverged" is nobody's deed, but whoever repeats the run meets it."""

_COUNTS = 2**53


@dataclass(frozen=True)
class Change:
    """One thing that was changed.

    Attributes
    ----------
    name : str
        A field of `engine.training.settings.Hyperparameters`; "step" where the network went back.
    before, after : number, str, tuple of int or None
    """

    name: str
    before: Any
    after: Any


@dataclass(frozen=True)
class Event:
    """Something that was done to a run, between two steps.

    Attributes
    ----------
    step : int
        Steps made before it; several entries at one step were made in their order.
    what : EventKind
    changes : tuple of Change
    smoothed_loss : float or None
        The moving average before it, in nats per name. It holds a trace of every loss before, so
        that here shows between which entries a replay first differs.
    mark : int or None
        Of a change of widths that can be taken back: the place in the record, from 0, of the turn
        that began it. A "turn back" takes it back, a later "turn" goes on with it.
    """

    step: int
    what: EventKind
    changes: tuple[Change, ...]
    smoothed_loss: float | None
    mark: int | None = None

    def to_json(self) -> list[Any]:
        """Return it as JSON has it."""
        changes = [[change.name, change.before, change.after] for change in self.changes]
        marked = [] if self.mark is None else [self.mark]
        return [self.step, self.what, changes, self.smoothed_loss, *marked]

    @classmethod
    def from_json(cls, values: Any) -> "Event":
        """Return what `plain` made `values` of.

        Raises
        ------
        ValueError
            If nothing can have; the message names it.
        """
        if not isinstance(values, list) or not 4 <= len(values) <= 5:
            raise ValueError(f"An entry must be step, what, changes and loss, got {values!r}.")
        step, what, changes, loss, mark = values if len(values) == 5 else [*values, None]
        if type(step) is not int or not 0 <= step <= _COUNTS or what not in get_args(EventKind):
            raise ValueError(f"An entry must begin with a step and a deed, got {values!r}.")
        if mark is not None and (type(mark) is not int or not 0 <= mark <= _COUNTS):
            raise ValueError(f"An entry's mark must be a place in the record, got {mark!r}.")
        found = tuple(Change(str(name), _frozen(b), _frozen(a)) for name, b, a in changes)
        loss = None if loss is None else finite("smoothed_loss", loss)
        return cls(step, what, found, loss, mark)


@dataclass(frozen=True)
class Start:
    """The parameters that a run began with, where they were not drawn: a saved network's.

    Attributes
    ----------
    source : str
        What the network's file was called.
    step : int
        Steps that the network had made then.
    fingerprint : str
        The SHA-256 of the parameters' bytes, in hexadecimal.
    parameters : Parameters or None
        Read-only, for the run's own symbols; None where they are not at hand.
    """

    source: str
    step: int
    fingerprint: str
    parameters: Parameters | None = dataclasses.field(default=None, compare=False, repr=False)

    @classmethod
    def of(cls, source: str, step: int, parameters: Parameters) -> "Start":
        """Return a run's start, with a copy of its parameters."""
        import hashlib  # here, because it takes long, and a window is painted without it

        digest = hashlib.sha256(parameters.flat.tobytes()).hexdigest()
        return cls(source, step, digest, parameters.frozen_copy())

    def to_json(self) -> dict[str, Any]:
        """Return it as JSON has it: without the parameters."""
        return {"source": self.source, "step": self.step, "fingerprint": self.fingerprint}

    @classmethod
    def from_json(cls, values: Any, parameters: Parameters | None = None) -> "Start":
        """Return what `plain` made `values` of.

        Raises
        ------
        ValueError
            If nothing can have, or the parameters are others; the message names it.
        """
        stored = ValidatedMapping(values)
        source, step = str(stored.value("source")), stored.whole("step")
        wanted = str(stored.value("fingerprint"))
        if parameters is None:
            return cls(source, step, wanted)
        start = cls.of(source, step, parameters)
        if start.fingerprint != wanted:
            raise ValueError(f"fingerprint must be that of the parameters, got {wanted!r}.")
        return start


@dataclass(frozen=True)
class Record:
    """What a run was started with, and everything that was done to it.

    Attributes
    ----------
    source : str
        What the data was called.
    fingerprint : str
        Of the data; see `engine.data.fingerprint`.
    recipe : str
        A name in `engine.training.recipes.RECIPES`.
    settings : RunSettings
    hyperparameters : Hyperparameters
        Those it was started with.
    entries : tuple of Event
    start : Start or None
        What it began with, where that was not drawn.
    """

    source: str
    fingerprint: str
    recipe: str
    settings: RunSettings
    hyperparameters: Hyperparameters
    entries: tuple[Event, ...] = ()
    start: Start | None = None

    def to_json(self) -> dict[str, Any]:
        """Return it as JSON has it."""
        return {
            "source": self.source,
            "fingerprint": self.fingerprint,
            "recipe": self.recipe,
            "settings": dataclass_to_json(self.settings),
            "hyperparameters": dataclass_to_json(self.hyperparameters),
            "entries": [entry.to_json() for entry in self.entries],
            "start": self.start and self.start.to_json(),
        }

    @classmethod
    def from_json(cls, values: Any) -> "Record":
        """Return what `plain` made `values` of.

        Raises
        ------
        ValueError
            If nothing can have; the message names it.
        """
        stored = ValidatedMapping(values)
        recipe = stored.value("recipe")
        if recipe not in RECIPES:
            raise ValueError(f"recipe must be one of {', '.join(RECIPES)}, got {recipe!r}.")
        return cls(
            str(stored.value("source")),
            str(stored.value("fingerprint")),
            recipe,
            dataclass_from_json(RunSettings, stored.value("settings")),
            dataclass_from_json(Hyperparameters, stored.value("hyperparameters")),
            tuple(map(Event.from_json, stored.value("entries"))),
            Start.from_json(stored.value("start")) if "start" in stored else None,
        )


def changes_between(before: Hyperparameters, after: Hyperparameters) -> tuple[Change, ...]:
    """Return what differs, field by field."""
    was, is_now = dataclasses.asdict(before), dataclasses.asdict(after)
    return tuple(Change(name, was[name], is_now[name]) for name in was if was[name] != is_now[name])


def changed(before: Hyperparameters, changes: Sequence[Change]) -> Hyperparameters:
    """Return hyperparameters with changes made to them.

    Raises
    ------
    ValueError
        If a change is not one that can be made to them; the message names it.
    """
    after = dataclass_to_json(before) | {change.name: change.after for change in changes}
    return dataclass_from_json(Hyperparameters, after)


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
