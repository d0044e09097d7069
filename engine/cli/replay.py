"""The command ``replay``: repeat a saved run and compare."""

import argparse
from concurrent.futures import ThreadPoolExecutor

from engine.cli.command import EXIT_FAILURE, Command
from engine.cli.options.arguments import whole_number
from engine.cli.options.saved_run import add_saved_run, data_of_run
from engine.cli.terminal.messages import print_message
from engine.cli.terminal.progress_reports import ProgressReports
from engine.cli.terminal.signal_handling import exit_code_of
from engine.runs.replay import replay
from engine.runs.run_file import load_run
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
    """Repeat a run from its record, and print whether the parameters are the same."""
    saved = load_run(options.run)
    corpus = data_of_run(saved, options.data)
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
    progress.clear()
    print(result.summary())
    if result.difference is None:
        return 0
    print(describe_machines(machines))
    return EXIT_FAILURE


REPLAY = Command(
    "replay",
    "repeat a saved run from its record",
    "Repeats a run from its initial settings and its record of events, and compares the "
    "parameters with those in its file, bit for bit. Ctrl+C ends it, and says how far it came.",
    _add_options,
    _run,
)
