"""A small kernel."""

import numpy as np
from numpy.typing import NDArray

from engine.nn.fast.compiled.kernels.jit import entry


@entry
def scale(x: NDArray[np.float64], factor: float) -> float:
    """Multiply x (n,) by a factor, and return the sum."""
    total = 0.0
    for i in range(len(x)):
        x[i] *= factor
        total += x[i]
    return total
