"""The command ``train``: start a new run, on names or on a text."""

import argparse
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from engine.cli.arguments import blaming
from engine.cli.cli_training import TrainingEnd, run_training
from engine.cli.command import EXIT_FAILURE, Command
from engine.cli.output_files import check_run_output
from engine.cli.signal_handling import report_interruption
from engine.cli.train_options import (
    add_train_options,
    adopt_network,
    check_combination,
    complete,
    settings_of,
)
from engine.data.corpus import Corpus
from engine.data.input_formats import read_data
from engine.data.text import Text
from engine.runs.checkpoint import Checkpoint, load_network
from engine.runs.run_file import save_run
from engine.runs.warm_start import describe_warm_start, make_warm_start
from engine.training.recipes import RECIPES
from engine.training.trainer import Trainer


def _run(given: argparse.Namespace) -> int:
    """Start a run, train it, and save it if asked."""
    options = complete(given)
    check_combination(options)
    saved = _saved_network(options)
    hyperparameters, settings = settings_of(options)
    if options.save is not None:
        check_run_output("--save", options.save, [options.names])
    recipe = RECIPES[options.recipe]
    corpus = _read(options)
    warm_start = None
    if saved is not None:
        source = Path(options.init_from).name
        warm_start = make_warm_start(saved, source, corpus.vocabulary, settings)
        print(describe_warm_start(saved, source, corpus.vocabulary), file=sys.stderr)
    with ThreadPoolExecutor(1) as helper:
        trainer = Trainer(
            corpus, hyperparameters, recipe, settings, warm_start=warm_start, helper=helper
        )
        end = run_training(trainer, options.steps, options.minutes)
    if end is TrainingEnd.DIVERGED:
        return _report_divergence(options.learning_rate)
    if options.save is not None:
        with_data = True if options.keep_data else None
        save_run(options.save, trainer.corpus, trainer.state(), with_data=with_data)
    if end is TrainingEnd.INTERRUPTED:
        return report_interruption(trainer.step, options.save)
    return 0


def _saved_network(options: argparse.Namespace) -> Checkpoint | None:
    """Load the network of ``--init-from``, and take over its architecture."""
    if options.init_from is None:
        return None
    with blaming("--init-from"):
        saved = load_network(options.init_from)
        if not saved.parameters.is_finite():
            raise ValueError(
                f"The parameters in “{options.init_from}” are not finite numbers. "
                "Choose another network."
            )
    adopt_network(options, saved.parameters.architecture)
    return saved


def _read(options: argparse.Namespace) -> Corpus | Text:
    """Read the data, and print a summary."""
    if options.text:
        text = read_data(options.names, "text", lower_case=options.lower_case)
        print(text.summary(), file=sys.stderr)
        return text
    corpus = read_data(options.names, "names", lower_case=True)
    keeps_repeats = not RECIPES[options.recipe].holds_out
    print(corpus.summary(keeps_repeats=keeps_repeats), file=sys.stderr)
    return corpus


def _report_divergence(learning_rate: float) -> int:
    print(
        "The loss is no longer a number. Train again with a learning rate below "
        f"{learning_rate:g}, or with a smaller clip value.",
        file=sys.stderr,
    )
    return EXIT_FAILURE


TRAIN = Command(
    "train",
    "train on a file of names, or on a text",
    "Trains on a file of names, one per line. Every 2,000 iterations, prints the smoothed loss, in "
    "nats per name, and seven names, as the course does. With --text, trains on a running text, "
    "and prints the held-out loss, in nats per symbol, and some text.",
    add_train_options,
    _run,
)
