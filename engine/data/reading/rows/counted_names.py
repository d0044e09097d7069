"""Lists with a number beside each name: “Anna: 12”, “Anna - 12”, “Anna (12)”, “12 Anna”."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from typing import ClassVar

from engine.data.reading.columns import HEADER_WORDS
from engine.data.reading.layout import Head
from engine.data.reading.list_marks import MARKS, mark_of, without_comments
from engine.data.reading.wrapping import unwrapped

BLANK = " "
"""The sign of a list in which only white space separates names and numbers."""

_NUMBER = r"[+-]?\d{1,15}(?:[ ,.'’]\d{3})*(?:[.,]\d+)?%?"
_AFTER = {
    ":": r"(?:\s*(?<!\d)[:：]|\s*[:：]\s)\s*{n}",  # but 12:30 is a time
    "=": r"\s*=>?\s*{n}",
    "-": r"\s+[-–—]+\s+{n}",
    "(": r"\s*[(\[]\s*{n}\s*[)\]]",
    "×": r"\s+[x×*]\s*{n}",
    ".": r"\s*(?:\.{{2,}}|…+|_{{2,}})\s*{n}",
    BLANK: r"\s+{n}",
}
_BEFORE = {
    ":": r"{n}\s*[:：]\s+",
    "=": r"{n}\s*=>?\s*",
    "-": r"{n}\s+[-–—]+\s+",
    "×": r"{n}\s*[x×*]\s+",
    BLANK: r"{n}\s+",
}
_LEAST_LINES = 3
_HEAD_LINES = 500
_SHARE, _SHARE_OF_BLANK = 0.9, 0.98
"""So many of the lines have a number. Where a blank alone says so, one must be surer."""

_MOST_WORDS, _MOST_CHARACTERS = 3.0, 30.0
"""What the mean name has at most."""

_DIFFERENT = 0.5
_ARE_COUNTS = (
    "Are the numbers beside the names counts? They are left out of the names. If they belong to "
    "them, choose “Names, one per line”."
)


@dataclass(frozen=True)
class CountedDialect:
    """A name and a number on each line; see `Dialect`.

    Attributes
    ----------
    delimiter : str
        The sign between them: a key of the patterns, such as ":" or "(".
    is_before : bool
        Whether the number stands before the name.
    mark : str or None
        What else each line begins with: a key of `list_marks.MARKS`.
    question : str
        What is not clear, in a sentence.
    """

    delimiter: str
    is_before: bool = False
    mark: str | None = None
    question: str = ""
    quote: ClassVar[str | None] = None
    title: ClassVar[str] = "a list with a number beside each name"
    has_header: ClassVar[bool | None] = None

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        number = f"(?P<number>{_NUMBER})"
        if self.is_before:
            return re.compile(rf"{_BEFORE[self.delimiter].format(n=number)}(?P<name>\S.*)")
        return re.compile(rf"(?P<name>\S.*?){_AFTER[self.delimiter].format(n=number)}")

    def rows(
        self, text: str, *, is_whole: bool = False, unclosed: list[int] | None = None
    ) -> Iterator[list[str]]:
        """Yield the name and the number of each line, in their order; see `Dialect.rows`."""
        lines = without_comments(text.split("\n"))
        for number, line in enumerate(filter(str.strip, lines)):
            bare = line.strip() if self.mark is None else MARKS[self.mark].sub("", line, 1).strip()
            cells = self.cells(bare)
            if cells is None:
                header = [each.strip() for each in bare.rpartition(self.delimiter)[::2]]
                is_header = number == 0 and any(each.lower() in HEADER_WORDS for each in header)
                cells = header if is_header and all(header) else self._ordered(bare, "")
            yield cells

    def complete_rows(self, text: str) -> str:
        """Return the text: each line is a row."""
        return text

    def cells(self, line: str) -> list[str] | None:
        """Return the name and the number of a line; None if it has not both."""
        found = self._pattern.fullmatch(line)
        return None if found is None else self._ordered(found["name"], found["number"])

    def _ordered(self, name: str, number: str) -> list[str]:
        name = name if self.mark is None else unwrapped(name)
        return [number, name] if self.is_before else [name, number]


def counted_dialect(head: Head, sign: str | None = None) -> CountedDialect | None:
    """Return how names and numbers stand on the lines of a file, or None if they do not.

    Parameters
    ----------
    head : Head
    sign : str, optional
        Consider only lists with this sign between names and numbers.
    """
    written = [line for line in head.text.split("\n", _HEAD_LINES)[:_HEAD_LINES] if line.strip()]
    written = list(without_comments(written if head.is_whole else written[:-1]))
    mark = mark_of(written)
    lines = [(line if mark is None else MARKS[mark].sub("", line, 1)).strip() for line in written]
    if len(lines) < _LEAST_LINES or sum(map(_has_digit, lines)) < _SHARE * (len(lines) - 1):
        return None
    for is_before, signs in ((False, _AFTER), (True, _BEFORE)):
        for each in signs if sign is None else [sign] * (sign in signs):
            dialect = CountedDialect(each, is_before, mark)
            pairs = [cells for line in lines if (cells := dialect.cells(line)) is not None]
            n_below = len(lines) - (dialect.cells(lines[0]) is None)  # below a header
            least = (_SHARE_OF_BLANK if each == BLANK else _SHARE) * n_below
            if len(pairs) < max(least, _LEAST_LINES):
                continue
            names = [cells[is_before] for cells in pairs]
            numbers = [cells[not is_before] for cells in pairs]
            if _are_names(names):
                is_clear = each != BLANK or _is_numbering(numbers) or _are_aligned(written)
                return replace(dialect, question="" if is_clear else _ARE_COUNTS)
    return None


def _is_numbering(numbers: Sequence[str]) -> bool:
    """Tell whether the numbers count the lines."""
    if not all(map(str.isdecimal, numbers)):
        return False
    return all(int(after) == int(before) + 1 for before, after in pairwise(numbers))


def _are_aligned(lines: Sequence[str]) -> bool:
    """Tell whether numbers at the beginning of the lines end at the same place, as in a table."""
    ends = {len(line) - len(line.lstrip().lstrip("0123456789")) for line in lines}
    return len(ends) == 1 and any(line.startswith("  ") for line in lines)


def _has_digit(line: str) -> bool:
    return any(map(str.isdigit, line))


def _are_names(cells: Sequence[str]) -> bool:
    """Tell whether what stands beside the numbers can be names: short, with letters, different."""
    with_letters = sum(any(map(str.isalpha, cell)) for cell in cells)
    words = sum(len(cell.split()) for cell in cells)
    return (
        with_letters >= _SHARE * len(cells)
        and words <= _MOST_WORDS * len(cells)
        and sum(map(len, cells)) <= _MOST_CHARACTERS * len(cells)
        and len(set(cells)) >= _DIFFERENT * len(cells)
    )
