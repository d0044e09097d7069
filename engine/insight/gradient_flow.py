"""How far back a name's loss is felt: the size of dL/da at each step, for each layer."""

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
    """How large a gradient is at each step, over the units of a layer.

    Attributes
    ----------
    norm : (T,) array
        Euclidean norm, in nats. Read-only, as the next one.
    mean : (T,) array
        Mean of the absolute values, in nats.
    """

    norm: Array
    mean: Array


@dataclass(frozen=True)
class LayerFlow:
    """The gradient that reaches one layer's state at each step.

    Attributes
    ----------
    da : FlowSize
        dL/da<t> of the whole name's loss: through the softmax at t, the layers above and all
        later steps.
    da_of_last : FlowSize
        The same of the last letter's loss alone. Where it vanishes, the network cannot learn
        what the last letter has to do with the letters read there.
    dc, dc_of_last : FlowSize or None
        dL/dc<t> of an LSTM. In a GRU c = a.
    """

    da: FlowSize
    da_of_last: FlowSize
    dc: FlowSize | None
    dc_of_last: FlowSize | None


@dataclass(frozen=True)
class Flow:
    """The gradient that reaches each layer at each step.

    Attributes
    ----------
    layers : tuple of LayerFlow
        The lowest first.
    not_finite : int
        Entries of all dL/da and dL/dc that are infinite or no number.
    """

    layers: tuple[LayerFlow, ...]
    not_finite: int


def flow(snapshot: Snapshot, name: ArrayLike, *, first: int | None = None) -> Flow:
    """Measure how a name's loss flows back, in float64.

    It needs a snapshot and a name only, so networks of different cells can be compared on one.

    Parameters
    ----------
    snapshot : Snapshot
    name : (T,) array
        As indices, its END included; or a stretch of a text. Read from a zero state.
    first : int, optional
        What is read first, x<1>: the symbol before a stretch of a text. Absent, x<1> = 0.

    Raises
    ------
    ValueError
        If there is nothing in the name, or what is no index of a symbol.
    """
    parameters = in_float64(snapshot.parameters)
    # The name stands twice in the batch: the second copy learns from its last letter alone.
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
