"""The layout of a list of names: one per line, perhaps with numbers, bullets or comments."""

import re
from collections.abc import Sequence
from typing import Literal

from engine.data.reading.choices import ReadingChoices
from engine.data.reading.documents import is_tune
from engine.data.reading.layout import Entries, Head
from engine.data.reading.list_marks import (
    list_with_marks,
    names_per_line,
    names_without_quotes,
)
from engine.data.training_data import MAX_NAME_LENGTH, OnProgress

# What the mean line of a list of names has at most.
_NAME_CHARACTERS = 30
_NAME_SPACES = 2.0

_HEAD_CHARACTERS = 1 << 16

_TAG = re.compile(r"</?[a-zA-Z!?]")
_MARKUP_SHARE = 0.5
"""Of the lines of HTML or XML, at least so many have a tag."""


class NameList:
    """A list of names."""

    name = "names"
    title = "Names, one per line"
    kind: Literal["names"] = "names"
    suffixes = (".txt", ".names", ".md")

    def recognises(self, head: Head) -> bool:
        """Tell a list of names from a running text.

        It is a list of names if no line is longer than a name may be, and its lines are short and
        have few spaces: on average at most 30 characters, and fewer than 2 spaces between words.
        A line of verse has five or more; a list of places or of people seldom has two. Marks and
        comments do not count. It is also one if there are several names on a line.
        """
        if not head.lines:
            return head.is_whole
        if _is_markup(head.lines) or is_tune(head.text, head.name):
            return False
        if names_per_line(head) is not None:
            return True
        lines = [line for line in list_with_marks(head.lines).names if line.strip()]
        if not lines:
            return False
        characters = sum(map(len, lines)) / len(lines)
        spaces = sum(len(line.split()) - 1 for line in lines) / len(lines)
        is_short = characters <= _NAME_CHARACTERS and max(map(len, lines)) <= MAX_NAME_LENGTH
        return is_short and spaces < _NAME_SPACES

    def entries(self, text: str, choices: ReadingChoices, on_progress: OnProgress) -> Entries:
        """Return the lines; see `NamesLayout.entries`."""
        lines = text.removesuffix("\n").split("\n")
        if choices.layout == self.name:
            return Entries(lines, options=("layout",))
        separator = names_per_line(_beginning(text))
        if separator is not None:
            names, quotes = names_without_quotes(
                [each.strip() for line in lines for each in line.split(separator)]
            )
            return Entries(
                names,
                taken_for="a list with several names per line",
                details=(f"The names are separated by “{separator}”.", *quotes),
                options=("layout",),
            )
        return list_with_marks(lines)


def _is_markup(lines: Sequence[str]) -> bool:
    """Tell whether it is HTML or XML."""
    tagged = (line for line in lines if ">" in line and (_TAG.match(line) or "</" in line))
    return _TAG.match(lines[0]) is not None and sum(1 for _ in tagged) >= _MARKUP_SHARE * len(lines)


def _beginning(text: str) -> Head:
    is_whole = len(text) <= _HEAD_CHARACTERS
    return Head(text if is_whole else text[:_HEAD_CHARACTERS], "", is_whole)
