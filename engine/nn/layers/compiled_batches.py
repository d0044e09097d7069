"""Batches by compiled kernels: all steps of a layer in one call, for each direction.

Nothing of a call needs the interpreter, so that two halves of a batch can be computed side by side.
A cell that has no kernels takes NumPy's way.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.nn.fast.compiled.blas_functions import blas_functions
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


def _weights_back(layer: LayerParameters, batch: Packed) -> tuple[Array, Array]:
    """Return U and a copy of U^T, with which many rows are quicker; not of a single name."""
    U = layer.U
    return U, U.T.copy() if batch.n_names > 1 else np.empty(U.T.shape, U.dtype)


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
        (a0,) = state
        x, before = _joined_x(layer, inputs, batch), _joined(a0, inputs, batch)
        W, a = layer.W[: before.shape[1]], np.empty((len(batch), a0.shape[1]), a0.dtype)
        _kernels().rnn_forward(blas_functions(a.dtype), x, W, a, before, batch.bounds)
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
        dz, product = np.empty_like(da), np.zeros_like(state[0])
        totals, symbols = _totals(layer, inputs, batch)
        weights, rows = _weights_back(layer, batch), (tape.a, da, product, dz)
        _kernels().rnn_backward(
            *(blas_functions(dz.dtype), *weights, *rows, totals, symbols, batch.bounds)
        )
        np.dot(tape.before.T, dz, gradient.W[: tape.before.shape[1]])  # (n_a or n_a + n_in, n_a)
        _set_totals(gradient, inputs, batch, dz, totals)
        return None if inputs is None else dz @ layer.V.T  # (N, n_in)


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
        (a0, c0), dtype = state, layer.b.dtype
        x, before = _joined_x(layer, inputs, batch), _joined(a0, inputs, batch)
        W = layer.W[: before.shape[1]]
        a, c = (np.empty((len(batch), a0.shape[1]), dtype) for _ in range(2))
        gates = np.empty((len(batch), len(layer.b)), dtype)
        arrays = W, gates, c0, c, a, before, batch.bounds
        _kernels().lstm_forward(blas_functions(dtype), x, *arrays)
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
        (_, c0), dz, (totals, symbols) = state, tape.gates, _totals(layer, inputs, batch)
        product, dc = np.zeros_like(c0), np.zeros_like(c0)
        weights, rows = _weights_back(layer, batch), (dz, c0, tape.c, da, product, dc)
        _kernels().lstm_backward(
            *(blas_functions(dz.dtype), *weights, *rows, totals, symbols, batch.bounds)
        )
        np.dot(tape.before.T, dz, gradient.W[: tape.before.shape[1]])  # (n_a or n_a + n_in, 4 n_a)
        _set_totals(gradient, inputs, batch, dz, totals)
        return None if inputs is None else dz @ layer.V.T  # (N, n_in)


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
        (c0,) = state
        x = _x(layer, batch, None if inputs is None else inputs @ layer.V)
        before = _joined(c0, None, batch)
        c, reset = np.empty_like(before), np.empty_like(before)
        gates = np.empty((len(batch), len(layer.b)), c.dtype)
        arrays = layer.U, gates, before, reset, c, batch.bounds
        _kernels().gru_forward(blas_functions(c.dtype), x, *arrays)
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
        before, dz, n = tape.before, tape.gates, layer.n_a
        totals, symbols = _totals(layer, inputs, batch)
        product, d_reset, dc = (np.zeros_like(state[0]) for _ in range(3))
        weights, rows = _weights_back(layer, batch), (dz, before, da, product, d_reset, dc)
        _kernels().gru_backward(
            *(blas_functions(dz.dtype), *weights, *rows, totals, symbols, batch.bounds)
        )
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
