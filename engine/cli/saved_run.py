"""The saved runs that commands read: the run and its data, or one of its networks."""

import argparse

from engine.cli.arguments import blaming, file_name
from engine.cli.output import print_message
from engine.data.corpus import Corpus
from engine.data.input_formats import read_data
from engine.data.text import Text
from engine.runs.run_file import SavedRun, load_best_network, load_sound_network
from engine.runs.saved_network import SavedNetwork


def add_saved_run(parser: argparse.ArgumentParser) -> None:
    """Add the options that name the run and its data."""
    parser.add_argument(
        "run", type=file_name, metavar="RUN.npz", help="a file that train --save has written"
    )
    parser.add_argument(
        "--data",
        type=file_name,
        metavar="FILE.txt",
        help="what the run learned from, if that is not in its file",
    )


def add_saved_network(parser: argparse.ArgumentParser) -> None:
    """Add the options that name a network."""
    parser.add_argument("model", type=file_name, metavar="MODEL.npz")
    parser.add_argument(
        "--best",
        action="store_true",
        help="use the network of the run that had the lowest held-out loss, not the latest one",
    )


def saved_network(options: argparse.Namespace) -> SavedNetwork:
    """Load a network, and say which one it is if it is not the latest of its run.

    Raises
    ------
    CheckpointError
        If the file does not hold the network that was asked for.
    """
    load = load_best_network if options.best else load_sound_network
    network = load(options.model)
    if network.network_step is not None:
        which = "the best network, that" if options.best else "the network"
        print_message(
            f"This is {which} of step {network.network_step:,}. "
            f"The run has made {network.step:,} steps."
        )
    return network


def data_of_run(saved: SavedRun, path: str | None) -> Corpus | Text:
    """Return the data of a run, from its own file or from the one that was given.

    Parameters
    ----------
    saved : SavedRun
    path : str or None
        The value of ``--data``.

    Raises
    ------
    OptionError
        If the file that was given does not hold the data of the run.
    ValueError
        If no file was given, and the data are not in the run's own file.
    """
    if path is None:
        return saved.data(None)
    network = saved.network
    with blaming("--data"):
        return saved.data(read_data(path, network.kind, lower_case=network.lower_case))
