"""The fast path: one name at a time through a single layer, as the course trains it."""

import math

import numpy as np
from numpy.typing import NDArray

from engine.nn.architecture import Architecture
from engine.nn.cells import CELLS
from engine.nn.fast.name_steps import NameSteps
from engine.nn.fast.switches import is_on
from engine.nn.optimizers import clip_entries
from engine.nn.parameters import Parameters

Array = NDArray[np.floating]
Indices = NDArray[np.intp]

_LEAST_SUM = 1e-290
"""Below this, a sum of exps is so small that float64 begins to lose digits."""

_MOST_ONE_HOT_ROWS = 1_000
"""Most symbols for which all one-hot rows are kept, in 8 MB. For 20,000 they would need 3.2 GB."""

_MANY_PARAMETERS = 8_000
"""From here on, a bound of the gradients is quicker to compute than clipping all of them."""

_IS_ON = is_on("fast-path")


class FastPath:
    """Loss and gradients of one name at a time, for networks that `serves` accepts.

    Parameters
    ----------
    parameters : Parameters
        Read at every call, and meant to be updated in place between calls.

    Attributes
    ----------
    gradients : Parameters
        dL/d(parameters) of the latest name.
    a_last : (n_a,) array
        The state after the latest name's last character, which the course carries over.
    """

    def __init__(self, parameters: Parameters) -> None:
        self.parameters = parameters
        self.gradients = parameters.zeros_like()
        self.a_last = np.zeros(parameters.layers[0].n_a)
        steps = CELLS[parameters.architecture.cell].STEPS
        assert steps is not None  # `serves` has looked
        self._steps = steps
        self._has_many_parameters = parameters.flat.size > _MANY_PARAMETERS
        n_y = parameters.architecture.n_symbols
        self._one_hot_rows = np.eye(n_y) if n_y <= _MOST_ONE_HOT_ROWS else None
        layer, gradient = parameters.layers[0], self.gradients.layers[0]
        # Indexing makes a view, which costs as much as an addition, so the rows are views.
        self._K_rows = [] if layer.K is None else list(layer.K)
        self._dK, self._dK_rows = gradient.K, [] if gradient.K is None else list(gradient.K)
        self._own_b, self._db = layer.b, gradient.b
        self._b = layer.b if layer.K is None else np.empty_like(layer.b)
        self._longest = 0
        self._buffers: tuple[Array, ...] = ()
        self._lengths: dict[int, _NamesOfOneLength] = {}

    @staticmethod
    def serves(architecture: Architecture) -> bool:
        """Whether a network is a single layer over one-hot symbols in float64, of a cell that can.

        It must write names, and may be told their kinds.

        The general path computes the same for all networks, but not to the last bit.
        """
        return (
            _IS_ON
            and len(architecture.widths) == 1
            and architecture.embedding is None
            and architecture.dtype == "float64"
            and architecture.task == "write"
            and CELLS[architecture.cell].STEPS is not None
        )

    def loss_and_gradients(
        self, Y: Indices, a0: Array | None = None, kind: int | None = None
    ) -> float:
        """Return L = -sum over t of ln y_hat<t>[y<t>], and set `gradients` and `a_last`.

        Parameters
        ----------
        Y : (T_x,) array
            The name as indices, its end included: the targets. The inputs are the same shifted by
            one, x<1> = 0 and x<t> = y<t-1>.
        a0 : (n_a,) array, optional
            The initial state; zero if absent.
        kind : int, optional
            The name's kind; needed if the network is told kinds.

        Returns
        -------
        float
            In nats. Not finite where the parameters are so large that numbers overflow; the
            gradients are then meaningless.
        """
        names = self._lengths.get(len(Y)) or self._prepare(len(Y))
        self._latest = names
        names.steps.a0[:] = 0.0 if a0 is None else a0
        if self._dK is None:
            loss = names.loss_and_gradients(Y)
        else:
            assert kind is not None  # a network that is told kinds reads names of kinds
            np.add(self._own_b, self._K_rows[kind], self._b)  # (gates x n_a,)
            loss = names.loss_and_gradients(Y)
            # An optimizer may have left its step in the rows of all kinds.
            self._dK.fill(0.0)
            self._dK_rows[kind][:] = self._db
        self.a_last[:] = names.steps.a_last
        return loss

    def clip_entries(self, clip: float) -> None:
        """Clip every entry of the latest `gradients` to [-clip, clip], in place.

        In a large network a cheap bound often shows that no entry lies outside.
        """
        if self._has_many_parameters and self._latest.bound() <= clip:
            return
        clip_entries(self.gradients.flat, clip)

    def _prepare(self, T_x: int) -> "_NamesOfOneLength":
        """Make the views for names of a length, and larger buffers if it is the longest yet."""
        if T_x > self._longest:
            n_a = self.parameters.architecture.widths[0]
            self._longest, self._buffers = T_x, self._steps.make_buffers(n_a, T_x)
            self._lengths.clear()
        blocks = self.parameters.layers[0].block, self.gradients.layers[0].block
        steps = self._steps(*blocks, self._buffers, T_x, self._b)
        names = _NamesOfOneLength(self.parameters, self.gradients, self._one_hot_rows, steps, T_x)
        self._lengths[T_x] = names
        return names


