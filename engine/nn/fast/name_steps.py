"""What all cells do alike where they are walked over one name at a time."""

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating]


class NameSteps:
    """A cell walked over names of one length, forward and backward, in buffers made beforehand.

    Parameters
    ----------
    block : (n_a + n_x + 1, gates x n_a) array
        W and, as its last row, b; see `views` of each cell. It sees every update of the parameters.
    d_block : (n_a + n_x + 1, gates x n_a) array
        Their gradients, which `backward` overwrites.
    states : (T_x + 1, n_a) array
        Room for a<0> to a<T_x>.
    inputs : (T_x, gates x n_a) array
        Room for what comes from below.

    Attributes
    ----------
    a0, a_last : (n_a,) arrays
        The state before the first character, to be set before `forward`, and after the last.
    a : (T_x, n_a) array
        The states a<1> to a<T_x>.
    da : (T_x, n_a) array
        What the layer above says of them, dL/da, to be set before `backward`.
    """

    _dz: Array
    """(T_x, gates x n_a), dL/d(gates before their sigmoids and tanh), set by `backward`."""

    def __init__(self, block: Array, d_block: Array, states: Array, inputs: Array) -> None:
        T_x, n_a = len(inputs), states.shape[1]
        self.a0, self.a, self.a_last = states[0], states[1:], states[T_x]
        self.da = np.empty((T_x, n_a))
        self._V, self._b, self._dV, self._db = (
            block[n_a:-1],
            block[-1],
            d_block[n_a:-1],
            d_block[-1],
        )
        self._later_inputs, self._ones = inputs[1:], np.ones(T_x)
        # x<1> is zero, as in the course: the first character hears b alone.
        self._heard = [self._b, *self._later_inputs]

    def _read(self, symbols: NDArray[np.intp]) -> None:
        """Set what the gates hear of x<2> to x<T_x>, given as indices, the bias included."""
        # Wx times a one-hot is a row of V, its transpose. The indices come from a vocabulary, so
        # "clip" never clips: it spares take() a checked copy.
        self._V.take(symbols, 0, self._later_inputs, "clip")
        np.add(self._later_inputs, self._b, self._later_inputs)

    def bound(self) -> float:
        """Return what no entry of the latest gradients exceeds: a state lies between -1 and 1."""
        return float(self._ones.dot(np.abs(self._dz)).max())
