"""The command ``compare``: what differs between saved runs, and what each has reached."""

import argparse
import os

from engine.cli.command import Command
from engine.cli.options.arguments import OptionError, blaming, file_name, one_of
from engine.cli.options.data_options import add_data_options, add_source, named, read_file
from engine.cli.options.output_files import add_force, check_text_output
from engine.data.corpus import Corpus
from engine.data.text import Text
from engine.racing.compared_run import ComparedRun, measure_all, saved_runs
from engine.racing.comparison import compare
from engine.racing.comparison_formats import COMPARISON_FORMATS, DEFAULT_FORMAT, ComparisonFormat
from engine.runs.run_file import SavedRun
from engine.storage.files import atomic_writer


def _add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "runs",
        nargs="+",
        type=file_name,
        metavar="RUN.npz",
        help="files that train --save has written, or folders of races: all their lanes",
    )
    add_source(
        parser,
        "--data",
        "FILE.txt",
        "what the runs learned from, if that is not in their files; without it, it is not "
        "measured how many names are new, and how much of the gradient is left",
    )
    parser.add_argument(
        "--format",
        type=one_of(COMPARISON_FORMATS),
        metavar=f"{{{','.join(COMPARISON_FORMATS)}}}",
        help=f"format of the output (default: that of the file's suffix, or {DEFAULT_FORMAT})",
    )
    parser.add_argument(
        "--output",
        type=file_name,
        metavar="FILE",
        help="where to write the comparison (default: the terminal)",
    )
    add_force(parser, "the file of --output if it exists")
    add_data_options(parser)


def _run(options: argparse.Namespace) -> int:
    """Print or write the comparison."""
    if len(options.runs) == 1 and not os.path.isdir(options.runs[0]):
        raise OptionError("RUN.npz: a comparison needs two runs or more, or the folder of a race.")
    if options.force and options.output is None:
        raise OptionError("--force needs --output.")
    if options.output is not None:
        inputs = [*options.runs, *(options.data.places if options.data is not None else ())]
        check_text_output(options.output, inputs, "A comparison does", force=options.force)
    text = _format(options).to_text(compare(_read(options)))
    if options.output is None:
        print(text, end="")
    else:
        with atomic_writer(options.output) as file:
            file.write(text.encode("utf-8"))
    return 0


def _format(options: argparse.Namespace) -> ComparisonFormat:
    """Return the format that was asked for, or that of the output's suffix."""
    if options.format is not None:
        return COMPARISON_FORMATS[options.format]
    suffix = os.path.splitext(options.output or "")[1].lower()
    by_suffix = {each.suffix: each for each in COMPARISON_FORMATS.values()}
    return by_suffix.get(suffix, COMPARISON_FORMATS[DEFAULT_FORMAT])


def _read(options: argparse.Namespace) -> list[ComparedRun]:
    saved = saved_runs(options.runs)
    corpus = None if options.data is None else _data(options, [run for _, run in saved])
    return measure_all(ComparedRun.of_saved(run, title, corpus) for title, run in saved)


def _data(options: argparse.Namespace, runs: list[SavedRun]) -> Corpus | Text:
    """Read the data of at least one of the runs."""
    network = runs[0].network
    with blaming("--data"):
        corpus = read_file(
            options.data,
            options,
            kind=network.kind,
            lower_case=network.lower_case,
            otherwise=runs[0].choices,
        )
        if all(run.fingerprint != corpus.fingerprint for run in runs):
            raise ValueError(
                f"None of the runs learned from “{named(options.data)}”. Choose another file."
            )
    return corpus


COMPARE = Command(
    "compare",
    "list what differs between saved runs",
    "Prints a table with a column for each run: of its settings, hyperparameters and events only "
    "what is not the same in all, and what it has reached: parameters, steps, seconds, the best "
    "and the last held-out loss in nats per character, how much of a gradient is left ten letters "
    "back, and how many of 1,000 names are new.",
    _add_options,
    _run,
)
