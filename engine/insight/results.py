"""Helpers for results: arrays become read-only, and entries that are not finite are counted."""

import numpy as np

from engine.nn.parameters import Array, Parameters


def read_only(array: Array) -> Array:
    """Return a read-only view of an array."""
    view = array.view()
    view.flags.writeable = False
    return view


def frozen(parameters: Parameters) -> Parameters:
    """Return read-only parameters that share the same vector."""
    return Parameters(parameters.architecture, read_only(parameters.flat))


def count_not_finite(*arrays: Array) -> int:
    """Return the number of entries that are infinite or NaN."""
    return sum(array.size - int(np.count_nonzero(np.isfinite(array))) for array in arrays)
