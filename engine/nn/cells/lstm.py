"""The LSTM: a memory c, and an output a that is read from it.

f, i, o = sigmoid(W [a<t-1>; x<t>] + b), c~ = tanh(Wc [a<t-1>; x<t>] + bc),
c<t> = f c<t-1> + i c~, a<t> = o tanh(c<t>)  (Hochreiter and Schmidhuber, 1997,
https://doi.org/10.1162/neco.1997.9.8.1735; the forget gate: Gers et al., 2000).

The gates stand in the order c~, f, i, o: the three sigmoids are neighbours, and so are the three
whose gradients come from dc.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.nn.cell_protocol import CellEquations, Equation, Quantity
from engine.nn.fast.aligned import aligned_zeros
from engine.nn.fast.gate_blocks import has_many_rows, views_of_gates
from engine.nn.fast.name_steps import NameSteps
from engine.nn.gate_views import gate_views

Array = NDArray[np.floating]

TITLE = "LSTM"
SUMMARY = "A memory apart from the output; three gates decide what it keeps, takes in and shows."

GATES: tuple[str, ...] = ("c", "f", "i", "o")
STATES: tuple[str, ...] = ("a", "c")
CANDIDATES: tuple[str, ...] = ("c",)
OPEN_GATES: tuple[str, ...] = ("i", "o")
GATE_GRADIENTS: tuple[str, ...] = ("dc_tilde", "dGamma_f", "dGamma_i", "dGamma_o")
QUANTITIES: tuple[Quantity, ...] = (
    Quantity("a", "a", "the state", -1.0, 1.0),
    Quantity("c", "c", "the cell state", None, None),
    Quantity("Gamma_f", "Γf", "the forget gate", 0.0, 1.0, gate="f"),
    Quantity("Gamma_i", "Γi", "the input gate", 0.0, 1.0, gate="i"),
    Quantity("Gamma_o", "Γo", "the output gate", 0.0, 1.0, gate="o"),
    Quantity("c_tilde", "ĉ", "the candidate", -1.0, 1.0, gate="c"),
)
IS_NOTEBOOK_CELL = False
JOINS_INPUT = True

EQUATIONS = CellEquations(
    forward=(
        Equation("Gamma_f", "Γf{l}⟨t⟩", "σ(Wf{l} [a{l}⟨t−1⟩; {x}] + bf{l})"),
        Equation("Gamma_i", "Γi{l}⟨t⟩", "σ(Wi{l} [a{l}⟨t−1⟩; {x}] + bi{l})"),
        Equation("c_tilde", "ĉ{l}⟨t⟩", "tanh(Wc{l} [a{l}⟨t−1⟩; {x}] + bc{l})"),
        Equation("c", "c{l}⟨t⟩", "Γf{l}⟨t⟩ ∗ c{l}⟨t−1⟩ + Γi{l}⟨t⟩ ∗ ĉ{l}⟨t⟩"),
        Equation("Gamma_o", "Γo{l}⟨t⟩", "σ(Wo{l} [a{l}⟨t−1⟩; {x}] + bo{l})"),
        Equation("a", "a{l}⟨t⟩", "Γo{l}⟨t⟩ ∗ tanh(c{l}⟨t⟩)"),
    ),
    backward=(
        Equation(
            "da",
            "da{l}⟨t⟩",
            "{above} + Wf{l}[:, :n_a]ᵀ dΓf{l}⟨t+1⟩ + Wi{l}[:, :n_a]ᵀ dΓi{l}⟨t+1⟩"
            " + Wc{l}[:, :n_a]ᵀ dĉ{l}⟨t+1⟩ + Wo{l}[:, :n_a]ᵀ dΓo{l}⟨t+1⟩",
        ),
        Equation(
            "dc",
            "dc{l}⟨t⟩",
            "da{l}⟨t⟩ ∗ Γo{l}⟨t⟩ ∗ (1 − tanh(c{l}⟨t⟩)²) + Γf{l}⟨t+1⟩ ∗ dc{l}⟨t+1⟩",
        ),
        Equation(
            "dGamma_o",
            "dΓo{l}⟨t⟩",
            "da{l}⟨t⟩ ∗ tanh(c{l}⟨t⟩) ∗ Γo{l}⟨t⟩ ∗ (1 − Γo{l}⟨t⟩)",
        ),
        Equation("dc_tilde", "dĉ{l}⟨t⟩", "dc{l}⟨t⟩ ∗ Γi{l}⟨t⟩ ∗ (1 − ĉ{l}⟨t⟩²)"),
        Equation("dGamma_i", "dΓi{l}⟨t⟩", "dc{l}⟨t⟩ ∗ ĉ{l}⟨t⟩ ∗ Γi{l}⟨t⟩ ∗ (1 − Γi{l}⟨t⟩)"),
        Equation("dGamma_f", "dΓf{l}⟨t⟩", "dc{l}⟨t⟩ ∗ c{l}⟨t−1⟩ ∗ Γf{l}⟨t⟩ ∗ (1 − Γf{l}⟨t⟩)"),
    ),
    to_input="Wf{l}[:, n_a:]ᵀ dΓf{l}⟨t⟩ + Wi{l}[:, n_a:]ᵀ dΓi{l}⟨t⟩"
    " + Wc{l}[:, n_a:]ᵀ dĉ{l}⟨t⟩ + Wo{l}[:, n_a:]ᵀ dΓo{l}⟨t⟩",
    gradients={
        "Wf": "Σ dΓf{l}⟨t⟩ [a{l}⟨t−1⟩; {x}]ᵀ",
        "bf": "Σ dΓf{l}⟨t⟩",
        "Wi": "Σ dΓi{l}⟨t⟩ [a{l}⟨t−1⟩; {x}]ᵀ",
        "bi": "Σ dΓi{l}⟨t⟩",
        "Wc": "Σ dĉ{l}⟨t⟩ [a{l}⟨t−1⟩; {x}]ᵀ",
        "bc": "Σ dĉ{l}⟨t⟩",
        "Wo": "Σ dΓo{l}⟨t⟩ [a{l}⟨t−1⟩; {x}]ᵀ",
        "bo": "Σ dΓo{l}⟨t⟩",
    },
)


def views(W: Array, b: Array) -> dict[str, Array]:
    """Return the course's parameters as views: W is (n_a + n_x, 4 n_a), b is (4 n_a,)."""
    return gate_views(GATES, W, b)


