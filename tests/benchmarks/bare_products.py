"""The matrix products of a step on a large batch, and nothing else: no step can be faster.

Their shapes and their order are those of the compiled step: half of the batch after the other, or
side by side in two threads.
"""

from concurrent.futures import ThreadPoolExecutor

import numpy as np


class BareProducts:
    """The products of a step of an LSTM's layers and its softmax layer, by NumPy.

    Parameters
    ----------
    parameters : Parameters
    m, steps : int
        Names of a batch, and characters of each.
    threads : int
        With two, the halves are computed side by side.
    """

    def __init__(self, parameters, m, steps, threads):
        self._halves = [_Half(parameters, m // 2, steps) for _ in range(2)]
        self._helper = ThreadPoolExecutor(1) if threads > 1 else None

    def run(self, steps):
        """Multiply for so many steps."""
        first, second = self._halves
        for _ in range(steps):
            if self._helper is None:
                first.multiply()
                second.multiply()
            else:
                pending = self._helper.submit(second.multiply)
                first.multiply()
                pending.result()


class _Half:
    def __init__(self, parameters, m, steps):
        random, dtype = np.random.default_rng(0), parameters.flat.dtype

        def draw(*shape):
            return random.standard_normal(shape).astype(dtype)

        self._rows = [slice(t * m, (t + 1) * m) for t in range(steps)]
        self._layers = []
        for place, layer in enumerate(parameters.layers):
            W = (layer.W if place else layer.U).copy()
            x, dz = (draw(m * steps, width) for width in W.shape)
            U_T, V_T = layer.U.T.copy(), layer.V.T if place else None
            self._layers.append((W, U_T, V_T, x, dz, np.empty_like(dz), draw(m, layer.n_a)))
        Wya = parameters.Wya.copy()
        self._output = Wya, draw(m * steps, Wya.shape[1]), draw(m * steps, len(Wya))

    def multiply(self):
        for W, _, _, x, _, z, _ in self._layers:
            for rows in self._rows:
                np.dot(x[rows], W, z[rows])
        Wya, a, dy = self._output
        a @ Wya.T, dy.T @ a, dy @ Wya
        for W, U_T, V_T, x, dz, _, da in reversed(self._layers):
            for rows in self._rows[1:]:
                np.dot(dz[rows], U_T, da)
            np.dot(x.T, dz, W)
            if V_T is not None:
                dz @ V_T
