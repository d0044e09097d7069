"""The data loader's protocol, and the choice of a loader for names, documents or a running text."""

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from engine.data.corpus import Corpus
from engine.data.melodies import Melodies
from engine.data.passages import split_tunes
from engine.data.text import Text
from engine.data.vocabulary import EncodedNames
from engine.evaluation.held_out.data import HeldOutData
from engine.nn.layers.batch_backend import State
from engine.nn.packing import Packed
from engine.nn.parameters import Parameters
from engine.nn.resizing.widths import Resized
from engine.storage.validated_mapping import StateDict, ValidatedMapping
from engine.training.loaders.document_loader import DocumentLoader
from engine.training.loaders.name_loader import NameLoader
from engine.training.loaders.passage_loader import PassageLoader
from engine.training.loaders.text_loader import StreamLoader, WindowLoader, check_length
from engine.training.recipes import Recipe
from engine.training.settings import Hyperparameters, RunSettings, check_recipe


class DataLoader(Protocol):
    """Returns training data, batch after batch, epoch after epoch.

    Attributes
    ----------
    taken : int
        Examples returned so far: names, passages, windows, or symbols of streams.
    measure_every : int
        Examples between two measurements of the held-out loss.
    always_reads : bool
        Whether every time step has an input symbol or a carried state, the first one included.
    """

    taken: int
    measure_every: int
    always_reads: bool

    @property
    def held_out_data(self) -> HeldOutData | None:
        """What is never trained on, and how it is measured; None if nothing is held out."""
        ...

    def __len__(self) -> int:
        """Return the length of an epoch, in the units of `taken`."""
        ...

    @property
    def latest(self) -> NDArray[np.intp] | None:
        """The example returned last, as indices, read-only: a name, or a piece of a text.

        None before the first batch.
        """
        ...

    def next_batch(self, count: int) -> Packed:
        """Return the next batch of `count` names, passages, windows or streams."""
        ...

    def states(self, parameters: Parameters) -> list[State] | None:
        """Return the states that the latest batch begins with; the network updates them in place.

        None if every example begins with a zero state.
        """
        ...

    def resize_states(self, resized: Resized, parameters: Parameters) -> None:
        """Adapt the states to other widths, and to new layers of `parameters`."""
        ...

    def forget_states(self) -> None:
        """Begin the next batch with zero states."""
        ...

    def state(self) -> StateDict:
        """Return the position in the data, as arrays and JSON values."""
        ...

    def restore(self, state: ValidatedMapping, parameters: Parameters) -> None:
        """Continue from where `state` was taken, when the network had `parameters`.

        Raises
        ------
        ValueError
            If it is not a state of a loader of this data; the message names what does not fit.
        """
        ...

    def training_probe(self) -> EncodedNames:
        """Return a sample of the training data."""
        ...

    @property
    def probe_characters(self) -> float:
        """Mean length of a name, or of a document, its end included; 1 for a running text."""
        ...

    def probe_loss(self, parameters: Parameters) -> float:
        """Return the mean loss on a small sample, held out if anything is.

        In nats per name or document; for a running text, in nats per symbol.
        """
        ...


def check_run(
    corpus: Corpus | Text, recipe: Recipe, hyperparameters: Hyperparameters, settings: RunSettings
) -> None:
    """Check that a run is possible, before it begins.

    Raises
    ------
    ValueError
        If the recipe does not allow the network or the data, or the text is too short, or kinds
        are to be told and the data have none.
    """
    check_recipe(recipe, hyperparameters, settings)
    if isinstance(corpus, Text):
        _check_text(corpus, recipe, settings)
    _check_kinds(corpus, recipe, settings)


def make_loader(
    corpus: Corpus | Text, recipe: Recipe, settings: RunSettings, balance: float = 0.0
) -> DataLoader:
    """Return a loader of a corpus, which draws kinds as evenly as `balance` says.

    Raises
    ------
    ValueError
        If the recipe does not allow a text, or the text is too short for the settings.
    """
    _check_kinds(corpus, recipe, settings)
    if isinstance(corpus, Corpus):
        return NameLoader(corpus, recipe, settings, balance)
    _check_text(corpus, recipe, settings)
    if settings.task == "tell" and isinstance(corpus, Melodies):
        return PassageLoader(corpus, settings, balance)
    if settings.window is not None:
        return WindowLoader(corpus, settings)
    return (StreamLoader if corpus.documents is None else DocumentLoader)(corpus, settings)


def _check_kinds(corpus: Corpus | Text, recipe: Recipe, settings: RunSettings) -> None:
    has_kinds = corpus.kinds is not None
    if has_kinds and recipe.is_legacy:
        raise ValueError(
            f"The {recipe.name} recipe is the course's, which knows no kinds of names. Choose the "
            "default recipe, or read the names without kinds."
        )
    if settings.task == "tell" and isinstance(corpus, Melodies):
        _check_tunes(corpus, settings)
    elif settings.task == "tell" and not has_kinds:
        raise ValueError(
            f"To tell kinds, a network learns from names with kinds, and “{corpus.source}” has "
            "none. Read a folder with one kind a file, or a table with a column of kinds."
        )


def _check_tunes(melodies: Melodies, settings: RunSettings) -> None:
    """Check that the kinds of tunes can be told, and some tunes be held out."""
    if melodies.kinds is None:
        raise ValueError(
            f"To tell kinds, a network learns from tunes with kinds, and “{melodies.source}” has "
            "none. Read a folder with one kind a file, or solos with a table that knows their "
            "performers."
        )
    if not len(split_tunes(melodies, settings.seed, settings.held_out)[1]):
        raise ValueError(
            f"In “{melodies.source}”, each tune is the only one of its kind. At least one kind "
            "needs two different tunes: one to learn from, one to hold out."
        )


def _check_text(text: Text, recipe: Recipe, settings: RunSettings) -> None:
    if recipe.is_legacy:
        raise ValueError(
            f"The {recipe.name} recipe is for names. Choose the default recipe for a text."
        )
    if text.kind == "melodies" and settings.window is not None:
        raise ValueError("Melodies are read in streams, not in windows. Choose streams.")
    if settings.task == "write":
        check_length(text, settings)
