"""A learning rate holds from the step on at which it is set, and falls from there.

The rate of a step is measured: with plain SGD and no clipping, a step is the rate times that of a
copy of the run whose rate is 1.
"""

import math
from dataclasses import replace

import numpy as np
import pytest

from engine.data.reader import read_text
from engine.runs.replay import replay
from engine.runs.run_file import load_run, save_run
from engine.training.recipes import DEFAULT
from engine.training.record import Record
from engine.training.settings import Hyperparameters, RunSettings
from engine.training.trainer import Trainer

pytestmark = pytest.mark.usefixtures("each_backend")

FALLING = Hyperparameters(0.1, None, (4,), batch=4, decay=30.0, schedule="exponential")
SETTINGS = RunSettings(held_out=0.1)


@pytest.fixture
def trainer(lengths_corpus, advance):
    """A run on 27 names whose rate has fallen for 40 names."""
    trainer = Trainer(lengths_corpus, FALLING, settings=SETTINGS)
    advance(trainer, 10)
    return trainer


def put(trainer, group=None, *, undo=False, **changes):
    trainer.set_hyperparameters(replace(trainer.hyperparameters, **changes), group, undo=undo)


def twin_of(trainer):
    return Trainer.restored(trainer.corpus, trainer.state())


def measured_rate(trainer):
    """Return the rate of the next step, which is made by copies of the run."""
    steps = []
    for changes in ({}, {"learning_rate": 1.0, "decay": 0.0}):
        twin = twin_of(trainer)
        if changes:
            put(twin, **changes)
        before = twin.parameters.flat.copy()
        twin.run(1)
        steps.append((twin.parameters.flat - before).astype(float))
    found, whole = steps
    rate = float(found @ whole / (whole @ whole))
    np.testing.assert_allclose(found, rate * whole, atol=1e-9)
    assert trainer.learning_rate == pytest.approx(rate, rel=1e-6)
    return rate


def close_to(rate):
    return pytest.approx(rate, rel=1e-6)


