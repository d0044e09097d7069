"""What layers read: symbols, one-hot or embedded, the layer below, and the kind of the name."""

import numpy as np
from numpy.typing import NDArray

from engine.nn.packing import NO_SYMBOL, Packed
from engine.nn.parameters import Array, LayerParameters, Parameters

FEW_SYMBOLS = 128
"""Up to this many symbols, rows are summed by symbol in a product with one-hot rows."""


def embedded(parameters: Parameters, symbols: NDArray[np.intp]) -> Array | None:
    """Return the embedding of each symbol, (N, embedding); None if symbols are one-hot."""
    if parameters.E is None:
        return None
    x = parameters.E[symbols]
    x[symbols == NO_SYMBOL] = 0.0
    return x


def few_pre_activations(layer: LayerParameters, symbols: NDArray[np.intp]) -> Array:
    """Return V x + b for one-hot symbols, (m, gates x n_a), without copying all of V.

    The numbers are those of `input_pre_activations`, which is faster for the symbols of a batch.
    """
    z = layer.V[symbols]
    z[symbols == NO_SYMBOL] = 0.0
    z += layer.b
    return z


def input_pre_activations(
    layer: LayerParameters, inputs: Array | None, symbols: NDArray[np.intp]
) -> Array:
    """Return the input's share of the pre-activations, V x + b: (N, gates x n_a).

    Parameters
    ----------
    layer : LayerParameters
    inputs : (N, n_in) array or None
        x; None for one-hot symbols.
    symbols : (N,) array
        Read only where `inputs` is None: as indices, or `NO_SYMBOL` for x = 0.
    """
    if inputs is None:
        # A one-hot vector times V is a row of V. `NO_SYMBOL` is -1 and picks the last row: b alone.
        rows = np.vstack((layer.V, np.zeros_like(layer.b)))
        rows += layer.b
        return rows[symbols]
    z = inputs @ layer.V
    z += layer.b
    return z


def rows_before(layer: LayerParameters, inputs: Array | None, symbols: NDArray[np.intp]) -> Array:
    """Return [a<t-1>; x<t>; 1] of each row, where a<t-1> is still to be set.

    The parameters are those of `input_pre_activations`.

    Returns
    -------
    (N, n_a + n_in + 1) array
    """
    n_a = layer.n_a
    before = np.empty((len(symbols), len(layer.block)), layer.b.dtype)
    if inputs is None:
        before[:, n_a:] = 0.0
        # That of `NO_SYMBOL`, -1, is a column of a<t-1>, which is still to be set.
        before[np.arange(len(symbols)), n_a + symbols] = 1.0
    else:
        before[:, n_a:-1] = inputs
    before[:, -1] = 1.0
    return before


def add_kinds(z: Array, K: Array, batch: Packed) -> None:
    """Add what its name's kind adds to each row of pre-activations (N, gates x n_a), in place."""
    assert batch.kinds is not None  # a network that is told kinds reads names of kinds
    of_names = K[batch.kinds]  # (m, gates x n_a)
    for rows in batch.steps:
        z[rows] += of_names[: rows.stop - rows.start]


def sum_kinds(into: Array, dgates: Array, batch: Packed) -> None:
    """Set the rows of `into` (n_kinds, gates x n_a) to the sums of the rows of names by kind."""
    assert batch.kinds is not None
    of_names = dgates[batch.steps[0]].copy()  # (m, gates x n_a)
    for rows in batch.steps[1:]:
        of_names[: rows.stop - rows.start] += dgates[rows]
    sum_rows(into, batch.kinds, of_names)


def sum_rows(into: Array, symbols: NDArray[np.intp], rows: Array) -> None:
    """Set each row of `into` (n_symbols, k) to the sum of the rows (N, k) with its symbol."""
    if len(into) <= FEW_SYMBOLS:
        # The product does n_symbols times the arithmetic, in a third of the time.
        one_hot = np.zeros((len(symbols), len(into) + 1), rows.dtype)  # the last is for NO_SYMBOL
        one_hot[np.arange(len(symbols)), symbols] = 1.0
        np.dot(one_hot[:, :-1].T, rows, out=into)
        return
    into[:] = 0.0
    order = np.argsort(symbols, kind="stable")
    order = order[np.searchsorted(symbols[order], 0) :]  # without those of NO_SYMBOL
    if order.size:
        read = symbols[order]
        begins = np.flatnonzero(np.diff(read, prepend=NO_SYMBOL))
        into[read[begins]] = np.add.reduceat(rows[order], begins, axis=0)
