"""The architecture of a network: its cell, its layers and their widths."""

import math
from dataclasses import dataclass

import numpy as np

from engine.nn.cells import CELLS

MIN_HIDDEN = 4
MAX_HIDDEN = 512
MAX_LAYERS = 4
DTYPES = ("float64", "float32")


@dataclass(frozen=True)
class Architecture:
    """Layers of one cell below a softmax layer.

    Attributes
    ----------
    n_symbols : int
        Size of the vocabulary, which is both input and output.
    cell : str
        A name in `engine.nn.cells.CELLS`.
    widths : tuple of int
        Hidden units of each layer, the lowest first.
    embedding : int or None
        Size of the learned vector of each symbol; None for one-hot inputs.
    dtype : str
        One of `DTYPES`.

    Raises
    ------
    ValueError
        If a value is out of range; the message names it.
    """

    n_symbols: int
    cell: str = "rnn"
    widths: tuple[int, ...] = (50,)
    embedding: int | None = None
    dtype: str = "float64"

    def __post_init__(self) -> None:
        if self.n_symbols < 1:
            raise ValueError(f"n_symbols must be 1 or more, got {self.n_symbols}.")
        if self.cell not in CELLS:
            raise ValueError(f"cell must be one of {', '.join(CELLS)}, got {self.cell!r}.")
        if not 1 <= len(self.widths) <= MAX_LAYERS:
            raise ValueError(f"widths must name 1 to {MAX_LAYERS} layers, got {self.widths!r}.")
        if min(self.widths) < 1:
            raise ValueError(f"widths must be 1 or more, got {self.widths!r}.")
        if self.embedding is not None and self.embedding < 1:
            raise ValueError(f"embedding must be 1 or more, or None, got {self.embedding!r}.")
        if self.dtype not in DTYPES:
            raise ValueError(f"dtype must be one of {', '.join(DTYPES)}, got {self.dtype!r}.")

    @property
    def n_input(self) -> int:
        """Width of the lowest layer's input."""
        return self.embedding or self.n_symbols

    @property
    def input_widths(self) -> tuple[int, ...]:
        """Width of each layer's input, the lowest first."""
        return (self.n_input, *self.widths[:-1])

    @property
    def shapes(self) -> list[tuple[int, ...]]:
        """Shapes of all arrays: W and b of each layer as one, Wya, by, and E if there is one."""
        gates = len(CELLS[self.cell].GATES)
        shapes: list[tuple[int, ...]] = [
            (n_a + n_in + 1, gates * n_a)
            for n_a, n_in in zip(self.widths, self.input_widths, strict=True)
        ]
        shapes += [(self.n_symbols, self.widths[-1]), (self.n_symbols,)]
        if self.embedding:
            shapes.append((self.n_symbols, self.embedding))
        return shapes

    @property
    def n_parameters(self) -> int:
        """The number of parameters."""
        return sum(math.prod(shape) for shape in self.shapes)

    @property
    def numpy_dtype(self) -> np.dtype[np.floating]:
        """`dtype` as a NumPy type."""
        return np.dtype(self.dtype)
