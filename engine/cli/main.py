"""The engine's command line: it reads words, trains, and prints what the course prints."""

import argparse
import os
import sys
from collections.abc import Iterable, Sequence

from engine.cli.arguments import EXIT_USAGE, OptionError, SentenceParser, told_of_place
from engine.cli.evaluate_command import add_evaluate, evaluate
from engine.cli.run_commands import add_replay, add_resume, replay_run, resume_run
from engine.cli.sample_command import add_sample, sample
from engine.cli.signal_handling import EXIT_INTERRUPTED
from engine.cli.text_commands import add_write, preset_of, text_defaults, write_text
from engine.cli.train_command import train
from engine.cli.train_options import COURSE_ITERATIONS, add_train
from engine.data.corpus import CorpusError
from engine.data.vocabulary import UnknownSymbolError
from engine.sampling.names import SamplingError
from engine.storage.archive import CheckpointError

EXIT_BAD_INPUT = 1
EXIT_BROKEN_PIPE = 128 + 13
"""What a shell reports of a program that nobody reads from any more."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return the exit code."""
    options = _parse(arguments)
    commands = {
        "train": train,
        "resume": _resume,
        "replay": replay_run,
        "sample": sample,
        "write": write_text,
        "evaluate": evaluate,
    }
    try:
        return commands[options.command](options)
    except OptionError as error:
        print(error, file=sys.stderr)
        return EXIT_USAGE
    except (CorpusError, CheckpointError, SamplingError, UnknownSymbolError, ValueError) as error:
        print(error, file=sys.stderr)
        return EXIT_BAD_INPUT
    except BrokenPipeError:  # whoever read the output has had enough
        # Python flushes the output once more as it ends, and must not meet the pipe again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return EXIT_BROKEN_PIPE
    except OSError as error:
        print(told_of_place(error), file=sys.stderr)
        return EXIT_BAD_INPUT
    except KeyboardInterrupt:
        print("\nInterrupted.", file=sys.stderr)
        return EXIT_INTERRUPTED


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    options = _parser().parse_args(arguments)
    if options.command != "train":
        return options
    given = _given(arguments, vars(options))
    if options.text:
        # What is not given is the preset's: so the words are read again, with other defaults.
        options = _parser(text_defaults(preset_of(options.preset))).parse_args(arguments)
    if options.streams is not None:
        options.batch, options.window = options.streams, None
    options.given = given
    return options


def _given(arguments: Sequence[str] | None, names: Iterable[str]) -> frozenset[str]:
    """Return which of `names` were typed: those that keep no default, whatever that is."""
    absent = object()
    options = vars(_parser(dict.fromkeys(names, absent)).parse_args(arguments))
    return frozenset(name for name, value in options.items() if value is not absent)


def _parser(defaults: dict[str, object] | None = None) -> argparse.ArgumentParser:
    parser = SentenceParser(
        prog="python -m engine",
        description="Train a recurrent network on names or on text, without a window.",
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    train_parser = commands.add_parser(
        "train",
        help="train on a file of names, or on a text",
        description="Train on a file of names, one a line. Prints the smoothed loss, in nats "
        "a name, and seven names every 2,000 iterations, as the course does. With --text, train "
        "on a running text, and print the held-out loss, in nats per symbol, and some verse.",
    )
    add_train(train_parser)
    train_parser.set_defaults(**(defaults or {}))
    add_resume(
        commands.add_parser(
            "resume",
            help="go on with a run from its file",
            description="Goes on training as if the run had never been saved: so many steps more "
            "give the same parameters, to the bit, as all of them at once.",
        ),
        COURSE_ITERATIONS,
    )
    add_replay(
        commands.add_parser(
            "replay",
            help="repeat a run from its record",
            description="Repeats a run from what it was started with and all that was done to it, "
            "and compares what comes out with its file, bit for bit.",
        )
    )
    add_write(commands.add_parser("write", help="continue a text with a network trained on one"))
    add_sample(
        commands.add_parser(
            "sample",
            help="write names with a trained network",
            description="Writes names as they are wished for. What too few names meet is told on "
            "the error stream; what was found is written all the same.",
        )
    )
    add_evaluate(
        commands.add_parser(
            "evaluate",
            help="measure a trained network, beside models that count",
            description="Measures a network, in nats per character, on the distinct names of a "
            "file and on those that a training run with the network's own seed holds out of it; "
            "beside it uniform guessing and n-gram models, fitted on the rest. One trained on "
            "a text is measured on its held-out end, and by what it writes.",
        )
    )
    return parser


def _resume(options: argparse.Namespace) -> int:
    code = resume_run(options)
    if code is None:
        print("The loss was no number any more. The file is left as it was.", file=sys.stderr)
    return EXIT_BAD_INPUT if code is None else code
