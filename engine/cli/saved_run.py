"""The saved run that `resume` and `replay` read, and its data."""

import argparse

from engine.cli.arguments import blaming, file_name
from engine.data.corpus import Corpus
from engine.data.input_formats import read_data
from engine.data.text import Text
from engine.runs.run_file import SavedRun


def add_saved_run(parser: argparse.ArgumentParser) -> None:
    """Add the options that name the run and its data."""
    parser.add_argument("run", metavar="RUN.npz", help="a file that train --save has written")
    parser.add_argument(
        "--data",
        type=file_name,
        metavar="FILE.txt",
        help="what the run learned from, if that is not in its file",
    )


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
