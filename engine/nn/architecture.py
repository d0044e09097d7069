"""The architecture of a network: its cell, its layers and their widths."""

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np

from engine.nn.cells import CELLS

MIN_HIDDEN = 4
MAX_HIDDEN = 512
MAX_LAYERS = 4
DTYPES = ("float64", "float32")

Task = Literal["write", "tell"]
"""What a network does: write names symbol by symbol, or read a name and tell its kind."""

TASKS: tuple[Task, ...] = ("write", "tell")


@dataclass(frozen=True)
class Architecture:
    """Layers of one cell below a softmax layer.

    Attributes
    ----------
    n_symbols : int
        Size of the vocabulary: of the input and, if the network writes, of the output.
    cell : str
        A name in `engine.nn.cells.CELLS`.
    widths : tuple of int
        Hidden units of each layer, the lowest first.
    embedding : int or None
        Size of the learned vector of each symbol; None for one-hot inputs.
    dtype : str
        One of `DTYPES`.
    n_kinds : int
        Kinds of names that the network is told, if it writes, or tells apart; 0 if it knows none.
    task : str
        One of `TASKS`.
    both_directions : bool
        Whether each layer also reads from right to left, with weights of its own. A network that
        writes cannot: it would have to read what it has not written yet.

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
    n_kinds: int = 0
    task: Task = "write"
    both_directions: bool = False

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
        self._check_kinds()

    def _check_kinds(self) -> None:
        if self.task not in TASKS:
            raise ValueError(f"task must be one of {', '.join(TASKS)}, got {self.task!r}.")
        least = 2 if self.task == "tell" else 0
        if type(self.n_kinds) is not int or self.n_kinds < least:
            raise ValueError(f"n_kinds must be {least} or more, got {self.n_kinds!r}.")
        if self.both_directions and self.task == "write":
            raise ValueError(
                "both_directions must be False for a network that writes: read from right to left, "
                "a name begins with letters that are not written yet."
            )

    @property
    def n_outputs(self) -> int:
        """Size of the output: the symbols, or the kinds if the network tells them."""
        return self.n_symbols if self.task == "write" else self.n_kinds

    @property
    def n_directions(self) -> int:
        """The number of directions in which each layer reads."""
        return 2 if self.both_directions else 1

    @property
    def n_input(self) -> int:
        """Width of the lowest layer's input."""
        return self.embedding or self.n_symbols

    @property
    def input_widths(self) -> tuple[int, ...]:
        """Width of each layer's input, the lowest first."""
        return (self.n_input, *(self.n_directions * n_a for n_a in self.widths[:-1]))

    @property
    def shapes(self) -> list[tuple[int, ...]]:
        """Shapes of all arrays, in the order in which `Parameters` stores them.

        W and b of each layer as one, Wya, by, E if there is one, then K of each layer if the
        network is told kinds, or the layers that read from right to left.
        """
        gates = len(CELLS[self.cell].GATES)
        blocks: list[tuple[int, ...]] = [
            (n_a + n_in + 1, gates * n_a)
            for n_a, n_in in zip(self.widths, self.input_widths, strict=True)
        ]
        shapes = [*blocks, (self.n_outputs, self.n_directions * self.widths[-1])]
        shapes.append((self.n_outputs,))
        if self.embedding:
            shapes.append((self.n_symbols, self.embedding))
        if self.n_kinds and self.task == "write":
            shapes += [(self.n_kinds, gates * n_a) for n_a in self.widths]
        if self.both_directions:
            shapes += blocks
        return shapes

    @property
    def n_parameters(self) -> int:
        """The number of parameters."""
        return sum(math.prod(shape) for shape in self.shapes)

    @property
    def numpy_dtype(self) -> np.dtype[np.floating]:
        """`dtype` as a NumPy type."""
        return np.dtype(self.dtype)
