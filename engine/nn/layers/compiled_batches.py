"""Batches by compiled kernels: the element-wise passes are theirs, the products NumPy's.

A step of a batch is one product and one kernel; both let go of the interpreter's lock, so that two
halves of a batch can be computed side by side. A cell that has no kernels takes NumPy's way.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.nn.cells import gru, lstm, rnn
from engine.nn.layers.batch_backend import NUMPY, CellPass, State, states_before
from engine.nn.layers.inputs import add_kinds, sum_kinds
from engine.nn.packing import Packed
from engine.nn.parameters import Array, LayerParameters

_NONE = np.empty(0, np.intp)


class CompiledBatches:
    """The `BatchBackend` of compiled kernels.

    Parameters
    ----------
    kernels : module
        `engine.nn.fast.compiled.kernels.batches`.
    """

    def __init__(self, kernels: Any) -> None:
        self._kernels = kernels
        self._passes = {"rnn": _RNNPass, "gru": _GRUPass, "lstm": _LSTMPass}

    def cell_pass(self, cell: str) -> CellPass:
        """Return what computes a cell."""
        found = self._passes.get(cell)
        return NUMPY.cell_pass(cell) if found is None else found(self._kernels)

    def softmax_loss(self, z: Array, by: Array, targets: NDArray[np.intp]) -> float:
        """Compute the loss, and the gradient of the logits; see `BatchBackend.softmax_loss`."""
        return float(self._kernels.softmax_loss(z, by, targets))


class _CompiledPass:
    """What the cells have in common."""

    def __init__(self, kernels: Any) -> None:
        self._kernels = kernels

    def _input(self, layer: LayerParameters, inputs: Array | None, batch: Packed) -> tuple[Any, Array]:
        """Return what `add_input` needs, and an array for the gates, (N, gates x n_a)."""
        gates = np.empty((len(batch), len(layer.b)), layer.b.dtype)
        if inputs is None and layer.K is None:
            return self._kernels.Input(layer.b, layer.V, batch.inputs), gates
        if inputs is None:
            np.take(np.vstack((layer.V, np.zeros_like(layer.b))), batch.inputs, 0, gates, "wrap")
        else:
            np.dot(inputs, layer.V, out=gates)
        if layer.K is not None:
            add_kinds(gates, layer.K, batch)
        return self._kernels.Input(layer.b, gates, _NONE), gates

    def _totals(self, layer: LayerParameters, inputs: Array | None, batch: Packed) -> tuple[Array, NDArray[np.intp]]:
        """Return what the rows' gradients are added up in, and which row is added to which sum."""
        if inputs is None:
            return np.zeros((len(layer.V) + 1, len(layer.b)), layer.b.dtype), batch.inputs
        return np.zeros((1, len(layer.b)), layer.b.dtype), _NONE

    def _set_gradients(
        self,
        gradient: LayerParameters,
        inputs: Array | None,
        batch: Packed,
        dz: Array,
        totals: Array,
    ) -> None:
        """Set the gradients of V, b and K."""
        totals.sum(axis=0, out=gradient.b)
        if inputs is None:
            gradient.V[:] = totals[:-1]
        else:
            np.dot(inputs.T, dz, out=gradient.V)  # (n_in, gates x n_a)
        if gradient.K is not None:
            sum_kinds(gradient.K, dz, batch)


class _RNNPass(_CompiledPass):
    """The tanh cell: a<t> = tanh(z<t>)."""

    def forward(
        self, layer: LayerParameters, inputs: Array | None, batch: Packed, state: State
    ) -> rnn.Tape:
        (a0,), kernel = state, self._kernels.rnn_forward
        x, a = self._input(layer, inputs, batch)
        product, a_prev = np.empty_like(a0), a0
        for rows in batch.steps:
            m = rows.stop - rows.start
            np.dot(a_prev[:m], layer.U, product[:m])  # (m, n_a)
            kernel(x, product, a, rows.start, rows.stop)
            a_prev = a[rows]
        return rnn.Tape(a)

    def backward(
        self,
        layer: LayerParameters,
        gradient: LayerParameters,
        inputs: Array | None,
        batch: Packed,
        state: State,
        tape: rnn.Tape,
        da: Array,
    ) -> Array:
        kernel, (a0,) = self._kernels.rnn_backward, state
        totals, symbols = self._totals(layer, inputs, batch)
        U_T, product, dz = layer.U.T.copy(), np.zeros_like(a0), np.empty_like(da)
        for rows in reversed(batch.steps):
            kernel(tape.a, da, product, dz, totals, symbols, rows.start, rows.stop)
            np.dot(dz[rows], U_T, product[: rows.stop - rows.start])  # (m, n_a)
        np.dot(states_before(tape.a, a0, batch).T, dz, gradient.U)  # (n_a, n_a)
        self._set_gradients(gradient, inputs, batch, dz, totals)
        return dz


