"""Gradient flow: the size of dL/da at each step and layer, for a name's loss."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from engine.insight.reading import backward_pass, in_float64, logits, one_name, read
from engine.insight.results import count_not_finite, read_only
from engine.nn.functions import softmax
from engine.nn.parameters import Array
from engine.training.messages import Snapshot


@dataclass(frozen=True)
class FlowSize:
    """The size of a gradient at each step, over the units of a layer.

    Attributes
    ----------
    norm : (T,) array
        Euclidean norm, in nats. Read-only.
    mean : (T,) array
        Mean absolute value, in nats. Read-only.
    """

    norm: Array
    mean: Array


@dataclass(frozen=True)
class LayerFlow:
    """The gradient with respect to one layer's state at each step.

    Attributes
    ----------
    da : FlowSize
        dL/da<t> of the whole name's loss: through the softmax at t, the layers above and all
        later steps.
    da_of_last : FlowSize
        The same for the last letter's loss alone. Where it vanishes, the network cannot learn how
        the last letter depends on the letters that were read there.
    dc, dc_of_last : FlowSize or None
        dL/dc<t> likewise; None if the cell has no memory cell c (in a GRU, c = a).
    """

    da: FlowSize
    da_of_last: FlowSize
    dc: FlowSize | None
    dc_of_last: FlowSize | None


@dataclass(frozen=True)
class Flow:
    """The gradient with respect to each layer's state at each step.

    Attributes
    ----------
    layers : tuple of LayerFlow
        The lowest first.
    not_finite : int
        Entries of all dL/da and dL/dc that are infinite or NaN.
    """

    layers: tuple[LayerFlow, ...]
    not_finite: int


def flow(snapshot: Snapshot, name: ArrayLike, *, first: int | None = None) -> Flow:
    """Measure how the gradient of a name's loss flows back through the steps, in float64.

    Networks of different cells can be compared on the same name.

    Parameters
    ----------
    snapshot : Snapshot
    name : (T,) array
        As indices, its END included, or a chunk of a text. The initial state is zero.
    first : int, optional
        x<1>: the symbol before a chunk of a text. If absent, x<1> = 0.

    Raises
    ------
    ValueError
        If the name is empty or holds something other than indices of symbols.
    """
    parameters = in_float64(snapshot.parameters)
    # The batch has the name twice: in the second copy only the last letter has a loss.
    batch = one_name(name, len(snapshot.vocabulary), first, copies=2)
    with np.errstate(all="ignore"):
        layers = read(parameters, batch)
        dy = softmax(logits(parameters, layers))  # (2 T, n_y)
        dy[np.arange(len(batch)), batch.targets] -= 1.0
        dy[1:-1:2] = 0.0
        gradients = backward_pass(parameters, layers, batch, dy)
        flows = tuple(LayerFlow(*_both(g.da), *_both(g.dc)) for g in gradients)
    arrays = [array for g in gradients for array in (g.da, g.dc) if array is not None]
    return Flow(flows, count_not_finite(*arrays))


def _both(gradient: Array | None) -> tuple[FlowSize, FlowSize] | tuple[None, None]:
    if gradient is None:
        return None, None
    norm, mean = np.sqrt((gradient * gradient).sum(axis=1)), np.abs(gradient).mean(axis=1)
    whole, last = (FlowSize(read_only(norm[k::2]), read_only(mean[k::2])) for k in range(2))
    return whole, last
