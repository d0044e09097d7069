"""The loss watch: what it calls a rise, what a spike, and what it takes for noise."""

import json
import math
from dataclasses import replace

import numpy as np
import pytest

from engine.storage.validated_mapping import ValidatedMapping
from engine.training.recipes import DEFAULT, NOTEBOOK
from engine.training.settings import Hyperparameters, RunSettings
from engine.training.trainer import Trainer
from engine.training.watching.loss_watch import MAX_SPIKES, LossWatch, advice_for

pytestmark = pytest.mark.usefixtures("each_backend")

SYMBOLS = 27
GUESSING = math.log(SYMBOLS)
CHARACTERS = 10.0


class Watched:
    """A watch that is fed with made-up losses, in nats per character."""

    def __init__(self, batch=32):
        self.watch = LossWatch(SYMBOLS, CHARACTERS)
        self.batch = batch
        self.step = 0
        self.changes = []  # (step, rise) whenever the rise has changed

    def feed(self, steps, loss, noise=0.0):
        random = np.random.default_rng(self.step)
        for value in loss + noise * random.standard_normal(steps):
            self.step += 1
            added = [value * CHARACTERS], [CHARACTERS]
            if self.watch.steps_left > 1:
                self.watch.add(*added)
            elif self.watch.add_block(self.step, *added, self.batch):
                self.changes.append((self.step, self.watch.rise))
        return self


@pytest.fixture
def learned():
    """Return a watch after 500 steps at 2 nats per character."""
    return Watched().feed(100, np.linspace(GUESSING, 2.0, 100)).feed(400, 2.0, 0.1)


@pytest.fixture
def as_saved():
    """Return a function that sends a state through JSON, as a file does."""

    def convert(state):
        arrays = {name: value for name, value in state.items() if isinstance(value, np.ndarray)}
        rest = {name: value for name, value in state.items() if name not in arrays}
        return ValidatedMapping(json.loads(json.dumps(rest)) | arrays)

    return convert


def test_a_loss_above_guessing_that_stays_there_is_a_rise(learned):
    learned.feed(60, 5.0, 0.1)
    ((step, rise),) = learned.changes
    assert 500 < step <= 530
    assert (rise.step, rise.since, rise.guessing) == (step, 500, GUESSING)
    assert rise.before == pytest.approx(2.0, abs=0.1)
    assert rise.now == pytest.approx(5.0, abs=0.1)
    assert rise.is_worse_than_guessing


def test_more_than_twice_the_best_is_a_rise_below_guessing_too():
    watched = Watched().feed(100, np.linspace(GUESSING, 1.1, 100)).feed(300, 1.1, 0.05)
    watched.feed(100, 1.9, 0.05)
    assert not watched.changes
    watched.feed(100, 2.6, 0.05)
    ((_, rise),) = watched.changes
    assert not rise.is_worse_than_guessing


def test_a_slow_decline_is_a_rise_since_it_left_its_best(learned):
    learned.feed(2_000, np.linspace(2.0, 4.0, 2_000), 0.05)
    ((step, rise),) = learned.changes
    assert 1_500 < step < 2_000, "where it reaches the loss of guessing"
    assert 500 < rise.since < 1_200
    assert learned.watch.healthy_step <= rise.since


def test_a_loss_that_comes_down_again_has_recovered(learned):
    learned.feed(60, 5.0).feed(60, 2.9)
    (_, (step, rise)) = learned.changes
    assert rise is None
    assert 560 < step <= 600
    assert learned.watch.rise is None


def test_a_loss_at_the_limit_does_not_cross_it_again_and_again(learned):
    learned.feed(20_000, GUESSING, 0.3)
    assert len(learned.changes) <= 3