class _LSTMPass(_CompiledPass):
    """The LSTM: c<t> = f c<t-1> + i c~, a<t> = o tanh(c<t>)."""

    def forward(
        self, layer: LayerParameters, inputs: Array | None, batch: Packed, state: State
    ) -> lstm.Tape:
        (a_prev, c0), kernel = state, self._kernels.lstm_forward
        x, gates = self._input(layer, inputs, batch)
        a, c, tanh_c = (np.empty((len(batch), layer.n_a), gates.dtype) for _ in range(3))
        product, before = np.empty((len(c0), gates.shape[1]), gates.dtype), -1
        for rows in batch.steps:
            m = rows.stop - rows.start
            np.dot(a_prev[:m], layer.U, product[:m])  # (m, 4 n_a)
            kernel(x, product, gates, c0, c, tanh_c, a, rows.start, rows.stop, before)
            a_prev, before = a[rows], rows.start
        return lstm.Tape(a, c, tanh_c, gates)

    def backward(
        self,
        layer: LayerParameters,
        gradient: LayerParameters,
        inputs: Array | None,
        batch: Packed,
        state: State,
        tape: lstm.Tape,
        da: Array,
    ) -> Array:
        kernel, (a0, c0), dz = self._kernels.lstm_backward, state, tape.gates
        totals, symbols = self._totals(layer, inputs, batch)
        U_T, product, dc = layer.U.T.copy(), np.zeros_like(a0), np.zeros_like(c0)
        arrays = dz, c0, tape.c, tape.tanh_c, da, product, dc, totals, symbols
        for rows, before in _backwards(batch.steps):
            kernel(*arrays, rows.start, rows.stop, before)
            np.dot(dz[rows], U_T, product[: rows.stop - rows.start])  # (m, n_a)
        np.dot(states_before(tape.a, a0, batch).T, dz, gradient.U)  # (n_a, 4 n_a)
        self._set_gradients(gradient, inputs, batch, dz, totals)
        return dz


class _GRUPass(_CompiledPass):
    """The GRU: c<t> = u c~ + (1 - u) c<t-1>."""

    def forward(
        self, layer: LayerParameters, inputs: Array | None, batch: Packed, state: State
    ) -> gru.Tape:
        (c0,), n, kernels = state, layer.n_a, self._kernels
        x, gates = self._input(layer, inputs, batch)
        c, reset = (np.empty((len(batch), n), gates.dtype) for _ in range(2))
        of_gates, of_state = (np.empty((len(c0), k * n), gates.dtype) for k in (2, 1))
        U_ur, U_c = layer.U[:, : 2 * n], layer.U[:, 2 * n :]
        c_prev, before = c0, -1
        for rows in batch.steps:
            m, places = rows.stop - rows.start, (rows.start, rows.stop, before)
            np.dot(c_prev[:m], U_ur, of_gates[:m])  # (m, 2 n_a)
            kernels.gru_forward_gates(x, of_gates, gates, c0, c, reset, *places)
            np.dot(reset[rows], U_c, of_state[:m])  # (m, n_a)
            kernels.gru_forward_state(x, of_state, gates, c0, c, *places)
            c_prev, before = c[rows], rows.start
        return gru.Tape(c, gates, reset)

    def backward(
        self,
        layer: LayerParameters,
        gradient: LayerParameters,
        inputs: Array | None,
        batch: Packed,
        state: State,
        tape: gru.Tape,
        da: Array,
    ) -> Array:
        (c0,), n, kernels, c, dz = state, layer.n_a, self._kernels, tape.a, tape.gates
        totals, symbols = self._totals(layer, inputs, batch)
        U_T = layer.U.T.copy()
        product, d_reset, dc = (np.zeros_like(c0) for _ in range(3))
        for rows, before in _backwards(batch.steps):
            m, places = rows.stop - rows.start, (rows.start, rows.stop, before)
            kernels.gru_backward_state(dz, c0, c, da, product, dc, *places)
            np.dot(dz[rows, 2 * n :], U_T[2 * n :], d_reset[:m])  # (m, n_a)
            kernels.gru_backward_gates(dz, c0, c, d_reset, dc, totals, symbols, *places)
            np.dot(dz[rows, : 2 * n], U_T[: 2 * n], product[:m])  # (m, n_a)
        c_prev = states_before(c, c0, batch)
        gradient.U[:, : 2 * n] = c_prev.T @ dz[:, : 2 * n]  # (n_a, 2 n_a)
        gradient.U[:, 2 * n :] = tape.reset.T @ dz[:, 2 * n :]  # (n_a, n_a)
        self._set_gradients(gradient, inputs, batch, dz, totals)
        return dz


def _backwards(steps: tuple[slice, ...]) -> list[tuple[slice, int]]:
    """Return each step, from the last to the first, and where the one before it begins."""
    befores = [-1, *(rows.start for rows in steps[:-1])]
    return list(zip(steps, befores, strict=True))[::-1]
