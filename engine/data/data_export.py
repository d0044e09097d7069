"""Writes training data as files that give the same data when they are read again."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from engine.data.corpus import Corpus
from engine.data.melodies import Melodies
from engine.data.reading.choices import ReadingChoices, Transposition
from engine.data.text import Text
from engine.data.vocabulary import DOCUMENT_END
from engine.storage.csv_text import csv_line

_BYTE_ORDER_MARK = "\ufeff"
_NAME, _KIND, _WEIGHT = "name", "kind", "count"
"""The headers of a table."""

_METRE = re.compile(r"^M:.*$", re.MULTILINE)


@dataclass(frozen=True)
class DataFormat:
    """A way to write training data to a file.

    Attributes
    ----------
    title : str
        What people call such a file.
    suffix : str
        Of such files: ".csv".
    to_text : callable
        Returns the content of the file.
    layout : str
        How the file is read again: a key of `engine.data.reading.registry.LAYOUTS`. A text of
        documents has another one.
    """

    title: str
    suffix: str
    to_text: Callable[[Corpus | Text], str]
    layout: str

    def choices(self, data: Corpus | Text) -> ReadingChoices:
        """Return the choices with which the file gives exactly the same data again."""
        report = data.report
        if isinstance(data, Melodies):
            # Tunes that were brought to C are in C now.
            transpose: Transposition = "all" if data.transpose == "all" else "none"
            return ReadingChoices(layout=self.layout, grid=data.grid, transpose=transpose)
        choices = ReadingChoices(
            layout=self.layout,
            lower_case=data.lower_case,
            # Data that were not cleaned, or perhaps not, must not be cleaned now.
            clean=report is not None and report.choices.clean,
            graphemes=data.vocabulary.has_clusters,
        )
        if isinstance(data, Text):
            if data.documents is None:
                return choices
            return replace(choices, layout="documents", separator=_mark_between(data))
        if self.layout != "table":
            return choices
        headers = _headers(data)
        weights, kinds = (
            headers.index(each) + 1 if each in headers else None for each in (_WEIGHT, _KIND)
        )
        return replace(
            choices, column=1, header=True, delimiter=",", weights=weights, kind_column=kinds
        )


def _to_lines(data: Corpus | Text) -> str:
    assert isinstance(data, Corpus)
    return _marked("".join(f"{name}\n" for name in data.names))


def _to_table(data: Corpus | Text) -> str:
    """Return a table with a header, in which no spreadsheet takes a name for a formula.

    With weights, each name stands there once, with its weight; with kinds, once for each of them.
    """
    assert isinstance(data, Corpus)
    columns: list[Iterable[object]] = [data.names if data.weights is None else data.distinct]
    if data.kinds is not None:
        of_each = data.kinds.of_names if data.weights is None else data.kinds.of_distinct
        columns.append([data.kinds.titles[kind] for kind in of_each])
    if data.weights is not None:
        columns.append(data.weights)
    return csv_line(_headers(data)) + "".join(map(csv_line, zip(*columns, strict=True)))


def _headers(data: Corpus) -> tuple[str, ...]:
    kind = () if data.kinds is None else (_KIND,)
    return (_NAME, *kind) if data.weights is None else (_NAME, *kind, _WEIGHT)


def _to_text(data: Corpus | Text) -> str:
    assert isinstance(data, Text)
    text = data.decode(data.symbols)
    if data.documents is not None:
        text = text.replace(DOCUMENT_END, f"\n{_mark_between(data)}\n")
    return _marked(text)


def _to_abc(data: Corpus | Text) -> str:
    """Return all tunes in ABC notation, numbered from 1.

    Those of which it is not known where the bars begin are without a metre.
    """
    from engine.melody.files.abc_writing import abc_of  # most runs write no ABC

    assert isinstance(data, Melodies)
    tunes = []
    for number in range(len(data.tunes)):
        melody = data.melody(number)
        tune = abc_of(melody, number=number + 1)
        tunes.append(tune if melody.has_bars else _METRE.sub("M:none", tune, count=1))
    return "\n".join(tunes)


def _mark_between(data: Text) -> str:
    """Return a line to separate documents that is in none of them."""
    text = data.decode(data.symbols)
    marks = (f"<|end{number}|>" for number in ("", *range(2, 1 + len(text))))
    return next(mark for mark in marks if mark not in text)


def _marked(text: str) -> str:
    """Return a text that keeps its first character, which a reader may take for a mark."""
    return _BYTE_ORDER_MARK + text if text.startswith(_BYTE_ORDER_MARK) else text


_LINES = DataFormat("Text, one name per line", ".txt", _to_lines, "names")
_TABLE = DataFormat("Table", ".csv", _to_table, "table")
_RUNNING = DataFormat("Text", ".txt", _to_text, "text")
_TUNES = DataFormat("Tunes in ABC", ".abc", _to_abc, "melodies")

DATA_FORMATS: Mapping[str, tuple[DataFormat, ...]] = {
    "names": (_LINES, _TABLE),
    "text": (_RUNNING,),
    "melodies": (_TUNES,),
}
"""The formats for each kind of data, in the order in which they are offered."""


def data_format_of(data: Corpus | Text, path: str) -> DataFormat:
    """Return the format that the suffix of a path stands for, or else the first one.

    With weights or kinds, this is a table: a list of lines does not hold them.
    """
    formats = DATA_FORMATS[data.kind]
    found = (each for each in formats if path.lower().endswith(each.suffix))
    if isinstance(data, Corpus) and (data.weights is not None or data.kinds is not None):
        return _TABLE
    return next(found, formats[0])
