"""A future is what a run does whose knob is really turned, to the bit."""

from dataclasses import replace

import numpy as np
import pytest

from engine.data.text import text_of_symbols
from engine.data.vocabulary import Vocabulary
from engine.nn.architecture import MAX_HIDDEN, MIN_HIDDEN
from engine.runs.futures import FACTORS, MAX_FUTURES, MAX_STEPS, Futures, Turn
from engine.training.ending import Until
from engine.training.ranges import MAX_LEARNING_RATE
from engine.training.settings import Hyperparameters, RunSettings
from engine.training.trainer import Trainer

pytestmark = pytest.mark.usefixtures("each_backend")

TURNS = tuple(Turn(factor) for factor in FACTORS)


def train(trainer, steps):
    """Make steps as the window does: in pieces."""
    end, losses = trainer.step + steps, []
    while trainer.step < end and trainer.divergence is None and trainer.ended is None:
        losses.append(trainer.run(end - trainer.step).smoothed_loss)
    return np.concatenate(losses)


def grow(futures, seconds=0.0):
    """Let all futures grow to their ends; return the losses of each, and its last growth."""
    losses, last = [[] for _ in range(len(futures))], [None] * len(futures)
    while not futures.is_over:
        for growth in futures.advance(seconds):
            losses[growth.index].append(growth.chunk.smoothed_loss)
            last[growth.index] = growth
    return [np.concatenate(each) for each in losses], last


def assert_same(found, expected):
    assert (found.step, found.events) == (expected.step, expected.events)
    assert found.hyperparameters == expected.hyperparameters
    np.testing.assert_array_equal(found.parameters.flat, expected.parameters.flat)
    assert found.values.keys() == expected.values.keys()
    for name, value in expected.values.items():
        if name != "held_out.measured":  # only what nobody has taken yet
            np.testing.assert_array_equal(found.values[name], value, err_msg=name)


@pytest.fixture(scope="module")
def text():
    random = np.random.default_rng(3)
    symbols = random.integers(0, 9, 2_000).astype(np.uint8)
    return text_of_symbols(symbols, Vocabulary(tuple("abcdefghi")), "verse", lower_case=True)


SETUPS = {
    "rnn": ({}, {}),
    "lstm": ({"widths": (6,), "batch": 3}, {"cell": "lstm"}),
    "three layers": ({"widths": (6, 5, 4), "optimizer": "adam", "dropout": 0.2}, {"cell": "gru"}),
    "text": ({"widths": (6,), "batch": 2}, {"length": 8}),
}


@pytest.mark.parametrize(
    ("setup", "knob"),
    [
        ("rnn", "learning_rate"),
        ("rnn", "clip"),
        ("lstm", "clip"),
        ("lstm", "widths"),
        ("three layers", "learning_rate"),
        ("three layers", "widths"),
        ("text", "learning_rate"),
        ("text", "widths"),
    ],
)
def test_a_future_is_what_a_run_does_whose_knob_is_turned(corpus, text, setup, knob):
    hyperparameters, settings = SETUPS[setup]
    random = np.random.default_rng(len(setup))
    data = text if setup == "text" else corpus
    start = Hyperparameters(
        learning_rate=float(random.choice([0.004, 0.01])),
        clip=float(random.choice([1.0, 5.0])),
        decay=float(random.choice([0.0, 0.5])),
        schedule="exponential",
        **{"widths": (5,), **hyperparameters},
    )
    run = Trainer(data, start, settings=RunSettings(seed=int(random.integers(9)), **settings))
    train(run, int(random.integers(10, 20)))
    state, rate = run.state(), run.learning_rate
    steps = int(random.integers(10, 30))
    futures = Futures(data, state, knob, TURNS, steps)
    losses, _ = grow(futures)
    for index, factor in enumerate(FACTORS):
        really = Trainer.restored(data, state)
        if factor != 1.0:
            now = really.hyperparameters
            wanted = {
                "learning_rate": float(f"{rate * factor:.3g}"),
                "clip": (now.clip or 0) * factor,
                "widths": (max(round(now.widths[0] * factor), MIN_HIDDEN), *now.widths[1:]),
            }[knob]
            really.set_hyperparameters(replace(now, **{knob: wanted}), undo_group=7)
        np.testing.assert_array_equal(losses[index], train(really, steps))
        assert_same(futures.state(index), really.state())


def test_the_run_itself_is_not_touched_and_does_what_its_future_did(corpus):
    run = Trainer(corpus, Hyperparameters(widths=(5,), decay=1.0, schedule="exponential"))
    train(run, 300)
    rate = run.learning_rate
    futures = Futures(corpus, run.state(), "learning_rate", TURNS, 250)
    losses, last = grow(futures)
    np.testing.assert_array_equal(losses[1], train(run, 250))
    assert_same(futures.state(1), run.state())
    assert [growth.step for growth in last] == [550] * 4
    assert rate < 0.008
    assert futures.values[:2] == (float(f"{rate / 2:.3g}"), rate)


