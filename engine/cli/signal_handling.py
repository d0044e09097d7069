"""Ctrl+C while a network is trained: the step that is being made is finished first."""

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

EXIT_INTERRUPTED = 128 + 2
"""What a shell reports of a program that Ctrl+C has ended."""


class Interruption:
    """Whether Ctrl+C was pressed.

    Attributes
    ----------
    is_asked : bool
        Looked at between stretches of steps: within a step, parameters are half changed.
    """

    def __init__(self) -> None:
        self.is_asked = False

    def ask(self, number: int, frame: FrameType | None) -> None:
        """Note it, as a handler of signals. A second Ctrl+C ends the program at once."""
        self.is_asked = True
        signal.signal(signal.SIGINT, signal.default_int_handler)


@contextmanager
def interruption_noted() -> Iterator[Interruption]:
    """Note Ctrl+C inside the ``with`` in place of raising KeyboardInterrupt.

    Where the program was started to ignore it, as in the background, it is ignored here as well.
    """
    interruption = Interruption()
    before = signal.getsignal(signal.SIGINT)
    if before is not signal.default_int_handler:
        yield interruption
        return
    signal.signal(signal.SIGINT, interruption.ask)
    try:
        yield interruption
    finally:
        signal.signal(signal.SIGINT, before)


def tell_interrupted(step: int, place: str | None) -> int:
    """Say at which step a run has stopped and where it is kept, and return the exit code.

    Parameters
    ----------
    step : int
    place : str or None
        The file that it was saved in, if it was.
    """
    kept = "Nothing was kept: there was no --save." if place is None else f"Saved in “{place}”."
    print(f"\nInterrupted at step {step:,}. {kept}", file=sys.stderr)
    return EXIT_INTERRUPTED
