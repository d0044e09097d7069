"""What would become of a file, by its beginning: quick for a file of any size."""

import os
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice

import numpy as np

from engine.data.corpus import Corpus
from engine.data.melodies import Melodies, check_enough
from engine.data.name_kinds import check_kinds
from engine.data.parts.melodies_of_parts import first_melodies_of_parts
from engine.data.parts.recognised_parts import read_beginning, recognised_parts
from engine.data.reader import read_data, source_to_read
from engine.data.reading.choices import AUTOMATIC, ReadingChoices
from engine.data.reading.json_values import complete_beginning, looks_like_json
from engine.data.reading.layout import Head, TableReading
from engine.data.reading.report import ReadingReport
from engine.data.reading.rows.dialects import dialect_of
from engine.data.sources.data_source import DataSource, SourcePart
from engine.data.text import Text, check_documents
from engine.data.training_data import (
    CorpusError,
    DataKind,
    OnProgress,
    counted,
    ignore_progress,
)
from engine.data.visible_symbols import visible
from engine.data.vocabulary import DOCUMENT_END, END, END_INDEX
from engine.melody.symbols import symbols_of

_HEAD_BYTES = 1 << 17
_HEAD_BYTES_WITH_KINDS = 1 << 20
_LEAST_BYTES_OF_A_KIND = 1 << 12
"""All kinds are to be seen, so that they can be renamed; and of each file, if each is a kind."""

_NAMES_SHOWN = 8
_RAREST_SHOWN = 8
_EXAMPLES = 3
_CHARACTERS, _CHARACTERS_BEFORE = 40, 10
"""Of an example from a text: how many there are, and how many of them before the symbol."""

_BEGINNING_CHARACTERS = 600
_NOTES_SHOWN = 12
_FIRST_NOTES = 10_000
"""Of melodies, so many notes are looked at, and the rest of the tune with the last of them."""

_FEW_NAMES = 50
_MOSTLY_DIGITS = 0.5


@dataclass(frozen=True)
class RareSymbol:
    """A symbol that occurs seldom.

    Attributes
    ----------
    symbol : str
    count : int
        How often it occurs in what was looked at.
    examples : tuple of str
        Names, or pieces of the text, in which it occurs.
    """

    symbol: str
    count: int
    examples: tuple[str, ...]


@dataclass(frozen=True)
class Preview:
    """What would become of a file, by its beginning.

    Attributes
    ----------
    report : ReadingReport
        What it is taken for, and what each step does. Its counts are those of the beginning.
    kind : str
        "names", "text" or "melodies".
    names : tuple of str
        Some names as they would be learned.
    beginning : str
        The first characters as they would be learned.
    count : int
        The number of names, of characters of a text, or of notes.
    is_exact : bool
        Whether the whole file was looked at. Otherwise `count` is an estimate.
    goes_on : bool
        Whether there are other parts that nobody has looked at. Then `count` is without them.
    distinct : int
        The number of distinct names in what was looked at. Of melodies, the number of tunes, which
        is an estimate as `count` is. 0 for a text.
    symbols : tuple of str
        The symbols in what was looked at, without the end of a name.
    rarest : tuple of RareSymbol
        The rarest of them first.
    warnings : tuple of str
        What will not learn well, in sentences.
    """

    report: ReadingReport
    kind: DataKind
    names: tuple[str, ...]
    beginning: str
    count: int
    is_exact: bool
    goes_on: bool
    distinct: int
    symbols: tuple[str, ...]
    rarest: tuple[RareSymbol, ...]
    warnings: tuple[str, ...]

    @property
    def table(self) -> TableReading | None:
        """The columns and first rows of a table."""
        return self.report.table

    @property
    def before_after(self) -> tuple[tuple[str, str], ...]:
        """Some names as they stand in the file, and as they would be learned."""
        return tuple(zip(self.report.before, self.names, strict=False))

    @property
    def questions(self) -> tuple[str, ...]:
        """What the file leaves open, in sentences."""
        return self.report.questions

    @property
    def has_questions(self) -> bool:
        """Whether a person should be asked before the file is read."""
        return bool(self.questions)


def preview(
    source: str | os.PathLike[str] | DataSource,
    choices: ReadingChoices = AUTOMATIC,
    *,
    kind: DataKind | None = None,
    goes_on: bool = False,
    on_progress: OnProgress = ignore_progress,
) -> Preview:
    """Look at the beginning of a source, and tell what would become of it.

    Parameters
    ----------
    source : path or DataSource
    choices : ReadingChoices
    kind : str, optional
        "names", "text" or "melodies", if all parts together are that. If absent, the first ones
        decide.
    goes_on : bool
        Whether the source is only the first parts of what is to be read.
    on_progress : callable
        Called now and then while melodies are read, all of which are if they have kinds, with the
        share that is done. An exception that it raises stops the reading.

    Raises
    ------
    EncodingError
        If the encoding does not fit. The error has those that do.
    CorpusError
        If the source cannot be read, or there are no names in its beginning.
    """
    opened = source_to_read(source, choices)
    if kind == "melodies" or choices.layout == "melodies":
        return _preview_of_melodies(opened, choices, on_progress, goes_on=goes_on)
    beginning = _Beginning.of(opened, choices, goes_on=goes_on)
    data = read_data(beginning, replace(choices, encoding=None), kind=kind, for_training=False)
    report = data.report
    assert report is not None
    report = replace(report, encoding=beginning.encoding, choices=choices)
    if isinstance(data, Text):
        return _preview_of_text(data, report, beginning)
    return _preview_of_names(data, report, beginning)


