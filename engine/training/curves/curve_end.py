"""The growing end of a curve, which each new frame draws, and the buckets that it is made of.

A bucket is the lowest and the highest of some consecutive points, which stand for all of them.
"""

import math

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating]
Point = tuple[float, float]
Group = tuple[float, float, float, float]
"""Step and value of the two extremes of some points, in the order of their steps."""

_KEPT = 64
"""The least number of groups kept; a frame adds one or two, and seldom more."""
_MANY = 4
"""From this number of groups on, NumPy is faster than a loop."""


class CurveEnd:
    """The last groups of a curve's points, updated with every point that is added.

    A group is the points that are drawn as one. Putting new points into the curve's buckets takes
    longer than the rest of a frame, but a frame seldom adds more than one or two groups. So their
    extremes are kept here, as Python floats: for so few, a call of NumPy costs more than it saves.

    Parameters
    ----------
    grain : int
        Points per group.
    groups : list of Group
        The last groups so far, at that grain. The very last may not be full.
    filled : int
        Points in the last group.
    is_whole : bool
        Whether these are all groups.

    Attributes
    ----------
    low, high : float
        Of the values that were added since; infinite if there are none.
    """

    def __init__(self, grain: int, groups: list[Group], filled: int, *, is_whole: bool) -> None:
        self._grain = grain
        self._groups = groups
        self._filled = filled if groups else grain
        self._is_whole = is_whole
        self._has_grown = False
        self._grows_from = self._open_from()
        self.low, self.high = math.inf, -math.inf

    def append(self, steps: NDArray[np.number], values: Array) -> None:
        """Add points (k,), where k is 1 or more."""
        first, begin, count = max(len(self._groups) - 1, 0), 0, len(values)
        if self._filled < self._grain:
            begin = min(count, self._grain - self._filled)
            self._groups[-1] = _joined(self._groups[-1], _group(steps[:begin], values[:begin]))
            self._filled += begin
        whole = (count - begin) // self._grain
        if whole >= _MANY:
            end = begin + whole * self._grain
            points = np.stack((steps[begin:end], values[begin:end]), axis=1)
            self._groups += extremes(points, self._grain).tolist()
            begin = end
        while begin < count:
            end = min(begin + self._grain, count)
            self._groups.append(_group(steps[begin:end], values[begin:end]))
            begin, self._filled = end, end - begin
        for _, one, _, other in self._groups[first:]:
            self.low, self.high = min(self.low, one, other), max(self.high, one, other)
        self._has_grown = True
        if len(self._groups) > 2 * _KEPT:
            del self._groups[:-_KEPT]
            self._is_whole = False

    @property
    def last_step(self) -> float:
        """The step at which the drawn curve ends."""
        return self._groups[-1][2] if self._groups else -math.inf

    def grown_from(self) -> float | None:
        """Return the step from which on it has changed since the last call; None if it has not.

        The stroke that leads to the group that was last changes with that group.
        """
        if not self._has_grown:
            return None
        begin, self._grows_from, self._has_grown = self._grows_from, self._open_from(), False
        return begin

    def points_from(self, step: float) -> list[Point] | None:
        """Return the points to draw from a step on, and the nearest ones before it.

        None if the groups do not go back that far.
        """
        if self.last_step < step:
            return []
        begin = len(self._groups)
        while begin and self._groups[begin - 1][2] >= step:
            begin -= 1
        if not begin and not self._is_whole:
            return None
        return [point for group in self._groups[max(begin - 1, 0) :] for point in _points(group)]

    def _open_from(self) -> float:
        return self._groups[-2][2] if len(self._groups) > 1 else -math.inf


def _group(steps: NDArray[np.number], values: Array) -> Group:
    """Return the extremes of points (k,), where k is 1 or more."""
    low, high = int(values.argmin()), int(values.argmax())
    first, second = min(low, high), max(low, high)
    return float(steps[first]), float(values[first]), float(steps[second]), float(values[second])


def _joined(earlier: Group, later: Group) -> Group:
    """Return the extremes of two groups together."""
    points = *_points(earlier), *_points(later)
    low = min(points, key=lambda point: point[1])
    high = max(points, key=lambda point: point[1])
    first, second = sorted((low, high))
    return *first, *second


def _points(group: Group) -> tuple[Point, Point]:
    step_one, one, step_other, other = group
    return (step_one, one), (step_other, other)


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
