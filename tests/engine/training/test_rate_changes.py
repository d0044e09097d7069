"""The rates around events are those that the steps were made with."""

from dataclasses import replace

import numpy as np
import pytest

from engine.data.text import text_of_symbols
from engine.training.decay_start import decay_period
from engine.training.rate_changes import Rate, initial_hyperparameters, rate_course
from engine.training.settings import Hyperparameters, RunSettings
from engine.training.trainer import Trainer

pytestmark = pytest.mark.usefixtures("each_backend")

START = Hyperparameters(widths=(8,), learning_rate=0.01, decay=0.4, schedule="exponential")


def train(trainer, steps):
    end = trainer.step + steps
    while trainer.step < end:
        trainer.run(end - trainer.step)


def derived(trainer, steps_taken):
    """Return the rates that the record tells, given the examples after some steps."""
    return course(trainer, steps_taken).changes


def course(trainer, steps_taken):
    """Return the course of the rate that the record tells, given the examples after some steps."""
    loader, settings = trainer.learner.loader, trainer.settings
    kind, window = trainer.corpus.kind, settings.window
    return rate_course(
        trainer.record.hyperparameters,
        trainer.record.events,
        trainer.step,
        (steps_taken | {trainer.step: loader.taken}).__getitem__,
        lambda schedule: decay_period(len(loader), schedule, kind, window),
    )


def change_and_note(trainer, steps_taken, **changes):
    """Set hyperparameters between two steps; return the rates in force around that."""
    before = trainer.learning_rate
    steps_taken[trainer.step] = trainer.learner.loader.taken
    wanted = replace(trainer.hyperparameters, **changes)
    sets_rate = changes.get("learning_rate") == trainer.hyperparameters.learning_rate
    trainer.set_hyperparameters(wanted, sets_rate=sets_rate)
    return before, trainer.learning_rate


@pytest.mark.parametrize("schedule", ["exponential", "inverse"])
def test_they_are_the_rates_in_force(corpus, schedule):
    trainer, taken = Trainer(corpus, replace(START, schedule=schedule)), {}
    expected = {}
    for place, changes in enumerate(
        (
            {"learning_rate": 0.02},
            {"learning_rate": 0.02},
            {"clip": 2.0},
            {"decay": 0.2},
            {"learning_rate": 0.005, "batch": 3},
            {"schedule": "exponential" if schedule == "inverse" else "inverse"},
        )
    ):
        train(trainer, 700)
        expected[place] = change_and_note(trainer, taken, **changes)
    found = derived(trainer, taken)
    assert found.keys() == expected.keys() - {2}, "the clip value is no rate"
    for place, change in found.items():
        in_force = change.before.in_force, change.after.in_force
        assert in_force == pytest.approx(expected[place], rel=1e-12)
    assert (found[0].before.base, found[0].after.base) == (0.01, 0.02)
    assert found[0].before.in_force < 0.01
    assert str(found[0]) == f"{found[0].before.in_force:.3g} (set to 0.01) → 0.02"


def test_the_present_rate_is_that_of_the_next_step(corpus):
    trainer, taken = Trainer(corpus, START), {}
    assert course(trainer, taken).now == Rate(0.01, 0.01)
    train(trainer, 600)
    change_and_note(trainer, taken, learning_rate=0.02)
    train(trainer, 800)
    now = course(trainer, taken).now
    assert now.in_force == pytest.approx(trainer.learning_rate, rel=1e-12)
    assert now.base == 0.02
    assert now.in_force < 0.02
    assert now.has_fallen


def test_half_a_rate_falls_on(corpus):
    trainer, taken = Trainer(corpus, START), {}
    train(trainer, 900)
    before = trainer.learning_rate
    taken[trainer.step] = trainer.learner.loader.taken
    trainer.go_back(halve_rate=True)
    change = derived(trainer, taken)[0]
    assert change.before.in_force == pytest.approx(before)
    assert change.after.in_force == pytest.approx(trainer.learning_rate)
    assert change.after.base == 0.005


@pytest.mark.parametrize("window", [None, 12])
def test_those_of_a_text_are_as_well(letters, window):
    symbols = text_of_symbols(
        (np.arange(4_000) % len(letters)).astype(np.uint8),
        letters,
        "verse",
        lower_case=True,
    )
    settings = RunSettings(window=window, length=10)
    trainer, taken = Trainer(symbols, replace(START, batch=4), settings=settings), {}
    train(trainer, 60)
    expected = change_and_note(trainer, taken, learning_rate=0.03)
    change = derived(trainer, taken)[0]
    assert (change.before.in_force, change.after.in_force) == pytest.approx(expected)


def test_the_first_hyperparameters_follow_from_the_events(corpus):
    trainer, taken = Trainer(corpus, START), {}
    for changes in ({"learning_rate": 0.02}, {"clip": None}, {"widths": (9,)}, {"clip": 3.0}):
        train(trainer, 20)
        change_and_note(trainer, taken, **changes)
    now, events = trainer.hyperparameters, trainer.record.events
    assert initial_hyperparameters(now, events) == START
    assert initial_hyperparameters(START, events) == START
