"""Rows as in CSV: cells between delimiters, perhaps in quotation marks, of several lines or not.

Files of people have quotation marks that are never closed. Read to the letter, such a mark takes
all lines up to the next one into its cell. Here it is left out, and the number of its line is told,
if its line and those below it are rows of the table without it.
"""

import io
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, ClassVar, NamedTuple

from engine.data.reading.rows.dialect import ADVICE
from engine.data.training_data import CorpusError

_MOST_READ_AGAIN = 20_000_000
"""Characters. Each mark that is not closed makes those that it has taken be read once more."""

_LINES_OF_A_CELL = 20
"""At the end of a text that has been cut, a cell of more lines is taken for one that is open."""

_LINES_LOOKED_AT = 100
_SAME_WIDTH = 0.9
"""Of the lines below a mark that is left out, at least this share must be rows of the table."""


@dataclass(frozen=True)
class CsvDialect:
    """Cells between delimiters; see `Dialect`.

    Attributes
    ----------
    delimiter : str
        One character.
    quote : str or None
        What encloses cells. None if nothing does.
    hint : str
        Excel's first line, which says what the delimiter is, if there is one. It is no row.
    """

    delimiter: str
    quote: str | None = '"'
    hint: str = ""
    title: ClassVar[str] = ""
    has_header: ClassVar[bool | None] = None
    question: ClassVar[str] = ""

    def rows(
        self, text: str, *, is_whole: bool = False, unclosed: list[int] | None = None
    ) -> Iterator[list[str]]:
        """Yield the rows; see `Dialect.rows`."""
        if self.quote is None or self.quote not in text:
            yield from self._plain_rows(text)
            return
        for found in self._found_rows(text, is_whole=is_whole):
            if found.unclosed and unclosed is not None:
                unclosed.append(found.line)
            if is_whole and found.is_open:
                raise CorpusError(
                    f"A quotation mark in line {found.line:,} is not closed. {ADVICE}"
                )
            if found.cells and not (self.hint and found.line == 1):
                yield found.cells

    def complete_rows(self, text: str) -> str:
        """Return the text without a last row that does not end; see `Dialect.complete_rows`."""
        if self.quote is None or self.quote not in text:
            return text
        place = 0
        try:
            for found in self._found_rows(text, is_whole=False):
                if found.is_open:
                    return text[:place] or text
                place += found.length
        except CorpusError:
            pass  # reading the rows says why
        return text

    def _plain_rows(self, text: str) -> Iterator[list[str]]:
        """Yield the rows of a text without a quotation mark."""
        reader = self._reader(iter(io.StringIO(text, newline="")))
        try:
            yield from filter(None, islice(reader, int(bool(self.hint)), None))
        except _csv().Error as error:
            raise _too_long(reader.line_num) from error

    def _found_rows(self, text: str, *, is_whole: bool) -> Iterator["_FoundRow"]:
        """Yield all rows, blank ones included, with where they stand."""
        lines = _Lines(text)
        reader = self._reader(lines)
        width = n_again = 0
        while True:
            number = lines.begin_row()
            try:
                cells, fault = next(reader), ""
            except StopIteration:
                return
            except _csv().Error:
                cells, fault = [], "long"
            if not fault and self._may_be_wrong(lines.taken, cells):
                fault = self._fault(lines.taken)
            is_cut = fault == "open" and not is_whole and len(lines.taken) <= _LINES_OF_A_CELL
            mended = None
            if fault and not is_cut:
                mended = self._without_open_mark(lines.taken, width)
            if mended is not None:
                n_again += lines.put_back()
                if n_again > _MOST_READ_AGAIN:
                    raise CorpusError(
                        f"Very many quotation marks are not closed, such as that in line "
                        f"{number:,}. {ADVICE}"
                    )
                reader = self._reader(lines)
                yield _FoundRow(mended, number, len(lines.taken[0]), unclosed=True)
                cells = mended
            elif fault == "long":
                raise _too_long(number)
            else:
                length = sum(map(len, lines.taken))
                yield _FoundRow(cells, number, length, is_open=fault == "open")
            width = width or (0 if self.hint and number == 1 else len(cells))

    def _may_be_wrong(self, lines: list[str], cells: list[str]) -> bool:
        """Tell quickly whether a mark may not be closed: a cell has a line end."""
        return len(lines) > 1 or (bool(cells) and cells[-1].endswith("\n"))

    def _fault(self, lines: list[str]) -> str:
        """Return what is wrong with the lines of a row: "open", "sloppy", or nothing."""
        try:
            deque(self._reader(iter(lines), is_strict=True), maxlen=0)
        except _csv().Error as error:
            return "open" if str(error).startswith("unexpected end") else "sloppy"
        return ""

    def _without_open_mark(self, lines: list[str], width: int) -> list[str] | None:
        """Return the first line as a row without the mark that is not closed in it.

        None if that makes no row of the table, or the lines below are none by themselves.

        Parameters
        ----------
        lines : list of str
            The lines that the mark has taken together.
        width : int
            Number of columns of the first row; 0 if this is the first one.
        """
        if self.quote is None:
            return None
        place = lines[0].rfind(self.quote)
        while place > 0 and lines[0][:place].rstrip(" ")[-1:] not in (self.delimiter, ""):
            place = lines[0].rfind(self.quote, 0, place)
        if place < 0:
            return None
        bare = lines[0][:place] + lines[0][place + 1 :]
        if self._fault([bare]):
            return None
        cells: list[str] = next(self._reader(iter([bare])))
        below = [line for line in lines[1 : 1 + _LINES_LOOKED_AT] if line.strip()]
        same = sum(self._can_have(line, len(cells)) for line in below)
        fits = len(cells) == (width or len(cells)) and same >= _SAME_WIDTH * len(below)
        return cells if fits else None

    def _can_have(self, line: str, width: int) -> bool:
        """Tell whether a line is a row with so many cells, perhaps without its quotation marks."""
        assert self.quote is not None
        written = (line, line.replace(self.quote, ""))
        return any(len(next(self._reader(iter([each])))) == width for each in written)

    def _reader(self, lines: Iterator[str], *, is_strict: bool = False) -> Any:
        csv = _csv()
        return csv.reader(
            lines,
            delimiter=self.delimiter,
            quotechar=self.quote,
            quoting=csv.QUOTE_NONE if self.quote is None else csv.QUOTE_MINIMAL,
            skipinitialspace=self.delimiter != "\t",
            strict=is_strict,
        )


