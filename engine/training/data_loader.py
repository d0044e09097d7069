"""What a trainer learns from, step by step: one protocol for names and for texts."""

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from engine.data.corpus import Corpus
from engine.data.text import Text
from engine.data.vocabulary import EncodedNames
from engine.nn.network import NamesLoss, State
from engine.nn.packing import Packed
from engine.nn.parameters import Parameters
from engine.nn.resizing.widths import Resized
from engine.storage.validated_mapping import StateDict, ValidatedMapping
from engine.training.name_loader import NameLoader
from engine.training.recipes import Recipe
from engine.training.settings import Hyperparameters, RunSettings, check_recipe
from engine.training.text_loader import StreamLoader, WindowLoader, check_length


class DataLoader(Protocol):
    """Hands out training data, batch after batch, epoch after epoch.

    Attributes
    ----------
    taken : int
        Handed out so far: names, windows, or symbols of streams.
    measure_every : int
        How many of these lie between one measurement of the held-out loss and the next.
    always_reads : bool
        Whether a symbol is read at every step, the first one included.
    """

    taken: int
    measure_every: int
    always_reads: bool

    def __len__(self) -> int:
        """Return how much, in the units of `taken`, makes an epoch."""
        ...

    @property
    def latest(self) -> NDArray[np.intp] | None:
        """What was handed out last, as indices: a name, or a piece of a text; None at first."""
        ...

    def next_batch(self, count: int) -> Packed:
        """Return the next batch, of `count` names, windows or streams."""
        ...

    def states(self, parameters: Parameters) -> list[State] | None:
        """Return the states that the latest batch begins with, to be carried on in place."""
        ...

    def resize_states(self, resized: Resized, parameters: Parameters) -> None:
        """Carry the states over to other widths, and to the layers that `parameters` has more."""
        ...

    def forget_states(self) -> None:
        """Let the next batch begin with zero states."""
        ...

    def state(self) -> StateDict:
        """Return where in the data they stand, as arrays and JSON values."""
        ...

    def restore(self, state: ValidatedMapping, parameters: Parameters) -> None:
        """Go on from where `state` was taken; `parameters` are those of that time.

        Raises
        ------
        ValueError
            If it cannot be a state of lessons on this data; the message names what does not fit.
        """
        ...

    def training_probe(self) -> EncodedNames:
        """Return some training data to judge a network by."""
        ...

    def probe_loss(self, parameters: Parameters) -> float:
        """Tell the cost of a change by some data, held out where anything is.

        In nats per name; of a text, in nats per symbol.
        """
        ...

    def held_out_loss(self, parameters: Parameters, *, in_full: bool = False) -> NamesLoss | None:
        """Measure what is held out, or a part of it that is soon done; None where nothing is."""
        ...


def check_run(
    corpus: Corpus | Text, recipe: Recipe, hyperparameters: Hyperparameters, settings: RunSettings
) -> None:
    """Look whether a run can be made, before it is begun.

    Raises
    ------
    ValueError
        If the recipe goes with neither the network nor the data, or a text is too short.
    """
    check_recipe(recipe, hyperparameters, settings)
    if isinstance(corpus, Text):
        _check_text(corpus, recipe, settings)


def lessons_for(corpus: Corpus | Text, recipe: Recipe, settings: RunSettings) -> DataLoader:
    """Return the lessons that a corpus gives.

    Raises
    ------
    ValueError
        If the recipe cannot be followed on a text, or the text is too short for the settings.
    """
    if isinstance(corpus, Corpus):
        return NameLoader(corpus, recipe, settings)
    _check_text(corpus, recipe, settings)
    return (StreamLoader if settings.window is None else WindowLoader)(corpus, settings)


def _check_text(text: Text, recipe: Recipe, settings: RunSettings) -> None:
    if recipe.is_legacy:
        raise ValueError(
            f"The {recipe.name} recipe is for names. Choose the default recipe for a text."
        )
    check_length(text, settings)
