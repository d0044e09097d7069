"""The LSTM on one name: `engine.nn.cells.lstm` as a kernel, its gates in the order c~, f, i, o."""

from engine.nn.fast.compiled.blas_functions import BlasFunctions
from engine.nn.fast.compiled.kernels.blas import (
    add_product,
    add_product_back,
    set_outer_products,
)
from engine.nn.fast.compiled.kernels.jit import loops
from engine.nn.fast.compiled.kernels.rows import apply_sigmoid, apply_tanh, fill
from engine.nn.fast.compiled.kernels.scalars import tanh
from engine.nn.fast.compiled.kernels.types import Matrix, Vector


@loops
def forward(
    blas: BlasFunctions,
    U: Matrix,
    a: Matrix,
    gates: Matrix,
    c: Matrix,
    tanh_c: Matrix,
    T_x: int,
) -> None:
    """Compute c<t> = f c<t-1> + i c~ and a<t> = o tanh(c<t>), for t from 1 to T_x.

    Parameters
    ----------
    blas : BlasFunctions
    U : (n_a, 4 n_a) array
    a : (T_x + 1 or more, n_a) array
        The state a<0>, and after it the states that are set.
    gates : (T_x or more, 4 n_a) array
        The input's share of the pre-activations. Overwritten with the gates.
    c : (T_x + 1 or more, n_a) array
        c<0> is set to zero, and the cell states after it are computed.
    tanh_c : (T_x or more, n_a) array
        Set.
    """
    n = U.shape[0]
    fill(c[0], 0.0)
    for t in range(T_x):
        add_product(blas, a[t : t + 1], U, gates[t : t + 1])
        apply_tanh(gates[t][:n])
        apply_sigmoid(gates[t][n:])
        g = gates[t].reshape(4, n)
        _update_state(g[0], g[1], g[2], g[3], c[t], c[t + 1], tanh_c[t], a[t + 1])


@loops
def _update_state(
    c_tilde: Vector,
    f: Vector,
    i: Vector,
    o: Vector,
    c_prev: Vector,
    c: Vector,
    tanh_c: Vector,
    a: Vector,
) -> None:
    """Set the state of one character; all (n_a,)."""
    for j in range(len(c)):
        c[j] = f[j] * c_prev[j] + i[j] * c_tilde[j]
    for j in range(len(c)):
        tanh_c[j] = tanh(c[j])
    for j in range(len(c)):
        a[j] = o[j] * tanh_c[j]


@loops
def backward(
    blas: BlasFunctions,
    U: Matrix,
    a: Matrix,
    gates: Matrix,
    c: Matrix,
    tanh_c: Matrix,
    da: Matrix,
    dz: Matrix,
    dU: Matrix,
    dc: Vector,
    T_x: int,
) -> None:
    """Compute the gradients of the pre-activations, and dU.

    Parameters
    ----------
    blas, U, a, gates, c, tanh_c
        As `forward` has left them.
    da : (T_x or more, n_a) array
        dL/da through the output layer. Overwritten with dL/da.
    dz : (T_x or more, 4 n_a) array
        Set to dL/dz.
    dU : (n_a, 4 n_a) array
        Set to dL/dU.
    dc : (n_a,) array
        Overwritten.
    """
    n = U.shape[0]
    fill(dc, 0.0)
    for t in range(T_x - 1, -1, -1):
        if t + 1 < T_x:
            add_product_back(blas, dz[t + 1 : t + 2], U, da[t : t + 1])
        g, d = gates[t].reshape(4, n), dz[t].reshape(4, n)
        _set_output_gradient(g[3], tanh_c[t], da[t], dc, d[3])
        _set_gradients(g[0], g[1], g[2], c[t], dc, d[0], d[1], d[2])
    set_outer_products(blas, a[:T_x], dz[:T_x], dU)


@loops
def _set_output_gradient(o: Vector, tanh_c: Vector, da: Vector, dc: Vector, dz_o: Vector) -> None:
    """Set dz of o of one character, and add to dc what reaches it through a; all (n_a,)."""
    for j in range(len(da)):
        dz_o[j] = da[j] * tanh_c[j] * o[j] * (1.0 - o[j])
    for j in range(len(da)):
        dc[j] += da[j] * o[j] * (1.0 - tanh_c[j] * tanh_c[j])


@loops
def _set_gradients(
    c_tilde: Vector,
    f: Vector,
    i: Vector,
    c_prev: Vector,
    dc: Vector,
    dz_c: Vector,
    dz_f: Vector,
    dz_i: Vector,
) -> None:
    """Set dz of c~, f and i of one character, and pass dc on to the one before; all (n_a,)."""
    for j in range(len(dc)):
        dz_c[j] = dc[j] * i[j] * (1.0 - c_tilde[j] * c_tilde[j])
    for j in range(len(dc)):
        dz_f[j] = dc[j] * c_prev[j] * f[j] * (1.0 - f[j])
    for j in range(len(dc)):
        dz_i[j] = dc[j] * c_tilde[j] * i[j] * (1.0 - i[j])
    for j in range(len(dc)):
        dc[j] *= f[j]
