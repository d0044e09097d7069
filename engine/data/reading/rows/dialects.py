"""How the cells of a table are separated and enclosed, and how that is recognised."""

import io
import re
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from engine.data.reading.columns import HEADER_WORDS
from engine.data.reading.layout import Head
from engine.data.reading.rows.markdown import is_markdown_table, markdown_rows
from engine.data.training_data import CorpusError

DELIMITERS = {"\t": "tabs", ",": "commas", ";": "semicolons", "|": "bars"}
"""What separates columns, in the order in which it is tried, and its name."""

_TABLE_SUFFIXES = (".csv", ".tsv", ".tab")
_HEAD_ROWS = 500
_SAME_WIDTH = {True: 0.8, False: 0.98}
"""Share of the rows with the same number of columns, by whether the suffix is that of a table."""

_MOST_CELL_WORDS = 6.0
_SINGLE_QUOTED_SHARE = 0.9
"""Where single quotes enclose cells, at least so many rows have such a cell."""

_MOST_SEARCHED = 1_000
"""Characters of a line in which a cell in single quotes is looked for."""

_HINT = re.compile(r"sep=([^\n])\n", re.IGNORECASE)
"""Excel's first line, which says what separates the columns."""

_ADVICE = "Correct it, or choose the layout “names” to learn the lines as they stand."


@dataclass(frozen=True)
class Dialect:
    """How the cells of a table are separated.

    Attributes
    ----------
    delimiter : str
    quote : str or None
        What encloses cells. None if nothing does.
    is_markdown : bool
        Whether it is a table in Markdown.
    """

    delimiter: str
    quote: str | None = '"'
    is_markdown: bool = False

    def rows(self, text: str, *, is_whole: bool = False) -> Iterator[list[str]]:
        """Yield the rows that are not blank, but for Excel's first line.

        Parameters
        ----------
        text : str
        is_whole : bool
            Whether it is an error that a cell does not end.

        Raises
        ------
        CorpusError
            If a cell is far too long, or does not end, because of a quotation mark.
        """
        if self.is_markdown:
            yield from markdown_rows(text)
            return
        begin = last = 0
        row: list[str] = []
        reader = self._reader(text)
        try:
            for row in reader:
                if row and (last or begin or not _HINT.match(text)):
                    yield row
                last, begin = begin, reader.line_num
        except _csv().Error as error:
            raise CorpusError(
                f"A cell in line {begin + 1:,} has more than {_csv().field_size_limit():,} "
                f"characters. Is a quotation mark there not closed? {_ADVICE}"
            ) from error
        if is_whole and row and "\n" in row[-1] and self._is_open(text[_place(text, last) :]):
            raise CorpusError(f"A quotation mark in line {last + 1:,} is not closed. {_ADVICE}")

    def complete_rows(self, text: str) -> str:
        """Return a text that has been cut without its last row if a cell in it does not end."""
        if self.is_markdown or self.quote is None or self.quote not in text:
            return text
        begin = last = 0
        reader = self._reader(text)
        try:
            for _ in reader:
                last, begin = begin, reader.line_num
        except _csv().Error:
            return text
        place = _place(text, last)
        return text[:place] if place and self._is_open(text[place:]) else text

    def _is_open(self, row: str) -> bool:
        """Tell whether the last cell of a row does not end."""
        try:
            deque(self._reader(row, is_strict=True), maxlen=0)
        except _csv().Error as error:
            return str(error).startswith("unexpected end")
        return False

    def _reader(self, text: str, *, is_strict: bool = False) -> Any:
        csv = _csv()
        return csv.reader(
            io.StringIO(text, newline=""),
            delimiter=self.delimiter,
            quotechar=self.quote,
            quoting=csv.QUOTE_NONE if self.quote is None else csv.QUOTE_MINIMAL,
            skipinitialspace=self.delimiter != "\t",
            strict=is_strict,
        )


