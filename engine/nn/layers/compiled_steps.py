"""Steps of many names side by side by compiled kernels: what `engine.nn.network.read_step` does.

All arrays are made once, and only rows of names that go on are copied from one step to the next.
"""

from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from engine.nn.fast.compiled.blas_functions import blas_functions
from engine.nn.fast.compiled.kernel_store import load_kernels
from engine.nn.layers.batch_backend import State
from engine.nn.layers.inputs import embedded
from engine.nn.parameters import Array, LayerParameters, Parameters

Indices = NDArray[np.intp]


class _LayerSteps(Protocol):
    """One layer.

    Attributes
    ----------
    after : State
        The states after the latest step.
    """

    after: State

    def read(self, x: Any, before: State) -> Array:
        """Make a step.

        Parameters
        ----------
        x : Input
            Of `engine.nn.fast.compiled.kernels.batches`.
        before : State
            The states before it, (k, n_a).

        Returns
        -------
        (k, n_a) array
            a.
        """
        ...


class CompiledSteps:
    """Reads symbols, one for each name at a time.

    Parameters
    ----------
    parameters : Parameters
        Of a network that `serves`. Not to be changed meanwhile.
    states : list of State
        The states of each layer that every name begins with, (1, n_a).
    m : int
        The number of names.

    Raises
    ------
    KernelsNotReadyError
        If the kernels are not compiled.
    """

    def __init__(self, parameters: Parameters, states: list[State], m: int) -> None:
        self._parameters, self._kernels = parameters, load_kernels().batches
        steps = _STEPS[parameters.architecture.cell]
        # The kernels are compiled for arrays that can be written to; those of a snapshot cannot.
        self._b = [_writable(layer.b) for layer in parameters.layers]
        self._V = _writable(parameters.layers[0].V)
        self._layers: list[_LayerSteps] = []
        self._before: list[State] = []
        for layer, state in zip(parameters.layers, states, strict=True):
            self._layers.append(steps(layer, tuple(np.repeat(each, m, axis=0) for each in state)))
            self._before.append(tuple(np.empty_like(each) for each in self._layers[-1].after))
        self._rows = np.arange(m)
        self._Wya_T = parameters.Wya.T.copy()  # a product with contiguous rows is quicker
        self._z = np.empty((m, len(parameters.by)), parameters.by.dtype)

    @staticmethod
    def serves(parameters: Parameters) -> bool:
        """Whether there are kernels for the network's cell."""
        return parameters.architecture.cell in _STEPS

    def read(self, kept: Indices, symbols: Indices) -> Array:
        """Let some of the names read one symbol each; the others have ended.

        Parameters
        ----------
        kept : (k,) array
            Their rows in the step before, at least one, in ascending order.
        symbols : (k,) array
            As indices.

        Returns
        -------
        (k, n_y) array
            The logits of the next symbol, valid until the next call.
        """
        k = len(kept)
        a: Any = embedded(self._parameters, symbols)
        for place, (layer, b) in enumerate(zip(self._parameters.layers, self._b, strict=True)):
            steps, before = self._layers[place], tuple(each[:k] for each in self._before[place])
            for source, row in zip(steps.after, before, strict=True):
                source.take(kept, 0, row, "clip")  # no check of the rows, which would need a copy
            if a is None:
                x = self._kernels.Input(b, self._V, symbols)
            else:
                x = self._kernels.Input(b, a @ layer.V, self._rows[:k])
            a = steps.read(x, before)  # (k, n_a)
        z = np.dot(a, self._Wya_T, self._z[:k])  # (k, n_y)
        z += self._parameters.by
        return z


class _RNNSteps:
    """The tanh cell."""

    def __init__(self, layer: LayerParameters, after: State) -> None:
        self._U, self.after = _writable(layer.U), after
        self._kernel, self._blas = load_kernels().batches.rnn_forward, blas_functions(layer.U.dtype)

    def read(self, x: Any, before: State) -> Array:
        (a_prev,), a = before, self.after[0][: len(before[0])]
        self._kernel(self._blas, x, self._U, a, a_prev, _one_step(a))
        return a


class _GRUSteps:
    """The GRU."""

    def __init__(self, layer: LayerParameters, after: State) -> None:
        m, n = after[0].shape
        self._U, self.after = _writable(layer.U), after
        self._kernel, self._blas = load_kernels().batches.gru_forward, blas_functions(layer.U.dtype)
        self._reset, self._gates = (np.empty((m, k), layer.b.dtype) for k in (n, 3 * n))

    def read(self, x: Any, before: State) -> Array:
        (c_prev,), c = before, self.after[0][: len(before[0])]
        arrays = self._U, self._gates, c_prev, self._reset, c
        self._kernel(self._blas, x, *arrays, _one_step(c))
        return c


class _LSTMSteps:
    """The LSTM."""

    def __init__(self, layer: LayerParameters, after: State) -> None:
        self._U, self.after = _writable(layer.U), after
        self._kernel, self._blas = (
            load_kernels().batches.lstm_forward,
            blas_functions(layer.U.dtype),
        )
        self._gates = np.empty((len(after[0]), len(layer.b)), layer.b.dtype)

    def read(self, x: Any, before: State) -> Array:
        (a_prev, c_prev), (a, c) = before, (each[: len(before[0])] for each in self.after)
        arrays = self._U, self._gates, c_prev, c, a, a_prev
        self._kernel(self._blas, x, *arrays, _one_step(a))
        return a


def _one_step(rows: Array) -> Indices:
    """Return the bounds of a single step."""
    return np.array([0, len(rows)], np.intp)


_STEPS: dict[str, Any] = {"rnn": _RNNSteps, "gru": _GRUSteps, "lstm": _LSTMSteps}
"""What computes a cell, by its name in `engine.nn.cells.CELLS`."""


def _writable(array: Array) -> Array:
    return array if array.flags.writeable else array.copy()
