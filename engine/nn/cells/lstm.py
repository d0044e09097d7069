"""The LSTM, which keeps its memory c apart from what it says, a.

Gates f, i, o = sigmoid, c~ = tanh of W [a<t-1>; x<t>] + b,
c<t> = f c<t-1> + i c~, a<t> = o tanh(c<t>).

Written twice: for batches, where a step is one matrix product and as few passes over memory as can
be, and for one name at a time, as engine/cells/rnn.py. The gates stand in the order c~, f, i, o:
three in a row are sigmoids, and three in a row get their gradient from dc.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.nn.fast.aligned import aligned_zeros
from engine.nn.fast.blocking import parts
from engine.nn.fast.gate_views import gate_views
from engine.nn.fast.name_steps import NameSteps

Array = NDArray[np.floating]

GATES = ("c", "f", "i", "o")
"""The course's Wc, Wf, Wi, Wo, in the order in which they stand in the block."""


STATES = ("a", "c")
"""What a tape holds of the state."""


CANDIDATES = ("c",)
"""The gates that are a tanh of what is read."""

OPEN_GATES = ("i", "o")
"""The gates that have to be open for it to be let through; the others have to be shut."""


def views(W: Array, b: Array) -> dict[str, Array]:
    """Return the course's parameters as views on the block.

    Parameters
    ----------
    W : (n_a + n_x, 4 n_a) array
    b : (4 n_a,) array
    """
    return gate_views(GATES, W, b)


def start(b: Array) -> None:
    """Set the biases to begin with: that of the forget gate at 1, so that it remembers at first.

    Source: Jozefowicz, Zaremba and Sutskever, "An empirical exploration of recurrent network
    architectures", 2015.
    """
    b[:] = 0.0
    n_a = len(b) // len(GATES)
    b[n_a : 2 * n_a] = 1.0


