"""What the command ``evaluate`` prints of a network that knows kinds: a table with a row a kind."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from engine.cli.kinds.introduction import always_largest
from engine.cli.terminal.messages import print_message
from engine.data.corpus import Corpus
from engine.data.training_data import counted
from engine.data.vocabulary import EncodedNames, kinds_of
from engine.evaluation.baselines import uniform_loss
from engine.evaluation.kind_baselines import NGramBayes, largest_kind, largest_kind_loss
from engine.evaluation.kind_n_grams import KindNGrams
from engine.evaluation.kinds_report import KindsReport
from engine.evaluation.loss_by_kind import loss_by_kind
from engine.nn.network import NamesLoss
from engine.racing.comparison_formats import columns
from engine.runs.saved_network import SavedNetwork
from engine.storage.files import atomic_writer

_UNKNOWN = -1
_SHOWN = 10
"""Titles that a message lists."""


@dataclass(frozen=True)
class _Parts:
    """The names to measure on, and those that the run has learned from.

    Attributes
    ----------
    training : EncodedNames or None
        None if the run has held nothing out: then it has learned from `measured`.
    measured : EncodedNames
        Their kinds are those of the network.
    weights : tuple of int or None
        How often each name of `training` counts; None if all count once.
    """

    training: EncodedNames | None
    measured: EncodedNames
    weights: tuple[int, ...] | None = None


def evaluate_kinds(model: SavedNetwork, corpus: Corpus, confusion: str | None) -> None:
    """Print how well a network writes names of each kind, or tells their kinds.

    Parameters
    ----------
    model : SavedNetwork
        Of a network that knows kinds.
    corpus : Corpus
        Names with kinds.
    confusion : str or None
        A file for the confusion matrix of a network that tells kinds.

    Raises
    ------
    ValueError
        If the names have no kinds, or none that the network knows.
    """
    parts = _parts(model, corpus)
    count = counted(len(parts.measured), "name")
    what = f"{count}{', none held out' if parts.training is None else ' held out'}"
    if model.parameters.architecture.task == "tell":
        _print_told(model, parts, what, confusion)
    else:
        _print_written(model, parts, what)


def _parts(model: SavedNetwork, corpus: Corpus) -> _Parts:
    """Return the names of kinds that the network knows, and say which kinds are left out."""
    if corpus.kinds is None:
        raise ValueError(
            f"The names of “{corpus.source}” have no kinds, and the network knows kinds. Say where "
            "their kinds are: --kinds or --kind-column."
        )
    kind_of = _kinds_by_title(corpus.kinds.titles, model.kinds)
    _say_differences(corpus.kinds.titles, kind_of, model)
    training, measured = None, np.arange(len(corpus.distinct))
    if model.held_out is not None:
        parts = corpus.split_places(model.seed, model.held_out)
        if all(map(len, parts)):
            training, measured = parts
    encode = _Encoder(model, corpus, kind_of[np.array(corpus.kinds.of_distinct)])
    if training is None:
        return _Parts(None, encode(measured))
    weights = corpus.weights_at(encode.known(training).tolist())
    return _Parts(encode(training), encode(measured), weights)


@dataclass(frozen=True)
class _Encoder:
    """Encodes the names at some places of a corpus, except those of unknown kinds."""

    model: SavedNetwork
    corpus: Corpus
    kinds: NDArray[np.intp]

    def __call__(self, places: NDArray[np.intp]) -> EncodedNames:
        known = self.known(places)
        if not len(known):
            raise ValueError(
                f"“{self.corpus.source}” has no names of a kind that the network knows. It knows "
                f"these: {_listed(self.model.kinds)}."
            )
        names = self.model.vocabulary.encode_all(self.corpus.distinct_at(known.tolist()))
        return replace(names, kinds=self.kinds[known])

    def known(self, places: NDArray[np.intp]) -> NDArray[np.intp]:
        """Return the places of the names whose kind the network knows."""
        found: NDArray[np.intp] = places[self.kinds[places] != _UNKNOWN]
        return found


def _kinds_by_title(titles: Sequence[str], known: Sequence[str]) -> NDArray[np.intp]:
    """Return the network's kind for each title, or `_UNKNOWN`; capitals need not agree."""
    exact = {title: kind for kind, title in enumerate(known)}
    folded = {title.casefold(): kind for kind, title in enumerate(known)}
    found = [exact.get(title, folded.get(title.casefold(), _UNKNOWN)) for title in titles]
    return np.array(found, dtype=np.intp)


def _say_differences(titles: Sequence[str], kind_of: NDArray[np.intp], model: SavedNetwork) -> None:
    unknown = [title for title, kind in zip(titles, kind_of, strict=True) if kind == _UNKNOWN]
    if unknown:
        print_message(f"The network does not know these kinds, left out: {_listed(unknown)}.")
    missing = [title for kind, title in enumerate(model.kinds) if kind not in kind_of]
    if missing and len(missing) < len(model.kinds):
        print_message(f"The data have no names of these kinds: {_listed(missing)}.")


