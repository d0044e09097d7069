"""From beats to seconds, and back."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.melody.note import Melody
from engine.melody.sound.swing import STRAIGHT, check_swing, swung, unswung


@dataclass(frozen=True)
class Timing:
    """When the beats of a melody sound.

    Attributes
    ----------
    tempo : float
        Beats (quarter notes) a minute, above 0.
    swing : float
        As in `swing.swung`.
    upbeat : float
        Beats before the first bar line.

    Raises
    ------
    ValueError
        If one of them is out of bounds.
    """

    tempo: float
    swing: float = STRAIGHT
    upbeat: float = 0.0

    def __post_init__(self) -> None:
        if not 0 < self.tempo < float("inf"):
            raise ValueError(f"tempo must be above 0, got {self.tempo}.")
        check_swing(self.swing)

    def seconds_at(self, beats: ArrayLike) -> NDArray[np.float64]:
        """Return the seconds at which beats sound; both are counted from the melody's beginning."""
        from_bar_line = np.asarray(beats, dtype=np.float64) - self.upbeat
        since_start = swung(from_bar_line, self.swing) - swung(-self.upbeat, self.swing)
        return since_start * 60 / self.tempo

    def beat_at(self, seconds: float) -> float:
        """Return the beat that sounds after so many seconds."""
        played = seconds * self.tempo / 60 + float(swung(-self.upbeat, self.swing))
        return float(unswung(played, self.swing)) + self.upbeat


def timing_of(melody: Melody, swing: float = STRAIGHT, tempo: float | None = None) -> Timing:
    """Return the timing of a melody, at its own tempo unless another one is given."""
    return Timing(melody.tempo if tempo is None else tempo, swing, float(melody.upbeat))
