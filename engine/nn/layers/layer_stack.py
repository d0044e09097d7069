"""The recurrent layers of a network, one above the other, in one direction or in both.

In a network of both directions, each layer has two cells with weights of their own. One reads a
name from left to right, the other from right to left, and the next layer reads the states of both,
joined at each step: [a_forward<t>; a_reverse<t>].

Read from right to left, the names of a batch have the lengths that they had. So the second cell
makes the same steps on the same rows, in another order: `Packed.reversed_rows`.

Source: Schuster and Paliwal, "Bidirectional recurrent neural networks", 1997,
https://doi.org/10.1109/78.650093.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.nn.cells import CELLS
from engine.nn.layers.batch_backend import NUMPY, BatchBackend, State
from engine.nn.layers.inputs import embedded, sum_rows
from engine.nn.packing import Packed
from engine.nn.parameters import Array, Parameters

Masks = Sequence[Array | None]
"""The dropout mask of each layer's output; None if nothing is dropped."""

Outputs = tuple[Array, ...]
"""The states of a layer, (N, n_a), from left to right and, if it has both directions, from right to
left. The rows of each are in the order in which it reads: the second has the rows of
`Packed.reversed_rows`."""


@dataclass(slots=True)
class LayerTape:
    """What a layer's forward pass keeps for its backward pass.

    Attributes
    ----------
    inputs : (N, n_in) array or None
        None for one-hot symbols.
    state : State
        The initial one, of both directions.
    tape : dataclass
        The cell's own.
    reverse : dataclass or None
        The same of the cell that reads from right to left; its rows are those of the names read
        so. None if there is no such cell.
    """

    inputs: Array | None
    state: State
    tape: Any
    reverse: Any

    @property
    def outputs(self) -> Outputs:
        """The states of each direction."""
        return (self.tape.a,) if self.reverse is None else (self.tape.a, self.reverse.a)


def zero_states(parameters: Parameters, m: int) -> list[State]:
    """Return the initial states of m names: zero, for each layer."""
    architecture = parameters.architecture
    count = len(CELLS[architecture.cell].STATES)
    dtype = architecture.numpy_dtype
    return [tuple(np.zeros((m, n_a), dtype) for _ in range(count)) for n_a in architecture.widths]


class LayerStack:
    """The layers of a network: forward and backward pass of a batch.

    Parameters
    ----------
    parameters : Parameters
        Read at every call.
    backend : BatchBackend
        What computes each layer.
    """

    def __init__(self, parameters: Parameters, backend: BatchBackend = NUMPY) -> None:
        self._parameters = parameters
        self._cell = CELLS[parameters.architecture.cell]
        self._pass = backend.cell_pass(parameters.architecture.cell)

    def forward(
        self, batch: Packed, masks: Masks, states: list[State] | None = None
    ) -> list[LayerTape]:
        """Compute all layers, and return what `backward` needs of each.

        Parameters
        ----------
        batch : Packed
        masks : sequence of (N, directions x n_a) arrays or None
            The dropout mask of each layer's output. That of the highest layer is not read.
        states : list of State, optional
            The initial states of the m names or chunks, which are read from left to right;
            overwritten with the final ones. Zero if absent.
        """
        if states is None:
            initial = zero_states(self._parameters, batch.n_names)
        else:  # copies, as the backward pass needs them after `states` is overwritten
            initial = [tuple(array.copy() for array in state) for state in states]
        a: Array | None = embedded(self._parameters, batch.inputs)  # (N, n_in)
        tapes: list[LayerTape] = []
        for place, (layer, state) in enumerate(zip(self._parameters.layers, initial, strict=True)):
            if place:
                a = joined(tapes[-1].outputs, batch)  # (N, directions x n_a)
                mask = masks[place - 1]
                a = a if mask is None else a * mask
            tape, reverse = self._pass.forward(layer, a, batch, state), None
            if self._parameters.reverse_layers:
                reversed_a = None if a is None else a[batch.reversed_rows]
                reverse_layer = self._parameters.reverse_layers[place]
                reverse = self._pass.forward(reverse_layer, reversed_a, batch.reversed, state)
            tapes.append(LayerTape(a, state, tape, reverse))
        if states is not None:
            self._set_final(batch, tapes, states)
        return tapes

    def _set_final(self, batch: Packed, tapes: list[LayerTape], states: list[State]) -> None:
        """Overwrite `states` with the states after the last row of each name or chunk."""
        last = batch.last_rows
        for tape, state in zip(tapes, states, strict=True):
            for name, array in zip(self._cell.STATES, state, strict=True):
                array[:] = getattr(tape.tape, name)[last]

    def backward(
        self,
        gradients: Parameters,
        batch: Packed,
        da: Outputs,
        tapes: list[LayerTape],
        masks: Masks,
    ) -> None:
        """Set the gradients of the layers and of the embedding.

        Parameters
        ----------
        gradients : Parameters
            Written to; Wya and by are left as they are.
        batch : Packed
        da : tuple of (N, n_a) arrays
            dL/d(output of the highest layer), of each direction. Overwritten.
        tapes : list of LayerTape
            As `forward` returned them.
        masks : sequence of (N, directions x n_a) arrays or None
            As `forward` was given them.
        """
        for place in range(len(tapes) - 1, -1, -1):
            layer, gradient = self._parameters.layers[place], gradients.layers[place]
            tape = tapes[place]
            dx = self._pass.backward(
                layer, gradient, tape.inputs, batch, tape.state, tape.tape, da[0]
            )  # (N, n_in)
            if tape.reverse is not None:
                dx = self._backward_reverse(place, gradients, batch, da[1], tape, dx)
            if place:
                assert dx is not None  # a layer above another reads its states
                mask = masks[place - 1]
                if mask is not None:
                    dx *= mask  # (N, directions x n_a)
                da = self._split(dx, batch)
        if gradients.E is not None and dx is not None:
            sum_rows(gradients.E, batch.inputs, dx)

    def _split(self, da: Array, batch: Packed) -> Outputs:
        """Undo `joined`."""
        if not self._parameters.reverse_layers:
            return (da,)
        n_a = da.shape[1] // 2
        return np.ascontiguousarray(da[:, :n_a]), da[batch.reversed_rows, n_a:]

    def _backward_reverse(
        self,
        place: int,
        gradients: Parameters,
        batch: Packed,
        da: Array,
        tape: LayerTape,
        dx: Array | None,
    ) -> Array | None:
        """Set the gradients of a layer that reads from right to left.

        Returns
        -------
        (N, n_in) array or None
            `dx`, to which the gradient of its input is added; None for one-hot symbols.
        """
        layer, gradient = self._parameters.reverse_layers[place], gradients.reverse_layers[place]
        rows = batch.reversed_rows
        inputs = None if tape.inputs is None else tape.inputs[rows]
        reversed_dx = self._pass.backward(
            layer, gradient, inputs, batch.reversed, tape.state, tape.reverse, da
        )  # (N, n_in)
        if dx is None or reversed_dx is None:
            return None
        dx += reversed_dx[rows]
        return dx


def joined(outputs: Outputs, batch: Packed) -> Array:
    """Return the states of all directions side by side, from left to right.

    Returns
    -------
    (N, directions x n_a) array
        [a_forward<t>; a_reverse<t>].
    """
    if len(outputs) == 1:
        return outputs[0]
    forward, reverse = outputs
    return np.concatenate((forward, reverse[batch.reversed_rows]), axis=1)