def set_start_biases(b: Array) -> None:
    """Set the biases that training begins with: 1 for the forget gate, zero for the others.

    So the memory is kept at first. Source: Jozefowicz, Zaremba and Sutskever, "An empirical
    exploration of recurrent network architectures", 2015.
    """
    b[:] = 0.0
    n_a = len(b) // len(GATES)
    b[n_a : 2 * n_a] = 1.0


def weight_scale(n_inputs: int, n_layers: int) -> float:
    """Return the start weights' standard deviation: 1 / sqrt(n_inputs)."""
    return 1.0 / math.sqrt(n_inputs)


class Steps(NameSteps):
    """The cell on one name at a time; see `engine.nn.fast.name_steps.NameSteps`. c<0> is zero."""

    @staticmethod
    def make_buffers(n_a: int, T_max: int) -> tuple[Array, ...]:
        """Allocate states, inputs, and the cells, slopes and dz of each character."""
        rows = T_max + 1
        shapes = (rows, n_a), (rows, 4 * n_a), (rows, 6, n_a), (rows, 6, n_a), (rows, 6, n_a)
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
        cells = buffers[2][: T_x + 1]
        slopes, dz = (array[:T_x] for array in buffers[3:])
        self._U, self._dU = block[:n], d_block[:n]
        self._prepare_forward(states, cells)
        self._prepare_slopes(cells[:T_x], slopes)
        self._prepare_backward(states, slopes, dz)

    def _prepare_forward(self, states: Array, cells: Array) -> None:
        """Make the views of the forward pass; `cells` has c<t-1>, c~, f, i, o, tanh(c<t>)."""
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
            for t, x in enumerate(self._input_rows)
        ]

    def forward(self, symbols: NDArray[np.intp]) -> Array:
        """Read a name from `a0`; see `NameSteps.forward`."""
        self._set_inputs(symbols)
        self._c0.fill(0.0)
        dot, add, multiply, tanh = self._U.T.dot, np.add, np.multiply, np.tanh
        z, scale, shift, products = self._z, self._scale, self._shift, self._products
        f_c, i_c_tilde = products
        for a_prev, x, gates, c_prev_c_tilde, f_i, c, tanh_c, o, a in self._forward:
            dot(a_prev, z)  # (4 n_a,)
            add(z, x, z)  # (4 n_a,)
            multiply(z, scale, z)  # (4 n_a,), as sigmoid(z) = (1 + tanh(z / 2)) / 2
            tanh(z, gates)  # (4 n_a,)
            multiply(gates, scale, gates)  # (4 n_a,)
            add(gates, shift, gates)  # (4 n_a,)
            multiply(c_prev_c_tilde, f_i, products)  # (2, n_a)
            add(f_c, i_c_tilde, c)  # (n_a,)
            tanh(c, tanh_c)  # (n_a,)
            multiply(o, tanh_c, a)  # (n_a,)
        return self.a

    def _prepare_slopes(self, cells: Array, slopes: Array) -> None:
        """Make the views that `_set_slopes` writes and reads."""
        self._sigmoids, self._of_sigmoids = cells[:, 2:5], slopes[:, 2:5]
        self._c_prev_c_tilde, self._of_f_i = cells[:, :2], slopes[:, 2:4]
        self._tanh_c, self._of_o = cells[:, 5], slopes[:, 4]
        self._tanhs, self._i_o, self._of_tanhs = cells[:, 1::4], cells[:, 3:5], slopes[:, 1::4]
        self._f, self._of_c = cells[:, 2], slopes[:, 0]

    def _set_slopes(self) -> None:
        """Set the factors of the backward pass, for all characters at once.

        Four multiply dc<t>: they give its share of dc<t-1>, and dz of c~, f and i. Two multiply
        da<t>: they give dz of o, and its share of dc<t>.
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
        """Make the views of the backward pass; a row of `dz` is its row of `slopes`, times dc."""
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
        """Compute the gradients of a name; see `NameSteps.backward`."""
        self._set_slopes()
        np.multiply(*self._last)
        np.multiply(*self._last_dc)
        dot, add, multiply = self._U.dot, np.add, np.multiply
        carried, dc = self._carried, self._dc
        for dz_next, da, by_da, of_da, dc_from_a, dc_next, by_dc, of_dc in self._backward:
            dot(dz_next, carried)  # (n_a,)
            add(carried, da, carried)  # (n_a,)
            multiply(carried, by_da, of_da)  # (2, n_a)
            add(dc_from_a, dc_next, dc)  # (n_a,)
            multiply(dc, by_dc, of_dc)  # (4, n_a)
        self._a_prev_T.dot(self._dz, self._dU)  # (n_a, 4 n_a)
        one_hot.T.dot(self._later_dz, self._dV)  # (n_x, 4 n_a)
        self._ones.dot(self._dz, self._db)  # (4 n_a,)


STEPS: type[NameSteps] | None = Steps


@dataclass
class Tape:
    """What `forward` keeps for `backward`; rows as in `engine.nn.packing.Packed`.

    Attributes
    ----------
    a, c, tanh_c : (N, n_a) arrays
    memory : (N, 4 n_a) array
        Holds the gates after the sigmoids and the tanh; then `backward` puts the gradients of the
        pre-activations in their place, those of a row side by side.
    in_blocks : bool
        How the gates stand in it; see `engine.nn.fast.gate_blocks.views_of_gates`.
    before : (N, n_a + n_in + 1) array or None
        As `forward` was given it, with a<t-1>.
    """

    a: Array
    c: Array
    tanh_c: Array
    memory: Array
    in_blocks: bool
    before: Array | None

    @property
    def gates(self) -> Array:
        """The gates, those of a row side by side: (N, 4 n_a)."""
        gates = views_of_gates(self.memory, len(GATES), self.in_blocks)
        return gates.swapaxes(0, 1).reshape(self.memory.shape)


def forward(
    U: Array,
    z: Array | None,
    steps: tuple[slice, ...],
    state: tuple[Array, ...],
    before: Array | None = None,
) -> Tape:
    """Compute all steps of a batch; see `engine.nn.cell_protocol.Cell.forward`."""
    a_prev, c_prev = state
    n, N, in_blocks = a_prev.shape[1], steps[-1].stop, has_many_rows(steps)
    a, c, tanh_c = (np.empty((N, n), U.dtype) for _ in range(3))
    memory = np.empty((N, 4 * n), U.dtype) if in_blocks or z is None else z
    gates, products = views_of_gates(memory, 4, in_blocks), np.empty((len(a_prev), 4 * n), U.dtype)
    # The candidate is scaled by 1 and shifted by 0.
    scale, shift = np.full(4 * n, 0.5, U.dtype), np.full(4 * n, 0.5, U.dtype)
    scale[:n], shift[:n] = 1.0, 0.0
    for rows in steps:
        m = rows.stop - rows.start
        read = a_prev[:m]  # (m, n_a)
        if before is not None:
            before[rows, :n] = read
            read = before[rows]  # (m, n_a + n_in + 1)
        z_t = np.dot(read, U, products[:m])  # (m, 4 n_a)
        if z is not None:
            z_t += z[rows]
        if in_blocks:
            _activate(z_t, gates[:, rows], scale)
        else:  # in whole rows, which takes less time than a part of each
            z_t *= scale
            np.tanh(z_t, z_t)
            z_t *= scale
            np.add(z_t, shift, memory[rows])
        c_tilde, f, i, o = gates[:, rows]  # (m, n_a) each
        c_next, tanh_c_next = c[rows], tanh_c[rows]  # (m, n_a)
        np.multiply(f, c_prev[:m], c_next)  # (m, n_a), f c<t-1>
        c_next += np.multiply(i, c_tilde, tanh_c_next)  # + i c~
        np.tanh(c_next, tanh_c_next)  # (m, n_a)
        a_prev, c_prev = np.multiply(o, tanh_c_next, a[rows]), c_next  # (m, n_a)
    return Tape(a, c, tanh_c, memory, in_blocks, before)


def _activate(z: Array, gates: Array, scale: Array) -> None:
    """Set the gates of a step, (4, m, n_a), from their pre-activations z (m, 4 n_a).

    sigmoid(z) = (1 + tanh(z / 2)) / 2: one tanh over all four gates is the quickest way.
    """
    _, m, n = gates.shape
    np.multiply(z.reshape(m, 4, n).swapaxes(0, 1), scale[::n].reshape(4, 1, 1), gates)
    np.tanh(gates, gates)
    sigmoids = gates[1:]
    sigmoids *= 0.5
    sigmoids += 0.5


def backward(
    U: Array, tape: Tape, da: Array, steps: tuple[slice, ...], previous: tuple[Array, ...]
) -> tuple[Array, Array]:
    """Compute the gradients of all steps; see `engine.nn.cell_protocol.Cell.backward`."""
    a_prev, c_prev = previous
    n = U.shape[0]
    U_T = np.ascontiguousarray(U.T)  # a product with contiguous rows is quicker
    f, by, to_dc = _slopes(tape, c_prev)
    dz = tape.memory
    dz_of = views_of_gates(dz, 4, in_blocks=False)  # (4, N, n_a)
    da_next = dc_next = np.empty((0, n), da.dtype)
    for rows in reversed(steps):
        da_t, later = da[rows], len(da_next)  # (m, n_a)
        da_t[:later] += da_next
        dc = da_t * to_dc[rows]  # (m, n_a)
        dc[:later] += dc_next
        np.multiply(dc, by[:3, rows], dz_of[:3, rows])  # (3, m, n_a)
        np.multiply(da_t, by[3, rows], dz_of[3, rows])  # (m, n_a)
        if rows.start:  # before the first step, nothing is trained
            da_next, dc_next = dz[rows] @ U_T, np.multiply(dc, f[rows], dc)  # (m, n_a)
    return dz, a_prev.T @ dz


def _slopes(tape: Tape, c_prev: Array) -> tuple[Array, Array, Array]:
    """Return the factors of the backward pass, which do not depend on later steps.

    Returns
    -------
    f : (N, n_a) array
        dc<t-1> = dc<t> f<t>, and more. A copy, as the memory of the gates is overwritten.
    by : (4, N, n_a) array
        dz of c~, f and i is dc times their factor; dz of o is da times its factor.
    to_dc : (N, n_a) array
        dc<t> = da<t> to_dc<t>, and more.
    """
    # Contiguous, as a pass over a part of each row takes several times as long.
    gates = np.ascontiguousarray(views_of_gates(tape.memory, 4, tape.in_blocks))
    c_tilde, f, i, o = gates
    if np.may_share_memory(f, tape.memory):
        f = f.copy()
    tanh_c = tape.tanh_c
    to_dc = tanh_c * tanh_c
    np.subtract(1.0, to_dc, to_dc)
    to_dc *= o
    by = np.empty_like(gates)
    by_c, by_f, by_i, by_o = by
    np.multiply(c_tilde, c_tilde, by_c)
    np.subtract(1.0, by_c, by_c)
    by_c *= i
    np.subtract(1.0, gates[1:], by[1:])
    by[1:] *= gates[1:]
    by_f *= c_prev
    by_i *= c_tilde
    by_o *= tanh_c
    return f, by, to_dc


def state_gradients(
    U: Array, tape: Tape, da: Array, left: Array, dz: Array, m: int
) -> tuple[Array, ...]:
    """Return (dL/da, dL/dc): dc<t> = da<t> o (1 - tanh(c<t>)^2) + f<t+1> dc<t+1>, (N, n_a) each."""
    _, f, _, o = np.split(tape.gates, 4, axis=1)
    dc: Array = left * o * (1.0 - tape.tanh_c * tape.tanh_c)  # (N, n_a)
    for end in range(len(dc) - m, 0, -m):
        dc[end - m : end] += f[end : end + m] * dc[end : end + m]  # (m, n_a)
    return left, dc
