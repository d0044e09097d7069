"""The course's GRU on one name: `engine.nn.cells.gru` as a kernel. Its gates are u, r and c~."""

from engine.nn.fast.compiled.blas_functions import BlasFunctions
from engine.nn.fast.compiled.kernels.blas import (
    add_product,
    add_product_back,
    set_outer_products,
)
from engine.nn.fast.compiled.kernels.jit import loops
from engine.nn.fast.compiled.kernels.rows import apply_sigmoid, apply_tanh, fill
from engine.nn.fast.compiled.kernels.types import Matrix, Vector


@loops
def forward(
    blas: BlasFunctions, U: Matrix, c: Matrix, gates: Matrix, reset: Matrix, T_x: int
) -> None:
    """Compute c<t> = Gu c~ + (1 - Gu) c<t-1>, for t from 1 to T_x.

    Parameters
    ----------
    blas : BlasFunctions
    U : (n_a, 3 n_a) array
    c : (T_x + 1 or more, n_a) array
        The state c<0> = a<0>, and after it the states that are set.
    gates : (T_x or more, 3 n_a) array
        The input's share of the pre-activations. Overwritten with the gates.
    reset : (T_x or more, n_a) array
        Set to Gr c<t-1>.
    """
    n = U.shape[0]
    U_ur, U_c = U[:, : 2 * n], U[:, 2 * n :]
    for t in range(T_x):
        g = gates[t].reshape(3, n)
        add_product(blas, c[t : t + 1], U_ur, gates[t : t + 1, : 2 * n])
        apply_sigmoid(gates[t][: 2 * n])
        set_reset(reset[t], g[1], c[t])
        add_product(blas, reset[t : t + 1], U_c, gates[t : t + 1, 2 * n :])
        apply_tanh(g[2])
        update_state(g[0], g[2], c[t], c[t + 1])


@loops
def set_reset(reset: Vector, r: Vector, c_prev: Vector) -> None:
    """Set r c<t-1> of one character; all (n_a,)."""
    for j in range(len(reset)):
        reset[j] = r[j] * c_prev[j]


@loops
def update_state(u: Vector, c_tilde: Vector, c_prev: Vector, c: Vector) -> None:
    """Set the state of one character; all (n_a,)."""
    for j in range(len(c)):
        c[j] = c_prev[j] + u[j] * (c_tilde[j] - c_prev[j])


@loops
def backward(
    blas: BlasFunctions,
    U: Matrix,
    c: Matrix,
    gates: Matrix,
    reset: Matrix,
    dc: Matrix,
    dz: Matrix,
    dU: Matrix,
    d_resets: Matrix,
    T_x: int,
) -> None:
    """Compute the gradients of the pre-activations, and dU.

    Parameters
    ----------
    blas, U, c, gates, reset
        As `forward` has left them.
    dc : (T_x or more, n_a) array
        dL/da through the output layer. Overwritten with dL/dc.
    dz : (T_x or more, 3 n_a) array
        Set to dL/dz.
    dU : (n_a, 3 n_a) array
        Set to dL/dU.
    d_resets : (1, n_a) array
        Overwritten.
    """
    n = U.shape[0]
    U_ur, U_c, d_reset = U[:, : 2 * n], U[:, 2 * n :], d_resets[0]
    for t in range(T_x - 1, -1, -1):
        g, d = gates[t].reshape(3, n), dz[t].reshape(3, n)
        _set_gradients(g[0], g[2], c[t], dc[t], d[0], d[2])
        fill(d_reset, 0.0)
        add_product_back(blas, dz[t : t + 1, 2 * n :], U_c, d_resets)
        _set_reset_gradient(g[1], c[t], d_reset, d[1])
        if t:
            _pass_on(g[0], g[1], dc[t], d_reset, dc[t - 1])
            add_product_back(blas, dz[t : t + 1, : 2 * n], U_ur, dc[t - 1 : t])
    set_outer_products(blas, c[:T_x], dz[:T_x, : 2 * n], dU[:, : 2 * n])
    set_outer_products(blas, reset[:T_x], dz[:T_x, 2 * n :], dU[:, 2 * n :])


@loops
def _set_gradients(
    u: Vector, c_tilde: Vector, c_prev: Vector, dc: Vector, dz_u: Vector, dz_c: Vector
) -> None:
    """Set dz of u and c~ of one character; all (n_a,)."""
    for j in range(len(dc)):
        dz_u[j] = dc[j] * (c_tilde[j] - c_prev[j]) * u[j] * (1.0 - u[j])
    for j in range(len(dc)):
        dz_c[j] = dc[j] * u[j] * (1.0 - c_tilde[j] * c_tilde[j])


@loops
def _set_reset_gradient(r: Vector, c_prev: Vector, d_reset: Vector, dz_r: Vector) -> None:
    """Set dz of r of one character; all (n_a,)."""
    for j in range(len(r)):
        dz_r[j] = d_reset[j] * c_prev[j] * r[j] * (1.0 - r[j])


@loops
def _pass_on(u: Vector, r: Vector, dc: Vector, d_reset: Vector, dc_prev: Vector) -> None:
    """Add to dc<t-1> what reaches it beside the gates; all (n_a,)."""
    for j in range(len(r)):
        dc_prev[j] += (1.0 - u[j]) * dc[j] + r[j] * d_reset[j]
