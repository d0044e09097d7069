"""The early end of a training: by a signal, or because the output cannot be written."""

import sys
from collections.abc import Callable

from engine.cli.command import EXIT_BROKEN_PIPE, EXIT_FAILURE
from engine.cli.options.arguments import write_error
from engine.cli.terminal.messages import discard_stream, print_message
from engine.cli.terminal.signal_handling import InterruptFlag


def until_output_fails(train: Callable[[], None]) -> OSError | None:
    """Train and print; return why the output could not be written, if it could not."""
    try:
        train()
        if sys.stdout is not None:
            sys.stdout.flush()
    except OSError as error:
        discard_stream(sys.stdout)
        return error
    return None


def report_early_end(
    step: int, saved: str, interrupt: InterruptFlag, failure: OSError | None
) -> int | None:
    """Say why a training has ended early, and return the exit code; None if it has not.

    Parameters
    ----------
    step : int
        At which it has ended.
    saved : str
        A sentence that says where it was saved, or that it was not.
    interrupt : InterruptFlag
    failure : OSError or None
        What `until_output_fails` has returned.
    """
    if interrupt.is_set:
        print_message(f"\nInterrupted at step {step:,}. {saved}")
        return interrupt.exit_code
    if failure is not None:
        print_message(f"{write_error(failure)} Stopped at step {step:,}. {saved}")
        return EXIT_BROKEN_PIPE if isinstance(failure, BrokenPipeError) else EXIT_FAILURE
    return None
