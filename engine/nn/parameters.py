"""The parameters of a network: one flat vector, and named views on it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import accumulate, islice
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from engine.nn.architecture import Architecture
from engine.nn.cells import CELLS
from engine.nn.fast.aligned import aligned_copy, aligned_zeros

Array = NDArray[np.floating]


class Normal(Protocol):
    """A source of random numbers: `numpy.random.Generator`, or the legacy `RandomState`."""

    def standard_normal(self, size: Any) -> Any:
        """Draw an array of normally distributed numbers."""
        ...


@dataclass(frozen=True)
class LayerParameters:
    """The parameters of one layer: one array, and the course's names as views on it.

    Attributes
    ----------
    block : (n_a + n_in + 1, gates x n_a) array
        W and, as its last row, b: the weights of [a_prev; x; 1].
    W : (n_a + n_in, gates x n_a) array
        Transposed; see `engine.nn.cell_protocol.Cell`.
    b : (gates x n_a,) array
    named : dict of str to array
        The course's matrices and biases.
    K : (n_kinds, gates x n_a) array or None
        What each kind of names adds to the pre-activations, at every step; None if the network is
        not told kinds.
    """

    block: Array
    W: Array
    b: Array
    named: dict[str, Array]
    K: Array | None = None

    @property
    def U(self) -> Array:
        """The recurrent weights: (n_a, gates x n_a)."""
        return self.W[: self.n_a]

    @property
    def V(self) -> Array:
        """The input weights: (n_in, gates x n_a)."""
        return self.W[self.n_a :]

    @property
    def gates(self) -> int:
        """The number of gates, each of n_a columns."""
        return len(self.b) // self.n_a

    @property
    def n_a(self) -> int:
        """The number of hidden units."""
        return int(next(iter(self.named.values())).shape[0])


class Parameters:
    """The parameters of a network, or their gradients, or an optimiser's moments.

    All are stored in one vector, so that clipping and updating take a few calls in all. The named
    arrays are views: writing to one writes to the vector.

    Parameters
    ----------
    architecture : Architecture
    flat : (n,) array, optional
        The vector to use, without a copy; zeros if absent.

    Attributes
    ----------
    flat : (n,) array
        All of the following, one after the other.
    layers : tuple of LayerParameters
        The lowest first.
    reverse_layers : tuple of LayerParameters
        Those that read from right to left; none if the network reads in one direction.
    E : (n_symbols, embedding) array or None
        The embedding of each symbol; None for one-hot inputs.
    Wya : (n_y, directions x n_a) array
        The output weights (the course writes Wy for its LSTM).
    by : (n_y,) array
        The output bias.

    Raises
    ------
    ValueError
        If `flat` has the wrong length.
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
        ends = list(accumulate(sizes))  # np.split takes several times as long
        places = zip(ends, sizes, shapes, strict=True)
        found = iter([flat[end - size : end].reshape(shape) for end, size, shape in places])
        n_layers = len(architecture.widths)
        blocks = list(islice(found, n_layers))
        self.Wya: Array = next(found)
        self.by: Array = next(found)
        self.E: Array | None = next(found) if architecture.embedding else None
        is_told = architecture.n_kinds and architecture.task == "write"
        of_kinds = list(islice(found, n_layers)) if is_told else [None] * n_layers
        cell = CELLS[architecture.cell]
        self.layers = tuple(
            LayerParameters(block, block[:-1], block[-1], cell.views(block[:-1], block[-1]), K)
            for block, K in zip(blocks, of_kinds, strict=True)
        )
        self.reverse_layers = tuple(
            LayerParameters(block, block[:-1], block[-1], cell.views(block[:-1], block[-1]))
            for block in found
        )

    @classmethod
    def initial(cls, architecture: Architecture, random: Normal) -> Parameters:
        """Draw the parameters that training begins with.

        Weights are normally distributed around zero. Their scale, and the biases, are the cell's:
        see `Cell.weight_scale`, which also scales Wya, and `Cell.set_start_biases`. K is zero, so
        that at first all kinds are alike.

        Parameters
        ----------
        architecture : Architecture
        random : Normal
            With ``RandomState(1)`` the values of a single tanh layer are the course's own.
        """
        parameters = cls(architecture)
        cell, n_layers = CELLS[architecture.cell], len(architecture.widths)
        for layer in parameters.layers + parameters.reverse_layers:
            cell.set_start_biases(layer.b)
            scale = cell.weight_scale(len(layer.W), n_layers)
            for name, array in layer.named.items():
                if name.startswith("W"):
                    array[:] = random.standard_normal(array.shape) * scale
        scale = cell.weight_scale(parameters.Wya.shape[1], n_layers)
        parameters.Wya[:] = random.standard_normal(parameters.Wya.shape) * scale
        if parameters.E is not None:
            parameters.E[:] = random.standard_normal(parameters.E.shape)
        return parameters

    @property
    def named(self) -> dict[str, Array]:
        """All arrays by name.

        With several layers, "Waa" of the second is "2.Waa". In the layers that read from right to
        left, it is "reverse.Waa" or "reverse.2.Waa".
        """
        found = self._named_layers(self.layers)
        found |= {"Wya": self.Wya, "by": self.by}
        if self.E is not None:
            found["E"] = self.E
        reverse = self._named_layers(self.reverse_layers)
        return found | {f"reverse.{name}": array for name, array in reverse.items()}

    def _named_layers(self, layers: tuple[LayerParameters, ...]) -> dict[str, Array]:
        many = len(layers) > 1
        return {
            f"{place}.{name}" if many else name: array
            for place, layer in enumerate(layers, start=1)
            for name, array in (layer.named | ({} if layer.K is None else {"K": layer.K})).items()
        }

    def zeros_like(self) -> Parameters:
        """Return parameters of the same shapes, all zero, for example for gradients."""
        return Parameters(self.architecture)

    def copy(self) -> Parameters:
        """Return a copy."""
        return Parameters(self.architecture, aligned_copy(self.flat))

    def frozen_copy(self) -> Parameters:
        """Return a read-only copy, which may be handed to another thread."""
        flat = self.flat.copy()
        flat.flags.writeable = False
        return Parameters(self.architecture, flat)

    def is_finite(self) -> bool:
        """Whether every entry is finite."""
        return bool(np.isfinite(self.flat).all())
