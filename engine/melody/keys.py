"""The key of a melody: what its file says, or what its notes suggest.

Source: C. L. Krumhansl and E. J. Kessler, "Tracing the dynamic changes in perceived tonal
organization in a spatial representation of musical keys", Psychological Review 89 (1982), 334-368.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from engine.melody.note import OCTAVE
from engine.melody.played import PlayedMelody
from engine.melody.symbols import PITCH_NAMES

# How well each note fits a key, by semitones above its tonic, as listeners judged.
_MAJOR = np.array([6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88])
_MINOR = np.array([6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17])


@dataclass(frozen=True)
class Key:
    """A key.

    Attributes
    ----------
    tonic : int
        From 0 (C) to 11 (B).
    is_minor : bool
    """

    tonic: int
    is_minor: bool = False

    def __str__(self) -> str:
        return f"{PITCH_NAMES[self.tonic]} {'minor' if self.is_minor else 'major'}"

    @property
    def sharps(self) -> int:
        """Sharps of its signature, from -6 to 5; flats are below 0."""
        major = self.tonic + 3 if self.is_minor else self.tonic
        return (major * 7 + 6) % OCTAVE - 6

    @property
    def shift_to_c(self) -> int:
        """The smallest transposition to C major or A minor, in semitones, from -6 to 5."""
        goal = 9 if self.is_minor else 0
        return (goal - self.tonic + 6) % OCTAVE - 6


_KEYS = [Key(tonic, is_minor) for is_minor in (False, True) for tonic in range(OCTAVE)]
_PROFILES = np.array(
    [np.roll(_MINOR if key.is_minor else _MAJOR, key.tonic) for key in _KEYS]
)  # (24, 12)


def estimated_key(pitches: ArrayLike, durations: ArrayLike) -> Key:
    """Return the key whose profile correlates best with how long each note of the octave sounds.

    Parameters
    ----------
    pitches : (n,) array of int
        As in MIDI.
    durations : (n,) array of float
        In any unit.

    Returns
    -------
    Key
        C major where nothing can be told, as without notes.
    """
    sounding = np.bincount(
        np.asarray(pitches, dtype=np.intp) % OCTAVE, np.asarray(durations, np.float64), OCTAVE
    )
    if not sounding.size or np.ptp(sounding) == 0:
        return _KEYS[0]
    return _KEYS[int(np.corrcoef(sounding, _PROFILES)[0, 1:].argmax())]


def key_of(melody: PlayedMelody) -> Key:
    """Return the key that the file of a melody says, or else the one that its notes suggest."""
    if melody.tonic is not None:
        return Key(melody.tonic, melody.is_minor)
    return estimated_key(melody.pitches, melody.durations)
