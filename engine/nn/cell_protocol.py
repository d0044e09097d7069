"""What a cell provides: the `Cell` protocol and the values its members are made of.

A cell is a module in `engine.nn.cells`, or any object with the same members. Everything that is
particular to one cell stands in its file: its shapes, its mathematics, its equations as text, and
its words for people. The rest of the engine and the window ask the cell and never its name.
"""

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from engine.nn.fast.name_steps import NameSteps

Array = NDArray[np.floating]


@dataclass(frozen=True)
class Quantity:
    """A quantity that a cell computes at each step, for each of its units.

    Attributes
    ----------
    name : str
        Its key in code: "a", "c_tilde", "Gamma_u".
    symbol : str
        The same as equations write it: "Γu".
    meaning : str
        What it is, for people: "the update gate".
    low, high : float or None
        The bounds of its values; None where there are none.
    gate : str or None
        The entry of `Cell.GATES` whose columns hold it; None for a state.
    """

    name: str
    symbol: str
    meaning: str
    low: float | None
    high: float | None
    gate: str | None = None


@dataclass(frozen=True)
class Equation:
    """One equation of a step, as text.

    Attributes
    ----------
    quantity : str
        The key of its result: the name of a `Quantity`, or of a gradient such as "da".
    left, right : str
        Its two sides, filled in by ``str.format``: {l} is the index of the layer, "" where there
        is only one and "[2]" for the second; {x} is the layer's input; {above} is the gradient
        from the output layer or the next layer. ∗ is the elementwise product, σ the sigmoid.
    """

    quantity: str
    left: str
    right: str


@dataclass(frozen=True)
class CellEquations:
    """The course's equations of a cell, as text; the placeholders are those of `Equation`.

    As in the course, the gradient of a gate is that of its pre-activation.

    Attributes
    ----------
    forward, backward : tuple of Equation
        In the order in which they are computed. The forward ones name quantities of
        `Cell.QUANTITIES`; the backward ones "d" and a state, or an entry of
        `Cell.GATE_GRADIENTS`.
    to_input : str
        The gradient of the layer's input.
    gradients : dict of str to str
        The gradient of each parameter, summed over all steps, by the names of `Cell.views`.
    """

    forward: tuple[Equation, ...]
    backward: tuple[Equation, ...]
    to_input: str
    gradients: dict[str, str]


class Cell(Protocol):
    """A recurrent cell: state<t>, gates<t> = f(U state<t-1> + V x<t> + b).

    The weights of a cell are one array W (n_a + n_in, gates x n_a), stored transposed: the
    recurrent weights U above the input weights V, so that the row that a symbol selects is
    contiguous. The columns of the gates stand side by side. In the arrays of a batch, rows are
    those of `engine.nn.packing.Packed`: N rows in all, m of them at a step.
    """

    TITLE: str
    """The name for people: "LSTM"."""

    SUMMARY: str
    """One sentence for people on what distinguishes it."""

    GATES: tuple[str, ...]
    """The suffixes of the course's matrices, in the order of their columns in W."""

    STATES: tuple[str, ...]
    """The arrays that a step hands to the next; each is an attribute of the tape.

    The first is "a", which is also the output. A memory cell is "c".
    """

    CANDIDATES: tuple[str, ...]
    """The gates that are a tanh of the weighted input; all others are sigmoids."""

    OPEN_GATES: tuple[str, ...]
    """The sigmoid gates that have to be 1 for the candidate to reach the output.

    The remaining sigmoid gates have to be 0. A layer that is added on top of a trained network
    begins that way.
    """

    QUANTITIES: tuple[Quantity, ...]
    """All that a step computes, in the order in which people see it: the states come first."""

    GATE_GRADIENTS: tuple[str, ...]
    """The names of the gradients of the pre-activations, in the order of `GATES`."""

    EQUATIONS: CellEquations
    """The step as text."""

    IS_NOTEBOOK_CELL: bool
    """Whether the course's notebook trains this cell: a recipe may ask for it."""

    JOINS_INPUT: bool
    """Whether `forward` can multiply [a<t-1>; x<t>; 1] with all weights in one product.

    It then takes another argument, ``before`` (N, n_a + n_in + 1), whose rows are these, all but
    a<t-1>, which it sets. With it, its `U` is [U; V; b], its `z` what kinds add or None, and its
    tape keeps it as ``before``, which is None otherwise.
    """

    STEPS: type[NameSteps] | None
    """The fast path for one name at a time; None if the general path serves."""

    def views(self, W: Array, b: Array) -> dict[str, Array]:
        """Return the course's parameters by name, as views.

        Parameters
        ----------
        W : (n_a + n_in, gates x n_a) array
        b : (gates x n_a,) array

        Returns
        -------
        dict of str to array
            Names that begin with W are weights, drawn in this order; the others are biases.
        """
        ...

    def set_start_biases(self, b: Array) -> None:
        """Set the biases (gates x n_a,) that training begins with, in place."""
        ...

    def weight_scale(self, n_inputs: int, n_layers: int) -> float:
        """Return the standard deviation of the weights that training begins with.

        Parameters
        ----------
        n_inputs : int
            Numbers that a unit's weighted sum runs over.
        n_layers : int
            Layers of the network.
        """
        ...

    def forward(
        self, U: Array, z: Array, steps: tuple[slice, ...], state: tuple[Array, ...]
    ) -> Any:
        """Compute all steps of a batch.

        Parameters
        ----------
        U : (n_a, gates x n_a) array
            The recurrent weights.
        z : (N, gates x n_a) array
            The input's share of the pre-activations: V x + b. Overwritten.
        steps : tuple of slice
            The rows of each step; a step has no more rows than the one before.
        state : tuple of (m, n_a) arrays
            The initial states, in the order of `STATES`.

        Returns
        -------
        tape : dataclass
            What `backward` needs, arrays of N rows: one for each of `STATES` and, in a cell with
            quantities that name a gate, ``gates`` (N, gates x n_a) after the activations.
        """
        ...

    def backward(
        self, U: Array, tape: Any, da: Array, steps: tuple[slice, ...], previous: tuple[Array, ...]
    ) -> tuple[Array, Array]:
        """Compute the gradients of all steps, from the last to the first.

        Parameters
        ----------
        U, steps
            As in `forward`.
        tape : dataclass
            As `forward` returned it. It may be overwritten.
        da : (N, n_a) array
            dL/da through the outputs alone: from the output layer or the next layer. Overwritten;
            `state_gradients` receives what is left in it.
        previous : tuple of (N, n_a) arrays
            The states before each row's step, in the order of `STATES`. In place of the first, a
            cell that `JOINS_INPUT` may be given [a<t-1>; x<t>; 1].

        Returns
        -------
        dz : (N, gates x n_a) array
            dL/d(pre-activations).
        dU : (n_a, gates x n_a) array
            dL/dU; of [a<t-1>; x<t>; 1], dL/d[U; V; b].
        """
        ...

    def state_gradients(
        self, U: Array, tape: Any, da: Array, left: Array, dz: Array, m: int
    ) -> tuple[Array, ...]:
        """Return the total derivative of the loss with respect to each state.

        Parameters
        ----------
        U : (n_a, gates x n_a) array
        tape : dataclass
            As `forward` returned it, intact.
        da : (N, n_a) array
            What `backward` was given. It may be overwritten.
        left : (N, n_a) array
            What `backward` left in its place. It may be overwritten.
        dz : (N, gates x n_a) array
            What `backward` returned.
        m : int
            Rows of each step; here all steps have equally many.

        Returns
        -------
        tuple of (N, n_a) arrays
            In the order of `STATES`.
        """
        ...
