"""Tunes in the notes that a network knows: others become the nearest ones that it knows."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from engine.data.melodies import NoteSymbols
from engine.data.training_data import counted
from engine.data.vocabulary import DOCUMENT_END, EncodedNames, Vocabulary
from engine.melody.symbols import BAR_LINE, REST, duration_symbol, pitch_symbol
from engine.melody.transposing import folded

Indices = NDArray[np.intp]

_UNKNOWN = -1


@dataclass(frozen=True)
class KnownNotes:
    """Passages of tunes in the notes of a network, and what was changed.

    Attributes
    ----------
    encoded : EncodedNames
        In the network's vocabulary.
    n_moved : int
        Notes that were moved by octaves.
    n_rounded : int
        Durations that were brought to the nearest one.
    """

    encoded: EncodedNames
    n_moved: int
    n_rounded: int

    @property
    def changes(self) -> tuple[str, ...]:
        """What was changed, in sentences."""
        found = []
        if self.n_moved:
            notes = counted(self.n_moved, "note")
            found.append(f"{notes} that the network does not know: moved by octaves.")
        if self.n_rounded:
            durations = counted(self.n_rounded, "duration")
            found.append(f"{durations} that the network does not know: brought to the nearest one.")
        return tuple(found)


def in_known_notes(encoded: EncodedNames, own: Vocabulary, known: Vocabulary) -> KnownNotes:
    """Return tunes, or passages of them, in another vocabulary of melodies.

    A pitch comes into the range of the vocabulary by octaves, and a duration becomes the nearest
    one. Rests and bar lines are left out if the vocabulary has none.

    Parameters
    ----------
    encoded : EncodedNames
        Tunes or passages.
    own : Vocabulary
        Theirs.
    known : Vocabulary
        Of the network.

    Raises
    ------
    ValueError
        If a vocabulary is not one of melodies.
    """
    notes = NoteSymbols(own)
    table, is_other = _table(notes, own, NoteSymbols(known), known)
    found = table[encoded.symbols]
    is_left_out = found == _UNKNOWN
    if notes.rest is not None and table[notes.rest] == _UNKNOWN:  # its duration goes as well
        is_left_out[1:] |= encoded.symbols[:-1] == notes.rest
    kept_before = np.concatenate(([0], np.cumsum(~is_left_out)))
    kept = encoded.symbols[~is_left_out]
    are_pitches = notes.are_pitches[kept]
    return KnownNotes(
        EncodedNames(found[~is_left_out], kept_before[encoded.bounds], encoded.kinds),
        int((is_other[kept] & are_pitches).sum()),
        int((is_other[kept] & ~are_pitches).sum()),
    )


def _table(
    notes: NoteSymbols, own: Vocabulary, known_notes: NoteSymbols, known: Vocabulary
) -> tuple[Indices, NDArray[np.bool_]]:
    """Return the other index of each symbol, and whether it is that of another symbol."""
    pitches = [pitch for pitch in known_notes.pitches if pitch is not None]
    durations = [beats for beats in known_notes.durations if beats is not None]
    lowest, highest = min(pitches), max(pitches)
    symbols = []
    for symbol, pitch, beats in zip(own.symbols, notes.pitches, notes.durations, strict=True):
        if pitch is not None:
            symbols.append(pitch_symbol(folded(pitch, lowest, highest)))
        elif beats is not None:
            symbols.append(duration_symbol(_nearest(durations, beats)))
        else:
            assert symbol in (REST, BAR_LINE, DOCUMENT_END)  # NoteSymbols has checked
            symbols.append(symbol)
    table = np.array([known.index_of.get(symbol, _UNKNOWN) for symbol in symbols], dtype=np.intp)
    is_other = np.array([a != b for a, b in zip(symbols, own.symbols, strict=True)])
    return table, is_other


def _nearest(durations: Sequence[Fraction], beats: Fraction) -> Fraction:
    return min(durations, key=lambda each: abs(each - beats))
