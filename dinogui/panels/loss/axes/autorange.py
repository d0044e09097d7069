"""The automatic range of the loss plot: the steps and losses to show while it follows a run."""

import math
from collections.abc import Mapping, Sequence

import numpy as np

from dinogui.panels.loss.axes.scales import HorizontalScale, VerticalScale
from dinogui.startup.lean_pyqtgraph import pg
from engine.data.training_data import DataKind
from engine.training.curves.axis_quantity import AxisQuantity
from engine.training.curves.curve import Curve

_ROUND = (1.0, 1.2, 1.4, 1.7, 2.0, 2.4, 2.9, 3.5, 4.2, 5.0, 6.0, 7.2, 8.5, 10.0)
"""Each at most 1.22 times the one before. With `_BEYOND`, at most a fifth of the view is empty."""
_BEYOND = 1.02
"""The view goes on by this factor, so that a mark at the last step is not cut."""
_APART = 0.1
"""The length of a view, as a share of its end, where one end is fixed and the other is not."""
_START_STEPS: Mapping[DataKind, int] = {"names": 1_000, "text": 200, "melodies": 200}
"""Steps in view before the first one."""
_FEWEST_STEPS = 10
_DECADE_PARTS = 10
"""On a logarithmic axis, the view ends at one of so many parts of a decade."""
_ABOVE, _BELOW = 0.04, 0.06
"""Room above the highest and below the lowest value, as shares of what lies between them."""
_LOOSE = 0.8
"""The view is narrowed when the values fill less than this share of it."""
_FLAT = 0.05
"""If the values differ by less than this share of the highest, more is shown below them."""
_FLAT_DECADES = 0.02
_OVER_GUESSING = 0.25
"""How far above guessing a loss is shown at any rate, as a share of the range below."""
_RARE, _POINTS = 0.05, 400
"""A curve is cut where less than this share of its points lies; they are judged by so many."""
_GROWTH = 1.05
"""A curve is judged again when it has grown by this factor."""


class AutoRange:
    """Shows the run from its beginning to beyond the last step, and the range of its losses.

    The view grows in jumps, because axes that move with every frame are restless and slow to draw.
    A short spike of the loss does not enlarge it.

    Parameters
    ----------
    box : ViewBox

    Attributes
    ----------
    keeps_range : bool
    fixed : four floats or None
        Where the left, right, lower and upper ends of the view stay; None where it is chosen.
        Whether the range of the losses stays as it is.
    """

    def __init__(self, box: pg.ViewBox) -> None:
        self._box = box
        self.keeps_range = False
        self.fixed: tuple[float | None, float | None, float | None, float | None] = (None,) * 4
        self._judged: tuple[object, ...] = ()
        self._judged_points = 0
        self._ceiling = math.inf

    def limit(self, across: HorizontalScale, vertical: VerticalScale) -> None:
        """Keep the view within what can be drawn on the axes."""
        self._box.setLimits(**limits_of(across, vertical))

    def follow(
        self,
        last_step: int,
        across: HorizontalScale,
        vertical: VerticalScale,
        curves: Sequence[Curve],
        levels: Sequence[float],
        guessing: float | None,
        kind: DataKind,
        others: tuple[float, float] | None = None,
    ) -> None:
        """Change the view if it no longer fits.

        Parameters
        ----------
        last_step : int
        across : HorizontalScale
        vertical : VerticalScale
        curves : sequence of Curve
            Shown in whole, except for their spikes.
        levels : sequence of float
            Positions on the vertical axis that are shown as well.
        guessing : float or None
            The position of the loss of uniform guessing, whether it is shown or not.
        kind : str
            The kind of data: "names" or "text".
        others : tuple of float or None
            The positions on the horizontal axis where other runs begin and end. They are shown as
            well.
        """
        (shown_first, shown_last), (shown_low, shown_high) = self._box.viewRange()
        first, last = self._across(last_step, across, kind, others)
        if self.keeps_range:
            if (first, last) != (shown_first, shown_last):
                self._box.setXRange(first, last, padding=0)
            return
        low, high = self._range(curves, levels, guessing, vertical)
        *_, fixed_low, fixed_high = self.fixed
        size = max(high - low, 1e-9)
        floor, ceiling = low - _BELOW * size, high + _ABOVE * size
        if not vertical.is_logarithmic:
            floor = max(floor, 0.0)
        if fixed_low is not None:
            low = floor = fixed_low
        if fixed_high is not None:
            high = ceiling = fixed_high
        if ceiling <= floor:  # the run is beyond the end that stays
            apart = _APART * max(abs(floor), abs(ceiling), _APART)
            low, high = (low, low + apart) if fixed_high is None else (high - apart, high)
            floor, ceiling = low, high
        fits = shown_low <= low and high <= shown_high
        is_fixed = fixed_low in (None, shown_low) and fixed_high in (None, shown_high)
        is_loose = high - low < _LOOSE * (shown_high - shown_low)
        if (first, last) != (shown_first, shown_last) or not fits or is_loose or not is_fixed:
            self._box.setRange(xRange=(first, last), yRange=(floor, ceiling), padding=0)

    def _across(
        self,
        last_step: int,
        across: HorizontalScale,
        kind: DataKind,
        others: tuple[float, float] | None,
    ) -> tuple[float, float]:
        """Return the first and the last position to show."""
        left, right, *_ = self.fixed
        begin = across.first
        end = _end_of(last_step or _START_STEPS[kind], across)
        if others is not None:
            begin = min(begin, others[0])
            # What a run without a step will use up is not known yet.
            end = max(end, others[1]) if last_step else others[1]
        first = begin if left is None else left
        last = _last_shown(begin, end, across) if right is None else right
        if last <= first:  # the run has not come so far, or the axis begins later
            apart = _APART * max(abs(first), abs(last), _FEWEST_STEPS / _APART)
            first, last = (first, first + apart) if right is None else (last - apart, last)
        return first, last

    def _range(
        self,
        curves: Sequence[Curve],
        levels: Sequence[float],
        guessing: float | None,
        vertical: VerticalScale,
    ) -> tuple[float, float]:
        """Return the lowest and the highest position to show."""
        extents = [curve.extent for curve in curves if curve.extent is not None]
        ends = [float(vertical.position(nats)) for extent in extents for nats in extent]
        low = min([*ends, *levels], default=0.0)
        high = max(ends, default=-math.inf)
        usual = _usual_high(guessing, low, vertical)
        if high > usual:
            high = min(high, max(self._ceiling_of(curves, usual, vertical), usual))
        high = max([high, *levels])
        if high == -math.inf:
            return 0.0, 1.0
        if vertical.is_logarithmic:
            return min(low, high - _FLAT_DECADES), high
        return ((1 - _FLAT) * high if high - low < _FLAT * abs(high) else low), high

    def _ceiling_of(self, curves: Sequence[Curve], usual: float, vertical: VerticalScale) -> float:
        """Return the highest position to show of curves with points above what is usual.

        If those are rare, they are a spike, and the highest one of all others is returned.
        """
        count = sum(curve.n_points for curve in curves)
        about = (*map(id, curves), usual, vertical)
        if about == self._judged and count < _GROWTH * self._judged_points:
            return self._ceiling
        self._judged, self._judged_points = about, count
        self._ceiling = _ceiling_of(curves, usual, vertical)
        return self._ceiling


