"""Clipping, and the optimisers: the rules that turn a gradient into a step.

All work in place on flat vectors. The symbols are the course's: g is the gradient, v and s are the
moving averages of g and of g^2. To add an optimiser, write a subclass of `Optimizer` and add it to
`OPTIMIZERS`.
"""

from abc import ABC, abstractmethod
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from engine.storage.validated_mapping import StateDict, ValidatedMapping

Array = NDArray[np.floating]

BETA1, BETA2, EPSILON = 0.9, 0.999, 1e-8
RMS_BETA = 0.9

CLIPPINGS = ("entries", "norm")


def clip_entries(gradients: Array, clip: float) -> None:
    """Clip every entry to [-clip, clip], in place.

    Parameters
    ----------
    gradients : (n,) array
    clip : float
        Above 0.
    """
    # Mostly nothing is to be clipped, and to see this takes half as long as to write all entries:
    # 3 % of a step of RNN-50.
    largest, smallest = gradients[gradients.argmax()], gradients[gradients.argmin()]
    if largest <= clip and smallest >= -clip:
        return
    # numpy.clip() wraps these two in Python, which doubles the cost.
    np.minimum(gradients, clip, out=gradients)
    np.maximum(gradients, -clip, out=gradients)


def clip_norm(gradients: Array, clip: float) -> None:
    """Scale the whole gradient, in place, by min(1, clip / ||gradient||).

    Parameters
    ----------
    gradients : (n,) array
    clip : float
        The largest Euclidean norm, above 0.
    """
    norm = float(np.sqrt(gradients @ gradients))
    if norm > clip:
        gradients *= clip / norm


class Optimizer(ABC):
    """An update rule, with its moments.

    A subclass sets the class attributes and defines `_step`.

    Parameters
    ----------
    parameters : (n,) array
        Only its shape and type matter.

    Attributes
    ----------
    TITLE : str
        The name for people.
    EQUATION : str
        What a parameter becomes, as text: {W} is its name, α the learning rate.
    MOMENTS : int
        How many moving averages the rule keeps.
    DECOUPLES_DECAY : bool
        Whether L2 shrinks the parameters directly, beside the gradient, and not through it.
    moments : list of (n,) arrays
        The averages, entry by entry; when the network is resized, so are they.
    steps : int
        Steps made.
    dtype : dtype
        Of the parameters and the moments.
    """

    TITLE: ClassVar[str]
    EQUATION: ClassVar[str]
    MOMENTS: ClassVar[int] = 0
    DECOUPLES_DECAY: ClassVar[bool] = False

    def __init__(self, parameters: Array) -> None:
        self.moments = [np.zeros_like(parameters) for _ in range(self.MOMENTS)]
        self.steps = 0
        self.dtype = parameters.dtype

    def state(self) -> StateDict:
        """Return the number of steps, and copies of the moments."""
        kept: StateDict = {f"moment.{i}": moment.copy() for i, moment in enumerate(self.moments)}
        return kept | {"steps": self.steps}

    def restore(self, state: ValidatedMapping) -> None:
        """Continue from what `state` returned.

        Raises
        ------
        ValueError
            If the moments do not have the parameters' shape and type.
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
            The gradient. Overwritten.
        learning_rate : float
        l2 : float
            Strength of the L2 penalty: adds l2 x parameters to the gradient, or shrinks the
            parameters by 1 - learning_rate x l2 if the rule decouples it.
        """
        self.steps += 1
        if l2 and self.DECOUPLES_DECAY:
            parameters *= 1.0 - learning_rate * l2
        elif l2:
            g += l2 * parameters
        self._step(parameters, g, learning_rate)

    @abstractmethod
    def _step(self, parameters: Array, g: Array, learning_rate: float) -> None:
        """Update `parameters` (n,) in place; `self.steps` counts this step already."""


