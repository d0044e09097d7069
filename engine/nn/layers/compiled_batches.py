"""Batches by compiled kernels: the element-wise passes are theirs, the products NumPy's.

A step of a batch is one product and one kernel; both let go of the interpreter's lock, so that two
halves of a batch can be computed side by side. A cell that has no kernels takes NumPy's way.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.nn.fast.compiled.kernel_store import load_kernels
from engine.nn.layers.batch_backend import NUMPY, CellPass, State
from engine.nn.layers.inputs import add_kinds, sum_kinds
from engine.nn.packing import NO_SYMBOL, Packed
from engine.nn.parameters import Array, LayerParameters


class CompiledBatches:
    """The `BatchBackend` of compiled kernels.

    The kernels are loaded when they are first needed. All that computes raises
    `engine.nn.fast.compiled.kernel_store.KernelsNotReadyError` if they are not compiled.
    """

    def cell_pass(self, cell: str) -> CellPass:
        """Return what computes a cell."""
        found = _PASSES.get(cell)
        return NUMPY.cell_pass(cell) if found is None else found()

    def softmax_loss(self, z: Array, by: Array, targets: NDArray[np.intp]) -> float:
        """Compute the loss, and the gradient of the logits; see `BatchBackend.softmax_loss`."""
        return float(_kernels().softmax_loss(z, by, targets))


def _kernels() -> Any:
    return load_kernels().batches


def _x(layer: LayerParameters, batch: Packed, share: Array | None) -> Any:
    """Return what is added to the products: V x, or each row's `share`; and what kinds add."""
    if share is None and layer.K is None:
        return _kernels().Input(layer.b, layer.V, batch.inputs)
    if share is None:  # a symbol of -1, none, picks the last row
        share = np.vstack((layer.V, np.zeros_like(layer.b)))[batch.inputs]
    if layer.K is not None:
        add_kinds(share, layer.K, batch)
    return _kernels().Input(layer.b, share, np.arange(len(batch)))


def _joined_x(layer: LayerParameters, inputs: Array | None, batch: Packed) -> Any:
    """Return what is added to products with W, which hold V x in a layer above another."""
    if inputs is None:
        return _x(layer, batch, None)
    if layer.K is None:
        return _kernels().Input(layer.b, layer.V, _no_symbols(batch))
    return _x(layer, batch, np.zeros((len(batch), len(layer.b)), layer.b.dtype))


def _no_symbols(batch: Packed) -> NDArray[np.intp]:
    return np.full(len(batch), NO_SYMBOL)


def _joined(first: Array, inputs: Array | None, batch: Packed) -> Array:
    """Return [a<t-1>; x<t>] of each row, or a<t-1> alone; so far that of the first step."""
    m, n_a = first.shape
    if inputs is None:
        before = np.empty((len(batch), n_a), first.dtype)
        before[:m] = first
        return before
    before = np.empty((len(batch), n_a + inputs.shape[1]), first.dtype)
    before[:m, :n_a] = first
    before[:, n_a:] = inputs
    return before


def _totals(
    layer: LayerParameters, inputs: Array | None, batch: Packed
) -> tuple[Array, NDArray[np.intp]]:
    """Return sums for the gradients of the rows, and which one each row is added to."""
    if inputs is None:
        return np.zeros((len(layer.V) + 1, len(layer.b)), layer.b.dtype), batch.inputs
    return np.zeros((1, len(layer.b)), layer.b.dtype), _no_symbols(batch)


def _set_totals(
    gradient: LayerParameters, inputs: Array | None, batch: Packed, dz: Array, totals: Array
) -> None:
    """Set the gradients that are sums over the rows: those of b, of K, and of V if one-hot."""
    totals.sum(axis=0, out=gradient.b)
    if inputs is None:
        gradient.V[:] = totals[:-1]
    if gradient.K is not None:
        sum_kinds(gradient.K, dz, batch)


