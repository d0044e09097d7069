"""How well a small network learns at each learning rate: the limits of the window's advice.

    python tests/benchmarks/bench_rates.py NAMES.txt TEXT.txt

Prints the held-out loss, in nats per character, of RNN-50 after a few thousand names or symbols,
for each optimizer and rate. "diverged" is what it says.
"""

import argparse
from pathlib import Path

from machine import prepare_process

prepare_process()

from engine.data.reader import read_names, read_text  # noqa: E402
from engine.training.settings import Hyperparameters, RunSettings  # noqa: E402
from engine.training.trainer import Trainer  # noqa: E402

RATES = {
    "sgd": (0.003, 0.01, 0.03, 0.1, 0.3, 1.0),
    "momentum": (0.0003, 0.001, 0.003, 0.01, 0.03, 0.1),
    "rmsprop": (0.0003, 0.001, 0.003, 0.01, 0.03, 0.1),
    "adagrad": (0.003, 0.01, 0.03, 0.1, 0.3, 1.0),
    "adam": (0.001, 0.003, 0.01, 0.03, 0.1, 0.3),
}
UNSCALED = ("sgd", "momentum")


def loss_of(corpus, hyperparameters, steps):
    """Return the held-out loss after some steps, or None if the run diverged."""
    trainer = Trainer(corpus, hyperparameters, settings=RunSettings(length=48))
    while trainer.step < steps:
        trainer.run(min(500, steps - trainer.step))
        if trainer.divergence is not None:
            return None
    return trainer.held_out_loss().nats_per_character


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("names", type=Path)
    parser.add_argument("text", type=Path)
    options = parser.parse_args()
    names, text = read_names(options.names), read_text(options.text, lower_case=True)
    for words, corpus, batch, steps in (
        ("1 name", names, 1, 4_000),
        ("32 names", names, 32, 300),
        ("16 streams", text, 16, 150),
    ):
        for clip in (5.0, None):
            for optimizer in RATES if clip else UNSCALED:
                found = []
                for rate in RATES[optimizer]:
                    hyperparameters = Hyperparameters(rate, clip, optimizer=optimizer, batch=batch)
                    loss = loss_of(corpus, hyperparameters, steps)
                    found.append(f"{rate:g}: {'diverged' if loss is None else f'{loss:.2f}'}")
                print(f"{words}, {optimizer}, clip {clip or 'off'}: ", ", ".join(found), flush=True)


if __name__ == "__main__":
    main()