def test_futures_grow_in_lock_step(corpus):
    run = Trainer(corpus, Hyperparameters(widths=(5,)))
    futures = Futures(corpus, run.state(), "clip", TURNS, 500)
    steps = dict.fromkeys(range(4), 0)
    while not futures.is_over:
        for growth in futures.advance(0.0):
            steps[growth.index] = growth.step
        assert max(steps.values()) - min(steps.values()) <= 100
    assert set(steps.values()) == {500}
    assert futures.advance(1.0) == ()


def test_a_future_that_diverges_stops_alone(corpus):
    run = Trainer(corpus, Hyperparameters(widths=(5,)))
    train(run, 20)
    run.set_hyperparameters(replace(run.hyperparameters, clip=None))
    turns = Turn(1.0), Turn(value=MAX_LEARNING_RATE)
    futures = Futures(corpus, run.state(), "learning_rate", turns, 200)
    _, (calm, wild) = grow(futures)
    assert (calm.step, calm.has_diverged) == (220, False)
    assert wild.has_diverged
    assert wild.step < 220
    assert futures.state(1).events[-1].kind == "diverged"


def test_a_future_ends_by_itself_where_the_run_would(corpus):
    run = Trainer(corpus, Hyperparameters(widths=(5,)), until=Until(steps=40))
    train(run, 10)
    _, last = grow(Futures(corpus, run.state(), "clip", TURNS, 200))
    assert [(growth.step, growth.is_over) for growth in last] == [(40, True)] * 4


def test_checkpoints_are_those_of_the_future(corpus):
    run = Trainer(corpus, Hyperparameters(widths=(5,)))
    train(run, 20)
    futures = Futures(corpus, run.state(), "learning_rate", TURNS, 300)
    grow(futures)
    kept = [each.step for each in futures.checkpoints(0)]
    is_quick = run.hyperparameters.backend == "compiled"  # such steps are kept more rarely
    assert kept[:2] == ([20] if is_quick else [20, 250])
    assert all(each.n_events == 1 for each in futures.checkpoints(0))


def test_time_counts_from_that_of_the_run(corpus):
    run = Trainer(corpus, Hyperparameters(widths=(5,)))
    futures = Futures(corpus, run.state(), "clip", TURNS, 20, seconds=30.0)
    _, last = grow(futures)
    assert all(growth.seconds > 30.0 for growth in last)
    assert futures.seconds(2) == last[2].seconds


def test_equal_values_have_one_future(corpus):
    state = Trainer(corpus, Hyperparameters(widths=(5,))).state()
    turns = Turn(1.0), Turn(value=5.0), Turn(2.0), Turn(value=None)
    assert Futures(corpus, state, "clip", turns).values == (5.0, 10.0, None)
    wide = Trainer(corpus, Hyperparameters(widths=(200,))).state()
    turns = Turn(1e9), Turn(1e10)
    assert Futures(corpus, wide, "widths", turns).values == (float(MAX_HIDDEN),)


def test_a_rate_that_has_fallen_can_be_set_again(corpus):
    run = Trainer(corpus, Hyperparameters(widths=(5,), decay=2.0, schedule="exponential"))
    train(run, 100)
    futures = Futures(corpus, run.state(), "learning_rate", [Turn(value=0.01)], 50)
    grow(futures)
    run.set_hyperparameters(run.hyperparameters, undo_group=1, sets_rate=True)
    train(run, 50)
    assert_same(futures.state(0), run.state())


@pytest.mark.parametrize(
    ("knob", "turns", "steps", "sentence"),
    [
        ("clip", (), 100, f"1 to {MAX_FUTURES} futures, not 0"),
        ("clip", TURNS * 2, 100, f"1 to {MAX_FUTURES} futures, not 8"),
        ("clip", TURNS, 0, f"1 to {MAX_STEPS:,} steps, not 0"),
        ("clip", TURNS, MAX_STEPS + 1, "steps, not 100,001"),
        ("clip", [Turn(value=-1.0)], 10, "clip must be above 0"),
        ("learning_rate", [Turn(value=0.0)], 10, "learning_rate must be"),
        ("widths", [Turn(value=10_000.0)], 10, "widths must be"),
    ],
)
def test_what_cannot_be_is_refused(corpus, knob, turns, steps, sentence):
    state = Trainer(corpus, Hyperparameters(widths=(5,))).state()
    with pytest.raises(ValueError, match=sentence):
        Futures(corpus, state, knob, turns, steps)


def test_a_clip_value_that_is_off_has_no_multiples(corpus):
    state = Trainer(corpus, Hyperparameters(widths=(5,), clip=None)).state()
    with pytest.raises(ValueError, match="Type values instead"):
        Futures(corpus, state, "clip", TURNS)
    assert Futures(corpus, state, "clip", [Turn(1.0), Turn(value=5.0)]).values == (None, 5.0)