def _listed(titles: Sequence[str]) -> str:
    more = f" and {len(titles) - _SHOWN:,} more" if len(titles) > _SHOWN else ""
    return ", ".join(titles[:_SHOWN]) + more


def _print_written(model: SavedNetwork, parts: _Parts, what: str) -> None:
    """Print the losses per character of the network and of n-gram models, by kind."""
    measured, n_kinds = parts.measured, len(model.kinds)
    network = loss_by_kind(model.parameters, measured)
    found: list[Sequence[NamesLoss | None]] = [network.of_kinds]
    in_all = [network.in_all]
    header = ["nats per character", "names", "network"]
    if parts.training is not None:
        n_grams = KindNGrams(
            parts.training, n_kinds, len(model.vocabulary), weights=parts.weights
        ).losses(measured)
        for title, losses in (
            ("n-grams of the kind", n_grams.of_each_kind),
            ("n-grams of all names", n_grams.of_all_kinds),
        ):
            best = min(losses, key=lambda loss: loss.in_all.nats_per_character)
            header.append(f"{losses.index(best) + 1}{title.removeprefix('n')}")
            found.append(best.of_kinds)
            in_all.append(best.in_all)
    counts = np.bincount(kinds_of(measured), minlength=n_kinds)
    lines = [tuple(header)]
    for kind in np.flatnonzero(counts).tolist():
        losses_of_kind = [_per_character(losses[kind]) for losses in found]
        lines.append((model.kinds[kind], f"{counts[kind]:,}", *losses_of_kind))
    means = [
        float(np.mean([loss.nats_per_character for loss in losses if loss is not None]))
        for losses in found
    ]
    lines.append(("mean of the kinds", "", *(f"{mean:.4f}" for mean in means)))
    total = f"{len(measured):,}"
    lines.append(("in all", total, *(f"{loss.nats_per_character:.4f}" for loss in in_all)))
    print(f"{what}:\n")
    print(columns(lines), end="")
    print(f"uniform guessing: {uniform_loss(len(model.vocabulary)):.4f}")
    if parts.training is not None and len(found) > 1:
        pairs = zip(found[0], found[1], strict=True)
        better = [
            one.nats_per_character < other.nats_per_character
            for one, other in pairs
            if one is not None and other is not None
        ]
        print(
            f"The network is better than the n-grams of the kind in {sum(better)} of "
            f"{counted(len(better), 'kind')}."
        )


def _per_character(loss: NamesLoss | None) -> str:
    return "" if loss is None else f"{loss.nats_per_character:.4f}"


def _print_told(model: SavedNetwork, parts: _Parts, what: str, confusion: str | None) -> None:
    """Print how many names of each kind are told right, and the losses of the baselines."""
    names, titles = parts.measured, model.kinds
    report = KindsReport.of_names(model.parameters, names, titles)
    counts = report.confusion.sum(axis=1)
    nats = np.bincount(report.kinds, -report.of_kind, len(titles))
    lines = [("kind", "names", "recall", "precision", "nats per name")]
    present = np.flatnonzero(counts)
    for kind in present.tolist():
        precision = float(report.precision[kind])
        lines.append(
            (
                titles[kind],
                f"{counts[kind]:,}",
                f"{report.recall[kind]:.1%}",
                "never told" if math.isnan(precision) else f"{precision:.1%}",
                f"{nats[kind] / counts[kind]:.4f}",
            )
        )
    mean_nats = float((nats[present] / counts[present]).mean())
    lines.append(("mean of the kinds", "", f"{report.mean_recall:.1%}", "", f"{mean_nats:.4f}"))
    total = f"{len(names):,}"
    lines.append(("in all", total, f"{report.accuracy:.1%}", "", f"{report.nats_per_name:.4f}"))
    print(f"{what}:\n")
    print(columns(lines), end="")
    print(f"expected calibration error: {report.calibration_error:.1%}")
    for line in _told_baselines(model, parts):
        print(line)
    if confusion is not None:
        with atomic_writer(confusion) as file:
            file.write(report.to_csv().encode("utf-8"))


def _told_baselines(model: SavedNetwork, parts: _Parts) -> list[str]:
    """Return what is reached without a network, on the names that it is measured on."""
    names, training, n_kinds = parts.measured, parts.training, len(model.kinds)
    lines = [f"uniform guessing: {1 / n_kinds:.1%}, {uniform_loss(n_kinds):.4f}"]
    if training is None:
        return lines
    counts = np.bincount(kinds_of(training), minlength=n_kinds)
    if not counts.all():
        return [*lines, "n-gram Bayes needs names of every kind, and the data lack some."]
    largest = largest_kind_loss(training, names, n_kinds, parts.weights)
    title = model.kinds[largest_kind(training, n_kinds, parts.weights)]
    lines.append(f"{always_largest(title)}: {largest.accuracy:.1%}, {largest.nats_per_name:.4f}")
    bayes = NGramBayes(training, len(model.vocabulary), n_kinds, weights=parts.weights)
    return lines + [
        f"{order}-gram Bayes: {loss.accuracy:.1%}, {loss.nats_per_name:.4f}"
        for order, loss in enumerate(bayes.losses(names), start=1)
    ]
