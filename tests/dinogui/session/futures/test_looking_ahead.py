"""Futures of the run shown: made beside the training, taken as a run, and gone in time."""

from dataclasses import replace

import numpy as np
import pytest

from dinogui.session.futures.looking_ahead import SEEN_FOR
from dinogui.session.run import RunState
from dinogui.session.session import Session
from engine.data.corpus import corpus_of_names
from engine.data.text import text_of_symbols
from engine.data.vocabulary import Vocabulary
from engine.evaluation.units import Unit
from engine.runs.futures import FACTORS, Turn
from engine.training.settings import Hyperparameters
from engine.training.trainer import Trainer

UNIT = Unit.NATS_PER_NAME
TURNS = tuple(Turn(factor) for factor in FACTORS)
START = Hyperparameters(widths=(8,))


@pytest.fixture
def corpus():
    names = [f"{a}{b}saurus" for a in "bcdfgkl" for b in "aeiou"]
    return corpus_of_names(names, "names.txt", 0, lower_case=True)


@pytest.fixture
def trained(qtbot, session, corpus, train_until):
    """Return a session that has trained a small network for 120 steps."""
    session.use(corpus)
    session.restart(hyperparameters=START)
    train_until(session, 120)
    return session


@pytest.fixture
def look(qtbot):
    """Return a function that makes futures, and waits until they are complete."""

    def look(session, knob="learning_rate", turns=TURNS, n_steps=40):
        session.ahead.look(knob, turns, n_steps)
        qtbot.waitUntil(
            lambda: bool(session.ahead.futures) and not session.ahead.is_growing, timeout=20_000
        )
        return session.ahead.futures

    return look


def turned(session, **changes):
    """Return a trainer of the same seed whose knob was turned after 120 steps."""
    trainer = Trainer(session.corpus, START, session.recipe, session.settings)
    go_to(trainer, 120)
    if changes:
        trainer.set_hyperparameters(replace(trainer.hyperparameters, **changes), undo_group=1)
    return trainer


def points(curve):
    """Return the losses of a curve by step."""
    return dict(zip(*curve.points(0, 1_000, 10_000), strict=True))


def go_to(trainer, step):
    """Train up to a step, and return the smoothed losses."""
    losses = []
    while trainer.step < step:
        losses.append(trainer.run(step - trainer.step).smoothed_loss)
    return np.concatenate(losses)


def test_futures_are_what_the_run_would_do(trained, look):
    futures = look(trained)
    assert [future.value for future in futures] == [0.005, 0.01, 0.02, 0.04]
    assert [future.label for future in futures] == ["0.005", "0.01", "0.02", "0.04"]
    for future in futures:
        assert (trained.ahead.begin, future.last_step, trained.ahead.end) == (120, 160, 160)
        expected = go_to(turned(trained, learning_rate=future.value), 160)
        assert points(future.smoothed(UNIT)) == dict(enumerate(expected, 121))
    assert (trained.steps_made, trained.state) == (120, RunState.PAUSED)


def test_the_training_goes_on_as_it_was(trained, look, train_until):
    trained.train(400)
    look(trained)
    assert trained.ahead.begin >= 120
    train_until(trained, 400)
    expected = turned(trained)
    go_to(expected, 400)
    np.testing.assert_array_equal(trained.snapshot.parameters.flat, expected.parameters.flat)


@pytest.mark.parametrize(
    ("knob", "changes"),
    [("learning_rate", {"learning_rate": 0.02}), ("widths", {"widths": (16,)})],
)
def test_taking_one_is_having_turned_the_knob_then(
    qtbot, trained, look, train_until, knob, changes
):
    before = trained.run
    look(trained, knob)
    with qtbot.waitSignal(trained.network_made):
        trained.ahead.take(2)
    qtbot.waitUntil(lambda: trained.progress is not None)
    run = trained.run
    assert (run.steps_made, run.curves.last_step, run.state) == (160, 160, RunState.PAUSED)
    assert run.hyperparameters == replace(before.hyperparameters, **changes)
    assert [(event.step, event.kind) for event in run.events] == [(120, "set hyperparameters")]
    assert trained.runs.earlier is before
    assert before.steps_made == 120
    expected = turned(trained, **changes)
    losses = go_to(expected, 160)
    drawn = points(run.curves.smoothed(UNIT))
    assert sorted(drawn) == list(range(1, 161))
    assert {step: drawn[step] for step in range(121, 161)} == dict(enumerate(losses, 121))
    train_until(trained, 200)
    go_to(expected, 200)
    np.testing.assert_array_equal(trained.snapshot.parameters.flat, expected.parameters.flat)
    assert trained.ahead.futures == ()


