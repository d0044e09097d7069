"""Baselines: uniform guessing and n-gram models, which a network should beat."""

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from engine.data.vocabulary import EncodedNames
from engine.nn.network import NamesLoss

Indices = NDArray[np.intp]

BetweenParts = Callable[[], None]
"""Called between the parts of a long computation. An exception it raises stops that."""

MAX_ORDER = 5
"""Largest order of the n-gram models."""

MAX_COUNTED = 2_000_000
"""Largest number of symbols of a text that are counted."""


def uniform_loss(n_symbols: int) -> float:
    """Return the loss of uniform guessing: ln(n_symbols), in nats per character."""
    return math.log(n_symbols)


class NGrams:
    """Interpolated n-gram models: P(w|h) = (c(h w) + t(h) P(w|h')) / (c(h) + t(h)).

    h is the context, h' is the context without its oldest symbol, c counts occurrences, and t(h) is
    the number of different symbols that followed h. Without any context, P is interpolated with
    1 / n_symbols (Witten and Bell, 1991, in the form of Chen and Goodman, 1999). A name is preceded
    by special symbols that mark its start. Models of all orders from 1 to `order` are fitted.

    Parameters
    ----------
    names : EncodedNames
        Names to count in, at least one.
    n_symbols : int
        Size of the vocabulary.
    order : int
        From 1 to `MAX_ORDER`. Order 1 counts letters, order 2 pairs of letters.
    between_parts : BetweenParts, optional
        Called before each order is counted, and before each is evaluated.

    Raises
    ------
    ValueError
        If `order` is out of bounds.
    """

    def __init__(
        self,
        names: EncodedNames,
        n_symbols: int,
        order: int = MAX_ORDER,
        between_parts: BetweenParts | None = None,
    ) -> None:
        if not 1 <= order <= MAX_ORDER:
            raise ValueError(f"order must be between 1 and {MAX_ORDER}, got {order}.")
        self._n_symbols = n_symbols
        self._between_parts = between_parts or _nothing
        self._levels: list[_Counts] = []
        context = np.zeros(len(names.symbols), dtype=np.intp)
        for length in range(order):
            self._between_parts()
            if length:
                longer = context * (n_symbols + 1) + _before(names, length, n_symbols)
                known, context = np.unique(longer, return_inverse=True)
            else:
                known = np.zeros(1, dtype=np.intp)
            self._levels.append(_Counts(known, context, names.symbols, n_symbols))

    def losses(self, names: EncodedNames) -> list[NamesLoss]:
        """Return the loss on `names` under each order, starting with order 1."""
        probability = np.full(len(names.symbols), 1.0 / self._n_symbols)
        context = np.zeros(len(names.symbols), dtype=np.intp)
        losses = []
        for length, level in enumerate(self._levels):
            self._between_parts()
            if length:
                longer = context * (self._n_symbols + 1) + _before(names, length, self._n_symbols)
                context = np.where(context >= 0, _places(level.known, longer), -1)
            probability = level.refine(probability, context, names.symbols)
            total = -float(np.log(probability).sum())
            losses.append(NamesLoss(total / len(names), total / len(names.symbols)))
        return losses


def text_losses(
    training: NDArray[np.integer],
    held_out: NDArray[np.integer],
    n_symbols: int,
    order: int = MAX_ORDER,
    between_parts: BetweenParts | None = None,
) -> list[NamesLoss]:
    """Return the loss on the held-out part of a text under each order, starting with order 1.

    Parameters
    ----------
    training, held_out : arrays
        Indices. To bound the memory, of a long text only the last `MAX_COUNTED` training symbols
        are counted, and the first `MAX_COUNTED` held-out symbols are evaluated.
    n_symbols, order, between_parts
        As in `NGrams`.

    Returns
    -------
    list of NamesLoss
        Nats per symbol, in both attributes.
    """
    measured = _as_one(held_out[:MAX_COUNTED])
    models = NGrams(_as_one(training[-MAX_COUNTED:]), n_symbols, order, between_parts)
    per_symbol = [loss.nats_per_character for loss in models.losses(measured)]
    return [NamesLoss(nats, nats) for nats in per_symbol]


def _nothing() -> None:
    """Do nothing: the default between parts."""


def _as_one(symbols: NDArray[np.integer]) -> EncodedNames:
    """Return a text as if it were a single name."""
    return EncodedNames(symbols.astype(np.intp), np.array([0, len(symbols)]))


class _Counts:
    """Counts of the symbols that followed each context of one length.

    Attributes
    ----------
    known : (k,) array
        Codes of the contexts that occur, ascending. The index of a context here is its number.
    """

    def __init__(self, known: Indices, context: Indices, symbols: Indices, n_symbols: int) -> None:
        self.known = known
        self._n_symbols = n_symbols
        self._pairs, self._pair_counts = np.unique(
            context * n_symbols + symbols, return_counts=True
        )
        owner = self._pairs // n_symbols
        self._totals = np.bincount(owner, weights=self._pair_counts, minlength=len(known))
        self._kinds = np.bincount(owner, minlength=len(known))

    def refine(
        self, shorter: NDArray[np.float64], context: Indices, symbols: Indices
    ) -> NDArray[np.float64]:
        """Interpolate the counts after each context with the prediction of the shorter one."""
        refined = shorter.copy()
        seen = context >= 0
        h = context[seen]
        places = _places(self._pairs, h * self._n_symbols + symbols[seen])
        counts = np.where(places >= 0, self._pair_counts[places], 0)
        kinds = self._kinds[h]
        refined[seen] = (counts + kinds * shorter[seen]) / (self._totals[h] + kinds)
        return refined


def _before(names: EncodedNames, distance: int, mark: int) -> Indices:
    """Return the symbol `distance` before each symbol, or `mark` before the start of a name."""
    start = np.repeat(names.bounds[:-1], names.lengths)
    place = np.arange(len(names.symbols)) - distance
    return np.where(place >= start, names.symbols[np.maximum(place, 0)], mark)


def _places(known: Indices, wanted: Indices) -> Indices:
    """Return the index of each wanted code among the known, ascending ones, or -1."""
    places = np.minimum(np.searchsorted(known, wanted), len(known) - 1)
    return np.where(known[places] == wanted, places, -1)
