"""Lanes as somebody types them: "cell=rnn; cell=gru; hidden=80,80, learning_rate=0.005".

Lanes are separated by semicolons, and what is set in a lane by commas or spaces. A comma after
which no other name and "=" follow belongs to the value. The names are those of the options of the
command line, with "_" or "-".
"""

import difflib
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from engine.racing.lane import SHARED_SETTINGS, Lane

_NAME_IN_TEXT = re.compile(r"([A-Za-z_][\w-]*)\s*=\s*")
_SEPARATORS = " ,\t\n"

_LIKENESS = 0.6
"""How alike an unknown name and one that there is must be, from 0 to 1."""


class LaneTextError(ValueError):
    """A text does not describe lanes. The message is a sentence that names the lane."""


@dataclass(frozen=True)
class _Setting:
    """A value that can be set in a lane.

    Attributes
    ----------
    field : str
        Of `Hyperparameters` or `RunSettings`.
    read : callable
        Returns the value that a text stands for; raises a ValueError.
    wanted : str
        What the text must be.
    """

    field: str
    read: Callable[[str], Any]
    wanted: str


def _unless(word: str, read: Callable[[str], Any]) -> Callable[[str], Any]:
    """Return a reader for which one word stands for None."""
    return lambda text: None if text == word else read(text)


def _widths(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split(","))


def _yes_or_no(text: str) -> bool:
    if text.lower() not in ("yes", "no"):
        raise ValueError
    return text.lower() == "yes"


def _numbers(*names: str) -> dict[str, _Setting]:
    return {name: _Setting(name, float, "a number") for name in names}


def _words(*names: str) -> dict[str, _Setting]:
    return {name: _Setting(name, str.lower, "a word") for name in names}


_SETTINGS: dict[str, _Setting] = {
    **_words("cell", "optimizer", "clipping", "schedule", "dtype", "backend"),
    "hidden": _Setting("widths", _widths, "whole numbers, such as 80 or 80,40"),
    **_numbers("learning_rate", "decay", "dropout", "l2", "balance"),
    "clip": _Setting("clip", _unless("off", float), "a number, or off"),
    "batch": _Setting("batch", int, "a whole number"),
    "embedding": _Setting("embedding", _unless("none", int), "a whole number, or none"),
    "both_directions": _Setting("both_directions", _yes_or_no, "yes or no"),
}
"""What can be set, by the names of the command line's options."""

LANE_SETTINGS = tuple(_SETTINGS)
"""The names of all that can be set in a lane."""


def lanes_of_text(text: str, base: Lane) -> tuple[Lane, ...]:
    """Return the lanes that a text describes, without titles.

    Parameters
    ----------
    text : str
    base : Lane
        What a lane has that does not say otherwise.

    Raises
    ------
    LaneTextError
        If it does not describe lanes.
    """
    parts = text.split(";")
    if len(parts) > 1 and not parts[-1].strip():
        parts.pop()  # a semicolon at the end
    return tuple(_lane_of(part, number, base) for number, part in enumerate(parts, start=1))


def sets_widths(text: str) -> bool:
    """Whether one of the lanes in a text sets the widths."""
    return any(name == "hidden" for name in _NAME_IN_TEXT.findall(text))


def _lane_of(part: str, number: int, base: Lane) -> Lane:
    found = list(_NAME_IN_TEXT.finditer(part))
    if not part.strip():
        raise LaneTextError(f"Lane {number} is empty. Write what it sets, such as cell=gru.")
    if not found or part[: found[0].start()].strip(_SEPARATORS):
        word = part[: found[0].start()] if found else part
        raise LaneTextError(
            f"In lane {number}, “{word.strip(_SEPARATORS)}” sets nothing. Write a name, = and a "
            "value, such as cell=gru."
        )
    ends = [each.start() for each in found[1:]] + [len(part)]
    values: dict[str, Any] = {}
    for match, end in zip(found, ends, strict=True):
        name = match[1].replace("-", "_").lower()
        setting = _setting(name, number)
        if setting.field in values:
            raise LaneTextError(f"Lane {number} sets {name} twice. Leave one out.")
        values[setting.field] = _value(setting, name, part[match.end() : end], number)
    try:
        return base.changed(**values)
    except ValueError as error:
        message = str(error).replace("widths", "hidden")
        raise LaneTextError(f"In lane {number}, {message}") from error


def _setting(name: str, number: int) -> _Setting:
    if name in _SETTINGS:
        return _SETTINGS[name]
    if name in SHARED_SETTINGS:
        raise LaneTextError(f"Lane {number} sets {name}, which must be the same in all lanes.")
    near = difflib.get_close_matches(name, _SETTINGS, n=1, cutoff=_LIKENESS)
    advice = f"Did you mean {near[0]}?" if near else f"There are {', '.join(_SETTINGS)}."
    raise LaneTextError(f"In lane {number}, nothing is called {name}. {advice}")


def _value(setting: _Setting, name: str, text: str, number: int) -> Any:
    text = text.strip(_SEPARATORS)
    try:
        if not text:
            raise ValueError
        return setting.read(text)
    except ValueError:
        raise LaneTextError(
            f"In lane {number}, {name} must be {setting.wanted}, got “{text}”."
        ) from None
