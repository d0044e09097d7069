"""What runs cost: to look ahead, to list a folder of them, and to reach any of their steps.

    python tests/benchmarks/bench_runs.py [--only PART] [--rounds N] [--steps N] [--trained N]
                                          [--overlaid N] [--open N] [--opened N] [--runs N]
                                          [--json FILE]

Each part has a function of its own. Times in milliseconds are wall-clock times, medians of the
rounds.
"""

import argparse
import json
import statistics
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from machine import describe_machine, prepare_process, print_machine

prepare_process()

from past_cost import checkpoint_overhead, time_to_any_step  # noqa: E402 the limit comes first

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


# What needs Qt is imported when it is asked for: the other parts do without.


def _library(options):
    from library_list import library

    return library(options.rounds, options.runs)


def _memory(options):
    from open_runs import memory

    return memory(options.open, options.opened)


def _overlay(options):
    from overlay_frames import overlay

    found = overlay(options.rounds, options.open, options.overlaid)
    return {title: figures["times longer"]["median"] for title, figures in found.items()}


@dataclass(frozen=True)
class Part:
    """A measurement: its unit, so many of which are a base unit, and its function."""

    unit: str
    per_unit: float
    measure: Callable[[argparse.Namespace], dict[str, float]]


PARTS = {
    "reach": Part("milliseconds", 1e3, lambda options: time_to_any_step(options.trained)),
    "checkpoints": Part(
        "processor time, times that without",
        1.0,
        lambda options: checkpoint_overhead(options.rounds, options.trained),
    ),
    "futures": Part("milliseconds", 1e3, lambda options: futures(options.rounds, options.steps)),
    "overlay": Part("processor time of a frame, times that of one run", 1.0, _overlay),
    "library": Part("milliseconds", 1e3, _library),
    "memory": Part("megabytes", 1.0, _memory),
}


def main():
    """Measure, print, and write the JSON file if asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", choices=PARTS, action="append")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--steps", type=int, default=STEPS, help="of each future")
    parser.add_argument("--trained", type=int, default=100_000, help="steps of a run")
    parser.add_argument("--overlaid", type=int, default=1_000_000, help="steps of a run drawn")
    parser.add_argument("--open", type=int, default=10, help="runs beside the one shown")
    parser.add_argument("--opened", type=int, default=20_000, help="steps of each open run")
    parser.add_argument("--runs", type=int, default=1_000, help="in the folder")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    machine = describe_machine("numpy")
    print_machine(machine)
    found = {name: PARTS[name].measure(options) for name in options.only or PARTS}
    for name, rows in found.items():
        part = PARTS[name]
        print(f"\n{name}: {part.unit}")
        for title, value in rows.items():
            print(f"  {title:50}{part.per_unit * value:12.5g}")
    if options.json:
        options.json.write_text(json.dumps({"machine": machine, "parts": found}, indent=1))


if __name__ == "__main__":
    main()
