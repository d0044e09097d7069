"""Networks that read names in both directions keep what they know when they are resized."""

from dataclasses import replace

import numpy as np
import pytest

from engine.data.corpus import corpus_of_names
from engine.nn.architecture import Architecture
from engine.nn.cells import CELLS
from engine.nn.classifier import probabilities_of_names
from engine.nn.parameters import Parameters
from engine.nn.resizing.layers import add_layer, remove_layers
from engine.nn.resizing.widths import layers_of, narrow, resize, widen
from engine.runs.replay import replay
from engine.training.settings import Hyperparameters, RunSettings
from engine.training.trainer import Trainer

pytestmark = pytest.mark.usefixtures("each_backend")

EVERY_CELL = pytest.mark.parametrize("cell", CELLS)
STACKS = pytest.mark.parametrize(
    ("widths", "embedding"), [((7,), None), ((6, 7), None), ((7, 5, 6), 3)], ids=str
)


@pytest.fixture(scope="module")
def corpus():
    """Return names of three kinds, with letters of their own at their beginnings and ends."""
    random = np.random.default_rng(5)
    pairs = []
    for kind, begin, end in (("Greek", "a", "is"), ("Irish", "o", "an"), ("Norse", "u", "lf")):
        for _ in range(12):
            middle = "".join(random.choice(list("bcdeg"), random.integers(1, 6)))
            pairs.append((begin + middle + end, kind))
    names, kinds = zip(*pairs, strict=True)
    return corpus_of_names(names, "kinds", 0, lower_case=True, kinds=kinds)


@pytest.fixture
def names(corpus):
    return corpus.encoded_at(np.arange(len(corpus.distinct)))


@pytest.fixture
def make(corpus):
    """Return a function that makes a network with random weights everywhere."""

    def made(cell, widths, embedding=None, seed=0):
        n_symbols = len(corpus.vocabulary)
        architecture = Architecture(
            n_symbols, cell, widths, embedding, n_kinds=3, task="tell", both_directions=True
        )
        parameters = Parameters(architecture)
        parameters.flat[:] = 0.4 * np.random.default_rng(seed).standard_normal(
            parameters.flat.shape
        )
        return parameters

    return made


def widths_of(parameters):
    return [layer.n_a for layer in layers_of(parameters)]


@EVERY_CELL
@STACKS
def test_a_wider_network_tells_the_same(make, names, cell, widths, embedding):
    parameters = make(cell, widths, embedding)
    before, flat = probabilities_of_names(parameters, names), parameters.flat.copy()
    for layer in range(len(widths)):
        wider = widen(parameters, 11, np.random.default_rng(1), layer=layer).parameters
        assert [*wider.architecture.widths] == [*widths[:layer], 11, *widths[layer + 1 :]]
        np.testing.assert_allclose(probabilities_of_names(wider, names), before, rtol=0, atol=1e-12)
        for new in layers_of(wider)[2 * layer : 2 * layer + 2]:
            assert new.V[:, widths[layer] : 11].any()
    np.testing.assert_array_equal(parameters.flat, flat)


@EVERY_CELL
@STACKS
def test_units_that_nobody_reads_are_pruned_at_no_cost(make, names, cell, widths, embedding):
    """Widening adds such units; narrowing finds them, in each direction others."""
    parameters = make(cell, widths, embedding)
    before = probabilities_of_names(parameters, names)
    for layer, n_a in enumerate(widths):
        wider = widen(parameters, n_a + 3, np.random.default_rng(1), layer=layer).parameters
        narrower = narrow(wider, n_a, names, layer=layer)
        assert narrower.parameters.architecture.widths == widths
        np.testing.assert_allclose(
            probabilities_of_names(narrower.parameters, names), before, rtol=0, atol=1e-9
        )
        for origin in narrower.origins[2 * layer : 2 * layer + 2]:
            np.testing.assert_array_equal(origin, np.arange(n_a))


@EVERY_CELL
def test_copies_of_a_unit_are_pruned_at_no_cost(make, names, cell):
    """A unit that is another one's copy can go: the other takes over what it did."""
    parameters = make(cell, (6, 5))
    for direction, layer in enumerate(layers_of(parameters)[:2]):
        kept, copied = (1, 4) if direction else (0, 3)
        for gate in range(layer.gates):
            layer.W[:, gate * 6 + copied] = layer.W[:, gate * 6 + kept]
            layer.b[gate * 6 + copied] = layer.b[gate * 6 + kept]
    before = probabilities_of_names(parameters, names)
    narrower = narrow(parameters, 5, names, layer=0).parameters
    np.testing.assert_allclose(probabilities_of_names(narrower, names), before, rtol=0, atol=1e-4)


