"""The names to learn from, in the order in which a recipe takes them."""

import numpy as np
from numpy.typing import NDArray

from engine.corpus import Corpus
from engine.messages import RunSettings
from engine.packing import Packed
from engine.recipes import Recipe
from engine.vocabulary import EncodedNames


class Lessons:
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
    """

    def __init__(self, corpus: Corpus, recipe: Recipe, settings: RunSettings) -> None:
        self.held_out: EncodedNames | None = None
        if recipe.holds_out:
            training, held_out = corpus.split(settings.seed, settings.held_out)
            self.held_out = corpus.vocabulary.encode_all(held_out)
        else:
            training = list(corpus.names)
        self._reshuffles = recipe.reshuffles
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

    def _begin_epoch(self) -> None:
        self._place = 0
        if self._reshuffles:
            self._order = self._random.permutation(len(self)).tolist()
        elif not self._order:
            self._order = list(range(len(self)))
