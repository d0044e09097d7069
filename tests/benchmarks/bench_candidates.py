"""The time for finding and scoring candidates, and for the nearest of very many known names.

    python tests/benchmarks/bench_candidates.py [--rounds N] [--known N] [--steps N] [--json FILE]

One thread is measured, in wall-clock time and in processor time, which other programs disturb less.
The known names are put together from the halves of other names, so that they look like names.
"""

import argparse
import json
import time
from pathlib import Path

from machine import prepare_process

prepare_process()

import numpy as np  # noqa: E402 the limit has to be set first

from engine.data.corpus import names_from_bytes  # noqa: E402
from engine.evaluation.nearest import NearestNames  # noqa: E402
from engine.sampling.candidates import find_candidates  # noqa: E402
from engine.sampling.constraints import Constraints  # noqa: E402
from engine.sampling.known_names import KnownNames  # noqa: E402
from engine.sampling.names import sample_names  # noqa: E402
from engine.training.settings import Hyperparameters, RunSettings  # noqa: E402
from engine.training.trainer import Trainer  # noqa: E402
from resources import DINOSAURS, names_bytes  # noqa: E402

SEARCHED = 100
"""Number of names whose nearest name is searched for."""


def timed(work):
    """Return the result of `work`, and its wall-clock and processor time in seconds."""
    clock, processor = time.perf_counter(), time.process_time()
    result = work()
    return result, (time.perf_counter() - clock, time.process_time() - processor)


def trained(corpus, cell, steps):
    """Return the parameters of a network after some steps."""
    hyperparameters = Hyperparameters(widths=(50,), batch=32, optimizer="adam", learning_rate=0.005)
    trainer = Trainer(corpus, hyperparameters, settings=RunSettings(cell=cell))
    while trainer.step < steps:
        trainer.run(steps - trainer.step)
    return trainer.parameters


def mixed(names, count, seed):
    """Return distinct names made of the prefix of one name and the suffix of another."""
    random = np.random.default_rng(seed)
    found = {}
    while len(found) < count:
        one, other = (names[i] for i in random.integers(len(names), size=2))
        begin, end = random.integers(1, len(one) + 1), random.integers(len(other))
        found[one[:begin] + other[end:]] = None
    return list(found)


def measure(rounds, count, steps):
    """Return the shortest wall-clock and processor time of each part, in seconds."""
    corpus = names_from_bytes(names_bytes(DINOSAURS), "dinosaurs")
    known = KnownNames(*corpus.split(0))
    best = {}

    def keep(title, seconds):
        best[title] = tuple(map(min, seconds, best.get(title, seconds)))

    for cell in ("rnn", "gru", "lstm"):
        parameters = trained(corpus, cell, steps)
        for _ in range(rounds):
            search = find_candidates(parameters, corpus.vocabulary, Constraints(count=1_000), known)
            _, seconds = timed(lambda search=search: list(search))
            keep(f"1,000 names, {cell}, 50 units, {len(known.training):,} known", seconds)
    names = mixed(corpus.distinct, count, 0)
    queries = sample_names(parameters, corpus.vocabulary, SEARCHED, seed=0)
    for _ in range(rounds):
        index, seconds = timed(lambda: NearestNames(names))
        keep(f"index of {count:,} names", seconds)
        _, seconds = timed(lambda index=index: [index.find(name) for name in queries])
        keep(f"nearest of {count:,}, a name", tuple(second / SEARCHED for second in seconds))
    return best


def main():
    """Measure, print, and write the JSON file if asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--known", type=int, default=300_000)
    parser.add_argument(
        "--steps", type=int, default=1_000, help="training steps before the measurement"
    )
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    found = measure(options.rounds, options.known, options.steps)
    print(f"{'milliseconds, best of ' + str(options.rounds):45}{'clock':>10}{'processor':>11}")
    for title, (clock, processor) in found.items():
        print(f"{title:45}{1e3 * clock:10.1f}{1e3 * processor:11.1f}")
    if options.json:
        options.json.write_text(json.dumps(found, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
