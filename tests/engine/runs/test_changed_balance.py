"""How evenly kinds are drawn, changed while a run goes on: replayed and resumed to the bit."""

import json
from dataclasses import replace

import numpy as np
import pytest

from engine.runs.reach import reach
from engine.runs.replay import replay
from engine.runs.run_file import load_run, save_run
from engine.training.history.checkpoints import Checkpoints
from engine.training.record import Change
from engine.training.settings import Hyperparameters, RunSettings
from engine.training.trainer import Trainer

pytestmark = pytest.mark.usefixtures("each_backend")

SIZES = {"many": 120, "few": 12}


@pytest.fixture
def corpus(make_kind_corpus):
    """Return kinds of different sizes."""
    return make_kind_corpus(
        {title: [title[0] + "a" * n for n in range(size)] for title, size in SIZES.items()}
    )


@pytest.fixture
def begin(corpus):
    """Return a function that begins a run on them."""

    def run(**others):
        hyperparameters = Hyperparameters(widths=(4,), batch=4, optimizer="adam", dropout=0.1)
        return Trainer(corpus, hyperparameters, settings=RunSettings(seed=1, task="tell"), **others)

    return run


def set_balance(trainer, balance):
    trainer.set_hyperparameters(replace(trainer.hyperparameters, balance=balance))


def share_of_few(trainer, names):
    batch = trainer.learner.loader.next_batch(names)
    return float((batch.kinds == list(SIZES).index("few")).mean())


def test_it_acts_at_the_next_step_and_is_an_event(begin, advance):
    trainer = begin()
    advance(trainer, 3)
    set_balance(trainer, 1.0)
    (event,) = trainer.record.events
    assert (event.step, event.kind) == (3, "set hyperparameters")
    assert event.changes == (Change("balance", 0.0, 1.0),)
    assert share_of_few(trainer, 100) == pytest.approx(0.5, abs=0.05)
    set_balance(trainer, 0.0)
    assert share_of_few(trainer, 118) == pytest.approx(11 / 119, abs=0.01)


def test_the_same_balance_again_changes_nothing(begin, advance):
    trainer, other = begin(), begin()
    for each in (trainer, other):
        advance(each, 3)
    set_balance(trainer, 0.0)
    assert trainer.record.events == ()
    for each in (trainer, other):
        advance(each, 3)
    assert trainer.parameters.flat.tobytes() == other.parameters.flat.tobytes()


def changed_twice(trainer, advance):
    """Change the balance in the middle of an epoch, twice at one step, and later back."""
    for steps, balances in ((7, (1.0, 0.4)), (40, (0.9,)), (9, (0.0,)), (5, ())):
        advance(trainer, steps)
        for balance in balances:
            set_balance(trainer, balance)
    return trainer


def test_it_is_replayed_to_the_bit(begin, advance):
    trainer = changed_twice(begin(), advance)
    found = replay(trainer.record, trainer.corpus, trainer.parameters, trainer.step)
    assert found.difference is None
    assert found.events == 4


@pytest.mark.parametrize("steps", [0, 1, 33])
def test_a_run_saved_after_a_change_goes_on_as_if_it_had_not_been(tmp_path, begin, advance, steps):
    trainer = begin()
    advance(trainer, 10)
    set_balance(trainer, 0.7)
    advance(trainer, steps)
    save_run(tmp_path / "run.npz", trainer.corpus, trainer.state())
    resumed = load_run(tmp_path / "run.npz").resume()
    assert resumed.hyperparameters.balance == 0.7
    for each in (trainer, resumed):
        advance(each, 50)
    assert resumed.parameters.flat.tobytes() == trainer.parameters.flat.tobytes()


def test_any_step_of_such_a_run_is_reached_again(begin, advance):
    trainer = begin(checkpoints=Checkpoints())
    kept = {}
    for steps, balance in ((7, 1.0), (20, 0.3), (20, 0.0)):
        advance(trainer, steps)
        kept[trainer.step] = trainer.parameters.flat.tobytes()
        set_balance(trainer, balance)
    advance(trainer, 5)
    for step, parameters in kept.items():
        found = reach(trainer.history, trainer.corpus, step).trainer
        assert found.parameters.flat.tobytes() == parameters


def test_a_file_with_the_balance_among_the_settings_goes_on_the_same(tmp_path, begin, advance):
    """As the first runs of version 5 of the format were saved."""
    trainer = begin(checkpoints=Checkpoints())
    set_balance(trainer, 0.6)
    path = tmp_path / "run.npz"
    trainer = Trainer(
        trainer.corpus,
        trainer.hyperparameters,
        settings=replace(trainer.settings, measuring="frequent"),
        checkpoints=Checkpoints(),
    )
    advance(trainer, 10)
    save_run(path, trainer.corpus, trainer.state(), checkpoints=trainer.checkpoints)
    with np.load(path) as file:
        content = dict(file)
    texts = {name: json.loads(bytes(content[name])) for name in ("run", "checkpoints")}
    del texts["run"]["settings"]["measuring"]
    texts["run"]["settings"]["balance"] = 0.6
    for of_run in ("initial_hyperparameters", "hyperparameters"):
        del texts["run"][of_run]["balance"]
    for checkpoint in texts["checkpoints"]:
        del checkpoint["hyperparameters"]["balance"]
    content |= {
        name: np.frombuffer(json.dumps(text).encode(), np.uint8) for name, text in texts.items()
    }
    np.savez(path, **content)
    saved = load_run(path)
    assert saved.record == trainer.record
    assert [each.state.hyperparameters.balance for each in saved.checkpoints] == [
        0.6 for _ in trainer.checkpoints
    ]
    resumed = saved.resume()
    for each in (trainer, resumed):
        advance(each, 40)
    assert resumed.parameters.flat.tobytes() == trainer.parameters.flat.tobytes()
