"""The work of a frame does not grow with the run. It is counted, not timed."""

from functools import partial

import numpy as np
import pytest

from dinogui.panels.loss.loss_plot import MOST_POINTS
from dinogui.panels.loss.pane.band import MOST_GROUPS
from engine.storage.validated_mapping import ValidatedMapping
from engine.training.curves.run_curves import Curves
from engine.training.messages import Chunk, HeldOutLoss

STEPS = (10_000, 300_000, 2_000_000)


@pytest.fixture(scope="module")
def long_runs():
    """Return the curves of noisy runs of increasing length."""
    return [make_history(steps) for steps in STEPS]


def make_history(steps):
    random = np.random.default_rng(steps)
    curves = Curves()
    while curves.last_step < steps:
        first, last = curves.last_step + 1, min(curves.last_step + 10_000, steps)
        numbers = np.arange(first, last + 1)
        smoothed = 17.0 + 20.0 * np.exp(-numbers / 5_000)
        held_out = tuple(HeldOutLoss(int(s), 20.0, 2.0) for s in numbers[numbers % 1_000 == 0])
        ones = np.ones(len(numbers))
        loss = smoothed * random.uniform(0.4, 2.0, len(numbers))
        curves.append(last, Chunk(loss, 10 * ones, smoothed, 10 * ones, held_out))
    return curves


def frames(window, curves, count_operations):
    """Show a run; return the points and the operations of a frame, once the view has settled."""
    window.loss_plot.show_history(
        curves, window.session.guessing_loss, held_out=window.session.run.held_out_size
    )
    window.loss_plot.draw()
    window.loss_plot.pane.repaint()  # the first frame paints everything
    ones = np.ones(400)
    curves.append(curves.last_step + 400, Chunk(17 * ones, 10 * ones, 17 * ones, 10 * ones, ()))

    def frame():
        window.loss_plot.draw()
        window.loss_plot.pane.repaint()

    return window.loss_plot.points_drawn, count_operations(frame, "dinogui")


def test_the_cost_of_a_frame_does_not_grow_with_the_run(window, long_runs, count_operations):
    found = [frames(window, curves, count_operations) for curves in long_runs]
    points, operations = zip(*found, strict=True)
    # Two curves and the band, each with one more bucket at either end.
    assert max(points) <= 2 * MOST_POINTS + MOST_GROUPS + 12
    assert max(operations) <= 1.3 * operations[0]


def test_appending_to_the_curves_costs_as_much_late_as_early(long_runs, count_operations):
    costs = []
    for shown in long_runs:
        curves = Curves.restored(ValidatedMapping(shown.state()))  # not shown anywhere
        ones = np.ones(300)
        chunk = Chunk(11 * ones, 10 * ones, 11 * ones, 10 * ones, ())
        add = partial(curves.append, curves.last_step + 300, chunk)
        costs.append(count_operations(add, "dinogui"))
    # The first run's buckets are not full yet; filling them is only a copy.
    assert costs[2] <= 1.3 * costs[1]
