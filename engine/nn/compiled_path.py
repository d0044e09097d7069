"""The compiled path: many steps on single names in one call of a kernel."""

from types import ModuleType

import numpy as np
from numpy.typing import NDArray

from engine.data.vocabulary import EncodedNames
from engine.nn.architecture import Architecture
from engine.nn.compiled_update import rule_of
from engine.nn.fast.compiled.blas_functions import blas_functions
from engine.nn.fast.compiled.kernel_store import load_kernels
from engine.nn.optimizers import Optimizer
from engine.nn.parameters import Parameters

Array = NDArray[np.floating]
Indices = NDArray[np.int64]

_CELLS = {"rnn": "RNN", "gru": "GRU", "lstm": "LSTM"}
"""The names that the kernels have for cells."""

_NONE, _NO_INDICES = np.empty(0), np.empty(0, np.int64)


class CompiledPath:
    """Makes steps on single names, for networks that it and `engine.nn.fast_path.FastPath` serve.

    Parameters
    ----------
    parameters : Parameters
        Changed by every step.
    names : EncodedNames
        The training names.

    Attributes
    ----------
    gradients : Parameters
        Those of the latest step, as its update has left them: clipped, and with the L2 penalty
        unless the optimizer decouples it.

    Raises
    ------
    KernelsNotReadyError
        If the kernels are not compiled.
    """

    def __init__(self, parameters: Parameters, names: EncodedNames) -> None:
        self._kernels = load_kernels()
        self.gradients = parameters.zeros_like()
        self._weights = _weights_of(self._kernels, parameters)
        self._gradients = _weights_of(self._kernels, self.gradients)
        self._blas = blas_functions(parameters.flat.dtype)
        self._cell = getattr(self._kernels.names, _CELLS[parameters.architecture.cell])
        # Copies, because the kernels are compiled for arrays that can be written to.
        self._symbols, self._bounds = _copy(names.symbols), _copy(names.bounds)
        is_told = parameters.layers[0].K is not None
        self._kinds = _copy(names.kinds) if is_told and names.kinds is not None else _NO_INDICES
        self._longest = int(np.diff(self._bounds).max())

    @staticmethod
    def serves(architecture: Architecture) -> bool:
        """Whether there are kernels for the network's cell."""
        return architecture.cell in _CELLS

    def lengths(self, order: Indices) -> Array:
        """Return the characters of names, their ends included."""
        lengths: Array = (self._bounds[order + 1] - self._bounds[order]).astype(float)
        return lengths

    def learn(
        self,
        order: Indices,
        rates: Array,
        optimizer: Optimizer,
        clip: float | None,
        clipping: str,
        l2: float,
        carried: Array | None,
        lost: float,
    ) -> Array:
        """Make a step on each name, until a loss is too high.

        Parameters
        ----------
        order : (steps,) array
            The name of each step, as an index.
        rates : (steps,) array
            The learning rate of each step.
        optimizer : Optimizer
            Its moments and its steps are changed.
        clip, clipping, l2
            As in `engine.training.settings.Hyperparameters`.
        carried : (n_a,) array or None
            The state that the first name begins with. Changed to the one that the last has left.
            None if every name begins with zero.
        lost : float
            A loss that is not below it ends the chunk, after its update.

        Returns
        -------
        (made,) array
            The loss of each step that was made, in nats, before its update.
        """
        losses = np.empty(len(order))
        made = self._kernels.names.train_names(
            self._blas,
            self._cell,
            self._weights,
            self._gradients,
            self._kernels.names.Names(self._symbols, self._bounds, self._kinds, order),
            rule_of(self._kernels, optimizer, clip, clipping, l2),
            rates,
            optimizer.steps,
            _NONE if carried is None else carried,
            self._longest,
            losses,
            lost,
        )
        optimizer.steps += made
        return losses[:made]


def _weights_of(kernels: ModuleType, parameters: Parameters) -> object:
    """Return the `Weights` of `engine.nn.fast.compiled.kernels.names`: views of all arrays."""
    layer = parameters.layers[0]
    K = np.empty((0, layer.block.shape[1])) if layer.K is None else layer.K
    return kernels.names.Weights(parameters.flat, layer.block, parameters.Wya, parameters.by, K)


def _copy(indices: NDArray[np.integer]) -> Indices:
    copy: Indices = np.array(indices, np.int64)
    return copy
