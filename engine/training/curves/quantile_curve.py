"""How the values of a curve are distributed along its steps, in a bounded amount of memory.

The values are kept in buckets, each of which is a quantile sketch of consecutive steps. When all
buckets are full, neighbours are merged in pairs, and from then on a bucket takes twice as many
steps. Until that first happens, every single value is kept.
"""

import math

import numpy as np
from numpy.typing import NDArray

from engine.storage.validated_mapping import StateDict, ValidatedMapping
from engine.training.curves.quantile_sketch import ITEMS, merge_sketches, quantiles, sketch

Array = NDArray[np.floating]

MAX_BUCKETS = 1 << 13
"""A power of two. Every value of 131,072 steps is kept, in half a megabyte per curve."""
_MOST_LATE = 1 << 14
"""Values that may wait to be put into buckets until they are needed: many at once cost less."""
_LARGEST = float(np.finfo(np.float32).max)


class QuantileCurve:
    """The values of consecutive steps, as buckets of the same number of steps.

    Parameters
    ----------
    max_buckets : int
        Even, 2 or more.

    Attributes
    ----------
    since : int
        The step before the first value, or before the next one if there is none.
    """

    def __init__(self, max_buckets: int = MAX_BUCKETS) -> None:
        self._max = max_buckets
        self._items = np.empty((max_buckets, ITEMS), np.float32)
        self._steps = np.empty((max_buckets, 2))  # first and last step of each bucket
        self._count = 0
        self._width = ITEMS  # steps of a bucket
        self._open = np.empty(0, np.float32)  # the values that do not fill a bucket yet
        self._last = self.since = 0
        self._late: list[tuple[int, Array]] = []
        self._late_values = 0

    @property
    def width(self) -> int:
        """How many steps a bucket stands for: the finest grain there is."""
        self._settle()
        return self._width

    @property
    def last_step(self) -> int:
        """The last step that has a value."""
        return self._late[-1][0] if self._late else self._last

    def append(self, last_step: int, values: Array) -> None:
        """Add the values (k,) of the steps up to `last_step`; all finite, k is 1 or more."""
        self._late.append((last_step, values))
        self._late_values += len(values)
        if self._late_values > _MOST_LATE:
            self._settle()

    def begin_after(self, step: int) -> None:
        """Note that no value before that step is known."""
        self.since = self._last = step

    def groups(self, after: float, last: float, grain: int) -> tuple[Array, Array]:
        """Return the quantiles of whole groups of steps.

        Parameters
        ----------
        after : float
            A step. The first group is the first one that begins after it.
        last : float
            A step. The last group is the last full one that begins before it, or with it.
        grain : int
            Steps of a group: a power of two. At least `width` are taken.

        Returns
        -------
        steps : (k, 2) array
            First and last step of each group.
        quantiles : (k, 4) array
            Of the shares in `BAND`.
        """
        self._settle()
        size = max(grain // self._width, 1)
        begin, end = self._steps[: self._count, 0].searchsorted((after, last), "right").tolist()
        begin = -(-begin // size) * size
        end = max(min(-(-end // size), self._count // size) * size, begin)
        steps = np.stack(
            (self._steps[begin:end:size, 0], self._steps[begin:end, 1][size - 1 :: size]), 1
        )
        return steps, quantiles(self._items[begin:end].reshape(-1, size * ITEMS))

    def points(self, first: float, last: float) -> tuple[Array, Array]:
        """Return the single values between two steps, as steps and values.

        There are none where only sketches are left.
        """
        self._settle()
        begin, end = self._steps[: self._count, 0].searchsorted((first, last), "right").tolist()
        begin = max(begin - 1, 0)
        steps: Array = np.empty(0)
        values: Array = np.empty(0)
        if self._width == ITEMS:
            shares = np.linspace(0.0, 1.0, ITEMS)
            low, high = self._steps[begin:end, :1], self._steps[begin:end, 1:]
            steps = np.rint(low + (high - low) * shares).reshape(-1)
            values = self._items[begin:end].reshape(-1)
        still_open = np.arange(self._last - len(self._open) + 1, self._last + 1)
        steps, values = np.append(steps, still_open), np.append(values, self._open)
        seen = (steps >= first) & (steps <= last)
        return steps[seen], values[seen].astype(float)

    def near(self, step: float, grain: int = 1) -> tuple[float, float, Array] | None:
        """Return the group of steps around a step, or the last one; None where there is none.

        Parameters
        ----------
        step : float
        grain : int
            Steps of a full group: a power of two. At least `width` are taken.

        Returns
        -------
        first, last : float
            Its steps.
        quantiles : (4,) array
            Of the shares in `BAND`.
        """
        self._settle()
        if not self._count or step <= self.since:
            return None
        place = int(self._steps[: self._count, 0].searchsorted(step, "right"))
        size = max(grain // self._width, 1)
        begin = max(place - 1, 0) // size * size
        end = min(begin + size, self._count)
        found = quantiles(self._items[begin:end].reshape(1, -1))[0]
        return float(self._steps[begin, 0]), float(self._steps[end - 1, 1]), found

    def state(self) -> StateDict:
        """Return copies of everything."""
        self._settle()
        return {
            "items": self._items[: self._count].copy(),
            "steps": self._steps[: self._count].copy(),
            "open": self._open.copy(),
            "width": self._width,
            "since": self.since,
            "last": self._last,
        }

    def cut(self, step: int) -> None:
        """Forget what comes after a step."""
        self._settle()
        if step >= self._last:
            return
        count = int(self._steps[: self._count, 1].searchsorted(step, "right"))
        if count == self._count:  # only single values are later
            self._open = self._open[: max(len(self._open) - (self._last - step), 0)]
            self._last = step
        else:
            last = int(self._steps[count - 1, 1]) if count else min(self.since, step)
            self._open = self._open[:0]
            first, end = self._steps[count].tolist()
            if self._width == ITEMS == end - first + 1 and first <= step:  # single values still
                self._open = self._items[count, : step - int(first) + 1].copy()
                last = step
            self._count, self._last = count, last
        self.since = min(self.since, self._last)

    def restore(self, state: ValidatedMapping) -> None:
        """Become the curve that `state` was taken of, bit by bit.

        Raises
        ------
        ValueError
            If it is not the state of a curve of this size; the message names what is wrong.
        """
        items = state.array("items", (-1, ITEMS), np.float32)
        steps = state.array("steps", (len(items), 2), float)
        still_open = state.array("open", (-1,), np.float32)
        width = state.whole("width", least=ITEMS)
        last = state.whole("last")
        since = state.whole("since", most=last)
        all_steps = np.concatenate(([since], steps.reshape(-1), [last]))
        fits = len(items) <= self._max and len(still_open) < width
        is_power = not math.log2(width / ITEMS) % 1
        are_finite = all(np.isfinite(each).all() for each in (items, still_open, all_steps))
        if not (fits and is_power and are_finite and (np.diff(all_steps) >= 0).all()):
            raise ValueError("items, steps and open must be the sketches of a curve.")
        self._count, self._width, self._open = len(items), width, still_open
        self._last, self.since = last, since
        self._items[: self._count], self._steps[: self._count] = items, steps

    def _settle(self) -> None:
        """Put all values that wait into buckets."""
        if not self._late:
            return
        late, self._late, self._late_values = self._late, [], 0
        pieces: list[Array] = []
        for last, values in late:
            begin = last - len(values)
            if begin != self._last:  # somebody has trained the run without keeping its curves
                self._fill(pieces)
                pieces = []
                self._close(begin)
            self._last = last
            pieces.append(values)
        self._fill(pieces)

    def _close(self, before: int) -> None:
        """Fill the open bucket with its own values, and go on after a step."""
        if len(self._open):
            first, last = self._last - len(self._open) + 1, self._last
            self._room_for_one()
            self._put(np.resize(self._open, (1, self._width)))
            self._steps[self._count - 1] = first, last
            self._open = self._open[:0]
        if not self._count:
            self.since = before

    def _fill(self, pieces: list[Array]) -> None:
        """Make buckets of values that end with the last step."""
        if not pieces:
            return
        within = (np.minimum(piece, _LARGEST) for piece in pieces)
        values = np.concatenate((self._open, *within), dtype=np.float32)
        while len(values) >= self._width:
            self._room_for_one()
            buckets = min(len(values) // self._width, self._max - self._count)
            if not buckets:
                continue
            taken = buckets * self._width
            first = self._last - len(values) + 1 + self._width * np.arange(buckets)
            self._steps[self._count : self._count + buckets, 0] = first
            self._steps[self._count : self._count + buckets, 1] = first + self._width - 1
            self._put(values[:taken].reshape(buckets, self._width))
            values = values[taken:]
        self._open = values

    def _put(self, values: Array) -> None:
        """Add buckets of the values (k, width)."""
        end = self._count + len(values)
        self._items[self._count : end] = sketch(values, self._count)
        self._count = end

    def _room_for_one(self) -> None:
        """Merge the buckets in pairs if all are full."""
        if self._count < self._max:
            return
        half = self._max // 2
        self._items[:half] = merge_sketches(self._items)
        self._steps[:half, 0], self._steps[:half, 1] = self._steps[::2, 0], self._steps[1::2, 1]
        self._count = half
        self._width *= 2
