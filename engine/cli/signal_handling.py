"""Signal handling: Ctrl+C during training takes effect only after the current step."""

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from engine.cli.command import EXIT_INTERRUPTED


class InterruptFlag:
    """Whether Ctrl+C was pressed.

    Attributes
    ----------
    is_set : bool
        Read between chunks of steps, because the parameters are half changed within a step.
    """

    def __init__(self) -> None:
        self.is_set = False

    def handle(self, number: int, frame: FrameType | None) -> None:
        """Set the flag, as a signal handler. A second Ctrl+C ends the program at once."""
        self.is_set = True
        signal.signal(signal.SIGINT, signal.default_int_handler)


@contextmanager
def deferred_interrupt() -> Iterator[InterruptFlag]:
    """Set a flag on Ctrl+C inside the ``with``, instead of raising KeyboardInterrupt.

    If the program was started with Ctrl+C ignored, as in the background, it stays ignored.
    """
    flag = InterruptFlag()
    before = signal.getsignal(signal.SIGINT)
    if before is not signal.default_int_handler:
        yield flag
        return
    signal.signal(signal.SIGINT, flag.handle)
    try:
        yield flag
    finally:
        signal.signal(signal.SIGINT, before)


def report_interruption(step: int, path: str | None) -> int:
    """Print the step at which a run was interrupted and where it is saved; return the exit code.

    Parameters
    ----------
    step : int
    path : str or None
        The file that it was saved in, if any.
    """
    saved = "Nothing was saved: --save was not given." if path is None else f"Saved in “{path}”."
    print(f"\nInterrupted at step {step:,}. {saved}", file=sys.stderr)
    return EXIT_INTERRUPTED
