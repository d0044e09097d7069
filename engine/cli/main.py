"""The command line: the list of its commands, and what becomes of their errors."""

import argparse
import sys
from collections.abc import Sequence

from engine import __version__
from engine.cli.command import (
    EXIT_BROKEN_PIPE,
    EXIT_FAILURE,
    EXIT_USAGE,
    Command,
)
from engine.cli.compare import COMPARE
from engine.cli.compile import COMPILE
from engine.cli.evaluate import EVALUATE
from engine.cli.options.arguments import (
    OptionError,
    SentenceParser,
    joined_dashes,
    write_error,
)
from engine.cli.race import RACE
from engine.cli.replay import REPLAY
from engine.cli.resume import RESUME
from engine.cli.sample import SAMPLE
from engine.cli.tell import TELL
from engine.cli.terminal.messages import discard_stream, escape_unknown_characters, print_message
from engine.cli.terminal.signal_handling import exit_code_of, raised_signals
from engine.cli.train import TRAIN
from engine.cli.write import WRITE
from engine.nn.memory import explain_memory_error
from engine.storage.archive import TextFileError

COMMANDS: tuple[Command, ...] = (
    *(TRAIN, RESUME, REPLAY, RACE, COMPARE, WRITE, SAMPLE, TELL, EVALUATE, COMPILE),
)
"""All commands, in the order of the help."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return the exit code.

    Parameters
    ----------
    arguments : sequence of str, optional
        The words after ``python -m engine``. The default is those of the process.
    """
    try:
        with raised_signals():
            escape_unknown_characters()
            command, options = _parse(arguments)
            code = command.run(options)
            _flush_output()
            return code
    except OptionError as error:
        print_message(str(error))
        return EXIT_USAGE
    except TextFileError as error:
        print_message(f"{error} To train on it, use the command train.")
        return EXIT_FAILURE
    except ValueError as error:  # all errors that are sentences for people
        print_message(str(error))
        return EXIT_FAILURE
    except BrokenPipeError:
        discard_stream(sys.stdout)
        return EXIT_BROKEN_PIPE
    except OSError as error:
        if error.filename is None:  # it is the output that cannot be written
            discard_stream(sys.stdout)
        print_message(write_error(error))
        return EXIT_FAILURE
    except MemoryError as error:
        print_message(explain_memory_error(error))
        return EXIT_FAILURE
    except KeyboardInterrupt as interrupt:
        print_message("\nInterrupted.")
        return exit_code_of(interrupt)


def _parse(arguments: Sequence[str] | None) -> tuple[Command, argparse.Namespace]:
    """Return the command and its options; exit after a help, or after what is not understood."""
    words = joined_dashes(sys.argv[1:] if arguments is None else arguments)
    try:
        options, unknown = _parser(words).parse_known_args(words)
        command: Command = vars(options).pop("command")
        parser: SentenceParser = vars(options).pop("parser")
        if unknown:
            parser.refuse(unknown[0])
        return command, options
    except SystemExit:
        _flush_output()  # of the help, which may have no reader any longer
        raise


def _flush_output() -> None:
    if sys.stdout is not None:
        sys.stdout.flush()


def _parser(words: Sequence[str]) -> argparse.ArgumentParser:
    """Return the parser of these words. Only commands that they name get their options."""
    parser = SentenceParser(
        prog="python -m engine",
        description="Train a recurrent network on names or on text, without a window.",
    )
    parser.add_argument("--version", action="version", version=f"DinoGUI {__version__}")
    subparsers = parser.add_subparsers(required=True, metavar="COMMAND")
    for command in COMMANDS:
        subparser = subparsers.add_parser(
            command.name, help=command.summary, description=command.description
        )
        if command.name in words:
            command.add_options(subparser)
        subparser.set_defaults(command=command, parser=subparser)
    return parser
