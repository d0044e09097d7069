"""The GRU of the course, which remembers by gates.

G_u, G_r = sigmoid of W [c<t-1>; x<t>] + b,
c~ = tanh(Wc [G_r c<t-1>; x<t>] + bc), c<t> = G_u c~ + (1 - G_u) c<t-1>, a<t> = c<t>.

Written for batches, as engine/cells/lstm.py. The gates stand in the order u, r, c~.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.cache_parts import parts
from engine.gate_views import gate_views

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


@dataclass
class Tape:
    """What the forward pass leaves for the backward one; rows as in `engine.packing.Packed`.

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
    u_gate, r_gate = tape.gates[:, :n], tape.gates[:, n : 2 * n]
    by_dc_u, by_dc_c, by_dreset_r, kept = (np.empty_like(da) for _ in range(4))
    dc_next = np.empty((0, n), da.dtype)
    for part in parts(steps, n * da.itemsize):
        span = slice(part[0].start, part[-1].stop)
        u, r, c_tilde = u_gate[span], r_gate[span], tape.gates[span, 2 * n :]
        # All that the loop multiplies by can be had for some steps at once.
        not_u = np.subtract(1.0, u, kept[span])
        np.multiply((c_tilde - c_prev[span]) * u, not_u, by_dc_u[span])
        np.multiply(u, 1.0 - c_tilde * c_tilde, by_dc_c[span])
        np.multiply(c_prev[span] * r, 1.0 - r, by_dreset_r[span])
        for rows in reversed(part):
            dc, dz_t = da[rows], dz[rows]
            dc[: len(dc_next)] += dc_next
            np.multiply(dc, by_dc_u[rows], dz_t[:, :n])
            np.multiply(dc, by_dc_c[rows], dz_t[:, 2 * n :])
            d_reset = dz_t[:, 2 * n :] @ U_c_T  # (m, n_a)
            np.multiply(d_reset, by_dreset_r[rows], dz_t[:, n : 2 * n])
            dc_next = dz_t[:, : 2 * n] @ U_ur_T
            dc_next += dc * kept[rows]
            dc_next += d_reset * r_gate[rows]
    dU = np.empty_like(U)
    dU[:, : 2 * n] = c_prev.T @ dz[:, : 2 * n]
    dU[:, 2 * n :] = tape.reset.T @ dz[:, 2 * n :]
    return dz, dU
