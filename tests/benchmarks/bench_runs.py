"""The time that it takes to look ahead from a run, and to list a folder of runs.

    python tests/benchmarks/bench_runs.py [--only PART] [--rounds N] [--steps N] [--runs N]
                                          [--json FILE]

Each part has a function of its own. The times are wall-clock times.
"""

import argparse
import json
import statistics
import threading
import time
from pathlib import Path

from machine import describe_machine, prepare_process, print_machine

prepare_process()

from engine.data.corpus import names_from_bytes  # noqa: E402 the limit has to be set first
from engine.runs.futures import FACTORS, STEPS, Futures, Turn  # noqa: E402
from engine.training.trainer import Trainer  # noqa: E402
from resources import DINOSAURS, names_bytes  # noqa: E402

_SLICE_SECONDS = 0.025
"""As in the window's thread."""


def futures(rounds, steps):
    """Measure four futures of an RNN with 50 units: to the first lines, and to the last.

    Alone, and while the run itself is trained at full speed in another thread.
    """
    corpus = names_from_bytes(names_bytes(DINOSAURS), "dinosaurs")
    run = Trainer(corpus)
    while run.step < 2 * steps:
        run.run(2 * steps - run.step)
    state = run.state()
    begin = time.process_time()
    _time_of_futures(corpus, state, None, steps)
    found = {"processor time of all": time.process_time() - begin}
    for title, busy in (("", None), (", the run trains", run)):
        times = [_time_of_futures(corpus, state, busy, steps) for _ in range(rounds)]
        first, last = (statistics.median(column) for column in zip(*times, strict=True))
        found[f"first lines{title}"] = first
        found[f"all {len(FACTORS)} × {steps:,} steps{title}"] = last
    return found


def _time_of_futures(corpus, state, run, steps):
    """Return the seconds to the first lines and to the end of all futures."""
    is_over = threading.Event()

    def train():
        while not is_over.is_set():
            run.run(1_000_000, _SLICE_SECONDS)

    thread = threading.Thread(target=train)
    if run is not None:
        thread.start()
    begin, first = time.perf_counter(), None
    turns = [Turn(factor) for factor in FACTORS]
    made = Futures(corpus, state, "learning_rate", turns, steps)
    grown = set()
    while not made.is_over:
        grown |= {growth.index for growth in made.advance(_SLICE_SECONDS)}
        if first is None and len(grown) == len(made):
            first = time.perf_counter() - begin
    last = time.perf_counter() - begin
    is_over.set()
    if run is not None:
        thread.join()
    return first, last


def _library(rounds, n_runs):
    # It needs Qt and the whole window, which the other part does without.
    from library_list import library

    return library(rounds, n_runs)


PARTS = {
    "futures": lambda options: futures(options.rounds, options.steps),
    "library": lambda options: _library(options.rounds, options.runs),
}


def main():
    """Measure, print, and write the JSON file if asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", choices=PARTS, action="append")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--steps", type=int, default=STEPS, help="of each future")
    parser.add_argument("--runs", type=int, default=1_000, help="in the folder")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    machine = describe_machine("numpy")
    print_machine(machine)
    found = {name: PARTS[name](options) for name in options.only or PARTS}
    for name, rows in found.items():
        print(f"\n{name}: milliseconds, median of {options.rounds}")
        for title, seconds in rows.items():
            print(f"  {title:50}{1e3 * seconds:10.1f}")
    if options.json:
        options.json.write_text(json.dumps({"machine": machine, "parts": found}, indent=1))


if __name__ == "__main__":
    main()
