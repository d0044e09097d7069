"""Tables in Markdown: a header, a line of dashes, rows between bars, and perhaps text around.

Programs for databases print such tables, too, with “+” where lines cross.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import ClassVar

from engine.data.reading.wrapping import unwrapped

_DASHES = re.compile(r"\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?")
_BAR = re.compile(r"(?<!\\)\|")
_HEADING = re.compile(r"\s*#")
_HEAD_LINES = 1_000
_LEAST_SHARE = 0.5
"""Of the lines that are no headings, so many must belong to a table of Markdown, or it is text."""


def markdown_dialect(text: str) -> "MarkdownDialect | None":
    """Return the dialect of a table in Markdown, perhaps with headings and some text around."""
    if "|" not in text or "--" not in text:
        return None
    lines = text.split("\n", _HEAD_LINES)[:_HEAD_LINES]
    filled = [line for line in lines if line.strip() and not _HEADING.match(line)]
    table = list(_table_lines(lines))
    if len(table) < max(3, _LEAST_SHARE * len(filled)):
        return None
    return MarkdownDialect("drawn with lines") if "+" in table[1] else MarkdownDialect()


@dataclass(frozen=True)
class MarkdownDialect:
    """A table in Markdown; see `Dialect`.

    Attributes
    ----------
    title : str
        What people call it.
    """

    title: str = "in Markdown"
    delimiter: ClassVar[str] = "|"
    quote: ClassVar[str | None] = None
    has_header: ClassVar[bool | None] = True
    question: ClassVar[str] = ""

    def rows(
        self, text: str, *, is_whole: bool = False, unclosed: list[int] | None = None
    ) -> Iterator[list[str]]:
        """Yield the rows of the first table: the header, and those after its dashes."""
        for line in _table_lines(text.split("\n")):
            if not _is_dashes(line):
                yield [unwrapped(cell.strip().replace("\\|", "|")) for cell in _cells(line)]

    def complete_rows(self, text: str) -> str:
        """Return the text: each line is a row."""
        return text


def _table_lines(lines: list[str]) -> Iterator[str]:
    """Yield the lines of the first table, that of the dashes included."""
    for before, (header, dashes) in enumerate(pairwise(lines)):
        is_second = "|" in header and "-" in dashes and _is_dashes(dashes)
        if is_second and len(_cells(header)) == len(_cells(dashes.replace("+", "|"))):
            yield header
            yield dashes
            for line in lines[before + 2 :]:
                if "|" not in line:
                    return
                yield line
            return


def _is_dashes(line: str) -> bool:
    return _DASHES.fullmatch(line.strip().replace("+", "|")) is not None


def _cells(line: str) -> list[str]:
    """Return the cells of a row, which may begin and end with bars."""
    stripped = line.strip()
    cells = _BAR.split(stripped)
    has_last_bar = len(cells) > 1 and not cells[-1].strip()
    return cells[not cells[0].strip() : len(cells) - has_last_bar]
