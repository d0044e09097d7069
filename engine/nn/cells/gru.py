"""The GRU of the course, which remembers by gates.

G_u, G_r = sigmoid of W [c<t-1>; x<t>] + b,
c~ = tanh(Wc [G_r c<t-1>; x<t>] + bc), c<t> = G_u c~ + (1 - G_u) c<t-1>, a<t> = c<t>.

Written for batches and for one name at a time, as engine/cells/lstm.py. The gates stand in the
order u, r, c~.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.nn.fast.aligned import aligned_zeros
from engine.nn.fast.blocking import parts
from engine.nn.fast.gate_views import gate_views
from engine.nn.fast.name_steps import NameSteps

Array = NDArray[np.floating]

GATES = ("u", "r", "c")
"""The course's Wu, Wr, Wc, in the order in which they stand in the block."""


STATES = ("a",)
"""What a tape holds of the state."""


CANDIDATES = ("c",)
"""The gates that are a tanh of what is read."""

OPEN_GATES = ("u",)
"""The gates that have to be open for it to be let through; the others have to be shut."""


def views(W: Array, b: Array) -> dict[str, Array]:
    """Return the course's parameters as views on the block.

    Parameters
    ----------
    W : (n_a + n_x, 3 n_a) array
    b : (3 n_a,) array
    """
    return gate_views(GATES, W, b)


def start(b: Array) -> None:
    """Set the biases to begin with: zero."""
    b[:] = 0.0


