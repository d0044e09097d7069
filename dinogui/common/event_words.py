"""Words for the events of a run: what was changed, from what to what."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from dinogui.common.words import (
    BACKEND_WORDS,
    CLIPPING_WORDS,
    HYPERPARAMETER_WORDS,
    OPTIMIZER_WORDS,
    SCHEDULE_WORDS,
    units_text,
)
from engine.training.rate_changes import RateChange
from engine.training.record import Change, Event, EventKind

EVENT_WORDS: dict[EventKind, str] = {
    "set hyperparameters": "",
    "undo resize": "resize undone",
    "diverged": "diverged: the loss was no longer a number",
    "roll back": "rolled back to the last good network",
    "roll back and halve the rate": "rolled back to the last good network",
    "go on": "went on with the network that diverged",
    "go to best": "went back to the best network",
    "undo go to best": "going back to the best network undone",
    "set end": "",
    "go back": "went back to the last healthy network",
    "go back and halve the rate": "went back to the last healthy network",
    "undo go back": "going back undone",
}
"""What happened. Where it is empty, the changes say it all."""

_END_WORDS = {
    "steps": "end after steps",
    "minutes": "end after minutes",
    "loss": "end at a loss",
    "patience": "end without a better loss",
}
_CHOICES = {
    "optimizer": OPTIMIZER_WORDS,
    "clipping": CLIPPING_WORDS,
    "schedule": SCHEDULE_WORDS,
    "backend": BACKEND_WORDS,
}
_NAMES = ("optimizer", "backend")
"""Choices whose words keep their capitals."""

RateChanges = Callable[[], Mapping[int, RateChange]]
"""Returns how events changed the learning rate, by their places among all."""

_NOTHING_CHANGED = "set again"
_RATE = "learning_rate"


def event_text(event: Event, rates: RateChange | None = None) -> str:
    """Describe an event: "learning rate 0.01 → 0.002", "went back to the best network".

    Parameters
    ----------
    event : Event
    rates : RateChange, optional
        How it changed the learning rate in force, if that is known. A rate in force that is not
        the one that is set has that beside it.
    """
    parts = [EVENT_WORDS.get(event.kind, event.kind)]
    parts += [_change_text(each) for each in event.changes if not (rates and each.name == _RATE)]
    if rates is not None and rates.is_visible:
        parts.append(f"{HYPERPARAMETER_WORDS[_RATE]} {rates}")
    text = ", ".join(filter(None, parts))
    return text or f"{HYPERPARAMETER_WORDS[_RATE]} {_NOTHING_CHANGED}"


def events_text(events: Sequence[Event], rates: Sequence[RateChange | None]) -> str:
    """Describe events that lie close together, a line for each; `rates` has one for each."""
    return "\n".join(
        f"step {event.step:,}: {event_text(event, change)}"
        for event, change in zip(events, rates, strict=True)
    )


def _change_text(change: Change) -> str:
    if change.name == "step":
        return f"step {_value_text(change.name, change.before)} → {change.after:,}"
    words = HYPERPARAMETER_WORDS | _END_WORDS
    values = (_value_text(change.name, value) for value in (change.before, change.after))
    return f"{words.get(change.name, change.name)} {' → '.join(values)}"


def _value_text(name: str, value: Any) -> str:
    if value is None:
        return "off" if name == "clip" else "none"
    if name in _CHOICES:
        return (
            _CHOICES[name].get(value, str(value)).lower()
            if name not in _NAMES
            else str(_CHOICES[name].get(value, value))
        )
    if isinstance(value, list | tuple):
        return units_text(tuple(value))
    if isinstance(value, int):
        return f"{value:,}"
    return f"{value:g}" if isinstance(value, float) else str(value)
