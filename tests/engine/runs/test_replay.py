from dataclasses import replace

import numpy as np
import pytest

from engine.nn.cells import CELLS
from engine.nn.packing import Packed
from engine.runs.replay import replay
from engine.runs.run_file import load_run, save_run
from engine.training.ranges import MAX_LEARNING_RATE
from engine.training.recipes import DEFAULT, NOTEBOOK
from engine.training.record import Record
from engine.training.settings import Hyperparameters, RunSettings
from engine.training.trainer import Trainer


def repeated(trainer):
    return replay(trainer.record, trainer.corpus, trainer.parameters, trainer.step)


@pytest.fixture
def changing(lengths_corpus, backend):
    """Return a function that trains while random hyperparameters change at random times."""

    def run(cell="rnn", recipe=DEFAULT, count=40, **hyperparameters):
        random = np.random.default_rng(3)
        trainer = Trainer(
            lengths_corpus,
            Hyperparameters(widths=(6,), backend=backend, **hyperparameters),
            recipe,
            RunSettings(cell),
        )
        for _ in range(count):
            changed = (
                {"learning_rate": float(random.uniform(0.001, 0.1))},
                {"widths": (int(random.integers(4, 10)),)},
                {"optimizer": str(random.choice(["sgd", "adam", "rmsprop"]))},
                {"clip": None if random.random() < 0.3 else 1.0},
            )[random.integers(4)]
            trainer.set_hyperparameters(replace(trainer.hyperparameters, **changed))
            for _ in range(random.integers(3)):
                trainer.run(int(random.integers(1, 9)), float(random.choice([0.0, 1.0])))
        return trainer

    return run


@pytest.mark.parametrize(
    "chosen", [*({"cell": cell, "batch": 2} for cell in CELLS), {"recipe": NOTEBOOK}, {}], ids=str
)
def test_many_random_changes_are_repeated_to_the_bit(changing, chosen):
    trainer = changing(**chosen)
    found = repeated(trainer)
    assert found.difference is None
    assert (found.steps, found.events) == (trainer.step, len(trainer.record.events))
    assert found.summary().endswith("events: the same to the bit.")


@pytest.fixture
def undoing(lengths_corpus):
    """Return a function that changes and undoes widths at random, and trains in between."""

    def change(trainer, random, count=30):
        group = 1
        for attempt in range(count):
            hyperparameters = trainer.hyperparameters
            changed = replace(
                hyperparameters,
                learning_rate=float(random.uniform(0.001, 0.05)),
                widths=(int(random.integers(4, 12)),),
            )
            group = max((group, group, group, group - 1, group + 1)[random.integers(5)], 1)
            trainer.set_hyperparameters(
                changed, group if attempt % 8 else None, undo=bool(random.random() < 0.5)
            )
            trainer.run(int(random.integers(1, 9)))
        return trainer

    return change


@pytest.mark.parametrize(
    "chosen", [*({"cell": cell, "batch": 2} for cell in CELLS), {"recipe": NOTEBOOK}], ids=str
)
def test_undone_changes_are_repeated_to_the_bit(changing, undoing, chosen):
    trainer = undoing(changing(**chosen, count=0), np.random.default_rng(4))
    kinds = [event.kind for event in trainer.record.events]
    assert kinds.count("undo resize") > 5
    assert repeated(trainer).difference is None


def slope_error(trainer, random):
    """Compare a directional derivative of the loss with finite differences; return the error."""
    network, flat = trainer.learner.network, trainer.parameters.flat
    names = trainer.training_names
    batch = Packed.of(names, np.arange(len(names)))
    network.loss_and_gradients(batch)
    direction = random.standard_normal(len(flat)) / np.sqrt(len(flat))
    expected, start = float(network.gradients.flat @ direction), flat.copy()
    losses = []
    for step in (1e-5, -1e-5):
        flat[:] = start + step * direction
        losses.append(network.loss(batch))
    flat[:] = start
    return abs((losses[0] - losses[1]) / 2e-5 - expected) / max(abs(expected), 1.0)