class Steps(NameSteps):
    """The cell walked over names of one length, as `engine.nn.cells.rnn.Steps`.

    Here too the number of calls counts: what is multiplied by the same lies side by side, so that
    one call does it all. c<0> is zero.
    """

    @staticmethod
    def make_room(n_a: int, T_max: int) -> tuple[Array, ...]:
        """Make scratch that all lengths up to T_max share, so that it stays in the cache."""
        rows = T_max + 1
        shapes = (rows, n_a), (rows, 4 * n_a), (rows, 6, n_a), (rows, 6, n_a), (rows, 6, n_a)
        return tuple(aligned_zeros(shape) for shape in shapes)

    def __init__(self, block: Array, d_block: Array, room: tuple[Array, ...], T_x: int) -> None:
        n = block.shape[1] // len(GATES)
        states, cells = (array[: T_x + 1] for array in (room[0], room[2]))
        inputs, slopes, dz = (array[:T_x] for array in (room[1], *room[3:]))
        super().__init__(block, d_block, states, inputs)
        self._U, self._dU = block[:n], d_block[:n]
        self._prepare_forward(states, cells)
        self._prepare_slopes(cells[:T_x], slopes)
        self._prepare_backward(states, slopes, dz)

    def _prepare_forward(self, states: Array, cells: Array) -> None:
        """Make views; a row of `cells` is c<t-1>, c~, f, i, o, tanh(c<t>)."""
        n = states.shape[1]
        self._z, self._products = np.empty(4 * n), np.empty((2, n))
        self._scale, self._shift = np.full(4 * n, 0.5), np.full(4 * n, 0.5)
        self._scale[:n], self._shift[:n] = 1.0, 0.0
        self._c0 = cells[0, 0]
        self._forward = [
            (
                *(states[t], x, cells[t, 1:5].reshape(-1)),
                *(cells[t, :2], cells[t, 2:4], cells[t + 1, 0]),
                *(cells[t, 5], cells[t, 4], states[t + 1]),
            )
            for t, x in enumerate(self._heard)
        ]

    def forward(self, symbols: NDArray[np.intp]) -> Array:
        """Read a name from `a0`; see `engine.nn.cells.rnn.Steps.forward`."""
        self._read(symbols)
        self._c0.fill(0.0)
        dot, add, multiply, tanh = self._U.T.dot, np.add, np.multiply, np.tanh
        z, scale, shift, products = self._z, self._scale, self._shift, self._products
        f_c, i_c_tilde = products
        for a_prev, x, gates, c_prev_c_tilde, f_i, c, tanh_c, o, a in self._forward:
            dot(a_prev, z)
            add(z, x, z)
            multiply(z, scale, z)  # sigmoid(z) = (1 + tanh(z / 2)) / 2, as for batches
            tanh(z, gates)
            multiply(gates, scale, gates)
            add(gates, shift, gates)
            multiply(c_prev_c_tilde, f_i, products)
            add(f_c, i_c_tilde, c)
            tanh(c, tanh_c)
            multiply(o, tanh_c, a)
        return self.a

    def _prepare_slopes(self, cells: Array, slopes: Array) -> None:
        """Make the views that `_set_slopes` writes and reads."""
        self._sigmoids, self._of_sigmoids = cells[:, 2:5], slopes[:, 2:5]
        self._c_prev_c_tilde, self._of_f_i = cells[:, :2], slopes[:, 2:4]
        self._tanh_c, self._of_o = cells[:, 5], slopes[:, 4]
        self._tanhs, self._i_o, self._of_tanhs = cells[:, 1::4], cells[:, 3:5], slopes[:, 1::4]
        self._f, self._of_c = cells[:, 2], slopes[:, 0]

    def _set_slopes(self) -> None:
        """Set what dc and da are multiplied by on the way back, for all characters at once.

        The first four are multiplied by dc, and give what of it goes on to c<t-1> and dz of c~,
        f and i; the other two by da, and give dz of o and what of it goes to dc.
        """
        of_sigmoids, of_tanhs = self._of_sigmoids, self._of_tanhs
        np.subtract(1.0, self._sigmoids, of_sigmoids)
        np.multiply(of_sigmoids, self._sigmoids, of_sigmoids)
        np.multiply(self._of_f_i, self._c_prev_c_tilde, self._of_f_i)
        np.multiply(self._of_o, self._tanh_c, self._of_o)
        np.multiply(self._tanhs, self._tanhs, of_tanhs)  # of c~ and of tanh(c)
        np.subtract(1.0, of_tanhs, of_tanhs)
        np.multiply(of_tanhs, self._i_o, of_tanhs)
        np.copyto(self._of_c, self._f)

    def _prepare_backward(self, states: Array, slopes: Array, dz: Array) -> None:
        """Make views; a row of `dz` is what the row of `slopes` gives."""
        T_x, _, n = dz.shape
        gates = dz.reshape(T_x, 6 * n)[:, n : 5 * n]  # (T_x, 4 n_a)
        self._a_prev_T, self._dz, self._later_dz = states[:-1].T, gates, gates[1:]
        self._carried, self._dc = np.empty(n), np.empty(n)
        self._last = (self.da[-1], slopes[-1, 4:], dz[-1, 4:])
        self._last_dc = (dz[-1, 5], slopes[-1, :4], dz[-1, :4])
        self._backward = [
            (
                *(gates[t + 1], self.da[t], slopes[t, 4:], dz[t, 4:]),
                *(dz[t, 5], dz[t + 1, 0], slopes[t, :4], dz[t, :4]),
            )
            for t in range(T_x - 2, -1, -1)
        ]

    def backward(self, one_hot: Array) -> None:
        """Walk back; see `engine.nn.cells.rnn.Steps.backward`."""
        self._set_slopes()
        np.multiply(*self._last)
        np.multiply(*self._last_dc)
        dot, add, multiply = self._U.dot, np.add, np.multiply
        carried, dc = self._carried, self._dc
        for dz_next, da, by_da, of_da, dc_from_a, dc_next, by_dc, of_dc in self._backward:
            dot(dz_next, carried)  # (n_a,)
            add(carried, da, carried)
            multiply(carried, by_da, of_da)  # (2, n_a)
            add(dc_from_a, dc_next, dc)
            multiply(dc, by_dc, of_dc)  # (4, n_a)
        self._a_prev_T.dot(self._dz, self._dU)
        one_hot.T.dot(self._later_dz, self._dV)
        self._ones.dot(self._dz, self._db)


@dataclass
class Tape:
    """What the forward pass leaves for the backward one; rows as in `engine.nn.packing.Packed`.

    Attributes
    ----------
    a, c, tanh_c : (N, n_a) arrays
    gates : (N, 4 n_a) array
        After their sigmoids and tanh.
    """

    a: Array
    c: Array
    tanh_c: Array
    gates: Array


