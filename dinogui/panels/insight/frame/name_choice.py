"""The name, or piece of a text, that the panels show. They share one choice."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal, Slot

from dinogui.common.data_nouns import DATA_NOUNS
from dinogui.panels.insight.frame.notation import START, write_symbols
from dinogui.panels.insight.frame.typed_melody import encoded_notes, first_notes
from dinogui.session.session import Session
from engine.data.corpus import Corpus
from engine.data.melodies import Melodies
from engine.data.reading.casing import unify
from engine.data.text import Text
from engine.data.training_data import MAX_NAME_LENGTH
from engine.data.visible_symbols import visible
from engine.data.vocabulary import END, END_INDEX, UnknownSymbolError, Vocabulary
from engine.melody.errors import MelodyError
from engine.training.messages import Snapshot

Indices = NDArray[np.intp]

_MOST_GENERATED = 12
_FROM_DATA = 16
_TYPED_SYMBOL = 6
"""Characters of the longest symbol of a melody as people type it, with a blank."""

_OPENING = 40
"""Number of symbols of a text to show before the first training step."""


@dataclass(frozen=True)
class Reading:
    """A sequence that the panels show: what the network reads, and what it has to predict.

    Attributes
    ----------
    predicted : (T,) array
        Indices of a name and its END, or of a piece of text without its first symbol.
    first : int or None
        The first input x<1>: the first symbol of the piece. None for a name, where x<1> = 0.
    """

    predicted: Indices
    first: int | None = None

    @property
    def symbols(self) -> Indices:
        """The name, or the piece including its first symbol."""
        return self.predicted if self.first is None else np.append(self.first, self.predicted)


def read_symbols(vocabulary: Vocabulary, reading: Reading) -> list[str]:
    """Return the symbol that is read at each step, as it is shown."""
    first = START if reading.first is None else visible(vocabulary.symbols[reading.first])
    return [first, *write_symbols(vocabulary, reading.predicted[:-1])]


@dataclass(frozen=True)
class Suggestions:
    """Names to choose from: the network's latest ones first, and some from the data."""

    generated: tuple[str, ...]
    data: tuple[str, ...]