class SGD(Optimizer):
    """Stochastic gradient descent: parameters -= learning_rate g.

    Source: Robbins and Monro, 1951, https://doi.org/10.1214/aoms/1177729586.
    """

    TITLE = "SGD"
    EQUATION = "{W} − α d{W}"

    def _step(self, parameters: Array, g: Array, learning_rate: float) -> None:
        np.multiply(g, learning_rate, out=g)
        np.subtract(parameters, g, out=parameters)


class Momentum(Optimizer):
    """v = 0.9 v + g; parameters -= learning_rate v.

    Source: Polyak, 1964, https://doi.org/10.1016/0041-5553(64)90137-5.
    """

    TITLE = "Momentum"
    EQUATION = "{W} − α v, where v = 0.9 v + d{W}"
    MOMENTS = 1

    def _step(self, parameters: Array, g: Array, learning_rate: float) -> None:
        (v,) = self.moments
        v *= BETA1
        v += g
        parameters -= np.multiply(v, learning_rate, out=g)


class RMSprop(Optimizer):
    """s = 0.9 s + 0.1 g^2; parameters -= learning_rate g / (sqrt(s) + 1e-8).

    Source: Hinton, 2012, https://www.cs.toronto.edu/~tijmen/csc321/slides/lecture_slides_lec6.pdf.
    """

    TITLE = "RMSprop"
    EQUATION = "{W} − α d{W} / (√s + 1e−8), where s = 0.9 s + 0.1 d{W}²"
    MOMENTS = 1

    def _step(self, parameters: Array, g: Array, learning_rate: float) -> None:
        (s,) = self.moments
        s *= RMS_BETA
        s += (1.0 - RMS_BETA) * g * g
        g *= learning_rate
        g /= np.sqrt(s) + EPSILON
        parameters -= g


class Adagrad(Optimizer):
    """s = s + g^2; parameters -= learning_rate g / (sqrt(s) + 1e-8).

    Source: Duchi, Hazan and Singer, 2011, https://jmlr.org/papers/v12/duchi11a.html.
    """

    TITLE = "Adagrad"
    EQUATION = "{W} − α d{W} / (√s + 1e−8), where s = s + d{W}²"
    MOMENTS = 1

    def _step(self, parameters: Array, g: Array, learning_rate: float) -> None:
        (s,) = self.moments
        s += g * g
        g *= learning_rate
        g /= np.sqrt(s) + EPSILON
        parameters -= g


class Adam(Optimizer):
    """parameters -= learning_rate v / (sqrt(s) + 1e-8).

    v = 0.9 v + 0.1 g and s = 0.999 s + 0.001 g^2, both corrected for their start at zero.

    Source: Kingma and Ba, 2015, https://arxiv.org/abs/1412.6980.
    """

    TITLE = "Adam"
    EQUATION = (
        "{W} − α v′ / (√s′ + 1e−8), where v = 0.9 v + 0.1 d{W}, s = 0.999 s + 0.001 d{W}², "
        "v′ = v / (1 − 0.9ᵏ), s′ = s / (1 − 0.999ᵏ) at its k-th step"
    )
    MOMENTS = 2

    def _step(self, parameters: Array, g: Array, learning_rate: float) -> None:
        v, s = self.moments
        v *= BETA1
        v += (1.0 - BETA1) * g
        s *= BETA2
        np.multiply(g, g, out=g)
        g *= 1.0 - BETA2
        s += g
        corrected = np.sqrt(s, out=g)
        corrected /= np.sqrt(1.0 - BETA2**self.steps)
        corrected += EPSILON
        step = np.divide(v, corrected, out=g)
        step *= learning_rate / (1.0 - BETA1**self.steps)
        parameters -= step


class AdamW(Adam):
    """Adam, with L2 beside the gradient.

    Source: Loshchilov and Hutter, 2019, https://arxiv.org/abs/1711.05101.
    """

    TITLE = "AdamW"
    DECOUPLES_DECAY = True


OPTIMIZERS: dict[str, type[Optimizer]] = {
    "sgd": SGD,
    "momentum": Momentum,
    "rmsprop": RMSprop,
    "adagrad": Adagrad,
    "adam": Adam,
    "adamw": AdamW,
}
"""By the names that settings and run files use."""
