"""The output layer on one name: z<t> = Wya a<t> + by, y_hat<t> = softmax(z<t>)."""

import math

from engine.nn.fast.compiled.blas_functions import BlasFunctions
from engine.nn.fast.compiled.kernels.blas import (
    set_outer_products,
    set_product,
    set_product_of_rows,
)
from engine.nn.fast.compiled.kernels.jit import loops, sums
from engine.nn.fast.compiled.kernels.rows import add, fill
from engine.nn.fast.compiled.kernels.scalars import exp
from engine.nn.fast.compiled.kernels.types import Indices, Matrix, Vector


@loops
def loss_and_gradients(
    blas: BlasFunctions,
    Wya: Matrix,
    by: Vector,
    a: Matrix,
    targets: Indices,
    dz: Matrix,
    da: Matrix,
    dWya: Matrix,
    dby: Vector,
) -> float:
    """Return L = -sum over t of ln y_hat<t>[y<t>], in nats, and set its gradients.

    Parameters
    ----------
    blas : BlasFunctions
    Wya : (n_y, n_a) array
    by : (n_y,) array
    a : (T_x or more, n_a) array
        The states a<1> to a<T_x>.
    targets : (T_x,) array
        y<1> to y<T_x>, as indices.
    dz : (T_x or more, n_y) array
        Set to y_hat - y.
    da : (T_x or more, n_a) array
        Set to dL/da through this layer.
    dWya, dby
        Set to dL/dWya and dL/dby.
    """
    loss, T_x = 0.0, len(targets)
    fill(dby, 0.0)
    set_product_of_rows(blas, a[:T_x], Wya, dz[:T_x])
    for t in range(T_x):
        z = dz[t]
        add(z, by)
        loss += _to_gradient(z, targets[t])
        add(dby, z)
    set_product(blas, dz[:T_x], Wya, da[:T_x])
    set_outer_products(blas, dz[:T_x], a[:T_x], dWya)
    return loss


@sums
def _to_gradient(z: Vector, target: int) -> float:
    """Replace logits (n_y,) by y_hat - y, and return -ln y_hat[target]."""
    largest = z[0]
    for j in range(1, len(z)):
        largest = z[j] if z[j] > largest else largest
    loss: float = largest - z[target]
    for j in range(len(z)):
        z[j] = exp(z[j] - largest)
    total = 0.0
    for j in range(len(z)):
        total += z[j]
    scale = 1 / total
    for j in range(len(z)):
        z[j] *= scale
    z[target] -= 1.0
    return loss + math.log(total)
