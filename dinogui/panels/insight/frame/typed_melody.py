"""Typed notes as the symbols of the tunes that a network learns from."""

import numpy as np
from numpy.typing import NDArray

from engine.data.melodies import Melodies
from engine.melody.errors import MelodyError
from engine.melody.note import Note
from engine.melody.symbols import duration_symbol, note_names, pitch_symbol, symbols_of
from engine.melody.typed_notes import read_notes

_SUGGESTED_NOTES = 8


def encoded_notes(text: str, melodies: Melodies) -> NDArray[np.intp]:
    """Return typed notes as indices of symbols, two for each.

    Raises
    ------
    MelodyError
        If they cannot be read, or one of them is not in the vocabulary; with a sentence for people.
    """
    notes = read_notes(text)
    index_of = melodies.vocabulary.index_of
    for note in notes:
        if any(symbol not in index_of for symbol in symbols_of([note])):
            raise MelodyError(_why_unknown(note, melodies))
    return np.array([index_of[symbol] for symbol in symbols_of(notes)], dtype=np.intp)


def first_notes(melodies: Melodies, number: int) -> str:
    """Return the beginning of a tune as it can be typed."""
    return note_names(melodies.melody(number).notes[:_SUGGESTED_NOTES])


def _why_unknown(note: Note, melodies: Melodies) -> str:
    """Say which part of a note no tune has, and what there is instead."""
    index_of, notes = melodies.vocabulary.index_of, melodies.notes
    if duration_symbol(note.beats) not in index_of:
        lengths = sorted(beats for beats in notes.durations if beats is not None)
        known = ", ".join(map(duration_symbol, lengths))
        return f"No tune has a note of {duration_symbol(note.beats)}. The durations are {known}."
    if note.pitch is None:
        return "The tunes have no rests."
    pitches = [pitch for pitch in notes.pitches if pitch is not None]
    lowest, highest = pitch_symbol(min(pitches)), pitch_symbol(max(pitches))
    return f"No tune has {pitch_symbol(note.pitch)}. The pitches go from {lowest} to {highest}."
