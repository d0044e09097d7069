"""Which symbols may follow in a melody: a pitch or a rest, then a duration, and so on."""

from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from engine.data.melodies import NoteSymbols
from engine.data.vocabulary import Vocabulary
from engine.melody.note import OCTAVE, Note
from engine.melody.transposing import folded


class MelodyGrammar:
    """Knows which symbols of a vocabulary may follow at a place of a melody.

    Parameters
    ----------
    vocabulary : Vocabulary
        Of melodies.

    Attributes
    ----------
    notes : NoteSymbols
    """

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.notes = notes = NoteSymbols(vocabulary)
        self._begins_note = notes.are_pitches.copy()
        if notes.rest is not None:
            self._begins_note[notes.rest] = True
        self._pitch_classes = np.array([(pitch or 0) % OCTAVE for pitch in notes.pitches])
        self._beats = np.array(
            [np.inf if beats is None else float(beats) for beats in notes.durations]
        )
        self.shortest = min((beats for beats in notes.durations if beats), default=Fraction(1))
        self._pitches = [pitch for pitch in notes.pitches if pitch is not None]

    def beginnings(self) -> NDArray[np.bool_]:
        """Return which symbols may begin a note or a rest: (n_symbols,)."""
        return self._begins_note

    def durations(self, left: Fraction) -> NDArray[np.bool_]:
        """Return which durations fit into the beats that are left: (n_symbols,).

        At least one does: the shortest.
        """
        return self._beats <= max(float(left), float(self.shortest)) + 1e-9

    def outside(self, pitch_classes: frozenset[int]) -> NDArray[np.bool_]:
        """Return which symbols are pitches that a chord does not have: (n_symbols,)."""
        return self.notes.are_pitches & ~np.isin(self._pitch_classes, sorted(pitch_classes))

    def encoded(self, note: Note) -> tuple[int, int] | None:
        """Return a note as the nearest symbols of the vocabulary.

        Its pitch comes into the range of the vocabulary by octaves. A rest is None if the
        vocabulary has none.
        """
        if note.pitch is None:
            first = self.notes.rest
        else:
            pitch = folded(note.pitch, min(self._pitches), max(self._pitches))
            first = self.notes.pitches.index(pitch)
        if first is None:
            return None
        ratio = np.abs(np.log(self._beats / float(note.beats)))
        return first, int(ratio.argmin())
