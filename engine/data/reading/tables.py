"""The layout of a table: CSV, with tabs, semicolons or bars, or in Markdown; perhaps a header."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice
from typing import Literal

from engine.data.reading.choices import ReadingChoices
from engine.data.reading.columns import HEAD_ROWS, Columns, entries_of_rows
from engine.data.reading.layout import Entries, Head
from engine.data.reading.rows.dialect import Dialect
from engine.data.reading.rows.dialects import DELIMITERS, dialect_of, dialect_with
from engine.data.sources.kinds_of_file import listed
from engine.data.training_data import CorpusError, OnProgress, counted
from engine.storage.csv_text import unescape_cell

_ROWS_AT_ONCE = 1 << 14
_HEAD_CHARACTERS = 1 << 16
"""By so many characters it is recognised what separates the columns."""


class Table:
    """A table with a column of names."""

    name = "table"
    title = "Table (CSV, separated by tabs, semicolons or spaces, or in Markdown)"
    kind: Literal["names"] = "names"
    suffixes = (".csv", ".tsv", ".tab")

    def recognises(self, head: Head) -> bool:
        """Tell a table by rows that have the same number of columns."""
        return dialect_of(head) is not None

    def entries(self, text: str, choices: ReadingChoices, on_progress: OnProgress) -> Entries:
        """Return the cells of one column; see `NamesLayout.entries`."""
        dialect = self._dialect(text, choices)
        head = list(islice(dialect.rows(text, is_whole=True), HEAD_ROWS))
        if not head:
            raise CorpusError("The table has no rows. Choose another file.")
        if dialect.has_header is not None and choices.header is None:
            choices = replace(choices, header=dialect.has_header)
        columns = Columns.of_rows(head, choices, dialect.delimiter)
        if columns.has_header and not columns.head:
            raise CorpusError("The table has a header, but no rows below it. Choose another file.")
        unclosed: list[int] = []
        whole = dialect.rows(text, is_whole=True, unclosed=unclosed)
        rows = islice(whole, int(columns.has_header), None)
        most = max(text.count("\n"), 1)
        counted_rows = _counted_rows(rows, most, on_progress)
        entries = entries_of_rows(columns, counted_rows, choices, _taken_for(dialect, columns))
        question = (dialect.question,) * bool(dialect.question and _is_open(choices))
        entries = replace(
            entries,
            details=(*entries.details, *_details(unclosed)),
            questions=(*question, *_questions(unclosed), *entries.questions),
        )
        if "'" not in text or dialect.quote == "'":
            return entries
        # What kept spreadsheets from computing is taken away.
        kinds = entries.kinds
        return replace(
            entries,
            names=list(map(unescape_cell, entries.names)),
            kinds=None if kinds is None else list(map(unescape_cell, kinds)),
        )

    def _dialect(self, text: str, choices: ReadingChoices) -> Dialect:
        is_whole = len(text) <= _HEAD_CHARACTERS
        head = Head(text if is_whole else text[: text.find("\n", _HEAD_CHARACTERS)], "", is_whole)
        if choices.delimiter is not None:
            return dialect_with(choices.delimiter, head)
        found = dialect_of(head)
        if found is None:  # a person says that it is a table, or the suffix does
            counts = {each: head.text.count(each) for each in DELIMITERS}
            found = dialect_with(max(counts, key=lambda each: counts[each]), head)
        return found


def _is_open(choices: ReadingChoices) -> bool:
    """Tell whether nobody has chosen that it is a table, or how it is one."""
    return choices.layout is None and not choices.is_of_columns


def _taken_for(dialect: Dialect, columns: Columns) -> str:
    """Return what the table is called."""
    if dialect.title.startswith("a "):
        return dialect.title
    return f"a table of {counted(len(columns.headers), 'column')} {dialect.title}".rstrip()


def _details(unclosed: list[int]) -> tuple[str, ...]:
    """Return a sentence on the quotation marks that are not closed, if there are any."""
    if not unclosed:
        return ()
    lines = listed([f"{line:,}" for line in unclosed])
    if len(unclosed) == 1:
        return (f"The quotation mark in line {lines} is not closed: it is left out.",)
    return (f"Quotation marks in lines {lines} are not closed: they are left out.",)


def _questions(unclosed: list[int]) -> tuple[str, ...]:
    if not unclosed:
        return ()
    return (f"Line {unclosed[0]:,} has a quotation mark that is not closed. Is it read correctly?",)


def _counted_rows(
    rows: Iterable[list[str]], most: int, on_progress: OnProgress
) -> Iterator[list[str]]:
    """Yield the rows, and report how many of about `most` have been read."""
    for number, row in enumerate(rows, start=1):
        yield row
        if number % _ROWS_AT_ONCE == 0:
            on_progress(min(number / most, 1.0))
