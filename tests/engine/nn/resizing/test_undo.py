"""Pruned units are restored when the narrowing is undone."""

from dataclasses import replace

import numpy as np
import pytest

from engine.data.text import read_text
from engine.data.vocabulary import EncodedNames
from engine.nn.cells import CELLS
from engine.nn.network import loss_of_names
from engine.nn.resizing.undo import Resizing, Resizings, restore_pruned
from engine.nn.resizing.widths import narrow
from engine.runs.replay import replay
from engine.training.settings import Hyperparameters, RunSettings
from engine.training.trainer import Trainer


def set_hyperparameters(trainer, widths, undo_group=None, undo=False):
    return trainer.set_hyperparameters(
        replace(trainer.hyperparameters, widths=widths), undo_group, undo=undo
    )


def nats(trainer):
    return loss_of_names(trainer.parameters, trainer.training_names).nats_per_name


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize(
    ("widths", "narrower"), [((24,), (9,)), ((16, 12), (7, 12)), ((16, 12), (9, 5))]
)
def test_undoing_at_once_restores_the_network(train, cell, widths, narrower):
    trainer = train(300, widths=widths, cell=cell, embedding=4)
    before = trainer.parameters.flat.copy()
    set_hyperparameters(trainer, narrower, undo_group=1)
    report = set_hyperparameters(trainer, widths, undo_group=1, undo=True)
    np.testing.assert_array_equal(trainer.parameters.flat, before)
    assert (report.widths_before, report.widths_after) == (narrower, widths)
    assert report.cost is not None, "it is not the network from before the undo"


def test_undoing_keeps_what_was_learned_since(train, advance):
    trainer = train(2_000, widths=(24,), learning_rate=0.02)
    before = trainer.parameters.copy()
    set_hyperparameters(trainer, (10,), undo_group=1)
    narrowed = trainer.parameters.copy()
    advance(trainer, 100)
    learned = trainer.parameters.copy()
    set_hyperparameters(trainer, (24,), undo_group=1, undo=True)
    now = trainer.parameters.named
    again = narrow(before, 10, trainer.training_names)
    np.testing.assert_allclose(again.parameters.flat, narrowed.flat)
    kept = again.origins[0]
    gone = np.setdiff1d(np.arange(24), kept)
    was, then, since = before.named, narrowed.named, learned.named
    np.testing.assert_allclose(now["Wya"][:, gone], was["Wya"][:, gone], rtol=0, atol=0)
    np.testing.assert_allclose(now["Waa"][np.ix_(gone, kept)], was["Waa"][np.ix_(gone, kept)])
    np.testing.assert_allclose(
        now["Waa"][np.ix_(kept, kept)],
        was["Waa"][np.ix_(kept, kept)] + since["Waa"] - then["Waa"],
    )
    np.testing.assert_allclose(now["by"], was["by"] + since["by"] - then["by"])
    assert nats(trainer) < loss_of_names(narrowed, trainer.training_names).nats_per_name


def test_a_drag_counts_as_one_change(train):
    trainer = train(500, widths=(24,), learning_rate=0.02)
    before = trainer.parameters.flat.copy()
    for width in (20, 13, 8):
        set_hyperparameters(trainer, (width,), undo_group=4)
    set_hyperparameters(trainer, (24,), undo_group=4, undo=True)
    np.testing.assert_allclose(trainer.parameters.flat, before, rtol=0, atol=1e-14)


def test_a_drag_in_both_directions_is_undone_completely(train):
    trainer = train(1_000, widths=(24,), learning_rate=0.02)
    cost = nats(trainer)
    for width in (40, 10, 15):
        set_hyperparameters(trainer, (width,), undo_group=4)
    assert nats(trainer) > cost + 0.01
    set_hyperparameters(trainer, (24,), undo_group=4, undo=True)
    assert nats(trainer) == pytest.approx(cost, abs=1e-3)


def test_changes_are_undone_one_after_the_other_and_redone(train, advance):
    trainer = train(500, widths=(24,), learning_rate=0.02)
    before = trainer.parameters.flat.copy()
    set_hyperparameters(trainer, (16,), undo_group=1)
    between = trainer.parameters.flat.copy()
    set_hyperparameters(trainer, (8,), undo_group=2)
    set_hyperparameters(trainer, (16,), undo_group=2, undo=True)
    np.testing.assert_array_equal(trainer.parameters.flat, between)
    set_hyperparameters(trainer, (24,), undo_group=1, undo=True)
    np.testing.assert_array_equal(trainer.parameters.flat, before)
    set_hyperparameters(trainer, (16,), undo_group=1, undo=True)
    set_hyperparameters(trainer, (8,), undo_group=2, undo=True)
    advance(trainer, 50)
    assert trainer.parameters.architecture.widths == (8,)