def dialect_of(head: Head) -> Dialect | None:
    """Return how the columns of a table are separated, or None if it is none."""
    if is_markdown_table(head.text):
        return Dialect("|", quote=None, is_markdown=True)
    hint = _HINT.match(head.text)
    if hint is not None:
        return dialect_with(hint[1], head)
    is_named_so = head.suffix in _TABLE_SUFFIXES
    for delimiter in DELIMITERS:
        if delimiter not in head.text:
            continue
        dialect = dialect_with(delimiter, head)
        try:
            rows = list(islice(dialect.rows(head.text), _HEAD_ROWS))
        except CorpusError:
            continue
        if _is_table(rows, delimiter, is_named_so, head):
            return dialect
    if is_named_so and head.lines and head.lines[0].lower() in HEADER_WORDS:
        return Dialect(",")  # a single column
    return None


def dialect_with(delimiter: str, head: Head) -> Dialect:
    """Return the dialect of a table whose columns are separated by `delimiter`.

    Quotation marks enclose nothing if they would join lines of a table with tabs, or if one of
    them is not closed and the rows are those of a table without it.
    """
    text = head.text
    dialect = Dialect(delimiter)
    if delimiter == "|" and is_markdown_table(text):
        return Dialect("|", quote=None, is_markdown=True)
    if '"' not in text:
        return Dialect(delimiter, "'") if _has_single_quotes(text, delimiter) else dialect
    plain = Dialect(delimiter, quote=None)
    if delimiter == "\t":
        return plain if _joins_lines(dialect, text) else dialect
    is_open = head.is_whole and dialect.complete_rows(text) != text
    widths = {len(row) for row in plain.rows(text)} if is_open else set()
    return plain if len(widths) == 1 else dialect


def _joins_lines(dialect: Dialect, text: str) -> bool:
    try:
        return any("\n" in cell for row in dialect.rows(text) for cell in row)
    except CorpusError:
        return True


def _has_single_quotes(text: str, delimiter: str) -> bool:
    """Tell whether nearly every row has a cell in single quotes."""
    if "'" not in text:
        return False
    cut = re.escape(delimiter)
    cell = re.compile(rf"(?:^|{cut}) *'[^'\n]*(?:''[^'\n]*)*' *(?={cut}|$)")
    lines = [line for line in text.split("\n", _HEAD_ROWS)[:_HEAD_ROWS] if line.strip()]
    enclosed = sum(1 for line in lines if cell.search(line[:_MOST_SEARCHED]))
    return enclosed >= max(2, _SINGLE_QUOTED_SHARE * (len(lines) - 1))  # but for the header


def _is_table(rows: Sequence[Sequence[str]], delimiter: str, is_named_so: bool, head: Head) -> bool:
    if not head.is_whole and len(rows) > 2:
        rows = rows[:-1]  # the last one may be cut
    first = [cell.strip().lower() for cell in rows[0]] if rows else []
    if is_named_so and len(first) > 1 and any(cell in HEADER_WORDS for cell in first):
        return len(rows) > 1 or all(cell in HEADER_WORDS for cell in first)
    widths = Counter(map(len, rows))
    if len(rows) < 2:
        return False
    width, count = widths.most_common(1)[0]
    if width < 2 or count < _SAME_WIDTH[is_named_so] * len(rows):
        return False
    if is_named_so:
        return True
    # “Bad Homburg, Germany” on each line is a name with a comma, and verse has commas, too.
    is_prose = all(line.count(delimiter) == line.count(f"{delimiter} ") for line in head.lines)
    if width == 2 and delimiter == "," and is_prose and '"' not in head.text:
        return False
    words = sum(len(cell.split()) for row in rows for cell in row)
    return words <= _MOST_CELL_WORDS * len(rows) * width


def _place(text: str, n_lines: int) -> int:
    """Return where a text goes on after so many lines."""
    place = 0
    for _ in range(n_lines):
        place = text.index("\n", place) + 1
    return place


def _csv() -> Any:
    import csv  # slow to import, and the window is painted without it

    return csv