class _Beginning:
    """The first lines of a source, as a source of their own."""

    def __init__(
        self,
        source: DataSource,
        parts: list[SourcePart],
        encoding: str,
        share: float,
        *,
        goes_on: bool,
    ) -> None:
        self.title, self.key, self.places = source.title, source.key, source.places
        self.encoding = encoding
        self.share = share
        """How much of the whole source this is, from 0 to 1."""
        self.goes_on = goes_on
        self._parts, self._notes = parts, source.notes()

    def parts(self) -> Iterator[SourcePart]:
        """Yield the beginnings of the parts; see `DataSource.parts`."""
        yield from self._parts

    def notes(self) -> tuple[str, ...]:
        """Return what was left out of the source."""
        return self._notes

    @property
    def is_whole(self) -> bool:
        """Whether this is all that there is to read."""
        return self.share == 1.0 and not self.goes_on

    @classmethod
    def of(cls, source: DataSource, choices: ReadingChoices, *, goes_on: bool) -> "_Beginning":
        """Read the beginning of a source; with kinds, that of each part."""
        begun: list[SourcePart] = []
        encoding, size, done = "utf-8", 0, 0.0
        parts: Iterable[SourcePart] = source.parts()
        most = head_bytes = _HEAD_BYTES
        if choices.has_kinds:
            parts = list(parts)
            head_bytes = max(_HEAD_BYTES_WITH_KINDS, _LEAST_BYTES_OF_A_KIND * len(parts))
            most = head_bytes // max(len(parts), 1)
        for part in parts:
            size += part.size
            left = min(head_bytes - int(done), most)
            if left <= 0:
                continue
            text, encoding, is_whole = read_beginning(part, choices.encoding, left)
            if not is_whole:
                text = _complete(text, part.name)
            content = text.encode()
            begun.append(_part_of(part.name, content))
            # In bytes of the source: those of UTF-8 and of its own encoding differ in number.
            done += part.size if is_whole else min(left, part.size)
        share = min(done / size, 1.0) if size else 1.0
        return cls(source, begun, encoding, share, goes_on=goes_on)


def _complete(text: str, name: str) -> str:
    """Return the beginning of a part without a record or a row that has been cut."""
    if looks_like_json(text):
        return complete_beginning(text)
    dialect = dialect_of(Head(text, name, is_whole=False)) if '"' in text else None
    return text if dialect is None else dialect.complete_rows(text)


def _part_of(name: str, content: bytes) -> SourcePart:
    return SourcePart(name, len(content), lambda: iter([content]))


def _preview_of_names(corpus: Corpus, report: ReadingReport, beginning: _Beginning) -> Preview:
    split = corpus.vocabulary.split
    counts = Counter(split(END.join(corpus.names)))
    del counts[END]
    names = corpus.distinct_names
    return Preview(
        report=report,
        kind="names",
        beginning=", ".join(names[:_NAMES_SHOWN]),
        names=names[:_NAMES_SHOWN],
        count=_estimate(len(corpus.names), beginning.share),
        is_exact=beginning.is_whole,
        goes_on=beginning.goes_on,
        distinct=len(names),
        rarest=tuple(
            RareSymbol(
                symbol,
                count,
                tuple(islice((name for name in names if symbol in split(name)), _EXAMPLES)),
            )
            for symbol, count in _rarest(counts)
        ),
        symbols=tuple(sorted(counts)),
        warnings=(
            *_warnings(len(names), counts, beginning.is_whole),
            *_warnings_of_kinds(corpus),
        ),
    )


def _warnings_of_kinds(corpus: Corpus) -> tuple[str, ...]:
    """Return why the names cannot be trained on by kind, if they cannot."""
    if corpus.kinds is None:
        return ()
    try:
        check_kinds(corpus.distinct, corpus.kinds, corpus.source)
    except CorpusError as error:
        return (str(error),)
    return ()


def _warnings_of_documents(text: Text, is_exact: bool) -> tuple[str, ...]:
    """Return why there are too few documents or tunes to train on, if that is known."""
    if not is_exact:
        return ()
    try:
        check_documents(text, "tune" if text.kind == "melodies" else "document")
    except CorpusError as error:
        return (str(error),)
    return ()


