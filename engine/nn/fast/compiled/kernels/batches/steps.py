"""What the passes of all cells share: their input, states that go on, and sums of gradients."""

from typing import NamedTuple

from engine.nn.fast.compiled.kernels.jit import loops
from engine.nn.fast.compiled.kernels.rows import add, copy
from engine.nn.fast.compiled.kernels.types import Indices, Matrix, Vector


class Input(NamedTuple):
    """What is added to a product.

    Attributes
    ----------
    b : (gates x n_a,) array
    rows : (k, gates x n_a) array
        Such as V, of one-hot symbols.
    symbols : (N,) array
        Which of `rows` each row of the batch takes; negative for none.
    """

    b: Vector
    rows: Matrix
    symbols: Indices


@loops
def end_of_next(bounds: Indices, t: int) -> int:
    """Return where the rows of the step after step t end; nothing follows the last step."""
    end: int = bounds[min(t + 2, len(bounds) - 1)]
    return end


@loops
def add_input(z: Vector, x: Input, row: int, first: int) -> None:
    """Add the bias and the input's share to z, in the columns from `first` on."""
    end, place = first + len(z), x.symbols[row]
    if place >= 0:
        _add_both(z, x.b[first:end], x.rows[place][first:end])
    else:
        add(z, x.b[first:end])


@loops
def set_before(before: Matrix, row: int, following: int, state: Vector) -> None:
    """Copy a state (n_a,) to the row that follows in its name, if the name goes on."""
    if row < following:
        copy(before[row][: len(state)], state)


@loops
def add_to_totals(totals: Matrix, symbols: Indices, row: int, dz: Vector) -> None:
    """Add a row of gradients to the sum that it belongs to.

    Parameters
    ----------
    totals : (n_x + 1 or 1, gates x n_a) array
        One for each symbol; the last is that of rows without a symbol.
    symbols : (N,) array
        Negative for none.
    row : int
    dz : (gates x n_a,) array
    """
    symbol = symbols[row]
    add(totals[symbol if symbol >= 0 else len(totals) - 1], dz)


@loops
def _add_both(to: Vector, x: Vector, y: Vector) -> None:
    for j in range(len(to)):
        to[j] += x[j] + y[j]
