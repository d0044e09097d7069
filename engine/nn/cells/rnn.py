"""The tanh cell: a<t> = tanh(Wax x<t> + Waa a<t-1> + ba).

Written for one name at a time, where what counts is not the arithmetic but the number of NumPy
calls: each of them costs about half a microsecond before it multiplies anything.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.nn.fast.aligned import aligned_zeros
from engine.nn.fast.name_steps import NameSteps

Array = NDArray[np.floating]
DotInto = Callable[[Array, Array], Array]


GATES = ("a",)
STATES = ("a",)
"""What a tape holds of the state."""


CANDIDATES = ("a",)
"""The gates that are a tanh of what is read."""

OPEN_GATES = ()
"""The gates that have to be open for it to be let through; the others have to be shut."""


def views(W: Array, b: Array) -> dict[str, Array]:
    """Return the course's parameters as views on the block.

    Parameters
    ----------
    W : (n_a + n_x, n_a) array
    b : (n_a,) array
    """
    n_a = len(b)
    return {"Wax": W[n_a:].T, "Waa": W[:n_a].T, "ba": b}


def start(b: Array) -> None:
    """Set the bias to begin with: zero."""
    b[:] = 0.0


class Steps(NameSteps):
    """The cell walked over one name; see `engine.nn.fast.name_steps.NameSteps`.

    Parameters
    ----------
    block, d_block : arrays
        As there.
    room : tuple of arrays
        As `make_room` made it.
    T_x : int
        Length of the names in characters, the end included.
    """

    @staticmethod
    def make_room(n_a: int, T_max: int) -> tuple[Array, ...]:
        """Make scratch that all lengths up to T_max share, so that it stays in the cache."""
        states, inputs, dz = (aligned_zeros((T_max + 1, n_a)) for _ in range(3))
        return states, inputs, dz

    def __init__(self, block: Array, d_block: Array, room: tuple[Array, ...], T_x: int) -> None:
        n_a = block.shape[1]
        states = room[0][: T_x + 1]
        inputs, dz = (array[:T_x] for array in room[1:])
        # The slopes take the inputs' place, which are used up when the walk back begins.
        slopes = inputs
        z = np.empty(n_a)

        super().__init__(block, d_block, states, inputs)
        self._U, self._dU = block[:n_a], d_block[:n_a]
        self._a_prev_T, self._slopes, self._dz, self._later_dz = states[:-1].T, slopes, dz, dz[1:]
        # Bound methods: numpy.dot() looks for overrides at every call, ndarray.dot() does not.
        self._Waa_dot: DotInto = self._U.T.dot
        self._Waa_T_dot: DotInto = self._U.dot
        # Indexing makes a view, which costs as much as adding to it: so all are made here.
        self._forward = [(states[t], self._heard[t], z, states[t + 1]) for t in range(T_x)]
        self._last = (self.da[-1], slopes[-1], dz[-1])
        self._backward = [
            (dz[t + 1], z, self.da[t], slopes[t], dz[t]) for t in range(T_x - 2, -1, -1)
        ]

    def forward(self, symbols: NDArray[np.intp]) -> Array:
        """Read a name: z<t> = Wax x<t> + Waa a<t-1> + ba, a<t> = tanh(z<t>), from `a0`.

        Parameters
        ----------
        symbols : (T_x - 1,) array
            x<2> to x<T_x>, as indices. x<1> is zero, as in the course.

        Returns
        -------
        (T_x, n_a) array
            `a`, good until the next name.
        """
        self._read(symbols)
        dot, add, tanh = self._Waa_dot, np.add, np.tanh
        for a_prev, x, z, a_next in self._forward:
            dot(a_prev, z)  # (n_a,)
            add(z, x, z)  # (n_a,)
            tanh(z, a_next)  # (n_a,)
        return self.a

    def backward(self, one_hot: Array) -> None:
        """Walk back: dz<t> = (1 - a<t>^2) (da<t> + Waa^T dz<t+1>); then the weights' gradients.

        Parameters
        ----------
        one_hot : (T_x - 1, n_x) array
            x<2> to x<T_x>, as one-hot rows: for adding up rows by symbol, one product is
            quicker than ``numpy.add.at``.
        """
        slopes = self._slopes
        np.multiply(self.a, self.a, slopes)
        np.subtract(1.0, slopes, slopes)  # (T_x, n_a)
        np.multiply(*self._last)
        dot, add, multiply = self._Waa_T_dot, np.add, np.multiply
        for dz_next, carried, da, slope, dz in self._backward:
            dot(dz_next, carried)  # (n_a,)
            add(carried, da, carried)  # (n_a,)
            multiply(carried, slope, dz)  # (n_a,)
        self._a_prev_T.dot(self._dz, self._dU)
        one_hot.T.dot(self._later_dz, self._dV)
        # A product with ones adds up the rows in a third of the time that sum() takes.
        self._ones.dot(self._dz, self._db)


@dataclass
class Tape:
    """What the forward pass leaves for the backward one; rows as in `engine.nn.packing.Packed`.

    Attributes
    ----------
    a : (N, n_a) array
    """

    a: Array


def forward(U: Array, z: Array, steps: tuple[slice, ...], state: tuple[Array, ...]) -> Tape:
    """Walk a batch up the steps.

    Parameters
    ----------
    U : (n_a, n_a) array
        The upper part of the block, Waa^T.
    z : (N, n_a) array
        What comes from below, the bias included. Overwritten with the states.
    steps : tuple of slice
        The rows of each step, each no longer than the one before.
    state : tuple of one (m, n_a) array
        a<0>.
    """
    (a_prev,) = state
    for rows in steps:
        a_next = z[rows]  # (m, n_a)
        a_next += a_prev[: len(a_next)] @ U
        a_prev = np.tanh(a_next, a_next)
    return Tape(z)


def backward(
    U: Array, tape: Tape, da: Array, steps: tuple[slice, ...], previous: tuple[Array, ...]
) -> tuple[Array, Array]:
    """Walk a batch back.

    Parameters
    ----------
    U, steps
        As in `forward`.
    tape : Tape
    da : (N, n_a) array
        What comes from above. Overwritten with dL/dz.
    previous : tuple of one (N, n_a) array
        The state a<t-1> that each row began with.

    Returns
    -------
    dz : (N, n_a) array
    dU : (n_a, n_a) array
    """
    slopes = 1.0 - tape.a * tape.a
    da_next = np.empty((0, U.shape[0]), da.dtype)
    for rows in reversed(steps):
        dz_t = da[rows]
        dz_t[: len(da_next)] += da_next
        dz_t *= slopes[rows]
        da_next = dz_t @ U.T
    return da, previous[0].T @ da
