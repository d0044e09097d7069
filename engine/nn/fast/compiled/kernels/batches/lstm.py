"""The LSTM on a batch: c<t> = f c<t-1> + i c~, a<t> = o tanh(c<t>)."""

from engine.nn.fast.compiled.blas_functions import BlasFunctions
from engine.nn.fast.compiled.kernels.batches.steps import (
    Input,
    add_input,
    add_to_totals,
    end_of_next,
    set_before,
)
from engine.nn.fast.compiled.kernels.blas import set_product, set_product_back
from engine.nn.fast.compiled.kernels.functions import tanh
from engine.nn.fast.compiled.kernels.jit import loops, uncounted_entry
from engine.nn.fast.compiled.kernels.rows import apply_sigmoid, apply_tanh
from engine.nn.fast.compiled.kernels.types import Indices, Matrix, Vector


@uncounted_entry
def lstm_forward(
    blas: BlasFunctions,
    x: Input,
    W: Matrix,
    gates: Matrix,
    c0: Matrix,
    c: Matrix,
    a: Matrix,
    before: Matrix,
    bounds: Indices,
) -> None:
    """Set the gates, c<t> = f c<t-1> + i c~ and a<t> = o tanh(c<t>) of all steps.

    Parameters
    ----------
    blas : BlasFunctions
        See `engine.nn.fast.compiled.blas_functions`.
    x : Input
    W : (n_a or n_a + n_in, 4 n_a) array
    gates : (N, 4 n_a) array
        In the order c~, f, i, o. Overwritten.
    c0 : (m, n_a) array
        c<0>.
    c, a : (N, n_a) arrays
        Overwritten.
    before : (N, n_a or n_a + n_in) array
        a<t-1>, set at the first step, and the layer's input beside it.
    bounds : (T + 1,) array
        Where each step begins, and where the last one ends.
    """
    n = c.shape[1]
    for t in range(len(bounds) - 1):
        begin, end, following = bounds[t], bounds[t + 1], end_of_next(bounds, t)
        set_product(blas, before[begin:end], W, gates[begin:end])
        c_before, first = (c, bounds[t - 1]) if t else (c0, 0)
        for row in range(begin, end):
            g, c_prev = gates[row], c_before[first + row - begin]
            add_input(g, x, row, 0)
            apply_tanh(g[:n])
            apply_sigmoid(g[n:])
            _set_states(g[:n], g[n : 2 * n], g[2 * n : 3 * n], g[3 * n :], c_prev, c[row], a[row])
            set_before(before, row - begin + end, following, a[row])


@loops
def _set_states(
    c_tilde: Vector,
    f: Vector,
    i: Vector,
    o: Vector,
    c_prev: Vector,
    c: Vector,
    a: Vector,
) -> None:
    for j in range(len(c)):
        c_t = f[j] * c_prev[j] + i[j] * c_tilde[j]
        c[j] = c_t
        a[j] = o[j] * tanh(c_t)


@uncounted_entry
def lstm_backward(
    blas: BlasFunctions,
    U: Matrix,
    U_T: Matrix,
    gates: Matrix,
    c0: Matrix,
    c: Matrix,
    da: Matrix,
    product: Matrix,
    dc: Matrix,
    totals: Matrix,
    symbols: Indices,
    bounds: Indices,
) -> None:
    """Replace the gates of all steps by the gradients of their pre-activations.

    tanh(c<t>) is computed again: to keep it would take longer, as it would come from main memory.

    Parameters
    ----------
    blas, gates, c0, c, bounds
        As in `lstm_forward`.
    U : (n_a, 4 n_a) array
    U_T : (4 n_a, n_a) array
        See `set_product_back`.
    da : (N, n_a) array
        dL/da<t> through the outputs alone.
    product, dc : (m, n_a) arrays
        Zero. Overwritten: what comes back from the next step, U^T dz<t+1> and f<t+1> dc<t+1>.
    totals, symbols
        See `add_to_totals`.
    """
    n = c.shape[1]
    for t in range(len(bounds) - 2, -1, -1):
        begin, end = bounds[t], bounds[t + 1]
        c_before, first = (c, bounds[t - 1]) if t else (c0, 0)
        for row in range(begin, end):
            i, g, c_prev = row - begin, gates[row], c_before[first + row - begin]
            _set_gradients(
                *(g[:n], g[n : 2 * n], g[2 * n : 3 * n], g[3 * n :], c_prev),
                *(c[row], da[row], product[i], dc[i]),
            )
            add_to_totals(totals, symbols, row, g)
        if t:
            set_product_back(blas, gates[begin:end], U, U_T, product[: end - begin])


@loops
def _set_gradients(
    c_tilde: Vector,
    f: Vector,
    i: Vector,
    o: Vector,
    c_prev: Vector,
    c: Vector,
    da: Vector,
    product: Vector,
    dc: Vector,
) -> None:
    """Replace the gates of a row by dL/dz, and dc (n_a,) by f dc."""
    one = dc.dtype.type(1)
    for j in range(len(dc)):
        da_t, t = da[j] + product[j], tanh(c[j])
        dc_t = dc[j] + da_t * o[j] * (one - t * t)
        dc[j] = dc_t * f[j]
        o[j] = da_t * t * o[j] * (one - o[j])
        f[j] = dc_t * c_prev[j] * f[j] * (one - f[j])
        of_i = dc_t * c_tilde[j] * i[j] * (one - i[j])
        c_tilde[j] = dc_t * i[j] * (one - c_tilde[j] * c_tilde[j])
        i[j] = of_i
