"""The fast path: what all cells share where they read one name at a time.

Why: a name is short and its matrices are small, so a step spends most of its time on the fixed
cost of NumPy's calls, about half a microsecond each. A cell's `NameSteps` makes every buffer and
every view once for all names of a length, and lays side by side what is multiplied by the same
factor, so that one call does the work of several.

Worth: a step of RNN-50 takes about eighty NumPy calls, a fifth of whose time is arithmetic.
Switch: `engine.nn.fast_path.FastPath.serves` ("fast-path").
"""

from abc import ABC, abstractmethod

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating]


class NameSteps(ABC):
    """A cell's forward and backward pass over names of one length, in buffers made in advance.

    Parameters
    ----------
    block : (n_a + n_x + 1, gates x n_a) array
        W and, as its last row, b; see `engine.nn.cell_protocol.Cell`. Updates of the parameters
        in place are seen.
    d_block : (n_a + n_x + 1, gates x n_a) array
        Their gradients, which `backward` overwrites.
    buffers : tuple of arrays
        As `make_buffers` returned them, for names of this length or longer.
    T_x : int
        Length of the names in characters, the end included.
    b : (gates x n_a,) array, optional
        The biases to read in place of the block's, for example those of a kind of names.

    Attributes
    ----------
    a0, a_last : (n_a,) arrays
        The state before the first character, to be set before `forward`, and after the last one.
    a : (T_x, n_a) array
        The states a<1> to a<T_x>.
    da : (T_x, n_a) array
        dL/da through the output layer, to be set before `backward`.
    """

    _dz: Array
    """(T_x, gates x n_a), dL/d(pre-activations), set by `backward`."""

    def __init__(
        self,
        block: Array,
        d_block: Array,
        buffers: tuple[Array, ...],
        T_x: int,
        b: Array | None = None,
    ) -> None:
        self._states, self._inputs = buffers[0][: T_x + 1], buffers[1][:T_x]
        n_a = self._states.shape[1]
        self.a0, self.a, self.a_last = self._states[0], self._states[1:], self._states[T_x]
        self.da = np.empty((T_x, n_a))
        self._V, self._b, self._dV, self._db = (
            block[n_a:-1],
            block[-1] if b is None else b,
            d_block[n_a:-1],
            d_block[-1],
        )
        self._later_inputs, self._ones = self._inputs[1:], np.ones(T_x)
        # x<1> is zero, as in the course: there the bias alone is left.
        self._input_rows = [self._b, *self._later_inputs]

    @staticmethod
    @abstractmethod
    def make_buffers(n_a: int, T_max: int) -> tuple[Array, ...]:
        """Allocate the buffers that names of all lengths up to `T_max` share.

        Shared, they stay in the processor's cache. The first is (T_max + 1, n_a), for a<0> to
        a<T_max>; the second (T_max + 1, gates x n_a), for the input's share of the
        pre-activations. Any others are the cell's own.
        """

    @abstractmethod
    def forward(self, symbols: NDArray[np.intp]) -> Array:
        """Read a name, beginning with the state `a0`.

        Parameters
        ----------
        symbols : (T_x - 1,) array
            x<2> to x<T_x>, as indices. x<1> is zero, as in the course.

        Returns
        -------
        (T_x, n_a) array
            `a`, valid until the next name is read.
        """

    @abstractmethod
    def backward(self, one_hot: Array) -> None:
        """Compute the gradients of the name that `forward` read, from `da`.

        Parameters
        ----------
        one_hot : (T_x - 1, n_x) array
            x<2> to x<T_x> as one-hot rows: to add up rows by symbol, one product is quicker than
            ``numpy.add.at``.
        """

    def bound(self) -> float:
        """Return an upper bound of |gradient|, as all states lie between -1 and 1."""
        return float(self._ones.dot(np.abs(self._dz)).max())

    def _set_inputs(self, symbols: NDArray[np.intp]) -> None:
        """Set the input's share of the pre-activations for x<2> to x<T_x>: V x + b."""
        # Wx times a one-hot vector is a row of V, its transpose. The indices come from a
        # vocabulary, so "clip" never clips: it saves take() a checked copy.
        self._V.take(symbols, 0, self._later_inputs, "clip")  # (T_x - 1, gates x n_a)
        np.add(self._later_inputs, self._b, self._later_inputs)