class Steps(NameSteps):
    """The cell walked over names of one length, as `engine.nn.cells.rnn.Steps`.

    Here too the number of calls counts: what is multiplied by the same lies side by side, so that
    one call does it all.
    """

    @staticmethod
    def make_room(n_a: int, T_max: int) -> tuple[Array, ...]:
        """Make scratch that all lengths up to T_max share, so that it stays in the cache."""
        rows = T_max + 1
        shapes = (rows, n_a), (rows, 3 * n_a), (rows, 4, n_a), (rows, 5, n_a), (rows, 5, n_a)
        return tuple(aligned_zeros(shape) for shape in shapes)

    def __init__(self, block: Array, d_block: Array, room: tuple[Array, ...], T_x: int) -> None:
        n = block.shape[1] // len(GATES)
        states = room[0][: T_x + 1]
        inputs, cells, slopes, dz = (array[:T_x] for array in room[1:])
        super().__init__(block, d_block, states, inputs)
        # A product of a vector with some of the columns copies them each time: so once a name.
        self._U_ur, self._U_c = aligned_zeros((n, 2 * n)), aligned_zeros((n, n))
        self._columns = (self._U_ur, block[:n, : 2 * n]), (self._U_c, block[:n, 2 * n :])
        self._dU_ur, self._dU_c = d_block[:n, : 2 * n], d_block[:n, 2 * n :]
        self._prepare_forward(states, cells)
        self._prepare_slopes(states, cells, slopes)
        self._prepare_backward(slopes, dz)

    def _prepare_forward(self, states: Array, cells: Array) -> None:
        """Make views; a row of `cells` is u, r, c~, r c<t-1>."""
        n = states.shape[1]
        self._z, self._z_c = np.empty(2 * n), np.empty(n)
        self._half = np.full(2 * n, 0.5)
        self._forward = [
            (
                *(states[t], x[: 2 * n], cells[t, :2].reshape(-1), cells[t, 1]),
                *(cells[t, 3], x[2 * n :], cells[t, 2], cells[t, 0], states[t + 1]),
            )
            for t, x in enumerate(self._heard)
        ]

    def forward(self, symbols: NDArray[np.intp]) -> Array:
        """Read a name from `a0`; see `engine.nn.cells.rnn.Steps.forward`."""
        self._read(symbols)
        for copy, columns in self._columns:
            np.copyto(copy, columns)
        dot_ur, dot_c = self._U_ur.T.dot, self._U_c.T.dot
        add, subtract, multiply, tanh = np.add, np.subtract, np.multiply, np.tanh
        z, z_c, half = self._z, self._z_c, self._half
        for c_prev, x_ur, u_r, r, reset, x_c, c_tilde, u, c in self._forward:
            dot_ur(c_prev, z)
            add(z, x_ur, z)
            multiply(z, half, z)  # sigmoid(z) = (1 + tanh(z / 2)) / 2, as for batches
            tanh(z, u_r)
            multiply(u_r, half, u_r)
            add(u_r, half, u_r)
            multiply(r, c_prev, reset)
            dot_c(reset, z_c)
            add(z_c, x_c, z_c)
            tanh(z_c, c_tilde)
            subtract(c_tilde, c_prev, z_c)
            multiply(z_c, u, z_c)
            add(z_c, c_prev, c)  # c<t-1> + G_u (c~ - c<t-1>)
        return self.a

    def _prepare_slopes(self, states: Array, cells: Array, slopes: Array) -> None:
        """Make the views that `_set_slopes` writes and reads."""
        self._c_prev = states[:-1]
        self._u, self._r, self._c_tilde, self._reset = (cells[:, i] for i in range(4))
        self._u_r, self._of_u_r = cells[:, :2], slopes[:, :2]
        self._of_u, self._of_r, self._of_c, self._of_reset, self._kept = (
            slopes[:, i] for i in range(5)
        )

    def _set_slopes(self) -> None:
        """Set what is multiplied by on the way back, for all characters at once.

        By dc: u, c~ and what of it goes straight to c<t-1>; by what comes through the reset
        gate: r, and what of it goes to c<t-1>.
        """
        np.subtract(1.0, self._u_r, self._of_u_r)
        np.copyto(self._kept, self._of_u)
        np.multiply(self._of_u_r, self._u_r, self._of_u_r)
        np.subtract(self._c_tilde, self._c_prev, self._of_c)
        np.multiply(self._of_u, self._of_c, self._of_u)
        np.multiply(self._of_r, self._c_prev, self._of_r)
        np.multiply(self._c_tilde, self._c_tilde, self._of_c)
        np.subtract(1.0, self._of_c, self._of_c)
        np.multiply(self._of_c, self._u, self._of_c)
        np.copyto(self._of_reset, self._r)

    def _prepare_backward(self, slopes: Array, dz: Array) -> None:
        """Make views; a row of `dz` is what the row of `slopes` gives."""
        T_x, _, n = dz.shape
        self._dz = dz.reshape(T_x, 5 * n)[:, : 3 * n]
        self._dz_ur, self._dz_c = self._dz[:, : 2 * n], self._dz[:, 2 * n :]
        self._later_dz = self._dz[1:]
        self._dc, self._d_reset = np.empty(n), np.empty(n)
        self._backward = [
            (
                *(self.da[t], slopes[t, ::2], dz[t, ::2], dz[t, 2], slopes[t, 1::2], dz[t, 1::2]),
                *(self._dz_ur[t], dz[t, 3], dz[t, 4]),
            )
            for t in range(T_x - 1, -1, -1)
        ]

    def backward(self, one_hot: Array) -> None:
        """Walk back; see `engine.nn.cells.rnn.Steps.backward`."""
        self._set_slopes()
        dot_ur, dot_c, add, multiply = self._U_ur.dot, self._U_c.dot, np.add, np.multiply
        dc, d_reset = self._dc, self._d_reset
        dc.fill(0.0)
        for da, by_dc, of_dc, dz_c, by_reset, of_reset, dz_ur, reset, kept in self._backward:
            add(dc, da, dc)
            multiply(dc, by_dc, of_dc)  # (3, n_a)
            dot_c(dz_c, d_reset)
            multiply(d_reset, by_reset, of_reset)  # (2, n_a)
            dot_ur(dz_ur, dc)
            add(dc, reset, dc)
            add(dc, kept, dc)
        np.matmul(self._c_prev.T, self._dz_ur, self._dU_ur)
        np.matmul(self._reset.T, self._dz_c, self._dU_c)
        one_hot.T.dot(self._later_dz, self._dV)
        self._ones.dot(self._dz, self._db)