@pytest.mark.parametrize(("height", "steps"), [(300.0, 1), (30.0, 3), (8.0, 10)])
def test_a_short_spike_is_marked_and_not_told(learned, height, steps):
    profile = np.full(steps, height)
    profile[steps // 2] += 1.0
    learned.feed(steps, profile).feed(200, 2.0, 0.1)
    assert not learned.changes
    (spike,) = learned.watch.spikes
    assert spike.step == 500 + steps // 2 + 1
    assert spike.nats_per_character == pytest.approx(height + 1.0)


def test_a_rise_that_heals_by_itself_is_marked_at_its_peak(learned):
    learned.feed(60, np.concatenate([np.full(30, 5.0), [9.0], np.full(29, 5.0)]))
    assert not learned.watch.spikes
    learned.feed(60, 2.0)
    assert [spike.step for spike in learned.watch.spikes] == [531]


def test_a_bad_network_is_not_marked_as_if_it_were_over(learned):
    """The loss swings about its limit, block by block."""
    block = learned.watch.steps_left + 5
    for _ in range(4):
        learned.feed(block, 4.0).feed(block, 3.1)
        assert not learned.watch.spikes
    learned.feed(100, 5.0)
    assert learned.watch.rise is not None
    assert not learned.watch.spikes
    learned.feed(100, 2.0)
    assert len(learned.watch.spikes) == 1


def test_the_number_of_marks_is_bounded_and_the_highest_stay(learned):
    random = np.random.default_rng(2)
    heights = random.permutation(np.linspace(20.0, 40.0, MAX_SPIKES + 20))
    for height in heights:
        learned.feed(1, height).feed(99, 2.0)
    spikes = learned.watch.spikes
    assert len(spikes) == MAX_SPIKES
    found = [spike.nats_per_character for spike in spikes]
    np.testing.assert_allclose(sorted(found), np.sort(heights)[-MAX_SPIKES:])
    assert [spike.step for spike in spikes] == sorted(spike.step for spike in spikes)


def test_a_network_that_has_learned_nothing_is_not_worse_than_guessing():
    watched = Watched(batch=1).feed(20_000, 1.02 * GUESSING, 0.4)
    assert not watched.changes
    assert not watched.watch.is_healthy


def test_a_network_that_only_gets_worse_is_told_about():
    watched = Watched().feed(200, np.linspace(GUESSING, 30.0, 200))
    ((step, rise),) = watched.changes
    assert step <= 150
    assert (rise.since, rise.before) == (0, GUESSING)


def test_what_can_hardly_be_learned_is_healthy_all_the_same():
    """As with random letters, whose loss stays just below that of guessing."""
    watched = Watched().feed(5_000, 0.91 * GUESSING, 0.03)
    assert not watched.changes
    assert watched.watch.is_healthy


def test_what_is_known_by_heart_is_healthy_too():
    """A loss of 0.02 nats may double ten times over without harm."""
    random = np.random.default_rng(4)
    watched = Watched().feed(100, np.linspace(GUESSING, 0.02, 100))
    watched.feed(5_000, 0.02 * np.exp(random.standard_normal(5_000)))
    assert not watched.changes
    assert watched.watch.is_healthy


def test_after_a_resize_the_loss_has_time_to_settle(learned):
    learned.watch.expect_jump()
    learned.feed(60, 6.0).feed(200, 2.2, 0.1)
    assert not learned.changes
    learned.watch.expect_jump()
    learned.feed(200, 6.0)
    assert len(learned.changes) == 1, "it has stayed bad"


def test_a_restored_watch_goes_on_as_the_original(learned, as_saved):
    for steps, loss in ((3, 2.0), (10, 9.0), (33, 5.0), (70, 2.0), (1, 80.0), (120, 2.0)):
        learned.feed(steps, loss, 0.1)
        copy = Watched()
        copy.step = learned.step
        copy.watch.restore(as_saved(learned.watch.state()))
        assert_same(copy.watch, learned.watch)
        for each in (learned, copy):
            each.changes.clear()
            each.feed(7, loss, 0.1)
        assert copy.changes == learned.changes
        assert_same(copy.watch, learned.watch)


def assert_same(one, other):
    first, second = one.state(), other.state()
    assert first.keys() == second.keys()
    for name, value in first.items():
        np.testing.assert_array_equal(value, second[name], err_msg=name)
    assert (one.rise, one.spikes, one.loss) == (other.rise, other.spikes, other.loss)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("healthy_step", -1),
        ("healthy_step", 10**400),
        ("best", "low"),
        ("block_steps", 0),
        ("quiet_blocks", 10**9),
        ("rise", [1, 2]),
        ("rise", [1, 2, "3", 4]),
        ("rise", 7),
        ("peak", [1, 2, 0.5]),
        ("peak", [10**400, 2, 3]),
        ("spikes", np.zeros((MAX_SPIKES + 1, 3))),
        ("spikes", np.array([[1.0, np.nan, 3.0]])),
        ("blocks", np.array([[-1.0, 2.0]])),
        ("block", np.zeros((3, 2))),
    ],
)
def test_a_damaged_state_is_refused(learned, name, value):
    with pytest.raises(ValueError, match=r"must"):
        learned.watch.restore(ValidatedMapping(learned.watch.state() | {name: value}))


