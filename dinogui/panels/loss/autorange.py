"""The view of a whole run: how many steps and which losses a plot shows while it is followed."""

import math
from collections.abc import Iterable, Mapping

from dinogui.startup.lean_pyqtgraph import pg
from engine.data.training_data import DataKind
from engine.evaluation.units import Unit

_ROUND = (1.0, 2.0, 4.0, 7.0, 10.0)
_START_STEPS: Mapping[DataKind, int] = {"names": 1_000, "text": 200}
"""Steps in view at first: a step on a text reads hundreds of symbols, and takes its time."""
_MARGIN = 0.06
"""Room above the highest value, as a share of the view; below the lowest there is twice as much."""
_LOOSE = 0.6
"""The view is drawn closer when the curves fill less than this share of it."""
_FLAT = 0.2
"""Values that differ by less than this share of the highest are shown from 1 - _FLAT of it up."""


class AutoRange:
    """Shows from step 0 to beyond the last one, and as high as the curves that matter go.

    The view grows in jumps: axes that move with every frame are neither calm nor cheap.

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
        """Change the view where it does not fit any more.

        Parameters
        ----------
        last_step : int
        extents : iterable of (float, float) or None
            Lowest and highest value, in nats, of each curve that has to be seen; None where empty.
        unit : Unit
            Of the plot's axis.
        guessing : float, optional
            What uniform guessing costs, in `unit`; seen as well.
        kind : str
            What is learned: "names" or "text".
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
        if high - low < _FLAT * abs(high):  # at the start: one value, and nothing to compare it to
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
