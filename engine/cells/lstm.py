"""The LSTM, which keeps its memory c apart from what it says, a.

Gates f, i, o = sigmoid, c~ = tanh of W [a<t-1>; x<t>] + b,
c<t> = f c<t-1> + i c~, a<t> = o tanh(c<t>).

Written for batches, where a step is one matrix product and as few passes over memory as can be.
The gates stand in the order c~, f, i, o: three in a row are sigmoids, and three in a row get
their gradient from dc.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.cache_parts import parts
from engine.gate_views import gate_views

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


@dataclass
class Tape:
    """What the forward pass leaves for the backward one; rows as in `engine.packing.Packed`.

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
    by_da, to_dc = np.empty_like(da), np.empty_like(da)
    by_dc = np.empty((len(da), 3, n), da.dtype)
    f_gate = tape.gates[:, n : 2 * n]
    da_next = dc_next = np.empty((0, n), da.dtype)
    for part in parts(steps, n * da.itemsize):
        span = slice(part[0].start, part[-1].stop)
        c_tilde, f, i, o = tape.gates[span].reshape(-1, 4, n).swapaxes(0, 1)
        tanh_c = tape.tanh_c[span]
        # All that the loop multiplies by can be had for some steps at once.
        np.multiply(tanh_c * o, 1.0 - o, by_da[span])  # do = da by_da, before its sigmoid
        np.multiply(o, 1.0 - tanh_c * tanh_c, to_dc[span])  # dc += da to_dc
        by_c_tilde, by_f, by_i = by_dc[span].swapaxes(0, 1)  # c~, f and i get dc by_dc
        np.multiply(i, 1.0 - c_tilde * c_tilde, by_c_tilde)
        np.multiply(c_prev[span], f * (1.0 - f), by_f)
        np.multiply(c_tilde, i * (1.0 - i), by_i)
        for rows in reversed(part):
            da_t, going_on = da[rows], len(da_next)
            da_t[:going_on] += da_next
            dc = da_t * to_dc[rows]  # (m, n_a)
            dc[:going_on] += dc_next
            np.multiply(dc[:, None], by_dc[rows], dz[rows, :3])
            np.multiply(da_t, by_da[rows], dz[rows, 3])
            da_next, dc_next = flat_dz[rows] @ U_T, dc * f_gate[rows]
    return flat_dz, a_prev.T @ flat_dz
