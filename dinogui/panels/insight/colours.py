"""Numbers become colours: evenly to the eye, and told apart by the colour-blind.

Sizes and shares are drawn in viridis, from dark to light. What has a sign is drawn around zero in
Peter Kovesi's diverging map for the colour-blind: blue below, white at zero, gold above. What is
infinite or no number has a colour that is in neither map.
"""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from dinogui.startup.lean_pyqtgraph import pg
from engine.nn.parameters import Array

Pixels = NDArray[np.uint8]
"""(rows, columns, 4): red, green, blue, opacity."""

NOT_FINITE = (224, 0, 94, 255)
"""Crimson: the colour of what is infinite or no number."""

_SHADES = 256


@cache
def sequential_map() -> Pixels:
    """Return the colours from low to high: (256, 4)."""
    return _table("viridis")


@cache
def diverging_map() -> Pixels:
    """Return the colours from below zero to above: (256, 4)."""
    return _table("CET-CBD1")


def _table(name: str) -> Pixels:
    return np.asarray(pg.colormap.get(name).getLookupTable(nPts=_SHADES, alpha=True), np.uint8)


def sequential(values: Array, low: float, high: float) -> Pixels:
    """Colour values from `low`, dark, to `high`, light."""
    return _coloured(sequential_map(), values, low, high)


def diverging(values: Array, reach: float) -> Pixels:
    """Colour values from -`reach` to `reach`, zero in the middle."""
    return _coloured(diverging_map(), values, -reach, reach)


def logarithmic(values: Array, low: float, high: float) -> Pixels:
    """Colour sizes from `low` to `high`, both above 0, by their logarithms; zero is the lowest."""
    with np.errstate(all="ignore"):
        logarithms = np.log10(np.maximum(values, low))
    return _coloured(sequential_map(), logarithms, np.log10(low), np.log10(high))


def reach_of(values: Array) -> float:
    """Return the largest size of what is finite, or 1 where all is zero or none is."""
    finite = np.abs(values[np.isfinite(values)])
    return float(finite.max(initial=0.0)) or 1.0


def _coloured(table: Pixels, values: Array, low: float, high: float) -> Pixels:
    finite = np.isfinite(values)
    span = high - low or 1.0
    shares = np.where(finite, values, low).astype(np.float64) / span - low / span
    places = np.clip(shares * (_SHADES - 1) + 0.5, 0, _SHADES - 1).astype(np.intp)
    # All four bytes of a colour as one number: so they are fetched at once.
    colours = np.append(table, [NOT_FINITE], axis=0).astype(np.uint8).view(np.uint32)[:, 0]
    if not finite.all():
        places[~finite] = _SHADES
    return colours.take(places)[..., np.newaxis].view(np.uint8)