@pytest.mark.parametrize(
    ("clip", "advice"),
    [(None, "turn clipping on"), (5.0, "or the clip value")],
)
def test_the_advice_names_what_can_be_changed(clip, advice):
    assert advice in advice_for(Hyperparameters(clip=clip))


# Real runs


def rises(trainer, steps):
    """Train, and return each rise that is told."""
    found, end = [], trainer.step + steps
    while trainer.step < end and trainer.divergence is None:
        trainer.run(end - trainer.step)
        if trainer.rise is not None and trainer.rise not in found:
            found.append(trainer.rise)
    return found


@pytest.mark.parametrize("recipe", [DEFAULT, NOTEBOOK], ids=lambda recipe: recipe.name)
@pytest.mark.parametrize("rate", [0.001, 0.01, 0.03])
def test_healthy_runs_of_single_names_are_silent(corpus, recipe, rate):
    trainer = Trainer(corpus, Hyperparameters(rate, widths=(20,)), recipe)
    assert not rises(trainer, 2_000)


@pytest.mark.parametrize(
    ("chosen", "cell"),
    [
        ({"learning_rate": 0.005, "optimizer": "adam", "batch": 32}, "gru"),
        ({"learning_rate": 0.005, "optimizer": "adam", "batch": 16, "dropout": 0.3}, "lstm"),
        ({"learning_rate": 0.003, "optimizer": "adam"}, "rnn"),
    ],
    ids=str,
)
def test_healthy_runs_of_batches_are_silent(corpus, chosen, cell):
    trainer = Trainer(corpus, Hyperparameters(widths=(8,), **chosen), settings=RunSettings(cell))
    assert not rises(trainer, 150)


@pytest.mark.parametrize("change", [{"widths": (4,)}, {"widths": (12, 12)}, {"dropout": 0.5}])
def test_a_change_that_raises_the_loss_for_a_while_is_not_told(corpus, advance, change):
    initial = Hyperparameters(0.01, widths=(12,), optimizer="adam", batch=4)
    trainer = Trainer(corpus, initial)
    advance(trainer, 200)
    trainer.set_hyperparameters(replace(trainer.hyperparameters, **change))
    assert not rises(trainer, 150)


@pytest.mark.parametrize("optimizer", ["sgd", "momentum", "adam"])
def test_a_rate_of_1_without_clipping_is_told(train, optimizer):
    trainer = train(1_000)
    trainer.set_hyperparameters(
        replace(trainer.hyperparameters, learning_rate=1.0, clip=None, optimizer=optimizer)
    )
    (rise,) = rises(trainer, 400)
    assert 950 <= rise.since <= 1_010 < rise.step < 1_200
    assert rise.before < 2.6 < rise.guessing < rise.now


def test_momentum_at_the_rate_of_sgd_is_told(corpus, advance):
    trainer = Trainer(corpus, Hyperparameters(0.03))
    advance(trainer, 1_000)
    trainer.set_hyperparameters(replace(trainer.hyperparameters, optimizer="momentum"))
    (rise,) = rises(trainer, 1_000)
    assert rise.is_worse_than_guessing


def test_a_run_that_never_learns_is_told(corpus):
    (rise,) = rises(Trainer(corpus, Hyperparameters(5.0, clip=None)), 600)
    assert (rise.since, rise.good_step) == (0, 0)


def test_watching_is_the_same_however_steps_are_divided(corpus, advance):
    found = []
    for at_a_time in (1, 7, 10**9):
        trainer = Trainer(corpus, Hyperparameters(0.01))
        advance(trainer, 600, at_a_time)
        trainer.set_hyperparameters(replace(trainer.hyperparameters, learning_rate=1.0, clip=None))
        advance(trainer, 300, at_a_time)
        found.append((trainer.rise, trainer.spikes, trainer.watched_loss))
    assert found[0] == found[1] == found[2]
    assert found[0][0] is not None
