"""Moving averages of the loss.

Each average is updated as ``value = decay * value + (1 - decay) * new``. They differ in how they
start.
"""

import math
from collections.abc import Sequence
from typing import Protocol

import numpy as np

from engine.storage.validated_mapping import StateDict, ValidatedMapping

DECAY = 0.999
"""Weight of the past, as in the course: an average covers about the last 1,000 names."""

COURSE_CHARACTERS = 7
"""The course starts its average at the loss of guessing seven characters."""


class Average(Protocol):
    """A moving average."""

    def add(self, value: float, names: int = 1) -> float:
        """Add the mean value of some names, and return the average."""
        ...

    def state(self) -> list[float]:
        """Return the numbers that `restore` needs."""
        ...

    def restore(self, state: Sequence[float]) -> None:
        """Continue from the numbers that `state` returned."""
        ...


class DebiasedAverage:
    """A moving average that is right from its first value on.

    It starts at zero and is divided by the total weight of the values added so far,
    ``1 - decay ** steps``, as Adam does with its moments (Kingma and Ba, 2015, section 3).
    """

    def __init__(self) -> None:
        self._sum = 0.0
        self._weight = 0.0

    def add(self, value: float, names: int = 1) -> float:
        """Add the mean value of some names, and return the average."""
        share = 1 - DECAY if names == 1 else 1 - DECAY**names
        self._sum += share * (value - self._sum)
        self._weight += share * (1 - self._weight)
        return self._sum / self._weight

    def state(self) -> list[float]:
        """Return the sum and the weight."""
        return [self._sum, self._weight]

    def restore(self, state: Sequence[float]) -> None:
        """Continue from a sum and a weight."""
        self._sum, self._weight = state


class NotebookAverage:
    """The course's moving average, which starts at a guess and needs 1,000 steps to forget it.

    Seven characters at ln(27) each make 23.07 nats, while a name costs about 39 at first. That is
    why the loss that the course prints rises before it falls.
    """

    def __init__(self, start: float) -> None:
        self._value = start

    @classmethod
    def of_loss(cls, n_symbols: int) -> "NotebookAverage":
        """Start as the course's `get_initial_loss` does: -ln(1 / n_symbols) * 7, in nats."""
        return cls(-math.log(1.0 / n_symbols) * COURSE_CHARACTERS)

    @classmethod
    def of_characters(cls) -> "NotebookAverage":
        """Start at the seven characters that `of_loss` assumes, so that their ratio has meaning."""
        return cls(float(COURSE_CHARACTERS))

    def add(self, value: float, names: int = 1) -> float:
        """Add the mean value of some names (one in the course), and return the average."""
        past = DECAY**names
        self._value = self._value * past + value * (1 - past)
        return self._value

    def state(self) -> list[float]:
        """Return the value."""
        return [self._value]

    def restore(self, state: Sequence[float]) -> None:
        """Continue from a value."""
        (self._value,) = state


class SmoothedLoss:
    """A recipe's moving averages of the loss and of the characters per name.

    Parameters
    ----------
    n_symbols : int
        Size of the vocabulary.
    is_legacy : bool
        Whether to average as the course does.

    Attributes
    ----------
    loss : float or None
        In nats per name; None before the first step.
    characters : float or None
        Per name; None before the first step.
    """

    def __init__(self, n_symbols: int, *, is_legacy: bool) -> None:
        self.loss: float | None = None
        self.characters: float | None = None
        self._averages: dict[str, Average] = (
            {
                "loss_average": NotebookAverage.of_loss(n_symbols),
                "character_average": NotebookAverage.of_characters(),
            }
            if is_legacy
            else {"loss_average": DebiasedAverage(), "character_average": DebiasedAverage()}
        )
        self._add_loss = self._averages["loss_average"].add
        self._add_characters = self._averages["character_average"].add

    def add(self, loss: float, characters: float, names: int) -> tuple[float, float]:
        """Add a step's means over `names` names, and return both averages."""
        self.loss = loss = self._add_loss(loss, names)
        self.characters = characters = self._add_characters(characters, names)
        return loss, characters

    def state(self) -> StateDict:
        """Return everything that `restore` needs, as arrays and JSON values."""
        state: StateDict = {"loss": self.loss, "characters": self.characters}
        return state | {name: np.array(each.state()) for name, each in self._averages.items()}

    def restore(self, state: ValidatedMapping) -> None:
        """Continue from what `state` returned.

        Raises
        ------
        ValueError
            If it is not such a state; the message names what does not fit.
        """
        for name, average in self._averages.items():
            average.restore(state.array(name, (len(average.state()),), float).tolist())
        self.loss = state.number_or_none("loss")
        self.characters = state.number_or_none("characters")
