"""A batch without padding, of names or of chunks of a text: the rows of a step are neighbours."""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from engine.data.vocabulary import EncodedNames

Indices = NDArray[np.intp]

NO_SYMBOL = -1
"""The input of a name's first step: x<1> = 0."""


@dataclass(frozen=True)
class Packed:
    """A batch as rows, one per character, step by step; within a step, longer names come first.

    A name that has ended has no more rows. So the rows of step t + 1 continue the first rows of
    step t, every step is contiguous in memory, and nothing has to be masked. Chunks of a running
    text all have one length; there, every step has m rows.

    Attributes
    ----------
    inputs : (N,) array
        The symbol that each row reads, as an index; `NO_SYMBOL` at a name's first step.
    targets : (N - unscored,) array
        The symbol that each row has to predict, as an index.
    steps : tuple of slice
        The rows of each step.
    previous : (N,) array
        The row before each row in its name; at the first step, its place in the batch.
    n_names : int
        The number of names, or chunks of a text, m.
    unscored : int
        How many rows, from the first on, read a symbol and predict nothing.
    kinds : (m,) array or None
        The kind of each name, at its place in the batch; None if the names have no kinds.
    """

    inputs: Indices
    targets: Indices
    steps: tuple[slice, ...]
    previous: Indices
    n_names: int
    unscored: int = 0
    kinds: Indices | None = None

    @classmethod
    def of(cls, names: EncodedNames, chosen: Indices) -> "Packed":
        """Pack names from a list.

        Parameters
        ----------
        names : EncodedNames
        chosen : (m,) array
            Indices into `names`, at least one; they may repeat.
        """
        lengths = names.lengths[chosen]
        longest_first = np.argsort(-lengths, kind="stable")
        ordered = chosen[longest_first]
        kinds = None if names.kinds is None else names.kinds[ordered]
        return cls.of_chunks(
            names.symbols, names.bounds[ordered], lengths[longest_first], kinds=kinds
        )

    @classmethod
    def of_chunks(
        cls,
        symbols: NDArray[np.integer],
        starts: Indices,
        lengths: Indices,
        begins: NDArray[np.bool_] | None = None,
        kinds: Indices | None = None,
    ) -> "Packed":
        """Pack names, or chunks of documents, each of which goes on after what stands before it.

        Parameters
        ----------
        symbols : (n,) array
            All names or documents, as indices.
        starts : (m,) array
            The place in `symbols` of the first symbol that each predicts; at least one.
        lengths : (m,) array
            How many symbols each predicts, at least one, in descending order.
        begins : (m,) array of bool, optional
            Whether each begins a document, so that it reads `NO_SYMBOL` first. The others read the
            symbol before their start. By default, all begin.
        kinds : (m,) array of int, optional
            The kind of each.
        """
        # The rows of step t: how many names have a t-th character.
        rows = np.searchsorted(-lengths, -np.arange(lengths[0]), side="left")
        ends = np.cumsum(rows)
        step_of_row = np.repeat(np.arange(len(rows)), rows)
        begin = ends - rows
        place = np.arange(ends[-1]) - begin[step_of_row]
        targets = symbols[starts[place] + step_of_row].astype(np.intp, copy=False)
        m = len(starts)
        previous = np.where(step_of_row == 0, place, begin[step_of_row - 1] + place)
        inputs = np.where(step_of_row == 0, NO_SYMBOL, targets[previous])
        if begins is not None:
            inputs[:m] = np.where(begins, NO_SYMBOL, symbols[starts - 1].astype(np.intp))
        steps = tuple(slice(int(b), int(e)) for b, e in zip(begin, ends, strict=True))
        return cls(inputs, targets, steps, previous, m, kinds=kinds)

    @classmethod
    def of_pieces(cls, inputs: NDArray[np.integer], targets: NDArray[np.integer]) -> "Packed":
        """Pack chunks of a text, all of one length.

        Parameters
        ----------
        inputs : (m, T) array
            The symbols to read, as indices.
        targets : (m, k) array
            The symbols to predict at the last k steps, k from 1 to T, as indices.
        """
        m, length = inputs.shape
        n_rows, n_scored = inputs.size, targets.size
        previous = np.arange(-m, n_rows - m)
        previous[:m] = np.arange(m)
        return cls(
            inputs=inputs.T.astype(np.intp).ravel(),
            targets=targets.T.astype(np.intp).ravel(),
            steps=tuple(slice(t * m, (t + 1) * m) for t in range(length)),
            previous=previous,
            n_names=m,
            unscored=n_rows - n_scored,
        )

    @cached_property
    def reversed_rows(self) -> Indices:
        """The rows of the names read from right to left: (N,).

        Row i of the reversed batch is row ``reversed_rows[i]`` of this one, and the other way
        round. The steps are the same, as the lengths of the names are.
        """
        starts = np.array([step.start for step in self.steps])
        sizes = np.diff(starts, append=self.steps[-1].stop)
        step_of_row = np.repeat(np.arange(len(sizes)), sizes)
        place = np.arange(len(step_of_row)) - starts[step_of_row]
        lengths = np.searchsorted(-sizes, -np.arange(self.n_names))
        return np.asarray(starts[lengths[place] - 1 - step_of_row] + place)

    @cached_property
    def reversed(self) -> "Packed":
        """The same names read from right to left; the targets stay as they are."""
        return replace(self, inputs=self.inputs[self.reversed_rows])

    @cached_property
    def bounds(self) -> Indices:
        """Where each step begins, and where the last one ends: (T + 1,)."""
        return np.array([*(rows.start for rows in self.steps), self.steps[-1].stop], np.intp)

    @property
    def last_rows(self) -> slice | Indices:
        """The last row of each name or chunk: m rows."""
        last = self.steps[-1]
        if last.stop - last.start == self.n_names:
            return last
        places = np.arange(self.n_names)
        starts = np.array([step.start for step in self.steps])
        sizes = np.diff(starts, append=last.stop)
        lengths = np.searchsorted(-sizes, -places)  # the steps that have more rows than the place
        return np.asarray(starts[lengths - 1] + places)

    def __len__(self) -> int:
        """Return the number of rows, N: all characters of the names, their ends included."""
        return len(self.inputs)
