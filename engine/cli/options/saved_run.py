"""The saved runs that commands read: the run and its data, or one of its networks."""

import argparse

from engine.cli.options.arguments import OptionError, blaming, file_name, whole_number
from engine.cli.options.data_options import add_data_options, add_source, read_file
from engine.cli.options.kind_options import has_kinds
from engine.cli.options.kind_titles import KindTitle
from engine.cli.terminal.messages import print_message
from engine.cli.terminal.progress_reports import ProgressReports
from engine.data.corpus import Corpus
from engine.data.reading.choices import ReadingChoices
from engine.data.sources.data_source import DataSource
from engine.data.text import Text
from engine.data.training_data import DataKind, counted
from engine.nn.fast.split_batches import Helper
from engine.runs.reach import reach, steps_between
from engine.runs.run_file import (
    SavedRun,
    choices_in,
    load_best_network,
    load_run,
    load_sound_network,
    network_of,
)
from engine.runs.saved_network import SavedNetwork
from engine.training.ranges import MAX_STEPS
from engine.training.trainer import Trainer


def add_saved_run(parser: argparse.ArgumentParser) -> None:
    """Add the options that name the run and its data."""
    parser.add_argument(
        "run", type=file_name, metavar="RUN.npz", help="a file that train --save has written"
    )
    add_source(
        parser, "--data", "FILE.txt", "what the run learned from, if that is not in its file"
    )
    add_data_options(parser)


def add_saved_network(parser: argparse.ArgumentParser) -> None:
    """Add the options that name a network."""
    parser.add_argument("model", type=file_name, metavar="MODEL.npz")
    which = parser.add_mutually_exclusive_group()
    which.add_argument(
        "--at",
        type=_moment,
        default="last",
        metavar="STEP|best|last",
        help="the moment of the run whose network is used: after a number of steps, at the lowest "
        "held-out loss, or at the end (default: %(default)s)",
    )
    which.add_argument(
        "--best",
        dest="at",
        action="store_const",
        const="best",
        help="the same as --at best",
    )
    add_source(
        parser,
        "--data",
        "FILE.txt",
        "for --at STEP: what the run learned from, if that is not in its file",
    )
    add_data_options(parser)


def _moment(text: str) -> int | str:
    """Read a moment of a run: a number of steps, "best" or "last"."""
    if text in ("best", "last"):
        return text
    try:
        return whole_number(0, MAX_STEPS)(text)
    except argparse.ArgumentTypeError:
        raise argparse.ArgumentTypeError(
            f"must be a number of steps up to {MAX_STEPS:,}, best or last, got “{text}”"
        ) from None


def saved_network(options: argparse.Namespace) -> SavedNetwork:
    """Load a network, and say which one it is if it is not the latest of its run.

    Raises
    ------
    CheckpointError
        If the file does not hold the network that was asked for.
    OptionError
        If the run has not made so many steps, or its data are needed and cannot be used.
    """
    if isinstance(options.at, int):
        return _network_at(options)
    load = load_best_network if options.at == "best" else load_sound_network
    network = load(options.model)
    if network.network_step is not None:
        which = "the best network, that" if options.at == "best" else "the network"
        print_message(
            f"This is {which} of step {network.network_step:,}. "
            f"The run has made {network.step:,} steps."
        )
    return network


def tells_and_does_not_write(path: str, kind: DataKind) -> str:
    """Return a sentence on a network that tells kinds, where one that writes is needed."""
    tells = (
        "tells the kinds of tunes, and plays none"
        if kind == "melodies"
        else "tells the kinds of names, and writes none"
    )
    return f"“{path}” {tells}. Use the command tell."


def reading_kinds(options: argparse.Namespace, network: SavedNetwork) -> argparse.Namespace:
    """Return the options for names that are read beside a network: with kinds if it knows kinds.

    What is not given about kinds is as in the run.

    Parameters
    ----------
    options : Namespace
        Not changed. Its `model` is the file of the network.
    network : SavedNetwork
    """
    if not network.kinds or has_kinds(vars(options)):
        return options
    return argparse.Namespace(**(_kinds_of_run(choices_in(options.model)) | vars(options)))


def reading_melodies(options: argparse.Namespace, *, with_kinds: bool = True) -> argparse.Namespace:
    """Return the options for melodies that are read beside a network: as its run has read them.

    Parameters
    ----------
    options : Namespace
        Not changed. Its `model` is the file of the network.
    with_kinds : bool
        Whether the tunes have kinds if those of the run have. What is given about kinds wins.
    """
    of_run = choices_in(options.model)
    given: dict[str, object] = {
        "layout": "melodies",
        "grid": of_run.grid,
        "transpose": of_run.transpose,
    }
    if with_kinds and of_run.has_kinds and not has_kinds(vars(options)):
        given |= _kinds_of_run(of_run)
    known = {name: value for name, value in given.items() if value is not None}
    return argparse.Namespace(**(known | vars(options)))


def _kinds_of_run(of_run: ReadingChoices) -> dict[str, object]:
    """Return the options that read kinds as a run has read them."""
    found: dict[str, object] = {"kinds": True if of_run.kinds is None else of_run.kinds}
    if of_run.kind_column is not None:
        found["kind_column"] = of_run.kind_column
    if of_run.kind_titles:
        found["kind_titles"] = [KindTitle(*pair, is_of_run=True) for pair in of_run.kind_titles]
    return found


def _network_at(options: argparse.Namespace) -> SavedNetwork:
    saved = load_run(options.model)
    if saved.damage:
        print_message(saved.damage)
    trainer = trainer_at(saved, options.at, data_of_run(saved, options.data, options))
    print_message(
        f"This is the network of step {trainer.step:,}. "
        f"The run has made {saved.state.step:,} steps."
    )
    return network_of(trainer.corpus, trainer.state())


def trainer_at(
    saved: SavedRun, step: int, corpus: Corpus | Text, helper: Helper | None = None
) -> Trainer:
    """Return a run as it was after a step, and say how far the way there is.

    Raises
    ------
    OptionError
        If the run has not made so many steps.
    """
    history = saved.history
    if step > history.step:
        raise OptionError(
            f"--at: the run has made only {counted(history.step, 'step')}, got {step:,}."
        )
    progress = ProgressReports(max(step, 1), max(step - steps_between(history, step), 0))
    try:
        reached = reach(history, corpus, step, progress.report, helper)
    finally:
        progress.clear()
    if reached.note:
        print_message(reached.note)
    return reached.trainer


def data_of_run(
    saved: SavedRun, source: DataSource | None, options: argparse.Namespace
) -> Corpus | Text:
    """Return the data of a run, from its own file or from the one that was given.

    Parameters
    ----------
    saved : SavedRun
    source : DataSource or None
        The value of ``--data``.
    options : Namespace
        How the file is read, unless it is to be read as it was before.

    Raises
    ------
    OptionError
        If the file that was given does not hold the data of the run.
    ValueError
        If no file was given, and the data are not in the run's own file.
    """
    if source is None:
        return saved.data(None)
    network = saved.network
    with blaming("--data"):
        data = read_file(
            source,
            options,
            kind=network.kind,
            lower_case=network.lower_case,
            otherwise=saved.choices,
        )
        return saved.data(data)
