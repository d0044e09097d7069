"""A batch of names of different lengths without padding: the rows of each step stand together."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.vocabulary import EncodedNames

Indices = NDArray[np.intp]

NO_SYMBOL = -1
"""What is read at the first step: x<1> = 0."""


@dataclass(frozen=True)
class Packed:
    """A batch as rows, one a character, step by step; within a step the longest names come first.

    A name that has ended has no row any more. So the rows of step t + 1 belong to the first ones
    of step t, every step is one piece of memory, and nothing has to be masked.

    Attributes
    ----------
    inputs, targets : (N,) arrays
        What each row reads (`NO_SYMBOL` at the first step) and is to predict, as indices.
    steps : tuple of slice
        The rows of each step.
    previous : (N,) array
        The row that each row follows; for the first step, its place in the batch.
    n_names : int
        Names in the batch, m.
    """

    inputs: Indices
    targets: Indices
    steps: tuple[slice, ...]
    previous: Indices
    n_names: int

    @classmethod
    def of(cls, names: EncodedNames, chosen: Indices) -> "Packed":
        """Pack some of a list of names.

        Parameters
        ----------
        names : EncodedNames
        chosen : (m,) array
            Indices into `names`, at least one; they may repeat.
        """
        lengths = names.lengths[chosen]
        longest_first = np.argsort(-lengths, kind="stable")
        lengths, starts = lengths[longest_first], names.bounds[chosen[longest_first]]
        # How many names have a t-th character: the rows of each step.
        rows = np.searchsorted(-lengths, -np.arange(lengths[0]), side="left")
        ends = np.cumsum(rows)
        step_of_row = np.repeat(np.arange(len(rows)), rows)
        begin = ends - rows
        place = np.arange(ends[-1]) - begin[step_of_row]
        targets = names.symbols[starts[place] + step_of_row]
        m = len(chosen)
        previous = np.where(step_of_row == 0, place, begin[step_of_row - 1] + place)
        inputs = np.where(step_of_row == 0, NO_SYMBOL, targets[previous])
        steps = tuple(slice(int(b), int(e)) for b, e in zip(begin, ends, strict=True))
        return cls(inputs, targets, steps, previous, m)

    def __len__(self) -> int:
        """Return the number of rows, N: the characters of all names, their ends included."""
        return len(self.targets)