def test_any_step_of_a_future_that_was_taken_can_be_reached(qtbot, trained, look):
    look(trained)
    with qtbot.waitSignal(trained.network_made):
        trained.ahead.take(0)
    qtbot.waitUntil(lambda: trained.progress is not None)
    with qtbot.waitSignal(trained.past.reached):
        trained.past.look(143)
    expected = turned(trained, learning_rate=0.005)
    go_to(expected, 143)
    found = trained.viewed_snapshot.parameters.flat
    np.testing.assert_array_equal(found, expected.parameters.flat)


def test_futures_begin_at_the_step_that_is_looked_at(qtbot, trained, look, train_until):
    trained.set_hyperparameters(learning_rate=0.02)
    train_until(trained, 200)
    before = trained.run
    with qtbot.waitSignal(trained.past.reached):
        trained.past.look(120)
    futures = look(trained)
    assert [future.value for future in futures] == [0.01, 0.02, 0.04, 0.08], "all at that step"
    with qtbot.waitSignal(trained.past.reached):
        trained.past.look(100)
    futures = look(trained)
    assert [future.value for future in futures] == [0.005, 0.01, 0.02, 0.04]
    assert (trained.ahead.begin, trained.ahead.end) == (100, 140)
    trained.set_hyperparameters(learning_rate=0.03)
    train_until(trained, 210)
    assert trained.ahead.futures == futures, "what the run does now concerns no future of its past"
    with qtbot.waitSignal(trained.network_made):
        trained.ahead.take(2)
    qtbot.waitUntil(lambda: trained.progress is not None)
    expected = Trainer(trained.corpus, START, trained.recipe, trained.settings)
    go_to(expected, 100)
    expected.set_hyperparameters(replace(START, learning_rate=0.02), undo_group=0)
    losses = go_to(expected, 140)
    assert (trained.steps_made, before.steps_made, trained.past.is_on) == (140, 210, False)
    drawn = points(trained.curves.smoothed(UNIT))
    assert {step: drawn[step] for step in range(101, 141)} == dict(enumerate(losses, 101))
    assert [(event.step, event.kind) for event in trained.run.events] == [
        (100, "set hyperparameters")
    ]


def test_multiples_of_a_clip_value_that_was_off_where_one_looks(qtbot, trained, look, train_until):
    trained.set_hyperparameters(clip=3.0)
    train_until(trained, 130)
    trained.set_hyperparameters(clip=None)
    train_until(trained, 140)
    trained.set_hyperparameters(clip=7.0)
    train_until(trained, 150)
    with qtbot.waitSignal(trained.past.reached):
        trained.past.look(135)
    futures = look(trained, "clip", (Turn(1.0), Turn(2.0)))
    assert [future.label for future in futures] == ["off", "6"]


def logged_by(session, corpus, n_steps, qtbot, changes=None):
    """Train a run of its own up to a step, with a knob turned at step 120; return its log."""
    session.use(corpus)
    session.restart(hyperparameters=START)
    for step in (120, n_steps):
        session.train(step)
        qtbot.waitUntil(lambda: session.state is RunState.PAUSED, timeout=20_000)
        if step == 120:
            session.set_hyperparameters(**(changes or {}))
    return session.run.log


def test_a_future_that_is_taken_has_the_log_of_its_steps(qtbot, trained, look, corpus):
    look(trained, turns=TURNS[:1], n_steps=3_900)
    with qtbot.waitSignal(trained.network_made, timeout=20_000):
        trained.ahead.take(0)
    run = trained.run
    assert [entry.iteration for entry in run.log] == [0, 2_000, 4_000]
    again = logged_by(trained, corpus, 4_020, qtbot, {"learning_rate": 0.005})
    assert run.log == again
    assert trained.run is not run


def test_a_future_of_a_text_has_the_log_of_its_steps(qtbot, session, look, train_until):
    symbols = np.arange(2_000, dtype=np.uint8) % 7
    text = text_of_symbols(symbols, Vocabulary(tuple("abcdefg")), "verse", lower_case=True)
    session.use(text)
    small = replace(session.hyperparameters, widths=(8,), batch=2)
    session.restart(hyperparameters=small, settings=replace(session.settings, length=8))
    train_until(session, 120)
    look(session, turns=TURNS[:2], n_steps=400)
    with qtbot.waitSignal(session.network_made, timeout=20_000):
        session.ahead.take(1)
    steps = [entry.step for entry in session.run.log if entry.step > 120]
    assert steps == [251, 501]
    assert all(len(entry.text) == 200 for entry in session.run.log if entry.step > 120)


