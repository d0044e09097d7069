"""A thread that computes half of a large batch; see `engine.nn.fast.split_batches`."""

from __future__ import annotations  # the executor's module is imported when it is needed

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from concurrent.futures import Future, ThreadPoolExecutor


class BatchHelper:
    """An executor with one thread, which is made when there is something to do for it.

    Few runs have batches that large, and the start of all others should not pay for it.
    """

    def __init__(self) -> None:
        self._executor: ThreadPoolExecutor | None = None

    def submit(self, work: Callable[..., float], /, *arguments: Any) -> Future[float]:
        """Call a function in the thread, and return its future."""
        if self._executor is None:
            from concurrent.futures import ThreadPoolExecutor

            self._executor = ThreadPoolExecutor(1, "helper")
        return self._executor.submit(work, *arguments)

    def end(self) -> None:
        """Wait until the thread has done its work, and end it, if there is one."""
        if self._executor is not None:
            self._executor.shutdown()
            self._executor = None
