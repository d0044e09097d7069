"""The numbers that a network learns: one flat vector, and named views on it."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

MIN_HIDDEN = 4
MAX_HIDDEN = 512

START_SCALE = 0.01
"""Standard deviation of the start values, as in the course."""


class Normal(Protocol):
    """A source of random numbers: `numpy.random.Generator`, or the legacy `RandomState`."""

    def standard_normal(self, size: tuple[int, ...]) -> Array:
        """Draw an array of normally distributed numbers."""
        ...


class Parameters:
    """The parameters of a one-layer tanh RNN with a softmax layer, or their gradients.

    All live in one vector, so that clipping and updating take a few calls in all. The names are
    views on it: writing to one writes to the vector.

    Parameters
    ----------
    n_x, n_a, n_y : int
        Input symbols, hidden units, output symbols.
    flat : (n,) array, optional
        The vector to stand on, taken over without a copy; zeros if absent.

    Attributes
    ----------
    flat : (n,) array
        All of the following, one behind the other.
    Wax : (n_a, n_x) array
        Input to hidden. Stored transposed: the row that a symbol picks then lies in one piece.
    Waa : (n_a, n_a) array
        Hidden to hidden.
    ba : (n_a,) array
        Hidden bias (the course's model calls it b).
    Wya : (n_y, n_a) array
        Hidden to output (the course says Wy for its LSTM).
    by : (n_y,) array
        Output bias.
    """

    NAMES = ("Wax", "Waa", "Wya", "ba", "by")

    def __init__(self, n_x: int, n_a: int, n_y: int, flat: Array | None = None) -> None:
        for name, value in (("n_x", n_x), ("n_a", n_a), ("n_y", n_y)):
            if value < 1:
                raise ValueError(f"{name} must be 1 or more, got {value}.")
        self.n_x, self.n_a, self.n_y = n_x, n_a, n_y
        sizes = (n_x * n_a, n_a * n_a, n_a, n_y * n_a, n_y)
        if flat is None:
            flat = np.zeros(sum(sizes))
        elif flat.shape != (sum(sizes),):
            raise ValueError(f"flat must have the shape ({sum(sizes)},), got {flat.shape}.")
        self.flat = flat
        wax, waa, ba, wya, by = np.split(flat, np.cumsum(sizes)[:-1])
        self.Wax: Array = wax.reshape(n_x, n_a).T
        self.Waa: Array = waa.reshape(n_a, n_a)
        self.ba: Array = ba
        self.Wya: Array = wya.reshape(n_y, n_a)
        self.by: Array = by

    @classmethod
    def initial(cls, n_x: int, n_a: int, n_y: int, random: Normal) -> Parameters:
        """Draw start values as the course does: 0.01 x normal for Wax, Waa, Wya; biases zero.

        Parameters
        ----------
        random : Normal
            With ``RandomState(1)`` the values are the course's own.
        """
        parameters = cls(n_x, n_a, n_y)
        for weights in (parameters.Wax, parameters.Waa, parameters.Wya):
            weights[:] = random.standard_normal(weights.shape) * START_SCALE
        return parameters

    def zeros_like(self) -> Parameters:
        """Make parameters of the same shape, all zero: room for gradients."""
        return Parameters(self.n_x, self.n_a, self.n_y)

    def copy(self) -> Parameters:
        """Copy the vector and make new views."""
        return Parameters(self.n_x, self.n_a, self.n_y, self.flat.copy())

    def frozen_copy(self) -> Parameters:
        """Copy the vector and make it read-only, fit to be handed to another thread."""
        flat = self.flat.copy()
        flat.flags.writeable = False
        return Parameters(self.n_x, self.n_a, self.n_y, flat)

    def is_finite(self) -> bool:
        """Whether every entry is a number."""
        return bool(np.isfinite(self.flat).all())
