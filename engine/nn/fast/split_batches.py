"""Large batches are read in two halves, which a helper can read side by side.

NumPy lets go of Python's interpreter lock in its large calls, so that two threads, each with its
half of the names, take little more than half the time of one with all of them. Whether a batch is
read in halves, and which, is told by the batch and the network alone: so the numbers are the same
to the bit with a helper and without, on any machine.
"""

from collections.abc import Callable
from contextvars import copy_context
from typing import Any, Protocol

import numpy as np

from engine.nn.packing import Packed

_LEAST_ROWS = 32
"""Rows of a step that are worth it at the least: with fewer, the halves' products are slower."""

_LEAST_BYTES = 16_000_000
"""Rows of a step times bytes of U that are worth it: below, calls are over too soon to overlap."""


class Pending(Protocol):
    """What a helper was given to do, as `concurrent.futures.Future`."""

    def exception(self) -> BaseException | None:
        """Wait for its end, and return what it has raised; None if nothing."""
        ...

    def result(self) -> float:
        """Wait for its end, and return what it has returned, or raise what it has raised."""
        ...


class Helper(Protocol):
    """Another thread, as `concurrent.futures.Executor`."""

    def submit(self, work: Callable[..., float], /, *arguments: Any) -> Pending:
        """Begin to call `work` beside the caller."""
        ...


def rows_worth_halving(U_bytes: int) -> int:
    """Return how many rows a step has to have, on average, for a batch to be read in halves.

    Parameters
    ----------
    U_bytes : int
        Size of what a layer's state is multiplied by at each step; the mean over the layers.
    """
    return max(_LEAST_ROWS, _LEAST_BYTES // U_bytes)


def halves(batch: Packed) -> tuple[Packed, Packed]:
    """Return the names at even and at odd places of a batch of two or more.

    The longest names stand first in a batch: so both halves have as much to do.
    """
    return _every_second(batch, 0), _every_second(batch, 1)


def _every_second(batch: Packed, begin: int) -> Packed:
    """Return the names at every second place, from `begin` on."""
    steps: list[slice] = []
    rows = [np.arange(step.start + begin, step.stop, 2) for step in batch.steps]
    end = 0
    for chosen in rows:
        if len(chosen):  # the last steps may have one row, which is the other half's
            steps.append(slice(end, end := end + len(chosen)))
    kept = np.concatenate(rows)
    new_row = np.empty(len(batch), np.intp)
    new_row[kept] = np.arange(len(kept))
    first = len(rows[0])
    # At the first step it tells the place in the batch.
    previous = np.concatenate((np.arange(first), new_row[batch.previous[kept[first:]]]))
    unscored = int(np.searchsorted(kept, batch.unscored))
    targets = batch.targets[kept[unscored:] - batch.unscored]
    return Packed(batch.inputs[kept], targets, tuple(steps), previous, first, unscored)


def run_both(
    first: Callable[[], float], second: Callable[[], float], helper: Helper | None
) -> tuple[float, float]:
    """Call both, the second by the helper if there is one, and return what they return.

    What one of them raises is raised when the other has ended, so that nothing is still being
    written to then.
    """
    if helper is None:
        return first(), second()
    # In a copy of this thread's context, where NumPy keeps which errors it is to warn of.
    pending = helper.submit(copy_context().run, second)
    try:
        of_first = first()
    finally:
        pending.exception()
    return of_first, pending.result()
