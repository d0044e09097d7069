"""A small summary of many values, of which quantiles are estimated, and which can be merged.

A sketch is a fixed number of values, its items, that stand for all of them: every item for as many.
Two sketches of equally many values are merged as Manku, Rajagopalan and Lindsay describe it
("Approximate medians and other quantiles in one pass and with limited memory", 1998): their items
are sorted together, and every second one is kept. Whether that begins with the first or with the
second one alternates, so that the errors cancel.
"""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating]

ITEMS = 16
"""Items of a sketch; even. The rank that it gives a value is off by 4 % on average."""

BAND = (0.1, 0.25, 0.75, 0.9)
"""The shares of the values below each edge of the band that is drawn, from the lowest to the
highest."""


def sketch(values: Array, first: int) -> Array:
    """Summarise values.

    Parameters
    ----------
    values : (k, w) array
        Values of k sketches. w is `ITEMS` times a power of two.
    first : int
        The place of the first sketch among all of them, which decides about what alternates.

    Returns
    -------
    (k, ITEMS) array
        If w is `ITEMS`, the values as they are; else items in ascending order.
    """
    each = values.shape[1] // ITEMS
    if each == 1:
        return values
    ordered = np.sort(values, axis=1).reshape(len(values), ITEMS, each)
    kept = each // 2 - 1 + (np.arange(first, first + len(values)) & 1)
    items: Array = ordered[np.arange(len(values)), :, kept]
    return items


def merge_sketches(items: Array) -> Array:
    """Merge neighbours in pairs.

    Parameters
    ----------
    items : (2 x k, ITEMS) array

    Returns
    -------
    (k, ITEMS) array
    """
    return sketch(items.reshape(-1, 2 * ITEMS), 0)


def quantiles(items: Array, shares: Sequence[float] = BAND) -> Array:
    """Estimate quantiles of what equally weighted items stand for.

    Parameters
    ----------
    items : (k, m) array
        Of k groups.
    shares : sequence of float
        From 0 to 1.

    Returns
    -------
    (k, len(shares)) array
        Interpolated linearly between items, each of which has the rank of its middle (Hazen's rule,
        number 5 in Hyndman and Fan, "Sample quantiles in statistical packages", 1996).
    """
    ordered = np.sort(items, axis=1)
    below, above, weights = _ranks(items.shape[1], tuple(shares))
    low = ordered[:, below]
    found: Array = low + weights * (ordered[:, above] - low)
    return found


@lru_cache(maxsize=64)
def _ranks(
    count: int, shares: tuple[float, ...]
) -> tuple[NDArray[np.intp], NDArray[np.intp], Array]:
    """Return the ranks of the items around each share, and the weight of the upper one.

    They are the same for all groups of a size, and each frame of the plot needs some.
    """
    places = np.clip(count * np.asarray(shares) - 0.5, 0, count - 1)
    below = np.minimum(places.astype(int), max(count - 2, 0))
    above = np.minimum(below + 1, count - 1)
    return below, above, places - below
