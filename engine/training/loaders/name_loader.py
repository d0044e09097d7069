"""A data loader for names, in the order that a recipe prescribes."""

from __future__ import annotations  # importing numpy.random takes long

import numpy as np
from numpy.typing import NDArray

from engine.data.corpus import Corpus
from engine.data.vocabulary import EncodedNames
from engine.evaluation.held_out.data import held_out_names
from engine.evaluation.held_out.kinds import HeldOutKinds
from engine.evaluation.held_out.names import HeldOutNames
from engine.evaluation.names_loss import loss_of
from engine.nn.layers.layer_stack import State
from engine.nn.packing import Packed
from engine.nn.parameters import Parameters
from engine.nn.resizing.widths import Resized
from engine.storage.validated_mapping import StateDict, ValidatedMapping
from engine.training.loaders.epoch_order import EpochOrder, balanced_weights, weighted_order
from engine.training.recipes import Recipe
from engine.training.settings import RunSettings

HELD_OUT_EVERY = 1_000
"""Fewest training names between two measurements of the held-out loss."""

NAMES_PER_MEASURED = 10
"""Training names for each name that is measured, if measuring is sparse.

To measure a name takes about half as long as to learn from it, so that measuring takes about a
twentieth of the time.
"""

_PROBE_NAMES = 200
"""Names in a sample for `probe_loss` and `training_probe`."""


class NameLoader:
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
        self.held_out: EncodedNames | None = None
        names = corpus.distinct
        if recipe.holds_out:
            training, held_out = corpus.split_places(settings.seed, settings.held_out)
            self.held_out = corpus.encoded_at(held_out)
        else:
            names = corpus.names if corpus.weights is None else corpus.distinct
            training = np.arange(len(names))
        self._reshuffles, self._tells = recipe.reshuffles, settings.task == "tell"
        # The first time step of a name has no input symbol, but the course carries a state into it.
        self.always_reads = recipe.carries_state
        if recipe.is_legacy:
            np.random.RandomState(settings.seed).shuffle(training)
        if names is corpus.distinct:
            self.training = corpus.encoded_at(training)
        else:  # a recipe that keeps repeats, which is not for kinds
            self.training = corpus.vocabulary.encode_all([names[place] for place in training])
        weights = corpus.weights_at(training)
        self._own_weights = None if weights is None else np.array(weights, dtype=np.float64)
        self._weights = self._balanced(balance)
        self.held_out_data: HeldOutNames | HeldOutKinds | None = None
        if self.held_out is not None:
            self.held_out_data = held_out_names(
                corpus, self.training, self.held_out, settings.seed, weights, settings.task
            )
        n_measured = 0 if self.held_out_data is None else self.held_out_data.size.measured
        self.measure_every = names_between_measurements(n_measured, settings.measuring)
        # Lists, as reading one number from an array takes three times as long.
        self._bounds = self.training.bounds.tolist()
        kinds = self.training.kinds
        self._kinds: list[int] | None = None if kinds is None else kinds.tolist()
        self._epoch = EpochOrder(settings.seed, self._draw_order)
        self.taken = 0

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

    def states(self, parameters: Parameters) -> list[State] | None:
        """Return None: every name of a batch begins with a zero state."""
        return None

    def resize_states(self, resized: Resized, parameters: Parameters) -> None:
        """Do nothing: there are no states."""

    def forget_states(self) -> None:
        """Do nothing: there are no states."""

    def state(self) -> StateDict:
        """Return the names returned so far, and the position in the epoch."""
        return {"taken": self.taken} | self._epoch.state()

    def restore(self, state: ValidatedMapping, parameters: Parameters) -> None:
        """Continue from the position in the epoch."""
        self.taken = state.whole("taken")
        self._epoch.restore(state)

    def training_probe(self) -> EncodedNames:
        """Return training names from all over the list, which may be sorted."""
        count = min(_PROBE_NAMES, len(self))
        return self.training.take(np.linspace(0, len(self) - 1, count).astype(np.intp))

    def _loss_probe(self) -> EncodedNames:
        """Return some held-out names, or training names if none are held out."""
        if self.held_out_data is None:
            return self.training_probe()
        probe = self.held_out_data.names()
        return probe.take(np.arange(min(_PROBE_NAMES, len(probe))))

    def probe_loss(self, parameters: Parameters) -> float:
        """Return the loss on some held-out names, or on training names if none are held out."""
        return loss_of(parameters, self._loss_probe()).nats_per_name

    @property
    def probe_characters(self) -> float:
        """Mean length of the names that `probe_loss` reads, END included; 1 if kinds are told."""
        return 1.0 if self._tells else float(self._loss_probe().lengths.mean())

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
