"""What the loaders of names and of passages have in common: whole examples, each read alone."""

from __future__ import annotations  # importing numpy.random takes long

from abc import ABC, abstractmethod

import numpy as np
from numpy.typing import NDArray

from engine.data.vocabulary import EncodedNames
from engine.evaluation.held_out.kinds import HeldOutKinds
from engine.evaluation.held_out.names import HeldOutNames
from engine.evaluation.names_loss import loss_of
from engine.nn.layers.batch_backend import State
from engine.nn.packing import Packed
from engine.nn.parameters import Parameters
from engine.nn.resizing.widths import Resized
from engine.storage.validated_mapping import StateDict, ValidatedMapping
from engine.training.loaders.epoch_order import EpochOrder, Order

_PROBE_NAMES = 200
"""Examples in a sample for `probe_loss` and `training_probe`."""


class ExampleLoader(ABC):
    """Returns examples, each of which begins with a zero state, epoch after epoch.

    Parameters
    ----------
    training : EncodedNames
        What is learned from.
    held_out : EncodedNames or None
        What is never trained on; None if nothing is held out.
    held_out_data : HeldOutNames, HeldOutKinds or None
        How that is measured.
    seed : int
        Of the run.
    tells : bool
        Whether kinds are told.

    Attributes
    ----------
    training, held_out : EncodedNames
    taken : int
        Examples returned so far.
    held_out_data, measure_every, always_reads
        As in `engine.training.loaders.data_loader.DataLoader`.
    """

    always_reads = False
    measure_every: int

    def __init__(
        self,
        training: EncodedNames,
        held_out: EncodedNames | None,
        held_out_data: HeldOutNames | HeldOutKinds | None,
        seed: int,
        *,
        tells: bool,
    ) -> None:
        self.training, self.held_out, self.held_out_data = training, held_out, held_out_data
        self.taken = 0
        self._tells = tells
        self._epoch = EpochOrder(seed, self._draw_order)

    @abstractmethod
    def __len__(self) -> int:
        """Return the number of examples in an epoch."""

    @property
    @abstractmethod
    def latest(self) -> NDArray[np.intp] | None:
        """The example returned last, as indices, read-only; None before the first."""

    @abstractmethod
    def next_batch(self, count: int) -> Packed:
        """Return the next examples as a batch. A batch may span two epochs."""

    @abstractmethod
    def set_balance(self, balance: float) -> None:
        """Draw kinds as evenly as that from the next example on, which begins another epoch."""

    @abstractmethod
    def held_out_title(self, place: int) -> str:
        """Return what to call a held-out example."""

    @abstractmethod
    def _draw_order(self, random: np.random.Generator) -> Order:
        """Return the order of an epoch."""

    def states(self, parameters: Parameters) -> list[State] | None:
        """Return None: every example of a batch begins with a zero state."""
        return None

    def resize_states(self, resized: Resized, parameters: Parameters) -> None:  # noqa: B027
        """Do nothing: there are no states."""

    def forget_states(self) -> None:  # noqa: B027
        """Do nothing: there are no states."""

    def state(self) -> StateDict:
        """Return the examples returned so far, and the position in the epoch."""
        return {"taken": self.taken} | self._epoch.state()

    def restore(self, state: ValidatedMapping, parameters: Parameters) -> None:
        """Continue from the position in the epoch."""
        self.taken = state.whole("taken")
        self._epoch.restore(state)

    def training_probe(self) -> EncodedNames:
        """Return training examples from all over the list, which may be sorted."""
        count = len(self.training)
        places = np.linspace(0, count - 1, min(_PROBE_NAMES, count))
        return self.training.take(places.astype(np.intp))

    def _loss_probe(self) -> EncodedNames:
        """Return some held-out examples, or training examples if none are held out."""
        if self.held_out_data is None:
            return self.training_probe()
        probe = self.held_out_data.names()
        return probe.take(np.arange(min(_PROBE_NAMES, len(probe))))

    def probe_loss(self, parameters: Parameters) -> float:
        """Return the loss on some held-out examples, or on training ones if none are held out."""
        return loss_of(parameters, self._loss_probe()).nats_per_name

    @property
    def probe_characters(self) -> float:
        """Mean length of what `probe_loss` reads, the end included; 1 if kinds are told."""
        return 1.0 if self._tells else float(self._loss_probe().lengths.mean())
