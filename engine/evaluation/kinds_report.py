"""A report on how the kinds of names are told: confusion, precision, recall, calibration."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from engine.data.vocabulary import EncodedNames, kinds_of
from engine.nn.classifier import log_probabilities_of_names
from engine.nn.parameters import Parameters
from engine.storage.csv_text import csv_line

CALIBRATION_BINS = 10
"""Bins of confidence, of equal width, from 0 to 1."""

Indices = NDArray[np.intp]
Shares = NDArray[np.float64]


@dataclass(frozen=True)
class CalibrationBin:
    """The names that were told with about the same confidence.

    Attributes
    ----------
    low, high : float
        The bounds of the confidence; `low` belongs to the bin below, except for 0.
    count : int
        How many names.
    confidence : float or None
        Their mean confidence; None if there are no names.
    accuracy : float or None
        The share of them whose kind was told; None if there are no names.
    """

    low: float
    high: float
    count: int
    confidence: float | None
    accuracy: float | None


@dataclass(frozen=True)
class ConfusedName:
    """A name of one kind that was taken for another, or a name of a kind that was told.

    Attributes
    ----------
    place : int
        Its index in the list of names.
    confidence : float
        The probability of the kind that was told.
    of_kind : float
        The probability of its own kind.
    """

    place: int
    confidence: float
    of_kind: float


@dataclass(frozen=True)
class KindsReport:
    """How the kinds of a list of names were told.

    A name of several kinds stands in the list once for each of them. Only one of them can be told,
    so for the others it counts as confused.

    Attributes
    ----------
    titles : tuple of str
        What the kinds are called.
    kinds : (n,) array
        The kind of each name, as an index.
    told : (n,) array
        The kind that was told: the most probable one.
    confidence : (n,) array
        Its probability.
    of_kind : (n,) array
        ln p(kind of the name), in nats.
    """

    titles: tuple[str, ...]
    kinds: Indices
    told: Indices
    confidence: Shares
    of_kind: Shares

    @classmethod
    def of_names(
        cls, parameters: Parameters, names: EncodedNames, titles: Sequence[str]
    ) -> "KindsReport":
        """Let a network tell the kinds of names, at least one, and report on it.

        Raises
        ------
        ValueError
            If the names have no kinds.
        """
        kinds = kinds_of(names)
        return cls.of(log_probabilities_of_names(parameters, names), kinds, titles)

    @classmethod
    def of(cls, log_probabilities: Shares, kinds: Indices, titles: Sequence[str]) -> "KindsReport":
        """Report on the kinds that were told.

        Parameters
        ----------
        log_probabilities : (n, n_kinds) array
            ln p(kind) for each name, in nats.
        kinds : (n,) array
            The kind of each name.
        titles : sequence of str
        """
        told = log_probabilities.argmax(axis=1)
        rows = np.arange(len(kinds))
        confidence = np.exp(log_probabilities[rows, told])
        return cls(tuple(titles), kinds, told, confidence, log_probabilities[rows, kinds])

    @cached_property
    def confusion(self) -> Indices:
        """Names by their kind (row) and by the kind told (column): (n_kinds, n_kinds)."""
        n = len(self.titles)
        return np.bincount(self.kinds * n + self.told, minlength=n * n).reshape(n, n)

    @property
    def accuracy(self) -> float:
        """The share of the names whose kind was told."""
        return float((self.told == self.kinds).mean())

    @property
    def nats_per_name(self) -> float:
        """The mean of -ln p(kind of the name), in nats."""
        return -float(self.of_kind.mean())

    @property
    def recall(self) -> Shares:
        """Of the names of each kind, the share that was told: (n_kinds,); NaN if there are none."""
        return _ratio(self.confusion.diagonal(), self.confusion.sum(axis=1))

    @property
    def precision(self) -> Shares:
        """Of the names that were told to be of each kind, the share that are: (n_kinds,).

        NaN for a kind that was never told.
        """
        return _ratio(self.confusion.diagonal(), self.confusion.sum(axis=0))

    @property
    def mean_recall(self) -> float:
        """The mean of `recall` over the kinds that have names, so that all of these count alike."""
        return float(np.nanmean(self.recall))

    @cached_property
    def calibration(self) -> tuple[CalibrationBin, ...]:
        """Confidence against the share that is right, in bins of equal width."""
        bins = np.ceil(self.confidence * CALIBRATION_BINS).astype(np.intp) - 1
        bins = bins.clip(0, CALIBRATION_BINS - 1)
        counts = np.bincount(bins, minlength=CALIBRATION_BINS)
        sums = np.bincount(bins, self.confidence, minlength=CALIBRATION_BINS)
        right = np.bincount(bins, self.told == self.kinds, minlength=CALIBRATION_BINS)
        return tuple(
            CalibrationBin(
                place / CALIBRATION_BINS,
                (place + 1) / CALIBRATION_BINS,
                int(count),
                float(sums[place] / count) if count else None,
                float(right[place] / count) if count else None,
            )
            for place, count in enumerate(counts)
        )

    @property
    def calibration_error(self) -> float:
        """The expected calibration error: the mean over names of |confidence - accuracy| by bin.

        Source: Naeini, Cooper and Hauskrecht, 2015, https://doi.org/10.1609/aaai.v29i1.9602.
        """
        gaps = [
            each.count * abs(each.confidence - each.accuracy)
            for each in self.calibration
            if each.confidence is not None and each.accuracy is not None
        ]
        return sum(gaps) / len(self.kinds)

    def confused(self, kind: int, told: int) -> tuple[ConfusedName, ...]:
        """Return the names of a cell of the confusion matrix, the surest first."""
        places = np.flatnonzero((self.kinds == kind) & (self.told == told))
        places = places[np.argsort(-self.confidence[places], kind="stable")]
        return tuple(
            ConfusedName(int(i), float(self.confidence[i]), float(np.exp(self.of_kind[i])))
            for i in places
        )

    def order_by_confusion(self) -> tuple[int, ...]:
        """Return the kinds in an order in which those that are often confused are neighbours.

        Clusters of kinds are merged, the most similar two first, until one is left. Two kinds are
        as similar as the mean of the shares of each that are taken for the other; two clusters, as
        the mean over their pairs of kinds (average linkage: Sokal and Michener, 1958). Merged
        clusters are turned so that the kinds that meet are the most similar ones.
        """
        shares = np.nan_to_num(_ratio(self.confusion, self.confusion.sum(axis=1, keepdims=True)))
        similar = (shares + shares.T) / 2
        return _leaves(similar)

    def to_csv(self) -> str:
        """Return the confusion matrix as a table: a row for each kind, a column for each told."""
        lines = [csv_line(("kind", *self.titles))]
        rows = zip(self.titles, self.confusion.tolist(), strict=True)
        lines += [csv_line((title, *row)) for title, row in rows]
        return "".join(lines)


def _ratio(part: NDArray[np.integer], whole: NDArray[np.integer]) -> Shares:
    """Return part / whole, NaN where the whole is zero."""
    found = np.full(np.broadcast_shapes(part.shape, whole.shape), np.nan)
    np.divide(part, whole, out=found, where=whole > 0)
    return found


def _leaves(similar: Shares) -> tuple[int, ...]:
    """Return the leaves of an agglomerative clustering by similarity (n, n), in their order."""
    clusters = [[kind] for kind in range(len(similar))]
    between = similar.copy()
    np.fill_diagonal(between, -np.inf)
    while len(clusters) > 1:
        first, second = sorted(divmod(int(between.argmax()), len(between)))
        sizes = len(clusters[first]), len(clusters[second])
        merged = (sizes[0] * between[first] + sizes[1] * between[second]) / sum(sizes)
        between[first], between[:, first] = merged, merged
        between[first, first] = -np.inf
        between = np.delete(np.delete(between, second, axis=0), second, axis=1)
        clusters[first] = _joined(clusters[first], clusters.pop(second), similar)
    return tuple(clusters[0])


def _joined(first: list[int], second: list[int], similar: Shares) -> list[int]:
    """Join two clusters, each turned or not, so that the kinds that meet are the most similar."""
    ways = [(a, b) for a in (first, first[::-1]) for b in (second, second[::-1])]
    best = max(ways, key=lambda way: similar[way[0][-1], way[1][0]])
    return best[0] + best[1]
