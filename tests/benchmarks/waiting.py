"""Waiting for a window without taking the processor from its threads."""

import time
from collections.abc import Callable

from PySide6.QtCore import QEventLoop, QTimer

_POLL_MILLISECONDS = 5


def wait_for(is_done: Callable[[], bool], seconds: float) -> None:
    """Run an event loop until something is done.

    A loop that calls `processEvents` again and again would hold the interpreter's lock most of the
    time, and a training thread would get little of it.

    Raises
    ------
    TimeoutError
        If it is not done within so many seconds.
    """
    deadline = time.monotonic() + seconds
    loop, timer = QEventLoop(), QTimer(interval=_POLL_MILLISECONDS)
    timer.timeout.connect(lambda: loop.quit() if is_done() or time.monotonic() > deadline else None)
    timer.start()
    loop.exec()
    timer.stop()
    if not is_done():
        raise TimeoutError(f"The window has not come so far within {seconds:g} s.")
