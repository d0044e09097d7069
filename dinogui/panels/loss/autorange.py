"""The automatic range of the loss plot: the steps and losses to show while it follows a run."""

import math
from collections.abc import Iterable, Mapping

from dinogui.startup.lean_pyqtgraph import pg
from engine.data.training_data import DataKind
from engine.evaluation.units import Unit

_ROUND = (1.0, 2.0, 4.0, 7.0, 10.0)
_START_STEPS: Mapping[DataKind, int] = {"names": 1_000, "text": 200}
"""Steps in view at first. A step on a text reads hundreds of symbols, so it takes longer."""
_MARGIN = 0.06
"""Room above the highest value, as a share of the view. Below the lowest it is twice as much."""
_LOOSE = 0.6
"""The view is narrowed when the curves fill less than this share of it."""
_FLAT = 0.2
"""If the values differ by less than this share of the highest, more is shown below them."""


class AutoRange:
    """Shows the steps from 0 to beyond the last one, and the range of the given curves.

    The view grows in jumps, because axes that move with every frame are restless and slow to draw.

    Parameters
    ----------
    box : ViewBox
    """

    def __init__(self, box: pg.ViewBox) -> None:
        self._box = box

    def follow(
        self,
        last_step: int,
        extents: Iterable[tuple[float, float] | None],
        unit: Unit,
        guessing: float | None,
        kind: DataKind,
    ) -> None:
        """Change the view if it no longer fits.

        Parameters
        ----------
        last_step : int
        extents : iterable of (float, float) or None
            Lowest and highest value, in nats, of each curve to show; None for an empty one.
        unit : Unit
            The unit of the plot's axis.
        guessing : float, optional
            The loss of uniform guessing, in `unit`; it is shown as well.
        kind : str
            The kind of data: "names" or "text".
        """
        last = _round_steps(max(last_step, _START_STEPS[kind]))
        values = [
            float(unit.from_nats(nats))
            for extent in extents
            if extent is not None
            for nats in extent
        ]
        if guessing is not None:
            values.append(guessing)
        low, high = (min(values), max(values)) if values else (0.0, 1.0)
        if high - low < _FLAT * abs(high):  # at the start there is only one value
            low = (1 - _FLAT) * high
        room = max(_MARGIN * (high - low), 1e-9)
        (_, shown_last), (shown_low, shown_high) = self._box.viewRange()
        fits = shown_low <= low and high <= shown_high
        if last != shown_last or not fits or high - low < _LOOSE * (shown_high - shown_low):
            self._box.setRange(
                xRange=(0, last), yRange=(max(low - 2 * room, 0.0), high + room), padding=0
            )


def _round_steps(steps: int) -> float:
    """Return the next round number of steps."""
    power = 10.0 ** math.floor(math.log10(steps))
    return next(power * view for view in _ROUND if power * view >= steps)
