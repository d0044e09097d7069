"""Steps a second: the engine's trainer against the course's way of writing the same step.

    python tests/benchmarks/bench_engine.py [--rounds N] [--steps N] [--names FILE] [--json FILE]

Both learn the same names in the same order from the same start values, one name a step, in
float64 and with one BLAS thread. They take turns within a round, so that a machine that slows
down slows both, and go on from round to round where they were, so that both stay warm.
"""

import argparse
import json
import os
import platform
import statistics
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))  # runs where nothing is installed

from engine.blas import limit_blas_threads  # noqa: E402

limit_blas_threads()

import numpy as np  # noqa: E402 the limit has to be set first

from engine.corpus import read_names  # noqa: E402
from engine.messages import Hyperparameters  # noqa: E402
from engine.recipes import NOTEBOOK  # noqa: E402
from engine.reference.dinosaurus import initialize_parameters, optimize  # noqa: E402
from engine.trainer import Trainer  # noqa: E402

HIDDEN = (50, 100, 200)
WAYS = ("course", "engine")


class Course:
    """The course's loop around its `optimize`, names encoded beforehand."""

    def __init__(self, corpus, hidden):
        n = len(corpus.vocabulary)
        self.parameters = initialize_parameters(hidden, n, n)
        self.a_prev = np.zeros((hidden, 1))
        names = list(corpus.names)
        np.random.RandomState(0).shuffle(names)
        encoded = [corpus.vocabulary.encode(name).tolist() for name in names]
        self.lessons = [([None, *name], [*name, 0]) for name in encoded]
        self.step = 0

    def run(self, steps):
        """Make so many steps and return the last one's loss."""
        for _ in range(steps):
            X, Y = self.lessons[self.step % len(self.lessons)]
            loss, _, self.a_prev = optimize(X, Y, self.a_prev, self.parameters)
            self.step += 1
        return loss


class Engine:
    """The trainer, with the recipe that does the same work."""

    def __init__(self, corpus, hidden):
        self.trainer = Trainer(corpus, Hyperparameters(widths=(hidden,)), NOTEBOOK)

    def run(self, steps):
        """Make so many steps and return the last one's loss."""
        end = self.trainer.step + steps
        while self.trainer.step < end:
            stretch = self.trainer.run(end - self.trainer.step)
        return float(stretch.loss[-1])


def measure(corpus, hidden, rounds, steps):
    """Return the steps a second of every round, by way."""
    learners = {"course": Course(corpus, hidden), "engine": Engine(corpus, hidden)}
    losses = [learner.run(steps) for learner in learners.values()]
    if not np.isclose(*losses, rtol=1e-6):
        raise RuntimeError(f"They do not do the same work: losses {losses} at {hidden} units.")
    rates = {way: [] for way in WAYS}
    for _ in range(rounds):
        for way, learner in learners.items():
            start = time.perf_counter()
            learner.run(steps)
            rates[way].append(steps / (time.perf_counter() - start))
    return rates


def summarize(hidden, rates):
    """Return medians, spreads and the ratio of the medians."""
    row = {"hidden": hidden}
    for way, values in rates.items():
        row[way] = {"median": statistics.median(values), "min": min(values), "max": max(values)}
    row["ratio"] = row["engine"]["median"] / row["course"]["median"]
    return row


def describe_machine():
    """Return what the figures depend on."""
    return {
        "cpu": cpu_model(),
        "cores": os.cpu_count(),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "numpy": np.__version__,
        "blas_threads": os.environ.get("OPENBLAS_NUM_THREADS"),
    }


def cpu_model():
    """Return the processor's name, from /proc where there is one: `platform` often has none."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return models[0] if models else platform.processor() or "unknown"


def print_table(machine, rows, rounds, steps):
    print(f"{machine['cpu']}, {machine['cores']} cores, {machine['system']}")
    print(
        f"Python {machine['python']}, NumPy {machine['numpy']}, "
        f"BLAS threads: {machine['blas_threads']}"
    )
    print(f"Steps a second: median (min–max) of {rounds} rounds of {steps:,} steps\n")
    print(f"{'hidden':>6}  {'course':>22}  {'engine':>22}  {'ratio':>6}")
    for row in rows:
        cells = [
            f"{w['median']:,.0f} ({w['min']:,.0f}–{w['max']:,.0f})" for w in map(row.get, WAYS)
        ]
        print(f"{row['hidden']:>6}  {cells[0]:>22}  {cells[1]:>22}  {row['ratio']:>6.2f}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=11, metavar="N")
    parser.add_argument("--steps", type=int, default=500, metavar="N", help="a round, each way")
    parser.add_argument(
        "--names", type=Path, default=ROOT / "resources" / "names" / "dinosaurs.txt", metavar="FILE"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    options = parser.parse_args()
    if min(options.rounds, options.steps) < 1:
        parser.error("--rounds and --steps must be 1 or more.")
    corpus = read_names(options.names)
    rows = [
        summarize(hidden, measure(corpus, hidden, options.rounds, options.steps))
        for hidden in HIDDEN
    ]
    machine = describe_machine()
    print_table(machine, rows, options.rounds, options.steps)
    if options.json:
        figures = {"machine": machine, "rounds": options.rounds, "steps": options.steps}
        text = json.dumps(figures | {"rows": rows}, indent=1, ensure_ascii=False)
        options.json.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
