"""Moving averages of the loss.

Both keep ``value = decay * value + (1 - decay) * new``. They differ in how they start.
"""

import math
from collections.abc import Sequence
from typing import Protocol

DECAY = 0.999
"""Weight of the past, as in the course: each average looks back about 1,000 names."""

COURSE_CHARACTERS = 7
"""The course starts its average at what seven characters cost by guessing."""


class Average(Protocol):
    """A moving average."""

    def add(self, value: float, names: int = 1) -> float:
        """Take in the mean value of some names, and return the average."""
        ...

    def state(self) -> list[float]:
        """Return the numbers that it goes on from."""
        ...

    def restore(self, state: Sequence[float]) -> None:
        """Go on from the numbers that `state` returned."""
        ...


class DebiasedAverage:
    """A moving average that is right from its first value on.

    It starts at zero and is divided by the weight that real values have in it,
    ``1 - decay ** steps``, as Adam does with its moments (Kingma and Ba, 2015, section 3).
    """

    def __init__(self) -> None:
        self._sum = 0.0
        self._weight = 0.0

    def add(self, value: float, names: int = 1) -> float:
        """Take in the mean value of some names, and return the average."""
        share = 1 - DECAY if names == 1 else 1 - DECAY**names
        self._sum += share * (value - self._sum)
        self._weight += share * (1 - self._weight)
        return self._sum / self._weight

    def state(self) -> list[float]:
        """Return the sum and the weight."""
        return [self._sum, self._weight]

    def restore(self, state: Sequence[float]) -> None:
        """Go on from a sum and a weight."""
        self._sum, self._weight = state


class NotebookAverage:
    """The course's moving average, which starts at a guess and takes 1,000 steps to forget it.

    Seven characters at ln(27) each are 23.07 nats, while a name costs about 39 at first: that
    is why the course's printed loss rises before it falls.
    """

    def __init__(self, start: float) -> None:
        self._value = start

    @classmethod
    def of_loss(cls, n_symbols: int) -> "NotebookAverage":
        """Start as the course's `get_initial_loss` does: -ln(1 / n_symbols) * 7, in nats."""
        return cls(-math.log(1.0 / n_symbols) * COURSE_CHARACTERS)

    @classmethod
    def of_characters(cls) -> "NotebookAverage":
        """Start at the characters that `of_loss` starts with, so that their ratio has a meaning."""
        return cls(float(COURSE_CHARACTERS))

    def add(self, value: float, names: int = 1) -> float:
        """Take in the mean value of some names (the course's steps have one), and return it."""
        past = DECAY**names
        self._value = self._value * past + value * (1 - past)
        return self._value

    def state(self) -> list[float]:
        """Return the value."""
        return [self._value]

    def restore(self, state: Sequence[float]) -> None:
        """Go on from a value."""
        (self._value,) = state


def averages(n_symbols: int, *, is_legacy: bool) -> tuple[Average, Average]:
    """Return a recipe's moving averages: of the loss, and of the characters.

    Parameters
    ----------
    n_symbols : int
        Size of the vocabulary.
    is_legacy : bool
        Whether they are the course's.
    """
    if is_legacy:
        return NotebookAverage.of_loss(n_symbols), NotebookAverage.of_characters()
    return DebiasedAverage(), DebiasedAverage()
