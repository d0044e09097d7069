"""Transposition of melodies."""

from dataclasses import replace

from engine.melody.note import HIGHEST_PITCH, LOWEST_PITCH, OCTAVE, Melody


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
