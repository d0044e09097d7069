"""The end of a curve that grows: what each new frame draws of it."""

import math

import numpy as np
from numpy.typing import NDArray

from dinogui.session.buckets import extremes

Array = NDArray[np.floating]
Point = tuple[float, float]
Group = tuple[float, float, float, float]
"""Step and value of the two extremes of some points, in the order of their steps."""

_KEPT = 64
"""Groups that are there at the least; a frame adds one or two, and seldom more."""
_MANY = 4
"""From so many groups on NumPy is quicker than one by one."""


class CurveEnd:
    """The last groups of a curve's points, which take in whatever is added.

    To put new points into the curve's buckets takes longer than all the rest of a frame. What has
    grown since the last frame is seldom more than a group or two of the points that are drawn as
    one, so their extremes are kept here, as Python's own numbers: for so few, each call of NumPy
    costs more than it does.

    Parameters
    ----------
    grain : int
        Points that a group stands for.
    groups : list of Group
        The last groups of all so far, at that grain; the very last may be open.
    filled : int
        Points of which the last one is made.
    is_whole : bool
        Whether there are no groups before these.

    Attributes
    ----------
    low, high : float
        Of the values that were added since; infinite where none were.
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
        """Take in points (k,), k 1 or more."""
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
        """The step at which what is drawn of it ends."""
        return self._groups[-1][2] if self._groups else -math.inf

    def grown_from(self) -> float | None:
        """Return from which step on it looks otherwise than when this was last asked, if it does.

        A stroke leads from the group before to the one that was the last, and changes with it.
        """
        if not self._has_grown:
            return None
        begin, self._grows_from, self._has_grown = self._grows_from, self._open_from(), False
        return begin

    def points_from(self, step: float) -> list[Point] | None:
        """Return what to draw from a step on, with the nearest points before it.

        None if what there is does not go back so far.
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
    """Return the extremes of points (k,), k 1 or more."""
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