class Wandering:
    """Resizes, adds layers, undoes, redoes, trains, saves and resumes, as a window would."""

    def __init__(self, trainer, random, path):
        self.trainer, self._random, self._path = trainer, random, path
        self._undone, self._done, self._group = [], [], 0
        self.orders = set()

    def go_on(self):
        """Do one of these things, drawn at random."""
        orders = (self._resize, self._add, self._undo, self._undo, self._redo, self._train)
        resumes = self._random.random() < 0.06
        order = self._resume if resumes else orders[self._random.integers(len(orders))]
        order()
        self.orders.add(order.__name__)

    def _set(self, widths, group, *, undo=False):
        wanted = replace(self.trainer.hyperparameters, widths=widths)
        self.trainer.set_hyperparameters(wanted, group, undo=undo)

    def _change(self, widths):
        self._group += self._random.random() < 0.8  # else it continues the gesture before
        before = self.trainer.hyperparameters.widths
        if self._done and self._done[-1][0] == self._group:
            before = self._done.pop()[1]
        self._set(widths, self._group)
        self._done.append((self._group, before, widths))
        self._undone.clear()

    def _resize(self):
        widths = list(self.trainer.hyperparameters.widths)
        widths[self._random.integers(len(widths))] = int(self._random.integers(4, 9))
        self._change(tuple(widths))

    def _add(self):
        widths = self.trainer.hyperparameters.widths
        if len(widths) < 3:
            self._change((*widths, int(self._random.integers(4, 7))))

    def _undo(self):
        if self._done:
            group, before, after = self._done.pop()
            self._set(before, group, undo=True)
            self._undone.append((group, before, after))
            self._group = max(self._group, group) + 1

    def _redo(self):
        if self._undone:
            group, before, after = self._undone.pop()
            self._set(after, group, undo=True)
            self._done.append((group, before, after))
            self._group = max(self._group, group) + 1

    def _train(self):
        self.trainer.run(int(self._random.integers(1, 6)))

    def _resume(self):
        save_run(self._path, self.trainer.corpus, self.trainer.state())
        self.trainer = load_run(self._path).resume()


@pytest.mark.parametrize(("seed", "cell"), list(enumerate(CELLS)))
def test_layers_and_widths_in_any_order_are_repeated_to_the_bit(
    lengths_corpus, tmp_path, cell, seed
):
    trainer = Trainer(
        lengths_corpus,
        Hyperparameters(0.02, widths=(5,), batch=2, optimizer=("sgd", "adam", "momentum")[seed]),
        settings=RunSettings(cell, seed=seed, embedding=(None, 3, None)[seed]),
    )
    random = np.random.default_rng((7, seed))
    wandering = Wandering(trainer, random, tmp_path / "run.npz")
    for _ in range(50):
        wandering.go_on()
        trainer = wandering.trainer
        assert trainer.parameters.architecture.widths == trainer.hyperparameters.widths
        assert trainer.parameters.is_finite()
        assert slope_error(trainer, random) < 1e-5
    assert len(wandering.orders) == 6, "everything has happened"
    assert repeated(wandering.trainer).difference is None


def test_a_narrowing_undone_and_redone_is_repeated(changing, advance):
    trainer = changing(count=0)
    hyperparameters = trainer.hyperparameters
    advance(trainer, 20)
    narrower = replace(hyperparameters, widths=(4,))
    for wanted, back in (
        (narrower, False),
        (hyperparameters, True),
        (narrower, True),
        (hyperparameters, True),
    ):
        trainer.set_hyperparameters(wanted, 7, undo=back)
        advance(trainer, 5)
    events = trainer.record.events
    assert [event.kind for event in events] == ["set hyperparameters", *["undo resize"] * 3]
    assert {event.resize for event in events} == {0}
    assert repeated(trainer).difference is None


