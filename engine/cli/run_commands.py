"""The commands of the command line that deal with runs in files: go on with one, repeat one."""

import argparse
import sys
from concurrent.futures import ThreadPoolExecutor

from engine.cli.arguments import OptionError, blaming, file_name, positive_number, whole_number
from engine.cli.cli_training import run_told
from engine.cli.output_files import check_run_output
from engine.cli.signal_handling import tell_interrupted
from engine.data.corpus import Corpus, read_names
from engine.data.text import Text, read_text
from engine.runs.replay import replay
from engine.runs.run_file import SavedRun, load_run, save_run
from engine.storage.files import check_writable


def add_resume(resume: argparse.ArgumentParser, steps: int) -> None:
    """Add what `resume` takes."""
    _add_run(resume)
    length = resume.add_mutually_exclusive_group()
    length.add_argument(
        "--steps",
        type=whole_number(1),
        default=steps,
        metavar="N",
        help="steps to make besides those it has made (default: %(default)s)",
    )
    length.add_argument("--minutes", type=positive_number, metavar="M", help="of a text: so long")
    resume.add_argument(
        "--save",
        type=file_name,
        metavar="FILE.npz",
        help="where to keep the run (default: where it was)",
    )


def add_replay(parser: argparse.ArgumentParser) -> None:
    """Add what `replay` takes."""
    _add_run(parser)


def resume_run(options: argparse.Namespace) -> int | None:
    """Go on with a run as if it had never been saved, and keep it.

    Returns
    -------
    int or None
        The exit code; None if the loss was no number any more, and nothing is kept.
    """
    place = options.save or options.run
    saved = load_run(options.run)
    if options.minutes is not None and saved.network.kind == "names":
        raise OptionError("--minutes goes with a text. Say how many --steps.")
    if options.save is None:
        check_writable(place)
    else:
        check_run_output("--save", place, [options.data])
    corpus = saved.data(_given_data(saved, options.data))
    with ThreadPoolExecutor(1) as helper:
        trainer = saved.resume(corpus, helper)
        print(f"Going on from step {trainer.step:,} with “{corpus.source}”.", file=sys.stderr)
        is_well, is_interrupted = run_told(trainer, trainer.step + options.steps, options.minutes)
    if not is_well:
        return None
    is_inside = saved.corpus is not None
    save_run(place, corpus, trainer.state(), saved.extras, with_data=is_inside)
    return tell_interrupted(trainer.step, place) if is_interrupted else 0


def replay_run(options: argparse.Namespace) -> int:
    """Repeat a run from its record, and say whether it comes out the same."""
    saved = load_run(options.run)
    corpus = saved.data(_given_data(saved, options.data))
    parameters, steps = saved.network.parameters, saved.state.step
    with ThreadPoolExecutor(1) as helper:
        found = replay(saved.record, corpus, parameters, steps, helper=helper)
    print(found.summary())
    return 0 if found.difference is None else 1


def _add_run(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("run", metavar="RUN.npz", help="as train --save writes it")
    parser.add_argument(
        "--data",
        type=file_name,
        metavar="FILE.txt",
        help="what it learned from, where that is not in its file",
    )


def _given_data(saved: SavedRun, path: str | None) -> Corpus | Text | None:
    """Read the data that was named, as the run has read it."""
    if path is None:
        return None
    network = saved.network
    read = read_text if network.kind == "text" else read_names
    with blaming("--data"):
        return saved.data(read(path, lower_case=network.lower_case))
