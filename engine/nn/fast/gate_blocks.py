"""Gate blocks: in a large batch, the values of each gate are contiguous.

Why: a product gives the pre-activations of a row's gates side by side. A pass over one gate's part
of each row takes two to four times as long as one over whole rows. In a small batch, the calls that
put each gate into a block of its own take longer than they save.

Worth: an LSTM of two layers of 128 on 128 names in float32 takes 4 to 9 % longer without it. With
up to 20 rows a step, an LSTM would take 4 to 7 % longer with it.
Switch: "gate-blocks", see `engine.nn.fast.switches`.
"""

import numpy as np
from numpy.typing import NDArray

from engine.nn.fast.switches import is_on

_FEW_ROWS = 32
"""Mean rows a step up to which a batch is small."""

_IS_ON = is_on("gate-blocks")


def has_many_rows(steps: tuple[slice, ...]) -> bool:
    """Whether a batch is large: a pass over its arrays takes longer than the call that makes it.

    Parameters
    ----------
    steps : tuple of slice
        The rows of each step.
    """
    return _IS_ON and steps[-1].stop > _FEW_ROWS * len(steps)


def views_of_gates(
    memory: NDArray[np.floating], gates: int, in_blocks: bool
) -> NDArray[np.floating]:
    """Return the gates in an array as a view: (gates, N, n_a).

    Parameters
    ----------
    memory : (N, gates x n_a) array
    gates : int
    in_blocks : bool
        Whether the numbers of each gate follow on each other. If not, those of a row do.
    """
    N, width = memory.shape
    if in_blocks:
        return memory.reshape(gates, N, width // gates)
    return memory.reshape(N, gates, width // gates).swapaxes(0, 1)
