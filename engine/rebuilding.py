"""A network that is rebuilt in the middle of a run, and all that hangs on its shape."""

import operator
from collections.abc import Sequence

from engine.lessons import Lessons
from engine.messages import ResizeCost
from engine.optimizers import Optimizer
from engine.parameters import Normal, Parameters
from engine.resizing import Resized, add_layer, resize


def rebuild(
    parameters: Parameters, widths: Sequence[int], random: Normal, lessons: Lessons
) -> tuple[Parameters, Resized]:
    """Bring a network to other widths, and put layers on top where `widths` names more of them.

    Returns
    -------
    parameters : Parameters
        Of all layers.
    resized : Resized
        What became of the layers that were there before.
    """
    present = len(parameters.layers)
    probe = lessons.training_probe()
    resized = resize(
        parameters, widths[:present], random, probe, carries_state=lessons.always_reads
    )
    after = resized.parameters
    for width in widths[present:]:
        after = add_layer(after, width, random, probe)
    return after, resized


def cost_of_rebuilding(
    before: Parameters, after: Parameters, lessons: Lessons, *, held_out: bool
) -> ResizeCost | None:
    """Measure what it cost; None where layers are but wider, which computes the same as before.

    Parameters
    ----------
    held_out : bool
        Whether the lessons hold anything out.
    """
    was, is_now = before.architecture.widths, after.architecture.widths
    if len(was) == len(is_now) and all(map(operator.ge, is_now, was)):
        return None
    return ResizeCost(lessons.probe_loss(before), lessons.probe_loss(after), held_out)


def carry_moments(optimizer: Optimizer, before: Parameters, resized: Resized) -> None:
    """Carry an optimiser's moments over to other widths; see `Resized.transfer`."""
    optimizer.moments = [
        resized.transfer(Parameters(before.architecture, moment)).flat
        for moment in optimizer.moments
    ]
