"""Split batches: a large batch is computed as two halves, side by side in two threads.

Why: NumPy releases Python's interpreter lock in its large calls, so two threads with half of the
names each take little more than half of the time of one with all. Small batches are not split:
there, handing over the lock costs more than it saves. Whether and how a batch is split follows
from the batch and the network alone, so the numbers are the same to the bit with a helper thread
and without, on any machine.

Worth: an LSTM of two layers of 128 on 128 names makes 9.3 steps a second with a helper and 5.3
without (``bench_engine.py --only batch-lstm --threads 2``, or 1).
Switch: "split-batches", see `engine.nn.fast.switches`.
"""

from collections.abc import Callable
from contextvars import copy_context
from typing import Any, Protocol

import numpy as np

from engine.nn.fast.switches import is_on
from engine.nn.packing import Packed

_LEAST_ROWS = 32
"""Mean rows per step below which no batch is split: the products of the halves would be slower."""

_LEAST_BYTES = 16_000_000
"""Mean rows a step, times bytes of U, below which calls are too short to overlap."""

_IS_ON = is_on("split-batches")


class Pending(Protocol):
    """Work that a helper was given, such as a `concurrent.futures.Future`."""

    def exception(self) -> BaseException | None:
        """Wait until it has ended, and return the exception that it raised, or None."""
        ...

    def result(self) -> float:
        """Wait until it has ended, and return its result or raise its exception."""
        ...


class Helper(Protocol):
    """A second thread, such as a `concurrent.futures.Executor`."""

    def submit(self, work: Callable[..., float], /, *arguments: Any) -> Pending:
        """Start to call `work` in that thread."""
        ...


def rows_worth_splitting(U_bytes: int) -> float:
    """Return how many rows a step needs, on average, for a batch to be split.

    Parameters
    ----------
    U_bytes : int
        Size of the recurrent weights; the mean over the layers.
    """
    return max(_LEAST_ROWS, _LEAST_BYTES // U_bytes) if _IS_ON else np.inf


def split_batch(batch: Packed) -> tuple[Packed, Packed]:
    """Return the names at even and at odd places of a batch of two or more.

    The longest names come first in a batch, so the two halves are equally long.
    """
    return _every_second(batch, 0), _every_second(batch, 1)


def _every_second(batch: Packed, begin: int) -> Packed:
    """Return the names at every second place, from `begin` on."""
    steps: list[slice] = []
    rows = [np.arange(step.start + begin, step.stop, 2) for step in batch.steps]
    end = 0
    for chosen in rows:
        if len(chosen):  # a last step of one row belongs to the other half
            steps.append(slice(end, end := end + len(chosen)))
    kept = np.concatenate(rows)
    new_row = np.empty(len(batch), np.intp)
    new_row[kept] = np.arange(len(kept))
    first = len(rows[0])
    # At the first step, `previous` holds places in the batch.
    previous = np.concatenate((np.arange(first), new_row[batch.previous[kept[first:]]]))
    unscored = int(np.searchsorted(kept, batch.unscored))
    targets = batch.targets[kept[unscored:] - batch.unscored]
    # A copy, as kernels take whole arrays only.
    kinds = None if batch.kinds is None else batch.kinds[begin::2].copy()
    return Packed(batch.inputs[kept], targets, tuple(steps), previous, first, unscored, kinds)


def run_both(
    first: Callable[[], float], second: Callable[[], float], helper: Helper | None
) -> tuple[float, float]:
    """Call both, the second in the helper's thread if there is one, and return their results.

    An exception of one is raised when the other has ended, so that nothing is still being written
    to at that moment.
    """
    if helper is None:
        return first(), second()
    # In a copy of this thread's context, which holds NumPy's error settings.
    pending = helper.submit(copy_context().run, second)
    try:
        of_first = first()
    finally:
        pending.exception()
    return of_first, pending.result()
