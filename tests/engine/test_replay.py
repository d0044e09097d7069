from dataclasses import replace

import numpy as np
import pytest

from engine.cells import CELLS
from engine.recipes import DEFAULT, NOTEBOOK
from engine.record import Record
from engine.replay import replay
from engine.run_file import load_run, save_run
from engine.settings import Hyperparameters, RunSettings
from engine.trainer import Trainer


def repeated(trainer):
    return replay(trainer.record, trainer.corpus, trainer.parameters, trainer.step)


@pytest.fixture
def stormy(lengths_corpus):
    """Return a function that trains while knobs are turned at random, in slices at random."""

    def run(cell="rnn", recipe=DEFAULT, turns=60, **knobs):
        random = np.random.default_rng(3)
        trainer = Trainer(
            lengths_corpus, Hyperparameters(widths=(6,), **knobs), recipe, RunSettings(cell)
        )
        for _ in range(turns):
            turned = (
                {"learning_rate": float(random.uniform(0.001, 0.1))},
                {"widths": (int(random.integers(4, 10)),)},
                {"optimizer": str(random.choice(["sgd", "adam", "rmsprop"]))},
                {"clip": None if random.random() < 0.3 else 1.0},
            )[random.integers(4)]
            trainer.turn(replace(trainer.hyperparameters, **turned))
            for _ in range(random.integers(3)):
                trainer.run(int(random.integers(1, 9)), float(random.choice([0.0, 1.0])))
        return trainer

    return run


@pytest.mark.parametrize(
    "chosen", [*({"cell": cell, "batch": 2} for cell in CELLS), {"recipe": NOTEBOOK}, {}], ids=str
)
def test_a_storm_of_turns_is_repeated_to_the_bit(stormy, chosen):
    trainer = stormy(**chosen)
    found = repeated(trainer)
    assert found.difference is None
    assert (found.steps, found.changes) == (trainer.step, len(trainer.record.entries))
    assert found.summary().endswith("changes: the same to the bit.")


def test_divergences_and_what_was_chosen_are_repeated(lengths_corpus):
    trainer = Trainer(lengths_corpus, Hyperparameters(learning_rate=1e12))
    for choose in (
        lambda: trainer.roll_back(halve_rate=True),
        trainer.go_on,
        trainer.roll_back,
        lambda: trainer.turn(replace(trainer.hyperparameters, widths=(7,), learning_rate=0.01)),
    ):
        while trainer.divergence is None:
            trainer.run(10)
        choose()
        trainer.run(5)
    told = [entry.what for entry in trainer.record.entries]
    assert {"diverged", "roll back", "roll back and halve the rate", "go on"} <= {*told}
    assert repeated(trainer).difference is None


def test_halving_halves_and_going_on_takes_the_parameters_as_they_were(lengths_corpus):
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


def test_what_is_no_number_cannot_be_gone_on_from(lengths_corpus):
    trainer = Trainer(lengths_corpus, Hyperparameters(learning_rate=1.7e308, clip=None))
    while trainer.divergence is None:
        trainer.run(10)
    assert not trainer.divergence.can_go_on
    with pytest.raises(ValueError, match="Roll back in place"):
        trainer.go_on()
    trainer.run(1)


def test_a_run_that_was_saved_and_resumed_is_repeated(stormy, advance, tmp_path):
    trainer = stormy()
    save_run(tmp_path / "run.npz", trainer.corpus, trainer.state())
    resumed = load_run(tmp_path / "run.npz").resume()
    advance(resumed, 10)
    assert resumed.record == trainer.record
    assert repeated(resumed).difference is None


def test_a_turn_that_changes_nothing_is_not_noted(stormy):
    trainer = stormy(turns=0)
    trainer.turn(replace(trainer.hyperparameters))
    assert trainer.record.entries == ()


def test_a_record_goes_into_words_and_back(stormy):
    record = stormy().record
    assert Record.of_plain(record.plain()) == record


def test_where_a_replay_differs_is_told(stormy):
    trainer = stormy()
    record, corpus, step = trainer.record, trainer.corpus, trainer.step
    other = trainer.parameters.copy()
    other.named["Waa"][1, 2] = np.nextafter(other.named["Waa"][1, 2], 9.0)
    assert "first in Waa at [1, 2]" in replay(record, corpus, other, step).difference
    entries = record.entries
    later = next(i for i, entry in enumerate(entries) if entry.step)
    changed = replace(entries[later], smoothed_loss=1.0)
    forged = replace(record, entries=(*entries[:later], changed, *entries[later + 1 :]))
    found = replay(forged, corpus, other, step)
    assert f"differs by step {entries[later].step:,}, where the smoothed loss" in found.difference
    faster = replace(record, hyperparameters=replace(record.hyperparameters, l2=0.5))
    assert replay(faster, corpus, other, step).difference is not None


def test_the_command_line_repeats_a_run(tmp_path, run_python, corpus):
    names, run = tmp_path / "names.txt", tmp_path / "run.npz"
    names.write_text("\n".join(corpus.names), encoding="utf-8")
    knobs = ("--hidden", "8", "--steps", "50", "--save", run)
    ended = run_python("-m", "engine", "train", names, *knobs)
    assert ended.returncode == 0, ended.stderr
    ended = run_python("-m", "engine", "replay", run)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout == "Replayed 50 steps and 0 changes: the same to the bit.\n"
