"""The data loader for documents: each is read from its beginning to its end, in chunks."""

import numpy as np
from numpy.typing import NDArray

from engine.data.document_list import DocumentList
from engine.data.text import Text
from engine.data.vocabulary import EncodedNames
from engine.evaluation.held_out.documents import HeldOutDocuments
from engine.nn.layers.batch_backend import State
from engine.nn.network import loss_of_names
from engine.nn.packing import Packed
from engine.nn.parameters import Parameters
from engine.nn.resizing.widths import Resized
from engine.storage.validated_mapping import StateDict, ValidatedMapping
from engine.training.loaders.document_versions import versions_of
from engine.training.loaders.epoch_order import EpochOrder
from engine.training.loaders.stream_states import StreamStates
from engine.training.settings import RunSettings

Indices = NDArray[np.intp]

_SYMBOLS_BETWEEN = 200_000
"""Symbols read between two measurements, as for a running text."""

_MEASURED_SHARE, _LEAST_BETWEEN = 10, 5_000
"""Of melodies, ten times as many symbols are learned from as are measured, and at least some."""

_LATEST = 41
"""Most symbols in `latest`."""

_PROBE_DOCUMENTS = 50
_PROBE_LENGTH = 50


class DocumentLoader:
    """Reads documents in parallel streams: truncated backpropagation within each document.

    A stream reads one document from its beginning, with a zero state and no symbol before it, to
    its end, and then the next. Each step reads the next symbols of every stream, and fewer where a
    document ends. Every epoch has all documents once, in a new random order; melodies, in
    keys that are drawn anew if that was chosen.

    The streams read their first documents in chunks of different lengths. Otherwise, with documents
    of about the same length, one step would read all their beginnings and the next all their ends.

    Parameters
    ----------
    text : Text
        Documents.
    settings : RunSettings

    Attributes
    ----------
    training, held_out : DocumentList
    mean_length : float
        Of the documents, in symbols, their ends included. The loss per document is that of a
        document of this length. Of melodies, it is the length of a note.
    taken, held_out_data, measure_every, always_reads
        As in `engine.training.loaders.data_loader.DataLoader`.
    """

    always_reads = False

    def __init__(self, text: Text, settings: RunSettings) -> None:
        assert text.documents is not None
        training, held_out = text.documents.parted(settings.seed, settings.held_out)
        self.training, self.held_out = training, held_out
        self.mean_length = text.mean_length
        self.held_out_data = HeldOutDocuments(
            training, held_out, settings.seed, len(text.vocabulary), text.note_length
        )
        self.taken = 0
        self.measure_every = _SYMBOLS_BETWEEN
        if text.kind == "melodies":  # a few tunes are learned by heart long before
            measured = _MEASURED_SHARE * self.held_out_data.size.measured
            self.measure_every = min(max(measured, _LEAST_BETWEEN), _SYMBOLS_BETWEEN)
        self._length = settings.length
        versions = versions_of(text, training)
        self._read = versions.documents
        self._epoch = EpochOrder(settings.seed, versions.draw)
        # Of each stream: its document, the next symbol to predict, and the length of its chunks.
        self._documents = self._positions = self._lengths = np.empty(0, dtype=np.intp)
        self._states = StreamStates()
        self._latest = slice(0)

    def __len__(self) -> int:
        """Return the number of training symbols."""
        return len(self.training.symbols)

    @property
    def latest(self) -> Indices | None:
        """The end of the longest piece of the last batch, as indices, read-only.

        The last symbol is the last target. None before the first batch, also of a resumed run.
        """
        piece = self._read.symbols[self._latest][-_LATEST:].astype(np.intp)
        piece.flags.writeable = False
        return piece if len(piece) else None

    def next_batch(self, count: int) -> Packed:
        """Return the next symbols of `count` streams, or of as many as there are documents."""
        self._set_streams(min(count, len(self.training)))
        bounds = self._read.bounds
        starts, ends = bounds[self._documents], bounds[self._documents + 1]
        lengths = np.minimum(self._lengths, ends - self._positions)
        order = np.argsort(-lengths, kind="stable")
        self._keep_streams(order)
        starts, ends, lengths = starts[order], ends[order], lengths[order]
        begins = self._positions == starts
        self._states.clear(begins)
        kinds = self._read.kinds
        batch = Packed.of_chunks(
            self._read.symbols,
            self._positions,
            lengths,
            begins,
            None if kinds is None else kinds[self._documents],
        )
        first = int(self._positions[0])
        self._latest = slice(first, first + int(lengths[0]))
        self._positions = self._positions + lengths
        self._begin_documents(self._positions == ends)
        self.taken += len(batch)
        return batch

    def states(self, parameters: Parameters) -> list[State] | None:
        """Return the streams' states, which the network updates in place."""
        return self._states.of(parameters, len(self._documents))

    def resize_states(self, resized: Resized, parameters: Parameters) -> None:
        """Adapt the streams' states to the new widths; those of a new layer start at zero."""
        self._states.resize(resized, parameters, len(self._documents))

    def forget_states(self) -> None:
        """Continue all streams with zero states at the next batch."""
        self._states.forget()

    def training_probe(self) -> EncodedNames:
        """Return the beginnings of training documents from all over the list."""
        return _probe(self.training)

    @property
    def probe_characters(self) -> float:
        """The mean length of a training document."""
        return self.mean_length

    def probe_loss(self, parameters: Parameters) -> float:
        """Return the loss on the beginnings of held-out documents, in nats per document."""
        loss = loss_of_names(parameters, _probe(self.held_out))
        return loss.nats_per_character * self.mean_length

    def state(self) -> StateDict:
        """Return the position in the epoch, and each stream's document, position and state."""
        kept: StateDict = {
            "taken": self.taken,
            "documents": self._documents.astype(np.int64),
            "positions": self._positions.astype(np.int64),
            "lengths": self._lengths.astype(np.int64),
        }
        return kept | self._states.state() | self._epoch.state()

    def restore(self, state: ValidatedMapping, parameters: Parameters) -> None:
        """Continue from the position in the epoch, and in each stream's document."""
        self.taken = state.whole("taken")
        self._epoch.restore(state)
        self._restore_streams(state)
        self._states.restore(state, parameters, len(self._documents))

    def _restore_streams(self, state: ValidatedMapping) -> None:
        """Continue with each stream's document, position and length of chunks.

        Raises
        ------
        ValueError
            If there are no such documents, positions or lengths.
        """
        documents: Indices = state.array("documents", (-1,), np.int64).astype(np.intp)
        positions: Indices = state.array("positions", documents.shape, np.int64).astype(np.intp)
        lengths: Indices = state.array("lengths", documents.shape, np.int64).astype(np.intp)
        count = len(self._read)
        if len(documents) > count or np.any(documents < 0) or np.any(documents >= count):
            raise ValueError(f"documents must be at most {count:,} indices below {count:,}.")
        bounds = self._read.bounds
        if np.any(positions < bounds[documents]) or np.any(positions >= bounds[documents + 1]):
            raise ValueError("positions must lie within their documents.")
        if np.any(lengths < 1) or np.any(lengths > self._length):
            raise ValueError(f"lengths must be from 1 to {self._length:,}.")
        self._documents, self._positions, self._lengths = documents, positions, lengths

    def _set_streams(self, count: int) -> None:
        """Begin new streams, or end the last ones, so that there are `count`."""
        present = len(self._documents)
        if count < present:
            self._keep_streams(np.arange(count))
        elif count > present:
            documents = self._epoch.take(count - present)
            self._documents = np.concatenate((self._documents, documents))
            self._positions = np.concatenate((self._positions, self._read.bounds[documents]))
            first = -(-self._length * np.arange(present + 1, count + 1) // count)
            self._lengths = np.concatenate((self._lengths, first))
            self._states.lengthen(count)

    def _keep_streams(self, chosen: Indices) -> None:
        """Keep these streams, in this order."""
        self._documents, self._positions = self._documents[chosen], self._positions[chosen]
        self._lengths = self._lengths[chosen]
        self._states.keep(chosen)

    def _begin_documents(self, has_ended: NDArray[np.bool_]) -> None:
        """Let the streams whose documents have ended begin others."""
        count = int(np.count_nonzero(has_ended))
        if count:
            self._documents[has_ended] = self._epoch.take(count)
            self._positions[has_ended] = self._read.bounds[self._documents[has_ended]]
            self._lengths[has_ended] = self._length


def _probe(documents: DocumentList) -> EncodedNames:
    count = min(_PROBE_DOCUMENTS, len(documents))
    chosen = np.linspace(0, len(documents) - 1, count).astype(np.intp)
    return documents.take(chosen).beginnings(_PROBE_LENGTH)
