"""A data loader for names, in the order that a recipe prescribes."""

from __future__ import annotations  # importing numpy.random takes long

import numpy as np
from numpy.typing import NDArray

from engine.data.corpus import Corpus
from engine.data.vocabulary import EncodedNames
from engine.evaluation.held_out.data import held_out_names
from engine.evaluation.held_out.kinds import HeldOutKinds
from engine.evaluation.held_out.names import HeldOutNames
from engine.nn.packing import Packed
from engine.training.loaders.epoch_order import balanced_weights, weighted_order
from engine.training.loaders.example_loader import ExampleLoader
from engine.training.recipes import Recipe
from engine.training.settings import RunSettings

HELD_OUT_EVERY = 1_000
"""Fewest training names between two measurements of the held-out loss."""

NAMES_PER_MEASURED = 10
"""Training names for each name that is measured, if measuring is sparse.

To measure a name takes about half as long as to learn from it, so that measuring takes about a
twentieth of the time.
"""


class NameLoader(ExampleLoader):
    """Returns the training names, one or several at a time, epoch after epoch.

    If the names have weights, an epoch draws as many names as there are distinct ones to train on,
    each as often as its weight says. This is so with every recipe. If the names have kinds, the
    weights are also such that kinds are drawn as evenly as `balance` says.

    Parameters
    ----------
    corpus : Corpus
    recipe : Recipe
    settings : RunSettings
    balance : float
        As in `Hyperparameters`, at first.

    Attributes
    ----------
    training : EncodedNames
    held_out : EncodedNames or None
        Names that are never trained on; None if the recipe holds none out.
    taken : int
        Names returned so far.
    held_out_data, measure_every, always_reads
        As in `engine.training.loaders.data_loader.DataLoader`.
    """

    def __init__(
        self, corpus: Corpus, recipe: Recipe, settings: RunSettings, balance: float = 0.0
    ) -> None:
        held_out: EncodedNames | None = None
        names = corpus.distinct
        if recipe.holds_out:
            training, others = corpus.split_places(settings.seed, settings.held_out)
            held_out = corpus.encoded_at(others)
        else:
            names = corpus.names if corpus.weights is None else corpus.distinct
            training = np.arange(len(names))
        self._reshuffles, self._vocabulary = recipe.reshuffles, corpus.vocabulary
        # The first time step of a name has no input symbol, but the course carries a state into it.
        self.always_reads = recipe.carries_state
        if recipe.is_legacy:
            np.random.RandomState(settings.seed).shuffle(training)
        if names is corpus.distinct:
            encoded = corpus.encoded_at(training)
        else:  # a recipe that keeps repeats, which is not for kinds
            encoded = corpus.vocabulary.encode_all([names[place] for place in training])
        weights = corpus.weights_at(training)
        held_out_data: HeldOutNames | HeldOutKinds | None = None
        if held_out is not None:
            held_out_data = held_out_names(
                corpus, encoded, held_out, settings.seed, weights, settings.task
            )
        tells = settings.task == "tell"
        super().__init__(encoded, held_out, held_out_data, settings.seed, tells=tells)
        self._own_weights = None if weights is None else np.array(weights, dtype=np.float64)
        self._weights = self._balanced(balance)
        n_measured = 0 if held_out_data is None else held_out_data.size.measured
        self.measure_every = names_between_measurements(n_measured, settings.measuring)
        # Lists, as reading one number from an array takes three times as long.
        self._bounds = self.training.bounds.tolist()
        kinds = self.training.kinds
        self._kinds: list[int] | None = None if kinds is None else kinds.tolist()

    def __len__(self) -> int:
        return len(self._bounds) - 1

    @property
    def latest(self) -> NDArray[np.intp] | None:
        """The name returned last, as indices, read-only; None before the first."""
        epoch = self._epoch
        return self.training[epoch.order[epoch.position - 1]] if epoch.position else None

    def next_name(self) -> tuple[NDArray[np.intp], int | None]:
        """Return the next name's indices, and its kind if it has one."""
        index = self._epoch.take_one()
        self.taken += 1
        name = self.training.symbols[self._bounds[index] : self._bounds[index + 1]]
        return name, None if self._kinds is None else self._kinds[index]

    def peek(self, count: int) -> NDArray[np.int64]:
        """Return the next names of one epoch, as indices: one at least, and `count` at most."""
        return self._epoch.peek(count)

    def skip(self, count: int) -> None:
        """Count as returned so many of the names that `peek` has returned."""
        self.taken += count
        self._epoch.position += count

    def next_batch(self, count: int) -> Packed:
        """Return the next names as a batch. A batch may span two epochs."""
        self.taken += count
        return Packed.of(self.training, self._epoch.take(count))

    def set_balance(self, balance: float) -> None:
        """Draw kinds as evenly as that from the next name on, which begins another epoch."""
        if self.training.kinds is not None:
            self._weights = self._balanced(balance)
            self._epoch.begin_anew()

    def held_out_title(self, place: int) -> str:
        """Return a held-out name."""
        assert self.held_out is not None
        return self._vocabulary.decode(self.held_out[place][:-1].tolist())

    def _balanced(self, balance: float) -> NDArray[np.float64] | None:
        """Return how often each name is drawn; None if all are drawn alike."""
        if self.training.kinds is None or not balance:
            return self._own_weights
        return balanced_weights(self.training.kinds, balance, self._own_weights)

    def _draw_order(self, random: np.random.Generator) -> list[int]:
        if self._weights is not None:
            drawn: list[int] = weighted_order(self._weights, random).tolist()
            return drawn
        if not self._reshuffles:
            return list(range(len(self)))
        order: list[int] = random.permutation(len(self)).tolist()
        return order


def names_between_measurements(n_measured: int, measuring: str) -> int:
    """Return the training names between two measurements of the held-out loss.

    Parameters
    ----------
    n_measured : int
        Held-out names that are measured.
    measuring : str
        One of `engine.training.settings.MEASURINGS`.
    """
    if measuring == "frequent":
        return HELD_OUT_EVERY
    return max(HELD_OUT_EVERY, NAMES_PER_MEASURED * n_measured)