@EVERY_CELL
def test_layers_are_added_and_taken_away(make, names, cell):
    parameters = make(cell, (6,))
    deeper = add_layer(parameters, 6, np.random.default_rng(0), names)
    assert widths_of(deeper) == [6, 6, 6, 6]
    for old, new in zip(layers_of(parameters), layers_of(deeper), strict=False):
        np.testing.assert_array_equal(new.block, old.block)
    told = probabilities_of_names(parameters, names).argmax(axis=1)
    same = probabilities_of_names(deeper, names).argmax(axis=1) == told
    assert same.mean() > 0.5, "it passes on what is below"
    assert widths_of(remove_layers(deeper, 1, names)) == [6, 6]


def test_all_widths_change_at_once(make, names):
    resized = resize(make("gru", (6, 4)), (4, 9), np.random.default_rng(0), names)
    assert widths_of(resized.parameters) == [4, 4, 9, 9]
    assert [len(origin) for origin in resized.origins] == [4, 4, 9, 9]


# In training

CHANGES = ((9,), (4,), (6, 5), (8, 4))


@pytest.fixture
def train(corpus):
    """Return a function that trains a network of both directions."""

    def trained(steps, cell="gru", widths=(6,)):
        hyperparameters = Hyperparameters(0.01, widths=widths, optimizer="adam", batch=8)
        settings = RunSettings(cell=cell, task="tell", both_directions=True)
        trainer = Trainer(corpus, hyperparameters, settings=settings)
        return run(trainer, steps)

    return trained


def run(trainer, steps):
    end = trainer.step + steps
    for _ in range(steps):
        if trainer.step < end:
            trainer.run(end - trainer.step)
    assert trainer.step == end
    return trainer


def set_widths(trainer, widths, **undo):
    return trainer.set_hyperparameters(replace(trainer.hyperparameters, widths=widths), **undo)


@EVERY_CELL
@pytest.mark.parametrize("widths", CHANGES, ids=str)
def test_undoing_at_once_restores_the_network(train, cell, widths):
    trainer = train(6, cell)
    before = trainer.parameters.flat.copy()
    set_widths(trainer, widths, undo_group=1)
    assert trainer.parameters.architecture.widths == widths
    set_widths(trainer, (6,), undo_group=1, undo=True)
    np.testing.assert_array_equal(trainer.parameters.flat, before)


@EVERY_CELL
def test_it_goes_on_learning_after_each_change(train, cell):
    trainer = train(6, cell)
    for mark, widths in enumerate(CHANGES, start=1):
        set_widths(trainer, widths, undo_group=mark)
        before = trainer.parameters.flat.copy()
        run(trainer, 3)
        assert trainer.parameters.is_finite()
        assert not np.array_equal(trainer.parameters.flat, before)
    # The changes are undone one after the other; what was learned since is kept.
    for mark, widths in zip(range(len(CHANGES), 0, -1), ((6, 5), (4,), (9,), (6,)), strict=True):
        set_widths(trainer, widths, undo_group=mark, undo=True)
        assert trainer.parameters.architecture.widths == widths
        run(trainer, 2)


def test_widening_costs_the_next_step_nothing(train):
    losses = [train(20, "lstm") for _ in range(2)]
    set_widths(losses[1], (30,))
    first, second = (trainer.held_out_loss().nats_per_name for trainer in losses)
    assert second == pytest.approx(first, abs=1e-12)


def test_a_resized_run_is_repeated_to_the_bit(train, corpus):
    trainer = train(6)
    for mark, widths in enumerate(CHANGES, start=1):
        set_widths(trainer, widths, undo_group=mark)
        run(trainer, 4)
    assert replay(trainer.record, corpus, trainer.parameters, trainer.step).difference is None


def test_a_resumed_run_can_undo_and_goes_on_to_the_bit(train, corpus):
    trainer = train(6)
    set_widths(trainer, (4,), undo_group=1)
    run(trainer, 5)
    resumed = Trainer.restored(corpus, trainer.state())
    np.testing.assert_array_equal(run(trainer, 8).parameters.flat, run(resumed, 8).parameters.flat)
