"""The size of a network over a run, as its events tell it."""

import numpy as np
import pytest

from engine.data.corpus import corpus_of_names
from engine.nn.architecture import Architecture
from engine.training.curves.axis_quantity import AxisQuantity
from engine.training.curves.network_sizes import network_sizes
from engine.training.curves.run_clock import RunClock
from engine.training.settings import Hyperparameters
from engine.training.trainer import Trainer


@pytest.fixture(scope="module")
def resized():
    """Return a trainer that was widened and narrowed, and its parameters after each step."""
    names = ["anna", "berta", "carla", "dora", "emma"]
    trainer = Trainer(corpus_of_names(names, "people", 0, lower_case=True))
    counts = []
    for step in range(30):
        if step in (7, 19):
            widths = (9,) if step == 7 else (6,)
            trainer.set_hyperparameters(Hyperparameters(widths=widths))
        trainer.run(1)
        counts.append(trainer.parameters.flat.size)
    return trainer, counts


def test_the_work_is_the_sum_of_the_parameters_of_all_steps(resized):
    trainer, counts = resized
    clock = RunClock()
    clock.sizes = network_sizes(trainer.parameters.architecture, trainer.record.events)
    assert [step for step, _ in clock.sizes] == [0, 7, 19]
    steps = np.arange(31)
    work = clock.amounts(AxisQuantity.WORK, steps)
    np.testing.assert_array_equal(work, np.concatenate([[0], np.cumsum(counts)]))
    for step, amount in zip(steps.tolist(), work.tolist(), strict=True):
        assert clock.step(AxisQuantity.WORK, amount) == pytest.approx(step)
    assert clock.step(AxisQuantity.WORK, work[-1] + 2 * counts[-1]) == pytest.approx(32)


def test_a_network_without_events_has_one_size():
    now = Architecture(27, "lstm", (20, 10))
    assert network_sizes(now, ()) == ((0, now.n_parameters),)
