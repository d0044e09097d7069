"""Values of the loss plot, in its unit."""

from collections.abc import Iterable, Sequence

import numpy as np

from dinogui.panels.loss.axes.axis_ticks import write_amount, write_time
from engine.data.training_data import DataKind
from engine.evaluation.units import Unit
from engine.training.curves.axis_quantity import AxisQuantity
from engine.training.curves.curve import Curve
from engine.training.curves.run_curves import Curves
from engine.training.messages import LossSpike


def values_near(
    curves: Curves,
    step: float,
    drawn: tuple[float, float],
    unit: Unit,
    kind: DataKind,
    spike: LossSpike | None = None,
    quantity: AxisQuantity = AxisQuantity.STEP,
    grain: int | None = None,
) -> str:
    """Write the values of all curves near a step, in two lines.

    Parameters
    ----------
    curves : Curves
    step : float
    drawn : (float, float)
        The nearest point of the curve that is read: its step and its value in nats. See
        `curve_to_read`.
    unit : Unit
    kind : str
        The kind of data: "names" or "text".
    spike : LossSpike, optional
        A peak of the loss that is marked there.
    quantity : AxisQuantity
        What the horizontal axis shows. It is written beside the step.
    grain : int, optional
        How many steps are drawn as one. Their lowest and highest loss are written.
    """
    parts = [f"step {drawn[0]:,.0f}"]
    if quantity is not AxisQuantity.STEP:
        parts.append(_amount(curves, drawn[0], quantity, kind))
    if not unit.is_accuracy:  # which the training has not
        parts.append(f"smoothed {written(drawn[1], unit)}")
    held_out = curves.held_out(unit).nearest(step)
    if held_out is not None:
        parts.append(f"held out {written(held_out[1], unit)} at {held_out[0]:,.0f}")
    singles = list(_single_losses(curves, drawn[0], unit, kind, grain))
    if spike is not None:
        loss = unit.write(unit.of(spike.loss, spike.characters))
        parts.append(f"peak of {loss} at {spike.step:,}")
    lines = "  ·  ".join(parts) + f"  {unit.label(kind)}", "  ·  ".join(singles)
    return "\n".join(lines)


def curve_to_read(curves: Curves, unit: Unit) -> Curve:
    """Return the curve whose points the pointer goes along: an accuracy is only held out."""
    return curves.held_out(unit) if unit.is_accuracy else curves.smoothed(unit)


def _single_losses(
    curves: Curves, step: float, unit: Unit, kind: DataKind, grain: int | None
) -> Iterable[str]:
    """Write the loss of the single step, and how those around it are distributed."""
    one = "step" if kind != "names" else "name"
    exact, losses = curves.quantiles(unit).points(step, step)
    if len(exact):
        yield f"this {one} {written(float(losses[0]), unit)}"
        if grain is None:
            return
    found = distribution_near(curves, step, unit, grain or 1)
    if found is None:
        return
    low, tenth, quarter, three_quarters, nine_tenths, high = (
        None if nats is None else written(nats, unit) for nats in found
    )
    here = f"{one}s here {low} to {high}"
    if tenth is not None:
        here += f", half {quarter} to {three_quarters}, 80 % {tenth} to {nine_tenths}"
    yield here


def distribution_near(
    curves: Curves, step: float, unit: Unit, grain: int = 1
) -> Sequence[float | None] | None:
    """Return how the losses around a step are distributed, in the nats that a unit is based on.

    Parameters
    ----------
    curves : Curves
    step : float
    unit : Unit
    grain : int
        How many steps to look at, about.

    Returns
    -------
    sequence of six floats, or None
        The lowest loss, the 10th, 25th, 75th and 90th percentile, and the highest loss. The
        percentiles are None where an earlier version has kept the extremes alone. None if there
        are no losses.
    """
    near = curves.quantiles(unit).near(step, grain)
    if near is None:
        extremes = curves.raw(unit).range_near(step) if step >= 1 else None
        return None if extremes is None else (extremes[0], *[None] * 4, extremes[1])
    first, last, band = near
    low, high = curves.raw(unit).range_between(first, last)
    return low, *(float(nats) for nats in band), high


def _amount(curves: Curves, step: float, quantity: AxisQuantity, kind: DataKind) -> str:
    """Write what a run had used up at a step."""
    amount = float(curves.clock.amounts(quantity, np.array([step]))[0])
    return write_used(amount, quantity, kind)


def write_used(amount: float, quantity: AxisQuantity, kind: DataKind) -> str:
    """Write an amount of what a run uses up: "step 300", "epoch 1.25", "0:20 trained"."""
    if quantity is AxisQuantity.STEP:
        return f"step {amount:,.0f}"
    if quantity is AxisQuantity.TIME:
        return f"{write_time(round(amount))} trained"
    if quantity is AxisQuantity.EPOCH:
        return f"epoch {amount:.2f}"
    if quantity is AxisQuantity.WORK:
        return f"{write_amount(float(f'{amount:.3g}'))} {quantity.label(kind)}"
    return f"{amount:,.0f} {quantity.label(kind)}"


def written(nats: float, unit: Unit) -> str:
    """Write a loss, given in the nats that a unit is based on, in that unit."""
    return unit.write(float(unit.from_nats(nats)))


def axis_label(unit: Unit, kind: DataKind) -> str:
    """Name an axis or a column of values in a unit, which are in percent if it is an accuracy."""
    return f"{unit.label(kind)}, %" if unit.is_accuracy else unit.label(kind)
