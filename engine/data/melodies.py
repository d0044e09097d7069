"""Melodies as training data: each tune is a document, whose symbols are those of its notes."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from itertools import chain, pairwise
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from engine.data.document_list import DocumentList
from engine.data.name_kinds import NameKinds
from engine.data.reading.choices import TRANSPOSITIONS, Transposition
from engine.data.text import MIN_CHARACTERS, Text, check_documents
from engine.data.text_encoder import Symbols, least_type
from engine.data.training_data import CorpusError, DataKind, counted, fingerprint
from engine.data.vocabulary import DOCUMENT_END, END_INDEX, Vocabulary
from engine.melody.note import DEFAULT_BAR, DEFAULT_TEMPO, OCTAVE, Melody, Note
from engine.melody.symbols import (
    BAR_LINE,
    REST,
    duration_of,
    duration_symbol,
    pitch_of,
    pitch_symbol,
)
from engine.melody.transposing import folded

SHIFTS = range(-5, 7)
"""The semitones by which a tune is moved to come to every key, the nearest ones."""

BREAK = "\n"
"""Stands between two tunes where their symbols are written one after the other."""


@dataclass(frozen=True)
class Tune:
    """What is known of a tune besides its notes.

    Attributes
    ----------
    title : str
    tempo : float
        Beats a minute.
    bar : Fraction
        Beats of a bar.
    upbeat : Fraction
        Beats before the first bar line.
    has_bars : bool
        Whether bar lines are among its symbols.
    labels : tuple of (str, str)
        As in `engine.melody.played.PlayedMelody`.
    """

    title: str = ""
    tempo: float = DEFAULT_TEMPO
    bar: Fraction = DEFAULT_BAR
    upbeat: Fraction = Fraction(0)
    has_bars: bool = False
    labels: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, melody: Melody, labels: tuple[tuple[str, str], ...] = ()) -> "Tune":
        """Return what is known of a melody."""
        return cls(melody.title, melody.tempo, melody.bar, melody.upbeat, melody.has_bars, labels)


@dataclass(frozen=True, eq=False)
class Melodies(Text):
    """Melodies, as a text whose documents are tunes.

    Attributes
    ----------
    tunes : tuple of Tune
        One for each document.
    grid : str
        A name in `engine.melody.grid.GRIDS`.
    transpose : str
        One of `TRANSPOSITIONS`.
    kinds : NameKinds or None
        The kinds of the tunes, such as their players: `of_distinct` has one for each tune.
    """

    tunes: tuple[Tune, ...] = ()
    grid: str = "swing"
    transpose: Transposition = "none"
    kinds: NameKinds | None = None
    kind: ClassVar[DataKind] = "melodies"

    @cached_property
    def fingerprint(self) -> str:
        """Identifies the same tunes, drawn in the same keys, in another file."""
        kinds = self.kinds
        titles = () if kinds is None else (kinds.titles[kind] for kind in kinds.of_distinct)
        pieces = chain(
            [f"{self.transpose}\n"],
            self.written_pieces(),
            (f"\n{title}" for title in titles),
        )
        return fingerprint(self.kind, pieces, lower_case=self.lower_case)

    @cached_property
    def notes(self) -> "NoteSymbols":
        """What the symbols stand for."""
        return NoteSymbols(self.vocabulary)

    @cached_property
    def n_notes(self) -> int:
        """The number of notes, without the rests."""
        return int(np.count_nonzero(self.notes.are_pitches[self.symbols]))

    @cached_property
    def mean_length(self) -> float:
        """Symbols per note: two, and a little more with rests, bar lines and ends of tunes."""
        return len(self) / self.n_notes

    @property
    def note_length(self) -> float:
        """Symbols per note, as `mean_length`."""
        return self.mean_length

    @cached_property
    def tempo(self) -> float:
        """The median tempo of the tunes, in beats a minute."""
        return usual_tempo(self.tunes)

    @cached_property
    def bar(self) -> Fraction:
        """The commonest bar of the tunes, in beats."""
        return usual_bar(self.tunes)

    def melody(self, number: int) -> Melody:
        """Return a tune."""
        assert self.documents is not None
        begin, end = self.documents.bounds[number : number + 2]
        tune = self.tunes[number]
        return Melody(
            self.notes.notes_of(self.symbols[begin:end]),
            tune.title,
            tune.tempo,
            tune.bar,
            tune.upbeat,
            tune.has_bars,
        )

    def summary(self) -> str:
        """Describe in one sentence what was read."""
        return (
            f"{self.source}: {counted(len(self.tunes), 'tune')}, {counted(self.n_notes, 'note')}, "
            f"{len(self):,} symbols, {counted(len(self.vocabulary), 'distinct symbol')}."
        )


def usual_tempo(tunes: Sequence[Tune]) -> float:
    """Return the median tempo of some tunes, in beats a minute."""
    return float(np.median([tune.tempo for tune in tunes]))


def usual_bar(tunes: Sequence[Tune]) -> Fraction:
    """Return the commonest bar of some tunes, in beats."""
    return Counter(tune.bar for tune in tunes).most_common(1)[0][0]


class NoteSymbols:
    """What the symbols of a vocabulary of melodies stand for.

    Parameters
    ----------
    vocabulary : Vocabulary

    Attributes
    ----------
    pitches : tuple of int or None
        For each symbol, its pitch.
    durations : tuple of Fraction or None
        For each symbol, its duration in beats.
    are_pitches : (n_symbols,) array of bool
    rest, bar_line : int or None
        Their indices; None if the vocabulary lacks them.

    Raises
    ------
    ValueError
        If another symbol is in it.
    """

    def __init__(self, vocabulary: Vocabulary) -> None:
        symbols = vocabulary.symbols
        self.pitches = tuple(map(pitch_of, symbols))
        self.durations = tuple(map(duration_of, symbols))
        self.are_pitches = np.array([pitch is not None for pitch in self.pitches])
        self.rest = vocabulary.index_of.get(REST)
        self.bar_line = vocabulary.index_of.get(BAR_LINE)
        others = [
            symbol
            for symbol, pitch, duration in zip(symbols, self.pitches, self.durations, strict=True)
            if pitch is None and duration is None and symbol not in (REST, BAR_LINE, DOCUMENT_END)
        ]
        if others or symbols[END_INDEX] != DOCUMENT_END:
            raise ValueError(f"symbols must be those of melodies, got {(others or symbols)[0]!r}.")

    def notes_of(self, symbols: Sequence[int] | NDArray[np.integer]) -> tuple[Note, ...]:
        """Return the notes of some symbols: each pitch or rest that a duration follows."""
        listed = [int(symbol) for symbol in symbols]
        return tuple(
            Note(self.pitches[first], beats)
            for first, second in pairwise(listed)
            if (beats := self.durations[second]) is not None
            and (self.pitches[first] is not None or first == self.rest)
        )

    def transposed(self, semitones: int) -> NDArray[np.intp]:
        """Return what each symbol becomes when it is transposed, as indices: (n_symbols,).

        A pitch that leaves those of the vocabulary comes back by octaves.
        """
        index_of = {pitch: index for index, pitch in enumerate(self.pitches) if pitch is not None}
        lowest, highest = min(index_of), max(index_of)
        table = np.arange(len(self.pitches))
        for pitch, index in index_of.items():
            table[index] = index_of[folded(pitch + semitones, lowest, highest)]
        return table


def melodies_of(
    melodies: Sequence[Melody],
    source: str,
    *,
    grid: str,
    transpose: Transposition = "none",
    labels: Sequence[tuple[tuple[str, str], ...]] = (),
    kinds: NameKinds | None = None,
    for_training: bool = True,
) -> Melodies:
    """Make training data of melodies that are on a grid.

    The vocabulary has every pitch from the lowest to the highest, at least an octave.

    Parameters
    ----------
    melodies : sequence of Melody
    source : str
        What to call them in messages.
    grid, transpose : str
        As in `Melodies`.
    labels : sequence, optional
        What else is known of each.
    kinds : NameKinds, optional
        As in `Melodies`.
    for_training : bool
        Whether some tunes are to be held out. If not, one is enough.

    Raises
    ------
    CorpusError
        If there is too little to learn from.
    """
    vocabulary = _vocabulary_of(melodies, source)
    index_of = vocabulary.index_of
    symbols = [index_of[symbol] for melody in melodies for symbol in written(melody)]
    tunes = tuple(
        Tune.of(melody, known)
        for melody, known in zip(melodies, labels or [()] * len(melodies), strict=True)
    )
    data = _melodies_of_symbols(
        np.array(symbols, dtype=least_type(len(vocabulary))), vocabulary, source, tunes
    )
    if for_training:
        check_enough(data)
        check_documents(data, "tune")
    return replace(data, grid=grid, transpose=transpose, kinds=kinds)


def written(melody: Melody) -> Iterator[str]:
    """Yield the symbols of a melody, with its bar lines if they are known, and its end.

    A bar line stands before the first note that begins on it or after it.
    """
    beat, next_line = Fraction(0), melody.upbeat or melody.bar
    for note in melody.notes:
        if melody.has_bars and beat >= next_line:
            yield BAR_LINE
            next_line += ((beat - next_line) // melody.bar + 1) * melody.bar
        yield REST if note.pitch is None else pitch_symbol(note.pitch)
        yield duration_symbol(note.beats)
        if melody.has_bars:  # sums of fractions take long
            beat += note.beats
    yield DOCUMENT_END


def melodies_of_symbols(
    symbols: Symbols,
    vocabulary: Vocabulary,
    source: str,
    tunes: tuple[Tune, ...],
    *,
    grid: str,
    transpose: Transposition,
    kinds: NameKinds | None = None,
) -> Melodies:
    """Make training data of their indices.

    Raises
    ------
    CorpusError
        If there are too few.
    ValueError
        If they are not indices of melodies.
    """
    dtype = least_type(len(vocabulary))
    if symbols.ndim != 1 or symbols.dtype != dtype or symbols.max(initial=0) >= len(vocabulary):
        raise ValueError(f"symbols must be indices of {len(vocabulary)} symbols in {dtype}.")
    if symbols[-1:].tolist() != [END_INDEX] or transpose not in TRANSPOSITIONS:
        raise ValueError("symbols must end with the end of a tune.")
    data = _melodies_of_symbols(symbols, vocabulary, source, tunes)
    check_enough(data)
    check_documents(data, "tune")
    return replace(data, grid=grid, transpose=transpose, kinds=kinds)


def _melodies_of_symbols(
    symbols: Symbols, vocabulary: Vocabulary, source: str, tunes: tuple[Tune, ...]
) -> Melodies:
    documents = DocumentList(symbols)
    if len(documents) != len(tunes):
        raise ValueError(f"tunes must be {len(documents):,}, got {len(tunes):,}.")
    symbols.flags.writeable = False
    return Melodies(
        source=source,
        symbols=symbols,
        vocabulary=vocabulary,
        lines=len(tunes),
        longest_line=int(documents.lengths.max(initial=1)) - 1,
        lower_case=False,
        document_break=BREAK,
        tunes=tunes,
    )


def check_enough(melodies: Melodies) -> None:
    """Check that there are enough symbols to learn from.

    Raises
    ------
    CorpusError
        If there are not.
    """
    if len(melodies) < MIN_CHARACTERS or not melodies.n_notes:
        count = int(np.count_nonzero(melodies.symbols))
        verb = "is" if count == 1 else "are"
        raise CorpusError(
            f"There {verb} {counted(count, 'symbol')} of notes in “{melodies.source}”. Melodies "
            f"need at least {MIN_CHARACTERS}. Choose more of them."
        )


def _vocabulary_of(melodies: Sequence[Melody], source: str) -> Vocabulary:
    notes = [note for melody in melodies for note in melody.notes]
    pitches = [note.pitch for note in notes if note.pitch is not None]
    if not pitches:
        raise CorpusError(f"There are no notes in “{source}”. Choose a file with melodies.")
    lowest = min(pitches)
    highest = max(*pitches, lowest + OCTAVE - 1)
    symbols = [DOCUMENT_END, *map(pitch_symbol, range(lowest, highest + 1))]
    if any(note.pitch is None for note in notes):
        symbols.append(REST)
    if any(melody.has_bars for melody in melodies):
        symbols.append(BAR_LINE)
    return Vocabulary((*symbols, *map(duration_symbol, sorted({note.beats for note in notes}))))
