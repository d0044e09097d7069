"""Keeps the GUI thread and the training thread on one processor while the network trains."""

import contextlib
import os
import threading
from collections.abc import Iterator
from pathlib import Path

from dinogui.startup.switches import is_enabled

_GIVEN = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else set[int]()
"""The processors that the program may run on; empty if the system does not report them."""

_LAST_PROCESSOR = 36
"""Index of the processor that a thread last ran on, in /proc/…/stat after the thread's name."""


class SharedProcessor:
    """Keeps the thread that makes this object and the thread that calls `begin` on one processor.

    While a small network trains, training and window pass the interpreter to each other some
    hundred times a second, and only one of them can run. On two processors the sleeping thread has
    to be woken each time, which takes up to a millisecond on virtual processors, and training loses
    a tenth to a half of its rate. On one processor the other thread simply continues. Measured with
    RNN-50 on two cores: 2,444 and 2,759 steps/s without, 5,301 and 5,282 with it.

    It does nothing where the system is not Linux, where there is only one processor, or where it is
    turned off.
    """

    def __init__(self) -> None:
        self._maker = threading.get_native_id()
        self._is_shared = False

    def begin(self) -> None:
        """Move the maker's thread to the processor of the calling thread, and keep both there."""
        if len(_GIVEN) < 2 or self._is_shared or not is_enabled("shared-processor"):
            return
        with contextlib.suppress(OSError, ValueError, IndexError):  # /proc may be hidden
            self._keep_to({_last_processor()})
            self._is_shared = True

    def end(self) -> None:
        """Let both threads run on all processors again."""
        if self._is_shared:
            self._is_shared = False
            self._keep_to(_GIVEN)

    def _keep_to(self, processors: set[int]) -> None:
        for thread in (self._maker, threading.get_native_id()):
            _keep(thread, processors)


def leave_shared_processor() -> None:
    """Let the calling thread run on all processors, although it inherited the shared one."""
    if len(_GIVEN) > 1:
        _keep(threading.get_native_id(), _GIVEN)


@contextlib.contextmanager
def on_shared_processor() -> Iterator[None]:
    """Let the calling thread run on the shared processor meanwhile, if there is one.

    For short work in Python beside the training. On another processor, it would pass the
    interpreter to the training and back some twenty times in each millisecond of work, and either
    thread would have to be woken each time.
    """
    # Only `SharedProcessor` keeps the GUI thread to one processor.
    main = threading.main_thread().native_id
    shared: set[int] = set()
    if main is not None and len(_GIVEN) > 1 and is_enabled("shared-processor"):
        with contextlib.suppress(OSError):
            shared = os.sched_getaffinity(main)
    if not 0 < len(shared) < len(_GIVEN):
        yield
        return
    _keep(threading.get_native_id(), shared)
    try:
        yield
    finally:
        leave_shared_processor()


def _keep(thread: int, processors: set[int]) -> None:
    with contextlib.suppress(OSError):  # the thread has ended, or the system forbids it
        os.sched_setaffinity(thread, processors)


def _last_processor() -> int:
    """Return the number of the processor that this thread runs on."""
    stat = Path("/proc/thread-self/stat").read_text(encoding="utf-8", errors="replace")
    return int(stat.rpartition(")")[2].split()[_LAST_PROCESSOR])
