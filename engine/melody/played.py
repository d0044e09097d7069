"""A melody as it was played or written down: its times are not on a grid."""

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from engine.melody.note import DEFAULT_BAR, DEFAULT_TEMPO


@dataclass(frozen=True, eq=False)
class PlayedMelody:
    """A melody of one voice, with the times of its notes as they are in a file.

    Attributes
    ----------
    pitches : (n,) array of int
        As in MIDI.
    onsets : (n,) array of float
        When each note begins, in beats (quarter notes), ascending.
    durations : (n,) array of float
        How long each note sounds, in beats, above 0.
    title : str
    tempo : float
        Beats a minute.
    bar : Fraction
        Beats of a bar.
    upbeat : Fraction
        Beats before the first bar line, counted from beat 0.
    has_bars : bool
        Whether it is known where the bar lines stand. Then they are at ``upbeat + k * bar`` beats.
    tonic : int or None
        The key's first note, from 0 (C) to 11 (B); None if the file does not say.
    is_minor : bool
        Whether the key is minor.
    labels : tuple of (str, str)
        What else is known of it, by column: ("performer", "Art Pepper"). Each may give kinds.
    """

    pitches: NDArray[np.intp]
    onsets: NDArray[np.float64]
    durations: NDArray[np.float64]
    title: str = ""
    tempo: float = DEFAULT_TEMPO
    bar: Fraction = DEFAULT_BAR
    upbeat: Fraction = Fraction(0)
    has_bars: bool = False
    tonic: int | None = None
    is_minor: bool = False
    labels: tuple[tuple[str, str], ...] = ()

    def __len__(self) -> int:
        return len(self.pitches)