def test_a_change_is_not_undone_from_another_set_of_units(train):
    trainer = train(500, widths=(24,), learning_rate=0.02)
    set_hyperparameters(trainer, (16,), undo_group=1)
    set_hyperparameters(trainer, (8,))
    set_hyperparameters(trainer, (16,))  # sixteen units again, but not the same ones
    narrow_cost = nats(trainer)
    set_hyperparameters(trainer, (24,), undo_group=1, undo=True)
    assert nats(trainer) == pytest.approx(narrow_cost, abs=1e-9), (
        "new units, whose outgoing weights are zero"
    )


def test_a_widening_undone_at_once_changes_nothing(train):
    trainer = train(500, widths=(16,), learning_rate=0.02)
    cost = nats(trainer)
    set_hyperparameters(trainer, (30,), undo_group=1)
    set_hyperparameters(trainer, (16,), undo_group=1, undo=True)
    assert nats(trainer) == pytest.approx(cost, abs=1e-6)
    assert set_hyperparameters(trainer, (30,), undo_group=1, undo=True).widths_after == (30,)


@pytest.mark.parametrize("optimizer", ["adam", "momentum"])
def test_training_continues_after_an_undo(train, advance, optimizer):
    trainer = train(600, widths=(24,), optimizer=optimizer, learning_rate=0.002, batch=4)
    set_hyperparameters(trainer, (12,), undo_group=1)
    advance(trainer, 100)
    set_hyperparameters(trainer, (24,), undo_group=1, undo=True)
    cost = nats(trainer)
    advance(trainer, 600)
    assert trainer.divergence is None
    assert nats(trainer) < cost


def test_a_network_of_another_shape_is_refused(train):
    parameters = train(10, widths=(12,)).parameters
    probe = EncodedNames(np.array([1, 2, 0, 3, 0]), np.array([0, 3, 5]))
    narrower = narrow(parameters, 6, probe)
    change = Resizing(parameters, narrower.parameters, narrower.origins)
    with pytest.raises(ValueError, match="parameters must be of"):
        restore_pruned(parameters, change)


@pytest.mark.parametrize(("max_bytes", "comes_back"), [(0, False), (10**6, True)])
def test_kept_units_are_bounded_except_for_the_latest_change(train, max_bytes, comes_back):
    trainer = train(500, widths=(24,), learning_rate=0.02)
    trainer.learner.resizings = Resizings(max_bytes)
    set_hyperparameters(trainer, (16,), undo_group=1)
    between = trainer.parameters.flat.copy()
    set_hyperparameters(trainer, (8,), undo_group=2)
    set_hyperparameters(trainer, (16,), undo_group=2, undo=True)
    np.testing.assert_array_equal(trainer.parameters.flat, between)
    report = set_hyperparameters(trainer, (24,), undo_group=1, undo=True)
    assert (report.cost is not None) == comes_back, "new units have no outgoing weights yet"


def test_units_of_a_diverged_network_are_not_restored(train):
    # Divergence restores a network of other units, which must not be mixed with these.
    trainer = train(30, widths=(16,), learning_rate=40.0, clip=None)
    assert trainer.smoothed_loss > 500
    set_hyperparameters(trainer, (8,), undo_group=1)
    trainer.set_hyperparameters(replace(trainer.hyperparameters, learning_rate=1e13))
    while trainer.divergence is None:
        trainer.run(5)
    report = set_hyperparameters(trainer, (16,), undo_group=1, undo=True)
    assert report.cost is None, "new units have no outgoing weights yet"
    assert trainer.record.events[-1].kind == "set hyperparameters"


@pytest.mark.parametrize("cell", CELLS)
def test_the_states_of_a_text_stream_continue_after_an_undo(cell, advance, tmp_path):
    path = tmp_path / "hamlet.txt"
    path.write_text("to be or not to be, that is the question. " * 40)
    text = read_text(path)
    hyperparameters = Hyperparameters(widths=(12,), batch=3, optimizer="adam", learning_rate=0.002)
    trainer = Trainer(text, hyperparameters, settings=RunSettings(cell))
    advance(trainer, 60)
    before = trainer.parameters.flat.copy()
    set_hyperparameters(trainer, (5,), undo_group=1)
    set_hyperparameters(trainer, (12,), undo_group=1, undo=True)
    np.testing.assert_array_equal(trainer.parameters.flat, before)
    advance(trainer, 60)
    found = replay(trainer.record, text, trainer.parameters, trainer.step)
    assert found.difference is None
