"""Held-out documents."""

import numpy as np

from engine.data.document_list import DocumentList
from engine.data.training_data import OnProgress, ignore_progress
from engine.evaluation.baselines import MAX_COUNTED, MAX_ORDER, BetweenParts, NGrams
from engine.evaluation.held_out.size import MAX_DOCUMENT, HeldOutSize, measured_documents
from engine.evaluation.text_loss import loss_of_documents
from engine.nn.network import NamesLoss
from engine.nn.parameters import Parameters


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
    note_length : float, optional
        Symbols per note. With it, the loss per document is one per note.
    """

    def __init__(
        self,
        training: DocumentList,
        documents: DocumentList,
        seed: int,
        n_symbols: int,
        note_length: float | None = None,
    ) -> None:
        self._note_length = note_length
        self._training, self._documents, self._n_symbols = training, documents, n_symbols
        self._chosen, self._lengths = measured_documents(documents.lengths, seed)
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
        starts, lengths, kinds = documents.bounds[:-1], documents.lengths, documents.kinds
        if not in_full:
            starts, lengths = starts[self._chosen], self._lengths
            kinds = None if kinds is None else kinds[self._chosen]
        if not parameters.architecture.n_kinds:
            kinds = None
        loss = loss_of_documents(parameters, documents.symbols, starts, lengths, on_progress, kinds)
        return self._per_unit(loss, in_full=in_full)

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
            losses = models.losses(documents.beginnings(len(documents.symbols)))
        else:
            losses = models.losses(documents.take(self._chosen).beginnings(MAX_DOCUMENT))
        return [self._per_unit(loss, in_full=in_full) for loss in losses]

    def _per_unit(self, loss: NamesLoss, *, in_full: bool) -> NamesLoss:
        """Return the loss per note, or of the documents whose beginnings were measured."""
        if self._note_length is not None:
            return NamesLoss(loss.nats_per_character * self._note_length, loss.nats_per_character)
        if in_full:
            return loss
        whole = self._documents.lengths[self._chosen]
        if np.array_equal(whole, self._lengths):
            return loss
        return NamesLoss(loss.nats_per_character * float(whole.mean()), loss.nats_per_character)
