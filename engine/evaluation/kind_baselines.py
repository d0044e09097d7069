"""Baselines for telling the kind of a name: always the largest kind, and n-gram models by kind.

A network that tells kinds should beat both.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from engine.data.vocabulary import EncodedNames, kinds_of
from engine.evaluation.baselines import MAX_ORDER, BetweenParts, NGrams
from engine.nn.classifier import KindsLoss
from engine.nn.functions import log_softmax

_ENTRIES = 1 << 22
"""Names, times kinds, times orders, that are told at once. Bounds the memory."""


def largest_kind(training: EncodedNames, n_kinds: int, weights: Sequence[int] | None = None) -> int:
    """Return the kind that has most of the training names; see `largest_kind_loss`."""
    return int(_shares(training, n_kinds, weights).argmax())


def largest_kind_loss(
    training: EncodedNames,
    names: EncodedNames,
    n_kinds: int,
    weights: Sequence[int] | None = None,
) -> KindsLoss:
    """Return how well kinds are told by their sizes alone, without reading the names.

    The probability of a kind is its share of the training names. So the largest kind is told, for
    every name.

    Parameters
    ----------
    training : EncodedNames
        Names with kinds, at least one of each.
    names : EncodedNames
        Names with kinds, whose kinds are told.
    n_kinds : int
    weights : sequence of int, optional
        How often each training name counts.

    Raises
    ------
    ValueError
        If the names have no kinds, or if a kind has no training name.
    """
    shares = _shares(training, n_kinds, weights)  # (n_kinds,)
    kinds = kinds_of(names)
    accuracy = float((kinds == shares.argmax()).mean())
    return KindsLoss(-float(np.log(shares)[kinds].mean()), accuracy)


class NGramBayes:
    """N-gram models, one for each kind: P(kind|name) is in proportion to P(name|kind) P(kind).

    P(name|kind) is that of `NGrams` fitted to the training names of the kind, the end of the name
    included; P(kind) is the kind's share of the training names. This is Bayes' rule.

    Parameters
    ----------
    training : EncodedNames
        Names with kinds, at least one of each.
    n_symbols : int
        Size of the vocabulary.
    n_kinds : int
    order : int
        From 1 to `MAX_ORDER`; models of all orders up to this one are fitted.
    between_parts : BetweenParts, optional
        As in `NGrams`; called for each kind.
    weights : sequence of int, optional
        How often each training name counts.

    Raises
    ------
    ValueError
        If the names have no kinds, if a kind has no training name, or if `order` is out of bounds.
    """

    def __init__(
        self,
        training: EncodedNames,
        n_symbols: int,
        n_kinds: int,
        order: int = MAX_ORDER,
        between_parts: BetweenParts | None = None,
        weights: Sequence[int] | None = None,
    ) -> None:
        self._log_shares = np.log(_shares(training, n_kinds, weights))  # (n_kinds,)
        kinds = kinds_of(training)
        self._order = order
        self._models: list[NGrams] = []
        for kind in range(n_kinds):
            of_kind = np.flatnonzero(kinds == kind)
            own = None if weights is None else [weights[place] for place in of_kind.tolist()]
            names = training.take(of_kind)
            self._models.append(NGrams(names, n_symbols, order, between_parts, own))

    def log_probabilities(self, names: EncodedNames) -> NDArray[np.float64]:
        """Return ln P(kind|name) under each order: (order, n_names, n_kinds), in nats."""
        nats = [model.nats_of_names(names) for model in self._models]  # (order, n_names) each
        return np.asarray(log_softmax(self._log_shares - np.stack(nats, axis=2)), np.float64)

    def losses(self, names: EncodedNames) -> list[KindsLoss]:
        """Return how well the kinds of names are told under each order, starting with order 1.

        Raises
        ------
        ValueError
            If the names have no kinds.
        """
        kinds = kinds_of(names)
        totals = np.zeros((2, self._order))  # nats, and names whose kind was told
        at_once = max(_ENTRIES // (len(self._models) * MAX_ORDER), 1)
        for start in range(0, len(names), at_once):
            part = np.arange(start, min(start + at_once, len(names)))
            found = self.log_probabilities(names.take(part))  # (order, part, n_kinds)
            totals[0] -= found[:, np.arange(len(part)), kinds[part]].sum(axis=1)
            totals[1] += (found.argmax(axis=2) == kinds[part]).sum(axis=1)
        return [KindsLoss(nats, right) for nats, right in (totals / len(names)).T.tolist()]


def _shares(
    training: EncodedNames, n_kinds: int, weights: Sequence[int] | None
) -> NDArray[np.float64]:
    """Return the share of each kind of the training names: (n_kinds,)."""
    counts = np.bincount(kinds_of(training), weights, minlength=n_kinds)
    if len(counts) > n_kinds or not counts.all():
        raise ValueError(f"training must have names of each of {n_kinds} kinds, and of no others.")
    return np.asarray(counts / counts.sum(), np.float64)
