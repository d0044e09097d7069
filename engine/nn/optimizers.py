"""Clipping, and the update that follows it: the rules by which a gradient becomes a step.

All work in place on flat vectors. Where an equation has a name, it is the course's: g is the
gradient, v and s are the averages of g and of g^2.
"""

from abc import ABC, abstractmethod

import numpy as np
from numpy.typing import NDArray

from engine.storage.validated_mapping import StateDict, ValidatedMapping

Array = NDArray[np.floating]

_BETA1, _BETA2, _EPSILON = 0.9, 0.999, 1e-8
_RMS_BETA = 0.9

CLIPPINGS = ("entries", "norm")


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


def clip_norm(gradients: Array, clip: float) -> None:
    """Scale the whole gradient down, in place, where its Euclidean norm is larger than `clip`."""
    norm = float(np.sqrt(gradients @ gradients))
    if norm > clip:
        gradients *= clip / norm


class Optimizer(ABC):
    """A rule, and what it remembers of the gradients so far.

    Parameters
    ----------
    parameters : (n,) array
        Only its shape and type count.

    Attributes
    ----------
    moments : list of (n,) arrays
        What is remembered, entry by entry; a change of the network's size changes them too.
    steps : int
        Steps made.
    """

    MOMENTS = 0

    def __init__(self, parameters: Array) -> None:
        self.moments = [np.zeros_like(parameters) for _ in range(self.MOMENTS)]
        self.steps = 0

    def state(self) -> StateDict:
        """Return the steps, and copies of the moments."""
        kept: StateDict = {f"moment.{i}": moment.copy() for i, moment in enumerate(self.moments)}
        return kept | {"steps": self.steps}

    def restore(self, state: ValidatedMapping) -> None:
        """Go on from what `state` returned.

        Raises
        ------
        ValueError
            If its moments are not of these parameters' shape and type.
        """
        self.steps = state.whole("steps")
        self.moments = [
            state.array(f"moment.{i}", moment.shape, moment.dtype)
            for i, moment in enumerate(self.moments)
        ]

    def step(self, parameters: Array, g: Array, learning_rate: float, l2: float = 0.0) -> None:
        """Make a step, in place.

        Parameters
        ----------
        parameters : (n,) array
        g : (n,) array
            The gradients; used as scratch.
        learning_rate : float
        l2 : float
            Strength of the pull towards zero: adds l2 x parameters to the gradient.
        """
        self.steps += 1
        if l2:
            self._pull(parameters, g, learning_rate, l2)
        self._step(parameters, g, learning_rate)

    def _pull(self, parameters: Array, g: Array, learning_rate: float, l2: float) -> None:
        g += l2 * parameters

    @abstractmethod
    def _step(self, parameters: Array, g: Array, learning_rate: float) -> None: ...


class SGD(Optimizer):
    """parameters -= learning_rate g."""

    def _step(self, parameters: Array, g: Array, learning_rate: float) -> None:
        np.multiply(g, learning_rate, out=g)
        np.subtract(parameters, g, out=parameters)


class Momentum(Optimizer):
    """v = 0.9 v + g; parameters -= learning_rate v (Polyak, 1964)."""

    MOMENTS = 1

    def _step(self, parameters: Array, g: Array, learning_rate: float) -> None:
        (v,) = self.moments
        v *= _BETA1
        v += g
        parameters -= np.multiply(v, learning_rate, out=g)


class RMSprop(Optimizer):
    """s = 0.9 s + 0.1 g^2; parameters -= learning_rate g / (sqrt(s) + 1e-8) (Hinton, 2012)."""

    MOMENTS = 1

    def _step(self, parameters: Array, g: Array, learning_rate: float) -> None:
        (s,) = self.moments
        s *= _RMS_BETA
        s += (1.0 - _RMS_BETA) * g * g
        g *= learning_rate
        g /= np.sqrt(s) + _EPSILON
        parameters -= g


class Adagrad(Optimizer):
    """s = s + g^2; parameters -= learning_rate g / (sqrt(s) + 1e-8) (Duchi et al., 2011)."""

    MOMENTS = 1

    def _step(self, parameters: Array, g: Array, learning_rate: float) -> None:
        (s,) = self.moments
        s += g * g
        g *= learning_rate
        g /= np.sqrt(s) + _EPSILON
        parameters -= g


class Adam(Optimizer):
    """parameters -= learning_rate v / (sqrt(s) + 1e-8) (Kingma and Ba, 2015).

    v = 0.9 v + 0.1 g and s = 0.999 s + 0.001 g^2, both divided by what their start at zero took.
    """

    MOMENTS = 2

    def _step(self, parameters: Array, g: Array, learning_rate: float) -> None:
        v, s = self.moments
        v *= _BETA1
        v += (1.0 - _BETA1) * g
        s *= _BETA2
        np.multiply(g, g, out=g)
        g *= 1.0 - _BETA2
        s += g
        corrected = np.sqrt(s, out=g)
        corrected /= np.sqrt(1.0 - _BETA2**self.steps)
        corrected += _EPSILON
        step = np.divide(v, corrected, out=g)
        step *= learning_rate / (1.0 - _BETA1**self.steps)
        parameters -= step


class AdamW(Adam):
    """Adam, with the pull towards zero beside the gradient (Loshchilov and Hutter, 2019)."""

    def _pull(self, parameters: Array, g: Array, learning_rate: float, l2: float) -> None:
        parameters *= 1.0 - learning_rate * l2


OPTIMIZERS: dict[str, type[Optimizer]] = {
    "sgd": SGD,
    "momentum": Momentum,
    "rmsprop": RMSprop,
    "adagrad": Adagrad,
    "adam": Adam,
    "adamw": AdamW,
}
