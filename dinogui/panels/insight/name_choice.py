"""The name that the panels look at: one choice, which they share."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal, Slot

from dinogui.session.session import Session
from engine.data import text_file
from engine.data.corpus import Corpus
from engine.data.text import Text
from engine.data.text_file import unify
from engine.data.vocabulary import END, END_INDEX, UnknownSymbolError, Vocabulary
from engine.training.messages import Snapshot

Indices = NDArray[np.intp]

_MOST_GENERATED = 12
_FROM_DATA = 16
_BEGINNING = 40
"""Symbols of a text to look at before any were learned from."""

START = "·"
"""Stands where nothing is read yet."""

_SHOWN = {END: "⏎", " ": "␣", "\t": "⇥"}


def write_symbol(symbol: str) -> str:
    """Return a symbol as it is shown: the end of a name and blanks have signs."""
    return _SHOWN.get(symbol, symbol)


def write_symbols(vocabulary: Vocabulary, indices: Indices) -> list[str]:
    """Return symbols as they are shown, one by one."""
    return [write_symbol(vocabulary.symbols[index]) for index in indices]


@dataclass(frozen=True)
class Reading:
    """What the panels look at: what the network reads, and what it is to predict.

    Attributes
    ----------
    predicted : (T,) array
        As indices: a name and its END, or all of a piece of text but its first symbol.
    first : int or None
        What is read first, x<1>: the first symbol of the piece. None for a name, where x<1> = 0.
    """

    predicted: Indices
    first: int | None = None

    @property
    def symbols(self) -> Indices:
        """The name, or the piece with its first symbol."""
        return self.predicted if self.first is None else np.append(self.first, self.predicted)


def read_symbols(vocabulary: Vocabulary, reading: Reading) -> list[str]:
    """Return what is read at each step, as it is shown."""
    first = START if reading.first is None else write_symbol(vocabulary.symbols[reading.first])
    return [first, *write_symbols(vocabulary, reading.predicted[:-1])]


@dataclass(frozen=True)
class Suggestions:
    """Names to choose from: the network's, the latest first, and some of the data."""

    generated: tuple[str, ...]
    data: tuple[str, ...]


class NameChoice(QObject):
    """What was typed, or else the name, or piece of a text, that the network learned from last.

    Lives in the GUI thread, as a child of the session.

    Attributes
    ----------
    text : str
        As typed; empty for the latest training name.
    error : str
        What is wrong with it, in a sentence; empty if nothing is.

    Signals
    -------
    changed()
        Another wish, or another vocabulary. The latest training name changes with the snapshots.
    """

    changed = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._session = session
        self._generated: tuple[str, ...] = ()
        self.text = ""
        self.error = ""
        session.names_written.connect(self._note_generated)
        session.run_begun.connect(self._check)

    @classmethod
    def of(cls, session: Session) -> "NameChoice":
        """Return the session's choice, which is made when it is first asked for."""
        return session.findChild(cls) or cls(session)

    def choose(self, text: str) -> None:
        """Look at a name from now on; at the latest training name if it is empty."""
        if text != self.text:
            self.text = text
            self._check()

    def reading(self, snapshot: Snapshot) -> Reading | None:
        """Return what to look at: a name, or a piece of a text; None if it cannot be read."""
        if self.error:
            return None
        corpus = self._session.corpus
        if isinstance(corpus, Text):
            return _reading_of(self._piece(snapshot, corpus))
        if self.text:
            return Reading(self._encoded(snapshot.vocabulary))
        if snapshot.latest_name is not None:
            return Reading(snapshot.latest_name)
        return Reading(snapshot.vocabulary.encode(corpus.names[0] + END)) if corpus else None

    def _piece(self, snapshot: Snapshot, text: Text) -> Indices:
        if self.text:
            return self._encoded(snapshot.vocabulary)
        if snapshot.latest_name is not None:
            return snapshot.latest_name
        return text.symbols[:_BEGINNING].astype(np.intp)

    @property
    def what(self) -> str:
        """What to call what is looked at: a name, or a piece of a text."""
        return "piece" if self._session.kind == "text" else "name"

    @property
    def latest_words(self) -> str:
        """What to call what is looked at while nothing is typed."""
        is_text = self._session.kind == "text"
        return "the latest piece of the text" if is_text else "the latest training name"

    @property
    def suggestions(self) -> Suggestions:
        """Names to choose from."""
        corpus = self._session.corpus
        if not isinstance(corpus, Corpus):
            return Suggestions((), ())
        names = corpus.distinct
        places = np.linspace(0, len(names) - 1, min(_FROM_DATA, len(names))).astype(int)
        return Suggestions(self._generated, tuple(names[int(place)] for place in places))

    def _encoded(self, vocabulary: Vocabulary) -> Indices:
        corpus = self._session.corpus
        if isinstance(corpus, Text):
            return vocabulary.encode(text_file.unify(self.text, lower_case=corpus.lower_case))
        lower_case = corpus is None or corpus.lower_case
        symbols = vocabulary.encode(unify(self.text, lower_case=lower_case))
        return np.append(symbols, END_INDEX)

    @Slot()
    def _check(self) -> None:
        self.error = ""
        corpus = self._session.corpus
        if self.text and corpus is not None:
            try:
                symbols = self._encoded(corpus.vocabulary)
            except UnknownSymbolError as error:
                self.error = f"{error}."
            else:
                if isinstance(corpus, Text) and len(symbols) < 2:
                    self.error = "Of a text, the next symbol is predicted: type two or more."
        self.changed.emit()

    @Slot(object)
    def _note_generated(self, names: list[str]) -> None:
        latest = dict.fromkeys([name for name in names if name] + list(self._generated))
        self._generated = tuple(latest)[:_MOST_GENERATED]


def _reading_of(piece: Indices) -> Reading | None:
    """Return how a piece of a text is read: its first symbol foretells the others."""
    return Reading(piece[1:], int(piece[0])) if len(piece) > 1 else None
