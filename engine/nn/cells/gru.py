"""The course's GRU: one state, c<t> = a<t>, which two gates update.

Gu, Gr = sigmoid(W [c<t-1>; x<t>] + b), c~ = tanh(Wc [Gr c<t-1>; x<t>] + bc),
c<t> = Gu c~ + (1 - Gu) c<t-1>, a<t> = c<t>  (Cho et al., https://arxiv.org/abs/1406.1078).
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.nn.cell_protocol import CellEquations, Equation, Quantity
from engine.nn.fast.aligned import aligned_zeros
from engine.nn.fast.name_steps import NameSteps
from engine.nn.gate_views import gate_views

Array = NDArray[np.floating]

TITLE = "GRU"
SUMMARY = "Two gates decide how much of the state is replaced, and how much of it is read."

GATES: tuple[str, ...] = ("u", "r", "c")
STATES: tuple[str, ...] = ("a",)
CANDIDATES: tuple[str, ...] = ("c",)
OPEN_GATES: tuple[str, ...] = ("u",)
GATE_GRADIENTS: tuple[str, ...] = ("dGamma_u", "dGamma_r", "dc_tilde")
QUANTITIES: tuple[Quantity, ...] = (
    Quantity("a", "a", "the state", -1.0, 1.0),
    Quantity("Gamma_u", "Γu", "the update gate", 0.0, 1.0, gate="u"),
    Quantity("Gamma_r", "Γr", "the relevance gate", 0.0, 1.0, gate="r"),
    Quantity("c_tilde", "ĉ", "the candidate", -1.0, 1.0, gate="c"),
)
IS_NOTEBOOK_CELL = False
JOINS_INPUT = False

EQUATIONS = CellEquations(
    forward=(
        Equation("Gamma_u", "Γu{l}⟨t⟩", "σ(Wu{l} [c{l}⟨t−1⟩; {x}] + bu{l})"),
        Equation("Gamma_r", "Γr{l}⟨t⟩", "σ(Wr{l} [c{l}⟨t−1⟩; {x}] + br{l})"),
        Equation("c_tilde", "ĉ{l}⟨t⟩", "tanh(Wc{l} [Γr{l}⟨t⟩ ∗ c{l}⟨t−1⟩; {x}] + bc{l})"),
        Equation("a", "c{l}⟨t⟩", "Γu{l}⟨t⟩ ∗ ĉ{l}⟨t⟩ + (1 − Γu{l}⟨t⟩) ∗ c{l}⟨t−1⟩"),
        Equation("a", "a{l}⟨t⟩", "c{l}⟨t⟩"),
    ),
    backward=(
        Equation(
            "da",
            "dc{l}⟨t⟩",
            "{above} + (1 − Γu{l}⟨t+1⟩) ∗ dc{l}⟨t+1⟩ + Wu{l}[:, :n_a]ᵀ dΓu{l}⟨t+1⟩"
            " + Wr{l}[:, :n_a]ᵀ dΓr{l}⟨t+1⟩ + Γr{l}⟨t+1⟩ ∗ (Wc{l}[:, :n_a]ᵀ dĉ{l}⟨t+1⟩)",
        ),
        Equation("dc_tilde", "dĉ{l}⟨t⟩", "dc{l}⟨t⟩ ∗ Γu{l}⟨t⟩ ∗ (1 − ĉ{l}⟨t⟩²)"),
        Equation(
            "dGamma_u",
            "dΓu{l}⟨t⟩",
            "dc{l}⟨t⟩ ∗ (ĉ{l}⟨t⟩ − c{l}⟨t−1⟩) ∗ Γu{l}⟨t⟩ ∗ (1 − Γu{l}⟨t⟩)",
        ),
        Equation(
            "dGamma_r",
            "dΓr{l}⟨t⟩",
            "(Wc{l}[:, :n_a]ᵀ dĉ{l}⟨t⟩) ∗ c{l}⟨t−1⟩ ∗ Γr{l}⟨t⟩ ∗ (1 − Γr{l}⟨t⟩)",
        ),
    ),
    to_input="Wu{l}[:, n_a:]ᵀ dΓu{l}⟨t⟩ + Wr{l}[:, n_a:]ᵀ dΓr{l}⟨t⟩ + Wc{l}[:, n_a:]ᵀ dĉ{l}⟨t⟩",
    gradients={
        "Wu": "Σ dΓu{l}⟨t⟩ [c{l}⟨t−1⟩; {x}]ᵀ",
        "bu": "Σ dΓu{l}⟨t⟩",
        "Wr": "Σ dΓr{l}⟨t⟩ [c{l}⟨t−1⟩; {x}]ᵀ",
        "br": "Σ dΓr{l}⟨t⟩",
        "Wc": "Σ dĉ{l}⟨t⟩ [Γr{l}⟨t⟩ ∗ c{l}⟨t−1⟩; {x}]ᵀ",
        "bc": "Σ dĉ{l}⟨t⟩",
    },
)


def views(W: Array, b: Array) -> dict[str, Array]:
    """Return the course's parameters as views: W is (n_a + n_x, 3 n_a), b is (3 n_a,)."""
    return gate_views(GATES, W, b)


