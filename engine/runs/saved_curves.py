"""The loss curves of a run in its file, among the extras, and back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.storage.validated_mapping import ValidatedMapping
from engine.training.curves.run_curves import Curves
from engine.training.history.trainer_state import TrainerState
from engine.training.messages import Chunk
from engine.training.watching.measured_losses import measured_losses

CURVE = "curve."
"""What the names of the entries begin with."""


def curve_extras(curves: Curves) -> dict[str, Any]:
    """Return the extras of a run's file that hold its curves."""
    return {CURVE + name: value for name, value in curves.state().items()}


def read_curves(extras: Mapping[str, Any], step: int) -> Curves | None:
    """Return the curves in the file of a run.

    Parameters
    ----------
    extras : mapping
        Of the file.
    step : int
        Steps that the run has made.

    Returns
    -------
    Curves or None
        None if there are none: earlier versions of the command line kept none.

    Raises
    ------
    ValueError
        If they are damaged, or go on beyond that step; the message says what is wrong.
    """
    stored = ValidatedMapping(extras).part(CURVE)
    if "last_step" not in stored:
        return None
    stored.whole("last_step", most=step)
    return Curves.restored(stored)


def known_curves(state: TrainerState) -> Curves:
    """Return what a run without curves knows of its losses: the last ones, and the best one.

    Raises
    ------
    ValueError
        If that is damaged; the message names it.
    """
    curves, values, step = Curves(), ValidatedMapping(state.values), state.step
    loss = values.number_or_none("smoothing.loss")
    if loss is not None:
        characters = values.number_or_none("smoothing.characters") or 1.0
        curves.begin_smoothed(step, loss, characters)
    if "best.measured" in values:
        values.array("best.measured", (2, 3), float)
        measured = {loss.step: loss for loss in measured_losses(values.part("best."))}
        in_order = [measured[each] for each in sorted(measured)]
        curves.append(step, Chunk.of((), (), (), (), held_out=in_order))
    curves.last_step = step
    return curves
