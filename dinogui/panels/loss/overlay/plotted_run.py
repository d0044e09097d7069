"""A run beside the present one, as the loss plot draws it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from dinogui.panels.loss.axes.scales import HorizontalScale
from dinogui.panels.loss.readout import curve_to_read, written
from engine.evaluation.units import Unit
from engine.training.curves.run_curves import Curves


@dataclass(frozen=True, eq=False)
class PlottedRun:
    """A run beside the present one.

    Attributes
    ----------
    title : str
    colour : str
        As ``#rrggbb``.
    curves : Curves
    note : str
        What the legend says of it besides; may be empty.
    """

    title: str
    colour: str
    curves: Curves
    note: str = ""

    def across(self, axis: HorizontalScale) -> HorizontalScale:
        """Return the horizontal axis of the plot for the steps of this run."""
        return HorizontalScale(axis.quantity, axis.is_logarithmic, self.curves.clock)

    def reach(self, axis: HorizontalScale) -> float:
        """Return the position of its last step on the horizontal axis."""
        return float(
            self.across(axis).position(np.array([max(self.curves.last_step, 1)], float))[0]
        )


def span_of(runs: Sequence[PlottedRun], axis: HorizontalScale) -> tuple[float, float] | None:
    """Return the positions where the first of some runs begins, and the last one ends."""
    if not runs:
        return None
    return min(run.across(axis).first for run in runs), max(run.reach(axis) for run in runs)


def values_at(
    runs: Sequence[PlottedRun], axis: HorizontalScale, position: float, unit: Unit
) -> str:
    """Write the losses of runs at a position on the horizontal axis; empty if none is so long."""
    parts = []
    for run in runs:
        step = run.across(axis).step(position)
        drawn = curve_to_read(run.curves, unit).nearest(step)
        if drawn is None or step > run.curves.last_step:
            continue
        if unit.is_accuracy:
            parts.append(f"{run.title}: held out {written(drawn[1], unit)}")
            continue
        text = f"{run.title}: {written(drawn[1], unit)}"
        held_out = run.curves.held_out(unit).nearest(step)
        if held_out is not None:
            text += f", held out {written(held_out[1], unit)}"
        parts.append(text)
    return "\n".join(parts)
