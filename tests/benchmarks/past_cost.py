"""What it costs to look back: the parts `reach` and `checkpoints` of `bench_runs.py`."""

import statistics
import time

import numpy as np

from engine.data.corpus import names_from_bytes
from engine.runs.reach import reach
from engine.training.history.checkpoints import Checkpoints
from engine.training.settings import Hyperparameters, RunSettings
from engine.training.trainer import Trainer
from resources import DINOSAURS, names_bytes

_STEPS_REACHED = 40
_NETWORKS = {
    "RNN-50": ("rnn", Hyperparameters(), 25),
    "LSTM-128, 32 names": ("lstm", Hyperparameters(widths=(128,), batch=32), 1_000),
    "LSTM-512, 512, 32 names": ("lstm", Hyperparameters(widths=(512, 512), batch=32), 16_000),
}
"""Cell, hyperparameters, and how many steps of the whole are one of a round."""


def _corpus():
    return names_from_bytes(names_bytes(DINOSAURS), "dinosaurs")


def _train(trainer, steps):
    while trainer.step < steps:
        trainer.run(steps - trainer.step)


def time_to_any_step(steps):
    """Return the seconds that it takes to reach random steps of a run of RNN-50."""
    corpus = _corpus()
    trainer = Trainer(corpus, checkpoints=Checkpoints())
    _train(trainer, steps)
    history, seconds = trainer.history, []
    for step in np.random.default_rng(0).integers(0, steps, _STEPS_REACHED).tolist():
        begin = time.perf_counter()
        reach(history, corpus, step)
        seconds.append(time.perf_counter() - begin)
    return {
        f"median of {_STEPS_REACHED} steps of {steps:,}": statistics.median(seconds),
        "the slowest of them": max(seconds),
    }


def checkpoint_overhead(rounds, trained):
    """Return how many times as long steps take with checkpoints, by processor time."""
    corpus, found = _corpus(), {}
    for title, (cell, hyperparameters, share) in _NETWORKS.items():
        steps = max(trained // share, 1)
        ways = [
            Trainer(corpus, hyperparameters, settings=RunSettings(cell=cell), checkpoints=kept)
            for kept in (None, Checkpoints())
        ]
        for trainer in ways:
            _train(trainer, steps)
        ratios = []
        for number in range(rounds):
            taken = {}
            for trainer in ways if number % 2 else ways[::-1]:
                begin = time.process_time()
                _train(trainer, trainer.step + steps)
                taken[trainer] = time.process_time() - begin
            ratios.append(taken[ways[1]] / taken[ways[0]])
        found[title] = statistics.median(ratios)
    return found
