"""The command ``write``: continue a text with a network trained on one."""

import argparse
from pathlib import Path

from engine.cli.command import Command
from engine.cli.options.arguments import blaming, positive_number, whole_number
from engine.cli.options.saved_run import add_saved_network, saved_network
from engine.data.reading.casing import unify
from engine.sampling.text import TextGenerator
from engine.storage.archive import CheckpointError


def _add_options(parser: argparse.ArgumentParser) -> None:
    add_saved_network(parser)
    parser.add_argument("--prompt", default="", metavar="S", help="what the text begins with")
    parser.add_argument(
        "--length",
        type=whole_number(1),
        default=500,
        metavar="N",
        help="number of symbols to write (default: %(default)s)",
    )
    parser.add_argument(
        "--temperature",
        type=positive_number,
        default=1.0,
        metavar="T",
        help="below 1, likely symbols become likelier (default: %(default)s)",
    )
    parser.add_argument(
        "--seed",
        type=whole_number(0),
        default=0,
        metavar="N",
        help="the same seed gives the same text (default: %(default)s)",
    )


def _run(options: argparse.Namespace) -> int:
    """Print the prompt, and continue it symbol by symbol."""
    model = saved_network(options)
    if model.kind != "text":
        raise CheckpointError(
            f"“{Path(options.model).name}” was trained on names. Use the command sample."
        )
    with blaming("--prompt"):
        model.vocabulary.encode(unify(options.prompt, lower_case=model.lower_case))
    generator = TextGenerator(
        model.parameters,
        model.vocabulary,
        options.prompt,
        seed=options.seed,
        temperature=options.temperature,
        window=model.window,
        lower_case=model.lower_case,
    )
    print(generator.text, end="")
    for _ in range(options.length):
        print(generator.write(), end="", flush=True)
    print()
    return 0


WRITE = Command(
    "write",
    "continue a text with a network trained on one",
    "Writes the prompt, and continues it symbol by symbol.",
    _add_options,
    _run,
)
