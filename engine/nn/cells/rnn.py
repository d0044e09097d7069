"""The tanh cell: a<t> = tanh(Wax x<t> + Waa a<t-1> + ba)."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.nn.cell_protocol import CellEquations, Equation, Quantity
from engine.nn.fast.aligned import aligned_zeros
from engine.nn.fast.name_steps import NameSteps

Array = NDArray[np.floating]
DotInto = Callable[[Array, Array], Array]

TITLE = "RNN"
SUMMARY = "A tanh of the input and of its own last state: the course's first network."

GATES: tuple[str, ...] = ("a",)
STATES: tuple[str, ...] = ("a",)
CANDIDATES: tuple[str, ...] = ("a",)
OPEN_GATES: tuple[str, ...] = ()
GATE_GRADIENTS: tuple[str, ...] = ("dz",)
QUANTITIES: tuple[Quantity, ...] = (Quantity("a", "a", "the state", -1.0, 1.0),)
IS_NOTEBOOK_CELL = True
JOINS_INPUT = False

EQUATIONS = CellEquations(
    forward=(Equation("a", "a{l}⟨t⟩", "tanh(Wax{l} {x} + Waa{l} a{l}⟨t−1⟩ + ba{l})"),),
    backward=(
        Equation("da", "da{l}⟨t⟩", "{above} + Waa{l}ᵀ dz{l}⟨t+1⟩"),
        Equation("dz", "dz{l}⟨t⟩", "(1 − a{l}⟨t⟩²) ∗ da{l}⟨t⟩"),
    ),
    to_input="Wax{l}ᵀ dz{l}⟨t⟩",
    gradients={
        "Wax": "Σ dz{l}⟨t⟩ {x}ᵀ",
        "Waa": "Σ dz{l}⟨t⟩ a{l}⟨t−1⟩ᵀ",
        "ba": "Σ dz{l}⟨t⟩",
    },
)

_NOTEBOOK_SCALE = 0.01
"""Standard deviation of the start values of a single layer, as in the course."""


def views(W: Array, b: Array) -> dict[str, Array]:
    """Return the course's parameters as views: W is (n_a + n_x, n_a), b is (n_a,)."""
    n_a = len(b)
    return {"Wax": W[n_a:].T, "Waa": W[:n_a].T, "ba": b}


def set_start_biases(b: Array) -> None:
    """Set the biases that training begins with: zero."""
    b[:] = 0.0


def weight_scale(n_inputs: int, n_layers: int) -> float:
    """Return the start weights' standard deviation: 1 / sqrt(n_inputs), or 0.01 in one layer.

    0.01 is the course's. In a deep network it would leave the lower layers without a gradient.
    """
    return _NOTEBOOK_SCALE if n_layers == 1 else 1.0 / math.sqrt(n_inputs)


