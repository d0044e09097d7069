"""How it is recognised what separates and encloses the cells of a table."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import islice

from engine.data.reading.columns import HEADER_WORDS, share_of_numbers
from engine.data.reading.layout import Head
from engine.data.reading.rows.counted_names import counted_dialect
from engine.data.reading.rows.csv_rows import CsvDialect
from engine.data.reading.rows.dialect import Dialect
from engine.data.reading.rows.markdown import MarkdownDialect, markdown_dialect
from engine.data.reading.rows.spaced_columns import (
    SpacedDialect,
    single_spaced_dialect,
    spaced_dialect,
)
from engine.data.training_data import CorpusError

DELIMITERS = {"\t": "tabs", ",": "commas", ";": "semicolons", "|": "bars"}
"""What separates columns, in the order in which it is tried, and its name."""

SPACES = SpacedDialect.delimiter
"""Stands for white space of any length between columns."""

_TABLE_SUFFIXES = (".csv", ".tsv", ".tab")
_HEAD_ROWS = 500
_SAME_WIDTH = {True: 0.8, False: 0.98}
"""Share of the rows with the same number of columns, by whether the suffix is that of a table."""

_MOST_CELL_WORDS = 6.0
_NUMERIC = 0.9
_SINGLE_QUOTED_SHARE = 0.9
"""Where single quotes enclose cells, at least so many rows have such a cell."""

_MOST_SEARCHED = 1_000
"""Characters of a line in which a cell in single quotes is looked for."""

_HINT = re.compile(r"sep=([^\n])\n", re.IGNORECASE)
"""Excel's first line, which says what separates the columns."""


def dialect_of(head: Head) -> Dialect | None:
    """Return how the columns of a table are separated, or None if it is none."""
    drawn = markdown_dialect(head.text)
    if drawn is not None:
        return drawn
    hint = _HINT.match(head.text)
    if hint is not None:
        return dialect_with(hint[1], head)
    spaced = spaced_dialect(head)
    is_named_so = head.suffix in _TABLE_SUFFIXES
    for delimiter in DELIMITERS:
        if delimiter not in head.text:
            continue
        dialect = dialect_with(delimiter, head)
        rows = _first_rows(dialect, head)
        if _is_table(rows, delimiter, is_named_so, head):
            # Between tabs there may be columns that blanks separate.
            is_wider = spaced is not None and spaced.width > max(map(len, rows))
            return spaced if delimiter == "\t" and is_wider else dialect
    if is_named_so and head.lines and head.lines[0].lower() in HEADER_WORDS:
        return CsvDialect(",")  # a single column
    return spaced or _of_single_blanks(head)


def _first_rows(dialect: Dialect, head: Head) -> list[list[str]]:
    """Return the first rows; those that can be read, if a quotation mark is not closed."""
    try:
        return list(islice(dialect.rows(head.text, is_whole=head.is_whole), _HEAD_ROWS))
    except CorpusError:
        pass
    try:
        return list(islice(dialect.rows(head.text), _HEAD_ROWS))
    except CorpusError:
        return []


def _of_single_blanks(head: Head) -> Dialect | None:
    """Return the dialect of a table or list without gaps, the clearest signs first."""
    counted = counted_dialect(head)
    if counted is not None and counted.delimiter != SPACES:
        return counted
    return single_spaced_dialect(head) or counted


def dialect_with(delimiter: str, head: Head) -> Dialect:
    """Return the dialect of a table whose columns are separated by `delimiter`.

    Quotation marks enclose nothing if they would join lines of a table with tabs.
    """
    text = head.text
    other: Dialect | None = None
    if delimiter == MarkdownDialect.delimiter:
        other = markdown_dialect(text)
    if delimiter == SPACES:
        other = spaced_dialect(head) or single_spaced_dialect(head)
    if delimiter not in DELIMITERS:
        other = other or counted_dialect(head, delimiter)
    if other is not None:
        return other
    hint = _HINT.match(text)
    dialect = CsvDialect(delimiter, hint="" if hint is None else hint[0])
    if '"' not in text:
        quoted = replace(dialect, quote="'")
        return quoted if _has_single_quotes(text, delimiter) else dialect
    if delimiter == "\t" and _joins_lines(dialect, text):
        return replace(dialect, quote=None)
    return dialect


def _joins_lines(dialect: CsvDialect, text: str) -> bool:
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
        second = [row[1].strip() for row in rows[1:] if len(row) > 1]
        return bool(second) and share_of_numbers(second) >= _NUMERIC
    words = sum(len(cell.split()) for row in rows for cell in row)
    return words <= _MOST_CELL_WORDS * len(rows) * width
