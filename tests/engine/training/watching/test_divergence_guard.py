"""Which of the kept networks a run goes back to from a decline, and that the network is healthy."""

from dataclasses import replace

import numpy as np
import pytest

from engine.nn.network import loss_of_names
from engine.training.settings import Hyperparameters
from engine.training.trainer import Trainer
from engine.training.watching.divergence_guard import DivergenceGuard

pytestmark = pytest.mark.usefixtures("each_backend")

RUINOUS = {"learning_rate": 1.0, "clip": None}


@pytest.fixture
def guarded(make_parameters):
    """Return a guard that was given networks of steps 0, 250, 500, ...; and those networks."""

    def keep(*health, healthy_step):
        guard, kept = DivergenceGuard(), {}
        for number, is_healthy in enumerate(health):
            kept[250 * number] = make_parameters(5, 4, seed=number)
            step = 250 * number
            guard.keep(step, kept[step], is_healthy=is_healthy, healthy_step=healthy_step(step))
        return guard, kept

    return keep


@pytest.mark.parametrize(
    ("health", "healthy_step", "found"),
    [
        ((False, True, True), 700, 500),  # it stayed healthy after the last copy
        ((False, True, True), 499, 250),  # the last copy may be part of the decline
        ((False, True, True, False, False), 550, 500),
        ((False, True, True, False, False, True), 550, 500),  # healthy again, but for how long?
        ((False, False), 0, 250),  # none was healthy
    ],
)
def test_it_goes_back_to_the_last_network_from_before_the_decline(
    guarded, health, healthy_step, found
):
    guard, kept = guarded(*health, healthy_step=lambda step: min(step - 60, healthy_step))
    step, parameters = guard.last_healthy(healthy_step)
    assert step == found
    np.testing.assert_array_equal(parameters.flat, kept[found].flat)


def ruin(trainer, advance, steps, **change):
    """Train until the loss has risen, and as many steps more."""
    trainer.set_hyperparameters(replace(trainer.hyperparameters, **(RUINOUS | change)))
    while trainer.rise is None:
        trainer.run(1_000)
    advance(trainer, steps)


def loss_of(trainer):
    return loss_of_names(trainer.parameters, trainer.training_names).nats_per_character


@pytest.mark.parametrize("begin", [1_000, 1_001, 1_010, 1_249])
@pytest.mark.parametrize("later", [0, 600])
def test_going_back_leads_to_before_the_rise(corpus, advance, begin, later):
    trainer = Trainer(corpus, Hyperparameters())
    healthy = {}
    for step in range(0, begin + 1, 250):
        advance(trainer, step - trainer.step) if step else None
        healthy[step] = trainer.parameters.flat.copy()
    advance(trainer, begin - trainer.step) if begin > trainer.step else None
    ruin(trainer, advance, later)
    assert loss_of(trainer) > trainer.rise.guessing
    good_step = trainer.rise.good_step
    assert begin - 500 < good_step <= begin
    trainer.go_back()
    np.testing.assert_array_equal(trainer.parameters.flat, healthy[good_step])
    assert trainer.rise is None
    assert loss_of(trainer) < 2.6
    assert trainer.step > begin, "the steps that were made still count"


def test_the_smoothed_loss_and_the_optimizer_start_over(corpus, advance):
    trainer = Trainer(corpus, Hyperparameters(0.003, optimizer="adam"))
    advance(trainer, 800)
    ruin(trainer, advance, 50)
    assert trainer.smoothed_loss > 40
    trainer.go_back()
    assert all(not moment.any() for moment in trainer.learner.optimizer.moments)
    trainer.set_hyperparameters(replace(trainer.hyperparameters, learning_rate=0.001, clip=5.0))
    advance(trainer, 20)
    assert trainer.smoothed_loss < 30


def test_halving_halves(corpus, advance):
    trainer = Trainer(corpus, Hyperparameters())
    advance(trainer, 600)
    ruin(trainer, advance, 0)
    trainer.go_back(halve_rate=True)
    assert trainer.hyperparameters.learning_rate == 0.5


def test_a_divergence_after_a_rise_can_go_back_further(train, advance):
    trainer = train(1_000)
    ruin(trainer, advance, 300, learning_rate=0.1, optimizer="momentum")
    trainer.set_hyperparameters(replace(trainer.hyperparameters, learning_rate=1e20))
    while trainer.divergence is None:
        trainer.run(10)
    assert trainer.rise is None
    trainer.go_back()
    assert trainer.divergence.last_good_step == trainer.snapshot().step <= 1_000
    assert not trainer.has_healthier
    assert loss_of(trainer) < 2.6


def test_a_network_of_other_widths_is_resized(train, advance):
    trainer = train(1_000)
    trainer.set_hyperparameters(replace(trainer.hyperparameters, widths=(30, 20)), 1)
    ruin(trainer, advance, 100)
    assert trainer.rise.good_step <= 1_000
    trainer.go_back()
    assert trainer.parameters.architecture.widths == (30, 20)
    assert loss_of(trainer) < trainer.vocabulary.symbols.__len__()
    trainer.set_hyperparameters(replace(trainer.hyperparameters, learning_rate=0.01, clip=5.0))
    advance(trainer, 10)
