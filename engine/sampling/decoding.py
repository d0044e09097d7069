"""How a symbol is chosen from the network's logits: temperature, greedy, top-k and top-p."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.nn.functions import softmax


class SamplingError(ValueError):
    """Names were asked for in a way that makes no sense. The message is a sentence for people.

    Attributes
    ----------
    field : str
        What to change: an attribute of `Constraints`; empty if it is none of them.
    """

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True)
class DecodingStrategy:
    """A rule of choosing. Each part leaves less to choose from, in the order given here.

    Attributes
    ----------
    temperature : float
        Above 0: below 1 the likely becomes likelier, above 1 everything becomes possible.
    greedy : bool
        Whether to take the likeliest symbol, always.
    top_k : int or None
        Choose from the so many likeliest; from all if None.
    top_p : float
        Above 0, 1 at most: choose from the fewest that together are so likely, after the
        temperature and `top_k` (nucleus sampling).

    Raises
    ------
    SamplingError
        If a value lies outside what is allowed.
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
            raise SamplingError(f"Top-k must leave 1 letter or more, not {self.top_k}.", "top_k")
        if not 0 < self.top_p <= 1:
            raise SamplingError(
                f"Top-p must be above 0 and at most 1, not {self.top_p:g}.", "top_p"
            )

    def log_weights(self, z: NDArray[np.floating]) -> NDArray[np.float64]:
        """Return the logits of what is chosen from.

        Parameters
        ----------
        z : (m, n_y) array
            The network's; -inf for what is not among the choices.

        Returns
        -------
        (m, n_y) array
            The likeliest at 0; -inf for what is left out.
        """
        z = z.astype(np.float64)
        with np.errstate(over="ignore"):  # next to no temperature: all but the best are at -inf
            z = (z - z.max(axis=1, keepdims=True)) / self.temperature
        k = 1 if self.greedy else self.top_k
        if (k is None or k >= z.shape[1]) and self.top_p == 1:
            return np.asarray(z)
        order = np.argsort(-z, axis=1, kind="stable")  # among equals, the vocabulary's first
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
        """Return how likely each symbol is to be chosen: (m, n_y), from logits (m, n_y)."""
        return np.asarray(softmax(self.log_weights(z)))

    def choose(self, z: NDArray[np.floating], noise: NDArray[np.floating]) -> NDArray[np.intp]:
        """Choose a symbol a row.

        The largest of log weight plus Gumbel noise: a symbol stands there with its probability.
        Unlike a number on the cumulative probabilities, the noise of one symbol does not concern
        the others, so that the same noise gives another choice only where it has to.

        Parameters
        ----------
        z : (m, n_y) array
            Logits.
        noise : (m, n_y) array
            Of `engine.sampling.random_streams.RandomStreams.gumbel`.

        Returns
        -------
        (m,) array
            Indices.
        """
        return np.asarray((self.log_weights(z) + noise).argmax(axis=1))
