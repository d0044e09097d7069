"""Keeps two threads that take turns at Python's interpreter on one processor, where Linux runs."""

import contextlib
import os
import threading
from pathlib import Path

_GIVEN = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else set[int]()
"""The processors that the program was given to run on, where the system tells."""

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
        self._is_shared = False

    def begin(self) -> None:
        """Bring the maker's thread and the present one to where the present one is."""
        if len(_GIVEN) < 2 or self._is_shared:
            return
        with contextlib.suppress(OSError, ValueError, IndexError):  # it hides where we are
            self._keep_to({_last_processor()})
            self._is_shared = True

    def end(self) -> None:
        """Let both go where they could before."""
        if self._is_shared:
            self._is_shared = False
            self._keep_to(_GIVEN)

    def _keep_to(self, processors: set[int]) -> None:
        for thread in (self._maker, threading.get_native_id()):
            _keep(thread, processors)


def leave_shared_processor() -> None:
    """Let the present thread go anywhere, though one that shares a processor has begun it."""
    if len(_GIVEN) > 1:
        _keep(threading.get_native_id(), _GIVEN)


def _keep(thread: int, processors: set[int]) -> None:
    with contextlib.suppress(OSError):  # the thread is gone, or the system forbids it
        os.sched_setaffinity(thread, processors)


def _last_processor() -> int:
    """Return the processor that this thread runs on."""
    told = Path("/proc/thread-self/stat").read_text(encoding="utf-8", errors="replace")
    return int(told.rpartition(")")[2].split()[_LAST_PROCESSOR])
