"""Transposition of melodies."""

from dataclasses import replace

import numpy as np

from engine.melody.keys import key_of
from engine.melody.note import HIGHEST_PITCH, LOWEST_PITCH, OCTAVE, Melody
from engine.melody.played import PlayedMelody


def folded(pitch: int, lowest: int = LOWEST_PITCH, highest: int = HIGHEST_PITCH) -> int:
    """Return a pitch moved by octaves into a range, as few as possible.

    Raises
    ------
    ValueError
        If the range is smaller than an octave, so that not every note has a place in it.
    """
    if highest - lowest < OCTAVE - 1:
        raise ValueError(f"the range must be an octave at least, got {lowest} to {highest}.")
    if pitch < lowest:
        return lowest + (pitch - lowest) % OCTAVE
    if pitch > highest:
        return highest - (highest - pitch) % OCTAVE
    return pitch


def to_c(played: PlayedMelody) -> PlayedMelody:
    """Return a melody in C or A minor, moved as little as possible.

    Its key is that which its file says, or else the one that its notes suggest.
    """
    key = key_of(played)
    semitones = key.shift_to_c
    pitches = [folded(pitch + semitones) for pitch in played.pitches.tolist()]
    tonic = (key.tonic + semitones) % OCTAVE
    return replace(played, pitches=np.array(pitches, np.intp), tonic=tonic, is_minor=key.is_minor)


def transposed(
    melody: Melody, semitones: int, lowest: int = LOWEST_PITCH, highest: int = HIGHEST_PITCH
) -> Melody:
    """Return a melody so many semitones higher.

    Parameters
    ----------
    melody : Melody
    semitones : int
        Down if it is below 0.
    lowest, highest : int
        Notes that leave this range are moved back by octaves.

    Raises
    ------
    ValueError
        If the range is smaller than an octave.
    """
    notes = (
        note
        if note.pitch is None
        else replace(note, pitch=folded(note.pitch + semitones, lowest, highest))
        for note in melody.notes
    )
    return replace(melody, notes=tuple(notes))
