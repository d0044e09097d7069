"""Pruned units are restored when the narrowing is undone."""

from dataclasses import replace

import numpy as np
import pytest

from engine.data.reader import read_text
from engine.nn.cells import CELLS
from engine.nn.network import loss_of_names
from engine.nn.resizing.undo import Resizings
from engine.nn.resizing.widths import narrow
from engine.runs.replay import replay
from engine.runs.run_file import load_run, save_run
from engine.training.settings import Hyperparameters, RunSettings
from engine.training.trainer import Trainer

pytestmark = pytest.mark.usefixtures("each_backend")


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
    trainer = train(40, widths=widths, cell=cell, embedding=4)
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


def test_a_change_is_undone_from_another_set_of_units(train):
    trainer = train(3_000, widths=(24,), learning_rate=0.02)
    before = trainer.parameters.copy()
    set_hyperparameters(trainer, (16,), undo_group=1)
    set_hyperparameters(trainer, (8,))
    set_hyperparameters(trainer, (16,))  # sixteen units again, but not the same ones
    cost = nats(trainer)
    report = set_hyperparameters(trainer, (24,), undo_group=1, undo=True)
    assert not report.is_forgotten
    assert nats(trainer) < cost - 2.0, "new units would change nothing"
    rows, returned = before.named["Waa"], trainer.parameters.named["Waa"]
    same = [unit for unit, row in enumerate(rows) if (row == returned[unit]).sum() > 12]
    assert len(same) > 8, "the pruned units come back with the weights that they had"


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
    assert report.is_forgotten == (not comes_back)


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
    assert report.is_forgotten
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


# Layers.


LAYERS = pytest.mark.parametrize(
    ("widths", "deeper"), [((12,), (12, 9)), ((10, 8), (10, 8, 8)), ((12,), (12, 7, 5))], ids=str
)


@pytest.mark.parametrize("cell", CELLS)
@LAYERS
def test_undoing_a_layer_at_once_restores_the_network(train, cell, widths, deeper):
    trainer = train(20, widths=widths, cell=cell, embedding=4, batch=4)
    before = trainer.parameters.flat.copy()
    set_hyperparameters(trainer, deeper, undo_group=1)
    added = trainer.parameters.flat.copy()
    report = set_hyperparameters(trainer, widths, undo_group=1, undo=True)
    np.testing.assert_array_equal(trainer.parameters.flat, before)
    assert (report.widths_before, report.widths_after) == (deeper, widths)
    assert not report.is_forgotten
    assert report.cost is not None
    report = set_hyperparameters(trainer, deeper, undo_group=1, undo=True)
    np.testing.assert_array_equal(trainer.parameters.flat, added)
    assert not report.is_forgotten
    assert report.cost is not None


@pytest.mark.parametrize("optimizer", ["sgd", "adam"])
def test_undoing_a_layer_keeps_what_the_layers_below_have_learned(train, advance, optimizer):
    trainer = train(300, widths=(12,), learning_rate=0.005, optimizer=optimizer, batch=4)
    set_hyperparameters(trainer, (12, 9), undo_group=1)
    advance(trainer, 150)
    learned, cost = trainer.parameters.copy(), nats(trainer)
    set_hyperparameters(trainer, (12,), undo_group=1, undo=True)
    np.testing.assert_allclose(
        trainer.parameters.layers[0].block, learned.layers[0].block, rtol=0, atol=1e-12
    )
    guessing = np.log(len(trainer.vocabulary)) * trainer.training_names.lengths.mean()
    assert nats(trainer) < cost + 0.3 * (guessing - cost)
    assert trainer.learner.optimizer.steps == 0, "its moments were those of another output layer"
    assert all(
        len(each) == len(trainer.parameters.flat) for each in trainer.learner.optimizer.moments
    )
    advance(trainer, 50)
    lower = trainer.parameters.layers[0].block.copy()
    set_hyperparameters(trainer, (12, 9), undo_group=1, undo=True)
    found = trainer.parameters
    np.testing.assert_allclose(found.layers[0].block, lower, rtol=0, atol=1e-12)
    np.testing.assert_array_equal(found.layers[1].block, learned.layers[1].block)
    np.testing.assert_array_equal(found.Wya, learned.Wya)
    np.testing.assert_array_equal(found.by, learned.by)
    advance(trainer, 50)


def test_an_output_layer_that_suits_no_more_is_fitted_again(train, advance):
    trainer = train(500, widths=(12,), learning_rate=0.02)
    before = trainer.parameters.copy()
    set_hyperparameters(trainer, (12, 12), undo_group=1)
    advance(trainer, 1_500)
    moved = trainer.parameters.copy()
    set_hyperparameters(trainer, (12,), undo_group=1, undo=True)
    as_it_was = trainer.parameters.copy()
    as_it_was.Wya[:], as_it_was.by[:] = before.Wya, before.by
    names = trainer.training_names
    assert nats(trainer) < loss_of_names(as_it_was, names).nats_per_name - 1.0
    found = trainer.parameters.layers[0].block
    np.testing.assert_allclose(found, moved.layers[0].block, rtol=0, atol=1e-12)


