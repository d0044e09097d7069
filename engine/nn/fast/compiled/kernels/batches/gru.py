"""The GRU on a batch: c<t> = c<t-1> + u (c~ - c<t-1>)."""

from engine.nn.fast.compiled.blas_functions import BlasFunctions
from engine.nn.fast.compiled.kernels.batches.steps import (
    Input,
    add_input,
    add_to_totals,
    end_of_next,
    set_before,
)
from engine.nn.fast.compiled.kernels.blas import set_product, set_product_back
from engine.nn.fast.compiled.kernels.gru import set_reset, update_state
from engine.nn.fast.compiled.kernels.jit import loops, uncounted_entry
from engine.nn.fast.compiled.kernels.rows import apply_sigmoid, apply_tanh
from engine.nn.fast.compiled.kernels.types import Indices, Matrix, Vector


@uncounted_entry
def gru_forward(
    blas: BlasFunctions,
    x: Input,
    U: Matrix,
    gates: Matrix,
    before: Matrix,
    reset: Matrix,
    c: Matrix,
    bounds: Indices,
) -> None:
    """Set the gates u and r, the candidate c~ and c<t> = c<t-1> + u (c~ - c<t-1>) of all steps.

    Parameters
    ----------
    blas : BlasFunctions
        See `engine.nn.fast.compiled.blas_functions`.
    x : Input
    U : (n_a, 3 n_a) array
    gates : (N, 3 n_a) array
        In the order u, r, c~. Overwritten.
    before : (N, n_a) array
        c<t-1>, set at the first step.
    reset, c : (N, n_a) arrays
        r c<t-1>, and c<t>. Overwritten.
    bounds : (T + 1,) array
        Where each step begins, and where the last one ends.
    """
    n = c.shape[1]
    U_ur, U_c = U[:, : 2 * n], U[:, 2 * n :]
    for t in range(len(bounds) - 1):
        begin, end, following = bounds[t], bounds[t + 1], end_of_next(bounds, t)
        set_product(blas, before[begin:end], U_ur, gates[begin:end, : 2 * n])
        for row in range(begin, end):
            u_r = gates[row][: 2 * n]
            add_input(u_r, x, row, 0)
            apply_sigmoid(u_r)
            set_reset(reset[row], u_r[n:], before[row])
        set_product(blas, reset[begin:end], U_c, gates[begin:end, 2 * n :])
        for row in range(begin, end):
            u, c_tilde = gates[row][:n], gates[row][2 * n :]
            add_input(c_tilde, x, row, 2 * n)
            apply_tanh(c_tilde)
            update_state(u, c_tilde, before[row], c[row])
            set_before(before, row - begin + end, following, c[row])


@uncounted_entry
def gru_backward(
    blas: BlasFunctions,
    U: Matrix,
    U_T: Matrix,
    gates: Matrix,
    before: Matrix,
    da: Matrix,
    product: Matrix,
    d_reset: Matrix,
    dc: Matrix,
    totals: Matrix,
    symbols: Indices,
    bounds: Indices,
) -> None:
    """Replace the gates of all steps by the gradients of their pre-activations.

    Parameters
    ----------
    blas, gates, before, bounds
        As in `gru_forward`.
    U : (n_a, 3 n_a) array
    U_T : (3 n_a, n_a) array
        See `set_product_back`.
    da : (N, n_a) array
        dL/dc<t> through the outputs alone.
    product, dc : (m, n_a) arrays
        Zero. Overwritten: what comes back from the next step through its gates,
        [Uu Ur]^T dz<t+1>, and the rest.
    d_reset : (m, n_a) array
        Overwritten with dL/d(r c<t-1>) = Uc^T dz of c~.
    totals, symbols
        See `add_to_totals`.
    """
    n = before.shape[1]
    U_ur, U_c = U[:, : 2 * n], U[:, 2 * n :]
    for t in range(len(bounds) - 2, -1, -1):
        begin, end = bounds[t], bounds[t + 1]
        for row in range(begin, end):
            i, g = row - begin, gates[row]
            _set_state_gradients(g[:n], g[2 * n :], before[row], da[row], product[i], dc[i])
        dz, m = gates[begin:end], end - begin
        set_product_back(blas, dz[:, 2 * n :], U_c, U_T[2 * n :], d_reset[:m])
        for row in range(begin, end):
            i, g = row - begin, gates[row]
            _set_gate_gradients(g[n : 2 * n], before[row], d_reset[i], dc[i])
            add_to_totals(totals, symbols, row, g)
        if t:
            set_product_back(blas, dz[:, : 2 * n], U_ur, U_T[: 2 * n], product[:m])


@loops
def _set_state_gradients(
    u: Vector, c_tilde: Vector, c_prev: Vector, da: Vector, product: Vector, dc: Vector
) -> None:
    """Replace u and c~ of a row by dL/dz, and dc (n_a,) by (1 - u) dc<t>."""
    one = dc.dtype.type(1)
    for j in range(len(dc)):
        dc_t, kept = da[j] + product[j] + dc[j], one - u[j]
        dc[j] = dc_t * kept
        of_u = dc_t * (c_tilde[j] - c_prev[j]) * u[j] * kept
        c_tilde[j] = dc_t * (one - c_tilde[j] * c_tilde[j]) * u[j]
        u[j] = of_u


@loops
def _set_gate_gradients(r: Vector, c_prev: Vector, d_reset: Vector, dc: Vector) -> None:
    """Replace r of a row by dL/dz, and add its share to dc (n_a,)."""
    one = dc.dtype.type(1)
    for j in range(len(dc)):
        dc[j] += d_reset[j] * r[j]
        r[j] = d_reset[j] * c_prev[j] * r[j] * (one - r[j])
