"""How well RNN, GRU and LSTM of equal size learn names, compared with n-gram models.

    python tests/benchmarks/bench_quality.py NAMES.txt [NAMES.txt ...] [--json FILE]
    python tests/benchmarks/bench_quality.py FOLDER --only kinds [--seeds 0 1] [--json FILE]

For each file a tenth of the distinct names is held out (seed 0). Each network is trained with Adam
on batches of 32 names. Its loss is the lowest held-out loss measured during the run.

The second form is for names of kinds, one file a kind; see `kinds_quality`.
"""

import argparse
import json
import time
from pathlib import Path

from machine import describe_machine, prepare_process, print_machine

prepare_process()

from kinds_quality import print_kinds  # noqa: E402 the limit has to be set first

from engine.data.reader import read_data, read_names  # noqa: E402
from engine.data.reading.choices import ReadingChoices  # noqa: E402
from engine.evaluation.baselines import NGrams, uniform_loss  # noqa: E402
from engine.nn.architecture import Architecture  # noqa: E402 the limit has to be set first
from engine.training.settings import Hyperparameters, RunSettings  # noqa: E402
from engine.training.trainer import Trainer  # noqa: E402

SIZES = (5_000, 17_000, 64_000)
CELLS = ("rnn", "gru", "lstm")
EPOCHS_OF_SHORT, EPOCHS_OF_LONG = 40, 8
LONG_LIST = 5_000


def width_of(n_symbols, cell, n_parameters):
    """Return the width at which a network of one layer comes closest to a number of parameters."""
    return min(
        range(4, 400),
        key=lambda n: abs(Architecture(n_symbols, cell, (n,)).n_parameters - n_parameters),
    )


def measure(corpus, cell, n_parameters):
    """Train one network and return its figures."""
    width = width_of(len(corpus.vocabulary), cell, n_parameters)
    hyperparameters = Hyperparameters(
        0.005, 5.0, (width,), clipping="norm", optimizer="adam", batch=32, decay=0.05
    )
    trainer = Trainer(corpus, hyperparameters, settings=RunSettings(cell=cell, dtype="float32"))
    names = len(trainer.training_names)
    epochs = EPOCHS_OF_LONG if names > LONG_LIST else EPOCHS_OF_SHORT
    steps = epochs * names // hyperparameters.batch
    best, start = float("inf"), time.perf_counter()
    while trainer.step < steps:
        chunk = trainer.run(steps - trainer.step)
        best = min([best, *(m.nats_per_character for m in chunk.held_out)])
    return {
        "cell": cell,
        "width": width,
        "parameters": trainer.parameters.architecture.n_parameters,
        "nats_per_character": best,
        "seconds": time.perf_counter() - start,
        "steps": steps,
    }


def baselines_of(corpus):
    """Return the loss of uniform guessing and of n-gram models, by name."""
    training, held_out = corpus.split(0)
    n_symbols = len(corpus.vocabulary)
    encode = corpus.vocabulary.encode_all
    losses = NGrams(encode(training), n_symbols).losses(encode(held_out))
    found = {f"{order}-gram": loss.nats_per_character for order, loss in enumerate(losses, start=1)}
    return {"uniform": uniform_loss(n_symbols)} | found


def networks_table(options):
    """Measure and print networks of equal size on each file, and return their figures."""
    results = {}
    for path in options.names:
        corpus = read_names(path)
        counted = baselines_of(corpus)
        print(f"\n{path.name}, nats per character held out: ", end="")
        print(", ".join(f"{name} {loss:.3f}" for name, loss in counted.items()))
        print(f"{'cell':6}{'units':>6}{'parameters':>12}{'held out':>10}{'seconds':>9}{'steps':>8}")
        rows = []
        for size in options.sizes:
            for cell in CELLS:
                row = measure(corpus, cell, size)
                rows.append(row)
                print(
                    f"{row['cell']:6}{row['width']:>6}{row['parameters']:>12,}"
                    f"{row['nats_per_character']:>10.4f}{row['seconds']:>9.1f}{row['steps']:>8,}",
                    flush=True,
                )
        results[path.name] = {"baselines": counted, "networks": rows}
    return results


def kinds_table(options):
    """Measure and print how kinds are told and written, for each folder and seed."""
    machine = describe_machine("numpy")
    print_machine(machine)
    results = {"machine": machine}
    for path in options.names:
        corpus = read_data(path, ReadingChoices(kinds=True), kind="names")
        print(corpus.summary())
        results[path.name] = {
            seed: print_kinds(corpus, seed, options.steps, options.tell_steps)
            for seed in options.seeds
        }
    return results


PARTS = {"networks": networks_table, "kinds": kinds_table}


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("names", nargs="+", type=Path)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--only", choices=PARTS, default="networks")
    parser.add_argument("--seeds", type=int, nargs="+", default=[0], help="of kinds")
    parser.add_argument("--steps", type=int, help="the most of a network that writes by kind")
    parser.add_argument("--tell-steps", type=int, help="the most of a network that tells kinds")
    options = parser.parse_args()
    results = PARTS[options.only](options)
    if options.json is not None:
        options.json.write_text(json.dumps(results, indent=1))


if __name__ == "__main__":
    main()