def test_a_future_is_taken_with_the_steps_already_made(qtbot, trained):
    trained.ahead.look("clip", TURNS, 100_000)
    qtbot.waitUntil(lambda: any(future.last_step for future in trained.ahead.futures[3:]))
    with qtbot.waitSignal(trained.network_made):
        trained.ahead.take(3)
    qtbot.waitUntil(lambda: trained.progress is not None)
    assert 120 < trained.steps_made < 100_120
    assert trained.run.curves.last_step == trained.steps_made
    assert trained.hyperparameters.clip == 20.0


def test_a_diverging_future_is_marked_and_can_be_taken(qtbot, trained, look):
    trained.set_hyperparameters(clip=None)
    futures = look(trained, turns=(Turn(1.0), Turn(value=1e19)))
    assert [future.label for future in futures] == ["0.01", "1e+19 diverges"]
    assert futures[0].last_step == 160
    with qtbot.waitSignal(trained.diverged):
        trained.ahead.take(1)
    assert trained.state is RunState.DIVERGED


def test_multiples_of_a_clip_value_that_is_off(trained, look):
    trained.set_hyperparameters(clip=3.0)
    trained.set_hyperparameters(clip=None)
    futures = look(trained, "clip")
    assert [future.label for future in futures] == ["1.5", "off", "6", "12"]


def test_they_go_when_the_course_of_the_run_changes(qtbot, trained, look):
    look(trained)
    with qtbot.waitSignal(trained.ahead.changed):
        trained.set_hyperparameters(learning_rate=0.02)
    assert trained.ahead.futures == ()
    look(trained)
    with qtbot.waitSignal(trained.ahead.changed):
        trained.go_to_best()
    assert trained.ahead.futures == ()


def test_they_go_with_the_run(trained, look, corpus):
    look(trained)
    trained.use(corpus)
    assert (trained.ahead.knob, trained.ahead.futures) == (None, ())


def test_they_stay_until_the_run_has_long_passed_them(qtbot, trained, look, train_until):
    look(trained, n_steps=4)
    train_until(trained, 120 + 4 * SEEN_FOR - 1)
    assert len(trained.ahead.futures) == 4
    with qtbot.waitSignal(trained.ahead.changed):
        trained.step()
    assert trained.ahead.futures == ()


def test_another_set_takes_the_place_of_the_first(qtbot, trained, look):
    with qtbot.waitSignal(trained.ahead.grown):
        trained.ahead.look("clip", TURNS, 100_000)
    futures = look(trained, "widths", n_steps=5)
    assert [future.label for future in futures] == ["4", "8", "16", "32"]
    assert trained.ahead.end == 125


def test_clearing_ends_the_work_at_once(qtbot, trained):
    with qtbot.waitSignal(trained.ahead.grown):
        trained.ahead.look("clip", TURNS, 100_000)
    trained.ahead.clear()
    assert trained.ahead.futures == ()
    with qtbot.assertNotEmitted(trained.ahead.grown, wait=100):
        pass


def test_a_refusal_is_a_sentence(qtbot, trained):
    with qtbot.waitSignal(trained.ahead.refused) as refused:
        trained.ahead.look("clip", [Turn(value=-1.0)], 10)
    assert "clip must be above 0" in refused.args[0]
    assert trained.ahead.knob is None


def test_closing_ends_the_work(qtbot, corpus):
    session = Session(seed=0)
    session.use(corpus)
    with qtbot.waitSignal(session.ahead.grown, timeout=20_000):
        session.ahead.look("clip", TURNS, 100_000)
    session.close()
    assert session.has_ended


def test_a_text_has_futures(session, look, train_until):
    symbols = np.random.default_rng(3).integers(0, 9, 2_000).astype(np.uint8)
    vocabulary = Vocabulary(tuple("abcdefghi"))
    session.use(text_of_symbols(symbols, vocabulary, "verse", lower_case=True))
    small = replace(session.hyperparameters, widths=(8, 6), batch=2)
    session.restart(hyperparameters=small, settings=replace(session.settings, length=8))
    train_until(session, 10)
    futures = look(session, "widths", n_steps=5)
    assert [future.label for future in futures] == ["4", "8", "16", "32"]
    assert all(future.last_step == 15 for future in futures)
