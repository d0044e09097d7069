"""What a preset reaches in a minute, and what becomes of it when it is left alone.

    python tests/benchmarks/bench_presets.py DATA PRESET [--seconds 60] [--steps N]

DATA is a file of names or a text, as the preset is for. Times are processor time of this process on
one BLAS thread. Training ends after the seconds, or after the steps if they are given. All losses
are nats per character, on what is held out with seed 0, as measured during training; "in full" is
the last network on all that is held out.
"""

import argparse
import time
from pathlib import Path

from machine import prepare_process

prepare_process()

from engine.data.reader import read_names, read_text  # noqa: E402
from engine.training.presets import PRESETS_BY_KEY  # noqa: E402
from engine.training.trainer import Trainer  # noqa: E402


def counted(trainer):
    """Return the loss of each n-gram model on the same held-out symbols, from 1-gram on."""
    held_out = trainer.learner.loader.held_out_data
    if held_out is None:
        return []
    return [loss.nats_per_character for loss in held_out.n_gram_losses(held_out.fit_n_grams())]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("preset", choices=PRESETS_BY_KEY)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--steps", type=int)
    options = parser.parse_args()
    preset = PRESETS_BY_KEY[options.preset]
    is_text = preset.kind == "text"
    corpus = (
        read_text(options.data, lower_case=preset.lower_case)
        if is_text
        else read_names(options.data)
    )
    print(preset.name, "on", options.data.name)
    trainer = Trainer(corpus, preset.hyperparameters, preset.recipe, preset.settings)
    print("counting:", ", ".join(f"{loss:.3f}" for loss in counted(trainer)))
    print(f"{trainer.parameters.architecture.n_parameters:,} parameters")
    begin, best, last = time.process_time(), None, None
    while True:
        seconds = time.process_time() - begin
        if trainer.step >= options.steps if options.steps else seconds >= options.seconds:
            break
        left = options.steps - trainer.step if options.steps else 500
        for measured in trainer.run(min(500, left), 0.5).held_out:
            last = measured.nats_per_character
            if measured.step and (best is None or last < best[0]):
                best = (last, measured.step, time.process_time() - begin)
    if best is not None:
        print(f"best {best[0]:.4f} at step {best[1]:,}, after {best[2]:.0f} s", end="; ")
        print(f"end / best {last / best[0]:.3f}")
    in_full = trainer.held_out_loss()
    if in_full is not None:
        print(f"in full {in_full.nats_per_character:.4f}", end=" ")
    print(f"at step {trainer.step:,}, epoch {trainer.epoch:.1f}, after {seconds:.0f} s")


if __name__ == "__main__":
    main()
