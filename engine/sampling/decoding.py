"""Decoding strategies: temperature, greedy, top-k and top-p."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.nn.functions import softmax


class SamplingError(ValueError):
    """What was asked for cannot be sampled. The message is a sentence for people.

    Attributes
    ----------
    field : str
        The attribute of `Constraints` to change. Empty if it is none of them.
    """

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True)
class DecodingStrategy:
    """How a symbol is chosen. Each part restricts the choice further, in the order given here.

    Attributes
    ----------
    temperature : float
        What the logits are divided by, above 0. Below 1 likely symbols become likelier, above 1
        unlikely ones do.
    greedy : bool
        Whether to always choose the likeliest symbol.
    top_k : int or None
        Choose among the k likeliest symbols, or among all if None.
    top_p : float
        Choose among the smallest set of symbols whose probabilities, after the temperature and
        `top_k`, sum to at least this (nucleus sampling: A. Holtzman et al., "The Curious Case of
        Neural Text Degeneration", 2020). Above 0, and 1 at most.

    Raises
    ------
    SamplingError
        If a value is out of bounds.
    """

    temperature: float = 1.0
    greedy: bool = False
    top_k: int | None = None
    top_p: float = 1.0

    def __post_init__(self) -> None:
        if not (self.temperature > 0 and math.isfinite(self.temperature)):
            raise SamplingError(
                f"The temperature must be a number above 0, not {self.temperature:g}.",
                "temperature",
            )
        if self.top_k is not None and self.top_k < 1:
            raise SamplingError(f"Top-k must be 1 or more, not {self.top_k}.", "top_k")
        if not 0 < self.top_p <= 1:
            raise SamplingError(
                f"Top-p must be above 0 and at most 1, not {self.top_p:g}.", "top_p"
            )

    def log_weights(self, z: NDArray[np.floating]) -> NDArray[np.float64]:
        """Return the logits after temperature, greedy, top-k and top-p.

        Parameters
        ----------
        z : (m, n_y) array
            Logits; -inf for a symbol that must not be chosen.

        Returns
        -------
        (m, n_y) array
            Log weights: 0 for the likeliest symbol, -inf for those left out.
        """
        z = z.astype(np.float64)
        with np.errstate(over="ignore"):  # near temperature 0, all others become -inf
            z = (z - z.max(axis=1, keepdims=True)) / self.temperature
        k = 1 if self.greedy else self.top_k
        if (k is None or k >= z.shape[1]) and self.top_p == 1:
            return np.asarray(z)
        order = np.argsort(
            -z, axis=1, kind="stable"
        )  # of equal symbols, the first in the vocabulary wins
        leaves_out = np.zeros(z.shape, dtype=bool)  # by rank
        if k is not None:
            leaves_out[:, k:] = True
        if self.top_p < 1:
            p = softmax(np.where(leaves_out, -np.inf, np.take_along_axis(z, order, axis=1)))
            leaves_out |= p.cumsum(axis=1) - p >= self.top_p
        left_out = np.empty_like(leaves_out)
        np.put_along_axis(left_out, order, leaves_out, axis=1)
        z[left_out] = -np.inf
        return np.asarray(z)

    def probabilities(self, z: NDArray[np.floating]) -> NDArray[np.float64]:
        """Return the probability that each symbol is chosen: (m, n_y), from logits (m, n_y)."""
        return np.asarray(softmax(self.log_weights(z)))

    def choose(self, z: NDArray[np.floating], noise: NDArray[np.floating]) -> NDArray[np.intp]:
        """Choose a symbol for each row: argmax(log weight + noise).

        With Gumbel noise, the maximum is at a symbol with the symbol's probability (the Gumbel-max
        trick: C. Maddison, D. Tarlow and T. Minka, "A* Sampling", 2014). Unlike a random number
        compared with cumulative probabilities, the noise of one symbol does not affect the others,
        so that the same noise gives another symbol only if it has to.

        Parameters
        ----------
        z : (m, n_y) array
            Logits.
        noise : (m, n_y) array
            From `engine.sampling.random_streams.RandomStreams.gumbel`.

        Returns
        -------
        (m,) array
            Indices of symbols.
        """
        return np.asarray((self.log_weights(z) + noise).argmax(axis=1))
