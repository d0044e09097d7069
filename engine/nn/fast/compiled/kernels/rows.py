"""What is done with every entry of a row.

In all loops of the kernels, only one array is written to: of several, the compiler would have to
check whether they overlap, and beyond a few checks it makes no vector code.
"""

from typing import Any

from engine.nn.fast.compiled.kernels.functions import sigmoid, tanh
from engine.nn.fast.compiled.kernels.jit import loops, sums
from engine.nn.fast.compiled.kernels.types import Vector


@loops
def fill(row: Vector, value: float) -> None:
    """Set every entry to a value."""
    for j in range(len(row)):
        row[j] = value


@loops
def copy(row: Vector, source: Vector) -> None:
    """Set every entry to that of another row."""
    for j in range(len(row)):
        row[j] = source[j]


@loops
def add(row: Vector, other: Vector) -> None:
    """Add another row to a row."""
    for j in range(len(row)):
        row[j] += other[j]


@loops
def apply_tanh(row: Vector) -> None:
    """Replace every entry by its tanh."""
    for j in range(len(row)):
        row[j] = tanh(row[j])


@loops
def apply_sigmoid(row: Vector) -> None:
    """Replace every entry by its logistic sigmoid."""
    for j in range(len(row)):
        row[j] = sigmoid(row[j])


@sums
def maximum(row: Vector) -> Any:
    """Return the largest entry."""
    largest = row[0]
    for j in range(len(row)):
        largest = max(row[j], largest)
    return largest
