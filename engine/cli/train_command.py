"""The command ``train``: a new run, on names or on a text."""

import argparse
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from engine.cli.arguments import blaming
from engine.cli.cli_training import run_told
from engine.cli.output_files import check_run_output
from engine.cli.signal_handling import tell_interrupted
from engine.cli.train_options import adopt_network, check_together, plan_of
from engine.data.corpus import Corpus, read_names
from engine.data.text import Text, read_text
from engine.runs.checkpoint import Checkpoint, load_network
from engine.runs.run_file import save_run
from engine.runs.warm_start import describe_warm_start, make_warm_start
from engine.training.recipes import RECIPES
from engine.training.trainer import Trainer

EXIT_DIVERGED = 1


def train(options: argparse.Namespace) -> int:
    """Begin a run, train it, keep it if asked, and return the exit code."""
    check_together(options)
    saved = _saved_network(options)
    hyperparameters, settings = plan_of(options)
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
        is_well, is_interrupted = run_told(trainer, options.steps, options.minutes)
    if not is_well:
        return _diverged(options.learning_rate)
    if options.save is not None:
        with_data = True if options.keep_data else None
        save_run(options.save, trainer.corpus, trainer.state(), with_data=with_data)
    return tell_interrupted(trainer.step, options.save) if is_interrupted else 0


def _saved_network(options: argparse.Namespace) -> Checkpoint | None:
    if options.init_from is None:
        return None
    with blaming("--init-from"):
        saved = load_network(options.init_from)
        if not saved.parameters.is_finite():
            raise ValueError(
                f"The parameters in “{options.init_from}” are no numbers any more. "
                "Begin with another network."
            )
    adopt_network(options, saved.parameters.architecture)
    return saved


def _read(options: argparse.Namespace) -> Corpus | Text:
    """Read the data, and tell what was read."""
    if options.text:
        text = read_text(options.names, lower_case=options.lower_case)
        print(text.summary(), file=sys.stderr)
        return text
    corpus = read_names(options.names)
    keeps_repeats = not RECIPES[options.recipe].holds_out
    print(corpus.summary(keeps_repeats=keeps_repeats), file=sys.stderr)
    return corpus


def _diverged(learning_rate: float) -> int:
    print(
        f"The loss was no number any more. Train again with "
        f"a learning rate below {learning_rate:g}, or a smaller clip value.",
        file=sys.stderr,
    )
    return EXIT_DIVERGED
