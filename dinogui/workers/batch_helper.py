"""The thread that takes half of a large batch; see `engine.nn.fast.split_batches`."""

from __future__ import annotations  # the executor's module is not there before it is needed

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from dinogui.startup.shared_processor import leave_shared_processor

if TYPE_CHECKING:
    from concurrent.futures import Future, ThreadPoolExecutor


class BatchHelper:
    """An executor of one thread, made when it is first given something to do.

    Few runs have batches of such a size, and no other start need pay for it.
    """

    def __init__(self) -> None:
        self._executor: ThreadPoolExecutor | None = None

    def submit(self, work: Callable[..., float], /, *arguments: Any) -> Future[float]:
        """Begin to call `work` in the thread."""
        if self._executor is None:
            from concurrent.futures import ThreadPoolExecutor

            # Its maker shares a processor with the window, and so would it.
            self._executor = ThreadPoolExecutor(1, "helper", leave_shared_processor)
        return self._executor.submit(work, *arguments)

    def end(self) -> None:
        """End the thread, if there is one, when what it was given is done."""
        if self._executor is not None:
            self._executor.shutdown()
            self._executor = None