def test_changes_of_widths_and_layers_are_undone_in_their_order(train):
    trainer = train(500, widths=(16,), learning_rate=0.02)
    steps = [(16,), (10,), (10, 8), (10, 12), (7, 12), (7, 12, 5), (7, 6, 5)]
    before = []
    for group, widths in enumerate(steps):
        before.append(trainer.parameters.flat.copy())
        set_hyperparameters(trainer, widths, undo_group=group)
    for group in range(len(steps) - 1, 0, -1):
        report = set_hyperparameters(trainer, steps[group - 1], undo_group=group, undo=True)
        assert not report.is_forgotten
        np.testing.assert_allclose(trainer.parameters.flat, before[group], rtol=0, atol=1e-5)
    for group in range(1, len(steps)):
        report = set_hyperparameters(trainer, steps[group], undo_group=group, undo=True)
        assert not report.is_forgotten
    assert trainer.parameters.architecture.widths == steps[-1]
    assert {event.kind for event in trainer.record.events[len(steps) - 1 :]} == {"undo resize"}


def test_a_layer_and_changes_of_one_gesture_are_undone_together(train):
    trainer = train(500, widths=(16,), learning_rate=0.02)
    before = trainer.parameters.flat.copy()
    for widths in ((16, 16), (16, 12), (9, 12), (9, 12, 12)):
        set_hyperparameters(trainer, widths, undo_group=3)
    set_hyperparameters(trainer, (16,), undo_group=3, undo=True)
    np.testing.assert_allclose(trainer.parameters.flat, before, rtol=0, atol=1e-12)


def test_changes_before_a_layer_are_undone_after_it(train, advance):
    trainer = train(500, widths=(24,), learning_rate=0.02)
    before = trainer.parameters.copy()
    set_hyperparameters(trainer, (8,), undo_group=1)
    set_hyperparameters(trainer, (8, 8), undo_group=2)
    advance(trainer, 20)
    set_hyperparameters(trainer, (8,), undo_group=2, undo=True)
    report = set_hyperparameters(trainer, (24,), undo_group=1, undo=True)
    assert not report.is_forgotten
    found = trainer.parameters.named
    same = (found["Wax"] == before.named["Wax"]).all(axis=1)
    assert same.sum() == 16, "the sixteen pruned units come back as they were"


def test_layers_are_not_removed_without_an_undo(train):
    trainer = train(20, widths=(8,))
    set_hyperparameters(trainer, (8, 8), undo_group=1)
    parameters, events = trainer.parameters.flat.copy(), trainer.record.events
    for group, undo in ((1, False), (2, False), (None, True)):
        with pytest.raises(ValueError, match="widths must name at least 2 layers, got"):
            set_hyperparameters(trainer, (8,), group, undo=undo)
    np.testing.assert_array_equal(trainer.parameters.flat, parameters)
    assert trainer.record.events == events


def test_a_layer_that_is_no_longer_known_is_removed_as_well_as_possible(train, tmp_path):
    trainer = train(1_000, widths=(12,), learning_rate=0.02)
    set_hyperparameters(trainer, (12, 10), undo_group=1)
    cost = nats(trainer)
    save_run(tmp_path / "run.npz", trainer.corpus, trainer.state())
    resumed = load_run(tmp_path / "run.npz").resume()
    report = set_hyperparameters(resumed, (12,), undo_group=1, undo=True)
    assert report.is_forgotten
    assert report.cost is not None
    assert nats(resumed) < cost + 1.0
    for _ in range(3):
        resumed.run(10)
    assert resumed.record.events[-1].kind == "undo resize"
    found = replay(resumed.record, resumed.corpus, resumed.parameters, resumed.step)
    assert found.difference is None


def test_a_hopeless_network_loses_a_layer_and_goes_back(train):
    trainer = train(30, widths=(16,), learning_rate=40.0, clip=None)
    assert trainer.smoothed_loss > 500
    set_hyperparameters(trainer, (16, 8), undo_group=1)
    set_hyperparameters(trainer, (16,), undo_group=1, undo=True)
    trainer.set_hyperparameters(replace(trainer.hyperparameters, learning_rate=1e13))
    while trainer.divergence is None:
        trainer.run(5)
    assert trainer.parameters.architecture.widths == (16,)
    found = replay(trainer.record, trainer.corpus, trainer.parameters, trainer.step)
    assert found.difference is None


@pytest.mark.parametrize("cell", CELLS)
def test_the_states_of_a_text_stream_continue_without_a_layer(cell, advance, tmp_path):
    path = tmp_path / "hamlet.txt"
    path.write_text("to be or not to be, that is the question. " * 40)
    text = read_text(path)
    hyperparameters = Hyperparameters(widths=(8,), batch=3, optimizer="adam", learning_rate=0.002)
    trainer = Trainer(text, hyperparameters, settings=RunSettings(cell))
    advance(trainer, 20)
    for widths, undo in (((8, 6), False), ((8,), True), ((8, 6), True), ((8,), True)):
        states = [array.copy() for array in trainer.learner.loader.states(trainer.parameters)[0]]
        set_hyperparameters(trainer, widths, undo_group=1, undo=undo)
        now = trainer.learner.loader.states(trainer.parameters)
        assert len(now) == len(widths)
        np.testing.assert_array_equal(now[0], states)
        advance(trainer, 5)
    found = replay(trainer.record, text, trainer.parameters, trainer.step)
    assert found.difference is None
