"""The tanh cell on one name: `engine.nn.cells.rnn` as a kernel."""

from engine.nn.fast.compiled.blas_functions import BlasFunctions
from engine.nn.fast.compiled.kernels.blas import (
    add_product,
    add_product_back,
    set_outer_products,
)
from engine.nn.fast.compiled.kernels.jit import loops
from engine.nn.fast.compiled.kernels.scalars import tanh
from engine.nn.fast.compiled.kernels.types import Matrix


@loops
def forward(blas: BlasFunctions, U: Matrix, a: Matrix, z: Matrix, T_x: int) -> None:
    """Compute a<t> = tanh(z<t> + Waa a<t-1>), for t from 1 to T_x.

    Parameters
    ----------
    blas : BlasFunctions
    U : (n_a, n_a) array
        Waa^T.
    a : (T_x + 1 or more, n_a) array
        The state a<0>, and after it the states that are set.
    z : (T_x or more, n_a) array
        Wax x<t> + ba. Overwritten.
    """
    n = U.shape[1]
    for t in range(T_x):
        z_t, a_next = z[t], a[t + 1]
        add_product(blas, a[t : t + 1], U, z[t : t + 1])
        for j in range(n):
            a_next[j] = tanh(z_t[j])


@loops
def backward(
    blas: BlasFunctions, U: Matrix, a: Matrix, da: Matrix, dz: Matrix, dU: Matrix, T_x: int
) -> None:
    """Compute dz<t> = (1 - a<t>^2) (da<t> + Waa^T dz<t+1>), and dU.

    Parameters
    ----------
    blas, U, a
        As in `forward`, which has set `a`.
    da : (T_x or more, n_a) array
        dL/da through the output layer. Overwritten with dL/da.
    dz : (T_x or more, n_a) array
        Set to dL/dz.
    dU : (n_a, n_a) array
        Set to dL/dU.
    """
    n = U.shape[1]
    for t in range(T_x - 1, -1, -1):
        da_t, dz_t, a_t = da[t], dz[t], a[t + 1]
        if t + 1 < T_x:
            add_product_back(blas, dz[t + 1 : t + 2], U, da[t : t + 1])
        for j in range(n):
            dz_t[j] = (1.0 - a_t[j] * a_t[j]) * da_t[j]
    set_outer_products(blas, a[:T_x], dz[:T_x], dU)
