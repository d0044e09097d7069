"""The layout of a table: CSV, with tabs, semicolons or bars, with or without a header."""

import io
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Literal

from engine.data.reading.choices import ReadingChoices
from engine.data.reading.columns import HEAD_ROWS, HEADER_WORDS, Columns, entries_of_rows
from engine.data.reading.layout import Entries, Head
from engine.data.training_data import CorpusError, OnProgress
from engine.storage.csv_text import unescape_cell

DELIMITERS = {"\t": "tabs", ",": "commas", ";": "semicolons", "|": "bars"}
"""What separates columns, in the order in which it is tried, and its name."""

_TABLE_SUFFIXES = (".csv", ".tsv", ".tab")
_HEAD_ROWS = 500
_SAME_WIDTH = {True: 0.8, False: 0.98}
"""Share of the rows with the same number of columns, by whether the suffix is that of a table."""

_MOST_CELL_WORDS = 6.0
_ROWS_AT_ONCE = 1 << 14


@dataclass(frozen=True)
class Dialect:
    """How the cells of a table are separated.

    Attributes
    ----------
    delimiter : str
    has_quotes : bool
        Whether double quotes enclose cells.
    """

    delimiter: str
    has_quotes: bool = True

    def rows(self, text: str) -> Iterator[list[str]]:
        """Yield the rows that are not blank.

        Raises
        ------
        CorpusError
            If a cell is far too long, as behind a quote that never ends.
        """
        import csv  # slow to import, and the window is painted without it

        reader = csv.reader(
            io.StringIO(text, newline=""),
            delimiter=self.delimiter,
            quoting=csv.QUOTE_MINIMAL if self.has_quotes else csv.QUOTE_NONE,
            skipinitialspace=self.delimiter != "\t",
        )
        try:
            yield from filter(None, reader)
        except csv.Error as error:
            raise CorpusError(f"Row {reader.line_num:,} is not one of a table: {error}.") from error


class Table:
    """A table with a column of names."""

    name = "table"
    title = "Table (CSV, or separated by tabs or semicolons)"
    kind: Literal["names"] = "names"
    suffixes = (".csv", ".tsv", ".tab")

    def recognises(self, head: Head) -> bool:
        """Tell a table by rows that have the same number of columns."""
        return dialect_of(head) is not None

    def entries(self, text: str, choices: ReadingChoices, on_progress: OnProgress) -> Entries:
        """Return the cells of one column; see `NamesLayout.entries`."""
        dialect = self._dialect(text, choices)
        head = list(islice(dialect.rows(text), HEAD_ROWS))
        if not head:
            raise CorpusError("The table has no rows. Choose another file.")
        columns = Columns.of_rows(head, choices, dialect.delimiter)
        rows = islice(dialect.rows(text), int(columns.has_header), None)
        most = max(text.count("\n"), 1)
        entries = entries_of_rows(columns, _counted_rows(rows, most, on_progress), choices)
        if "'" not in text:
            return entries
        # What kept spreadsheets from computing is taken away.
        kinds = entries.kinds
        return replace(
            entries,
            names=list(map(unescape_cell, entries.names)),
            kinds=None if kinds is None else list(map(unescape_cell, kinds)),
        )

    def _dialect(self, text: str, choices: ReadingChoices) -> Dialect:
        head = Head(text[: text.find("\n", 1 << 16)] if len(text) > 1 << 16 else text, "", True)
        if choices.delimiter is not None:
            return _with_quotes(choices.delimiter, head)
        found = dialect_of(head)
        if found is None:  # a person says that it is a table, or the suffix does
            counts = {each: head.text.count(each) for each in DELIMITERS}
            found = _with_quotes(max(counts, key=lambda each: counts[each]), head)
        return found


def _counted_rows(
    rows: Iterable[list[str]], most: int, on_progress: OnProgress
) -> Iterator[list[str]]:
    """Yield the rows, and report how many of about `most` have been read."""
    for number, row in enumerate(rows, start=1):
        yield row
        if number % _ROWS_AT_ONCE == 0:
            on_progress(min(number / most, 1.0))


def dialect_of(head: Head) -> Dialect | None:
    """Return how the columns of a table are separated, or None if it is none."""
    is_named_so = head.suffix in _TABLE_SUFFIXES
    for delimiter in DELIMITERS:
        if delimiter not in head.text:
            continue
        dialect = _with_quotes(delimiter, head)
        try:
            rows = [row for row, _ in zip(dialect.rows(head.text), range(_HEAD_ROWS), strict=False)]
        except CorpusError:
            continue
        if _is_table(rows, delimiter, is_named_so, head):
            return dialect
    if is_named_so and head.lines and head.lines[0].lower() in HEADER_WORDS:
        return Dialect(",")  # a single column
    return None


def _with_quotes(delimiter: str, head: Head) -> Dialect:
    """Return the dialect; quotes enclose nothing if that would join lines of a table with tabs."""
    dialect = Dialect(delimiter)
    if delimiter != "\t" or '"' not in head.text:
        return dialect
    try:
        joins = any("\n" in cell for row in dialect.rows(head.text) for cell in row)
    except CorpusError:
        joins = True
    return Dialect(delimiter, has_quotes=not joins)


def _is_table(rows: Sequence[Sequence[str]], delimiter: str, is_named_so: bool, head: Head) -> bool:
    if not head.is_whole and len(rows) > 2:
        rows = rows[:-1]  # the last one may be cut
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
