"""Training on single names: a chunk of steps in one call, without the interpreter."""

from typing import Any, NamedTuple

import numpy as np

from engine.nn.fast.compiled.blas_functions import BlasFunctions
from engine.nn.fast.compiled.kernels import gru, lstm, rnn, softmax
from engine.nn.fast.compiled.kernels.jit import entry, loops
from engine.nn.fast.compiled.kernels.rows import add, copy, fill
from engine.nn.fast.compiled.kernels.types import Indices, Matrix, Vector
from engine.nn.fast.compiled.kernels.updates import Rule, update

RNN, GRU, LSTM = 0, 1, 2


class Weights(NamedTuple):
    """The parameters of a network of one layer, or their gradients.

    Attributes
    ----------
    flat : (n,) array
        All of the following, one after the other.
    block : (n_a + n_x + 1, gates x n_a) array
        W and, as its last row, b; see `engine.nn.cell_protocol.Cell`.
    Wya : (n_y, n_a) array
    by : (n_y,) array
    K : (n_kinds, gates x n_a) array
        What each kind adds to the pre-activations; no rows if the network is not told kinds.
    """

    flat: Vector
    block: Matrix
    Wya: Matrix
    by: Vector
    K: Matrix


class Names(NamedTuple):
    """The names of a chunk of steps.

    Attributes
    ----------
    symbols : (N,) array
        All training names, one after the other, each with its end.
    bounds : (names + 1,) array
        Where each begins, and where the last one ends.
    kinds : (names,) array
        The kind of each name; empty if the network is not told kinds.
    order : (steps,) array
        The name of each step.
    """

    symbols: Indices
    bounds: Indices
    kinds: Indices
    order: Indices


@entry
def train_names(
    blas: BlasFunctions,
    cell: int,
    weights: Weights,
    gradients: Weights,
    names: Names,
    rule: Rule,
    rates: Vector,
    k: int,
    carried: Vector,
    longest: int,
    losses: Vector,
    lost: float,
) -> int:
    """Make a step on each name, in order, until a loss is too high.

    Parameters
    ----------
    blas : BlasFunctions
    cell : int
        `RNN`, `GRU` or `LSTM`.
    weights : Weights
        Changed.
    gradients : Weights
        Overwritten.
    names : Names
    rule : Rule
        Its moments are changed.
    rates : (steps,) array
        The learning rate of each step.
    k : int
        Steps of the optimizer before.
    carried : (n_a,) array
        The state that the first name begins with, and afterwards the one that the last has left.
        Empty if every name begins with zero.
    longest : int
        Characters of the longest name, its end included.
    losses : (steps,) array
        Set to the loss of each step, in nats, before its update.
    lost : float
        A loss that is not below it ends the chunk, after its update.

    Returns
    -------
    int
        How many steps were made.
    """
    n_a = weights.Wya.shape[1]
    width = weights.block.shape[1]
    U, b, K = weights.block[:n_a], weights.block[-1], weights.K
    rows = longest + 1  # one more for the first state
    a, other, tanh_c, da = (
        np.zeros((rows, n_a)),
        np.zeros((rows, n_a)),
        np.zeros((rows, n_a)),
        np.zeros((rows, n_a)),
    )
    z, dz, d_output = (
        np.zeros((rows, width)),
        np.zeros((rows, width)),
        np.zeros((rows, len(weights.by))),
    )
    V, dU, d_biases = weights.block[n_a:-1], gradients.block[:n_a], gradients.block[n_a:]
    biases, scratch = np.empty(width), np.empty((1, n_a))
    for step in range(len(names.order)):
        name = names.order[step]
        Y = names.symbols[names.bounds[name] : names.bounds[name + 1]]
        T_x = len(Y)
        copy(biases, b)
        if len(K):
            add(biases, K[names.kinds[name]])
        if len(carried):
            copy(a[0], carried)
        _set_inputs(z, V, biases, Y)
        _forward(blas, cell, U, a, z, other, tanh_c, T_x)
        losses[step] = softmax.loss_and_gradients(
            blas, weights.Wya, weights.by, a[1:], Y, d_output, da, gradients.Wya, gradients.by
        )
        _backward(blas, cell, U, a, z, other, tanh_c, da, dz, dU, scratch, T_x)
        _sum_by_symbol(d_biases, dz, Y)
        if len(K):
            _set_row(gradients.K, names.kinds[name], d_biases[-1])
        if len(carried):
            copy(carried, a[T_x])
        update(weights.flat, gradients.flat, rule, rates[step], k + step + 1)
        if not losses[step] < lost:
            return step + 1
    return len(names.order)


