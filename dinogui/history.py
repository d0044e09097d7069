"""The loss curve of a run: growable, thinned, and never redrawn differently.

A curve of ten million steps neither fits on a screen nor has to: it is kept as a row of buckets,
each with the lowest and the highest value of as many points in a row as there must be. When the
buckets are full, two neighbours become one and the next ones take twice as many points. So
memory is bounded, peaks survive, and a point that is still there stands where it stood.
"""

import numpy as np
from numpy.typing import NDArray

from engine.messages import HeldOutLoss, Stretch
from engine.units import Unit

Array = NDArray[np.floating]

MAX_BUCKETS = 1 << 14
"""A power of two: several for each pixel of the widest screens, in half a megabyte a curve."""


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
        self._open_points = 0  # points in the last bucket, if it is not full; else 0

    def __len__(self) -> int:
        """Return the number of buckets."""
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
        start = 0
        while start < len(steps):
            if self._count == self._max and not self._open_points:
                self._halve()
            start += self._fill(steps[start:], values[start:])

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
        starts = self._buckets[: self._count, 0]
        low = max(int(np.searchsorted(starts, first)) - 1, 0)
        high = min(int(np.searchsorted(starts, last)) + 1, self._count)
        group = 1
        while (high - low) > group * max(most // 2, 1):
            group *= 2
        # Groups begin at multiples of their size, so that they stay the same while the view
        # moves: a curve must not shimmer.
        low = low // group * group
        high = min(-(-high // group) * group, self._count)
        grouped = _merge(self._buckets[low:high], group)
        return grouped[:, [0, 2]].reshape(-1), grouped[:, [1, 3]].reshape(-1)

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
        if not self._count:
            return None
        place = int(np.searchsorted(self._buckets[: self._count, 0], step))
        return self._buckets[max(place - 1, 0) : min(place + 1, self._count)].reshape(-1, 2)

    def extent(self, first: float, last: float) -> tuple[float, float] | None:
        """Return the lowest and the highest value between two steps; None if there is none."""
        rows = self._buckets[: self._count]
        inside = rows[(rows[:, 2] >= first) & (rows[:, 0] <= last)]
        if not len(inside):
            return None
        values = inside[:, [1, 3]]
        return float(values.min()), float(values.max())

    def _fill(self, steps: NDArray[np.number], values: Array) -> int:
        """Fill the open bucket, or as many whole ones as there are points; return how many."""
        if self._open_points or len(steps) < self._width:
            taken = min(len(steps), self._width - self._open_points)
            row = _extremes(steps[:taken], values[:taken], taken)
            if self._open_points:
                row = _merge(np.vstack((self._buckets[self._count - 1], row)), 2)
                self._count -= 1
            self._open_points = (self._open_points + taken) % self._width
        else:
            whole = min(len(steps) // self._width, self._max - self._count)
            taken = whole * self._width
            row = _extremes(steps[:taken], values[:taken], self._width)
        self._buckets[self._count : self._count + len(row)] = row
        self._count += len(row)
        return taken

    def _halve(self) -> None:
        self._buckets[: self._max // 2] = _merge(self._buckets, 2)
        self._count = self._max // 2
        self._width *= 2


def _extremes(steps: NDArray[np.number], values: Array, width: int) -> Array:
    """Make a bucket of every `width` points: (k, 4)."""
    points = np.column_stack((steps, values, steps, values)).astype(np.float64)
    return _merge(points, width)


def _merge(buckets: Array, group: int) -> Array:
    """Make one bucket of every `group`, the last perhaps of fewer: (k, 4)."""
    if group == 1:
        return buckets
    rest = len(buckets) % group
    if rest:
        whole, last = buckets[:-rest], buckets[-rest:]
        return np.vstack((_merge(whole, group), _merge(last, rest)))
    points = buckets.reshape(-1, 2 * group, 2)  # (k, points, (step, value))
    rows = np.arange(len(points))
    low, high = points[:, :, 1].argmin(axis=1), points[:, :, 1].argmax(axis=1)
    first, second = np.minimum(low, high), np.maximum(low, high)
    return np.hstack((points[rows, first], points[rows, second]))


class History:
    """The curves of one run, in nats a name and in nats a character.

    The two kinds are thinned apart, as a long name is a high peak in the one and none in the
    other. All other units are drawn from these.
    """

    def __init__(self) -> None:
        self.last_step = 0
        self._curves = {
            (what, per_name): Curve()
            for what in ("raw", "smoothed", "held out")
            for per_name in (True, False)
        }

    def append(self, last_step: int, stretch: Stretch) -> None:
        """Take in a stretch of training that ended with step `last_step`."""
        steps = np.arange(last_step - len(stretch) + 1, last_step + 1)
        self.last_step = last_step
        if len(stretch):
            self._add("raw", steps, stretch.loss, stretch.characters)
            self._add("smoothed", steps, stretch.smoothed_loss, stretch.smoothed_characters)
        if stretch.held_out:
            self._add_held_out(stretch.held_out)

    def raw(self, unit: Unit) -> Curve:
        """Return the loss of each name, in nats as `unit` wants them."""
        return self._curves["raw", unit.is_per_name]

    def smoothed(self, unit: Unit) -> Curve:
        """Return the moving average of the loss, in nats as `unit` wants them."""
        return self._curves["smoothed", unit.is_per_name]

    def held_out(self, unit: Unit) -> Curve:
        """Return the loss of the held-out names, in nats as `unit` wants them."""
        return self._curves["held out", unit.is_per_name]

    def _add(self, what: str, steps: NDArray[np.number], loss: Array, characters: Array) -> None:
        self._curves[what, True].append(steps, loss)
        self._curves[what, False].append(steps, loss / characters)

    def _add_held_out(self, measured: tuple[HeldOutLoss, ...]) -> None:
        steps = np.array([m.step for m in measured])
        self._curves["held out", True].append(steps, np.array([m.nats_a_name for m in measured]))
        self._curves["held out", False].append(
            steps, np.array([m.nats_a_character for m in measured])
        )
