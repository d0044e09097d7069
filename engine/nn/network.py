"""The network that writes: it predicts each next symbol; loss and gradients of a batch."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.data.vocabulary import EncodedNames
from engine.nn.cells import CELLS
from engine.nn.layers.batch_backend import State
from engine.nn.layers.inputs import embedded, few_pre_activations, input_pre_activations
from engine.nn.layers.layer_stack import Outputs
from engine.nn.layers.softmax_network import DrawMask, SoftmaxNetwork
from engine.nn.packing import Packed
from engine.nn.parameters import Array, Parameters

_BATCH = 256
"""Names in a batch where only the loss is wanted: bounds the memory, and fills the cache."""


def read_step(
    parameters: Parameters, states: list[State], symbols: NDArray[np.intp]
) -> tuple[list[State], Array]:
    """Make one step: read one symbol per row.

    Parameters
    ----------
    parameters : Parameters
    states : list of State
        The states of each layer before the step.
    symbols : (m,) array
        As indices, or `NO_SYMBOL` for x = 0.

    Returns
    -------
    states : list of State
        The states after the step.
    z : (m, n_y) array
        The logits of the next symbol.
    """
    rows = (slice(0, len(symbols)),)
    cell = CELLS[parameters.architecture.cell]
    a: Array | None = embedded(parameters, symbols)
    after: list[State] = []
    for layer, state in zip(parameters.layers, states, strict=True):
        if a is None:
            z = few_pre_activations(layer, symbols)
        else:
            z = input_pre_activations(layer, a, symbols)
        tape = cell.forward(layer.U, z, rows, state)
        after.append(tuple(getattr(tape, name) for name in cell.STATES))
        a = after[-1][0]
    return after, after[-1][0] @ parameters.Wya.T + parameters.by


class Network(SoftmaxNetwork):
    """A network that predicts, at each row, the symbol that comes next."""

    def _read(self, outputs: Outputs, batch: Packed) -> Array:
        return outputs[0][batch.unscored :]

    def _spread(self, da: Array, batch: Packed) -> Outputs:
        if not batch.unscored:
            return (da,)
        return (np.concatenate((np.zeros((batch.unscored, da.shape[1]), da.dtype), da)),)

    def _targets(self, batch: Packed) -> NDArray[np.intp]:
        return batch.targets

    def _draw_read(self, draw: DrawMask, batch: Packed) -> Array:
        return draw(len(batch))[batch.unscored :]


@dataclass(frozen=True)
class NamesLoss:
    """The mean loss of a list of names.

    Attributes
    ----------
    nats_per_name, nats_per_character : float
        In nats; the end of a name counts as a character. Of a network that tells kinds, both are
        -ln of the probability of the right kind.
    accuracy : float or None
        The share of names whose kind is told right; None if the network does not tell kinds.
    """

    nats_per_name: float
    nats_per_character: float
    accuracy: float | None = None


def loss_of_names(parameters: Parameters, names: EncodedNames) -> NamesLoss:
    """Return the mean loss of one or more names, each with an initial state of zero."""
    network = Network(parameters)
    total = sum(network.loss(batch) for batch in _batches(names))
    return NamesLoss(total / len(names), total / len(names.symbols))


def states_of_names(parameters: Parameters, names: EncodedNames) -> list[Array]:
    """Return the states at all characters of `names`: (characters, n_a) for each layer."""
    network = Network(parameters)
    found = [network.states(batch) for batch in _batches(names)]
    return [np.concatenate(states) for states in zip(*found, strict=True)]


def _batches(names: EncodedNames) -> Iterator[Packed]:
    for start in range(0, len(names), _BATCH):
        yield Packed.of(names, np.arange(start, min(start + _BATCH, len(names))))
