from dataclasses import replace

import numpy as np
import pytest

from engine.data.reader import read_text
from engine.nn.network import loss_of_names
from engine.runs.replay import replay
from engine.runs.run_file import load_run, save_run
from engine.storage.validated_mapping import ValidatedMapping
from engine.training.learner import NetworkCopy
from engine.training.messages import HeldOutLoss
from engine.training.recipes import NOTEBOOK
from engine.training.settings import Hyperparameters, RunSettings
from engine.training.trainer import Trainer
from engine.training.watching.best_network import MEASUREMENTS, BestKeeper, margin

pytestmark = pytest.mark.usefixtures("each_backend")

OVERFITTING = Hyperparameters(0.03, 5.0, (12,), optimizer="adam", batch=50)
"""Of few names, a network soon knows too much: its best is among the first measurements."""


@pytest.fixture(scope="module")
def few_names(corpus, make_corpus):
    return make_corpus(corpus.names[:50])


@pytest.fixture(scope="module")
def text(tmp_path_factory):
    """Return a short text, which is soon known by heart."""
    random = np.random.default_rng(1)
    path = tmp_path_factory.mktemp("text") / "noise.txt"
    path.write_text("".join(random.choice(list("ab cd\n"), 900)))
    return read_text(path)


@pytest.fixture
def begin(few_names):
    """Return a function that begins a run whose held-out loss soon rises."""

    def make(hyperparameters=OVERFITTING, **settings):
        return Trainer(few_names, hyperparameters, settings=RunSettings(**settings))

    return make


@pytest.fixture(scope="module")
def states(few_names, advance):
    """Return the states of such a run by its step."""
    trainer, found = Trainer(few_names, OVERFITTING), {}
    for step in (60, 90, 160, 161):
        advance(trainer, step - trainer.step)
        found[step] = trainer.state()
    return found


@pytest.fixture
def begun(few_names, states):
    """Return a function that returns such a run as it was at a step."""
    return lambda step: Trainer.restored(few_names, states[step])


def measured_to(trainer, step, advance):
    """Train to a step, and return what was measured on the way, the beginning included."""
    chunks = [trainer.opening(), *advance(trainer, step - trainer.step)]
    return [measured for chunk in chunks for measured in chunk.held_out]


def assert_replayed(trainer):
    found = replay(trainer.record, trainer.corpus, trainer.parameters, trainer.step)
    assert found.difference is None
    assert found.events == len(trainer.record.events)


def test_the_best_network_is_the_one_with_the_lowest_loss(begin, advance):
    trainer = begin()
    measured = measured_to(trainer, 200, advance)
    lowest = min(measured, key=lambda m: m.nats_per_character)
    assert 0 < lowest.step < 160
    assert trainer.best.held_out == lowest
    found = loss_of_names(trainer.best.parameters, trainer.held_out)
    assert found.nats_per_character == lowest.nats_per_character
    again = begin()
    advance(again, lowest.step)
    assert again.is_at_best
    assert again.parameters.flat.tobytes() == trainer.best.parameters.flat.tobytes()
    assert not trainer.is_at_best


def test_a_run_that_holds_nothing_out_has_no_best_network(lengths_corpus):
    trainer = Trainer(lengths_corpus, recipe=NOTEBOOK)
    trainer.run(10)
    assert trainer.best is trainer.held_out_trend is None
    assert not trainer.is_at_best
    with pytest.raises(ValueError, match="Nothing is held out"):
        trainer.go_to_best()


def test_going_back_brings_the_network_and_its_moments(begin, begun, advance):
    trainer, again = begun(160), begin()
    advance(again, trainer.best.step)
    trainer.go_to_best()
    assert trainer.step == 160
    assert trainer.snapshot().step == trainer.best.step
    assert trainer.parameters.flat.tobytes() == again.parameters.flat.tobytes()
    for found, expected in zip(
        trainer.learner.optimizer.moments, again.learner.optimizer.moments, strict=True
    ):
        assert found.tobytes() == expected.tobytes()
    (event,) = trainer.record.events
    assert (event.step, event.kind) == (160, "go to best")
    assert [(c.name, c.before, c.after) for c in event.changes] == [("step", 160, again.step)]
    trend = trainer.held_out_trend
    assert trend.latest == replace(trend.best, step=160)
    assert not trend.has_risen
    trainer.go_to_best()  # it is there already
    assert len(trainer.record.events) == 1
    advance(trainer, 1)
    assert trainer.snapshot().step == 161


