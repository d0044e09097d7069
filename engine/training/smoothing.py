"""Moving averages of the loss.

Each average is updated as ``value = (1 - share) * value + share * new``. They differ in how they
start, and in how far they reach back: over a share of the run so far, or over the last 1,000 names
as in the course.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from engine.storage.validated_mapping import StateDict, ValidatedMapping

DECAY = 0.999
"""Weight of the past, as in the course: an average covers about the last 1,000 names."""

COURSE_CHARACTERS = 7
"""The course starts its average at the loss of guessing seven characters."""

RUN_SHARE = 0.03
"""The share of a run that a growing average reaches back over."""


@dataclass(frozen=True)
class Horizon:
    """The fewest and the most examples that a growing average reaches back over."""

    shortest: float
    longest: float


NAMES_HORIZON = Horizon(200.0, 10_000.0)
"""In names. With fewer than 200, the noise of single names would hide the fall of the loss."""

SYMBOLS_HORIZON = Horizon(2_000.0, 100_000.0)
"""In symbols of a text: about as many as the names of `NAMES_HORIZON` have."""


class Average(Protocol):
    """A moving average."""

    def add(self, value: float, share: float) -> float:
        """Give the newest value its share of the average, and return the average."""
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
    ``1 - decay ** steps`` for a constant decay, as Adam does with its moments (Kingma and Ba, 2015,
    section 3).
    """

    def __init__(self) -> None:
        self._sum = 0.0
        self._weight = 0.0

    def add(self, value: float, share: float) -> float:
        """Give the newest value its share of the average, and return the average."""
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

    def add(self, value: float, share: float = 1 - DECAY) -> float:
        """Add the value of one name, and return the average. The share is always the course's."""
        self._value = self._value * DECAY + value * (1 - DECAY)
        return self._value

    def state(self) -> list[float]:
        """Return the value."""
        return [self._value]

    def restore(self, state: Sequence[float]) -> None:
        """Continue from a value."""
        (self._value,) = state


def growing_share(examples: int, total: int, horizon: Horizon) -> float:
    """Return the share of the newest examples in an average over the latest part of a run.

    The average reaches back over h examples, h = `RUN_SHARE` of the run so far, but at least
    `horizon.shortest` and at most `horizon.longest`. The share is 1 - e^(-examples / h).

    Parameters
    ----------
    examples : int
        Names of the newest step, or symbols of a text.
    total : int
        Those of all steps so far, the newest included.
    horizon : Horizon
    """
    back = RUN_SHARE * total
    if back < horizon.shortest:
        back = horizon.shortest
    elif back > horizon.longest:
        back = horizon.longest
    return 1.0 - math.exp(-examples / back)


class SmoothedLoss:
    """A run's moving averages of the loss and of the characters per name.

    Parameters
    ----------
    n_symbols : int
        Size of the vocabulary.
    is_legacy : bool
        Whether to average as the course does.
    smoothing : str
        One of `engine.training.settings.SMOOTHINGS`. The course's average is always "fixed".
    horizon : Horizon
        How far the average of a "growing" smoothing reaches back.

    Attributes
    ----------
    loss : float or None
        In nats per name; None before the first step.
    characters : float or None
        Per name; None before the first step.
    """

    def __init__(
        self,
        n_symbols: int,
        *,
        is_legacy: bool,
        smoothing: str = "growing",
        horizon: Horizon = NAMES_HORIZON,
    ) -> None:
        self.loss: float | None = None
        self.characters: float | None = None
        self._horizon = None if is_legacy or smoothing == "fixed" else horizon
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

    def add(
        self, loss: float, characters: float, batch: int, examples: int, total: int
    ) -> tuple[float, float]:
        """Add a step's means, and return both averages.

        Parameters
        ----------
        loss, characters : float
            Per name, or per symbol of a text.
        batch : int
            Names, windows or streams of the step.
        examples, total : int
            Names, windows or symbols of streams that the step has read, and that the run has read
            so far.
        """
        if self._horizon is not None:
            share = growing_share(examples, total, self._horizon)
        else:
            share = 1 - DECAY if batch == 1 else 1 - DECAY**batch
        self.loss = loss = self._add_loss(loss, share)
        self.characters = characters = self._add_characters(characters, share)
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
