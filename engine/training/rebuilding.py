"""A network that is rebuilt in the middle of a run, and all that hangs on its shape."""

import operator
from collections.abc import Sequence

import numpy as np

from engine.nn.optimizers import Optimizer
from engine.nn.parameters import Normal, Parameters
from engine.nn.resizing.undo import Resizing, restore_pruned
from engine.nn.resizing.widths import Resized, add_layer, resize
from engine.training.data_loader import DataLoader
from engine.training.messages import ResizeCost


def rebuild(
    parameters: Parameters,
    widths: Sequence[int],
    random: Normal,
    loader: DataLoader,
    undone: Resizing | None = None,
) -> tuple[Parameters, Resized]:
    """Bring a network to other widths, and put layers on top where `widths` names more of them.

    Parameters
    ----------
    undone : Resizing, optional
        A change that is taken back by this one: the units that it has dropped come back first.

    Returns
    -------
    parameters : Parameters
        Of all layers.
    resized : Resized
        What became of the layers that were there before.
    """
    present = len(parameters.layers)
    probe = loader.training_probe()
    regrown = restore_pruned(parameters, undone) if undone is not None and undone.prunes else None
    resized = resize(
        parameters if regrown is None else regrown.parameters,
        widths[:present],
        random,
        probe,
        carries_state=loader.always_reads,
    )
    if regrown is not None:
        resized = _one_after_the_other(regrown, resized)
    after = resized.parameters
    for width in widths[present:]:
        after = add_layer(after, width, random, probe)
    return after, resized


def _one_after_the_other(first: Resized, second: Resized) -> Resized:
    """Return two changes of a network as one."""
    origins = tuple(
        np.where(origin >= 0, earlier[origin], -1)
        for earlier, origin in zip(first.origins, second.origins, strict=True)
    )
    return Resized(second.parameters, origins)


def cost_of_rebuilding(
    before: Parameters,
    after: Parameters,
    loader: DataLoader,
    *,
    held_out: bool,
    undone: Resizing | None = None,
) -> ResizeCost | None:
    """Measure what it cost; None where layers are but wider, which computes the same as before.

    Parameters
    ----------
    held_out : bool
        Whether the lessons hold anything out.
    undone : Resizing, optional
        A change that was taken back: units that come back have something to say.
    """
    was, is_now = before.architecture.widths, after.architecture.widths
    regrew = undone is not None and undone.prunes
    if not regrew and len(was) == len(is_now) and all(map(operator.ge, is_now, was)):
        return None
    return ResizeCost(loader.probe_loss(before), loader.probe_loss(after), held_out)


def carry_moments(optimizer: Optimizer, before: Parameters, resized: Resized) -> None:
    """Carry an optimiser's moments over to other widths; see `Resized.transfer`."""
    optimizer.moments = [
        resized.transfer(Parameters(before.architecture, moment)).flat
        for moment in optimizer.moments
    ]
