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

_SHARE = 1 - DECAY

COURSE_CHARACTERS = 7
"""The course starts its average at the loss of guessing seven characters."""

RUN_SHARE = 0.03
"""The share of a run that a growing average reaches back over."""


@dataclass(frozen=True)
class Horizon:
    """The fewest and the most examples that a growing average reaches back over.

    How far it reaches is computed anew after every `stride` examples.
    """

    shortest: float
    longest: float
    stride: int = 1


NAMES_HORIZON = Horizon(200.0, 10_000.0, 1_024)
"""In names. With fewer than 200, the noise of single names would hide the fall of the loss."""

SYMBOLS_HORIZON = Horizon(2_000.0, 100_000.0)
"""In symbols of a text: about as many as the names of `NAMES_HORIZON` have."""


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
    back = RUN_SHARE * (total // horizon.stride * horizon.stride)
    if back < horizon.shortest:
        back = horizon.shortest
    elif back > horizon.longest:
        back = horizon.longest
    return -math.expm1(-examples / back)


class SmoothedLoss(Protocol):
    """A run's moving averages of the loss and of the characters per name.

    Attributes
    ----------
    loss : float or None
        In nats per name; None before the first step.
    characters : float or None
        Per name; None before the first step.
    """

    loss: float | None
    characters: float | None

    def add(
        self,
        losses: Sequence[float],
        characters: Sequence[float],
        batch: int,
        before: int,
        totals: Sequence[int],
    ) -> tuple[list[float], list[float]]:
        """Add the means of one or more steps, and return both averages after each.

        Parameters
        ----------
        losses, characters : sequence of float
            Per name, or per symbol of a text, of each step.
        batch : int
            Names, windows or streams of a step.
        before : int
            Names, windows or symbols of streams that the run had read before the first step.
        totals : sequence of int
            The same after each step.
        """
        ...

    def state(self) -> StateDict:
        """Return everything that `restore` needs, as arrays and JSON values."""
        ...

    def restore(self, state: ValidatedMapping) -> None:
        """Continue from what `state` returned.

        Raises
        ------
        ValueError
            If it is not such a state; the message names what does not fit.
        """
        ...


def make_smoothed_loss(
    n_symbols: int, *, is_legacy: bool, smoothing: str, horizon: Horizon
) -> SmoothedLoss:
    """Return the averages that a run's recipe and settings ask for.

    Parameters
    ----------
    n_symbols : int
        Size of the vocabulary.
    is_legacy : bool
        Whether to average as the course does, whatever `smoothing` says.
    smoothing : str
        One of `engine.training.settings.SMOOTHINGS`.
    horizon : Horizon
        How far a "growing" average reaches back.
    """
    if is_legacy:
        return NotebookLoss(n_symbols)
    return GrowingLoss(horizon) if smoothing == "growing" else FixedLoss()


def _averages(value: float, newest: Sequence[float], shares: Sequence[float]) -> list[float]:
    """Return an average after each of the newest values, of which each has its share."""
    pairs = zip(newest, shares, strict=True)
    return [value := value + share * (each - value) for each, share in pairs]


class _WeightedLoss:
    """Two averages that are right from the first step on, and the weight that both share."""

    def __init__(self) -> None:
        self.loss: float | None = None
        self.characters: float | None = None
        self._loss = self._characters = self._weight = 0.0

    def state(self) -> StateDict:
        """Return what is kept of each average, with its weight."""
        return {
            "loss": self.loss,
            "characters": self.characters,
            "loss_average": np.array([self._loss, self._weight]),
            "character_average": np.array([self._characters, self._weight]),
        }

    def restore(self, state: ValidatedMapping) -> None:
        """See `SmoothedLoss.restore`."""
        self._loss, _ = state.array("loss_average", (2,), float).tolist()
        self._characters, self._weight = state.array("character_average", (2,), float).tolist()
        self.loss = state.number_or_none("loss")
        self.characters = state.number_or_none("characters")


class GrowingLoss(_WeightedLoss):
    """Averages over a share of the run, right from the first step on.

    The newest values have a share of the average, divided by the weight of all values so far, which
    grows from 0 to 1: ``value += share / weight * (new - value)``.

    Parameters
    ----------
    horizon : Horizon
    """

    def __init__(self, horizon: Horizon) -> None:
        super().__init__()
        self._horizon = horizon
        self._batch = self._next_at = 0
        self._share = 0.0

    def add(
        self,
        losses: Sequence[float],
        characters: Sequence[float],
        batch: int,
        before: int,
        totals: Sequence[int],
    ) -> tuple[list[float], list[float]]:
        """See `SmoothedLoss.add`."""
        shares, weight = [], self._weight
        for total in totals:
            if total >= self._next_at or batch != self._batch:
                stride = self._horizon.stride
                self._batch, self._next_at = batch, total // stride * stride + stride
                self._share = growing_share(total - before, total, self._horizon)
            share, before = self._share, total
            weight += share * (1 - weight)
            shares.append(share / weight)
        self._weight = weight
        smoothed = _averages(self._loss, losses, shares)
        lengths = _averages(self._characters, characters, shares)
        self.loss = self._loss = smoothed[-1]
        self.characters = self._characters = lengths[-1]
        return smoothed, lengths

    def restore(self, state: ValidatedMapping) -> None:
        """See `SmoothedLoss.restore`."""
        super().restore(state)
        self._next_at = 0  # the share is computed anew


class FixedLoss(_WeightedLoss):
    """Averages over about the last 1,000 names, right from the first step on.

    Sums of weighted values start at zero and are divided by the total weight of the values so far,
    ``1 - decay ** steps``, as Adam does with its moments (Kingma and Ba, 2015, section 3).
    """

    def add(
        self,
        losses: Sequence[float],
        characters: Sequence[float],
        batch: int,
        before: int,
        totals: Sequence[int],
    ) -> tuple[list[float], list[float]]:
        """See `SmoothedLoss.add`."""
        share = _SHARE if batch == 1 else 1 - DECAY**batch
        shares = [share] * len(losses)
        sums, lengths, weights = (
            _averages(start, values, shares)
            for start, values in (
                (self._loss, losses),
                (self._characters, characters),
                (self._weight, [1.0] * len(losses)),
            )
        )
        self._loss, self._characters, self._weight = sums[-1], lengths[-1], weights[-1]
        smoothed = [each / weight for each, weight in zip(sums, weights, strict=True)]
        lengths = [each / weight for each, weight in zip(lengths, weights, strict=True)]
        self.loss, self.characters = smoothed[-1], lengths[-1]
        return smoothed, lengths


class NotebookLoss:
    """The course's averages, which start at a guess and need 1,000 steps to forget it.

    Seven characters at ln(27) each make 23.07 nats, while a name costs about 39 at first. That is
    why the loss that the course prints rises before it falls. The average of the characters starts
    at the same seven, so that their ratio has meaning.

    Parameters
    ----------
    n_symbols : int
        Size of the vocabulary.
    """

    def __init__(self, n_symbols: int) -> None:
        self.loss: float | None = None
        self.characters: float | None = None
        # As the course's `get_initial_loss` does.
        self._loss = -math.log(1.0 / n_symbols) * COURSE_CHARACTERS
        self._characters = float(COURSE_CHARACTERS)

    def add(
        self,
        losses: Sequence[float],
        characters: Sequence[float],
        batch: int,
        before: int,
        totals: Sequence[int],
    ) -> tuple[list[float], list[float]]:
        """See `SmoothedLoss.add`. The course reads one name per step."""
        loss, length = self._loss, self._characters
        smoothed = [loss := loss * DECAY + each * _SHARE for each in losses]
        lengths = [length := length * DECAY + each * _SHARE for each in characters]
        self.loss = self._loss = loss
        self.characters = self._characters = length
        return smoothed, lengths

    def state(self) -> StateDict:
        """Return both averages."""
        return {
            "loss": self.loss,
            "characters": self.characters,
            "loss_average": np.array([self._loss]),
            "character_average": np.array([self._characters]),
        }

    def restore(self, state: ValidatedMapping) -> None:
        """See `SmoothedLoss.restore`."""
        (self._loss,) = state.array("loss_average", (1,), float).tolist()
        (self._characters,) = state.array("character_average", (1,), float).tolist()
        self.loss = state.number_or_none("loss")
        self.characters = state.number_or_none("characters")
