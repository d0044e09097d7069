"""The command ``train``: start a new run, on names or on a text."""

import argparse
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from engine.cli.cli_training import Log, train_and_save
from engine.cli.command import Command
from engine.cli.kinds.introduction import introduce_kinds
from engine.cli.options.arguments import blaming
from engine.cli.options.output_files import check_run_output
from engine.cli.options.run_options import read_run_data, settings_of
from engine.cli.options.train_options import (
    add_train_options,
    adopt_network,
    complete_train_options,
    until_of,
)
from engine.cli.terminal.messages import print_message
from engine.runs.entries.checkpoint_entries import MAX_FILE_BYTES
from engine.runs.run_file import load_sound_network, save_run
from engine.runs.saved_curves import curve_extras
from engine.runs.saved_log import log_extras
from engine.runs.saved_network import SavedNetwork
from engine.runs.warm_start import describe_warm_start, make_warm_start
from engine.training.curves.run_curves import Curves
from engine.training.history.checkpoints import MAX_BYTES, Checkpoints
from engine.training.recipes import RECIPES
from engine.training.trainer import Trainer


def _run(given: argparse.Namespace) -> int:
    """Start a run, train it, and save it if asked."""
    options = complete_train_options(given)
    saved = _saved_network(options)
    hyperparameters, settings = settings_of(options)
    if options.save is not None:
        check_run_output(options.save, options.names.places, force=options.force)
    recipe = RECIPES[options.recipe]
    corpus = read_run_data(options)
    warm_start = None
    if saved is not None:
        source = Path(options.init_from).name
        vocabulary, kinds = corpus.vocabulary, corpus.kinds.titles if corpus.kinds else ()
        warm_start = make_warm_start(saved, source, vocabulary, settings, kinds)
        print_message(describe_warm_start(saved, source, vocabulary, kinds, settings.task))
    (checkpoints, room), curves, log = _checkpoints(options), Curves(), Log()
    with ThreadPoolExecutor(1) as helper:
        trainer = Trainer(
            corpus,
            hyperparameters,
            recipe,
            settings,
            warm_start=warm_start,
            helper=helper,
            until=until_of(options),
            checkpoints=checkpoints,
        )
        introduce_kinds(trainer)
        return train_and_save(
            trainer,
            options.save,
            lambda seconds: save_run(
                options.save,
                trainer.corpus,
                trainer.state(),
                curve_extras(curves) | log_extras(log) | {"seconds": seconds},
                with_data=True if options.keep_data or not options.names.places else None,
                checkpoints=checkpoints or (),
                max_checkpoint_bytes=room,
            ),
            curves,
            log,
            keep_best=options.keep_best,
            advice=f"Train again with a learning rate below {options.learning_rate:g}, or with a "
            "smaller clip value.",
        )


def _checkpoints(options: argparse.Namespace) -> tuple[Checkpoints | None, int]:
    """Return what keeps the run's checkpoints, and the most bytes of them in its file."""
    if options.save is None:
        return None, 0
    if options.checkpoints is None:
        return Checkpoints(), MAX_FILE_BYTES
    return Checkpoints(max_count=options.checkpoints), MAX_BYTES


def _saved_network(options: argparse.Namespace) -> SavedNetwork | None:
    """Load the network of ``--init-from``, and take over its architecture."""
    if options.init_from is None:
        return None
    with blaming("--init-from"):
        saved = load_sound_network(options.init_from)
        if not saved.parameters.is_finite():
            raise ValueError(
                f"The parameters in “{options.init_from}” are not finite numbers. "
                "Choose another network."
            )
    adopt_network(options, saved.parameters.architecture)
    return saved


TRAIN = Command(
    "train",
    "train on a file of names, on a text, or on melodies",
    "Trains on a file of names, one per line. Every 2,000 iterations, prints the smoothed loss, in "
    "nats per name, and seven names, as the course does. With --text, trains on a running text, "
    "and prints the held-out loss, in nats per symbol, and some text. With --kinds, names have "
    "kinds: the network is told the kind and writes names of it, or reads names and tells it. With "
    "--melodies, trains on tunes, which may have kinds too.",
    add_train_options,
    _run,
)
