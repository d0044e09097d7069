"""The numbers that a network learns: one flat vector, and named views on it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from engine.nn.architecture import Architecture
from engine.nn.cells import CELLS
from engine.nn.fast.aligned import aligned_copy, aligned_zeros

Array = NDArray[np.floating]

START_SCALE = 0.01
"""Standard deviation of the start values of a single tanh layer, as in the course."""


class Normal(Protocol):
    """A source of random numbers: `numpy.random.Generator`, or the legacy `RandomState`."""

    def standard_normal(self, size: Any) -> Any:
        """Draw an array of normally distributed numbers."""
        ...


@dataclass(frozen=True)
class LayerParameters:
    """The parameters of one layer: a block, and the course's names as views on it.

    Attributes
    ----------
    block : (n_a + n_in + 1, gates x n_a) array
        W, and b as its last row: what a 1 at the end of [a_prev; x] picks.
    W : (n_a + n_in, gates x n_a) array
        Transposed; see `engine.nn.cells`.
    b : (gates x n_a,) array
    named : dict of str to array
        The course's matrices and biases.
    """

    block: Array
    W: Array
    b: Array
    named: dict[str, Array]

    @property
    def U(self) -> Array:
        """What comes from the layer itself: (n_a, gates x n_a)."""
        return self.W[: self.n_a]

    @property
    def V(self) -> Array:
        """What comes from below: (n_in, gates x n_a)."""
        return self.W[self.n_a :]

    @property
    def gates(self) -> int:
        """How many blocks of n_a columns there are."""
        return len(self.b) // self.n_a

    @property
    def n_a(self) -> int:
        """Hidden units."""
        return int(next(iter(self.named.values())).shape[0])


class Parameters:
    """The parameters of a network, or their gradients, or whatever an optimiser keeps of each.

    All live in one vector, so that clipping and updating take a few calls in all. The names are
    views on it: writing to one writes to the vector.

    Parameters
    ----------
    architecture : Architecture
    flat : (n,) array, optional
        The vector to stand on, taken over without a copy; zeros if absent.

    Attributes
    ----------
    flat : (n,) array
        All of the following, one behind the other.
    layers : tuple of LayerParameters
        The lowest first.
    E : (n_symbols, embedding) array or None
        What stands for each symbol, where symbols are embedded.
    Wya : (n_y, n_a) array
        Top layer to output (the course says Wy for its LSTM).
    by : (n_y,) array
        Output bias.
    """

    def __init__(self, architecture: Architecture, flat: Array | None = None) -> None:
        self.architecture = architecture
        shapes = architecture.shapes
        sizes = [math.prod(shape) for shape in shapes]
        if flat is None:
            flat = aligned_zeros((sum(sizes),), architecture.numpy_dtype)
        elif flat.shape != (sum(sizes),):
            raise ValueError(f"flat must have the shape ({sum(sizes)},), got {flat.shape}.")
        self.flat = flat
        pieces = np.split(flat, np.cumsum(sizes)[:-1])
        arrays = [piece.reshape(shape) for piece, shape in zip(pieces, shapes, strict=True)]
        cell, n_layers = CELLS[architecture.cell], len(architecture.widths)
        self.layers = tuple(
            LayerParameters(block, block[:-1], block[-1], cell.views(block[:-1], block[-1]))
            for block in arrays[:n_layers]
        )
        self.Wya: Array = arrays[n_layers]
        self.by: Array = arrays[n_layers + 1]
        self.E: Array | None = arrays[-1] if architecture.embedding else None

    @classmethod
    def initial(cls, architecture: Architecture, random: Normal) -> Parameters:
        """Draw start values.

        A single tanh layer's are the course's: 0.01 x normal for Wax, Waa and Wya, in this order,
        biases zero. A deeper or gated network's spread by 1 / sqrt(what a unit hears), without
        which nothing would reach its lower layers.

        Parameters
        ----------
        random : Normal
            With ``RandomState(1)`` a single tanh layer's values are the course's own.
        """
        parameters = cls(architecture)
        is_course = architecture.cell == "rnn" and len(architecture.widths) == 1
        for layer in parameters.layers:
            CELLS[architecture.cell].start(layer.b)
            weights = [array for name, array in layer.named.items() if name.startswith("W")]
            for array in weights:
                spread = START_SCALE if is_course else 1.0 / np.sqrt(layer.W.shape[0])
                array[:] = random.standard_normal(array.shape) * spread
        spread = START_SCALE if is_course else 1.0 / np.sqrt(parameters.Wya.shape[1])
        parameters.Wya[:] = random.standard_normal(parameters.Wya.shape) * spread
        if parameters.E is not None:
            parameters.E[:] = random.standard_normal(parameters.E.shape)
        return parameters

    @property
    def named(self) -> dict[str, Array]:
        """All arrays by name; with more than one layer, "Waa" of the second is "2.Waa"."""
        many = len(self.layers) > 1
        found = {
            f"{place}.{name}" if many else name: array
            for place, layer in enumerate(self.layers, start=1)
            for name, array in layer.named.items()
        }
        found |= {"Wya": self.Wya, "by": self.by}
        return found if self.E is None else found | {"E": self.E}

    def zeros_like(self) -> Parameters:
        """Make parameters of the same shape, all zero: room for gradients."""
        return Parameters(self.architecture)

    def copy(self) -> Parameters:
        """Copy the vector and make new views."""
        return Parameters(self.architecture, aligned_copy(self.flat))

    def frozen_copy(self) -> Parameters:
        """Copy the vector and make it read-only, fit to be handed to another thread."""
        flat = self.flat.copy()
        flat.flags.writeable = False
        return Parameters(self.architecture, flat)

    def is_finite(self) -> bool:
        """Whether every entry is a number."""
        return bool(np.isfinite(self.flat).all())
