"""The course's matrices, as views on the block that a gated cell keeps its weights in."""

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating]


def gate_views(gates: tuple[str, ...], W: Array, b: Array) -> dict[str, Array]:
    """Return W and b of each gate by its name: Wf (n_a, n_a + n_x) on [a_prev; x], bf (n_a,).

    Parameters
    ----------
    gates : tuple of str
        As they stand in the block, side by side.
    W : (n_a + n_x, gates x n_a) array
    b : (gates x n_a,) array
    """
    n_a = len(b) // len(gates)
    named = {}
    for place, gate in enumerate(gates):
        columns = slice(place * n_a, (place + 1) * n_a)
        named[f"W{gate}"], named[f"b{gate}"] = W[:, columns].T, b[columns]
    return named
