"""Grids of durations, and how what was played is brought to one."""

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from engine.melody.note import Melody, Note
from engine.melody.played import PlayedMelody

REST_FROM = 0.5
"""Silence before the next note of at least so many beats is a rest. Less belongs to the note."""

_ROUNDING = 1e-9
"""Beats by which sums of thirds may be off."""

NEAR = 0.1
"""A duration is near the grid if it is within this share of a duration of the grid."""


def _fractions(text: str) -> tuple[Fraction, ...]:
    return tuple(Fraction(each) for each in text.split())


GRIDS = {
    "swing": _fractions("1/6 1/4 1/3 1/2 2/3 3/4 1 4/3 3/2 5/3 2 3 4 6 8"),
    "straight": _fractions("1/8 1/4 3/8 1/2 3/4 1 5/4 3/2 7/4 2 5/2 3 7/2 4 6 8"),
    "triplets": _fractions("1/6 1/3 1/2 2/3 1 4/3 5/3 2 8/3 3 4 6 8"),
    "fine": _fractions(
        "1/12 1/8 1/6 1/4 1/3 3/8 5/12 1/2 7/12 2/3 3/4 5/6 11/12 1 13/12 7/6 5/4 4/3 17/12 3/2 "
        "5/3 7/4 11/6 2 9/4 7/3 5/2 8/3 11/4 3 7/2 4 5 6 8"
    ),
}
"""The durations of each grid by its name, in beats, ascending."""

DEFAULT_GRID = "swing"


@dataclass(frozen=True)
class OnGrid:
    """A melody on a grid.

    Attributes
    ----------
    melody : Melody
    n_near : int
        How many of its notes were played near a duration of the grid; see `NEAR`.
    """

    melody: Melody
    n_near: int


def on_grid(played: PlayedMelody, grid: str = DEFAULT_GRID) -> OnGrid:
    """Bring a melody to a grid of durations.

    A note lasts until the next one begins. Where at least `REST_FROM` beats are silent before that,
    the note ends when it was released, and a rest follows.

    Durations are rounded by ratio: 0.7 is as far from 0.5 as 0.98 is. Where the bar lines are
    known, what one duration was rounded by counts for the next one, so that notes stay in their
    bars.

    Parameters
    ----------
    played : PlayedMelody
    grid : str
        A name in `GRIDS`.
    """
    durations, are_rests = _durations(played)
    steps = GRIDS[grid]
    sizes = np.array([float(step) for step in steps])
    between = np.sqrt(sizes[1:] * sizes[:-1])  # where the ratios to both neighbours are equal
    places = np.searchsorted(between, durations)
    near = np.abs(sizes[places] - durations) <= NEAR * sizes[places]
    chosen = places.tolist()
    if played.has_bars:
        chosen = _places_in_bars(durations.tolist(), sizes.tolist(), between.tolist())
    pitches: Iterator[int] = iter(played.pitches.tolist())
    notes = tuple(
        Note(None if is_rest else next(pitches), steps[place])
        for place, is_rest in zip(chosen, are_rests.tolist(), strict=True)
    )
    upbeat = played.upbeat if played.has_bars else Fraction(0)
    melody = Melody(notes, played.title, played.tempo, played.bar, upbeat, played.has_bars)
    return OnGrid(melody, int(np.count_nonzero(near & ~are_rests)))


def _places_in_bars(durations: list[float], sizes: list[float], between: list[float]) -> list[int]:
    """Return the places of the nearest durations, each corrected by what is too much so far."""
    places, too_much = [], 0.0
    for duration in durations:
        place = bisect_left(between, duration - too_much)
        too_much += sizes[place] - duration
        places.append(place)
    return places


def _durations(played: PlayedMelody) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Return the durations of notes and rests in their order, and which of them are rests."""
    if not len(played):
        return np.empty(0), np.empty(0, dtype=bool)
    ends = np.append(played.onsets[1:], played.onsets[-1] + played.durations[-1])
    to_next = ends - played.onsets
    sounding = np.minimum(played.durations, to_next)
    silent = to_next - sounding
    has_rest = silent >= REST_FROM - _ROUNDING
    lengths = np.where(has_rest, sounding, to_next)
    after = np.flatnonzero(has_rest) + 1
    durations = np.insert(lengths, after, silent[has_rest])
    are_rests = np.insert(np.zeros(len(played), dtype=bool), after, True)
    return durations, are_rests
