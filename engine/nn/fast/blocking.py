"""Cache blocking: the backward pass of a batch in blocks of steps that fit into the cache.

Why: factors that are computed for all steps at once take the fewest NumPy calls. Where they do
not fit into the processor's cache they come back from main memory, which takes longer than to
compute them.

Worth: an LSTM of two layers of 128 on 128 names in float32 takes 3 to 8 % longer without it, a
GRU-128 on 64 names 2 to 4 %; smaller batches fit into one block.
Switch: "blocking", see `engine.nn.fast.switches`.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from engine.nn.fast.switches import is_on

Array = NDArray[np.floating]

_BLOCK_BYTES = 1 << 17 if is_on("blocking") else 1 << 62
"""Size of a block of one array. About twelve are in use at once; a core has 1 to 2 MB of cache."""

_FEW_ROWS = 32
"""Mean rows a step up to which a batch is small: see `has_many_rows`."""


def cache_blocks(
    steps: tuple[slice, ...], row_bytes: int
) -> Iterator[tuple[slice, tuple[slice, ...]]]:
    """Divide the steps of a batch into blocks, from the last to the first.

    Parameters
    ----------
    steps : tuple of slice
        The rows of each step.
    row_bytes : int
        Size of a row of one array.

    Yields
    ------
    span : slice
        The rows of a block.
    steps : tuple of slice
        Its steps, at least one: their rows, counted from the beginning of the block.
    """
    if steps[-1].stop * row_bytes <= _BLOCK_BYTES:  # a single name, or a small batch
        yield slice(0, steps[-1].stop), steps
        return
    end = len(steps)
    while end:
        begin = end - 1
        stop = steps[begin].stop
        while begin and (stop - steps[begin - 1].start) * row_bytes <= _BLOCK_BYTES:
            begin -= 1
        start = steps[begin].start
        yield (
            slice(start, stop),
            tuple(slice(step.start - start, step.stop - start) for step in steps[begin:end]),
        )
        end = begin


def has_many_rows(steps: tuple[slice, ...]) -> bool:
    """Whether a batch is large: whole arrays then matter more than few calls.

    An LSTM's step takes 2 to 8 % longer if small batches go the way of large ones, or large ones
    that of small ones.
    """
    return steps[-1].stop > _FEW_ROWS * len(steps)


def gates_of_blocks(memory: Array, steps: tuple[slice, ...], gates: int) -> list[Array]:
    """Return where the gates of each block of `cache_blocks` are, as views on `memory`.

    In a large batch, each gate of a block is contiguous: a pass over a part of each row takes
    several times as long as one over whole rows. In a small one, the gates of a row stand side by
    side, which takes fewer calls.

    Parameters
    ----------
    memory : (N, gates x n_a) array
    steps : tuple of slice
    gates : int

    Returns
    -------
    list of (gates, rows, n_a) arrays
    """
    n_a = memory.shape[1] // gates
    spans = [span for span, _ in cache_blocks(steps, n_a * memory.itemsize)]
    if not has_many_rows(steps):
        return [memory[span].reshape(-1, gates, n_a).swapaxes(0, 1) for span in spans]
    return [memory[span].reshape(gates, -1, n_a) for span in spans]


def gates_of_steps(memory: Array, steps: tuple[slice, ...], gates: int) -> list[Array]:
    """Return where the gates of each step are, as views on `memory`: (gates, m, n_a) each.

    The parameters are those of `gates_of_blocks`.
    """
    row_bytes = memory.shape[1] // gates * memory.itemsize
    inside = [block_steps for _, block_steps in cache_blocks(steps, row_bytes)]
    blocks = zip(gates_of_blocks(memory, steps, gates), inside, strict=True)
    return [block[:, rows] for block, block_steps in blocks for rows in reversed(block_steps)][::-1]
