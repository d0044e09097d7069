"""The gradient flow of runs that are compared: measured on the same pieces of data for all."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from engine.data.corpus import Corpus
from engine.data.text import Text
from engine.data.vocabulary import END, UnknownSymbolError, Vocabulary
from engine.insight.gradient_left import gradient_left
from engine.nn.kinds import even_blend, of_blend
from engine.nn.packing import NO_SYMBOL
from engine.nn.parameters import Parameters

LETTERS_BACK = 10
"""How far back the gradient is looked at, if there are names so long."""

_MOST_PIECES = 16


@dataclass(frozen=True)
class GradientLeft:
    """How much of the last letter's gradient is left some letters before it.

    Attributes
    ----------
    share : float
        See `engine.insight.gradient_left.gradient_left`.
    letters_back : int
    """

    share: float
    letters_back: int


@dataclass(frozen=True)
class Pieces:
    """The beginnings of some names, or pieces of a text; all of one length.

    Attributes
    ----------
    pieces : tuple of str
    begin_names : bool
        Whether each is the beginning of a name, before which the network reads nothing. Otherwise
        its first symbol is only read.
    """

    pieces: tuple[Sequence[str], ...]
    begin_names: bool

    @property
    def letters_back(self) -> int:
        """Letters from the last one, whose loss it is, back to the first one."""
        return len(self.pieces[0]) - (1 if self.begin_names else 2)

    def measure(self, parameters: Parameters, vocabulary: Vocabulary) -> GradientLeft | None:
        """Measure a network; None if it does not know all symbols, or is not finite.

        One that is told kinds is measured at all of them alike. One that tells kinds predicts no
        letters, so there is nothing to measure.
        """
        architecture = parameters.architecture
        if architecture.task == "tell":
            return None
        if architecture.n_kinds:
            parameters = of_blend(parameters, even_blend(architecture.n_kinds))
        try:
            encoded = [vocabulary.encode("".join(piece)) for piece in self.pieces]
        except UnknownSymbolError:
            return None
        if any(len(e) != len(piece) for e, piece in zip(encoded, self.pieces, strict=True)):
            return None  # what is one symbol of the data is several of the network, or vice versa
        symbols = np.array(encoded)
        inputs, targets = symbols[:, :-1], symbols[:, -1]
        if self.begin_names:
            inputs = np.hstack((np.full((len(inputs), 1), NO_SYMBOL), inputs))
        share = gradient_left(parameters, inputs, targets)
        return GradientLeft(share, self.letters_back) if np.isfinite(share) else None


def pieces_of(data: Corpus | Text) -> Pieces:
    """Choose pieces, spread over the data: always the same ones of the same data."""
    if isinstance(data, Corpus):
        split = data.vocabulary.split
        length = min(LETTERS_BACK, data.longest_length) + 1
        names = data.distinct_names
        lengths = data.vocabulary.lengths(names)
        long_enough = [
            name for name, n in zip(names, lengths, strict=True) if n + len(END) >= length
        ]
        return Pieces(
            tuple(split(name + END)[:length] for name in _spread(long_enough)), begin_names=True
        )
    length = min(LETTERS_BACK + 2, len(data))
    starts = np.unique(np.linspace(0, len(data) - length, _MOST_PIECES).astype(int)).tolist()
    return Pieces(
        tuple(
            data.vocabulary.split(data.decode(data.symbols[start : start + length]))
            for start in starts
        ),
        begin_names=False,
    )


def pieces_of_first(data: Iterable[Corpus | Text | None]) -> Pieces | None:
    """Choose pieces of the first data that are at hand; None if there are none."""
    return next((pieces_of(each) for each in data if each is not None), None)


def _spread(names: Sequence[str]) -> list[str]:
    places = np.unique(np.linspace(0, len(names) - 1, _MOST_PIECES).astype(int))
    return [names[place] for place in places.tolist()]
