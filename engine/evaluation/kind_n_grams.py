"""The baseline of a network that is told kinds: n-gram models that are told them too.

An n-gram model of each kind is fitted to the names of that kind alone. This helps where a kind has
many names, and hurts where it has few. So models of all names, which know no kinds, stand beside
them.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.data.vocabulary import EncodedNames, kinds_of
from engine.evaluation.baselines import MAX_ORDER, BetweenParts, NGrams
from engine.evaluation.loss_by_kind import LossByKind
from engine.nn.network import NamesLoss


@dataclass(frozen=True)
class NGramLosses:
    """The losses of n-gram models on names of kinds, by the kind of the names.

    Attributes
    ----------
    of_each_kind : tuple of LossByKind
        Under the model of the name's own kind, for each order, starting with order 1.
    of_all_kinds : tuple of LossByKind
        Under one model of all names.
    """

    of_each_kind: tuple[LossByKind, ...]
    of_all_kinds: tuple[LossByKind, ...]

    @property
    def lowest(self) -> list[NamesLoss]:
        """The lower loss of both on all names, for each order: the baseline to show."""
        pairs = zip(self.of_each_kind, self.of_all_kinds, strict=True)
        return [
            min(one.in_all, other.in_all, key=lambda loss: loss.nats_per_name)
            for one, other in pairs
        ]


class KindNGrams:
    """N-gram models of each kind, and of all kinds together, of all orders up to `order`.

    A symbol that no name of a kind has is not impossible there: see `NGrams`.

    Parameters
    ----------
    names : EncodedNames
        Names to count in, at least one, with kinds.
    n_kinds, n_symbols : int
    order, between_parts, weights
        As in `NGrams`.

    Raises
    ------
    ValueError
        If the names have no kinds, or `order` is out of bounds.
    """

    def __init__(
        self,
        names: EncodedNames,
        n_kinds: int,
        n_symbols: int,
        order: int = MAX_ORDER,
        between_parts: BetweenParts | None = None,
        weights: Sequence[int] | None = None,
    ) -> None:
        kinds_of(names)
        self._n_kinds = n_kinds
        self._of_each_kind, self._of_all_kinds = (
            NGrams(names, n_symbols, order, between_parts, weights, by_kind=by_kind)
            for by_kind in (True, False)
        )

    def losses(self, names: EncodedNames) -> NGramLosses:
        """Return the losses on names of these kinds; one or more."""
        return NGramLosses(
            self._losses(self._of_each_kind, names), self._losses(self._of_all_kinds, names)
        )

    def _losses(self, models: NGrams, names: EncodedNames) -> tuple[LossByKind, ...]:
        of_symbols = np.repeat(kinds_of(names), names.lengths)
        found: list[LossByKind] = []
        for nats in models.nats_of_symbols(names):
            totals = np.zeros(self._n_kinds)
            totals += np.bincount(of_symbols, nats, self._n_kinds)
            found.append(LossByKind.of_totals(totals, names))
        return tuple(found)
