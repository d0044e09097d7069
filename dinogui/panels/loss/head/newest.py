"""The loss of a run that matters most: the newest held-out one, or else the smoothed one.

While somebody looks back at an earlier step, or after the run has gone back to one, it is the
newest one at that step.

The held-out loss of the beginning is that of an untrained network, and soon says nothing.
"""

from collections.abc import Sequence
from dataclasses import replace

from dinogui.panels.loss.head.statement import ShownLoss
from engine.data.training_data import DataKind
from engine.evaluation.held_out.size import HeldOutSize
from engine.evaluation.units import Unit
from engine.training.curves.run_curves import Curves
from engine.training.messages import HeldOutLoss


def newest_loss(
    curves: Curves,
    unit: Unit,
    kind: DataKind,
    *,
    guessing: float | None,
    n_grams: Sequence[float],
    largest_kind: float | None = None,
    tells: bool = False,
    held_out: HeldOutSize | None,
    full: HeldOutLoss | None,
    until: int | None = None,
) -> ShownLoss:
    """Return the newest loss of a run, and what it is compared with; none before the first step.

    Parameters
    ----------
    curves : Curves
    unit : Unit
    kind : str
        The kind of data: "names" or "text".
    guessing : float or None
        The loss of uniform guessing in that unit.
    n_grams : sequence of float
        The losses of the n-gram models in that unit, order 1 first. They are compared with held-out
        losses only, as they are measured on the same data.
    largest_kind : float or None
        The same of always telling the largest kind.
    tells : bool
        Whether kinds are told.
    held_out : HeldOutSize or None
        How much is held out; None if nothing is.
    full : HeldOutLoss or None
        The loss on everything that is held out, where it was measured.
    until : int, optional
        The earlier step that is looked at, or that the run has gone back to.
    """
    last = curves.last_step if until is None else until
    nothing = ShownLoss(kind, unit, guessing=guessing, largest_kind=largest_kind, tells=tells)
    if not last:
        return nothing
    if full is not None and full.step > last:
        full = None
    held_out_curve, smoothed_curve = curves.held_out(unit), curves.smoothed(unit)
    if until is None:
        measured, smoothed = held_out_curve.last_point, smoothed_curve.last_point
    else:
        measured = held_out_curve.latest_until(until)
        smoothed = smoothed_curve.latest_until(until)
    if full is not None and (measured is None or full.step >= measured[0]):
        loss = float(unit.from_nats(unit.base_of(full)))
        shown = replace(nothing, loss=loss, step=full.step, held_out=held_out, n_grams=n_grams)
        return replace(shown, is_in_full=True)
    if measured is not None and measured[0] and held_out is not None:
        step, loss = int(measured[0]), float(unit.from_nats(measured[1]))
        return replace(nothing, loss=loss, step=step, held_out=held_out, n_grams=n_grams)
    if smoothed is None:  # a run of an earlier version, before its first step with losses
        # Or only the training is known, which has no accuracy.
        return replace(nothing, step=last if unit.is_accuracy else 0)
    step, loss = int(smoothed[0]), float(unit.from_nats(smoothed[1]))
    return replace(nothing, loss=loss, step=step)
