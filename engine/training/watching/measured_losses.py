"""Held-out losses as arrays, as the state of a run holds them."""

from collections.abc import Iterable, Sequence

import numpy as np

from engine.storage.validated_mapping import StateDict, ValidatedMapping
from engine.training.messages import HeldOutLoss


def measured_state(losses: Sequence[HeldOutLoss]) -> StateDict:
    """Return held-out losses as arrays, with the accuracies if there are any."""
    measured = [(loss.step, loss.nats_per_name, loss.nats_per_character) for loss in losses]
    state: StateDict = {"measured": np.array(measured, dtype=float).reshape(-1, 3)}
    accuracies = [loss.accuracy for loss in losses if loss.accuracy is not None]
    return state | ({"accuracies": np.array(accuracies)} if accuracies else {})


def measured_losses(state: ValidatedMapping) -> list[HeldOutLoss]:
    """Return what `measured_state` has made arrays of.

    Raises
    ------
    ValueError
        If they are not such arrays; the message names what does not fit.
    """
    measured = state.array("measured", (-1, 3), float)
    if not (np.isfinite(measured[:, 0]).all() and (measured[:, 0] % 1 == 0).all()):
        raise ValueError("measured must begin with whole steps.")
    accuracies: Iterable[float | None] = [None] * len(measured)
    if "accuracies" in state:
        accuracies = state.array("accuracies", (len(measured),), float).tolist()
    return [
        HeldOutLoss(int(step), float(name), float(character), accuracy)
        for (step, name, character), accuracy in zip(measured, accuracies, strict=True)
    ]
