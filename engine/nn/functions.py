"""Softmax and its logarithm, numerically stable."""

import numpy as np
from numpy.typing import NDArray


def softmax(z: NDArray[np.floating], axis: int = -1) -> NDArray[np.floating]:
    """Return probabilities from logits: exp(z) / sum(exp(z)).

    Parameters
    ----------
    z : array
        Logits. The largest along `axis` is subtracted first, so that no exp overflows.
    axis : int
        The axis along which the result sums to 1.
    """
    shifted = np.exp(z - z.max(axis=axis, keepdims=True))
    return np.asarray(shifted / shifted.sum(axis=axis, keepdims=True))


def log_softmax(z: NDArray[np.floating], axis: int = -1) -> NDArray[np.floating]:
    """Return ln(softmax(z)), in nats; finite wherever `z` is."""
    shifted = z - z.max(axis=axis, keepdims=True)
    return np.asarray(shifted - np.log(np.exp(shifted).sum(axis=axis, keepdims=True)))
