"""The names to learn from, in the order in which a recipe takes them."""

import numpy as np
from numpy.typing import NDArray

from engine.data.corpus import Corpus
from engine.data.vocabulary import EncodedNames
from engine.nn.network import NamesLoss, State, loss_of_names
from engine.nn.packing import Packed
from engine.nn.parameters import Parameters
from engine.nn.resizing.widths import Resized
from engine.storage.validated_mapping import StateDict, ValidatedMapping
from engine.training.recipes import Recipe
from engine.training.settings import RunSettings

HELD_OUT_EVERY = 1_000
"""Names learned from between one measurement of the held-out loss and the next."""

MAX_HELD_OUT_MEASURED = 1_000
"""Held-out names that are measured on the way, at the most, so that long lists train as fast."""

_PROBE_NAMES = 200
"""Names that a narrower network is judged by."""


class NameLoader:
    """Hands out the training names, one or some at a time, epoch after epoch.

    Parameters
    ----------
    corpus : Corpus
    recipe : Recipe
    settings : RunSettings

    Attributes
    ----------
    training : EncodedNames
    held_out : EncodedNames or None
        What is never handed out; None where the recipe holds nothing out.
    taken : int
        Names handed out so far.
    measure_every, always_reads
        As in `engine.training.data_loader.DataLoader`.
    """

    measure_every = HELD_OUT_EVERY

    def __init__(self, corpus: Corpus, recipe: Recipe, settings: RunSettings) -> None:
        self.held_out: EncodedNames | None = None
        if recipe.holds_out:
            training, held_out = corpus.split(settings.seed, settings.held_out)
            self.held_out = corpus.vocabulary.encode_all(held_out)
        else:
            training = list(corpus.names)
        self._measured = self._choose_measured(settings.seed)
        self._reshuffles = recipe.reshuffles
        # The course carries the state over, and what reads nothing then hears a state all the same.
        self.always_reads = recipe.carries_state
        if recipe.is_legacy:
            np.random.RandomState(settings.seed).shuffle(training)
        self.training = corpus.vocabulary.encode_all(training)
        self._random = np.random.default_rng((settings.seed, 1))
        # Lists of Python numbers: to index an array for one number takes three times as long.
        self._bounds = self.training.bounds.tolist()
        self._order: list[int] = []
        self._place = 0
        self.taken = 0

    def __len__(self) -> int:
        return len(self._bounds) - 1

    @property
    def latest(self) -> NDArray[np.intp] | None:
        """The name that was handed out last, as indices; None before the first."""
        return self.training[self._order[self._place - 1]] if self._place else None

    def next_name(self) -> NDArray[np.intp]:
        """Return the next name's indices."""
        if self._place == len(self._order):
            self._begin_epoch()
        index = self._order[self._place]
        self._place += 1
        self.taken += 1
        return self.training.symbols[self._bounds[index] : self._bounds[index + 1]]

    def next_batch(self, count: int) -> Packed:
        """Return the next names as a batch; one that an epoch ends in goes on with the next."""
        chosen: list[int] = []
        while len(chosen) < count:
            if self._place == len(self._order):
                self._begin_epoch()
            more = self._order[self._place : self._place + count - len(chosen)]
            self._place += len(more)
            chosen += more
        self.taken += count
        return Packed.of(self.training, np.array(chosen))

    def states(self, parameters: Parameters) -> list[State] | None:
        """Return None: names of a batch begin with zero states."""
        return None

    def resize_states(self, resized: Resized, parameters: Parameters) -> None:
        """Do nothing: there are no states to carry over."""

    def forget_states(self) -> None:
        """Do nothing, likewise."""

    def state(self) -> StateDict:
        """Return the place in the epoch, and what its order was drawn from."""
        return {
            "taken": self.taken,
            "place": self._place,
            "is_begun": bool(self._order),
            "random": self._drawn_from if self._order else self._random.bit_generator.state,
        }

    def restore(self, state: ValidatedMapping, parameters: Parameters) -> None:
        """Draw the epoch's order again, and go on from the place in it."""
        self.taken = state.whole("taken")
        self._random = state.random("random")
        if state.value("is_begun"):
            self._begin_epoch()
        self._place = state.whole("place", most=len(self._order))

    def training_probe(self) -> EncodedNames:
        """Return training names, spread over the list, which may be sorted."""
        count = min(_PROBE_NAMES, len(self))
        return self.training.take(np.linspace(0, len(self) - 1, count).astype(np.intp))

    def probe_loss(self, parameters: Parameters) -> float:
        """Return what held-out names cost, or training names where there are none."""
        probe = self._measured
        if probe is None:
            probe = self.training_probe()
        else:
            probe = probe.take(np.arange(min(_PROBE_NAMES, len(probe))))
        return loss_of_names(parameters, probe).nats_per_name

    def held_out_loss(self, parameters: Parameters, *, in_full: bool = False) -> NamesLoss | None:
        """Measure the held-out names, or `MAX_HELD_OUT_MEASURED` of them."""
        measured = self.held_out if in_full else self._measured
        return None if measured is None else loss_of_names(parameters, measured)

    def _choose_measured(self, seed: int) -> EncodedNames | None:
        if self.held_out is None:
            return None
        chosen = np.random.default_rng((seed, 3)).permutation(len(self.held_out))
        return self.held_out.take(np.sort(chosen[:MAX_HELD_OUT_MEASURED]))

    def _begin_epoch(self) -> None:
        self._place = 0
        self._drawn_from = self._random.bit_generator.state
        if self._reshuffles:
            self._order = self._random.permutation(len(self)).tolist()
        elif not self._order:
            self._order = list(range(len(self)))
