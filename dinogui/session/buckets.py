"""Buckets: the lowest and the highest of some consecutive points stand for all of them."""

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating]


def extremes(points: Array, width: int) -> Array:
    """Make one bucket of every `width` points.

    Parameters
    ----------
    points : (k x width, 2) array
        Steps and values.
    width : int

    Returns
    -------
    (k, 4) array
        Step and value of the two extremes of each, in the order of their steps.
    """
    buckets: Array
    if width == 1:
        buckets = np.concatenate((points, points), axis=1)
        return buckets
    values = points[:, 1].reshape(-1, width)
    low, high = values.argmin(axis=1), values.argmax(axis=1)
    places = np.empty((len(values), 2), dtype=np.intp)
    np.minimum(low, high, out=places[:, 0])
    np.maximum(low, high, out=places[:, 1])
    places += np.arange(0, len(points), width)[:, None]
    buckets = points.take(places.reshape(-1), axis=0).reshape(-1, 4)
    return buckets


def merge(buckets: Array, group: int) -> Array:
    """Merge every `group` buckets into one; the last may be of fewer.

    Parameters
    ----------
    buckets : (m, 4) array
    group : int

    Returns
    -------
    (k, 4) array
    """
    if group == 1:
        return buckets
    missing = -len(buckets) % group
    if missing:  # a repeated bucket does not change the extremes
        buckets = np.concatenate((buckets, np.repeat(buckets[-1:], missing, axis=0)))
    return extremes(buckets.reshape(-1, 2), 2 * group)
