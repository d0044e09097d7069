"""The output layer on one name: z<t> = Wya a<t> + by, y_hat<t> = softmax(z<t>)."""

import math

from engine.nn.fast.compiled.kernels.jit import loops, sums
from engine.nn.fast.compiled.kernels.products import (
    add_product,
    add_row_products,
    set_outer_products,
)
from engine.nn.fast.compiled.kernels.rows import copy, fill
from engine.nn.fast.compiled.kernels.scalars import exp
from engine.nn.fast.compiled.kernels.types import Indices, Matrix, Vector


@loops
def loss_and_gradients(
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
    n_y, n_a = Wya.shape
    loss = 0.0
    fill(dby, 0.0)
    for t in range(len(targets)):
        z = dz[t]
        copy(z, by)
        add_row_products(z, Wya, a[t], 0, n_a)
        loss += _to_gradient(z, targets[t])
        for j in range(n_y):
            dby[j] += z[j]
        fill(da[t], 0.0)
        add_product(da[t], z, Wya, 0, n_a)
    set_outer_products(dWya, dz, a, len(targets), 0, n_a)
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
