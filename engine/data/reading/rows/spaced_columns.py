"""Tables whose columns are separated by white space: aligned, or by two or more blanks or tabs."""

import re
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

from engine.data.reading.columns import HEADER_WORDS, share_of_numbers, share_of_words
from engine.data.reading.layout import Head

_GAP = re.compile(r" *\t\s*| {2,}\s*")
_CELL = re.compile(r"\S+(?: \S+)*")
_RULED = frozenset("-=+ \t")
"""What a line under a header has."""

_LEAST_ROWS = 3
_HEAD_LINES = 500
_SPLIT_BY_GAPS, _CLEAR, _SAME_WIDTH = 0.5, 0.8, 0.98
"""Shares of the lines: those with a gap between all columns; those whose cells are clear by gaps or
by where they stand, if columns are aligned; and if they are not.
"""

_NUMERIC, _WORDY = 0.9, 0.5
_CELL_WORDS, _CELL_WORDS_OF_TEXT = 3.0, 1.7
"""Words that the mean cell has at most; in a table without a number or a header, fewer."""

_DIFFERENT = 0.5
_LEAST_OF_A_CODE = 4
"""In a column of codes, such as f and m, each occurs so often on average."""


@dataclass(frozen=True)
class SpacedDialect:
    """Columns separated by white space; see `Dialect`.

    Attributes
    ----------
    width : int
        Number of columns.
    longest : int
        The place of the column with the longest cells, from 0. It takes the words that are too many
        where single blanks separate the columns of a line.
    gaps : tuple of (int, int)
        Where a blank lies between two columns, if they are aligned: from the first of these places
        to before the second. Otherwise empty.
    has_gaps : bool
        Whether two blanks or more, or tabs, separate the columns of most lines.
    """

    width: int
    longest: int
    gaps: tuple[tuple[int, int], ...] = ()
    has_gaps: bool = True
    delimiter: ClassVar[str] = " "
    quote: ClassVar[str | None] = None
    title: ClassVar[str] = "separated by spaces"
    has_header: ClassVar[bool | None] = None
    question: ClassVar[str] = ""

    def rows(
        self, text: str, *, is_whole: bool = False, unclosed: list[int] | None = None
    ) -> Iterator[list[str]]:
        """Yield the cells of each line; see `Dialect.rows`."""
        for line in text.split("\n"):
            if line.strip() and not _is_rule(line):
                yield self.cells(line)

    def complete_rows(self, text: str) -> str:
        """Return the text: each line is a row."""
        return text

    def cells(self, line: str) -> list[str]:
        """Return the cells of a line."""
        cells = _GAP.split(line.strip()) if self.has_gaps else []
        if len(cells) == self.width:
            return cells
        aligned = _cut(line, self.gaps) if self.gaps else None
        return aligned or _words(line, self.longest, self.width)


def spaced_dialect(head: Head) -> SpacedDialect | None:
    """Return how gaps of two blanks or more separate the columns of a table, or None."""
    lines = _rows_of(head)
    if len(lines) < _LEAST_ROWS:
        return None
    split = [_GAP.split(line.strip()) for line in lines]
    width, count = Counter(map(len, split)).most_common(1)[0]
    if width < 2 or count < _SPLIT_BY_GAPS * len(lines):
        return None
    rows = [cells for cells in split if len(cells) == width]
    with_gaps = [line for line, cells in zip(lines, split, strict=True) if len(cells) == width]
    gaps = _gaps_of(with_gaps, width)
    n_clear = sum(
        len(cells) == width or sum(map(bool, _cut(line, gaps) or ())) > 1
        for line, cells in zip(lines, split, strict=True)
    )
    if n_clear < (_CLEAR if gaps else _SAME_WIDTH) * len(lines) or not _is_table(rows, width):
        return None
    lengths = [sum(len(row[place]) for row in rows) for place in range(width)]
    return SpacedDialect(width, lengths.index(max(lengths)), gaps)


