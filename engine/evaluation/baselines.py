"""Baselines: uniform guessing and n-gram models, which a network should beat."""

import math
from collections.abc import Callable, Iterator, Sequence

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

_PLACES = 1 << 20
"""Symbols of a text whose loss is computed at once. Bounds the memory."""


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
    weights : sequence of int, optional
        How often each name counts. They are scaled to a mean of 1, so that the models count what an
        epoch of training reads.
    by_kind : bool
        Whether each kind of names has models of its own, which are fitted to its names alone. Then
        all names need kinds.

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
        weights: Sequence[int] | None = None,
        *,
        by_kind: bool = False,
    ) -> None:
        if not 1 <= order <= MAX_ORDER:
            raise ValueError(f"order must be between 1 and {MAX_ORDER}, got {order}.")
        self._n_symbols = n_symbols
        self._between_parts = between_parts or _nothing
        self._levels: list[_Counts] = []
        self._by_kind = by_kind
        starts = np.repeat(names.bounds[:-1], names.lengths)
        places = np.arange(len(names.symbols))
        # Of models by kind, the shortest context is the kind. Any longer one goes on from it.
        context = self._kinds_of_symbols(names)
        scaled = None if weights is None else np.repeat(_with_mean_1(weights), names.lengths)
        for length in range(order):
            self._between_parts()
            if length:
                before = _before(names.symbols, places, length, starts, n_symbols)
                known, context = np.unique(context * (n_symbols + 1) + before, return_inverse=True)
            elif by_kind:
                known, context = np.unique(context, return_inverse=True)
            else:
                known = np.zeros(1, dtype=np.intp)
            self._levels.append(_Counts(known, context, names.symbols, n_symbols, scaled))

    def losses(self, names: EncodedNames) -> list[NamesLoss]:
        """Return the loss on `names` under each order, starting with order 1."""
        totals = [nats.sum() for nats in self.nats_of_symbols(names)]
        return [NamesLoss(nats / len(names), nats / len(names.symbols)) for nats in totals]

    def nats_of_symbols(self, names: EncodedNames) -> Iterator[NDArray[np.float64]]:
        """Yield the loss of each symbol of `names`, (n,), under each order, starting with 1."""
        starts = np.repeat(names.bounds[:-1], names.lengths)
        places = np.arange(len(names.symbols))
        return self._nats(names.symbols, places, starts, self._kinds_of_symbols(names))

    def losses_at(self, text: NDArray[np.integer], places: Indices) -> list[NamesLoss]:
        """Return the loss on some symbols of a text under each order, starting with order 1.

        Each symbol is predicted from the symbols that stand before it in the text, whether these
        are among `places` or not.

        Parameters
        ----------
        text : (n,) array
            The whole text, as indices.
        places : (k,) array
            Where the predicted symbols stand, at least one.

        Returns
        -------
        list of NamesLoss
            Nats per symbol, in both attributes.
        """
        totals = np.zeros(len(self._levels))
        for begin in range(0, len(places), _PLACES):
            chosen = places[begin : begin + _PLACES]
            nats = self._nats(text, chosen, np.zeros(1, np.intp), np.zeros(len(chosen), np.intp))
            totals += [each.sum() for each in nats]
        return [NamesLoss(nats, nats) for nats in (totals / len(places)).tolist()]

    def _kinds_of_symbols(self, names: EncodedNames) -> Indices:
        """Return the kind of the name of each symbol, (n,); 0 unless the models are by kind."""
        if not self._by_kind:
            return np.zeros(len(names.symbols), dtype=np.intp)
        assert names.kinds is not None  # models by kind are for names of kinds
        return np.repeat(names.kinds, names.lengths)

    def _nats(
        self, symbols: NDArray[np.integer], places: Indices, starts: Indices, kinds: Indices
    ) -> Iterator[NDArray[np.float64]]:
        """Yield the losses of the symbols at `places`, (k,), in nats, under each order.

        A context does not reach back beyond `starts`: an index for each place, or one for all.
        """
        predicted = symbols[places].astype(np.intp)
        probability = np.full(len(places), 1.0 / self._n_symbols)
        context = _places(self._levels[0].known, kinds)
        for length, level in enumerate(self._levels):
            self._between_parts()
            if length:
                before = _before(symbols, places, length, starts, self._n_symbols)
                longer = context * (self._n_symbols + 1) + before
                context = np.where(context >= 0, _places(level.known, longer), -1)
            probability = level.refine(probability, context, predicted)
            yield -np.log(probability)


def fit_to_text(
    training: NDArray[np.integer],
    n_symbols: int,
    order: int = MAX_ORDER,
    between_parts: BetweenParts | None = None,
) -> NGrams:
    """Return models that are fitted to the training part of a text.

    Parameters
    ----------
    training : (n,) array
        Indices. To bound the memory, of a long text only the last `MAX_COUNTED` are counted.
    n_symbols, order, between_parts
        As in `NGrams`.
    """
    counted = training[-MAX_COUNTED:].astype(np.intp)
    as_one_name = EncodedNames(counted, np.array([0, len(counted)]))
    return NGrams(as_one_name, n_symbols, order, between_parts)


def _with_mean_1(weights: Sequence[int]) -> NDArray[np.float64]:
    scaled = np.array(weights, dtype=np.float64)
    scaled /= scaled.mean()
    return scaled


def _nothing() -> None:
    """Do nothing: the default between parts."""


class _Counts:
    """Counts of the symbols that followed each context of one length.

    Attributes
    ----------
    known : (k,) array
        Codes of the contexts that occur, ascending. The index of a context here is its number.
    """

    def __init__(
        self,
        known: Indices,
        context: Indices,
        symbols: Indices,
        n_symbols: int,
        weights: NDArray[np.float64] | None,
    ) -> None:
        self.known = known
        self._n_symbols = n_symbols
        pairs = context * n_symbols + symbols
        self._pair_counts: NDArray[np.intp] | NDArray[np.float64]
        if weights is None:
            self._pairs, self._pair_counts = np.unique(pairs, return_counts=True)
        else:
            self._pairs, numbers = np.unique(pairs, return_inverse=True)
            self._pair_counts = np.bincount(numbers, weights=weights)
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


def _before(
    symbols: NDArray[np.integer], places: Indices, distance: int, starts: Indices, mark: int
) -> Indices:
    """Return the symbol `distance` before each place, or `mark` if that lies before its start."""
    before = places - distance
    return np.where(before >= starts, symbols[np.maximum(before, 0)].astype(np.intp), mark)


def _places(known: Indices, wanted: Indices) -> Indices:
    """Return the index of each wanted code among the known, ascending ones, or -1."""
    places = np.minimum(np.searchsorted(known, wanted), len(known) - 1)
    return np.where(known[places] == wanted, places, -1)
