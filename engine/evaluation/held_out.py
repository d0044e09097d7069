"""What a run holds out, and the part of it that is measured while the run trains.

A network and the n-gram models beside it are measured on exactly the same names or symbols. If all
that is held out is quick to measure, all is measured. Otherwise a part is, which is chosen once: of
names, a sample drawn by the run's seed; of a text, pieces from all over the held-out end; of
documents, the beginnings of a sample. All of it
is measured where there is time: at a pause, at the end of training, and by ``evaluate``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from engine.data.corpus import Corpus
from engine.data.document_list import DocumentList
from engine.data.text import Text
from engine.data.text_encoder import Symbols
from engine.data.training_data import OnProgress, counted, ignore_progress
from engine.data.vocabulary import EncodedNames, Vocabulary
from engine.evaluation.baselines import (
    MAX_COUNTED,
    MAX_ORDER,
    BetweenParts,
    Indices,
    NGrams,
    fit_to_text,
)
from engine.evaluation.text_loss import (
    loss_of_documents,
    loss_of_pieces,
    loss_of_text,
    loss_of_windows,
)
from engine.nn.network import NamesLoss, loss_of_names
from engine.nn.parameters import Parameters

MAX_NAMES = 1_000
"""Most names measured during training."""

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
        "name" or "symbol".
    """

    measured: int
    whole: int
    noun: str

    @classmethod
    def of(
        cls, data: Corpus | Text, share: float, window: int | None = None, seed: int = 0
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
            The run's, which decides on the documents that are held out.
        """
        if isinstance(data, Corpus):
            whole = data.held_out_count(share)
            return cls(min(whole, MAX_NAMES), whole, "name")
        if data.documents is not None and window is None:
            _, held_out = data.documents.split(seed, share)
            lengths = data.documents.lengths[held_out]
            return cls.of_documents(lengths, _measured_documents(lengths, seed)[1])
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


class HeldOutData(Protocol):
    """Held-out data, on which a network and n-gram models are measured.

    Attributes
    ----------
    size : HeldOutSize
    """

    size: HeldOutSize

    def loss(
        self,
        parameters: Parameters,
        *,
        in_full: bool = False,
        on_progress: OnProgress = ignore_progress,
    ) -> NamesLoss:
        """Return the loss of a network on what is measured during training, or in full."""
        ...

    def fit_n_grams(self, between_parts: BetweenParts | None = None) -> NGrams:
        """Return n-gram models of the training part, of all orders up to `MAX_ORDER`."""
        ...

    def n_gram_losses(self, models: NGrams, *, in_full: bool = False) -> list[NamesLoss]:
        """Return the losses of these models on the same data as `loss`, order 1 first."""
        ...


class HeldOutNames:
    """Held-out names. Network and n-gram models read each from its beginning.

    Parameters
    ----------
    training, names : EncodedNames
        The names to train on, and those held out.
    seed : int
        The run's, which draws the sample.
    n_symbols : int
        Size of the vocabulary.
    weights : sequence of int, optional
        Weights of the training names, with which the n-gram models count. The loss is the mean over
        the held-out names, whatever their weights.
    """

    def __init__(
        self,
        training: EncodedNames,
        names: EncodedNames,
        seed: int,
        n_symbols: int,
        weights: Sequence[int] | None = None,
    ) -> None:
        self._training, self._names, self._n_symbols = training, names, n_symbols
        self._weights = weights
        self._sample = names
        if len(names) > MAX_NAMES:
            drawn = np.random.default_rng((seed, 3)).permutation(len(names))
            self._sample = names.take(np.sort(drawn[:MAX_NAMES]))
        self.size = HeldOutSize(len(self._sample), len(names), "name")

    def names(self, *, in_full: bool = False) -> EncodedNames:
        """Return the names that are measured."""
        return self._names if in_full else self._sample

    def loss(
        self,
        parameters: Parameters,
        *,
        in_full: bool = False,
        on_progress: OnProgress = ignore_progress,
    ) -> NamesLoss:
        """Return the loss of a network on the names."""
        names = self.names(in_full=in_full)
        count, total = len(names), 0.0
        for begin in range(0, count, MAX_NAMES):
            on_progress(begin / count)
            bounds = names.bounds[begin : begin + MAX_NAMES + 1]
            part = EncodedNames(names.symbols[bounds[0] : bounds[-1]], bounds - bounds[0])
            total += loss_of_names(parameters, part).nats_per_name * len(part)
        return NamesLoss(total / count, total / len(names.symbols))

    def fit_n_grams(self, between_parts: BetweenParts | None = None) -> NGrams:
        """Return n-gram models of the training names, of all orders up to `MAX_ORDER`."""
        return NGrams(self._training, self._n_symbols, MAX_ORDER, between_parts, self._weights)

    def n_gram_losses(self, models: NGrams, *, in_full: bool = False) -> list[NamesLoss]:
        """Return the losses of these models on the names, order 1 first."""
        return models.losses(self.names(in_full=in_full))


class HeldOutText:
    """The held-out end of a text.

    Every symbol is predicted from what stands before it in the text. An n-gram model of order n
    reads the n - 1 symbols before it. A network in streams reads at least the `WARM_UP` symbols
    before each piece, and one in windows the window. So even the first symbol of a piece has its
    context, which for the first piece is the end of the training part.

    Parameters
    ----------
    symbols : (n,) array
        The whole text, as indices.
    count : int
        How many symbols at its end are held out, from 1 to n - 1.
    n_symbols : int
        Size of the vocabulary.
    window : int, optional
        Symbols of a window, if the network reads in windows.
    """

    def __init__(
        self, symbols: Symbols, count: int, n_symbols: int, window: int | None = None
    ) -> None:
        self._symbols, self._count, self._n_symbols = symbols, count, n_symbols
        self._begin, self._window = len(symbols) - count, window
        most = MAX_SYMBOLS if window is None else MAX_WINDOWS
        self._length = PIECE_LENGTH if window is None else 1
        last = len(symbols) - self._length
        starts = np.linspace(self._begin, max(last, self._begin), most // self._length)
        self._starts: Indices | None = starts.astype(np.intp) if count > most else None
        self.size = HeldOutSize(min(count, most), count, "symbol")

    def places(self, *, in_full: bool = False) -> Indices:
        """Return where the measured symbols stand in the text, in ascending order."""
        if in_full or self._starts is None:
            return np.arange(self._begin, len(self._symbols))
        return (self._starts[:, None] + np.arange(self._length)).ravel()

    def loss(
        self,
        parameters: Parameters,
        *,
        in_full: bool = False,
        on_progress: OnProgress = ignore_progress,
    ) -> NamesLoss:
        """Return the loss of a network on the symbols."""
        text = self._symbols
        if self._window is not None:
            places = self.places(in_full=in_full)
            return loss_of_windows(parameters, text, places, self._window, on_progress)
        if in_full or self._starts is None:
            before, after = text[: self._begin], text[self._begin :]
            return loss_of_text(parameters, before, after, on_progress)
        return loss_of_pieces(parameters, text, self._starts, self._length, on_progress)

    def fit_n_grams(self, between_parts: BetweenParts | None = None) -> NGrams:
        """Return n-gram models of the training part, of all orders up to `MAX_ORDER`."""
        training = self._symbols[: self._begin]
        return fit_to_text(training, self._n_symbols, MAX_ORDER, between_parts)

    def n_gram_losses(self, models: NGrams, *, in_full: bool = False) -> list[NamesLoss]:
        """Return the losses of these models on the symbols, order 1 first."""
        return models.losses_at(self._symbols, self.places(in_full=in_full))


class HeldOutDocuments:
    """Held-out documents. Network and n-gram models read each from its beginning.

    Where only the beginnings of long documents are measured, the loss per document is that of
    documents of their whole mean length, at the measured loss per symbol.

    Parameters
    ----------
    training, documents : DocumentList
        The documents to train on, and those held out.
    seed : int
        The run's, which draws the sample.
    n_symbols : int
        Size of the vocabulary.
    """

    def __init__(
        self, training: DocumentList, documents: DocumentList, seed: int, n_symbols: int
    ) -> None:
        self._training, self._documents, self._n_symbols = training, documents, n_symbols
        self._chosen, self._lengths = _measured_documents(documents.lengths, seed)
        self.size = HeldOutSize.of_documents(documents.lengths, self._lengths)

    def loss(
        self,
        parameters: Parameters,
        *,
        in_full: bool = False,
        on_progress: OnProgress = ignore_progress,
    ) -> NamesLoss:
        """Return the loss of a network, per document and per symbol."""
        documents = self._documents
        starts, lengths = documents.bounds[:-1], documents.lengths
        if not in_full:
            starts, lengths = starts[self._chosen], self._lengths
        loss = loss_of_documents(parameters, documents.symbols, starts, lengths, on_progress)
        return loss if in_full else self._of_whole_documents(loss)

    def fit_n_grams(self, between_parts: BetweenParts | None = None) -> NGrams:
        """Return n-gram models of the training part, of all orders up to `MAX_ORDER`.

        To bound the memory, only the first `MAX_COUNTED` symbols of many are counted.
        """
        ends = self._training.bounds[1:]
        count = max(int(np.searchsorted(ends, MAX_COUNTED, side="right")), 1)
        counted = self._training.take(np.arange(count)).beginnings(MAX_COUNTED)
        return NGrams(counted, self._n_symbols, MAX_ORDER, between_parts)

    def n_gram_losses(self, models: NGrams, *, in_full: bool = False) -> list[NamesLoss]:
        """Return the losses of these models on the same symbols as `loss`, order 1 first."""
        documents = self._documents
        if in_full:
            return models.losses(documents.beginnings(len(documents.symbols)))
        losses = models.losses(documents.take(self._chosen).beginnings(MAX_DOCUMENT))
        return [self._of_whole_documents(loss) for loss in losses]

    def _of_whole_documents(self, loss: NamesLoss) -> NamesLoss:
        """Return the loss of the documents of which the beginnings were measured."""
        whole = self._documents.lengths[self._chosen]
        if np.array_equal(whole, self._lengths):
            return loss
        return NamesLoss(loss.nats_per_character * float(whole.mean()), loss.nats_per_character)


def _measured_documents(lengths: Indices, seed: int) -> tuple[Indices, Indices]:
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


def held_out_of(
    data: Corpus | Text, seed: int, share: float, window: int | None = None
) -> HeldOutData:
    """Return what a run on some data holds out.

    Parameters
    ----------
    data : Corpus or Text
    seed : int
        The run's, which decides on the split and the sample of names or documents.
    share : float
        Share that is held out.
    window : int, optional
        Symbols of a window, if the network reads a text in windows.
    """
    n_symbols = len(data.vocabulary)
    if isinstance(data, Text):
        return held_out_of_text(data, seed, share, window)
    training, names = data.split(seed, share)
    encode = data.vocabulary.encode_all
    weights = data.weights_of(training)
    return HeldOutNames(encode(training), encode(names), seed, n_symbols, weights)


def held_out_of_text(
    text: Text,
    seed: int,
    share: float,
    window: int | None = None,
    vocabulary: Vocabulary | None = None,
) -> HeldOutText | HeldOutDocuments:
    """Return what a run on a text holds out.

    Parameters
    ----------
    text : Text
    seed, share, window
        As in `held_out_of`.
    vocabulary : Vocabulary, optional
        That of the network to measure, if it is not the text's own.

    Raises
    ------
    UnknownSymbolError
        If the text has a symbol that the vocabulary lacks.
    """
    vocabulary = vocabulary or text.vocabulary
    if text.documents is None:
        symbols = text.in_terms_of(vocabulary)
        return HeldOutText(symbols, text.held_out_count(share), len(vocabulary), window)
    parts = text.split(share, seed)
    training, held_out = (text.in_terms_of(vocabulary, part) for part in parts)
    if window is None:
        documents = DocumentList(training), DocumentList(held_out)
        return HeldOutDocuments(*documents, seed, len(vocabulary))
    # Windows reach back over the ends of documents, as in a running text.
    symbols = np.concatenate((training, held_out))
    return HeldOutText(symbols, len(held_out), len(vocabulary), window)
