"""Layers are added on top of a network, and taken away, while it keeps what it has learned."""

from dataclasses import replace

import numpy as np
import pytest

from engine.nn.cells import CELLS
from engine.nn.network import loss_of_names
from engine.nn.resizing.layers import add_layer, remove_layers, reshape

EACH_BACKEND = pytest.mark.usefixtures("each_backend")
EVERY_CELL = pytest.mark.parametrize("cell", CELLS)
STACKS = pytest.mark.parametrize(
    ("cell", "widths", "embedding"),
    [
        ("rnn", (14,), None),
        ("rnn", (14, 10), 5),
        ("gru", (14,), 5),
        ("gru", (14, 10), None),
        ("lstm", (14,), None),
        ("lstm", (14, 10), 5),
    ],
)
"""Every cell in one layer and in two, with an embedding and without."""
CHOSEN = {"learning_rate": 0.01, "optimizer": "adam", "batch": 16}


def nats_per_name(parameters, names):
    return loss_of_names(parameters, names).nats_per_name


@STACKS
def test_a_new_layer_costs_little_and_learns(train, advance, cell, widths, embedding):
    trainer = train(300, cell=cell, widths=widths, embedding=embedding, **CHOSEN)
    report = trainer.set_hyperparameters(replace(trainer.hyperparameters, widths=(*widths, 16)))
    assert report.widths_after == (*widths, 16)
    assert report.cost.after < 1.05 * report.cost.before, report.cost
    names = trainer.training_names
    before = nats_per_name(trainer.parameters, names)
    started = trainer.parameters.copy()
    advance(trainer, 200)
    assert nats_per_name(trainer.parameters, names) < before
    for old, new in zip(started.layers, trainer.parameters.layers, strict=True):
        assert (old.W != new.W).mean() > 0.9


@EACH_BACKEND
@EVERY_CELL
def test_the_first_steps_with_a_new_layer_undo_little(train, cell):
    trainer = train(300, cell=cell, widths=(14, 10), **CHOSEN)
    trainer.set_hyperparameters(replace(trainer.hyperparameters, widths=(14, 10, 16)))
    names = trainer.training_names
    before, losses = nats_per_name(trainer.parameters, names), []
    for _ in range(5):
        trainer.run(1)
        losses.append(nats_per_name(trainer.parameters, names))
    guessing = np.log(len(trainer.vocabulary)) * trainer.training_names.lengths.mean()
    assert max(losses) < 0.5 * (before + guessing), (before, guessing, losses)


@EACH_BACKEND
@EVERY_CELL
def test_a_new_layer_does_not_change_those_below(train, cell):
    trainer = train(50, cell=cell, widths=(14, 10), embedding=5, **CHOSEN)
    parameters, names = trainer.parameters, trainer.training_names
    flat = parameters.flat.copy()
    grown = add_layer(parameters, 12, np.random.default_rng(0), names)
    np.testing.assert_array_equal(parameters.flat, flat)
    for old, new in zip(parameters.layers, grown.layers, strict=False):
        np.testing.assert_array_equal(new.W, old.W)
        np.testing.assert_array_equal(new.b, old.b)
    np.testing.assert_array_equal(grown.E, parameters.E)
    grown.flat[:] = 0.0
    np.testing.assert_array_equal(parameters.flat, flat)


def test_a_fifth_layer_is_refused(make_parameters, letters):
    parameters = make_parameters(27, (4, 4, 4, 4), seed=5)
    names = letters.encode_all(["rex", "mei"])
    with pytest.raises(ValueError, match="widths must name 1 to 4 layers, got"):
        add_layer(parameters, 4, np.random.default_rng(0), names)


@pytest.mark.parametrize("n_a", [0, -1])
def test_a_new_layer_of_width_0_is_refused(make_parameters, letters, n_a):
    names = letters.encode_all(["rex", "mei"])
    with pytest.raises(ValueError, match="widths must be 1 or more, got"):
        add_layer(make_parameters(27, 4, seed=5), n_a, np.random.default_rng(0), names)


@EVERY_CELL
def test_a_float32_network_stays_float32(corpus, make_parameters, cell):
    names = corpus.vocabulary.encode_all(corpus.names[:20])
    parameters = make_parameters(len(corpus.vocabulary), (6, 5), seed=4, cell=cell, dtype="float32")
    resized = reshape(parameters, (9, 3, 4), np.random.default_rng(0), names).parameters
    removed = reshape(resized, (7,), np.random.default_rng(0), names).parameters
    for each in (resized, removed):
        assert each.flat.dtype == np.float32
        assert np.isfinite(nats_per_name(each, names))


@EACH_BACKEND
@EVERY_CELL
def test_a_layer_is_taken_away_at_a_small_cost(train, cell):
    trainer = train(300, cell=cell, widths=(14, 10), embedding=5, **CHOSEN)
    parameters, names = trainer.parameters, trainer.training_names
    shrunk = remove_layers(parameters, 1, names)
    np.testing.assert_array_equal(shrunk.layers[0].block, parameters.layers[0].block)
    np.testing.assert_array_equal(shrunk.E, parameters.E)
    guessing = np.log(len(trainer.vocabulary)) * names.lengths.mean()
    before = nats_per_name(parameters, names)
    assert nats_per_name(shrunk, names) < before + 0.5 * (guessing - before)


@EACH_BACKEND
def test_widths_and_layers_change_together(train):
    trainer = train(50, widths=(14, 10), **CHOSEN)
    parameters, names = trainer.parameters, trainer.training_names
    for widths in ((9, 12, 4), (20,), (14, 3), (6, 10, 5, 4)):
        resized = reshape(parameters, widths, np.random.default_rng(0), names)
        assert resized.parameters.architecture.widths == widths
        assert tuple(map(len, resized.origins)) == widths
        assert all((origin < 0).all() for origin in resized.origins[2:]), "new layers"
        assert all((origin >= 0).any() for origin in resized.origins[:2]), "layers of before"
        assert np.isfinite(nats_per_name(resized.parameters, names))
