"""The worker that computes for panels, so that the window never waits for it."""

import time
from collections.abc import Callable
from typing import Any

from dinogui.workers.service import Order, Worker


class BackgroundWorker(Worker):
    """Runs works, one after the other. Lives in a background thread."""

    task = "Computing for a panel"

    def compute(self, work: Callable[[], Any]) -> tuple[Any, float]:
        """Return what a work returned, and the seconds of processor time that it took."""
        # The thread's own time: waiting for other threads is not counted.
        start = time.thread_time()
        result = work()
        return result, time.thread_time() - start

    def explain(self, error: Exception, order: Order | None) -> str:
        """Return the sentence for an unforeseen exception."""
        return (
            f"This could not be computed ({type(error).__name__}: {error}). "
            "Help > Show log file has the details."
        )
