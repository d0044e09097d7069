"""What every kind of held-out data can do, and which kind a run has."""

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np

from engine.data.corpus import Corpus
from engine.data.document_list import DocumentList
from engine.data.melodies import Melodies
from engine.data.passages import told_passages
from engine.data.text import Text
from engine.data.training_data import OnProgress, ignore_progress
from engine.data.vocabulary import EncodedNames, Vocabulary
from engine.evaluation.baselines import BetweenParts
from engine.evaluation.held_out.documents import HeldOutDocuments
from engine.evaluation.held_out.kinds import HeldOutKinds
from engine.evaluation.held_out.names import HeldOutNames
from engine.evaluation.held_out.size import HeldOutSize
from engine.evaluation.held_out.text import HeldOutText
from engine.nn.architecture import Task
from engine.nn.network import NamesLoss
from engine.nn.parameters import Parameters


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

    def fit_n_grams(self, between_parts: BetweenParts | None = None) -> Any:
        """Return n-gram models of the training part, of all orders up to `MAX_ORDER`.

        They are for `n_gram_losses`: those of names that are written are not those that tell kinds.
        """
        ...

    def n_gram_losses(self, models: Any, *, in_full: bool = False) -> list[NamesLoss]:
        """Return the losses of these models on the same data as `loss`, order 1 first."""
        ...


def held_out_of(
    data: Corpus | Text,
    seed: int,
    share: float,
    window: int | None = None,
    task: Task = "write",
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
    task : str
        What the network does with names, or with tunes.
    """
    if task == "tell" and isinstance(data, Melodies):
        sizes = data.n_kinds, len(data.vocabulary)
        return HeldOutKinds(*told_passages(data, seed, share), seed, *sizes, noun="passage")
    if isinstance(data, Text):
        return held_out_of_text(data, seed, share, window)
    training, held_out = data.split_places(seed, share)
    encoded = data.encoded_at(training), data.encoded_at(held_out)
    return held_out_names(data, *encoded, seed, data.weights_at(training), task)


def held_out_names(
    corpus: Corpus,
    training: EncodedNames,
    held_out: EncodedNames,
    seed: int,
    weights: Sequence[int] | None,
    task: Task,
) -> HeldOutNames | HeldOutKinds:
    """Return the held-out names of a run, which are written or whose kinds are told.

    Parameters
    ----------
    corpus : Corpus
    training, held_out : EncodedNames
        Its names to train on, and those held out.
    seed : int
        The run's, which draws the sample.
    weights : sequence of int or None
        Of the training names, as in `HeldOutNames`.
    task : str
        What the network does.
    """
    if task == "tell":
        sizes = corpus.n_kinds, len(corpus.vocabulary)
        return HeldOutKinds(training, held_out, seed, *sizes, weights)
    return HeldOutNames(training, held_out, seed, len(corpus.vocabulary), weights)


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
    parts = text.documents.parted(seed, share)
    training, held_out = (text.in_terms_of(vocabulary, part.symbols) for part in parts)
    if window is None:
        documents = (
            DocumentList(training, parts[0].kinds),
            DocumentList(held_out, parts[1].kinds),
        )
        return HeldOutDocuments(*documents, seed, len(vocabulary), text.note_length)
    # Windows reach back over the ends of documents, as in a running text.
    symbols = np.concatenate((training, held_out))
    return HeldOutText(symbols, len(held_out), len(vocabulary), window)