def single_spaced_dialect(head: Head) -> SpacedDialect | None:
    """Return how single blanks separate columns, or None: all but that of the names are clear.

    They have numbers, or codes: “Anna f 1200”.
    """
    lines = _rows_of(head)
    if len(lines) < _LEAST_ROWS:
        return None
    n_with_digits = sum(any(map(str.isdigit, line)) for line in lines)
    if n_with_digits < _NUMERIC * (len(lines) - 1):
        return None
    least = min(len(line.split()) for line in lines)
    for width in range(least, 2, -1):
        for place in range(width):
            rows = [_words(line, place, width) for line in lines]
            columns = list(zip(*rows, strict=True))
            others = columns[:place] + columns[place + 1 :]
            numeric = [_is_numeric(cells) for cells in others]
            are_clear = all(
                is_numeric or _are_codes(cells)
                for is_numeric, cells in zip(numeric, others, strict=True)
            )
            if any(numeric) and are_clear and _are_names(columns[place]):
                return SpacedDialect(width, place, has_gaps=False)
    return None


def _rows_of(head: Head) -> list[str]:
    written = [line.rstrip() for line in head.text.split("\n", _HEAD_LINES)[:_HEAD_LINES]]
    lines = [line for line in written if line and not _is_rule(line)]
    return lines if head.is_whole else lines[:-1]  # the last one may be cut


def _gaps_of(lines: Sequence[str], width: int) -> tuple[tuple[int, int], ...]:
    """Return where the columns of lines with gaps are apart; nothing if they are not aligned."""
    if any("\t" in line for line in lines):
        return ()
    begins, ends = [sys.maxsize] * width, [0] * width
    for line in lines:
        for place, found in enumerate(_CELL.finditer(line)):
            begins[place] = min(begins[place], found.start())
            ends[place] = max(ends[place], found.end())
    gaps = tuple(zip(ends[:-1], begins[1:], strict=True))
    return gaps if all(begin < end for begin, end in gaps) else ()


def _cut(line: str, gaps: Sequence[tuple[int, int]]) -> list[str] | None:
    """Return the cells of a line by where they stand; None if there is no blank between two."""
    cells, begin = [], 0
    for first, end in gaps:
        place = next((p for p in range(first, end) if line[p : p + 1] in (" ", "")), None)
        if place is None:
            return None
        cells.append(line[begin:place].strip())
        begin = place
    return [*cells, line[begin:].strip()]


def _is_table(rows: Sequence[Sequence[str]], width: int) -> bool:
    """Tell a table by short cells, a column of words, and one of numbers or a header.

    Without these two, its cells must be shorter still: verse may have a gap in each line.
    """
    columns = [[row[place] for row in rows if place < len(row)] for place in range(width)]
    if not any(share_of_words(cells[1:]) >= _WORDY for cells in columns):
        return False
    words = [sum(len(cell.split()) for cell in cells) / len(cells) for cells in columns]
    has_header = any(cell.strip().lower() in HEADER_WORDS for cell in rows[0])
    has_numbers = any(_is_numeric(cells) for cells in columns)
    return max(words) <= (_CELL_WORDS if has_header or has_numbers else _CELL_WORDS_OF_TEXT)


def _words(line: str, place: int, width: int) -> list[str]:
    """Return the words of a line, of which one column takes those that are too many."""
    words = line.split()
    end = len(words) - (width - 1 - place)
    if end <= place:  # a cell is missing
        return words + [""] * (width - len(words))
    return [*words[:place], " ".join(words[place:end]), *words[end:]]


def _are_names(cells: Sequence[str]) -> bool:
    """Tell whether a column has short names, most of them different."""
    words = sum(len(cell.split()) for cell in cells)
    are_different = len(set(cells)) >= _DIFFERENT * len(cells)
    return are_different and share_of_words(cells) >= _WORDY and words <= _CELL_WORDS * len(cells)


def _are_codes(cells: Sequence[str]) -> bool:
    """Tell whether few different words stand in a column, each of them often."""
    found = set(cells[1:])
    return len(found) * _LEAST_OF_A_CODE <= len(cells) and all(map(str.isalnum, found))


def _is_numeric(cells: Sequence[str]) -> bool:
    """Tell whether a column has numbers, the header left out."""
    return len(cells) > 1 and share_of_numbers(cells[1:]) >= _NUMERIC


def _is_rule(line: str) -> bool:
    """Tell whether a line stands only to be seen, as under a header."""
    return ("--" in line or "==" in line) and _RULED.issuperset(line)