class _NamesOfOneLength:
    """All views and buffers that names of one length need, made once."""

    def __init__(
        self,
        parameters: Parameters,
        gradients: Parameters,
        rows: Array | None,
        steps: NameSteps,
        T_x: int,
    ) -> None:
        n_y = len(parameters.by)
        self.steps = steps
        self._rows = rows
        self._Wya_T, self._Wya, self._by = parameters.Wya.T, parameters.Wya, parameters.by
        self._dWya, self._dby = gradients.Wya, gradients.by
        self._z, self._y_hat = np.empty((T_x, n_y)), np.empty((T_x, n_y))
        self._one_hot = np.empty((T_x, n_y))
        self._one_hot_inputs = self._one_hot[:-1]
        self._y_hat_T, self._sums = self._y_hat.T, np.empty(T_x)
        self._sums_column = self._sums[:, None]
        self._ones_y, self._ones_T = np.ones(n_y), np.ones(T_x)
        # Flat views: the sum of the logits at the targets is one inner product.
        self._flat_z, self._flat_one_hot = self._z.reshape(-1), self._one_hot.reshape(-1)

    def loss_and_gradients(self, Y: Indices) -> float:
        """Do what `FastPath.loss_and_gradients` says, from ``steps.a0``."""
        steps, z, y_hat, one_hot = self.steps, self._z, self._y_hat, self._one_hot
        if self._rows is not None:
            self._rows.take(Y, 0, one_hot, "clip")  # (T_x, n_y)
        else:
            one_hot.fill(0)
            one_hot[np.arange(len(Y)), Y] = 1  # (T_x, n_y)
        a = steps.forward(Y[:-1])  # (T_x, n_a)
        a.dot(self._Wya_T, z)
        np.add(z, self._by, z)  # (T_x, n_y)
        # Softmax without subtracting the largest logit, which is seldom needed and costs a
        # twentieth of the step. If an exp overflows, the loss shows it; if all exps of a character
        # underflow, their sum does. Then the safe way follows.
        np.exp(z, y_hat)  # (T_x, n_y)
        y_hat.dot(self._ones_y, self._sums)  # (T_x,)
        loss = self._loss()
        # The minimum of a short list takes a third of the time of the array's.
        if not math.isfinite(loss) or min(self._sums.tolist()) < _LEAST_SUM:
            np.subtract(z, z.max(axis=1, keepdims=True), z)  # (T_x, n_y)
            np.exp(z, y_hat)  # (T_x, n_y)
            y_hat.dot(self._ones_y, self._sums)  # (T_x,)
            loss = self._loss()
        np.divide(y_hat, self._sums_column, y_hat)  # (T_x, n_y)
        dz = np.subtract(y_hat, one_hot, y_hat)  # (T_x, n_y), dL/dz = y_hat - y
        dz.dot(self._Wya, steps.da)  # (T_x, n_a)
        self._y_hat_T.dot(a, self._dWya)  # (n_y, n_a)
        self._ones_T.dot(dz, self._dby)  # (n_y,)
        steps.backward(self._one_hot_inputs)
        return loss

    def bound(self) -> float:
        """Return an upper bound of the absolute entries of the latest gradients."""
        # `y_hat` holds dL/dz by now, and the logits in `z` are no longer needed.
        of_output = self._ones_T.dot(np.abs(self._y_hat, self._z)).max()
        of_layer: float = self.steps.bound()
        return max(float(of_output), of_layer)

    def _loss(self) -> float:
        # ln y_hat = z - ln(sum of exp z), so the loss needs neither y_hat nor its logarithm.
        return float(np.log(self._sums).dot(self._ones_T) - self._flat_z.dot(self._flat_one_hot))