def test_a_replay_distinguishes_undone_units_from_new_ones(changing, advance):
    trainer = changing(count=0)
    hyperparameters = trainer.hyperparameters
    trainer.set_hyperparameters(replace(hyperparameters, widths=(4,)), 1)
    trainer.set_hyperparameters(hyperparameters, 1, undo=True)
    advance(trainer, 5)
    first, second = trainer.record.events
    forged = replace(
        trainer.record, events=(first, replace(second, kind="set hyperparameters", resize=None))
    )
    found = replay(forged, trainer.corpus, trainer.parameters, trainer.step)
    assert "differs at the end" in found.difference


def test_undo_groups_from_before_a_resume_are_not_reused(changing, undoing, advance, tmp_path):
    random = np.random.default_rng(5)
    trainer = undoing(changing(count=0), random, count=25)
    for again in range(3):
        path = tmp_path / f"{again}.npz"
        save_run(path, trainer.corpus, trainer.state())
        trainer = load_run(path).resume()
        undoing(trainer, random, count=25)
    assert repeated(trainer).difference is None


def test_a_resumed_run_does_not_know_units_pruned_before(changing, advance, tmp_path):
    trainer = changing(count=0)
    hyperparameters = trainer.hyperparameters
    advance(trainer, 20)
    before = trainer.parameters.flat.copy()
    trainer.set_hyperparameters(replace(hyperparameters, widths=(4,)), 1)
    save_run(tmp_path / "run.npz", trainer.corpus, trainer.state())
    resumed = load_run(tmp_path / "run.npz").resume()
    resumed.set_hyperparameters(hyperparameters, 1, undo=True)
    trainer.set_hyperparameters(hyperparameters, 1, undo=True)
    np.testing.assert_array_equal(trainer.parameters.flat, before)
    assert not np.array_equal(resumed.parameters.flat, before)
    assert [event.kind for event in resumed.record.events] == [
        "set hyperparameters",
        "set hyperparameters",
    ]
    for ended in (trainer, resumed):
        advance(ended, 5)
        assert repeated(ended).difference is None


def test_a_diverging_network_forgets_its_resizes_and_is_repeated(lengths_corpus):
    trainer = Trainer(lengths_corpus, Hyperparameters(learning_rate=30.0, widths=(8,)))
    random = np.random.default_rng(6)
    for _ in range(30):
        hyperparameters = replace(trainer.hyperparameters, widths=(int(random.integers(4, 10)),))
        trainer.set_hyperparameters(
            hyperparameters, int(random.integers(3)), undo=bool(random.random() < 0.5)
        )
        trainer.run(int(random.integers(1, 60)))
    kinds = [event.kind for event in trainer.record.events]
    assert "diverged" in kinds or trainer.smoothed_loss > 30
    assert repeated(trainer).difference is None


def test_divergences_and_the_choices_after_them_are_repeated(lengths_corpus):
    trainer = Trainer(lengths_corpus, Hyperparameters(learning_rate=1e12))
    for choose in (
        lambda: trainer.roll_back(halve_rate=True),
        trainer.go_on,
        trainer.roll_back,
        lambda: trainer.set_hyperparameters(
            replace(trainer.hyperparameters, widths=(7,), learning_rate=0.01)
        ),
    ):
        while trainer.divergence is None:
            trainer.run(10)
        choose()
        trainer.run(5)
    kinds = [event.kind for event in trainer.record.events]
    assert {"diverged", "roll back", "roll back and halve the rate", "go on"} <= {*kinds}
    assert repeated(trainer).difference is None