@loops
def _forward(
    blas: BlasFunctions,
    cell: int,
    U: Matrix,
    a: Matrix,
    z: Matrix,
    other: Matrix,
    tanh_c: Matrix,
    T_x: int,
) -> None:
    """Call the cell's `forward`. In `other`, a GRU has r c<t-1>, and an LSTM its cell states."""
    if cell == RNN:
        rnn.forward(blas, U, a, z, T_x)
    elif cell == GRU:
        gru.forward(blas, U, a, z, other, T_x)
    else:
        lstm.forward(blas, U, a, z, other, tanh_c, T_x)


@loops
def _backward(
    blas: BlasFunctions,
    cell: int,
    U: Matrix,
    a: Matrix,
    gates: Matrix,
    other: Matrix,
    tanh_c: Matrix,
    da: Matrix,
    dz: Matrix,
    dU: Matrix,
    scratch: Matrix,
    T_x: int,
) -> None:
    """Call the cell's `backward`."""
    if cell == RNN:
        rnn.backward(blas, U, a, da, dz, dU, T_x)
    elif cell == GRU:
        gru.backward(blas, U, a, gates, other, da, dz, dU, scratch, T_x)
    else:
        lstm.backward(blas, U, a, gates, other, tanh_c, da, dz, dU, scratch[0], T_x)


@loops
def _set_row(matrix: Matrix, place: int, row: Vector) -> None:
    """Set one row of a matrix, and the others to zero."""
    for i in range(len(matrix)):
        fill(matrix[i], 0.0)
    copy(matrix[place], row)


@loops
def _set_inputs(z: Matrix, V: Matrix, b: Vector, Y: Indices) -> None:
    """Set z<t> = V x<t> + b, where x<1> = 0 and x<t> is the symbol y<t-1>."""
    copy(z[0], b)
    for t in range(1, len(Y)):
        z_t, row = z[t], V[Y[t - 1]]
        for j in range(len(b)):
            z_t[j] = row[j] + b[j]


@loops
def _sum_by_symbol(d_biases: Matrix, dz: Matrix, Y: Indices) -> None:
    """Set dV, which is dz<t> added up by the symbol x<t>, and below it db, the sum of all."""
    for i in range(len(d_biases)):
        fill(d_biases[i], 0.0)
    db = d_biases[len(d_biases) - 1]
    for t in range(len(Y)):
        dz_t = dz[t]
        for j in range(len(db)):
            db[j] += dz_t[j]
        if t:
            row = d_biases[Y[t - 1]]
            for j in range(len(db)):
                row[j] += dz_t[j]


def examples() -> list[tuple[Any, tuple[Any, ...]]]:
    """Return the functions that Python calls, each with arguments of types it is compiled for."""
    vector, matrix, indices = np.empty(0), np.empty((0, 0)), np.empty(0, np.int64)
    weights = Weights(vector, matrix, matrix, vector, matrix)
    names = Names(indices, indices, indices, indices)
    rule = Rule(0, 0, 0.0, 0.0, 0.0, vector, vector)
    arguments = (
        BlasFunctions(0, 0),
        RNN,
        weights,
        weights,
        names,
        rule,
        vector,
        0,
        vector,
        0,
        vector,
        0.0,
    )
    return [(train_names, arguments)]
