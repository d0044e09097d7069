"""What all results share: nobody can write to them, and what is no number in them is counted."""

import numpy as np

from engine.nn.parameters import Array, Parameters


def read_only(array: Array) -> Array:
    """Return a view on an array that refuses to be written to."""
    view = array.view()
    view.flags.writeable = False
    return view


def frozen(parameters: Parameters) -> Parameters:
    """Return parameters that stand on a read-only view of the same vector."""
    return Parameters(parameters.architecture, read_only(parameters.flat))


def count_not_finite(*arrays: Array) -> int:
    """Count the entries that are infinite or not a number."""
    return sum(array.size - int(np.count_nonzero(np.isfinite(array))) for array in arrays)