def set_start_biases(b: Array) -> None:
    """Set the biases that training begins with: zero."""
    b[:] = 0.0


def weight_scale(n_inputs: int, n_layers: int) -> float:
    """Return the start weights' standard deviation: 1 / sqrt(n_inputs)."""
    return 1.0 / math.sqrt(n_inputs)


class Steps(NameSteps):
    """The cell on one name at a time; see `engine.nn.fast.name_steps.NameSteps`."""

    @staticmethod
    def make_buffers(n_a: int, T_max: int) -> tuple[Array, ...]:
        """Allocate states, inputs, and the cells, slopes and dz of each character."""
        rows = T_max + 1
        shapes = (rows, n_a), (rows, 3 * n_a), (rows, 4, n_a), (rows, 5, n_a), (rows, 5, n_a)
        return tuple(aligned_zeros(shape) for shape in shapes)

    def __init__(
        self,
        block: Array,
        d_block: Array,
        buffers: tuple[Array, ...],
        T_x: int,
        b: Array | None = None,
    ) -> None:
        super().__init__(block, d_block, buffers, T_x, b)
        n, states = block.shape[1] // len(GATES), self._states
        cells, slopes, dz = (array[:T_x] for array in buffers[2:])
        # A product of a vector with some of the columns copies them each time, so they are copied
        # once per name instead.
        self._U_ur, self._U_c = aligned_zeros((n, 2 * n)), aligned_zeros((n, n))
        self._columns = (self._U_ur, block[:n, : 2 * n]), (self._U_c, block[:n, 2 * n :])
        self._dU_ur, self._dU_c = d_block[:n, : 2 * n], d_block[:n, 2 * n :]
        self._prepare_forward(states, cells)
        self._prepare_slopes(states, cells, slopes)
        self._prepare_backward(slopes, dz)

    def _prepare_forward(self, states: Array, cells: Array) -> None:
        """Make the views of the forward pass; a row of `cells` is u, r, c~, r c<t-1>."""
        n = states.shape[1]
        self._z, self._z_c = np.empty(2 * n), np.empty(n)
        self._half = np.full(2 * n, 0.5)
        self._forward = [
            (
                *(states[t], x[: 2 * n], cells[t, :2].reshape(-1), cells[t, 1]),
                *(cells[t, 3], x[2 * n :], cells[t, 2], cells[t, 0], states[t + 1]),
            )
            for t, x in enumerate(self._input_rows)
        ]

    def forward(self, symbols: NDArray[np.intp]) -> Array:
        """Read a name from `a0`; see `NameSteps.forward`."""
        self._set_inputs(symbols)
        for copy, columns in self._columns:
            np.copyto(copy, columns)
        dot_ur, dot_c = self._U_ur.T.dot, self._U_c.T.dot
        add, subtract, multiply, tanh = np.add, np.subtract, np.multiply, np.tanh
        z, z_c, half = self._z, self._z_c, self._half
        for c_prev, x_ur, u_r, r, reset, x_c, c_tilde, u, c in self._forward:
            dot_ur(c_prev, z)  # (2 n_a,)
            add(z, x_ur, z)  # (2 n_a,)
            multiply(z, half, z)  # (2 n_a,), as sigmoid(z) = (1 + tanh(z / 2)) / 2
            tanh(z, u_r)  # (2 n_a,)
            multiply(u_r, half, u_r)  # (2 n_a,)
            add(u_r, half, u_r)  # (2 n_a,)
            multiply(r, c_prev, reset)  # (n_a,)
            dot_c(reset, z_c)  # (n_a,)
            add(z_c, x_c, z_c)  # (n_a,)
            tanh(z_c, c_tilde)  # (n_a,)
            subtract(c_tilde, c_prev, z_c)  # (n_a,)
            multiply(z_c, u, z_c)  # (n_a,)
            add(z_c, c_prev, c)  # (n_a,), c<t-1> + Gu (c~ - c<t-1>)
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
        """Set the factors of the backward pass, for all characters at once.

        Three multiply dc<t>: they give dz of u, dz of c~, and the direct share of dc<t-1>. Two
        multiply d(r c<t-1>): they give dz of r, and another share of dc<t-1>.
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
        """Make the views of the backward pass; a row of `dz` is its row of `slopes`, times dc."""
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
        """Compute the gradients of a name; see `NameSteps.backward`."""
        self._set_slopes()
        dot_ur, dot_c, add, multiply = self._U_ur.dot, self._U_c.dot, np.add, np.multiply
        dc, d_reset = self._dc, self._d_reset
        dc.fill(0.0)
        for da, by_dc, of_dc, dz_c, by_reset, of_reset, dz_ur, reset, kept in self._backward:
            add(dc, da, dc)  # (n_a,)
            multiply(dc, by_dc, of_dc)  # (3, n_a)
            dot_c(dz_c, d_reset)  # (n_a,)
            multiply(d_reset, by_reset, of_reset)  # (2, n_a)
            dot_ur(dz_ur, dc)  # (n_a,)
            add(dc, reset, dc)  # (n_a,)
            add(dc, kept, dc)  # (n_a,)
        np.matmul(self._c_prev.T, self._dz_ur, self._dU_ur)  # (n_a, 2 n_a)
        np.matmul(self._reset.T, self._dz_c, self._dU_c)  # (n_a, n_a)
        one_hot.T.dot(self._later_dz, self._dV)  # (n_x, 3 n_a)
        self._ones.dot(self._dz, self._db)  # (3 n_a,)


STEPS: type[NameSteps] | None = Steps


@dataclass
class Tape:
    """What `forward` keeps for `backward`; rows as in `engine.nn.packing.Packed`.

    Attributes
    ----------
    a : (N, n_a) array
        The state, which the course calls c.
    gates : (N, 3 n_a) array
        After the sigmoids and the tanh; then `backward` puts the gradients of the pre-activations
        in their place.
    reset : (N, n_a) array
        Gr c<t-1>.
    """

    a: Array
    gates: Array
    reset: Array


def forward(U: Array, z: Array, steps: tuple[slice, ...], state: tuple[Array, ...]) -> Tape:
    """Compute all steps of a batch; see `engine.nn.cell_protocol.Cell.forward`.

    Parameters
    ----------
    U : (n_a, 3 n_a) array
    z : (N, 3 n_a) array
        The input's share of the pre-activations. Overwritten with the gates.
    steps : tuple of slice
    state : tuple of one (m, n_a) array
        c<0>.
    """
    n = U.shape[0]
    U_ur, U_c = U[:, : 2 * n], U[:, 2 * n :]
    c, reset = (np.empty((len(z), n), z.dtype) for _ in range(2))
    (c_prev,) = state
    for rows in steps:
        m = rows.stop - rows.start
        c_prev = c_prev[:m]  # (m, n_a)
        u_r, c_tilde = z[rows, : 2 * n], z[rows, 2 * n :]  # (m, 2 n_a) and (m, n_a)
        # sigmoid(x) = (1 + tanh(x / 2)) / 2, which never overflows; in an array of its own, as
        # whole rows take less time than a part of each.
        z_ur = c_prev @ U_ur  # (m, 2 n_a)
        z_ur += u_r
        z_ur *= 0.5
        np.tanh(z_ur, z_ur)
        z_ur *= 0.5
        np.add(z_ur, 0.5, out=u_r)
        np.multiply(u_r[:, n:], c_prev, reset[rows])  # (m, n_a)
        c_tilde += reset[rows] @ U_c  # (m, n_a)
        np.tanh(c_tilde, c_tilde)
        c_next = np.subtract(c_tilde, c_prev, c[rows])  # (m, n_a)
        c_next *= u_r[:, :n]
        c_next += c_prev  # (m, n_a), c<t-1> + Gu (c~ - c<t-1>)
        c_prev = c_next
    return Tape(c, z, reset)


def backward(
    U: Array, tape: Tape, da: Array, steps: tuple[slice, ...], previous: tuple[Array, ...]
) -> tuple[Array, Array]:
    """Compute the gradients of all steps; see `engine.nn.cell_protocol.Cell.backward`.

    Parameters
    ----------
    U, steps
        As in `forward`.
    tape : Tape
    da : (N, n_a) array
        Overwritten with dL/dc.
    previous : tuple of one (N, n_a) array
        c<t-1>.

    Returns
    -------
    dz : (N, 3 n_a) array
        dL/d(pre-activations), in the order of `GATES`.
    dU : (n_a, 3 n_a) array
    """
    (c_prev,) = previous
    n = U.shape[0]
    # A product with contiguous rows is quicker.
    U_ur_T, U_c_T = (np.ascontiguousarray(part.T) for part in (U[:, : 2 * n], U[:, 2 * n :]))
    dz = tape.gates  # in their place
    # A contiguous copy: a pass over a part of each row takes several times as long.
    u, r, c_tilde = dz.reshape(-1, 3, n).swapaxes(0, 1).copy()
    # The loop's factors do not depend on each other, so they are computed for all steps at once.
    kept = 1.0 - u
    by_dc_u = c_tilde - c_prev
    by_dc_u *= u
    by_dc_u *= kept
    by_dc_c = np.multiply(c_tilde, c_tilde, c_tilde)
    np.subtract(1.0, by_dc_c, by_dc_c)
    by_dc_c *= u
    by_dreset_r = 1.0 - r
    by_dreset_r *= r
    by_dreset_r *= c_prev
    dc_next = np.empty((0, n), da.dtype)
    for rows in reversed(steps):
        dc, dz_t = da[rows], dz[rows]  # (m, n_a) and (m, 3 n_a)
        dc[: len(dc_next)] += dc_next
        np.multiply(dc, by_dc_u[rows], dz_t[:, :n])
        np.multiply(dc, by_dc_c[rows], dz_t[:, 2 * n :])
        d_reset = dz_t[:, 2 * n :] @ U_c_T  # (m, n_a)
        np.multiply(d_reset, by_dreset_r[rows], dz_t[:, n : 2 * n])
        if rows.start:  # before the first step, nothing is trained
            dc_next = dz_t[:, : 2 * n] @ U_ur_T  # (m, n_a)
            dc_next += dc * kept[rows]
            dc_next += d_reset * r[rows]
    dU = np.empty_like(U)
    dU[:, : 2 * n] = c_prev.T @ dz[:, : 2 * n]
    dU[:, 2 * n :] = tape.reset.T @ dz[:, 2 * n :]
    return dz, dU


def state_gradients(
    U: Array, tape: Tape, da: Array, left: Array, dz: Array, m: int
) -> tuple[Array, ...]:
    """Return (dL/dc,), (N, n_a): `backward` has computed it."""
    return (left,)