def test_halving_the_rate_and_going_on_with_the_diverged_parameters(lengths_corpus):
    trainer = Trainer(lengths_corpus, Hyperparameters(learning_rate=1e12))
    with pytest.raises(ValueError, match="has not diverged"):
        trainer.roll_back()
    while trainer.divergence is None:
        trainer.run(10)
    good = trainer.parameters.flat.copy()
    trainer.roll_back(halve_rate=True)
    assert trainer.hyperparameters.learning_rate == 5e11
    np.testing.assert_array_equal(trainer.parameters.flat, good)
    trainer.go_on()
    assert np.abs(trainer.parameters.flat).max() > 1e11
    assert np.isfinite(trainer.parameters.flat).all()
    with pytest.raises(ValueError, match="has not diverged"):
        trainer.go_on()


@pytest.fixture(scope="module")
def risen_state(corpus, advance):
    """Return the state of a run whose loss has risen far above guessing."""
    trainer = Trainer(corpus, Hyperparameters())
    advance(trainer, 1_000)
    ruinous = replace(trainer.hyperparameters, learning_rate=1.0, clip=None)
    trainer.set_hyperparameters(ruinous)
    while trainer.rise is None:
        trainer.run(1_000)
    return trainer.state()


@pytest.fixture
def risen(corpus, risen_state):
    """Return a run whose loss has risen far above guessing."""
    return Trainer.restored(corpus, risen_state)


@pytest.mark.parametrize(("halve_rate", "is_saved"), [(False, True), (True, False)])
def test_going_back_is_repeated(risen, advance, tmp_path, halve_rate, is_saved):
    trainer = risen
    for _ in range(2):  # the second time to the network that it went back to
        advance(trainer, 300)
        if is_saved:
            save_run(tmp_path / "run.npz", trainer.corpus, trainer.state())
            trainer = load_run(tmp_path / "run.npz").resume()
        assert trainer.rise is not None
        trainer.go_back(halve_rate=halve_rate)
        advance(trainer, 300)
    kinds = [event.kind for event in trainer.record.events]
    assert kinds == ["set hyperparameters"] + 2 * [
        "go back and halve the rate" if halve_rate else "go back"
    ]
    assert repeated(trainer).difference is None


def test_undoing_a_return_is_repeated(risen, advance):
    left, loss, step = risen.parameters.flat.copy(), risen.smoothed_loss, risen.step
    risen.go_back()
    advance(risen, 30)
    assert risen.can_undo_go_back
    risen.undo_go_back()
    np.testing.assert_array_equal(risen.parameters.flat, left)
    assert (risen.smoothed_loss, risen.snapshot().step) == (loss, step)
    with pytest.raises(ValueError, match="no longer known"):
        risen.undo_go_back()
    good_step = risen.good_step
    advance(risen, 600)
    assert risen.rise is not None, "it is told again that the network is bad"
    assert risen.good_step == good_step, "and there still is a way back"
    risen.go_back()
    advance(risen, 30)
    kinds = [event.kind for event in risen.record.events]
    assert kinds == ["set hyperparameters", "go back", "undo go back", "go back"]
    assert repeated(risen).difference is None


def test_a_return_to_the_best_and_one_to_a_good_network_are_undone_apart(risen, advance):
    left = risen.parameters.flat.copy()
    risen.go_back()
    risen.go_to_best()
    risen.undo_go_back()
    np.testing.assert_array_equal(risen.parameters.flat, left)
    advance(risen, 10)
    assert risen.can_undo_go_to_best
    assert repeated(risen).difference is None


def test_going_back_after_a_divergence_is_repeated(risen, advance):
    risen.set_hyperparameters(replace(risen.hyperparameters, learning_rate=1e20))
    while risen.divergence is None:
        risen.run(10)
    risen.go_back()
    risen.roll_back(halve_rate=True)
    risen.set_hyperparameters(replace(risen.hyperparameters, learning_rate=0.01, clip=5.0))
    advance(risen, 100)
    assert repeated(risen).difference is None