def levels_of(
    curves: Sequence[Curve], guessing: float | None, vertical: VerticalScale
) -> tuple[float, ...]:
    """Return the lowest and the highest position to show of curves that no longer grow.

    Parameters
    ----------
    curves : sequence of Curve
        Shown in whole, except for their spikes.
    guessing : float or None
        The position of the loss of uniform guessing.
    vertical : VerticalScale

    Returns
    -------
    tuple of float
        Empty if the curves have no points.
    """
    extents = [curve.extent for curve in curves if curve.extent is not None]
    ends = [float(vertical.position(nats)) for extent in extents for nats in extent]
    if not ends:
        return ()
    low, high = min(ends), max(ends)
    usual = _usual_high(guessing, low, vertical)
    if high > usual:
        high = min(high, max(_ceiling_of(curves, usual, vertical), usual))
    return low, high


def _usual_high(guessing: float | None, low: float, vertical: VerticalScale) -> float:
    """Return the highest position that needs no reason to be shown.

    An accuracy is the better the higher it is, and has no spikes: all of it is shown.
    """
    if vertical.unit.is_accuracy:
        return math.inf
    if guessing is None:
        return -math.inf
    return guessing + _OVER_GUESSING * max(guessing - low, 0.0)


def _ceiling_of(curves: Sequence[Curve], usual: float, vertical: VerticalScale) -> float:
    """Return the highest position of curves, without spikes above what is usual."""
    ceilings = []
    for curve in curves:
        _, nats = curve.points(-math.inf, math.inf, _POINTS)
        if len(nats):
            positions = np.sort(vertical.position(nats))
            above = len(positions) - int(positions.searchsorted(usual, "right"))
            if usual == -math.inf:  # without guessing, whatever stands out from the rest
                inner = positions[int(0.98 * (len(positions) - 1))]
                usual_here = inner + (inner - positions[0])
                above = len(positions) - int(positions.searchsorted(usual_here, "right"))
            is_rare = above < _RARE * len(positions)
            ceilings.append(positions[-1 - above] if is_rare else positions[-1])
    return float(max(ceilings, default=math.inf))


def limits_of(across: HorizontalScale, vertical: VerticalScale) -> dict[str, float]:
    """Return the limits of the view, in positions and by pyqtgraph's names."""
    limits = {"xMin": -1.0, "minXRange": 1e-4, "maxXRange": 1e12}
    if across.quantity is AxisQuantity.STEP:
        limits["minXRange"] = 4.0
    if across.quantity is AxisQuantity.WORK:
        limits |= {"minXRange": 1.0, "maxXRange": 1e16}
    if across.is_logarithmic:
        limits = {"xMin": -6.0, "minXRange": 1e-3, "maxXRange": 20.0}
    limits |= {"yMin": -1.0, "minYRange": 1e-3, "maxYRange": 1e15}
    if vertical.is_logarithmic:
        limits |= {"yMin": -7.0, "minYRange": 1e-4, "maxYRange": 20.0}
    return limits


def _end_of(last_step: int, across: HorizontalScale) -> float:
    """Return the position of the last step; of a very short run, that of a later one."""
    step = max(last_step, _FEWEST_STEPS)
    return float(step) if across.is_identity else float(across.position(np.array([step], float))[0])


def _last_shown(first: float, position: float, across: HorizontalScale) -> float:
    """Return where a view ends that begins at `first`: at the next round position."""
    if across.is_logarithmic:
        parts = math.ceil((position + math.log10(_BEYOND) - first) * _DECADE_PARTS)
        return first + max(parts, 1) / _DECADE_PARTS
    if position <= 0:
        return 1.0
    position *= _BEYOND
    power = 10.0 ** math.floor(math.log10(position))
    return next((power * view for view in _ROUND if power * view >= position), 10.0 * power)
