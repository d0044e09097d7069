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
from engine.nn.layers.inputs import (
    add_kinds,
    embedded,
    input_pre_activations,
    sum_kinds,
    sum_rows,
)
from engine.nn.packing import Packed
from engine.nn.parameters import Array, LayerParameters, Parameters

State = tuple[Array, ...]
"""The state of a layer: (m, n_a) arrays, in the order of its cell's `STATES`."""

Masks = Sequence[Array | None]
"""The dropout mask of each layer's output; None if nothing is dropped."""


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
    mask : (N, directions x n_a) array or None
        Of dropout.
    a : (N, directions x n_a) array
        The states, before dropout.
    """

    inputs: Array | None
    state: State
    tape: Any
    reverse: Any
    mask: Array | None
    a: Array


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
    """

    def __init__(self, parameters: Parameters) -> None:
        self._parameters = parameters
        self._cell = CELLS[parameters.architecture.cell]
        self._reverse = parameters.reverse_layers or (None,) * len(parameters.layers)

    def forward(
        self, batch: Packed, masks: Masks, states: list[State] | None = None
    ) -> tuple[Array, list[LayerTape]]:
        """Return the output of the highest layer, and what `backward` needs.

        Parameters
        ----------
        batch : Packed
        masks : sequence of (N, directions x n_a) arrays or None
            The dropout mask of each layer's output.
        states : list of State, optional
            The initial states of the m names or chunks, which are read from left to right;
            overwritten with the final ones. Zero if absent.

        Returns
        -------
        a : (N, directions x n_a) array
            After dropout.
        tapes : list of LayerTape
        """
        if states is None:
            initial = zero_states(self._parameters, batch.n_names)
        else:  # copies, as the backward pass needs them after `states` is overwritten
            initial = [tuple(array.copy() for array in state) for state in states]
        a = embedded(self._parameters, batch.inputs)  # (N, n_in) or None
        tapes: list[LayerTape] = []
        layers = zip(self._parameters.layers, self._reverse, initial, masks, strict=True)
        for layer, reverse_layer, state, mask in layers:
            z = input_pre_activations(layer, a, batch.inputs)  # (N, gates x n_a)
            if layer.K is not None:
                add_kinds(z, layer.K, batch)
            tape, reverse = self._cell.forward(layer.U, z, batch.steps, state), None
            output = tape.a
            if reverse_layer is not None:
                reverse = self._forward_reverse(reverse_layer, batch, a, state)
                output = np.concatenate((output, reverse.a[batch.reversed_rows]), axis=1)
            tapes.append(LayerTape(a, state, tape, reverse, mask, output))
            a = output if mask is None else output * mask  # (N, directions x n_a)
        assert a is not None  # there is at least one layer
        if states is not None:
            self._set_final(batch, tapes, states)
        return a, tapes

    def _forward_reverse(
        self, layer: LayerParameters, batch: Packed, a: Array | None, state: State
    ) -> Any:
        """Read a layer's input from right to left, and return the cell's tape."""
        rows = batch.reversed_rows
        z = input_pre_activations(layer, None if a is None else a[rows], batch.inputs[rows])
        return self._cell.forward(layer.U, z, batch.steps, state)

    def _set_final(self, batch: Packed, tapes: list[LayerTape], states: list[State]) -> None:
        """Overwrite `states` with the states after the last row of each name or chunk."""
        last = batch.last_rows
        for tape, state in zip(tapes, states, strict=True):
            for name, array in zip(self._cell.STATES, state, strict=True):
                array[:] = getattr(tape.tape, name)[last]

    def backward(
        self, gradients: Parameters, batch: Packed, da: Array, tapes: list[LayerTape]
    ) -> None:
        """Set the gradients of the layers and of the embedding.

        Parameters
        ----------
        gradients : Parameters
            Written to; Wya and by are left as they are.
        batch : Packed
        da : (N, directions x n_a) array
            dL/d(output of the highest layer). Overwritten.
        tapes : list of LayerTape
            As `forward` returned them.
        """
        for place in range(len(tapes) - 1, -1, -1):
            layer, gradient, tape = (
                self._parameters.layers[place],
                gradients.layers[place],
                tapes[place],
            )
            if tape.mask is not None:
                da *= tape.mask  # (N, directions x n_a)
            dx = None
            if tape.reverse is not None:
                da_reverse = da[batch.reversed_rows, layer.n_a :]  # (N, n_a)
                da = np.ascontiguousarray(da[:, : layer.n_a])  # (N, n_a)
                dx = self._backward_reverse(place, gradients, batch, da_reverse, tape)
            dgates = self._backward_direction(layer, gradient, batch, da, tape.tape, tape.state)
            if gradient.K is not None:
                sum_kinds(gradient.K, dgates, batch)
            if tape.inputs is None:
                sum_rows(gradient.V, batch.inputs, dgates)
                continue
            np.dot(tape.inputs.T, dgates, out=gradient.V)  # (n_in, gates x n_a)
            da = dgates @ layer.V.T  # (N, n_in)
            if dx is not None:
                da += dx
        if gradients.E is not None:
            sum_rows(gradients.E, batch.inputs, da)

    def _backward_reverse(
        self, place: int, gradients: Parameters, batch: Packed, da: Array, tape: LayerTape
    ) -> Array | None:
        """Set the gradients of a layer that reads from right to left.

        Returns
        -------
        (N, n_in) array or None
            The gradient of its input, from left to right; None for one-hot symbols.
        """
        layer, gradient = self._parameters.reverse_layers[place], gradients.reverse_layers[place]
        rows = batch.reversed_rows
        dgates = self._backward_direction(layer, gradient, batch, da, tape.reverse, tape.state)
        if tape.inputs is None:
            sum_rows(gradient.V, batch.inputs[rows], dgates)
            return None
        dgates = dgates[rows]  # (N, gates x n_a)
        np.dot(tape.inputs.T, dgates, out=gradient.V)  # (n_in, gates x n_a)
        return dgates @ layer.V.T  # (N, n_in)

    def _backward_direction(
        self,
        layer: LayerParameters,
        gradient: LayerParameters,
        batch: Packed,
        da: Array,
        tape: Any,
        state: State,
    ) -> Array:
        """Set the gradients of U and b, and return those of the pre-activations."""
        previous = tuple(
            _previous(getattr(tape, name), first, batch)
            for name, first in zip(self._cell.STATES, state, strict=True)
        )
        dgates, gradient.U[:] = self._cell.backward(
            layer.U, tape, da, batch.steps, previous
        )  # (N, gates x n_a)
        dgates.sum(axis=0, out=gradient.b)
        return dgates


def _previous(state: Array, first: Array, batch: Packed) -> Array:
    """Return the state before each row's step: (N, n_a)."""
    previous = state[batch.previous]
    previous[: batch.n_names] = first
    return previous
