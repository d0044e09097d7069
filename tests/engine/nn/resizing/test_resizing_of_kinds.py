"""Networks that are told kinds keep what they know of each kind when they are resized."""

from dataclasses import replace

import numpy as np
import pytest

from engine.data.corpus import corpus_of_names
from engine.evaluation.loss_by_kind import loss_by_kind
from engine.nn.cells import CELLS
from engine.nn.resizing.layers import add_layer, remove_layers
from engine.nn.resizing.widths import narrow, widen
from engine.training.recipes import DEFAULT
from engine.training.settings import Hyperparameters, RunSettings
from engine.training.trainer import Trainer

pytestmark = pytest.mark.usefixtures("each_backend")

EVERY_CELL = pytest.mark.parametrize("cell", CELLS)
ENDINGS = ("saurus", "raptor", "don")


@pytest.fixture(scope="module")
def make_trainer(corpus, advance):
    """Return a function that trains on names whose kinds are their endings."""
    kinds = [next((end for end in ENDINGS if name.endswith(end)), "other") for name in corpus.names]
    of_kinds = corpus_of_names(corpus.names, "endings", 0, lower_case=True, kinds=kinds)

    def make(cell, widths, embedding=None, steps=60):
        hyperparameters = Hyperparameters(0.01, widths=widths, optimizer="adam", batch=16)
        settings = RunSettings(cell=cell, embedding=embedding)
        trainer = Trainer(of_kinds, hyperparameters, DEFAULT, settings)
        advance(trainer, steps)
        assert all(layer.K.any(axis=1).all() for layer in trainer.parameters.layers)
        return trainer

    return make


def set_widths(trainer, widths, **undo):
    hyperparameters = replace(trainer.hyperparameters, widths=widths)
    return trainer.set_hyperparameters(hyperparameters, **undo)


def losses(parameters, trainer):
    """Return the nats per name of each kind."""
    found = loss_by_kind(parameters, trainer.training_names)
    return [loss.nats_per_name for loss in found.of_kinds]


def columns(origin, gates, n_a):
    return np.concatenate([gate * n_a + origin for gate in range(gates)])


@EVERY_CELL
@pytest.mark.parametrize("layer", [0, 1])
def test_a_wider_network_computes_the_same_for_every_kind(make_trainer, cell, layer):
    trainer = make_trainer(cell, (12, 8), steps=15)
    wider = widen(trainer.parameters, 20, np.random.default_rng(0), layer=layer)
    before, after = (losses(each, trainer) for each in (trainer.parameters, wider.parameters))
    np.testing.assert_allclose(after, before, rtol=0, atol=1e-11)
    new = wider.parameters.layers[layer]
    is_new = np.tile(wider.origins[layer] < 0, new.gates)
    assert not new.K[:, is_new].any(), "a new unit is alike in all kinds"
    np.testing.assert_array_equal(new.K[:, ~is_new], trainer.parameters.layers[layer].K)


@EVERY_CELL
def test_a_narrower_network_keeps_what_the_kinds_add_to_the_units_that_are_left(make_trainer, cell):
    trainer = make_trainer(cell, (16,))
    narrower = narrow(trainer.parameters, 10, trainer.training_names)
    (old,), (new,), (origin,) = (
        trainer.parameters.layers,
        narrower.parameters.layers,
        narrower.origins,
    )
    np.testing.assert_array_equal(new.K, old.K[:, columns(origin, old.gates, 16)])
    before, after = (losses(each, trainer) for each in (trainer.parameters, narrower.parameters))
    guessing = np.log(len(trainer.vocabulary)) * trainer.training_names.lengths.mean()
    assert max(after) < max(before) + 0.5 * (guessing - max(before))


@pytest.mark.parametrize(("cell", "embedding"), [("rnn", None), ("gru", None), ("lstm", 4)])
def test_a_new_layer_knows_no_kinds_yet_and_those_below_stay(make_trainer, cell, embedding):
    trainer = make_trainer(cell, (12,), embedding)
    parameters, names = trainer.parameters, trainer.training_names
    deeper = add_layer(parameters, 14, np.random.default_rng(0), names)
    np.testing.assert_array_equal(deeper.layers[0].K, parameters.layers[0].K)
    assert not deeper.layers[1].K.any()
    before, after = (loss_by_kind(each, names).in_all for each in (parameters, deeper))
    assert after.nats_per_name < 1.1 * before.nats_per_name
    flatter = remove_layers(deeper, 1, names)
    np.testing.assert_array_equal(flatter.layers[0].K, parameters.layers[0].K)
    assert flatter.architecture == parameters.architecture


@EVERY_CELL
@pytest.mark.parametrize(("widths", "other"), [((14,), (8,)), ((12, 8), (7, 6)), ((12,), (12, 9))])
def test_undoing_at_once_restores_every_kind_to_the_bit(make_trainer, cell, widths, other):
    trainer = make_trainer(cell, widths, steps=15)
    before = trainer.parameters.flat.copy()
    set_widths(trainer, other, undo_group=1)
    assert trainer.parameters.architecture.n_kinds == 4
    set_widths(trainer, widths, undo_group=1, undo=True)
    np.testing.assert_array_equal(trainer.parameters.flat, before)


@EVERY_CELL
def test_undoing_keeps_what_was_learned_of_the_kinds_since(make_trainer, advance, cell):
    trainer = make_trainer(cell, (14,))
    before = trainer.parameters.copy().layers[0]
    kept = narrow(trainer.parameters, 8, trainer.learner.loader.training_probe()).origins[0]
    set_widths(trainer, (8,), undo_group=1)
    narrowed = trainer.parameters.copy().layers[0]
    advance(trainer, 20)
    learned = trainer.parameters.copy().layers[0]
    assert (learned.K != narrowed.K).any(axis=1).all()
    set_widths(trainer, (14,), undo_group=1, undo=True)
    now, were = trainer.parameters.layers[0], columns(kept, before.gates, 14)
    np.testing.assert_allclose(now.K[:, were], before.K[:, were] + learned.K - narrowed.K)
    gone = np.setdiff1d(np.arange(14 * before.gates), were)
    np.testing.assert_array_equal(now.K[:, gone], before.K[:, gone])


@EVERY_CELL
def test_a_resized_network_goes_on_learning_every_kind(make_trainer, advance, cell):
    trainer = make_trainer(cell, (10, 8), steps=15)
    set_widths(trainer, (14, 6))
    resized = trainer.parameters.copy()
    advance(trainer, 5)
    for new, old in zip(trainer.parameters.layers, resized.layers, strict=True):
        assert (new.K != old.K).mean() > 0.9