class Steps(NameSteps):
    """The cell on one name at a time; see `engine.nn.fast.name_steps.NameSteps`."""

    @staticmethod
    def make_buffers(n_a: int, T_max: int) -> tuple[Array, ...]:
        """Allocate states, inputs and dz: three arrays (T_max + 1, n_a)."""
        states, inputs, dz = (aligned_zeros((T_max + 1, n_a)) for _ in range(3))
        return states, inputs, dz

    def __init__(
        self,
        block: Array,
        d_block: Array,
        buffers: tuple[Array, ...],
        T_x: int,
        b: Array | None = None,
    ) -> None:
        super().__init__(block, d_block, buffers, T_x, b)
        n_a, states, dz = block.shape[1], self._states, buffers[2][:T_x]
        # The slopes share memory with the inputs, which the backward pass does not need.
        slopes = self._inputs
        z = np.empty(n_a)
        self._U, self._dU = block[:n_a], d_block[:n_a]
        self._a_prev_T, self._slopes, self._dz, self._later_dz = states[:-1].T, slopes, dz, dz[1:]
        # Bound methods: numpy.dot() looks for overrides at every call, ndarray.dot() does not.
        self._Waa_dot: DotInto = self._U.T.dot
        self._Waa_T_dot: DotInto = self._U.dot
        # Indexing makes a view, which costs as much as an addition: so all are made here.
        self._forward = [(states[t], self._input_rows[t], z, states[t + 1]) for t in range(T_x)]
        self._last = (self.da[-1], slopes[-1], dz[-1])
        self._backward = [
            (dz[t + 1], z, self.da[t], slopes[t], dz[t]) for t in range(T_x - 2, -1, -1)
        ]

    def forward(self, symbols: NDArray[np.intp]) -> Array:
        """Read a name: z<t> = Wax x<t> + Waa a<t-1> + ba, a<t> = tanh(z<t>)."""
        self._set_inputs(symbols)
        dot, add, tanh = self._Waa_dot, np.add, np.tanh
        for a_prev, x, z, a_next in self._forward:
            dot(a_prev, z)  # (n_a,)
            add(z, x, z)  # (n_a,)
            tanh(z, a_next)  # (n_a,)
        return self.a

    def backward(self, one_hot: Array) -> None:
        """Compute dz<t> = (1 - a<t>^2) (da<t> + Waa^T dz<t+1>), then the weights' gradients."""
        slopes = self._slopes
        np.multiply(self.a, self.a, slopes)
        np.subtract(1.0, slopes, slopes)  # (T_x, n_a)
        np.multiply(*self._last)
        dot, add, multiply = self._Waa_T_dot, np.add, np.multiply
        for dz_next, carried, da, slope, dz in self._backward:
            dot(dz_next, carried)  # (n_a,)
            add(carried, da, carried)  # (n_a,)
            multiply(carried, slope, dz)  # (n_a,)
        self._a_prev_T.dot(self._dz, self._dU)  # (n_a, n_a)
        one_hot.T.dot(self._later_dz, self._dV)  # (n_x, n_a)
        # A product with ones adds up the rows in a third of the time that sum() takes.
        self._ones.dot(self._dz, self._db)  # (n_a,)


STEPS: type[NameSteps] | None = Steps


@dataclass
class Tape:
    """What `forward` keeps for `backward`; rows as in `engine.nn.packing.Packed`.

    Attributes
    ----------
    a : (N, n_a) array
    """

    a: Array


def forward(U: Array, z: Array, steps: tuple[slice, ...], state: tuple[Array, ...]) -> Tape:
    """Compute all steps of a batch; see `engine.nn.cell_protocol.Cell.forward`.

    Parameters
    ----------
    U : (n_a, n_a) array
        Waa^T.
    z : (N, n_a) array
        Wax x + ba. Overwritten with the states.
    steps : tuple of slice
    state : tuple of one (m, n_a) array
        a<0>.
    """
    (a_prev,) = state
    for rows in steps:
        a_next = z[rows]  # (m, n_a)
        a_next += a_prev[: len(a_next)] @ U  # (m, n_a)
        a_prev = np.tanh(a_next, a_next)  # (m, n_a)
    return Tape(z)


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
        Overwritten with dL/dz.
    previous : tuple of one (N, n_a) array
        a<t-1>.

    Returns
    -------
    dz : (N, n_a) array
    dU : (n_a, n_a) array
    """
    slopes = 1.0 - tape.a * tape.a  # (N, n_a)
    da_next = np.empty((0, U.shape[0]), da.dtype)
    for rows in reversed(steps):
        dz_t = da[rows]  # (m, n_a)
        dz_t[: len(da_next)] += da_next
        dz_t *= slopes[rows]
        da_next = dz_t @ U.T  # (m, n_a)
    return da, previous[0].T @ da


def state_gradients(
    U: Array, tape: Tape, da: Array, left: Array, dz: Array, m: int
) -> tuple[Array, ...]:
    """Return (dL/da,): da<t> = dL/da<t> through the output + Waa^T dz<t+1>, (N, n_a)."""
    da[: len(da) - m] += dz[m:] @ U.T
    return (da,)
