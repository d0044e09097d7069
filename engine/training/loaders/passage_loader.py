"""A data loader for passages of tunes, of which a network tells the kind."""

from __future__ import annotations  # importing numpy.random takes long

import numpy as np
from numpy.typing import NDArray

from engine.data.melodies import Melodies
from engine.data.passages import passages_of, split_tunes
from engine.evaluation.held_out.kinds import HeldOutKinds
from engine.nn.packing import Packed
from engine.training.loaders.document_versions import versions_of
from engine.training.loaders.epoch_order import balanced_weights, weighted_order
from engine.training.loaders.example_loader import ExampleLoader
from engine.training.settings import RunSettings

_MEASURED_SHARE, _LEAST_BETWEEN = 10, 300
"""Ten times as many passages are learned from as are measured, and at least some."""


class PassageLoader(ExampleLoader):
    """Returns passages of eight bars of the training tunes, drawn anew each epoch.

    An epoch has as many passages of a tune as its length holds, at least one. Each begins at a bar
    that is drawn at random; and is in a key that is drawn too, if that was chosen. Whole tunes are
    held out, the share of each kind. Those are measured in passages that follow each other, and so
    are the n-gram models fitted.

    Parameters
    ----------
    melodies : Melodies
        With kinds.
    settings : RunSettings
    balance : float
        As in `Hyperparameters`, at first.
    """

    def __init__(self, melodies: Melodies, settings: RunSettings, balance: float = 0.0) -> None:
        documents = melodies.documents
        assert documents is not None
        training, held_out = split_tunes(melodies, settings.seed, settings.held_out)
        tunes, others = documents.take(training), documents.take(held_out)
        in_turn = passages_of(melodies, training)
        set_aside = passages_of(melodies, held_out)
        self._titles = set_aside.titles([melodies.tunes[number] for number in held_out.tolist()])
        encoded, measured = in_turn.encoded(tunes), set_aside.encoded(others)
        sizes = melodies.n_kinds, len(melodies.vocabulary)
        held_out_data = HeldOutKinds(encoded, measured, settings.seed, *sizes, noun="passage")
        super().__init__(encoded, measured, held_out_data, settings.seed, tells=True)
        self.measure_every = max(_LEAST_BETWEEN, _MEASURED_SHARE * held_out_data.size.measured)
        self._versions = versions_of(melodies, tunes)
        self._passages = passages_of(melodies, training, at_every_bar=True)
        # Of each tune: its first passage, and how many begin at its bars.
        places = np.arange(len(tunes))
        self._first = np.searchsorted(self._passages.tunes, places)
        self._choices = np.bincount(self._passages.tunes, minlength=len(tunes))
        self._tunes_drawn = in_turn.tunes  # each tune as often as an epoch reads it
        self._weights = self._balanced(balance)
        self._latest: tuple[int, int] | None = None

    def __len__(self) -> int:
        return len(self._tunes_drawn)

    @property
    def latest(self) -> NDArray[np.intp] | None:
        """The passage returned last, with the symbol after it, as indices, read-only."""
        if self._latest is None:
            return None
        begin, length = self._latest
        latest = self._versions.documents.symbols[begin : begin + length].astype(np.intp)
        latest.flags.writeable = False
        return latest

    def next_batch(self, count: int) -> Packed:
        """Return the next passages as a batch, which has one more symbol of each: its end."""
        self.taken += count
        places, versions = np.divmod(self._epoch.take(count), self._versions.count)
        passages, documents = self._passages, self._versions.documents
        tunes, lengths = passages.tunes[places], passages.lengths[places] + 1
        of_version = tunes * self._versions.count + versions
        starts = documents.bounds[of_version] + passages.begins[places]
        self._latest = int(starts[-1]), int(lengths[-1])
        order = np.argsort(-lengths, kind="stable")
        assert documents.kinds is not None
        return Packed.of_chunks(
            documents.symbols,
            starts[order],
            lengths[order],
            kinds=documents.kinds[of_version[order]],
        )

    def set_balance(self, balance: float) -> None:
        """Draw kinds as evenly as that from the next passage on, which begins another epoch."""
        self._weights = self._balanced(balance)
        self._epoch.begin_anew()

    def held_out_title(self, place: int) -> str:
        """Return the title of a held-out passage's tune, and its bars."""
        return self._titles[place]

    def _balanced(self, balance: float) -> NDArray[np.float64] | None:
        """Return how often each passage of an epoch is drawn; None if all are drawn alike."""
        kinds = self.training.kinds
        assert kinds is not None
        return balanced_weights(kinds, balance) if balance else None

    def _draw_order(self, random: np.random.Generator) -> NDArray[np.intp]:
        """Draw the passages of an epoch, as indices of all, times the versions, plus a version."""
        count = len(self)
        weights = self._weights
        order = random.permutation(count) if weights is None else weighted_order(weights, random)
        tunes = self._tunes_drawn[order]
        places = self._first[tunes] + random.integers(self._choices[tunes])
        drawn: NDArray[np.intp] = places * self._versions.count
        drawn += random.integers(self._versions.count, size=count)
        return drawn
