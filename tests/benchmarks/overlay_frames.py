"""What other runs on the plot cost: frames of a run alone, and beside others of a million steps.

    python tests/benchmarks/overlay_frames.py [--rounds N] [--runs N] [--steps N]

Two kinds of frames are measured, by processor time: those in which the present run grows, and those
in which the view changes as well, as when somebody zooms.
"""

import argparse
import os
import time

from machine import prepare_process

prepare_process()
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np  # noqa: E402 the limit has to be set first
from PySide6.QtWidgets import QApplication  # noqa: E402
from rounds import spread, write_spread  # noqa: E402

from dinogui.common.actions.window_actions import Actions  # noqa: E402
from dinogui.common.theme import LIGHT  # noqa: E402
from dinogui.panels.loss.loss_plot import LossPlot  # noqa: E402
from dinogui.panels.loss.overlay.plotted_run import PlottedRun  # noqa: E402
from engine.evaluation.units import Unit  # noqa: E402
from engine.training.curves.run_curves import Curves  # noqa: E402
from engine.training.messages import Chunk, HeldOutLoss  # noqa: E402

_FRAMES, _STEPS_PER_FRAME = 60, 400


def make_curves(steps, seed):
    """Return the curves of a noisy run."""
    random, curves = np.random.default_rng(seed), Curves()
    while curves.last_step < steps:
        first, last = curves.last_step + 1, min(curves.last_step + 10_000, steps)
        numbers = np.arange(first, last + 1)
        smoothed = (16.0 + seed % 5 + 20.0 * np.exp(-numbers / 50_000)) * (
            1 + 0.01 * random.standard_normal(len(numbers))
        )
        held_out = tuple(
            HeldOutLoss(int(step), 20.0, 2.0) for step in numbers[numbers % 1_000 == 0]
        )
        ones = np.ones(len(numbers))
        loss = smoothed * random.uniform(0.4, 2.0, len(numbers))
        curves.append(last, Chunk(loss, 10 * ones, smoothed, 10 * ones, held_out))
    return curves


def frames(plot, curves, runs, *, moves):
    """Return the seconds of a frame in which the run grows and, if wanted, the view moves."""
    plot.show_runs(runs)
    plot.show_all()
    plot.draw()
    plot.pane.repaint()
    box, ones = plot.plot.getViewBox(), np.ones(_STEPS_PER_FRAME)
    begin = time.process_time()
    for frame in range(_FRAMES):
        chunk = Chunk(17 * ones, 10 * ones, 17 * ones, 10 * ones, ())
        curves.append(curves.last_step + len(ones), chunk)
        if moves:
            box.scaleBy((0.99, 0.99) if frame % 2 else (1 / 0.99, 1 / 0.99))
        plot.draw()
        plot.pane.repaint()
    return (time.process_time() - begin) / _FRAMES


def overlay(rounds, n_runs=10, steps=1_000_000):
    """Return how many times longer frames are with other runs, by what is measured."""
    application = QApplication.instance() or QApplication([])
    plot = LossPlot(Actions())
    plot.show_colours(LIGHT)
    plot.resize(760, 400)
    plot.show()
    application.processEvents()  # before that, nothing is painted
    curves = make_curves(steps, 0)
    plot.show_history(curves, lambda _: 41.5, held_out=None)
    plot.show_unit(Unit.NATS_PER_NAME)
    others = [
        PlottedRun(f"GRU {place}", LIGHT.runs[place % len(LIGHT.runs)], make_curves(steps, place))
        for place in range(1, n_runs + 1)
    ]
    found = {}
    for title, moves in (("growing", False), ("growing and zooming", True)):
        alone, beside = [], []
        for _ in range(rounds):
            alone.append(frames(plot, curves, (), moves=moves))
            beside.append(frames(plot, curves, others, moves=moves))
        found[title] = {
            "milliseconds alone": spread([1_000 * each for each in alone]),
            "times longer": spread([b / a for a, b in zip(alone, beside, strict=True)]),
        }
    plot.close()
    application.processEvents()
    return found


def main():
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--runs", type=int, default=10)
    parser.add_argument("--steps", type=int, default=1_000_000)
    options = parser.parse_args()
    for title, figures in overlay(options.rounds, options.runs, options.steps).items():
        print(f"{title}: ", ", ".join(f"{what} {write_spread(f)}" for what, f in figures.items()))


if __name__ == "__main__":
    main()
