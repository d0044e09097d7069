"""The time that it takes to look at a run's past and future.

    python tests/benchmarks/bench_runs.py [--only PART] [--rounds N] [--json FILE]

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


def futures(rounds):
    """Measure four futures of an RNN with 50 units: to the first lines, and to the last.

    Alone, and while the run itself is trained at full speed in another thread.
    """
    corpus = names_from_bytes(names_bytes(DINOSAURS), "dinosaurs")
    run = Trainer(corpus)
    while run.step < 4_000:
        run.run(4_000 - run.step)
    state = run.state()
    begin = time.process_time()
    _time_of_futures(corpus, state, None)
    found = {"processor time of all": time.process_time() - begin}
    for title, trains in (("", False), (", the run trains", True)):
        firsts, lasts = zip(
            *(_time_of_futures(corpus, state, run if trains else None) for _ in range(rounds)),
            strict=True,
        )
        found[f"first lines{title}"] = statistics.median(firsts)
        found[f"all {len(FACTORS)} × {STEPS:,} steps{title}"] = statistics.median(lasts)
    return found


def _time_of_futures(corpus, state, run):
    """Return the seconds to the first lines and to the end of all futures."""
    is_over = threading.Event()

    def train():
        while not is_over.is_set():
            run.run(1_000_000, _SLICE_SECONDS)

    thread = threading.Thread(target=train)
    if run is not None:
        thread.start()
    begin, first = time.perf_counter(), None
    made = Futures(corpus, state, "learning_rate", [Turn(factor) for factor in FACTORS])
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


PARTS = {"futures": futures}


def main():
    """Measure, print, and write the JSON file if asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", choices=PARTS, action="append")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    machine = describe_machine("numpy")
    print_machine(machine)
    found = {name: PARTS[name](options.rounds) for name in options.only or PARTS}
    for name, rows in found.items():
        print(f"\n{name}: milliseconds, median of {options.rounds}")
        for title, seconds in rows.items():
            print(f"  {title:50}{1e3 * seconds:10.1f}")
    if options.json:
        options.json.write_text(json.dumps({"machine": machine, "parts": found}, indent=1))


if __name__ == "__main__":
    main()
