"""The command ``replay``: repeat a saved run and compare."""

import argparse
from concurrent.futures import ThreadPoolExecutor

from engine.cli.command import EXIT_FAILURE, Command
from engine.cli.saved_run import add_saved_run, data_of_run
from engine.runs.replay import replay
from engine.runs.run_file import load_run


def _run(options: argparse.Namespace) -> int:
    """Repeat a run from its record, and print whether the parameters are the same."""
    saved = load_run(options.run)
    corpus = data_of_run(saved, options.data)
    parameters, steps = saved.network.parameters, saved.state.step
    saved.resume(corpus)  # refuses a file whose training could not be continued
    with ThreadPoolExecutor(1) as helper:
        result = replay(saved.record, corpus, parameters, steps, helper=helper)
    print(result.summary())
    return 0 if result.difference is None else EXIT_FAILURE


REPLAY = Command(
    "replay",
    "repeat a saved run from its record",
    "Repeats a run from its initial settings and its record of events, and compares the "
    "parameters with those in its file, bit for bit.",
    add_saved_run,
    _run,
)
