"""An axis of a chart: what it spans, and where its ticks stand."""

import math
from dataclasses import dataclass

_NICE = (1.0, 2.0, 5.0, 10.0)
_LONGEST_PLAIN = 3
"""Powers of ten up to here are written out."""

_SLACK = 1e-10
"""Of the way from one tick to the next."""


@dataclass(frozen=True)
class Axis:
    """One axis of a chart.

    Attributes
    ----------
    label : str
        What it measures.
    low, high : float
        Its ends; `high` lies above `low`. Of a logarithmic one they are logarithms to base 10, as
        are all values that are drawn along it.
    is_logarithmic : bool
    """

    label: str
    low: float = 0.0
    high: float = 1.0
    is_logarithmic: bool = False

    def share(self, value: float) -> float:
        """Return where a value lies: 0 at the low end, 1 at the high one."""
        return (value - self.low) / (self.high - self.low)

    def ticks(self, most: int) -> list[tuple[float, str]]:
        """Return at most so many ticks, 2 or more, and perhaps one: their values and texts."""
        least_step = (self.high - self.low) / max(most - 1, 1)
        step = max(math.ceil(least_step), 1) if self.is_logarithmic else _nice(least_step)
        # An end that is a tick but for its last digits is one.
        first, last = math.ceil(self.low / step - _SLACK), math.floor(self.high / step + _SLACK)
        write = _write_power if self.is_logarithmic else _write_value
        return [(place * step, write(place * step)) for place in range(first, last + 1)]


def _nice(least: float) -> float:
    """Return the smallest of 1, 2 and 5 times a power of ten that is not below a number."""
    power = 10.0 ** math.floor(math.log10(least))
    return next((nice * power for nice in _NICE if nice * power >= least), 10.0 * power)


def _write_power(exponent: float) -> str:
    power = round(exponent)
    return f"{10**power:,}" if 0 <= power <= _LONGEST_PLAIN else f"1e{power}"


def _write_value(value: float) -> str:
    # Without the last digits, which are those of 0.1 as a binary number.
    return f"{value:,.0f}" if 1e3 <= abs(value) < 1e7 else f"{value:.6g}"
