"""Clipping, and the update that follows it. Both work in place on flat vectors."""

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def clip_entries(gradients: Array, clip: float) -> None:
    """Bring every entry into [-clip, clip], in place.

    Parameters
    ----------
    gradients : (n,) array
    clip : float
        Above 0.
    """
    # numpy.clip() wraps these two in Python, which costs as much again.
    np.minimum(gradients, clip, out=gradients)
    np.maximum(gradients, -clip, out=gradients)


def sgd(parameters: Array, gradients: Array, learning_rate: float) -> None:
    """Step down: parameters -= learning_rate * gradients, in place.

    Parameters
    ----------
    parameters, gradients : (n,) arrays
        `gradients` is used as scratch and holds the step afterwards.
    learning_rate : float
    """
    np.multiply(gradients, learning_rate, out=gradients)
    np.subtract(parameters, gradients, out=parameters)
