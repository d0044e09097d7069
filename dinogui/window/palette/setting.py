"""A value that can be set by typing its name and the value: "learning rate 0.003"."""

import math
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from dinogui.window.palette.entry import Entry
from dinogui.window.palette.fuzzy import match, starts_a_word

GROUP = "Set"
NUMBERS = re.compile(r"[-+]?[\d.,]\S*(?:\s+[\d,]\S*)*|off", re.IGNORECASE)
"""What looks like a value: numbers, or the word for none."""

_FILLING = {"set", "to", "=", "after"}
_LARGEST = 1e15
"""No whole number that can be set comes near it."""


@dataclass(frozen=True)
class Prepared:
    """What a typed value would do.

    Attributes
    ----------
    effect : str
        What happens at Enter, in a sentence.
    order : callable
        Does it. It may raise ValueError with a sentence for people; then nothing was done.
    """

    effect: str
    order: Callable[[], None]


@dataclass(frozen=True)
class Setting:
    """A value that can be typed.

    Attributes
    ----------
    key, title : str
    now : str
        The value in force, as text.
    prepare : callable
        Takes the typed value, and returns what it would do. It raises ValueError with a sentence
        if the value is not allowed.
    also : str
        More words to find it by.
    hint : str
        What to type after the name, in a sentence.
    pattern : re.Pattern
        What a typed value looks like.
    """

    key: str
    title: str
    now: str
    prepare: Callable[[str], Prepared]
    also: str = ""
    hint: str = "Type a number after it"
    pattern: re.Pattern[str] = NUMBERS

    @property
    def entry(self) -> Entry:
        """The entry that asks for a value."""
        return Entry(
            key=f"set/{self.key}",
            group=GROUP,
            title=f"{self.title}…",
            order=do_nothing,
            detail=f"Now {self.now}. {self.hint}",
            also=f"{self.also} value change",
            completion=f"{self.title.lower()} ",
        )

    def entry_for(self, typed: str) -> Entry:
        """Return the entry that sets a value, or says why it cannot be set."""
        try:
            prepared, reason = self.prepare(typed), ""
        except ValueError as error:
            prepared, reason = Prepared("", do_nothing), str(error)
        return Entry(
            key="",
            group=GROUP,
            title=f"{self.title}: {typed}",
            order=prepared.order,
            detail=prepared.effect,
            reason=reason,
        )


def typed_entries(settings: list[Setting], query: str) -> Iterator[Entry]:
    """Return an entry for each setting whose name and a value were typed, the best one first."""
    words = [word for word in query.replace("=", " = ").split() if word.lower() not in _FILLING]
    found = []
    for place in range(1, len(words)):
        name, value = " ".join(words[:place]), " ".join(words[place:])
        for setting in settings:
            if not setting.pattern.fullmatch(value):
                continue
            hit = match(name, setting.title)
            if hit is not None:
                found.append((hit.score, setting, value))
            elif all(starts_a_word(word, setting.also) for word in words[:place]):
                found.append((0.0, setting, value))
    for _, setting, value in sorted(found, key=lambda hit: -hit[0]):
        yield setting.entry_for(value)


def read_number(typed: str) -> float:
    """Read a number; a comma may stand in place of its point.

    Raises
    ------
    ValueError
        If it is none; the message is a sentence for people.
    """
    try:
        value = float(typed.replace(",", "."))
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise ValueError(f"“{typed}” is not a number.")
    return value


def read_whole(typed: str) -> int:
    """Read a whole number; commas may stand between its thousands.

    Raises
    ------
    ValueError
        If it is none; the message is a sentence for people.
    """
    is_grouped = re.fullmatch(r"[-+]?\d{1,3}(,\d{3})+", typed) is not None
    value = read_number(typed.replace(",", "") if is_grouped else typed)
    if abs(value) > _LARGEST or value != round(value):
        raise ValueError(f"“{typed}” is not a whole number.")
    return round(value)


def is_off(typed: str) -> bool:
    """Whether the word for no value was typed."""
    return typed.lower() == "off"


def do_nothing() -> None:
    """Stand for an order of an entry that cannot be chosen yet."""
