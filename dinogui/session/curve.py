"""A curve: growable, thinned, and never redrawn differently.

A curve of ten million steps neither fits on a screen nor has to: it is kept as a row of buckets,
each with the lowest and the highest value of as many points in a row as there must be. When the
buckets are full, two neighbours become one and the next ones take twice as many points. So
memory is bounded, peaks survive, and a point that is still there stands where it stood.
"""

import math

import numpy as np
from numpy.typing import NDArray

from dinogui.session.buckets import extremes, merge
from dinogui.session.curve_end import CurveEnd
from engine.storage.validated_mapping import StateDict, ValidatedMapping, finite

Array = NDArray[np.floating]

MAX_BUCKETS = 1 << 14
"""A power of two: several for each pixel of the widest screens, in half a megabyte a curve."""
_MOST_LATE = 1 << 14
"""Points that wait to be put into buckets until somebody looks: many at once cost the least."""
_GROUPS_BEFORE_LAST = 15
"""Groups that an end begins with besides the last one: a few pixels' worth, and a pen's breadth."""


class Curve:
    """One curve as buckets of points in the order of their steps.

    Parameters
    ----------
    max_buckets : int
        Even, 2 or more.
    """

    def __init__(self, max_buckets: int = MAX_BUCKETS) -> None:
        self._max = max_buckets
        # Columns: step of the first extreme, its value, step of the second, its value.
        self._buckets = np.empty((max_buckets, 4))
        self._count = 0
        self._width = 1  # points a full bucket holds
        self._open: Array = np.empty((0, 2))  # the points of the last bucket, if it is not full
        self._extent: tuple[float, float] | None = None
        self._late: list[tuple[NDArray[np.number], Array]] = []
        self._late_points = 0
        self._end: CurveEnd | None = None

    def __len__(self) -> int:
        """Return the number of buckets."""
        self._settle()
        return self._count

    def append(self, steps: NDArray[np.number], values: Array) -> None:
        """Add points.

        Parameters
        ----------
        steps : (k,) array
            Increasing, and beyond every step that is already there.
        values : (k,) array
            Numbers.
        """
        if len(steps):
            self._late.append((steps, values))
            self._late_points += len(steps)
            if self._end is not None:
                self._end.append(steps, values)
        if self._late_points > _MOST_LATE:
            self._settle()

    def _settle(self) -> None:
        """Put what was added since somebody looked last into buckets, all at once."""
        if not self._late:
            return
        late, self._late, self._late_points = self._late, [], 0
        steps = np.concatenate([some for some, _ in late])
        values = np.concatenate([some for _, some in late])
        points = np.empty((len(self._open) + len(steps), 2))
        points[: len(self._open)] = self._open
        points[len(self._open) :, 0], points[len(self._open) :, 1] = steps, values
        if len(self._open):
            self._count -= 1  # the last bucket is made anew
        low, high = self._extent or (math.inf, -math.inf)
        self._extent = min(low, float(values.min())), max(high, float(values.max()))
        self._fill(points)

    def points(self, first: float, last: float, most: int) -> tuple[Array, Array]:
        """Return what to draw between two steps, the nearest points outside included.

        Parameters
        ----------
        first, last : float
            Steps.
        most : int
            Points to return at the most, about; 4 or more.

        Returns
        -------
        steps, values : (k,) arrays
        """
        return self.points_of_grain(first, last, self.grain(first, last, most))

    def grain(self, first: float, last: float, most: int) -> int:
        """Return how many of the run's points each two that `points` returns stand for."""
        low, high = self._between(first, last)
        group = 1
        while (high - low) > group * max(most // 2, 1):
            group *= 2
        return group * self._width

    def points_of_grain(self, first: float, last: float, grain: int) -> tuple[Array, Array]:
        """Return what `points` does, at a grain that `grain` has returned."""
        low, high = self._between(first, last)
        group = max(grain // self._width, 1)
        # Groups begin at multiples of their size, so that they stay the same while the view
        # moves: a curve must not shimmer.
        low = low // group * group
        high = min(-(-high // group) * group, self._count)
        points = merge(self._buckets[low:high], group).reshape(-1, 2)
        return points[:, 0], points[:, 1]

    def end(self, grain: int) -> CurveEnd:
        """Return its last groups at a grain, which follow it until this is called again."""
        self._settle()
        group = max(grain // self._width, 1)
        last = max((self._count - 1) // group, 0)
        begin = max(last - _GROUPS_BEFORE_LAST, 0)
        groups = merge(self._buckets[begin * group : self._count], group).tolist()
        grain = group * self._width
        filled = self._settled_points - last * grain
        self._end = CurveEnd(grain, groups, filled, is_whole=not begin)
        return self._end

    def leave_end(self) -> None:
        """Let the end that `end` returned follow no longer."""
        self._end = None

    @property
    def n_points(self) -> int:
        """How many points were added to it."""
        return self._settled_points + self._late_points

    def room(self, first: float, grain: int, most: int) -> int:
        """Return how many points it may have until a view from `first` on needs another grain."""
        low, _ = self._between(first, math.inf)
        return low * self._width + grain * max(most // 2, 1)

    @property
    def _settled_points(self) -> int:
        if not self._count:
            return 0
        return (self._count - 1) * self._width + (len(self._open) or self._width)

    def _between(self, first: float, last: float) -> tuple[int, int]:
        """Return the buckets between two steps, and one more on each side."""
        self._settle()
        low, high = self._buckets[: self._count, 0].searchsorted((first, last)).tolist()
        return max(low - 1, 0), min(high + 1, self._count)

    def nearest(self, step: float) -> tuple[float, float] | None:
        """Return the kept point nearest to a step, as (step, value); None if there is none."""
        near = self._near(step)
        if near is None:
            return None
        found = near[np.argmin(np.abs(near[:, 0] - step))]
        return float(found[0]), float(found[1])

    def range_near(self, step: float) -> tuple[float, float] | None:
        """Return the lowest and the highest value of the bucket nearest to a step, if any."""
        near = self._near(step)
        if near is None:
            return None
        values = near.reshape(-1, 2, 2)[np.abs(near[:, 0] - step).argmin() // 2, :, 1]
        return float(values.min()), float(values.max())

    def _near(self, step: float) -> Array | None:
        """Return the points (step, value) of the buckets on both sides of a step, if any."""
        self._settle()
        if not self._count:
            return None
        place = int(np.searchsorted(self._buckets[: self._count, 0], step))
        return self._buckets[max(place - 1, 0) : min(place + 1, self._count)].reshape(-1, 2)

    @property
    def extent(self) -> tuple[float, float] | None:
        """The lowest and the highest value; None before there is one."""
        if self._end is None:
            self._settle()
        if not self._late or self._end is None:
            return self._extent
        low, high = self._extent or (math.inf, -math.inf)
        return min(low, self._end.low), max(high, self._end.high)

    def state(self) -> StateDict:
        """Return copies of all there is."""
        self._settle()
        kept: StateDict = {
            "buckets": self._buckets[: self._count].copy(),
            "open": self._open.copy(),
            "width": self._width,
        }
        return kept if self._extent is None else kept | {"extent": list(self._extent)}

    def restore(self, state: ValidatedMapping) -> None:
        """Become, bit by bit, what `state` was taken of.

        Raises
        ------
        ValueError
            If it was taken of no curve of this size; the message names what does not fit.
        """
        buckets = state.array("buckets", (-1, 4), float)
        points = state.array("open", (-1, 2), float)
        width = state.whole("width", least=1)
        fits = len(buckets) <= self._max and len(points) < width
        if not fits or not np.isfinite(buckets).all() or not np.isfinite(points).all():
            raise ValueError("buckets and open must be the points of a curve.")
        if "extent" in state:
            low, high = (finite("extent", value) for value in state.value("extent"))
            self._extent = low, high
        self._count, self._width, self._open = len(buckets), width, points
        self._buckets[: self._count] = buckets

    def _fill(self, points: Array) -> None:
        """Make buckets of points (k, 2)."""
        while len(points) >= self._width:
            if self._count == self._max:
                self._halve()
                continue
            buckets = min(len(points) // self._width, self._max - self._count)
            taken = buckets * self._width
            self._put(extremes(points[:taken], self._width))
            points = points[taken:]
        self._open = points
        if len(points):
            if self._count == self._max:
                self._halve()
            self._put(extremes(points, len(points)))

    def _put(self, buckets: Array) -> None:
        self._buckets[self._count : self._count + len(buckets)] = buckets
        self._count += len(buckets)

    def _halve(self) -> None:
        self._buckets[: self._max // 2] = merge(self._buckets, 2)
        self._count = self._max // 2
        self._width *= 2
