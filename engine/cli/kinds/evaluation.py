"""What the command ``evaluate`` prints of a network that knows kinds: a table with a row a kind."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from engine.cli.kinds.introduction import always_largest
from engine.cli.terminal.messages import print_message
from engine.data.corpus import Corpus
from engine.data.known_notes import in_known_notes
from engine.data.melodies import Melodies
from engine.data.passages import passages_of, split_tunes
from engine.data.training_data import HELD_OUT_SHARE, counted
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

Places = NDArray[np.intp]

_UNKNOWN = -1
_SHOWN = 10
"""Titles that a message lists."""


@dataclass(frozen=True)
class _Parts:
    """The names or passages to measure on, and those that the run has learned from.

    Attributes
    ----------
    training : EncodedNames or None
        None if the run has held nothing out: then it has learned from `measured`.
    measured : EncodedNames
        Their kinds are those of the network.
    weights : tuple of int or None
        How often each name of `training` counts; None if all count once.
    noun : str
        "name" or "passage".
    """

    training: EncodedNames | None
    measured: EncodedNames
    weights: tuple[int, ...] | None = None
    noun: str = "name"

    def __str__(self) -> str:
        held_out = ", none held out" if self.training is None else " held out"
        return f"{counted(len(self.measured), self.noun)}{held_out}"


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
    if model.parameters.architecture.task == "tell":
        _print_told(model, parts, confusion)
    else:
        _print_written(model, parts)


def evaluate_told_tunes(model: SavedNetwork, melodies: Melodies, confusion: str | None) -> None:
    """Print how well a network tells the kinds of tunes, from passages of held-out ones.

    Parameters
    ----------
    model : SavedNetwork
        Of a network that tells the kinds of tunes.
    melodies : Melodies
    confusion : str or None
        A file for the confusion matrix.

    Raises
    ------
    ValueError
        If the tunes have no kinds, or none that the network knows.
    """
    _print_told(model, _parts_of_tunes(model, melodies), confusion)


def _parts_of_tunes(model: SavedNetwork, melodies: Melodies) -> _Parts:
    """Return passages of tunes of kinds that the network knows, in its notes."""
    if melodies.kinds is None:
        raise ValueError(_without_kinds(melodies.source, "tune"))
    kind_of = _kinds_by_title(melodies.kinds.titles, model.kinds)
    _say_differences(melodies.kinds.titles, kind_of, model, "tune")
    share = HELD_OUT_SHARE if model.held_out is None else model.held_out
    parts = split_tunes(melodies, model.seed, share)
    if not all(map(len, parts)):
        parts = np.empty(0, dtype=np.intp), np.arange(len(melodies.tunes))
    training, measured = (_known_passages(model, melodies, numbers, kind_of) for numbers in parts)
    if not len(measured):
        raise ValueError(_without_known_kinds(melodies.source, model, "tune"))
    return _Parts(training if len(training) else None, measured, noun="passage")


def _known_passages(
    model: SavedNetwork, melodies: Melodies, numbers: Places, kind_of: Places
) -> EncodedNames:
    """Return the passages of those tunes whose kinds the network knows."""
    documents = melodies.documents
    assert documents is not None
    assert documents.kinds is not None
    known = numbers[kind_of[documents.kinds[numbers]] != _UNKNOWN]
    if not len(known):
        return EncodedNames(np.empty(0, np.intp), np.zeros(1, np.intp), np.empty(0, np.intp))
    encoded = passages_of(melodies, known).encoded(documents.take(known))
    assert encoded.kinds is not None
    encoded = replace(encoded, kinds=kind_of[encoded.kinds])
    return in_known_notes(encoded, melodies.vocabulary, model.vocabulary).encoded


def _parts(model: SavedNetwork, corpus: Corpus) -> _Parts:
    """Return the names of kinds that the network knows, and say which kinds are left out."""
    if corpus.kinds is None:
        raise ValueError(_without_kinds(corpus.source, "name"))
    kind_of = _kinds_by_title(corpus.kinds.titles, model.kinds)
    _say_differences(corpus.kinds.titles, kind_of, model, "name")
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
    kinds: Places

    def __call__(self, places: Places) -> EncodedNames:
        known = self.known(places)
        if not len(known):
            raise ValueError(_without_known_kinds(self.corpus.source, self.model, "name"))
        names = self.model.vocabulary.encode_all(self.corpus.distinct_at(known.tolist()))
        return replace(names, kinds=self.kinds[known])

    def known(self, places: Places) -> Places:
        """Return the places of the names whose kind the network knows."""
        found: Places = places[self.kinds[places] != _UNKNOWN]
        return found


def _kinds_by_title(titles: Sequence[str], known: Sequence[str]) -> Places:
    """Return the network's kind for each title, or `_UNKNOWN`; capitals need not agree."""
    exact = {title: kind for kind, title in enumerate(known)}
    folded = {title.casefold(): kind for kind, title in enumerate(known)}
    found = [exact.get(title, folded.get(title.casefold(), _UNKNOWN)) for title in titles]
    return np.array(found, dtype=np.intp)


def _without_kinds(source: str, noun: str) -> str:
    return (
        f"The {noun}s of “{source}” have no kinds, and the network knows kinds. Say where their "
        "kinds are: --kinds or --kind-column."
    )


def _without_known_kinds(source: str, model: SavedNetwork, noun: str) -> str:
    return (
        f"There are no {noun}s in “{source}” of a kind that the network knows. It knows these: "
        f"{_listed(model.kinds)}."
    )


def _say_differences(
    titles: Sequence[str], kind_of: Places, model: SavedNetwork, noun: str
) -> None:
    unknown = [title for title, kind in zip(titles, kind_of, strict=True) if kind == _UNKNOWN]
    if unknown:
        print_message(f"The network does not know these kinds, left out: {_listed(unknown)}.")
    missing = [title for kind, title in enumerate(model.kinds) if kind not in kind_of]
    if missing and len(missing) < len(model.kinds):
        print_message(f"The data have no {noun}s of these kinds: {_listed(missing)}.")


def _listed(titles: Sequence[str]) -> str:
    more = f" and {len(titles) - _SHOWN:,} more" if len(titles) > _SHOWN else ""
    return ", ".join(titles[:_SHOWN]) + more


def _print_written(model: SavedNetwork, parts: _Parts) -> None:
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
    print(f"{parts}:\n")
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


def _print_told(model: SavedNetwork, parts: _Parts, confusion: str | None) -> None:
    """Print how much of each kind is told right, and the losses of the baselines."""
    names, titles = parts.measured, model.kinds
    report = KindsReport.of_names(model.parameters, names, titles)
    counts = report.confusion.sum(axis=1)
    nats = np.bincount(report.kinds, -report.of_kind, len(titles))
    lines = [("kind", f"{parts.noun}s", "recall", "precision", f"nats per {parts.noun}")]
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
    print(f"{parts}:\n")
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
        needed = f"n-gram Bayes needs {parts.noun}s of every kind, and the data lack some."
        return [*lines, needed]
    largest = largest_kind_loss(training, names, n_kinds, parts.weights)
    title = model.kinds[largest_kind(training, n_kinds, parts.weights)]
    lines.append(f"{always_largest(title)}: {largest.accuracy:.1%}, {largest.nats_per_name:.4f}")
    bayes = NGramBayes(training, len(model.vocabulary), n_kinds, weights=parts.weights)
    return lines + [
        f"{order}-gram Bayes: {loss.accuracy:.1%}, {loss.nats_per_name:.4f}"
        for order, loss in enumerate(bayes.losses(names), start=1)
    ]