@dataclass
class Tape:
    """What the forward pass leaves for the backward one; rows as in `engine.nn.packing.Packed`.

    Attributes
    ----------
    a : (N, n_a) array
        c<t>, which is the course's name for it.
    gates : (N, 3 n_a) array
        After their sigmoids and tanh.
    reset : (N, n_a) array
        G_r c<t-1>.
    """

    a: Array
    gates: Array
    reset: Array


def forward(U: Array, z: Array, steps: tuple[slice, ...], state: tuple[Array, ...]) -> Tape:
    """Walk up the steps.

    Parameters
    ----------
    U : (n_a, 3 n_a) array
        The upper part of the block: what comes from the cell itself.
    z : (N, 3 n_a) array
        What comes from below, the bias included. Overwritten with the gates.
    steps : tuple of slice
        The rows of each step, each no longer than the one before.
    state : tuple of one (m, n_a) array
        c<0>.
    """
    n = U.shape[0]
    U_ur, U_c = U[:, : 2 * n], U[:, 2 * n :]
    c, reset = (np.empty((len(z), n), z.dtype) for _ in range(2))
    (c_prev,) = state
    for rows in steps:
        m = rows.stop - rows.start
        c_prev = c_prev[:m]
        u_r, c_tilde = z[rows, : 2 * n], z[rows, 2 * n :]
        # sigmoid(x) = (1 + tanh(x / 2)) / 2, which never overflows; in a room of its own, as whole
        # rows take less time than a part of each.
        room = c_prev @ U_ur
        room += u_r
        room *= 0.5
        np.tanh(room, room)
        room *= 0.5
        np.add(room, 0.5, out=u_r)
        np.multiply(u_r[:, n:], c_prev, reset[rows])
        c_tilde += reset[rows] @ U_c
        np.tanh(c_tilde, c_tilde)
        c_next = np.subtract(c_tilde, c_prev, c[rows])
        c_next *= u_r[:, :n]
        c_next += c_prev  # c<t-1> + G_u (c~ - c<t-1>)
        c_prev = c_next
    return Tape(c, z, reset)


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
        What comes from above. Overwritten with dL/dc.
    previous : tuple of one (N, n_a) array
        The state c<t-1> that each row began with.

    Returns
    -------
    dz : (N, 3 n_a) array
        dL/d(gates before their sigmoids and tanh).
    dU : (n_a, 3 n_a) array
    """
    (c_prev,) = previous
    n = U.shape[0]
    # A product with rows that lie in one piece is quicker.
    U_ur_T, U_c_T = (np.ascontiguousarray(part.T) for part in (U[:, : 2 * n], U[:, 2 * n :]))
    dz = np.empty((len(da), 3 * n), da.dtype)
    dc_next = np.empty((0, n), da.dtype)
    for span, part in parts(steps, n * da.itemsize):
        da_part, dz_part = da[span], dz[span]
        # A copy: passes over a part of each row take several times as long.
        u, r, c_tilde = np.ascontiguousarray(tape.gates[span].reshape(-1, 3, n).swapaxes(0, 1))
        # All that the loop multiplies by can be had for some steps at once.
        kept = 1.0 - u
        by_dc_u = (c_tilde - c_prev[span]) * u * kept
        by_dc_c = (1.0 - c_tilde * c_tilde) * u
        by_dreset_r = (1.0 - r) * r * c_prev[span]
        for rows in reversed(part):
            dc, dz_t = da_part[rows], dz_part[rows]
            dc[: len(dc_next)] += dc_next
            np.multiply(dc, by_dc_u[rows], dz_t[:, :n])
            np.multiply(dc, by_dc_c[rows], dz_t[:, 2 * n :])
            d_reset = dz_t[:, 2 * n :] @ U_c_T  # (m, n_a)
            np.multiply(d_reset, by_dreset_r[rows], dz_t[:, n : 2 * n])
            dc_next = dz_t[:, : 2 * n] @ U_ur_T
            dc_next += dc * kept[rows]
            dc_next += d_reset * r[rows]
    dU = np.empty_like(U)
    dU[:, : 2 * n] = c_prev.T @ dz[:, : 2 * n]
    dU[:, 2 * n :] = tape.reset.T @ dz[:, 2 * n :]
    return dz, dU
