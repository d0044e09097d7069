"""The tanh cell on a batch: a<t> = tanh(z<t>)."""

from engine.nn.fast.compiled.blas_functions import BlasFunctions
from engine.nn.fast.compiled.kernels.batches.steps import (
    Input,
    add_input,
    add_to_totals,
    end_of_next,
    set_before,
)
from engine.nn.fast.compiled.kernels.blas import set_product, set_product_back
from engine.nn.fast.compiled.kernels.jit import loops, uncounted_entry
from engine.nn.fast.compiled.kernels.rows import apply_tanh
from engine.nn.fast.compiled.kernels.types import Indices, Matrix, Vector


@uncounted_entry
def rnn_forward(
    blas: BlasFunctions, x: Input, W: Matrix, a: Matrix, before: Matrix, bounds: Indices
) -> None:
    """Set a<t> = tanh(z<t>) at all steps.

    Parameters
    ----------
    blas : BlasFunctions
        See `engine.nn.fast.compiled.blas_functions`.
    x : Input
    W : (n_a or n_a + n_in, n_a) array
    a : (N, n_a) array
        Overwritten.
    before : (N, n_a or n_a + n_in) array
        a<t-1>, set at the first step, and the layer's input beside it.
    bounds : (T + 1,) array
        Where each step begins, and where the last one ends.
    """
    for t in range(len(bounds) - 1):
        begin, end, following = bounds[t], bounds[t + 1], end_of_next(bounds, t)
        set_product(blas, before[begin:end], W, a[begin:end])
        for row in range(begin, end):
            add_input(a[row], x, row, 0)
            apply_tanh(a[row])
            set_before(before, row - begin + end, following, a[row])


@uncounted_entry
def rnn_backward(
    blas: BlasFunctions,
    U: Matrix,
    U_T: Matrix,
    a: Matrix,
    da: Matrix,
    product: Matrix,
    dz: Matrix,
    totals: Matrix,
    symbols: Indices,
    bounds: Indices,
) -> None:
    """Set dz<t> = (1 - a<t>^2) (da<t> + U^T dz<t+1>) at all steps.

    Parameters
    ----------
    blas, bounds
        As in `rnn_forward`.
    U : (n_a, n_a) array
        Waa^T.
    U_T : (n_a, n_a) array
        See `set_product_back`.
    a, da, dz : (N, n_a) arrays
    product : (m, n_a) array
        Zero. Overwritten.
    totals, symbols
        See `add_to_totals`.
    """
    for t in range(len(bounds) - 2, -1, -1):
        begin, end = bounds[t], bounds[t + 1]
        for row in range(begin, end):
            _set_gradients(a[row], da[row], product[row - begin], dz[row])
            add_to_totals(totals, symbols, row, dz[row])
        if t:
            set_product_back(blas, dz[begin:end], U, U_T, product[: end - begin])


@loops
def _set_gradients(a: Vector, da: Vector, product: Vector, dz: Vector) -> None:
    one = a.dtype.type(1)
    for j in range(len(a)):
        dz[j] = (da[j] + product[j]) * (one - a[j] * a[j])
