"""The course's matrices, as views on the weights of a gated cell."""

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating]


def gate_views(gates: tuple[str, ...], W: Array, b: Array) -> dict[str, Array]:
    """Return W and b of each gate by name: Wf (n_a, n_a + n_x) acts on [a_prev; x], bf is (n_a,).

    Parameters
    ----------
    gates : tuple of str
        In the order of their columns.
    W : (n_a + n_x, gates x n_a) array
    b : (gates x n_a,) array
    """
    n_a = len(b) // len(gates)
    named = {}
    for place, gate in enumerate(gates):
        columns = slice(place * n_a, (place + 1) * n_a)
        named[f"W{gate}"], named[f"b{gate}"] = W[:, columns].T, b[columns]
    return named
