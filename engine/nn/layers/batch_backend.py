"""What computes the parts of a batch's step: a cell's pass, and the softmax layer.

`NUMPY` computes them with the functions of the cells. `engine.nn.fast.compiled` has another
`BatchBackend`, whose sums have another order: the two differ in the last bits.
"""

from collections.abc import Callable
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from engine.nn.cell_protocol import Cell
from engine.nn.cells import CELLS
from engine.nn.fast.gate_blocks import has_many_rows
from engine.nn.layers.inputs import (
    FEW_SYMBOLS,
    add_kinds,
    input_pre_activations,
    rows_before,
    sum_kinds,
    sum_rows,
)
from engine.nn.packing import Packed
from engine.nn.parameters import Array, LayerParameters

State = tuple[Array, ...]
"""The state of a layer: (m, n_a) arrays, in the order of its cell's `STATES`."""


class CellPass(Protocol):
    """Forward and backward pass of one cell over a batch, from left to right."""

    def forward(
        self, layer: LayerParameters, inputs: Array | None, batch: Packed, state: State
    ) -> Any:
        """Compute all steps.

        Parameters
        ----------
        layer : LayerParameters
        inputs : (N, n_in) array or None
            x; None for one-hot symbols, which are those of the batch.
        batch : Packed
        state : State
            The initial one.

        Returns
        -------
        dataclass
            The cell's tape; see `engine.nn.cell_protocol.Cell.forward`.
        """
        ...

    def backward(
        self,
        layer: LayerParameters,
        gradient: LayerParameters,
        inputs: Array | None,
        batch: Packed,
        state: State,
        tape: Any,
        da: Array,
    ) -> Array | None:
        """Set the gradients of the layer's parameters.

        Parameters
        ----------
        layer, inputs, batch, state
            As in `forward`.
        gradient : LayerParameters
            Written to.
        tape : dataclass
            As `forward` returned it. It may be overwritten.
        da : (N, n_a) array
            dL/da through the outputs alone. Overwritten.

        Returns
        -------
        (N, n_in) array or None
            dL/dx; None for one-hot symbols.
        """
        ...


class BatchBackend(Protocol):
    """What computes the parts of a batch's step."""

    def cell_pass(self, cell: str) -> CellPass:
        """Return what computes a cell, by its name in `engine.nn.cells.CELLS`."""
        ...

    def softmax_loss(self, z: Array, by: Array, targets: NDArray[np.intp]) -> float:
        """Compute the loss of a softmax layer, and the gradient of its logits.

        Parameters
        ----------
        z : (n, n_y) array
            Wya a. Overwritten with dL/dz = y_hat - y.
        by : (n_y,) array
        targets : (n,) array
            y, as indices of the output.

        Returns
        -------
        float
            The loss, in nats: the sum over the rows.
        """
        ...


class _NumpyPass:
    """A cell's own functions, `Cell.forward` and `Cell.backward`."""

    def __init__(self, cell: Cell) -> None:
        self._cell = cell

    def forward(
        self, layer: LayerParameters, inputs: Array | None, batch: Packed, state: State
    ) -> Any:
        if inputs is None or not self._cell.JOINS_INPUT:
            z = input_pre_activations(layer, inputs, batch.inputs)  # (N, gates x n_a)
            if layer.K is not None:
                add_kinds(z, layer.K, batch)
            return self._cell.forward(layer.U, z, batch.steps, state)
        before, of_kinds = rows_before(layer, inputs, batch.inputs), None
        if layer.K is not None:
            of_kinds = np.zeros((len(batch), len(layer.b)), layer.b.dtype)
            add_kinds(of_kinds, layer.K, batch)
        joined: Callable[..., Any] = self._cell.forward  # it takes `before`
        return joined(layer.block, of_kinds, batch.steps, state, before=before)

    def backward(
        self,
        layer: LayerParameters,
        gradient: LayerParameters,
        inputs: Array | None,
        batch: Packed,
        state: State,
        tape: Any,
        da: Array,
    ) -> Array | None:
        cell, joins = self._cell, self._cell.JOINS_INPUT
        previous = [
            tape.before
            if name == "a" and joins and tape.before is not None
            else _states_before(getattr(tape, name), first, batch)
            for name, first in zip(cell.STATES, state, strict=True)
        ]
        if joins and inputs is None and _is_quicker_joined(layer, batch):
            before = rows_before(layer, None, batch.inputs)  # (N, n_a + n_in + 1)
            before[:, : layer.n_a] = previous[0]
            previous[0] = before
        dz, dW = cell.backward(
            layer.U, tape, da, batch.steps, tuple(previous)
        )  # (N, gates x n_a) and (n_a or n_a + n_in + 1, gates x n_a)
        width = len(dW)
        gradient.block[:width] = dW
        if gradient.K is not None:
            sum_kinds(gradient.K, dz, batch)
        if width == layer.n_a:
            dz.sum(axis=0, out=gradient.b)
            if inputs is None:
                sum_rows(gradient.V, batch.inputs, dz)
            else:
                np.dot(inputs.T, dz, out=gradient.V)  # (n_in, gates x n_a)
        return None if inputs is None else dz @ layer.V.T  # (N, n_in)


def _is_quicker_joined(layer: LayerParameters, batch: Packed) -> bool:
    """Whether one product is quicker than three for the gradients of U, b and one-hot V."""
    return len(layer.V) <= FEW_SYMBOLS and has_many_rows(batch.steps)


class _NumpyBatches:
    """Batches by NumPy alone."""

    def cell_pass(self, cell: str) -> CellPass:
        return _NumpyPass(CELLS[cell])

    def softmax_loss(self, z: Array, by: Array, targets: NDArray[np.intp]) -> float:
        z += by
        loss = softmax(z, targets)
        z[np.arange(len(z)), targets] -= 1.0
        return loss


NUMPY: BatchBackend = _NumpyBatches()


def _states_before(state: Array, first: Array, batch: Packed) -> Array:
    """Return the state before each row's step: (N, n_a)."""
    previous = state[batch.previous]
    previous[: batch.n_names] = first
    return previous


def softmax(z: Array, targets: NDArray[np.intp]) -> float:
    """Return the loss of logits (n, n_y), in nats, and put the probabilities in their place."""
    z -= z.max(axis=1, keepdims=True)
    at_target = z[np.arange(len(z)), targets]
    y_hat = np.exp(z, z)
    sums = y_hat.sum(axis=1)
    y_hat /= sums[:, None]
    return float((np.log(sums) - at_target).sum(dtype=np.float64))
