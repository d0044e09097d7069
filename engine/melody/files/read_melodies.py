"""What readers of files return, and how they put together a melody."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from engine.melody.note import DEFAULT_BAR
from engine.melody.played import PlayedMelody

SLOWEST_TEMPO, FASTEST_TEMPO = 10.0, 1000.0
"""Beats a minute. A tempo beyond these is taken for a mistake."""

ACCOMPANIMENT = "Accompaniment"
"""The title of the track with the accompaniment in a MIDI file. It is no melody."""


@dataclass(frozen=True)
class ReadMelodies:
    """The melodies of a file.

    Attributes
    ----------
    melodies : tuple of PlayedMelody
    notes : tuple of str
        Sentences about what was left out or changed.
    """

    melodies: tuple[PlayedMelody, ...]
    notes: tuple[str, ...] = ()


def from_first_note(
    pitches: Sequence[int],
    onsets: Sequence[float],
    durations: Sequence[float],
    bar: Fraction = DEFAULT_BAR,
    bar_line: Fraction = Fraction(0),
) -> PlayedMelody:
    """Return a melody whose first note begins at beat 0, so far without a title.

    Parameters
    ----------
    pitches, onsets, durations : sequences of equal length
        At least one note, by ascending onset. The times are in beats.
    bar : Fraction
        Beats of a bar.
    bar_line : Fraction
        A beat at which there is a bar line.
    """
    starts = np.asarray(onsets, dtype=np.float64)
    begin = Fraction(onsets[0]).limit_denominator(ONSET_DENOMINATOR)
    return PlayedMelody(
        np.asarray(pitches, dtype=np.intp),
        starts - starts[0],
        np.asarray(durations, dtype=np.float64),
        bar=bar,
        upbeat=(bar_line - begin) % bar,
    )


ONSET_DENOMINATOR = 960
"""The beat at which a melody begins is rounded to a fraction with at most this denominator."""


def counted(number: int, one: str, many: str | None = None) -> str:
    """Return "1 tune" or "3 tunes"."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
