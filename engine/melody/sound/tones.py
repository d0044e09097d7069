"""The tones of instruments: sums of partials that die away."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from engine.melody.note import OCTAVE

SAMPLE_RATE = 44_100
"""Samples a second."""

LONGEST_SECONDS = 20.0
"""A tone that is held for longer has died away."""

_A4, _A4_HERTZ = 69, 440.0
_MIDDLE_C_HERTZ = 261.63
_HIGHEST_PARTIAL_HERTZ = 10_000.0
_BLOCK = 256
_MOST_SLOPE = 0.06
"""How much a tone may differ from one sample to the next. Very high tones are softer for this."""


@dataclass(frozen=True)
class Instrument:
    """An instrument, as partials of each of its tones.

    Attributes
    ----------
    partials : tuple of (float, float, float)
        Of each partial: its frequency, as a multiple of the fundamental's; its amplitude at first;
        and how fast it dies away at middle C, in nepers a second. Higher tones die away faster.
    attack : float
        Seconds in which a tone rises.
    loudness : float
        The amplitude of the fundamental at first.
    """

    partials: tuple[tuple[float, float, float], ...]
    attack: float
    loudness: float


INSTRUMENTS = {
    "electric piano": Instrument(
        ((1, 1.0, 1.1), (2, 0.30, 2.2), (3, 0.10, 3.5), (4, 0.07, 5.0), (7, 0.05, 14.0)),
        attack=0.004,
        loudness=0.3,
    ),
    "pluck": Instrument(
        (
            (1, 1.0, 3.0),
            (2, 0.45, 4.5),
            (3, 0.25, 6.5),
            (4, 0.14, 9.0),
            (5, 0.08, 12.0),
            (6, 0.04, 15.0),
        ),
        attack=0.003,
        loudness=0.3,
    ),
}
"""What a melody can be played with, by name."""

DEFAULT_INSTRUMENT = "electric piano"

CHORDS = Instrument(((1, 1.0, 0.9), (2, 0.18, 2.0), (3, 0.05, 3.5)), attack=0.015, loudness=0.045)
"""Plays the upper notes of the accompaniment."""

BASS = Instrument(((1, 1.0, 1.3), (2, 0.45, 2.5), (3, 0.12, 5.0)), attack=0.006, loudness=0.14)
"""Plays the bass of the accompaniment."""


def hertz_of(pitch: int) -> float:
    """Return the frequency of a pitch, in equal temperament with A4 at 440 Hz."""
    return float(_A4_HERTZ * 2 ** ((pitch - _A4) / OCTAVE))


def tone_of(instrument: Instrument, pitch: int, n_samples: int) -> NDArray[np.float32]:
    """Return a tone that is struck and held.

    A partial with angular frequency w and damping d, both per sample, is the imaginary part of
    exp((iw - d) n) at sample n. With ``n = row * _BLOCK + column`` this is a product of two complex
    factors, one of the row and one of the column. So one product of two small matrices gives the
    sum of all partials at all samples, much faster than a sine of each.

    Parameters
    ----------
    instrument : Instrument
    pitch : int
        As in MIDI.
    n_samples : int

    Returns
    -------
    (n_samples,) array of float32
        It begins at 0, and the sum of its partials' amplitudes is its bound.
    """
    fundamental = hertz_of(pitch)
    ratios, amplitudes, decays = _audible_partials(instrument, fundamental)
    turns = 2 * np.pi * fundamental * ratios / SAMPLE_RATE
    damping = decays * np.sqrt(fundamental / _MIDDLE_C_HERTZ) / SAMPLE_RATE
    slope = float(amplitudes @ turns)  # the steepest that the sum can be
    loudness = min(instrument.loudness, _MOST_SLOPE / slope)

    exponents = 1j * turns - damping
    n_rows = -(-n_samples // _BLOCK)
    of_rows = np.exp(np.outer(np.arange(n_rows) * _BLOCK, exponents)) * amplitudes * loudness
    of_columns = np.exp(np.outer(exponents, np.arange(_BLOCK)))
    rows = np.hstack((of_rows.real, of_rows.imag)).astype(np.float32)  # (rows, 2 partials)
    columns = np.vstack((of_columns.imag, of_columns.real)).astype(np.float32)
    tone: NDArray[np.float32] = (rows @ columns).reshape(-1)[:n_samples]
    n_attack = min(n_samples, round(instrument.attack * SAMPLE_RATE))
    tone[:n_attack] *= fade(n_attack)
    return tone


@lru_cache(maxsize=16)
def fade(n_samples: int) -> NDArray[np.float32]:
    """Return a smooth way from 0 up to 1, in shape (n_samples,): half a period of a cosine."""
    rise = 0.5 - 0.5 * np.cos(np.pi * np.arange(n_samples) / max(n_samples, 1))
    smooth = rise.astype(np.float32)
    smooth.setflags(write=False)
    return smooth


def _audible_partials(
    instrument: Instrument, fundamental: float
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return ratios, amplitudes and decays of the partials that are not too high."""
    partials = np.array(instrument.partials, dtype=np.float64)
    partials = partials[
        (partials[:, 0] * fundamental < _HIGHEST_PARTIAL_HERTZ) | (partials[:, 0] == 1)
    ]
    return partials[:, 0], partials[:, 1], partials[:, 2]
