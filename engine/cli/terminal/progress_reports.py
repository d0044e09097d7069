"""How far a command is that repeats the steps of a run, and how long the rest will take."""

import sys
import time

from engine.cli.terminal.messages import print_message
from engine.data.training_data import counted

_TERMINAL_SECONDS, _FILE_SECONDS = 0.5, 30.0
"""Time between two reports on a terminal, where each replaces the last, and in a file."""

_UNITS = ((86_400.0 * 365, "year"), (86_400.0, "day"), (3_600.0, "hour"), (60.0, "minute"))


class ProgressReports:
    """Says on stderr how far a long repetition of steps is.

    Parameters
    ----------
    total : int
        Steps to make in all.
    first : int
        Steps that are there already.

    Attributes
    ----------
    step : int
        Steps made so far.
    """

    def __init__(self, total: int, first: int = 0) -> None:
        self.total, self.step, self._first = total, first, first
        self._is_terminal = sys.stderr is not None and sys.stderr.isatty()
        self._interval = _TERMINAL_SECONDS if self._is_terminal else _FILE_SECONDS
        self._begin = self._reported_at = time.perf_counter()
        self._width = 0

    def report(self, step: int) -> None:
        """Note the steps made so far, and say them if it is time to."""
        self.step = step
        now = time.perf_counter()
        if now - self._reported_at < self._interval:
            return
        self._reported_at = now
        left = (now - self._begin) * (self.total - step) / max(step - self._first, 1)
        self._print(f"{self.share}, about {_duration(left)} left")

    @property
    def share(self) -> str:
        """The steps made so far, in words."""
        return f"{self.step:,} of {counted(self.total, 'step')} ({self.step / self.total:.1%})"

    def clear(self) -> None:
        """Remove the line from the terminal, where the result is about to stand."""
        if self._width:
            print_message("\r" + " " * self._width + "\r", end="")
            self._width = 0

    def _print(self, report: str) -> None:
        if self._is_terminal:
            print_message(f"\r{report:{self._width}}", end="")
            self._width = len(report)
        else:
            print_message(report)


def _duration(seconds: float) -> str:
    """Write a time that is about to pass: "40 seconds", "3 hours"."""
    size, unit = next(((size, unit) for size, unit in _UNITS if seconds >= size), (1.0, "second"))
    return counted(max(round(seconds / size), 1), unit)
