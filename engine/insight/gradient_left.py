"""How much of a gradient is left some letters back: one figure for a network."""

import math

import numpy as np
from numpy.typing import ArrayLike

from engine.insight.reading import backward_pass, in_float64, logits, read
from engine.nn.functions import softmax
from engine.nn.packing import Packed
from engine.nn.parameters import Parameters


def gradient_left(parameters: Parameters, inputs: ArrayLike, targets: ArrayLike) -> float:
    """Return ‖dL/da<1>‖ / ‖dL/da<T>‖ of the last letter's loss: what is left T - 1 letters back.

    It is measured in the lowest layer, in float64 and from a zero state. Where it vanishes, the
    network cannot learn how a letter depends on the one so many letters before it.

    Parameters
    ----------
    parameters : Parameters
    inputs : (m, T) array
        What is read at each step, as indices; `engine.data.vocabulary.NO_SYMBOL` where x<1> = 0.
    targets : (m,) array
        What is to be predicted at the last step, as indices.

    Returns
    -------
    float
        The geometric mean over the m pieces, without a unit; NaN if parameters are not finite.
    """
    parameters = in_float64(parameters)
    targets = np.asarray(targets)
    m = len(targets)
    batch = Packed.of_pieces(np.asarray(inputs), targets[:, np.newaxis])
    with np.errstate(all="ignore"):
        layers = read(parameters, batch)
        dy = softmax(logits(parameters, layers))  # (T m, n_y)
        dy[:-m] = 0.0
        dy[np.arange(len(dy) - m, len(dy)), targets] -= 1.0
        da = backward_pass(parameters, layers, batch, dy)[0].da  # (T m, n_a)
        norms = np.sqrt((da * da).sum(axis=1))  # (T m,) nats
        mean = float(np.log(norms[:m] / norms[-m:]).mean())
    return math.exp(mean) if mean < math.log(np.finfo(float).max) else math.nan
