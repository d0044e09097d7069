"""Layers of a cell below a softmax layer: loss and gradients of a batch."""

from __future__ import annotations  # importing numpy.random takes long

from abc import ABC, abstractmethod
from collections.abc import Callable
from functools import partial

import numpy as np
from numpy.typing import NDArray

from engine.nn.fast.split_batches import Helper, rows_worth_splitting, run_both, split_batch
from engine.nn.layers.batch_backend import NUMPY, BatchBackend, State, softmax
from engine.nn.layers.layer_stack import LayerStack, Masks, Outputs, joined
from engine.nn.packing import Packed
from engine.nn.parameters import Array, Parameters

DrawMask = Callable[[int], Array]
"""Draws the dropout mask of the highest layer's output, for some number of rows."""


class SoftmaxNetwork(ABC):
    """Loss and gradients of batches.

    A subclass says what the softmax layer reads of a batch's rows, and what it has to predict.

    Parameters
    ----------
    parameters : Parameters
        Read at every call, and meant to be updated in place between calls.
    helper : Helper, optional
        Computes one half of large batches. The numbers are the same without.
    backend : BatchBackend, optional
        What computes the parts of a step, by default NumPy.

    Attributes
    ----------
    gradients : Parameters
        dL/d(parameters) of the latest batch: the sum over its names.
    """

    def __init__(
        self,
        parameters: Parameters,
        helper: Helper | None = None,
        backend: BatchBackend = NUMPY,
    ) -> None:
        self.parameters = parameters
        self.gradients = parameters.zeros_like()
        self._backend = backend
        self._stack = LayerStack(parameters, backend)
        U_bytes = sum(layer.U.nbytes for layer in parameters.layers) // len(parameters.layers)
        self._many_rows = rows_worth_splitting(U_bytes)
        self._helper = helper
        self._no_masks: Masks = [None] * len(parameters.layers)

    @abstractmethod
    def _read(self, outputs: Outputs, batch: Packed) -> Array:
        """Return what the softmax layer reads of the highest layer: (n, directions x n_a)."""

    @abstractmethod
    def _spread(self, da: Array, batch: Packed) -> Outputs:
        """Return the gradient of the highest layer's output, of that of what was read."""

    @abstractmethod
    def _targets(self, batch: Packed) -> NDArray[np.intp]:
        """Return what has to be predicted, as indices of the output: (n,)."""

    @abstractmethod
    def _draw_read(self, draw: DrawMask, batch: Packed) -> Array:
        """Draw the dropout mask of what is read: n rows."""

    def loss(self, batch: Packed, states: list[State] | None = None) -> float:
        """Return the loss of a batch, summed over all predictions, in nats, without dropout.

        Parameters
        ----------
        batch : Packed
        states : list of State, optional
            As in `loss_and_gradients`.
        """
        return softmax(self._all_logits(batch, states), self._targets(batch))

    def states(self, batch: Packed) -> list[Array]:
        """Return the states at all steps of a batch: (N, directions x n_a) for each layer."""
        tapes = self._stack.forward(batch, self._no_masks)
        return [joined(tape.outputs, batch) for tape in tapes]

    def loss_and_gradients(
        self,
        batch: Packed,
        dropout: float = 0.0,
        random: np.random.Generator | None = None,
        states: list[State] | None = None,
    ) -> float:
        """Return the loss of a batch, and set `gradients`.

        Parameters
        ----------
        batch : Packed
        dropout : float
            Share of each layer's outputs that is dropped, 0 or more and below 1. The others are
            scaled up, so that nothing has to change when nothing is dropped.
        random : Generator, optional
            Draws the dropout masks; needed if `dropout` is not 0.
        states : list of State, optional
            The initial states of the m names or chunks; overwritten with the final ones. No
            gradient flows back beyond them. Zero if absent.

        Returns
        -------
        float
            The loss, summed over all predictions, in nats.

        Raises
        ------
        ValueError
            If there is dropout and no `random`.
        """
        if dropout and random is None:
            raise ValueError("random must be a Generator if dropout is not 0, got None.")
        if batch.inputs.size >= self._many_rows * len(batch.steps):
            return self._compute_split(batch, dropout, random, states)
        masks = self._draw_masks(batch, dropout, random)
        return self._compute(self.gradients, batch, masks, states)

    def _compute_split(
        self,
        batch: Packed,
        dropout: float,
        random: np.random.Generator | None,
        states: list[State] | None,
    ) -> float:
        """Do what `loss_and_gradients` says, for each half of the batch by itself."""
        works = []
        both = self.gradients, self.parameters.zeros_like()
        for begin, (half, gradients) in enumerate(zip(split_batch(batch), both, strict=True)):
            # Drawn here, for one half after the other, so that threads do not change the numbers.
            masks = self._draw_masks(half, dropout, random)
            own = states and [tuple(array[begin::2] for array in state) for state in states]
            works.append(partial(self._compute, gradients, half, masks, own))
        first, second = works
        loss = sum(run_both(first, second, self._helper))
        self.gradients.flat += both[1].flat
        return loss

    def _draw_masks(
        self, batch: Packed, dropout: float, random: np.random.Generator | None
    ) -> Masks:
        """Draw the dropout mask of each layer; that of the highest has the rows that are read."""
        if not dropout or random is None:
            return self._no_masks

        def draw(rows: int, width: int) -> Array:
            kept = random.random((rows, width), np.float32) >= dropout  # (rows, width)
            mask = kept.astype(self.parameters.flat.dtype)
            mask /= 1.0 - dropout
            return mask

        architecture = self.parameters.architecture
        *below, highest = [architecture.n_directions * n_a for n_a in architecture.widths]
        masks = [draw(len(batch), width) for width in below]
        return [*masks, self._draw_read(lambda rows: draw(rows, highest), batch)]

    def _compute(
        self,
        gradients: Parameters,
        batch: Packed,
        masks: Masks,
        states: list[State] | None,
    ) -> float:
        """Return the loss of a batch, and set `gradients`."""
        tapes, mask = self._stack.forward(batch, masks, states), masks[-1]
        a = self._read(tapes[-1].outputs, batch)  # (n, directions x n_a)
        if mask is not None:
            a = a * mask
        dz = a @ self.parameters.Wya.T  # (n, n_y), at first Wya a
        loss = self._backend.softmax_loss(dz, self.parameters.by, self._targets(batch))
        np.dot(dz.T, a, out=gradients.Wya)
        dz.sum(axis=0, out=gradients.by)
        da = dz @ self.parameters.Wya  # (n, directions x n_a)
        if mask is not None:
            da *= mask
        self._stack.backward(gradients, batch, self._spread(da, batch), tapes, masks)
        return loss

    def _all_logits(self, batch: Packed, states: list[State] | None = None) -> Array:
        """Return the logits of a batch, (n, n_y), without dropout."""
        tapes = self._stack.forward(batch, self._no_masks, states)
        return self._logits(self._read(tapes[-1].outputs, batch))

    def _logits(self, a: Array) -> Array:
        z = a @ self.parameters.Wya.T  # (n, n_y)
        z += self.parameters.by
        return z