def test_moments_of_another_optimizer_are_not_taken(begun, advance):
    trainer = begun(160)
    trainer.set_hyperparameters(replace(trainer.hyperparameters, optimizer="rmsprop"))
    trainer.go_to_best()
    assert not trainer.learner.optimizer.moments[0].any()
    advance(trainer, 3)
    assert_replayed(trainer)


def test_going_back_and_undoing_it_is_repeated_to_the_bit(begun, advance):
    trainer = begun(160)
    left = trainer.parameters.copy()
    trainer.go_to_best()
    advance(trainer, 30)
    trainer.undo_go_to_best()
    assert trainer.parameters.flat.tobytes() == left.flat.tobytes()
    with pytest.raises(ValueError, match="no longer known"):
        trainer.undo_go_to_best()
    advance(trainer, 30)
    trainer.go_to_best()
    advance(trainer, 30)
    kinds = [event.kind for event in trainer.record.events]
    assert kinds == ["go to best", "undo go to best", "go to best"]
    assert_replayed(trainer)


@pytest.mark.parametrize("settings", [{"length": 60}, {"window": 9}], ids=str)
def test_a_run_on_a_text_goes_back(text, advance, settings, monkeypatch):
    for name in ("_SYMBOLS_BETWEEN", "_WINDOW_SYMBOLS_BETWEEN"):
        monkeypatch.setattr(f"engine.training.loaders.text_loader.{name}", 2_000)
    trainer = Trainer(
        text,
        Hyperparameters(0.05, widths=(9,), batch=9, optimizer="adam"),
        settings=RunSettings(cell="lstm", **settings),
    )
    advance(trainer, 60)
    trainer.go_to_best()
    assert trainer.record.events, "the best network was the latest"
    assert trainer.is_at_best
    advance(trainer, 20)
    assert_replayed(trainer)


def test_a_run_goes_back_to_other_widths_and_undoes_it(begun, advance):
    trainer = begun(160)
    best = trainer.best
    trainer.set_hyperparameters(replace(trainer.hyperparameters, widths=(7,)), 1)
    advance(trainer, 20)
    trainer.set_hyperparameters(replace(trainer.hyperparameters, widths=(7, 4)))
    advance(trainer, 20)
    assert trainer.best is best
    left = trainer.parameters.copy()
    trainer.go_to_best()
    assert trainer.hyperparameters.widths == (12,)
    assert trainer.parameters.flat.tobytes() == best.parameters.flat.tobytes()
    advance(trainer, 20)
    trainer.undo_go_to_best()
    assert trainer.hyperparameters.widths == (7, 4)
    assert trainer.parameters.flat.tobytes() == left.flat.tobytes()
    advance(trainer, 20)
    assert_replayed(trainer)


def test_units_pruned_before_are_known_again_after_an_undo(begun, advance):
    trainer = begun(160)
    trainer.set_hyperparameters(replace(trainer.hyperparameters, widths=(7,)), 1)
    before = trainer.parameters.copy()
    trainer.go_to_best()
    trainer.undo_go_to_best()
    assert trainer.parameters.flat.tobytes() == before.flat.tobytes()
    trainer.set_hyperparameters(replace(trainer.hyperparameters, widths=(12,)), 1, undo=True)
    advance(trainer, 10)
    assert trainer.record.events[-1].kind == "undo resize"
    assert_replayed(trainer)


def test_it_is_a_way_out_of_a_divergence(begin, advance):
    trainer = begin(replace(OVERFITTING, optimizer="sgd", clip=None))
    advance(trainer, 100)
    trainer.set_hyperparameters(replace(trainer.hyperparameters, learning_rate=1e20))
    while trainer.divergence is None:
        trainer.run(1)
    trainer.go_to_best()
    assert trainer.divergence is None
    trainer.set_hyperparameters(replace(trainer.hyperparameters, learning_rate=0.01))
    advance(trainer, 20)
    assert_replayed(trainer)


