"""The order in which an epoch reads its examples, and the position in it."""

from __future__ import annotations  # importing numpy.random takes long

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from engine.storage.validated_mapping import StateDict, ValidatedMapping

Order = list[int] | NDArray[np.intp]


class EpochOrder:
    """Goes through the examples, epoch after epoch.

    An order is not saved itself: it is drawn again from the random state that it was drawn from.

    Parameters
    ----------
    seed : int
        Of the run.
    draw : callable
        Takes a random generator, and returns the order of an epoch: each example once, or as often
        as its weight says. It may be a list, as reading one number from an array takes three times
        as long.

    Attributes
    ----------
    order : list of int, or (examples,) array of int
        That of the present epoch; empty before the first.
    position : int
        Examples of it that were read.
    """

    def __init__(self, seed: int, draw: Callable[[np.random.Generator], Order]) -> None:
        self._draw = draw
        self._random = np.random.default_rng((seed, 1))
        self._drawn_from = self._random.bit_generator.state
        self.order: Order = []
        self.position = 0

    def take_one(self) -> int:
        """Return the next example."""
        if self.position == len(self.order):
            self._begin_epoch()
        example: int = self.order[self.position]
        self.position += 1
        return example

    def take(self, count: int) -> NDArray[np.intp]:
        """Return the next examples, (count,). They may be of two or more epochs."""
        parts: list[Order] = []
        missing = count
        while missing:
            if self.position == len(self.order):
                self._begin_epoch()
            parts.append(self.order[self.position : self.position + missing])
            self.position += len(parts[-1])
            missing -= len(parts[-1])
        return np.concatenate(parts)

    def peek(self, count: int) -> NDArray[np.int64]:
        """Return the next examples of one epoch, `count` at most, without reading them: (n,)."""
        if self.position == len(self.order):
            self._begin_epoch()
        return np.array(self.order[self.position : self.position + count], np.int64)

    def begin_anew(self) -> None:
        """Leave the rest of the epoch; the next example begins another one."""
        self.order, self.position = [], 0

    def state(self) -> StateDict:
        """Return the position in the epoch, and the random state that its order was drawn from."""
        is_begun = len(self.order) > 0
        return {
            "position": self.position,
            "is_begun": is_begun,
            "random": self._drawn_from if is_begun else self._random.bit_generator.state,
        }

    def restore(self, state: ValidatedMapping) -> None:
        """Draw the epoch's order again, and continue from the position in it.

        Raises
        ------
        ValueError
            If `state` did not return this; the message names what does not fit.
        """
        self._random = state.random("random")
        if state.value("is_begun"):
            self._begin_epoch()
        self.position = state.whole("position", most=len(self.order))

    def _begin_epoch(self) -> None:
        self.position = 0
        self._drawn_from = self._random.bit_generator.state
        self.order = self._draw(self._random)


def weighted_order(weights: NDArray[np.float64], random: np.random.Generator) -> NDArray[np.intp]:
    """Draw as many examples as there are weights, each as often as its weight says.

    On average, example i occurs n w_i / sum(w) times. In each epoch, this number is rounded up or
    down at random, so that equal weights give each example once. Source: systematic sampling
    (Madow and Madow, 1944), of the examples in a random order.

    Parameters
    ----------
    weights : (n,) array
        Positive.
    random : Generator

    Returns
    -------
    (n,) array
        Indices of examples, in a random order.
    """
    count = len(weights)
    shuffled = random.permutation(count)
    ends = np.cumsum(weights[shuffled])
    points = (np.arange(count) + random.random()) * (ends[-1] / count)
    # Rounding may move the last point to the very end.
    drawn = np.minimum(np.searchsorted(ends, points, side="right"), count - 1)
    return shuffled[random.permutation(drawn)]


def balanced_weights(
    kinds: NDArray[np.intp], balance: float, weights: NDArray[np.float64] | None = None
) -> NDArray[np.float64]:
    """Return the weights of names with which their kinds are drawn more evenly.

    A kind whose names weigh s together is then drawn in proportion to s ** (1 - balance), and
    within it each name in proportion to its weight.

    Parameters
    ----------
    kinds : (n,) array
        The kind of each name, as an index.
    balance : float
        From 0, as the names' weights say, to 1, all kinds alike.
    weights : (n,) array, optional
        Positive; all alike if absent.

    Returns
    -------
    (n,) array
    """
    own = np.ones(len(kinds)) if weights is None else weights
    sizes = np.bincount(kinds, weights=own)
    balanced: NDArray[np.float64] = own * sizes[kinds] ** -balance
    return balanced