@dataclass
class _RNNTape:
    """What the backward pass needs: a (N, n_a), and before (N, n_a or n_a + n_in)."""

    a: Array
    before: Array


class _RNNPass:
    """The tanh cell: a<t> = tanh(z<t>)."""

    def forward(
        self, layer: LayerParameters, inputs: Array | None, batch: Packed, state: State
    ) -> _RNNTape:
        (a0,), kernel = state, _kernels().rnn_forward
        x, before = _joined_x(layer, inputs, batch), _joined(a0, inputs, batch)
        W, a = layer.W[: before.shape[1]], np.empty((len(batch), a0.shape[1]), a0.dtype)
        for rows, following, _ in batch.places:
            np.dot(before[rows], W, a[rows])  # (m, n_a)
            kernel(x, a, before, rows.start, rows.stop, following)
        return _RNNTape(a, before)

    def backward(
        self,
        layer: LayerParameters,
        gradient: LayerParameters,
        inputs: Array | None,
        batch: Packed,
        state: State,
        tape: _RNNTape,
        da: Array,
    ) -> Array | None:
        kernel, back = _kernels().rnn_backward, _Back(layer, inputs, state, tape.before)
        (totals, symbols), dz = _totals(layer, inputs, batch), np.empty_like(da)
        for rows in reversed(batch.steps):
            kernel(tape.a, da, back.product, dz, totals, symbols, rows.start, rows.stop)
            back.step(dz, rows)
        np.dot(tape.before.T, dz, gradient.W[: tape.before.shape[1]])  # (n_a or n_a + n_in, n_a)
        _set_totals(gradient, inputs, batch, dz, totals)
        return back.dx


@dataclass
class _LSTMTape:
    """What the backward pass needs: (N, n_a) arrays, gates (N, 4 n_a), before as in `_RNNTape`."""

    a: Array
    c: Array
    gates: Array
    before: Array


class _LSTMPass:
    """The LSTM: c<t> = f c<t-1> + i c~, a<t> = o tanh(c<t>)."""

    def forward(
        self, layer: LayerParameters, inputs: Array | None, batch: Packed, state: State
    ) -> _LSTMTape:
        (a0, c0), kernel, dtype = state, _kernels().lstm_forward, layer.b.dtype
        x, before = _joined_x(layer, inputs, batch), _joined(a0, inputs, batch)
        W = layer.W[: before.shape[1]]
        a, c = (np.empty((len(batch), a0.shape[1]), dtype) for _ in range(2))
        gates = np.empty((len(batch), len(layer.b)), dtype)
        for rows, following, last in batch.places:
            np.dot(before[rows], W, gates[rows])  # (m, 4 n_a)
            places = rows.start, rows.stop, following, last
            kernel(x, gates, c0, c, a, before, *places)
        return _LSTMTape(a, c, gates, before)

    def backward(
        self,
        layer: LayerParameters,
        gradient: LayerParameters,
        inputs: Array | None,
        batch: Packed,
        state: State,
        tape: _LSTMTape,
        da: Array,
    ) -> Array | None:
        kernel, back = _kernels().lstm_backward, _Back(layer, inputs, state, tape.before)
        (_, c0), dz, (totals, symbols) = state, tape.gates, _totals(layer, inputs, batch)
        dc = np.zeros_like(c0)
        arrays = dz, c0, tape.c, da, back.product, dc, totals, symbols
        for rows, _, last in reversed(batch.places):
            kernel(*arrays, rows.start, rows.stop, last)
            back.step(dz, rows)
        np.dot(tape.before.T, dz, gradient.W[: tape.before.shape[1]])  # (n_a or n_a + n_in, 4 n_a)
        _set_totals(gradient, inputs, batch, dz, totals)
        return back.dx


