"""The softmax layer of a batch: its loss, and the gradient of its logits."""

import math
from typing import Any

from engine.nn.fast.compiled.kernels.functions import exp
from engine.nn.fast.compiled.kernels.jit import loops, sums, uncounted_entry
from engine.nn.fast.compiled.kernels.rows import add, maximum
from engine.nn.fast.compiled.kernels.types import Indices, Matrix, Vector


@uncounted_entry
def softmax_loss(z: Matrix, by: Vector, targets: Indices) -> float:
    """Return the loss of a softmax layer, in nats, and put the logits' gradient in their place.

    Parameters
    ----------
    z : (n, n_y) array
        Wya a. Overwritten with y_hat - y.
    by : (n_y,) array
    targets : (n,) array
        y, as indices.
    """
    loss, one = 0.0, z.dtype.type(1)
    for row in range(len(z)):
        logits, target = z[row], targets[row]
        add(logits, by)
        largest = maximum(logits)
        at_target = logits[target] - largest
        total = _set_exp(logits, largest)
        loss += math.log(total) - at_target
        _scale(logits, one / total)
        logits[target] -= one
    return loss


@sums
def _set_exp(z: Vector, largest: Any) -> Any:
    """Replace z (n_y,) by e^(z - largest), and return the sum."""
    total = z.dtype.type(0)
    for j in range(len(z)):
        z[j] = exp(z[j] - largest)
        total += z[j]
    return total


@loops
def _scale(x: Vector, factor: Any) -> None:
    for j in range(len(x)):
        x[j] *= factor
