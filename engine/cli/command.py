"""What a command of the command line is, and the exit codes that commands share."""

import argparse
from collections.abc import Callable
from dataclasses import dataclass

EXIT_FAILURE = 1
EXIT_USAGE = 2
EXIT_BROKEN_PIPE = 128 + 13
"""What a shell reports for a program whose output is no longer read."""


@dataclass(frozen=True)
class Command:
    """A command, as in ``python -m engine train``.

    Attributes
    ----------
    name : str
    summary : str
        One line for the list of commands.
    description : str
        A paragraph for the command's own help.
    add_options : callable
        Adds the options to the command's parser.
    run : callable
        Carries out the command with the parsed options, and returns the exit code. Raises an
        `OptionError` if options do not fit, or a ValueError or OSError with a sentence for people.
    """

    name: str
    summary: str
    description: str
    add_options: Callable[[argparse.ArgumentParser], None]
    run: Callable[[argparse.Namespace], int]