def forward(U: Array, z: Array, steps: tuple[slice, ...], state: tuple[Array, ...]) -> Tape:
    """Walk up the steps.

    Parameters
    ----------
    U : (n_a, 4 n_a) array
        The upper part of the block: what comes from the cell itself.
    z : (N, 4 n_a) array
        What comes from below, the bias included. Overwritten with the gates.
    steps : tuple of slice
        The rows of each step, each no longer than the one before.
    state : tuple of (m, n_a) arrays
        a<0> and c<0>.
    """
    n = U.shape[0]
    a, c, tanh_c = (np.empty((len(z), n), z.dtype) for _ in range(3))
    room = np.empty((steps[0].stop, 4 * n), z.dtype)
    # sigmoid(x) = (1 + tanh(x / 2)) / 2: one tanh over all four is the quickest way. The candidate
    # is multiplied by 1 and added 0: whole rows take less time than a part of each.
    scale, shift = np.full(4 * n, 0.5, z.dtype), np.full(4 * n, 0.5, z.dtype)
    scale[:n], shift[:n] = 1.0, 0.0
    a_prev, c_prev = state
    for rows in steps:
        m = rows.stop - rows.start
        gates = z[rows]  # (m, 4 n_a)
        gates += np.dot(a_prev[:m], U, out=room[:m])
        gates *= scale
        np.tanh(gates, gates)
        gates *= scale
        gates += shift
        c_next, kept = c[rows], tanh_c[rows]
        np.multiply(gates[:, n : 2 * n], c_prev[:m], c_next)  # f c<t-1>
        c_next += np.multiply(gates[:, 2 * n : 3 * n], gates[:, :n], kept)  # + i c~
        np.tanh(c_next, kept)
        np.multiply(gates[:, 3 * n :], kept, a[rows])
        a_prev, c_prev = a[rows], c_next
    return Tape(a, c, tanh_c, z)


def backward(
    U: Array, tape: Tape, da: Array, steps: tuple[slice, ...], previous: tuple[Array, ...]
) -> tuple[Array, Array]:
    """Walk back.

    Parameters
    ----------
    U, steps
        As in `forward`.
    tape : Tape
    da : (N, n_a) array
        What comes from above. Overwritten with dL/da.
    previous : tuple of (N, n_a) arrays
        The state a<t-1> and c<t-1> that each row began with.

    Returns
    -------
    dz : (N, 4 n_a) array
        dL/d(gates before their sigmoids and tanh).
    dU : (n_a, 4 n_a) array
    """
    a_prev, c_prev = previous
    n = U.shape[0]
    U_T = np.ascontiguousarray(U.T)  # a product with rows that lie in one piece is quicker
    dz = np.empty((len(da), 4, n), da.dtype)
    flat_dz = dz.reshape(-1, 4 * n)
    da_next = dc_next = np.empty((0, n), da.dtype)
    for span, part in parts(steps, n * da.itemsize):
        da_part, dz_part, flat = da[span], dz[span].swapaxes(0, 1), flat_dz[span]
        # A copy: passes over a part of each row take several times as long.
        gates = np.ascontiguousarray(tape.gates[span].reshape(-1, 4, n).swapaxes(0, 1))
        c_tilde, f, i, o = gates
        tanh_c = tape.tanh_c[span]
        # All that the loop multiplies by can be had for some steps at once.
        to_dc = o * (1.0 - tanh_c * tanh_c)  # dc += da to_dc
        by = np.empty_like(gates)  # c~, f and i get dc by this, o gets da by this
        np.multiply(i, 1.0 - c_tilde * c_tilde, by[0])
        np.subtract(1.0, gates[1:], by[1:])
        by[1:] *= gates[1:]
        by[1] *= c_prev[span]
        by[2] *= c_tilde
        by[3] *= tanh_c
        for rows in reversed(part):
            da_t, going_on = da_part[rows], len(da_next)
            da_t[:going_on] += da_next
            dc = da_t * to_dc[rows]  # (m, n_a)
            dc[:going_on] += dc_next
            np.multiply(dc, by[:3, rows], dz_part[:3, rows])
            np.multiply(da_t, by[3, rows], dz_part[3, rows])
            da_next, dc_next = flat[rows] @ U_T, dc * f[rows]
    return flat_dz, a_prev.T @ flat_dz
