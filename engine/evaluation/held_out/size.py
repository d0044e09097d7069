"""How much a run holds out, and how much of that is measured during training."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.data.corpus import Corpus
from engine.data.melodies import Melodies
from engine.data.passages import passages_of, split_tunes
from engine.data.text import Text
from engine.data.training_data import counted
from engine.data.vocabulary import EncodedNames
from engine.nn.architecture import Task

Indices = NDArray[np.intp]

MAX_NAMES = 1_000
"""Most names, or passages of tunes, measured during training."""

PIECE_LENGTH = 250
"""Symbols in each piece of a long text."""

MAX_SYMBOLS = 20_000
"""Most symbols of a text measured during training: 80 pieces."""

MAX_WINDOWS = 2_000
"""The same for windows: each is read to predict one symbol."""

MAX_DOCUMENT = 2_000
"""Most symbols of a document measured during training, from its beginning on."""


@dataclass(frozen=True)
class HeldOutSize:
    """How much is held out, and how much of it is measured during training.

    Attributes
    ----------
    measured, whole : int
        Names; of a text, symbols.
    noun : str
        "name", "passage" or "symbol".
    """

    measured: int
    whole: int
    noun: str

    @classmethod
    def of(
        cls,
        data: Corpus | Text,
        share: float,
        window: int | None = None,
        seed: int = 0,
        task: Task = "write",
    ) -> "HeldOutSize":
        """Return the size for a share of some data.

        Parameters
        ----------
        data : Corpus or Text
        share : float
            Share that is held out.
        window : int, optional
            Symbols of a window, if the network reads a text in windows.
        seed : int
            The run's, which decides on the names of each kind, and on the documents, that are held
            out.
        task : str
            What the network does.
        """
        if task == "tell" and isinstance(data, Melodies):
            whole = len(passages_of(data, split_tunes(data, seed, share)[1]))
            return cls(min(whole, MAX_NAMES), whole, "passage")
        if isinstance(data, Corpus):
            whole = data.held_out_count(share, seed)
            return cls(min(whole, MAX_NAMES), whole, "name")
        if data.documents is not None and window is None:
            _, held_out = data.documents.split(seed, share)
            lengths = data.documents.lengths[held_out]
            return cls.of_documents(lengths, measured_documents(lengths, seed)[1])
        whole = data.held_out_count(share, seed)
        return cls(min(whole, MAX_SYMBOLS if window is None else MAX_WINDOWS), whole, "symbol")

    @classmethod
    def of_documents(cls, whole: Indices, measured: Indices) -> "HeldOutSize":
        """Return the size, from the lengths of the documents and of what is measured of them."""
        return cls(int(measured.sum()), int(whole.sum()), "symbol")

    @property
    def is_whole(self) -> bool:
        """Whether everything is measured during training."""
        return self.measured == self.whole

    def describe(self, *, in_full: bool = False) -> str:
        """Say how much is measured: "all 154 names", "20,000 of 111,540 symbols"."""
        everything = counted(self.whole, self.noun)
        if not in_full and not self.is_whole:
            return f"{self.measured:,} of {everything}"
        return f"all {everything}" if self.whole > 1 else everything


def measured_names(names: EncodedNames, seed: int) -> EncodedNames:
    """Return the names that are measured during training: all, or a sample that the seed draws."""
    if len(names) <= MAX_NAMES:
        return names
    drawn = np.random.default_rng((seed, 3)).permutation(len(names))
    return names.take(np.sort(drawn[:MAX_NAMES]))


def measured_documents(lengths: Indices, seed: int) -> tuple[Indices, Indices]:
    """Return which documents are measured during training, and how many symbols of each.

    Parameters
    ----------
    lengths : (m,) array
        Of all held-out documents.
    seed : int
        The run's.
    """
    chosen: Indices = np.arange(len(lengths))
    measured = np.minimum(lengths, MAX_DOCUMENT)
    if measured.sum() > MAX_SYMBOLS:
        drawn = np.random.default_rng((seed, 3)).permutation(len(lengths))
        count = max(int(np.searchsorted(measured[drawn].cumsum(), MAX_SYMBOLS, side="right")), 1)
        chosen = np.sort(drawn[:count])
    return chosen, measured[chosen]
