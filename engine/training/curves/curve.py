"""A curve that grows without bound in a bounded amount of memory.

The points are kept in buckets, each of which holds the lowest and the highest value of some
consecutive points. When all buckets are full, neighbours are merged in pairs, and from then on a
bucket takes twice as many points. So memory is bounded, peaks survive, and a point that is still
there keeps its place.
"""

import math

import numpy as np
from numpy.typing import NDArray

from engine.storage.validated_mapping import StateDict, ValidatedMapping, finite
from engine.training.curves.curve_end import CurveEnd, extremes, merge

Array = NDArray[np.floating]

MAX_BUCKETS = 1 << 14
"""A power of two: several per pixel of the widest screens, in half a megabyte per curve."""
_MOST_LATE = 1 << 14
"""Points that may wait to be put into buckets until they are needed: many at once cost less."""
_GROUPS_BEFORE_LAST = 15
"""Groups before the last one that a curve's end starts with: a few pixels, and the pen's width."""


class Curve:
    """One curve, as buckets of points in the order of their steps.

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
        self._last: tuple[float, float] | None = None
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
            Increasing, and greater than every step so far.
        values : (k,) array
            Finite.
        """
        if len(steps):
            self._last = float(steps[-1]), float(values[-1])
            self._late.append((steps, values))
            self._late_points += len(steps)
            if self._end is not None:
                self._end.append(steps, values)
        if self._late_points > _MOST_LATE:
            self._settle()

    def _settle(self) -> None:
        """Put all points that wait into buckets."""
        if not self._late:
            return
        late, self._late, self._late_points = self._late, [], 0
        steps = np.concatenate([some for some, _ in late])
        values = np.concatenate([some for _, some in late])
        points = np.empty((len(self._open) + len(steps), 2))
        points[: len(self._open)] = self._open
        points[len(self._open) :, 0], points[len(self._open) :, 1] = steps, values
        if len(self._open):
            self._count -= 1  # the last bucket is made again
        low, high = self._extent or (math.inf, -math.inf)
        self._extent = min(low, float(values.min())), max(high, float(values.max()))
        self._fill(points)

    def points(self, first: float, last: float, most: int) -> tuple[Array, Array]:
        """Return the points to draw between two steps, and the nearest ones outside.

        Parameters
        ----------
        first, last : float
            Steps.
        most : int
            About how many points to return at most; 4 or more.

        Returns
        -------
        steps, values : (k,) arrays
        """
        return self.points_of_grain(first, last, self.grain(first, last, most))

    def grain(self, first: float, last: float, most: int) -> int:
        """Return how many points of the run each pair that `points` returns stands for."""
        low, high = self._between(first, last)
        group = 1
        while (high - low) > group * max(most // 2, 1):
            group *= 2
        return group * self._width

    def points_of_grain(self, first: float, last: float, grain: int) -> tuple[Array, Array]:
        """Return the same as `points`, at a grain that `grain` has returned."""
        low, high = self._between(first, last)
        group = max(grain // self._width, 1)
        # Groups begin at multiples of their size. They stay the same while the view moves, so the
        # curve does not shimmer.
        low = low // group * group
        high = min(-(-high // group) * group, self._count)
        points = merge(self._buckets[low:high], group).reshape(-1, 2)
        return points[:, 0], points[:, 1]

    def end(self, grain: int) -> CurveEnd:
        """Return the last groups at a grain; they grow with the curve until the next call."""
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
        """Stop updating the end that `end` returned."""
        self._end = None

    @property
    def first_step(self) -> float | None:
        """The step of the first point; None if there is none."""
        self._settle()
        return float(self._buckets[0, 0]) if self._count else None

    @property
    def last_point(self) -> tuple[float, float] | None:
        """The step and the value of the last point; None if there is none."""
        return self._last

    @property
    def lowest_point(self) -> tuple[float, float] | None:
        """The step and the value of the lowest point, the first of equal ones; or None."""
        self._settle()
        points = self._buckets[: self._count].reshape(-1, 2)
        if not len(points):
            return None
        step, value = points[points[:, 1].argmin()].tolist()
        return step, value

    @property
    def n_points(self) -> int:
        """How many points were added."""
        return self._settled_points + self._late_points

    def room(self, first: float, grain: int, most: int) -> int:
        """Return how many points it can have before a view from `first` on needs another grain."""
        low, _ = self._between(first, math.inf)
        return low * self._width + grain * max(most // 2, 1)

    @property
    def _settled_points(self) -> int:
        if not self._count:
            return 0
        return (self._count - 1) * self._width + (len(self._open) or self._width)

    def _between(self, first: float, last: float) -> tuple[int, int]:
        """Return the range of buckets between two steps, and one more on each side."""
        self._settle()
        low, high = self._buckets[: self._count, 0].searchsorted((first, last)).tolist()
        return max(low - 1, 0), min(high + 1, self._count)

    def nearest(self, step: float) -> tuple[float, float] | None:
        """Return the nearest point to a step, as (step, value); None if there is none."""
        near = self._near(step)
        if near is None:
            return None
        found = near[np.argmin(np.abs(near[:, 0] - step))]
        return float(found[0]), float(found[1])

    def latest_until(self, step: float) -> tuple[float, float] | None:
        """Return the last point that is known up to a step, as (step, value); None if none is."""
        near = self._near(step)
        before = None if near is None else near[near[:, 0] <= step]
        if before is None or not len(before):
            return None
        found = before[np.argmax(before[:, 0])]
        return float(found[0]), float(found[1])

    def range_near(self, step: float) -> tuple[float, float] | None:
        """Return the lowest and the highest value of the bucket nearest to a step, or None."""
        near = self._near(step)
        if near is None:
            return None
        values = near.reshape(-1, 2, 2)[np.abs(near[:, 0] - step).argmin() // 2, :, 1]
        return float(values.min()), float(values.max())

    def range_between(self, first: float, last: float) -> tuple[float, float]:
        """Return the lowest and the highest value between two steps, of which one has a point."""
        low, high = self._between(first, last)
        found = self._buckets[low:high].reshape(-1, 2)
        inside = found[(found[:, 0] >= first) & (found[:, 0] <= last), 1]
        values = inside if len(inside) else found[:, 1]
        return float(values.min()), float(values.max())

    def _near(self, step: float) -> Array | None:
        """Return the points (step, value) of the buckets on both sides of a step, or None."""
        self._settle()
        if not self._count:
            return None
        place = int(np.searchsorted(self._buckets[: self._count, 0], step))
        return self._buckets[max(place - 1, 0) : min(place + 1, self._count)].reshape(-1, 2)

    @property
    def extent(self) -> tuple[float, float] | None:
        """The lowest and the highest value; None if there are no points."""
        if self._end is None:
            self._settle()
        if not self._late or self._end is None:
            return self._extent
        low, high = self._extent or (math.inf, -math.inf)
        return min(low, self._end.low), max(high, self._end.high)

    def state(self) -> StateDict:
        """Return copies of everything."""
        self._settle()
        kept: StateDict = {
            "buckets": self._buckets[: self._count].copy(),
            "open": self._open.copy(),
            "width": self._width,
        }
        return kept if self._extent is None else kept | {"extent": list(self._extent)}

    def cut(self, step: float) -> None:
        """Forget what comes after a step."""
        self._settle()
        count = int(self._buckets[: self._count, 2].searchsorted(step, "right"))
        if count == self._count:
            return
        self._count, self._open, self._end = count, self._open[:0], None
        points = self._buckets[:count].reshape(-1, 2)
        self._extent = self._last = None
        if len(points):
            self._extent = float(points[:, 1].min()), float(points[:, 1].max())
            self._last = float(points[-1, 0]), float(points[-1, 1])

    def restore(self, state: ValidatedMapping) -> None:
        """Become the curve that `state` was taken of, bit by bit.

        Raises
        ------
        ValueError
            If it is not the state of a curve of this size; the message names what is wrong.
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
        if len(buckets):
            last = (points if len(points) else buckets.reshape(-1, 2))[-1].tolist()
            self._last = last[0], last[1]

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