class NameChoice(QObject):
    """The name that was typed, or else the one that the network learned from last.

    In a run on a text, it is a piece of the text.

    Lives in the GUI thread, as a child of the session.

    Attributes
    ----------
    text : str
        As typed. Empty for the latest training name.
    error : str
        A sentence that says what is wrong with it. Empty if nothing is.

    Signals
    -------
    changed()
        The text or the vocabulary is another. The latest training name changes with each
        snapshot, without this signal.
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
        """Return the session's choice, which is made on first use."""
        return session.findChild(cls) or cls(session)

    def choose(self, text: str) -> None:
        """Show a name from now on, or the latest training name if the text is empty."""
        if text != self.text:
            self.text = text
            self._check()

    @property
    def most_characters(self) -> int:
        """How many characters a name of the most letters can have, as Qt counts them."""
        corpus = self._session.corpus
        if isinstance(corpus, Melodies):
            return MAX_NAME_LENGTH * _TYPED_SYMBOL
        if corpus is None or not corpus.vocabulary.has_clusters:
            return MAX_NAME_LENGTH
        units = [len(symbol.encode("utf-16-le")) // 2 for symbol in corpus.vocabulary.symbols]
        return MAX_NAME_LENGTH * max(units)

    def reading(self, snapshot: Snapshot) -> Reading | None:
        """Return what to show: a name or a piece of a text. None if it cannot be read."""
        if self.error:
            return None
        corpus = self._session.corpus
        if isinstance(corpus, Text):
            piece = self._piece(snapshot, corpus)
            return Reading(piece) if self._session.run.tells else _reading_of(piece)
        if self.text:
            return Reading(self._encoded(snapshot.vocabulary))
        if snapshot.latest_name is not None:
            return Reading(snapshot.latest_name)
        return Reading(snapshot.vocabulary.encode(corpus.names[0] + END)) if corpus else None

    def latest(self, snapshot: Snapshot) -> Reading | None:
        """Return what the network learned from last, whatever was typed. None before a step."""
        latest = snapshot.latest_name
        if latest is None:
            return None
        is_whole = self._session.run.shown_output == "names"  # it is read from a zero state
        return Reading(latest) if is_whole else _reading_of(latest)

    def _piece(self, snapshot: Snapshot, text: Text) -> Indices:
        if self.text:
            typed = self._encoded(snapshot.vocabulary)
            return np.append(typed, END_INDEX) if self._session.run.tells else typed
        if snapshot.latest_name is not None:
            return snapshot.latest_name
        return text.symbols[:_OPENING].astype(np.intp)

    @property
    def what(self) -> str:
        """The noun for what is shown: "name" or "piece"."""
        return DATA_NOUNS[self._session.kind].sequence

    @property
    def latest_words(self) -> str:
        """The words for what is shown while nothing is typed."""
        return DATA_NOUNS[self._session.kind].latest

    @property
    def tip(self) -> str:
        """What can be typed."""
        if self._session.kind == "melodies":
            return (
                "Type notes and their lengths in beats, such as C4 1 D4 1/2, and all panels show "
                f"them. Leave it empty for {self.latest_words}"
            )
        return f"Type a {self.what}, and all panels show it. Leave it empty for {self.latest_words}"

    @property
    def name(self) -> str:
        """The name of the line for screen readers."""
        if self._session.kind == "melodies":
            return "Notes to look at"
        return f"{self.what.capitalize()} to look at"

    @property
    def suggestions(self) -> Suggestions:
        """Names to choose from, or beginnings of tunes."""
        corpus = self._session.corpus
        if isinstance(corpus, Melodies):
            tunes = _places(len(corpus.tunes))
            return Suggestions((), tuple(first_notes(corpus, place) for place in tunes))
        if not isinstance(corpus, Corpus):
            return Suggestions((), ())
        names = corpus.distinct_names
        return Suggestions(self._generated, tuple(names[place] for place in _places(len(names))))

    def _encoded(self, vocabulary: Vocabulary) -> Indices:
        corpus = self._session.corpus
        if isinstance(corpus, Melodies):
            return encoded_notes(self.text, corpus)
        if isinstance(corpus, Text):
            return vocabulary.encode(unify(self.text, lower_case=corpus.lower_case))
        lower_case = corpus is None or corpus.lower_case
        symbols = vocabulary.encode(unify(self.text, lower_case=lower_case))
        return np.append(symbols, END_INDEX)

    @property
    def _too_long(self) -> str:
        if self._session.kind == "melodies":
            return f"Type {MAX_NAME_LENGTH // 2} notes at most."
        return f"Type {MAX_NAME_LENGTH} letters at most."

    @Slot()
    def _check(self) -> None:
        self.error = ""
        corpus = self._session.corpus
        if self.text and corpus is not None:
            try:
                symbols = self._encoded(corpus.vocabulary)
            except UnknownSymbolError as error:
                self.error = f"{error}."
            except MelodyError as error:
                self.error = str(error)
            else:
                if len(symbols) > MAX_NAME_LENGTH + 1:  # with the end of the name
                    self.error = self._too_long
                elif isinstance(corpus, Text) and len(symbols) < 2:
                    self.error = "Type two or more symbols: in a text, each one predicts the next."
        self.changed.emit()

    @Slot(object)
    def _note_generated(self, names: list[str]) -> None:
        latest = dict.fromkeys([name for name in names if name] + list(self._generated))
        self._generated = tuple(latest)[:_MOST_GENERATED]


def _places(count: int) -> list[int]:
    """Return the places of a few of so many, at equal distances."""
    return [int(place) for place in np.linspace(0, count - 1, min(_FROM_DATA, count))]


def _reading_of(piece: Indices) -> Reading | None:
    """Return the reading of a piece of a text: its first symbol is only read."""
    return Reading(piece[1:], int(piece[0])) if len(piece) > 1 else None
