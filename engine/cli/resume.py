"""The command ``resume``: continue a saved run."""

import argparse
from concurrent.futures import ThreadPoolExecutor

from engine.cli.arguments import OptionError, file_name, positive_number, whole_number
from engine.cli.cli_training import train_and_save
from engine.cli.command import Command
from engine.cli.output import add_force, check_run_output, print_message
from engine.cli.saved_run import add_saved_run, data_of_run
from engine.cli.train_options import COURSE_ITERATIONS
from engine.runs.run_file import load_run, save_run
from engine.storage.files import check_writable


def _add_options(parser: argparse.ArgumentParser) -> None:
    add_saved_run(parser)
    length = parser.add_mutually_exclusive_group()
    length.add_argument(
        "--steps",
        type=whole_number(1),
        default=COURSE_ITERATIONS,
        metavar="N",
        help="number of further steps (default: %(default)s)",
    )
    length.add_argument(
        "--minutes", type=positive_number, metavar="M", help="for a text: how long to train"
    )
    parser.add_argument(
        "--save",
        type=file_name,
        metavar="FILE.npz",
        help="where to save the run (default: RUN.npz)",
    )
    add_force(parser, "the file of --save even if it is not a saved run")


def _run(options: argparse.Namespace) -> int:
    """Continue a run as if it had never been saved, and save it."""
    path = options.save or options.run
    saved = load_run(options.run)
    if options.minutes is not None and saved.network.kind == "names":
        raise OptionError("--minutes is for a text. Give the number of --steps.")
    if options.save is None:
        check_writable(path)
    else:
        check_run_output(path, [options.data], force=options.force)
    corpus = data_of_run(saved, options.data)
    with ThreadPoolExecutor(1) as helper:
        trainer = saved.resume(corpus, helper)
        print_message(f"Resuming at step {trainer.step:,} with “{corpus.source}”.")
        return train_and_save(
            trainer,
            trainer.step + options.steps,
            options.minutes,
            path,
            lambda: save_run(
                path, corpus, trainer.state(), saved.extras, with_data=saved.corpus is not None
            ),
        )


RESUME = Command(
    "resume",
    "continue a saved run",
    "Continues a run as if it had never been saved: N more steps give the same parameters, to the "
    "bit, as training without a break.",
    _add_options,
    _run,
)
