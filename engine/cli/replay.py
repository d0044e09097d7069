"""The command ``replay``: repeat a saved run and compare."""

import argparse
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from engine.cli.command import EXIT_FAILURE, Command
from engine.cli.options.arguments import whole_number
from engine.cli.options.saved_run import add_saved_run, data_of_run
from engine.cli.terminal.messages import print_message
from engine.cli.terminal.progress_reports import ProgressReports
from engine.cli.terminal.signal_handling import exit_code_of
from engine.nn.fast.compiled.kernel_store import KernelsNotReadyError
from engine.racing.race_folder import open_lanes
from engine.runs.replay import replay
from engine.runs.run_file import SavedRun, load_run
from engine.storage.validated_mapping import ValidatedMapping
from engine.training.history.machine_history import describe_machines, machines_of
from engine.training.ranges import MAX_STEPS


def _add_options(parser: argparse.ArgumentParser) -> None:
    add_saved_run(parser)
    parser.add_argument(
        "--steps",
        type=whole_number(1, MAX_STEPS),
        metavar="N",
        help="repeat only the first N steps; the parameters are compared after the last one only",
    )


def _run(options: argparse.Namespace) -> int:
    """Repeat a run, or each lane of a race, and print whether the parameters are the same."""
    if not Path(options.run).is_dir():
        return _replay(load_run(options.run), options)
    codes = []
    for title, saved in open_lanes(options.run):
        codes.append(_replay(saved, options, f"{title}: "))
        if codes[-1] not in (0, EXIT_FAILURE):
            break
    return max(codes)


def _replay(saved: SavedRun, options: argparse.Namespace, before: str = "") -> int:
    """Repeat a run from its record, and print whether the parameters are the same.

    Parameters
    ----------
    saved : SavedRun
    options : Namespace
    before : str
        What stands before the result.
    """
    corpus = data_of_run(saved, options.data, options)
    parameters, steps = saved.network.parameters, saved.state.step
    saved.resume(corpus)  # refuses a file whose training could not be continued
    machines = machines_of(ValidatedMapping(saved.state.values).part("made_by."))
    progress = ProgressReports(max(min(steps, options.steps or steps), 1))
    try:
        with ThreadPoolExecutor(1) as helper:
            result = replay(
                *(saved.record, corpus, parameters, steps, progress.report, helper, options.steps)
            )
    except KeyboardInterrupt as interrupt:
        progress.clear()
        print_message(f"\nInterrupted after {progress.share}. Nothing differed so far.")
        return exit_code_of(interrupt)
    except KernelsNotReadyError as error:
        progress.clear()
        print_message(
            f"{before}This run has steps of the faster step, and only that repeats them. {error}"
        )
        return EXIT_FAILURE
    progress.clear()
    print(f"{before}{result.summary()}", flush=True)
    if result.difference is None:
        return 0
    print(describe_machines(machines, saved.state.hyperparameters.backend))
    return EXIT_FAILURE


REPLAY = Command(
    "replay",
    "repeat a saved run from its record",
    "Repeats a run from its initial settings and its record of events, and compares the "
    "parameters with those in its file, bit for bit. Ctrl+C ends it, and says how far it came. "
    "Given the folder of a race, repeats each of its lanes.",
    _add_options,
    _run,
)
