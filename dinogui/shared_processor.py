"""Keeps two threads that take turns at Python's interpreter on one processor, where Linux runs."""

import os
import threading
from pathlib import Path

_LAST_PROCESSOR = 36
"""Place of the processor that a thread ran on last, in /proc/…/stat after the thread's name."""


class SharedProcessor:
    """Brings the thread that makes it and the one that begins together, until that one ends it.

    While a small network trains, the interpreter goes to and fro between the training and the
    window some hundred times a second, and only one of them can run. On two processors, each time
    the one that sleeps has to be woken, which takes up to a millisecond where processors are
    virtual: training lost a tenth to a half of its rate to it. On one, the next simply goes on.

    Other systems than Linux let no program choose like this, or not in Python: there it does
    nothing. Nor does it where there is but one processor.
    """

    def __init__(self) -> None:
        self._maker = threading.get_native_id()
        self._before: set[int] = set()

    def begin(self) -> None:
        """Bring the maker's thread and the present one to where the present one is."""
        if self._before or not hasattr(os, "sched_setaffinity"):
            return
        try:
            allowed = os.sched_getaffinity(0)
            if len(allowed) > 1:
                self._keep_to({_last_processor()})
                self._before = allowed
        except (OSError, ValueError, IndexError):  # a system that forbids it, or hides where we are
            return

    def end(self) -> None:
        """Let both go where they could before."""
        allowed, self._before = self._before, set()
        if allowed:
            self._keep_to(allowed)

    def _keep_to(self, processors: set[int]) -> None:
        for thread in (self._maker, threading.get_native_id()):
            try:
                os.sched_setaffinity(thread, processors)
            except ProcessLookupError:  # the maker's thread is gone
                continue


def _last_processor() -> int:
    """Return the processor that this thread runs on."""
    told = Path("/proc/thread-self/stat").read_text(encoding="utf-8", errors="replace")
    return int(told.rpartition(")")[2].split()[_LAST_PROCESSOR])
