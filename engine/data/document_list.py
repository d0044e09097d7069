"""Documents as indices: many texts in one array, each with its end."""

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.data.vocabulary import END_INDEX, EncodedNames

Indices = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class DocumentList:
    """Documents in one array of indices, each followed by its end.

    Attributes
    ----------
    symbols : (n,) array
        Indices of all documents. The index `END_INDEX` ends each, the last one too.
    kinds : (documents,) array or None
        The kind of each document, as an index; None if they have no kinds.
    """

    symbols: NDArray[np.unsignedinteger[Any]]
    kinds: Indices | None = None

    def __len__(self) -> int:
        return len(self.bounds) - 1

    @cached_property
    def bounds(self) -> Indices:
        """Document i is ``symbols[bounds[i]:bounds[i + 1]]``, end included: (documents + 1,)."""
        return np.concatenate(([0], np.flatnonzero(self.symbols == END_INDEX) + 1))

    @property
    def lengths(self) -> Indices:
        """Length of each document in symbols, its end included: (documents,)."""
        return np.diff(self.bounds)

    @cached_property
    def first_equals(self) -> Indices:
        """For each document, the index of the first one that equals it: (documents,)."""
        first: dict[bytes, int] = {}
        pairs = enumerate(pairwise(self.bounds.tolist()))
        return np.array(
            [
                first.setdefault(self.symbols[begin:end].tobytes(), number)
                for number, (begin, end) in pairs
            ]
        )

    def take(self, chosen: Indices) -> "DocumentList":
        """Return the documents at `chosen`, in this order."""
        bounds = self.bounds
        parts = [self.symbols[bounds[each] : bounds[each + 1]] for each in chosen]
        kinds = None if self.kinds is None else self.kinds[chosen]
        return DocumentList(np.concatenate(parts), kinds)

    def split(self, seed: int, share: float) -> tuple[Indices, Indices]:
        """Choose which documents are held out. Equal documents stay together.

        Parameters
        ----------
        seed : int
            The same seed gives the same split.
        share : float
            Share of the different documents to hold out, above 0 and below 1. Each part gets at
            least one.

        Returns
        -------
        training, held_out : arrays
            The documents of each part, in ascending order.
        """
        different, kind = np.unique(self.first_equals, return_inverse=True)
        count = min(max(round(share * len(different)), 1), len(different) - 1)
        is_held_out = np.zeros(len(different), dtype=bool)
        is_held_out[np.random.default_rng(seed).permutation(len(different))[:count]] = True
        out = is_held_out[kind]
        return np.flatnonzero(~out), np.flatnonzero(out)

    def parted(self, seed: int, share: float) -> tuple["DocumentList", "DocumentList"]:
        """Return the documents to train on, and those held out, as `split` chooses them."""
        training, held_out = self.split(seed, share)
        return self.take(training), self.take(held_out)

    def beginnings(self, most: int) -> EncodedNames:
        """Return at most the first `most` symbols of each document, in the form of names."""
        lengths = np.minimum(self.lengths, most)
        bounds = np.concatenate(([0], np.cumsum(lengths)))
        places = np.repeat(self.bounds[:-1] - bounds[:-1], lengths) + np.arange(bounds[-1])
        return EncodedNames(self.symbols[places].astype(np.intp), bounds, self.kinds)
