"""The passes of a batch: all steps of a layer in one call, in the precision of its arrays.

Rows are those of `engine.nn.packing.Packed`: those of a step are neighbours, and `bounds` says
where each step begins and where the last one ends. A step is a product, by the BLAS that NumPy
brings, and one pass over its rows, which reads and writes each number once, while it is in the
cache; NumPy takes some ten passes over memory. ``one`` is 1 in the arrays' type, as a 1 in the code
would make float32 arithmetic double precision.

The pre-activations of a row are z = product + b + x. The product is U a<t-1>, or W [a<t-1>; x<t>]
in a layer above another. `Input` says what b and x are. A state is written twice, to its own row
and, as ``before``, to the row that follows in its name. Gradients take the place of the gates.
"""

from typing import Any

import numpy as np

from engine.nn.fast.compiled.blas_functions import BlasFunctions
from engine.nn.fast.compiled.kernels.batches.gru import gru_backward, gru_forward
from engine.nn.fast.compiled.kernels.batches.lstm import lstm_backward, lstm_forward
from engine.nn.fast.compiled.kernels.batches.rnn import rnn_backward, rnn_forward
from engine.nn.fast.compiled.kernels.batches.softmax import softmax_loss
from engine.nn.fast.compiled.kernels.batches.steps import Input

__all__ = [
    "Input",
    "examples",
    "gru_backward",
    "gru_forward",
    "lstm_backward",
    "lstm_forward",
    "rnn_backward",
    "rnn_forward",
    "softmax_loss",
]


def examples() -> list[tuple[Any, tuple[Any, ...]]]:
    """Return the functions that Python calls, each with arguments of types it is compiled for."""
    found: list[tuple[Any, tuple[Any, ...]]] = []
    blas, indices = BlasFunctions(0, 0), np.empty(0, np.intp)
    for dtype in (np.float64, np.float32):
        v: Any = np.empty(0, dtype)
        x: Any = np.empty((0, 0), dtype)
        z = Input(v, x, indices)
        found += [
            (rnn_forward, (blas, z, x, x, x, indices)),
            (rnn_backward, (blas, x, x, x, x, x, x, x, indices, indices)),
            (lstm_forward, (blas, z, x, x, x, x, x, x, indices)),
            (lstm_backward, (blas, x, x, x, x, x, x, x, x, x, indices, indices)),
            (gru_forward, (blas, z, x, x, x, x, x, indices)),
            (gru_backward, (blas, x, x, x, x, x, x, x, x, x, indices, indices)),
            (softmax_loss, (x, v, indices)),
        ]
    return found
