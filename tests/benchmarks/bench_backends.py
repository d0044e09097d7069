"""How much faster the compiled step is than NumPy's, for networks and batches of many sizes.

    python tests/benchmarks/bench_backends.py [--rounds N] [NAMES.txt]

Prints steps a second of processor time with both, in one thread, and the median of the rounds'
ratios. `engine.training.backend_gain` holds what follows from it: which runs are offered the step.
"""

import argparse
import statistics
import time
from pathlib import Path

from machine import ROOT, describe_machine, prepare_process, print_machine

prepare_process()

from engine.data.reader import read_names  # noqa: E402
from engine.training.settings import Hyperparameters, RunSettings  # noqa: E402
from engine.training.trainer import Trainer  # noqa: E402

CELLS = ("rnn", "gru", "lstm")
SINGLE_WIDTHS = ((8,), (50,), (128,), (512,))
BATCHES = (1, 4, 16)
BATCH_WIDTHS = ((64,), (128, 128), (192, 192), (256, 256), (512,))
_SECONDS = 0.12
"""Of each turn."""


def rate(trainer):
    """Return the steps a second of processor time, during a short time."""
    first, begin = trainer.step, time.process_time()
    trainer.run(10**9, _SECONDS)
    return (trainer.step - first) / (time.process_time() - begin)


def compare(corpus, settings, rounds, **hyperparameters):
    """Return the median rate with each backend, and the median of the ratios."""
    trainers = [
        Trainer(
            corpus, Hyperparameters(0.001, backend=backend, **hyperparameters), settings=settings
        )
        for backend in ("numpy", "compiled")
    ]
    pairs = [[rate(trainer) for trainer in trainers] for _ in range(rounds + 1)][1:]
    medians = map(statistics.median, zip(*pairs, strict=True))
    return *medians, statistics.median(compiled / numpy for numpy, compiled in pairs)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("names", type=Path, nargs="?")
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    corpus = read_names(options.names or ROOT / "resources" / "names" / "dinosaurs.txt")
    print_machine(describe_machine("numpy", "numba"))
    single = [(cell, widths, 1, 0.0, "float64") for cell in CELLS for widths in SINGLE_WIDTHS]
    batches = [
        (cell, widths, batch, 0.2, "float32")
        for cell in CELLS
        for widths in BATCH_WIDTHS
        for batch in BATCHES
    ]
    for cell, widths, batch, dropout, dtype in single + batches:
        settings = RunSettings(cell=cell, dtype=dtype)
        found = compare(
            corpus, settings, options.rounds, widths=widths, batch=batch, dropout=dropout
        )
        size = "+".join(map(str, widths))
        numpy, compiled, ratio = found
        print(
            f"{cell:4} {size:>7}, {batch:2} a step, dropout {dropout:g}, {dtype}: "
            f"numpy {numpy:9,.0f}, compiled {compiled:9,.0f} steps/s, {ratio:.2f}x",
            flush=True,
        )


if __name__ == "__main__":
    main()
