"""Signals: Ctrl+C, SIGTERM and SIGHUP end a training only after the current steps.

All other work is ended at once, by an exception. SIGTERM is what a system sends when it shuts down,
SIGHUP what is sent when a terminal is closed. The module imports little: the programs need it
before they load anything else.
"""

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType

_ENDING_SIGNALS = tuple(
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
)
"""Windows has no SIGHUP."""

_PATIENCE_SECONDS = 3.0
"""Time after a signal in which another one changes nothing."""

_DEFAULT_HANDLERS = (signal.default_int_handler, signal.SIG_DFL)


class Terminated(KeyboardInterrupt):
    """SIGTERM or SIGHUP has ended the work, as a KeyboardInterrupt says that Ctrl+C has.

    Parameters
    ----------
    number : int
        The signal.
    """

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


def exit_code_of(interrupt: KeyboardInterrupt) -> int:
    """Return what a shell reports for a program that was ended by a signal."""
    return _exit_code(interrupt.number if isinstance(interrupt, Terminated) else signal.SIGINT)


def _exit_code(number: int) -> int:
    return 128 + number


class InterruptFlag:
    """Which signal has asked the program to end.

    Attributes
    ----------
    number : int or None
        The latest signal, or None if there was none. Read between chunks of steps, because the
        parameters are half changed within a step.
    """

    def __init__(self) -> None:
        self.number: int | None = None
        self._interrupted_at: float | None = None

    @property
    def is_set(self) -> bool:
        """Whether there was a signal."""
        return self.number is not None

    @property
    def exit_code(self) -> int:
        """What a shell reports for a program that was ended by the signal; 0 without one."""
        return 0 if self.number is None else _exit_code(self.number)

    def handle(self, number: int, frame: FrameType | None) -> None:
        """Set the flag, as a signal handler.

        A Ctrl+C that comes `_PATIENCE_SECONDS` after the first one ends the program at once. Sooner
        ones do not: people press it twice, and the run is being saved. Other signals never do: at a
        logout, SIGTERM and SIGHUP arrive together.
        """
        self.number = number
        if number == signal.SIGINT:
            now = time.monotonic()
            if self._interrupted_at is None:
                self._interrupted_at = now
            elif now - self._interrupted_at > _PATIENCE_SECONDS:
                signal.default_int_handler(number, frame)


@contextmanager
def deferred_signals() -> Iterator[InterruptFlag]:
    """Set a flag on Ctrl+C, SIGTERM and SIGHUP inside the ``with``, instead of ending the program.

    If the program was started with one of them ignored, as in the background or by ``nohup``, it
    stays ignored.
    """
    flag = InterruptFlag()
    before = {number: signal.getsignal(number) for number in _ENDING_SIGNALS}
    deferred = [number for number in _ENDING_SIGNALS if _ends_the_program(before[number])]
    for number in deferred:
        signal.signal(number, flag.handle)
    try:
        yield flag
    finally:
        for number in deferred:
            signal.signal(number, before[number])


class _Terminator:
    """Raises `Terminated`, as a signal handler.

    A signal that comes less than `_PATIENCE_SECONDS` after another one changes nothing: at a
    logout, SIGTERM and SIGHUP arrive together, and what the first one has ended is tidied up.
    """

    def __init__(self) -> None:
        self._raised_at: float | None = None

    def __call__(self, number: int, frame: FrameType | None) -> None:
        now = time.monotonic()
        if self._raised_at is None or now - self._raised_at > _PATIENCE_SECONDS:
            self._raised_at = now
            raise Terminated(number)


@contextmanager
def raised_signals() -> Iterator[None]:
    """Raise a `Terminated` on SIGTERM and SIGHUP inside the ``with``.

    Without it they end the program without a word, and leave temporary files behind. A signal that
    the program was started to ignore stays ignored. Only the main thread can handle signals;
    elsewhere nothing is changed.
    """
    before, terminator = {}, _Terminator()
    with suppress(ValueError):  # this is not the main thread
        for number in _ENDING_SIGNALS:
            if signal.getsignal(number) is signal.SIG_DFL:
                before[number] = signal.signal(number, terminator)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _ends_the_program(handler: object) -> bool:
    return handler in _DEFAULT_HANDLERS or isinstance(handler, _Terminator)


@contextmanager
def exit_on_interrupt() -> Iterator[None]:
    """End the process at once on Ctrl+C inside the ``with``, with exit code 130.

    This is for the time in which modules are loaded. A KeyboardInterrupt would print a traceback,
    and some modules catch it. If a ``with`` inside installs another handler, that one stays.
    """
    before = signal.getsignal(signal.SIGINT)
    if before is not signal.default_int_handler:
        yield
        return
    signal.signal(signal.SIGINT, _exit)
    try:
        yield
    finally:
        if signal.getsignal(signal.SIGINT) is _exit:
            signal.signal(signal.SIGINT, before)


def _exit(number: int, frame: FrameType | None) -> None:
    with suppress(OSError):
        os.write(2, b"\nInterrupted.\n")
    os._exit(_exit_code(number))