def test_a_resumed_run_watches_its_loss_as_one_that_was_never_interrupted(
    corpus, advance, tmp_path
):
    trainer = Trainer(corpus, Hyperparameters())
    advance(trainer, 995)
    ruinous = replace(trainer.hyperparameters, learning_rate=1.0, clip=None)
    trainer.set_hyperparameters(ruinous)
    for steps in (17, 40, 80, 200):
        save_run(tmp_path / "run.npz", trainer.corpus, trainer.state())
        resumed = load_run(tmp_path / "run.npz").resume()
        for each in (trainer, resumed):
            advance(each, steps)
        assert (resumed.rise, resumed.spikes) == (trainer.rise, trainer.spikes)
        assert resumed.watched_loss == trainer.watched_loss
    assert trainer.rise is not None
    for each in (trainer, resumed):
        each.go_back()
    np.testing.assert_array_equal(resumed.parameters.flat, trainer.parameters.flat)


def test_parameters_that_are_not_finite_cannot_be_continued(lengths_corpus):
    steep = Hyperparameters(learning_rate=MAX_LEARNING_RATE, clip=None, l2=1e8)
    trainer = Trainer(lengths_corpus, steep, settings=RunSettings(dtype="float32"))
    while trainer.divergence is None:
        trainer.run(10)
    trainer.go_on()  # from parameters that are finite, but so large that the next step overflows
    trainer.run(1)
    assert trainer.divergence is not None
    assert not trainer.divergence.can_go_on
    with pytest.raises(ValueError, match="Roll back instead"):
        trainer.go_on()
    trainer.run(1)


def test_a_resumed_run_is_repeated(changing, advance, tmp_path):
    trainer = changing()
    save_run(tmp_path / "run.npz", trainer.corpus, trainer.state())
    resumed = load_run(tmp_path / "run.npz").resume()
    advance(resumed, 10)
    assert resumed.record == trainer.record
    assert repeated(resumed).difference is None


def test_setting_equal_hyperparameters_is_not_an_event(changing):
    trainer = changing(count=0)
    trainer.set_hyperparameters(replace(trainer.hyperparameters))
    assert trainer.record.events == ()


def test_a_record_survives_the_conversion_to_json(changing):
    trainer = changing()
    for back in (False, True):
        widths = (5 if back else 4,)
        trainer.set_hyperparameters(replace(trainer.hyperparameters, widths=widths), 1, undo=back)
    record = trainer.record
    assert record.events[-1].resize is not None
    assert Record.from_json(record.to_json()) == record
    forged = {"step": 0, "kind": "set hyperparameters", "changes": [], "resize": 1.5}
    with pytest.raises(ValueError, match=r"resize must be a whole number .* got 1\.5"):
        Record.from_json(record.to_json() | {"events": [forged]})


def test_a_replay_says_where_it_differs(changing):
    trainer = changing()
    record, corpus, step = trainer.record, trainer.corpus, trainer.step
    other = trainer.parameters.copy()
    other.named["Waa"][1, 2] = np.nextafter(other.named["Waa"][1, 2], 9.0)
    assert "first in Waa at [1, 2]" in replay(record, corpus, other, step).difference
    events = record.events
    later = next(i for i, event in enumerate(events) if event.step)
    altered = replace(events[later], smoothed_loss=1.0)
    forged = replace(record, events=(*events[:later], altered, *events[later + 1 :]))
    found = replay(forged, corpus, other, step)
    assert f"differs by step {events[later].step:,}, where the smoothed loss" in found.difference
    faster = replace(record, hyperparameters=replace(record.hyperparameters, l2=0.5))
    assert replay(faster, corpus, other, step).difference is not None


def test_the_command_line_repeats_a_run(tmp_path, run_python, corpus):
    names, run = tmp_path / "names.txt", tmp_path / "run.npz"
    names.write_text("\n".join(corpus.names), encoding="utf-8")
    hyperparameters = ("--hidden", "8", "--steps", "50", "--save", run)
    ended = run_python("-m", "engine", "train", names, *hyperparameters)
    assert ended.returncode == 0, ended.stderr
    ended = run_python("-m", "engine", "replay", run)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout == "Replayed 50 steps and 0 events: the same to the bit.\n"