def _preview_of_text(text: Text, report: ReadingReport, beginning: _Beginning) -> Preview:
    found = np.bincount(text.symbols, minlength=len(text.vocabulary)).tolist()
    if text.documents is not None:
        found[END_INDEX] = 0
    counts = Counter(
        {symbol: n for symbol, n in zip(text.vocabulary.symbols, found, strict=True) if n}
    )
    return Preview(
        report=report,
        kind="text",
        beginning=text.written(text.symbols[:_BEGINNING_CHARACTERS])[:_BEGINNING_CHARACTERS],
        names=(),
        count=_estimate(len(text), beginning.share),
        is_exact=beginning.is_whole,
        goes_on=beginning.goes_on,
        distinct=0,
        symbols=tuple(sorted(counts)),
        rarest=tuple(
            RareSymbol(symbol, n, (_surroundings(text, symbol),)) for symbol, n in _rarest(counts)
        ),
        warnings=(
            *_warnings(None, counts, beginning.is_whole),
            *_warnings_of_documents(text, beginning.is_whole),
        ),
    )


def _preview_of_melodies(
    source: DataSource, choices: ReadingChoices, on_progress: OnProgress, *, goes_on: bool
) -> Preview:
    """Read the first melodies; with kinds, all of them, as all kinds are to be seen."""
    parts = recognised_parts(source, choices, "melodies", on_progress)
    most = sys.maxsize if choices.has_kinds else _FIRST_NOTES
    melodies, share = first_melodies_of_parts(source, choices, parts, on_progress, most)
    check_enough(melodies)
    is_whole = share == 1.0
    assert melodies.report is not None
    counts = Counter(
        dict(zip(melodies.vocabulary.symbols, np.bincount(melodies.symbols).tolist(), strict=False))
    )
    del counts[DOCUMENT_END]
    counts = +counts
    shown = range(min(len(melodies.tunes), _NAMES_SHOWN))
    return Preview(
        report=melodies.report,
        kind="melodies",
        beginning="\n".join(map(partial(_beginning_of_tune, melodies), shown)),
        names=(),
        count=_estimate(melodies.n_notes, share),
        is_exact=is_whole and not goes_on,
        goes_on=goes_on,
        distinct=_estimate(len(melodies.tunes), share),
        symbols=tuple(sorted(counts)),
        rarest=tuple(
            RareSymbol(symbol, n, (_tune_with(melodies, symbol),)) for symbol, n in _rarest(counts)
        ),
        warnings=(
            *_warnings(None, counts, is_exact=is_whole and not goes_on),
            *_warnings_of_documents(melodies, is_exact=is_whole and not goes_on),
        ),
    )


def _beginning_of_tune(melodies: Melodies, number: int) -> str:
    notes = " ".join(symbols_of(melodies.melody(number).notes[:_NOTES_SHOWN]))
    return f"{melodies.tunes[number].title}: {notes} …"


def _tune_with(melodies: Melodies, symbol: str) -> str:
    """Return the title of the first tune in which a symbol occurs."""
    assert melodies.documents is not None
    place = int(np.argmax(melodies.symbols == melodies.vocabulary.index_of[symbol]))
    number = int(np.searchsorted(melodies.documents.bounds, place, "right")) - 1
    return melodies.tunes[number].title


def _surroundings(text: Text, symbol: str) -> str:
    """Return the first place of a symbol in a text, on one line, with little before the symbol."""
    place = int(np.argmax(text.symbols == text.vocabulary.index_of[symbol]))
    start = max(place - _CHARACTERS_BEFORE, 0)
    before, after = (
        _on_one_line(text.decode(part))
        for part in (text.symbols[start:place], text.symbols[place + 1 : start + _CHARACTERS])
    )
    begun = "…" if start > 0 else ""
    return f"{begun}{before}{shown_in_example(symbol)}{after}".strip()


def shown_in_example(symbol: str) -> str:
    """Return how a symbol is written in an example: blanks have signs of their own."""
    return visible(symbol) if symbol.isspace() else symbol


def _on_one_line(part: str) -> str:
    """Return a part of a text with a blank for all white space, and a sign for a document's end."""
    return re.sub(r"\s+", " ", part.replace(DOCUMENT_END, visible(DOCUMENT_END)))


def _estimate(count: int, share: float) -> int:
    """Return the number in the whole source, by that in a part of it, to two digits."""
    if share == 1.0:
        return count
    return int(float(f"{count / share:.1e}"))


def _rarest(counts: Counter[str]) -> list[tuple[str, int]]:
    ordered = sorted(counts.items(), key=lambda pair: (pair[1], pair[0]))
    return ordered[:_RAREST_SHOWN]


def _warnings(distinct: int | None, counts: Counter[str], is_exact: bool) -> tuple[str, ...]:
    """Return what will not learn well."""
    found = []
    if distinct is not None and distinct < _FEW_NAMES and is_exact:
        verb = "is" if distinct == 1 else "are"
        found.append(
            f"There {verb} only {counted(distinct, 'different name')}. A network needs some "
            "hundreds to learn how they are spelled."
        )
    if len(counts) == 1:
        found.append("There is only one symbol, so there is nothing to learn.")
    digits = sum(count for symbol, count in counts.items() if symbol.isdigit())
    if digits > _MOSTLY_DIGITS * sum(counts.values()):
        found.append("Most of it is digits. Is this the right column, or the right file?")
    return tuple(found)
