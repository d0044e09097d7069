"""Histograms of large arrays; zeros, infinities and NaN are counted separately."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.insight.results import count_not_finite, read_only
from engine.nn.parameters import Array

_FIRST_DECADE, _LAST_DECADE, _BINS_A_DECADE = -12, 4, 4
_MAGNITUDE_BINS = (_LAST_DECADE - _FIRST_DECADE) * _BINS_A_DECADE
_MAGNITUDE_EDGES = read_only(np.logspace(_FIRST_DECADE, _LAST_DECADE, _MAGNITUDE_BINS + 1))
_SIGNED_BINS = 41
"""Odd, so that zero lies in the middle of a bin."""

_AT_ONCE = 1 << 16
"""Numbers that are counted at a time, so that temporary arrays stay in the cache."""


@dataclass(frozen=True)
class Histogram:
    """Counts of numbers by bin.

    Attributes
    ----------
    edges : (bins + 1,) array
        Ascending, in the unit of the numbers.
    counts : (bins,) array
    zeros : int
        Numbers that are exactly zero. A logarithmic histogram has no bin for them; a linear one
        also counts them in its middle bin.
    not_finite : int
        Numbers that are infinite or NaN; no bin counts them.
    """

    edges: Array
    counts: NDArray[np.intp]
    zeros: int
    not_finite: int


def of_magnitudes(values: Array) -> Histogram:
    """Count |values|, of any shape, in logarithmic bins from 1e-12 to 1e4, four per decade.

    The bins are always the same, so that histograms can be compared. The first bin also counts
    all smaller numbers except zero, the last one all larger numbers.
    """
    counts = np.zeros(_MAGNITUDE_BINS, np.intp)
    flat = values.reshape(-1)
    with np.errstate(all="ignore"):
        for start in range(0, flat.size, _AT_ONCE):
            places = np.log10(np.abs(flat[start : start + _AT_ONCE], dtype=np.float64))
            places = places[np.isfinite(places)]  # neither zero nor infinite
            counts += _count((places - _FIRST_DECADE) * _BINS_A_DECADE, _MAGNITUDE_BINS)
    return _histogram(_MAGNITUDE_EDGES, counts, values)


def of_signed(values: Array) -> Histogram:
    """Count values, of any shape, in 41 equal bins from -max |value| to max |value|."""
    finite = np.isfinite(values)
    largest = float(np.abs(values).max(where=finite, initial=0.0)) or 1.0
    edges = np.linspace(-1.0, 1.0, _SIGNED_BINS + 1) * largest
    counts = np.zeros(_SIGNED_BINS, np.intp)
    # A copy only if something has to be left out.
    flat = values.reshape(-1) if finite.all() else values[finite]
    for start in range(0, flat.size, _AT_ONCE):
        # Divided first: twice the largest number could overflow.
        places = np.divide(flat[start : start + _AT_ONCE], largest, dtype=np.float64)
        counts += _count((places + 1.0) * (_SIGNED_BINS / 2), _SIGNED_BINS)
    return _histogram(edges, counts, values)


def _count(places: Array, bins: int) -> NDArray[np.intp]:
    inside = np.minimum(np.maximum(places, 0.0), bins - 1.0).astype(np.intp)
    return np.bincount(inside, minlength=bins)


def _histogram(edges: Array, counts: NDArray[np.intp], values: Array) -> Histogram:
    counts.flags.writeable = False
    zeros = values.size - int(np.count_nonzero(values))
    return Histogram(read_only(edges), counts, zeros, count_not_finite(values))
