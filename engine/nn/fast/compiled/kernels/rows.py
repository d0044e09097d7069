"""Functions of every entry of a row, in place.

In all loops of the kernels, only one array is written to: of several, the compiler would have to
check whether they overlap, and beyond a few checks it makes no vector code.
"""

from engine.nn.fast.compiled.kernels.jit import loops
from engine.nn.fast.compiled.kernels.scalars import sigmoid, tanh
from engine.nn.fast.compiled.kernels.types import Vector


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