class _FoundRow(NamedTuple):  # there are many of them
    """A row, and where it stands.

    Attributes
    ----------
    cells : list of str
    line : int
        The number of its first line, from 1.
    length : int
        Its characters in the text.
    is_open : bool
        Whether its last cell does not end.
    unclosed : bool
        Whether a mark was left out that is not closed.
    """

    cells: list[str]
    line: int
    length: int
    is_open: bool = False
    unclosed: bool = False


class _Lines:
    """The lines of a text one by one, of which those of the latest row can be read again."""

    def __init__(self, text: str) -> None:
        self._rest = iter(io.StringIO(text, newline=""))
        self._again: deque[str] = deque()
        self._number = 1
        self.taken: list[str] = []
        """The lines of the row that is being read."""

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else next(self._rest)
        self.taken.append(line)
        return line

    def begin_row(self) -> int:
        """Begin another row, and return the number of its first line, from 1."""
        self._number += len(self.taken)
        self.taken = []
        return self._number

    def put_back(self) -> int:
        """Leave only the first line to the row, and return how many characters the others have."""
        others = self.taken[1:]
        self._again.extendleft(reversed(others))
        del self.taken[1:]
        return sum(map(len, others))


def _too_long(line: int) -> CorpusError:
    return CorpusError(
        f"A cell in line {line:,} has more than {_csv().field_size_limit():,} characters. Is a "
        f"quotation mark there not closed? {ADVICE}"
    )


def _csv() -> Any:
    import csv  # slow to import, and the window is painted without it

    return csv
