"""The command ``replay``: repeat a saved run and compare."""

import argparse
import sys
import time
from concurrent.futures import ThreadPoolExecutor

from engine.cli.arguments import whole_number
from engine.cli.command import EXIT_FAILURE, Command
from engine.cli.output import print_message
from engine.cli.saved_run import add_saved_run, data_of_run
from engine.cli.signal_handling import exit_code_of
from engine.data.training_data import counted
from engine.runs.replay import replay
from engine.runs.run_file import load_run
from engine.storage.validated_mapping import ValidatedMapping
from engine.training.history.machine_history import describe_machines, machines_of
from engine.training.ranges import MAX_STEPS

_TERMINAL_SECONDS, _FILE_SECONDS = 0.5, 30.0
"""Time between two reports on a terminal, where each replaces the last, and in a file."""

_UNITS = ((86_400.0 * 365, "year"), (86_400.0, "day"), (3_600.0, "hour"), (60.0, "minute"))


class ProgressReports:
    """Says on stderr how far a long replay is.

    Parameters
    ----------
    total : int
        Steps to make.

    Attributes
    ----------
    step : int
        Steps made so far.
    """

    def __init__(self, total: int) -> None:
        self.total, self.step = total, 0
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
        left = (now - self._begin) * (self.total - step) / max(step, 1)
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


def _add_options(parser: argparse.ArgumentParser) -> None:
    add_saved_run(parser)
    parser.add_argument(
        "--steps",
        type=whole_number(1, MAX_STEPS),
        metavar="N",
        help="repeat only the first N steps; the parameters are compared after the last one only",
    )


def _run(options: argparse.Namespace) -> int:
    """Repeat a run from its record, and print whether the parameters are the same."""
    saved = load_run(options.run)
    corpus = data_of_run(saved, options.data)
    parameters, steps = saved.network.parameters, saved.state.step
    saved.resume(corpus)  # refuses a file whose training could not be continued
    machines = machines_of(ValidatedMapping(saved.state.values).part("made_by."))
    progress = ProgressReports(max(min(steps, options.steps or steps), 1))
    try:
        with ThreadPoolExecutor(1) as helper:
            result = replay(
                *(saved.record, corpus, parameters, steps, progress.report, helper, options.steps)
            )
    except KeyboardInterrupt as interrupt:
        progress.clear()
        print_message(f"\nInterrupted after {progress.share}. Nothing differed so far.")
        return exit_code_of(interrupt)
    progress.clear()
    print(result.summary())
    if result.difference is None:
        return 0
    print(describe_machines(machines))
    return EXIT_FAILURE


REPLAY = Command(
    "replay",
    "repeat a saved run from its record",
    "Repeats a run from its initial settings and its record of events, and compares the "
    "parameters with those in its file, bit for bit. Ctrl+C ends it, and says how far it came.",
    _add_options,
    _run,
)