@pytest.mark.parametrize("schedule", ["exponential", "inverse"])
def test_a_rate_holds_from_the_step_at_which_it_is_set_and_falls_from_there(
    lengths_corpus, advance, schedule
):
    start = replace(FALLING, schedule=schedule)
    trainer = Trainer(lengths_corpus, start, settings=SETTINGS)
    advance(trainer, 10)
    assert measured_rate(trainer) < 0.05
    put(trainer, learning_rate=0.2)
    for names in range(0, 60, 4):
        # A list of less than 1,000 names counts as 1,000 for the exponential decay.
        fallen = math.exp(-30 * names / 1_000), 1 / (1 + 30 * (names // 27))
        assert measured_rate(trainer) == close_to(0.2 * fallen[schedule == "inverse"])
        advance(trainer, 1)


@pytest.mark.parametrize("window", [None, 5])
def test_the_same_holds_for_a_text(advance, tmp_path, window):
    path = tmp_path / "text.txt"
    path.write_text("the cat sat on the mat and sang. " * 20, encoding="utf-8")
    text = read_text(path)
    hyperparameters = replace(FALLING, decay=300.0)
    trainer = Trainer(text, hyperparameters, settings=RunSettings(window=window, length=8))
    advance(trainer, 6)
    put(trainer, learning_rate=0.2)
    assert measured_rate(trainer) == close_to(0.2)
    advance(trainer, 3)
    share = 3 * 4 / 10_000 if window else 3 * 4 * 8 / 50_000
    assert measured_rate(trainer) == close_to(0.2 * math.exp(-300 * share))


@pytest.mark.parametrize("change", [{"decay": 40.0}, {"schedule": "inverse"}], ids=str)
def test_after_a_change_of_the_decay_the_rate_that_was_set_holds_again(trainer, advance, change):
    put(trainer, **change)
    assert measured_rate(trainer) == close_to(0.1)
    advance(trainer, 7)  # 28 names, so more than an epoch of them
    fallen = math.exp(-40 * 28 / 1_000) if "decay" in change else 1 / (1 + 30)
    assert measured_rate(trainer) == close_to(0.1 * fallen)


@pytest.mark.parametrize(
    "change", [{"clip": 1.0}, {"widths": (6,)}, {"batch": 3}, {"l2": 0.1}, {"optimizer": "adam"}]
)
def test_other_changes_leave_the_rate_as_it_is(trainer, change):
    rate = trainer.learning_rate
    put(trainer, **change)
    assert trainer.learning_rate == rate == pytest.approx(0.1 * math.exp(-30 * 40 / 1_000))


def test_undo_gives_the_rate_that_would_have_been_and_redo_the_one_that_was(trainer, advance):
    untouched, kept = twin_of(trainer), twin_of(trainer)
    put(trainer, 1, learning_rate=0.3)
    put(kept, learning_rate=0.3)
    put(trainer, 2, decay=5.0)
    put(trainer, 3, clip=1.0)
    for each in (trainer, untouched, kept):
        advance(each, 3)
    put(trainer, 3, clip=None, undo=True)
    put(trainer, 2, decay=30.0, undo=True)
    assert trainer.learning_rate == kept.learning_rate
    put(trainer, 1, learning_rate=0.1, undo=True)
    assert trainer.learning_rate == untouched.learning_rate
    for each in (trainer, untouched, kept):
        advance(each, 1)
    assert trainer.learning_rate == untouched.learning_rate
    put(trainer, 1, learning_rate=0.3, undo=True)
    assert trainer.learning_rate == kept.learning_rate
    put(trainer, 1, learning_rate=0.1, undo=True)
    assert trainer.learning_rate == untouched.learning_rate


def test_of_a_drag_the_last_rate_counts_and_undo_takes_all_of_it_back(trainer, advance):
    untouched = twin_of(trainer)
    for rate in (0.2, 0.3, 0.4):
        put(trainer, 1, learning_rate=rate)
        assert trainer.learning_rate == rate
        advance(trainer, 2)
    advance(untouched, 6)
    assert trainer.learning_rate == pytest.approx(0.4 * math.exp(-30 * 8 / 1_000))
    put(trainer, 1, learning_rate=0.1, undo=True)
    assert trainer.learning_rate == untouched.learning_rate


def test_a_drag_that_ends_where_it_began_changes_nothing(trainer, advance):
    untouched = twin_of(trainer)
    put(trainer, 1, learning_rate=0.2)
    put(trainer, 1, learning_rate=0.1)
    assert trainer.learning_rate == untouched.learning_rate
    put(trainer, 2, learning_rate=0.2)
    put(trainer, 3, learning_rate=0.1)
    assert trainer.learning_rate == 0.1, "it was set, and set again"


@pytest.mark.parametrize("kind", ["go back", "roll back"])
def test_halving_halves_the_rate_in_force_which_falls_on_from_there(trainer, advance, kind):
    if kind == "roll back":
        put(trainer, learning_rate=1e15)
        trainer.run(10)
        assert trainer.divergence.learning_rate == trainer.learning_rate
    before, start = trainer.learning_rate, trainer.learner.loader.taken
    go = trainer.roll_back if kind == "roll back" else trainer.go_back
    go(halve_rate=True)
    assert trainer.learning_rate == before / 2
    if kind == "go back":
        advance(trainer, 3)
        names = trainer.learner.loader.taken - start
        assert measured_rate(trainer) == close_to(before / 2 * math.exp(-30 * names / 1_000))
        put(trainer, 7, learning_rate=0.1, undo=True)  # the window does not name the group before
        assert trainer.learning_rate == close_to(before * math.exp(-30 * names / 1_000))


def test_another_network_of_the_run_leaves_the_rate_as_it_is(trainer, advance):
    put(trainer, learning_rate=0.3)
    advance(trainer, 2)
    rate = trainer.learning_rate
    assert rate < 0.3
    trainer.go_to_best()
    assert trainer.learning_rate == rate
    trainer.undo_go_to_best()
    assert trainer.learning_rate == rate
    trainer.go_back()
    assert trainer.learning_rate == rate


def test_a_run_with_such_changes_is_repeated_resumed_and_continued_to_the_bit(
    lengths_corpus, advance, tmp_path
):
    """Settings, drags, undo, redo, halving and going to the best, saved now and then."""
    random = np.random.default_rng(6)
    trainer, twin = (Trainer(lengths_corpus, FALLING, DEFAULT, SETTINGS) for _ in range(2))
    done, undone, group = [], [], 0

    def change(each):
        nonlocal group
        what = random.integers(6)
        rate, decay = float(random.uniform(0.01, 0.3)), float(random.uniform(1, 40))
        if what <= 1:
            group += 1
            wanted = {"learning_rate": rate} if what else {"decay": decay, "schedule": "inverse"}
            before = {name: getattr(each.hyperparameters, name) for name in wanted}
            done.append((group, before, wanted))
            undone.clear()
            return lambda each: put(each, group, **wanted)
        if what == 2 and done:
            undone.append(done.pop())
            place, before, _ = undone[-1]
            return lambda each: put(each, place, undo=True, **before)
        if what == 3 and undone:
            done.append(undone.pop())
            place, _, after = done[-1]
            return lambda each: put(each, place, undo=True, **after)
        if what == 4:
            done.clear()
            undone.clear()
            return lambda each: each.go_back(halve_rate=True)
        return Trainer.go_to_best

    for _ in range(60):
        act, count = change(trainer), int(random.integers(0, 5))
        for each in (trainer, twin):
            act(each)
            advance(each, count)
        if random.random() < 0.1:
            save_run(tmp_path / "run.npz", lengths_corpus, twin.state())
            twin = load_run(tmp_path / "run.npz").resume()
            done.clear()
            undone.clear()
    assert twin.record == trainer.record == Record.from_json(trainer.record.to_json())
    assert twin.learning_rate == trainer.learning_rate
    np.testing.assert_array_equal(twin.parameters.flat, trainer.parameters.flat)
    events = trainer.record.events
    assert len({event.decay_start for event in events}) > 10
    found = replay(trainer.record, lengths_corpus, trainer.parameters, trainer.step)
    assert (found.difference, found.events) == (None, len(events))


def test_the_same_rate_can_be_set_again(trainer, advance, lengths_corpus):
    untouched = twin_of(trainer)
    trainer.set_hyperparameters(trainer.hyperparameters)
    assert trainer.record.events == ()
    trainer.set_hyperparameters(trainer.hyperparameters, 1, sets_rate=True)
    assert measured_rate(trainer) == close_to(0.1)
    (event,) = trainer.record.events
    assert (event.changes, event.decay_start) == ((), 40)
    advance(trainer, 5)
    advance(untouched, 5)
    again = trainer.learning_rate
    assert again == pytest.approx(0.1 * math.exp(-30 * 20 / 1_000))
    for expected in (untouched.learning_rate, again, untouched.learning_rate):
        trainer.set_hyperparameters(trainer.hyperparameters, 1, undo=True, sets_rate=True)
        assert trainer.learning_rate == expected
    advance(trainer, 5)
    found = replay(trainer.record, lengths_corpus, trainer.parameters, trainer.step)
    assert found.difference is None


@pytest.mark.parametrize("start", [-1, 41])
def test_the_decay_cannot_start_later_than_now(trainer, start):
    before = trainer.record
    with pytest.raises(ValueError, match=f"decay_start must be from 0 to 40, got {start}"):
        trainer.set_hyperparameters(FALLING, decay_start=start)
    assert (trainer.record, trainer.learner.decay_start) == (before, 0)
