"""The options of the command ``train`` that do not describe the run itself."""

import argparse
from typing import Any

from engine.cli.options.arguments import (
    OptionError,
    file_name,
    positive_number_up_to,
    whole_number,
)
from engine.cli.options.output_files import add_force
from engine.cli.options.run_options import (
    add_run_options,
    check_run_options,
    complete,
    flag_of,
    holds_out_rule,
    widths_of,
    written,
)
from engine.nn.architecture import Architecture
from engine.training.ending import MAX_LOSS, MAX_MINUTES, MAX_PATIENCE, Until
from engine.training.history.checkpoints import MAX_COUNT
from engine.training.ranges import MAX_STEPS
from engine.training.recipes import COURSE_ITERATIONS

_HELD_OUT_ONLY = ("patience", "keep_best")

_DEFAULTS: dict[str, Any] = {
    **dict.fromkeys(("init_from", "save", "minutes", "until_loss", "patience", "checkpoints")),
    **dict.fromkeys(("keep_data", "keep_best", "force"), False),
    "steps": COURSE_ITERATIONS,
}
"""The value of each option that is not given, unless a preset says otherwise."""


def add_train_options(parser: argparse.ArgumentParser) -> None:
    """Add the options. Those that are not given are absent from the result."""
    add_run_options(parser)
    parser.add_argument(
        "--steps",
        type=whole_number(1, MAX_STEPS),
        metavar="N",
        help=f"number of steps (default: {COURSE_ITERATIONS})",
    )
    add_end_options(parser, "how long to train; without --steps, as many steps as that takes")
    parser.add_argument(
        "--init-from",
        type=file_name,
        metavar="FILE.npz",
        help="start a new run with the parameters of a saved network; its cell, widths and "
        "embedding come with them, and its dtype unless that is given",
    )
    _add_file_options(parser)


def _add_file_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of the run's file."""
    parser.add_argument("--save", type=file_name, metavar="FILE.npz", help="where to save the run")
    parser.add_argument(
        "--keep-data",
        action="store_true",
        help="save the data in the file too, even if they are large (up to 2 MB always are)",
    )
    parser.add_argument(
        "--checkpoints",
        type=whole_number(0, MAX_COUNT),
        metavar="N",
        help="save at most N earlier states of the run, from which any of its steps can be reached "
        "again (default: as many as fit into 16 MB)",
    )
    add_force(parser, "the file of --save even if it is not a saved run")


def add_end_options(parser: argparse.ArgumentParser, minutes: str) -> None:
    """Add the options that end a run, except --steps.

    Parameters
    ----------
    parser : ArgumentParser
    minutes : str
        The help of --minutes.
    """
    parser.add_argument(
        "--minutes", type=positive_number_up_to(MAX_MINUTES), metavar="M", help=minutes
    )
    parser.add_argument(
        "--until-loss",
        type=positive_number_up_to(MAX_LOSS),
        metavar="X",
        help="end when the held-out loss, in nats per character, is X or less; with the notebook "
        "recipe, the smoothed loss; with --task tell, in nats per name or passage",
    )
    parser.add_argument(
        "--patience",
        type=whole_number(1, MAX_PATIENCE),
        metavar="N",
        help="end when N measurements of the held-out loss in a row were no better than the best; "
        "it is measured every 1,000 names, of long lists every 10,000, or every few hundred "
        "thousand symbols of a text",
    )
    parser.add_argument(
        "--keep-best",
        action="store_true",
        help="when the run ends, go back to the network with the lowest held-out loss",
    )


def complete_train_options(given: argparse.Namespace) -> argparse.Namespace:
    """Return the options with the defaults of those that are not given, and check them.

    Returns
    -------
    Namespace
        With the further attribute ``given``, the names of the options that are given.

    Raises
    ------
    OptionError
        If one of them does not fit the others.
    """
    options = complete(given, _DEFAULTS)
    check_run_options(
        options,
        (
            *(holds_out_rule(options, name) for name in _HELD_OUT_ONLY),
            *(
                (name, options.save is not None, "needs --save.")
                for name in ("keep_data", "keep_best", "force", "checkpoints")
            ),
        ),
    )
    return options


def adopt_network(options: argparse.Namespace, found: Architecture) -> None:
    """Set the options that are not given to those of a saved network.

    Parameters
    ----------
    options : Namespace
        As `complete` returns them. They are changed.
    found : Architecture
        That of the saved network.

    Raises
    ------
    OptionError
        If a given option differs from the saved network.
    """
    if "layers" not in options.given:
        options.layers = len(found.widths)
    if "hidden" not in options.given and options.layers == len(found.widths):
        options.hidden = found.widths
    has_widths = "hidden" in options.given
    present = (
        ("layers", options.layers, len(found.widths)),
        ("hidden", widths_of(options) if has_widths else None, found.widths),
        ("cell", options.cell, found.cell),
        ("embedding", options.embedding, found.embedding),
    )
    for name, wanted, saved in present:
        if name in options.given and wanted != saved:
            raise OptionError(
                f"{flag_of(name)} {written(wanted)} does not fit the network in "
                f"“{options.init_from}”, which has {written(saved)}. Leave it out to start with "
                "that network."
            )
    options.cell, options.embedding = found.cell, found.embedding
    if "dtype" not in options.given:
        options.dtype = found.dtype


def until_of(options: argparse.Namespace) -> Until:
    """Return when the run ends by itself.

    Parameters
    ----------
    options : Namespace
        As `complete` returns them.
    """
    is_by_time = "minutes" in options.given and "steps" not in options.given
    steps = None if is_by_time else options.steps
    return Until(steps, options.minutes, options.until_loss, options.patience)
