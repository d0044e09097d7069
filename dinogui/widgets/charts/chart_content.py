"""What a chart shows: bars and curves, and where a cursor can stop at them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.floating]

_MOST_PLACES = 100
"""Points of a curve that the cursor stops at."""


@dataclass(frozen=True)
class Bars:
    """Bars that stand on the x axis.

    Attributes
    ----------
    left, right, top : (n,) array
        Their edges, in the axes' units. They begin at the lower end of the y axis.
    marked : (n,) array
        Which bars have the second colour.
    """

    left: Values
    right: Values
    top: Values
    marked: NDArray[np.bool_]


@dataclass(frozen=True)
class ChartCurve:
    """A curve, with a gap where a value is NaN or infinite.

    Attributes
    ----------
    x, y : (n,) array
        In the axes' units.
    is_main : bool
        Whether it is drawn thick and in the main colour, or thin and pale.
    """

    x: Values
    y: Values
    is_main: bool


def cursor_places(bars: Bars | None, curves: Sequence[ChartCurve]) -> list[float]:
    """Return where a cursor can be, in the units of the x axis.

    That is the middle of each bar, or without bars some points of the main curve.
    """
    if bars is not None:
        return [float(middle) for middle in (bars.left + bars.right) / 2]
    curve = next((curve for curve in curves if curve.is_main), None)
    if curve is None:
        return []
    points = curve.x[np.isfinite(curve.y)]
    few = np.linspace(0, max(len(points) - 1, 0), min(len(points), _MOST_PLACES))
    return [float(place) for place in points[few.astype(int)]]
