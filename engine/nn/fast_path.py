"""One name at a time through a single layer: the course's own recipe, as fast as it goes."""

import math

import numpy as np
from numpy.typing import NDArray

from engine.nn.architecture import Architecture
from engine.nn.cells import CELLS
from engine.nn.optimizers import clip_entries
from engine.nn.parameters import Parameters

Array = NDArray[np.floating]
Indices = NDArray[np.intp]

_LEAST_SUM = 1e-290
"""Below this, float64 begins to lose digits."""

_LARGE = 8_000
"""Parameters from which on it pays to look for a bound of the gradients before they are clipped."""


class FastPath:
    """Loss and gradients of one name at a time, as stochastic gradient descent needs them.

    Parameters
    ----------
    parameters : Parameters
        Of an architecture that `serves` says yes to. Read at every call, and meant to be updated
        in place between calls.

    Attributes
    ----------
    gradients : Parameters
        dL/d(parameters) of the latest name.
    a_last : (n_a,) array
        The state after the latest name's last character, which the course carries on.
    """

    def __init__(self, parameters: Parameters) -> None:
        self.parameters = parameters
        self.gradients = parameters.zeros_like()
        self.a_last = np.zeros(parameters.layers[0].n_a)
        self._is_large = parameters.flat.size > _LARGE
        self._one_hot_rows = np.eye(parameters.architecture.n_symbols)
        self._longest = 0
        self._room: tuple[Array, ...] = ()
        self._lengths: dict[int, _NamesOfOneLength] = {}

    @staticmethod
    def serves(architecture: Architecture) -> bool:
        """Whether it is a single layer over one-hot symbols, in float64."""
        return (
            len(architecture.widths) == 1
            and architecture.embedding is None
            and architecture.dtype == "float64"
        )

    def loss_and_gradients(self, Y: Indices, a0: Array | None = None) -> float:
        """Read one name, and set `gradients` and `a_last`.

        Parameters
        ----------
        Y : (T_x,) array
            The name as indices, its end included: what is to be predicted. What is read is the
            same shifted by one, x<1> = 0 and x<t> = y<t-1>.
        a0 : (n_a,) array, optional
            The state to begin with; zero if absent.

        Returns
        -------
        float
            L = -sum over t of ln y_hat<t>[y<t>], in nats. Not finite where the parameters are
            too large for numbers to hold; the gradients are then of no use.
        """
        names = self._lengths.get(len(Y)) or self._prepare(len(Y))
        self._latest = names
        names.steps.a0[:] = 0.0 if a0 is None else a0
        loss = names.loss_and_gradients(Y)
        self.a_last[:] = names.steps.a_last
        return loss

    def clip_entries(self, clip: float) -> None:
        """Bring every entry of the latest `gradients` into [-clip, clip], in place.

        To look at many costs more than to see from a few that none can lie outside.
        """
        if self._is_large and self._latest.bound() <= clip:
            return
        clip_entries(self.gradients.flat, clip)

    def _prepare(self, T_x: int) -> "_NamesOfOneLength":
        if T_x > self._longest:
            architecture = self.parameters.architecture
            self._longest, self._room = (
                T_x,
                CELLS[architecture.cell].Steps.make_room(architecture.widths[0], T_x),
            )
            self._lengths.clear()
        names = _NamesOfOneLength(
            self.parameters, self.gradients, self._one_hot_rows, self._room, T_x
        )
        self._lengths[T_x] = names
        return names


class _NamesOfOneLength:
    """All views and buffers that names of one length need, made once."""

    def __init__(
        self,
        parameters: Parameters,
        gradients: Parameters,
        rows: Array,
        room: tuple[Array, ...],
        T_x: int,
    ) -> None:
        cell, n_y = CELLS[parameters.architecture.cell], len(parameters.by)
        block, d_block = parameters.layers[0].block, gradients.layers[0].block
        self.steps = cell.Steps(block, d_block, room, T_x)
        self._rows = rows
        self._Wya_T, self._Wya, self._by = parameters.Wya.T, parameters.Wya, parameters.by
        self._dWya, self._dby = gradients.Wya, gradients.by
        self._z, self._y_hat = np.empty((T_x, n_y)), np.empty((T_x, n_y))
        self._one_hot = np.empty((T_x, n_y))
        self._one_hot_inputs = self._one_hot[:-1]
        self._y_hat_T, self._sums = self._y_hat.T, np.empty(T_x)
        self._sums_column = self._sums[:, None]
        self._ones_y, self._ones_T = np.ones(n_y), np.ones(T_x)
        # Flat views: the logits at the targets add up to one inner product.
        self._flat_z, self._flat_one_hot = self._z.reshape(-1), self._one_hot.reshape(-1)

    def loss_and_gradients(self, Y: Indices) -> float:
        """Do what `FastPath.loss_and_gradients` says, from ``steps.a0``."""
        steps, z, y_hat, one_hot = self.steps, self._z, self._y_hat, self._one_hot
        self._rows.take(Y, 0, one_hot, "clip")  # (T_x, n_y)
        a = steps.forward(Y[:-1])  # (T_x, n_a)
        a.dot(self._Wya_T, z)
        np.add(z, self._by, z)  # (T_x, n_y)
        # Softmax without first taking off the largest logit, which is seldom needed and costs a
        # twentieth of the step. Where exp overflows the loss shows it, where all of a letter's
        # exps are next to nothing their sum does: then the slow way follows.
        np.exp(z, y_hat)
        y_hat.dot(self._ones_y, self._sums)
        loss = self._loss()
        # The minimum of a short list takes a third of the time of the array's.
        if not math.isfinite(loss) or min(self._sums.tolist()) < _LEAST_SUM:
            np.subtract(z, z.max(axis=1, keepdims=True), z)
            np.exp(z, y_hat)
            y_hat.dot(self._ones_y, self._sums)
            loss = self._loss()
        np.divide(y_hat, self._sums_column, y_hat)
        dz = np.subtract(y_hat, one_hot, y_hat)  # (T_x, n_y), dL/dz = y_hat - y
        dz.dot(self._Wya, steps.da)
        self._y_hat_T.dot(a, self._dWya)
        self._ones_T.dot(dz, self._dby)
        steps.backward(self._one_hot_inputs)
        return loss

    def bound(self) -> float:
        """Return what no entry of the latest gradients exceeds."""
        # dL/dz is where y_hat was, and the logits are not needed any more.
        above = self._ones_T.dot(np.abs(self._y_hat, self._z)).max()
        below: float = self.steps.bound()
        return max(float(above), below)

    def _loss(self) -> float:
        # ln y_hat = z - ln(sum of exp z), so the loss needs neither y_hat nor its logarithm.
        return float(np.log(self._sums).dot(self._ones_T) - self._flat_z.dot(self._flat_one_hot))