@pytest.mark.parametrize("step", [90, 160, 161])
def test_a_resumed_run_behaves_as_one_that_was_never_interrupted(
    begin, begun, advance, tmp_path, step
):
    whole, saved = begin(), begun(step)
    advance(whole, step)
    if step == 161:
        for trainer in (whole, saved):
            trainer.go_to_best()
    save_run(tmp_path / "run.npz", saved.corpus, saved.state())
    resumed = load_run(tmp_path / "run.npz").resume()
    for trainer in (whole, resumed):
        advance(trainer, 60)
        trainer.go_to_best()
        advance(trainer, 20)
    assert resumed.parameters.flat.tobytes() == whole.parameters.flat.tobytes()
    assert resumed.held_out_trend == whole.held_out_trend
    assert resumed.best.held_out == whole.best.held_out
    assert resumed.record == whole.record
    assert_replayed(resumed)


# The rule by which the loss has risen.


@pytest.fixture
def rises(make_parameters):
    """Return a function from losses to whether they had risen after each."""
    copy = NetworkCopy(make_parameters(3, 2, 1), "sgd", {"steps": 0})

    def trend(losses, keeper=None):
        keeper = keeper or BestKeeper()
        found = []
        for step, loss in enumerate(losses):
            keeper.take(HeldOutLoss(step, 13 * loss, loss), lambda: copy)
            found.append(keeper.trend is not None and keeper.trend.has_risen)
        return found

    return trend


def test_a_loss_that_stays_above_the_best_has_risen(rises):
    falling, above = np.linspace(3.0, 1.7, 20), np.full(60, 1.8)
    found = rises([*falling, *above])
    first = found.index(True)
    assert 20 + MEASUREMENTS - 1 <= first < 20 + 2 * MEASUREMENTS
    assert all(found[first:])


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_fast_fall_and_a_steep_rise_do_not_hide_each_other(rises, seed):
    random = np.random.default_rng(seed)
    losses = [4.1, 1.9, 1.8, *np.linspace(1.75, 2.5, 20)] + 0.01 * random.standard_normal(23)
    assert rises(losses).index(True) <= 4 + MEASUREMENTS


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_noise_is_hardly_ever_taken_for_a_rise(rises, seed):
    random = np.random.default_rng(seed)
    settled = 1.7 + 0.02 * random.standard_normal(1_000)
    assert np.mean(rises([*np.linspace(3.0, 1.7, 20), *settled])) < 0.06
    assert np.mean(rises([1.7, *(settled + 0.2)])) > 0.98


def test_a_single_good_measurement_ends_it(rises):
    losses = [1.7, *[1.8] * (2 * MEASUREMENTS), 1.7, 1.8]
    assert rises(losses)[-3:] == [True, False, False]


def test_losses_that_are_not_numbers_are_left_out(rises):
    assert not any(rises([1.7, *[float("nan")] * 50]))
    assert rises([float("inf"), 1.7, *[1.8] * (2 * MEASUREMENTS)])[-1]


def test_the_margin_is_half_a_percent_or_the_noise():
    assert margin(2.0, [2.5] * 9) == pytest.approx(0.01)
    assert margin(2.0, [2.0, 2.2, 2.0, 2.2]) > 0.1


# Forged states.


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("measured", np.full((2, 3), np.nan)),
        ("measured", np.array([[0.5, 1, 1], [1, 1, 1]])),
        ("measured", np.array([[-1.0, 1, 1], [1, 1, 1]])),
        ("measured", np.ones((1, 3))),
        ("recent", np.full(3, np.inf)),
        ("recent", np.ones(2 * MEASUREMENTS + 1)),
        ("has_risen", 0),
        ("widths", [12, 12]),
        ("widths", ["12"]),
        ("parameters", np.ones(3)),
        ("optimizer_name", "magic"),
        ("optimizer.moment.0", np.ones(3)),
    ],
)
def test_a_forged_state_is_refused(begun, name, value):
    trainer = begun(60)
    state = trainer.state()
    values = ValidatedMapping(dict(state.values) | {f"best.{name}": value}).part("best.")
    with pytest.raises(ValueError):  # noqa: PT011
        BestKeeper().restore(values, trainer.parameters)
