"""Where the values of a knob lie on its track."""

import bisect
import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

_ROOM_OF_OFF = 0.07
"""The share of the track that lies between the highest value and its end, which means off."""


def logarithmic_stops(low: float, high: float, per_decade: int) -> tuple[float, ...]:
    """Return values that grow by about a constant factor, with two digits, both ends included."""
    return _distinct(float(f"{value:.2g}") for value in _growing(low, high, per_decade))


def whole_stops(low: int, high: int, per_decade: int) -> tuple[float, ...]:
    """Return whole numbers that grow by a constant factor, but by at least one."""
    return _distinct(float(round(value)) for value in _growing(low, high, per_decade))


def _growing(low: float, high: float, per_decade: int) -> list[float]:
    count = math.ceil(per_decade * math.log10(high / low))
    return [low * (high / low) ** (place / count) for place in range(count + 1)]


def _distinct(stops: Iterable[float]) -> tuple[float, ...]:
    return tuple(sorted(set(stops)))


@dataclass(frozen=True)
class Scale:
    """A logarithmic or linear scale with the values at which a dragged handle stops.

    Attributes
    ----------
    stops : tuple of float
        Increasing, and above 0 on a logarithmic scale. The first lies at the left end.
    can_be_off : bool
        Whether the right end, beyond the last stop, means off. Off is None.
    is_linear : bool
    """

    stops: tuple[float, ...]
    can_be_off: bool = False
    is_linear: bool = False

    @property
    def last_place(self) -> int:
        """The index of the last stop, or that of off, which comes after it."""
        return len(self.stops) - (0 if self.can_be_off else 1)

    def value_at(self, place: int) -> float | None:
        """Return the value of a place, counted from 0 at the left end."""
        return self.stops[place] if place < len(self.stops) else None

    def place_of(self, value: float | None) -> int:
        """Return the place that is nearest to a value."""
        return self.last_place if value is None else self._nearest(self.stops, value)

    def share_of(self, value: float | None) -> float:
        """Return how far along the track a value lies: 0 is the left end, and 1 the right one."""
        if value is None:
            return 1.0
        low, high = self.stops[0], self.stops[-1]
        bounded = min(max(value, low), high)
        if self.is_linear:
            return self._numbers * (bounded - low) / (high - low)
        return self._numbers * math.log(bounded / low) / math.log(high / low)

    def place_at(self, share: float) -> int:
        """Return the place that is nearest to a share of the track."""
        return self._nearest(self._shares, share)

    @cached_property
    def decades(self) -> tuple[float, ...]:
        """The powers of ten between the ends; none on a linear scale."""
        if self.is_linear:
            return ()
        low, high = self.stops[0], self.stops[-1]
        powers = range(math.ceil(math.log10(low)), math.floor(math.log10(high)) + 1)
        return tuple(10.0**power for power in powers if low < 10.0**power < high)

    @property
    def _numbers(self) -> float:
        """The share of the track that is for numbers."""
        return 1.0 - _ROOM_OF_OFF if self.can_be_off else 1.0

    @cached_property
    def _shares(self) -> tuple[float, ...]:
        off = (1.0,) if self.can_be_off else ()
        return (*(self.share_of(stop) for stop in self.stops), *off)

    @staticmethod
    def _nearest(marks: tuple[float, ...], mark: float) -> int:
        above = bisect.bisect_left(marks, mark)
        near = range(max(above - 1, 0), min(above + 1, len(marks)))
        return min(near, key=lambda place: abs(marks[place] - mark))