class _Back:
    """The products of a backward pass: each step's gradient with the transposed weights.

    Attributes
    ----------
    product : (m, n_a or n_a + n_in) array
        W^T dz of the latest step; zero for names that had not such a step.
    dx : (N, n_in) array or None
        dL/d(input); None for one-hot symbols.
    """

    def __init__(
        self, layer: LayerParameters, inputs: Array | None, state: State, before: Array
    ) -> None:
        width, self._n_a = before.shape[1], state[0].shape[1]
        self._W_T = layer.W[:width].T.copy()  # a product with contiguous rows is quicker
        self.product = np.zeros((len(state[0]), width), before.dtype)
        self.dx = None if inputs is None else np.empty_like(inputs)

    def step(self, dz: Array, rows: slice) -> None:
        """Go back through a step whose gradient dz (N, gates x n_a) is set."""
        product = np.dot(dz[rows], self._W_T, self.product[: rows.stop - rows.start])
        if self.dx is not None:
            self.dx[rows] = product[:, self._n_a :]  # (m, n_in)


@dataclass
class _GRUTape:
    """What the backward pass needs: (N, n_a) arrays, and gates (N, 3 n_a)."""

    a: Array
    gates: Array
    reset: Array
    before: Array


class _GRUPass:
    """The GRU: c<t> = u c~ + (1 - u) c<t-1>."""

    def forward(
        self, layer: LayerParameters, inputs: Array | None, batch: Packed, state: State
    ) -> _GRUTape:
        (c0,), kernels, n = state, _kernels(), layer.b.size // 3
        x = _x(layer, batch, None if inputs is None else inputs @ layer.V)
        before = _joined(c0, None, batch)
        c, reset = np.empty_like(before), np.empty_like(before)
        gates = np.empty((len(batch), 3 * n), c.dtype)
        of_gates, of_state = np.empty((len(c0), 2 * n), c.dtype), np.empty_like(c0)
        U = layer.U
        U_ur, U_c = U[:, : 2 * n], U[:, 2 * n :]
        for rows, following, _ in batch.places:
            begin, end = rows.start, rows.stop
            np.dot(before[rows], U_ur, of_gates[: end - begin])  # (m, 2 n_a)
            kernels.gru_forward_gates(x, of_gates, gates, before, reset, begin, end)
            np.dot(reset[rows], U_c, of_state[: end - begin])  # (m, n_a)
            kernels.gru_forward_state(x, of_state, gates, before, c, begin, end, following)
        return _GRUTape(c, gates, reset, before)

    def backward(
        self,
        layer: LayerParameters,
        gradient: LayerParameters,
        inputs: Array | None,
        batch: Packed,
        state: State,
        tape: _GRUTape,
        da: Array,
    ) -> Array | None:
        kernels, before, dz, n = _kernels(), tape.before, tape.gates, layer.b.size // 3
        totals, symbols = _totals(layer, inputs, batch)
        U_T = layer.U.T.copy()  # a product with contiguous rows is quicker
        product, d_reset, dc = (np.zeros_like(state[0]) for _ in range(3))
        for rows in reversed(batch.steps):
            begin, end = rows.start, rows.stop
            kernels.gru_backward_state(dz, before, da, product, dc, begin, end)
            np.dot(dz[rows, 2 * n :], U_T[2 * n :], d_reset[: end - begin])  # (m, n_a)
            kernels.gru_backward_gates(dz, before, d_reset, dc, totals, symbols, begin, end)
            np.dot(dz[rows, : 2 * n], U_T[: 2 * n], product[: end - begin])  # (m, n_a)
        dU = gradient.U
        dU[:, : 2 * n] = before.T @ dz[:, : 2 * n]
        dU[:, 2 * n :] = tape.reset.T @ dz[:, 2 * n :]
        _set_totals(gradient, inputs, batch, dz, totals)
        if inputs is None:
            return None
        np.dot(inputs.T, dz, out=gradient.V)  # (n_in, 3 n_a)
        return dz @ layer.V.T  # (N, n_in)


_PASSES: dict[str, type[CellPass]] = {"rnn": _RNNPass, "gru": _GRUPass, "lstm": _LSTMPass}
"""What computes a cell, by its name in `engine.nn.cells.CELLS`."""
