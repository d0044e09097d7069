"""One axis of a chart, and its ticks."""

import math
from dataclasses import dataclass

_NICE = (1.0, 2.0, 5.0, 10.0)
_LONGEST_PLAIN = 3
"""Powers of ten up to this one are written out."""

_SLACK = 1e-10
"""Share of the distance between two ticks by which rounding may miss an end."""


@dataclass(frozen=True)
class Axis:
    """One axis of a chart.

    Attributes
    ----------
    label : str
        What it measures.
    low, high : float
        Its ends; `high` is above `low`. On a logarithmic axis they are logarithms to base 10, as
        are all values drawn along it.
    is_logarithmic : bool
    """

    label: str
    low: float = 0.0
    high: float = 1.0
    is_logarithmic: bool = False

    def share(self, value: float) -> float:
        """Return the relative position of a value: 0 at the low end, 1 at the high end."""
        return (value - self.low) / (self.high - self.low)

    def ticks(self, most: int) -> list[tuple[float, str]]:
        """Return the values and texts of at most `most` ticks, where `most` is 2 or more."""
        least_step = (self.high - self.low) / max(most - 1, 1)
        step = max(math.ceil(least_step), 1) if self.is_logarithmic else nice_step(least_step)
        # An end that misses a tick only by rounding is a tick.
        first, last = math.ceil(self.low / step - _SLACK), math.floor(self.high / step + _SLACK)
        write = _write_power if self.is_logarithmic else _write_value
        return [(place * step, write(place * step)) for place in range(first, last + 1)]


def nice_step(least: float) -> float:
    """Return the smallest of 1, 2 and 5 times a power of ten that is not below a number."""
    power = 10.0 ** math.floor(math.log10(least))
    return next((nice * power for nice in _NICE if nice * power >= least), 10.0 * power)


def _write_power(exponent: float) -> str:
    power = round(exponent)
    return f"{10**power:,}" if 0 <= power <= _LONGEST_PLAIN else f"1e{power}"


def _write_value(value: float) -> str:
    # Six digits: the last ones only show that 0.1 is not exact in binary.
    return f"{value:,.0f}" if 1e3 <= abs(value) < 1e7 else f"{value:.6g}"
