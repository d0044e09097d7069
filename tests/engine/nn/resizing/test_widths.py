from dataclasses import replace

import numpy as np
import pytest

from engine.nn.cells import CELLS
from engine.nn.fast_path import FastPath
from engine.nn.network import loss_of_names
from engine.nn.parameters import Parameters
from engine.nn.resizing.widths import Resized, narrow, resize, widen
from engine.training.recipes import DEFAULT, NOTEBOOK
from engine.training.settings import Hyperparameters

EACH_BACKEND = pytest.mark.usefixtures("each_backend")
SEEDS = (0, 1, 2)


@pytest.fixture(scope="module")
def trained(train):
    """Return trained networks of 24 units, by seed."""
    return {seed: train(1_000, widths=(24,), learning_rate=0.02, seed=seed) for seed in SEEDS}


def nats_per_name(parameters, names):
    return loss_of_names(parameters, names).nats_per_name


def keep_only(parameters, kept):
    """Prune the other units without compensation."""
    architecture = replace(parameters.architecture, widths=(len(kept),))
    grown = Parameters(architecture)
    cut, old = grown.named, parameters.named
    cut["Wax"][:], cut["Waa"][:] = old["Wax"][kept], old["Waa"][np.ix_(kept, kept)]
    cut["Wya"][:], cut["ba"][:], cut["by"][:] = old["Wya"][:, kept], old["ba"][kept], old["by"]
    return grown


# Wider.


@pytest.mark.parametrize("n_a", [25, 48, 300])
def test_a_wider_network_computes_the_same(trained, n_a):
    parameters, names = trained[0].parameters, trained[0].training_names
    wider = widen(parameters, n_a, np.random.default_rng(0)).parameters
    assert wider.architecture.widths == (n_a,)
    before = loss_of_names(parameters, names)
    after = loss_of_names(wider, names)
    assert after.nats_per_name == pytest.approx(before.nats_per_name, abs=1e-12, rel=0)
    assert after.nats_per_character == pytest.approx(before.nats_per_character, abs=1e-12, rel=0)


@pytest.mark.parametrize("carries", [False, True])
def test_a_wider_network_computes_the_same_from_a_carried_state(trained, carries):
    parameters, names = trained[0].parameters, trained[0].training_names
    narrower = FastPath(parameters)
    narrower.loss_and_gradients(names[0])
    state = narrower.a_last.copy() if carries else np.zeros(24)
    resized = widen(parameters, 40, np.random.default_rng(0))
    wider = FastPath(resized.parameters)
    expected = narrower.loss_and_gradients(names[1], state)
    loss = wider.loss_and_gradients(names[1], resized.carry(state))
    assert loss == pytest.approx(expected, abs=1e-12, rel=0)
    np.testing.assert_allclose(wider.a_last[:24], narrower.a_last, rtol=0, atol=1e-12)


@EACH_BACKEND
@pytest.mark.parametrize("recipe", [DEFAULT, NOTEBOOK], ids=lambda recipe: recipe.name)
def test_widening_costs_the_next_step_nothing(train, recipe):
    plain, widened = (train(700, widths=(8,), recipe=recipe) for _ in range(2))
    widened.set_hyperparameters(Hyperparameters(widths=(20,)))
    expected = plain.run(1).loss[0]
    assert widened.run(1).loss[0] == pytest.approx(expected, abs=1e-11, rel=0)


def test_the_old_parameters_are_not_changed(trained):
    parameters = trained[0].parameters
    before = parameters.flat.copy()
    widen(parameters, 30, np.random.default_rng(0)).parameters.flat[:] = 0.0
    narrow(parameters, 10, trained[0].training_names).parameters.flat[:] = 0.0
    np.testing.assert_array_equal(parameters.flat, before)


def test_the_origin_maps_units_and_carries_a_state(trained):
    state = np.linspace(-1, 1, 24)
    wider = widen(trained[0].parameters, 26, np.random.default_rng(0))
    assert wider.origins[0].tolist() == [*range(24), -1, -1]
    assert wider.carry(state).tolist() == [*state, 0.0, 0.0]
    narrower = narrow(trained[0].parameters, 10, trained[0].training_names)
    (origin,) = narrower.origins
    assert sorted(set(origin)) == origin.tolist()
    assert len(origin) == 10
    assert narrower.carry(state).tolist() == state[origin].tolist()
    for new, old in enumerate(origin):
        # The mean input from the pruned units is added to every column alike.
        added = narrower.parameters.named["Wax"][new] - trained[0].parameters.named["Wax"][old]
        np.testing.assert_allclose(added, added[0], atol=1e-12)


@EACH_BACKEND
def test_new_units_learn_within_two_steps(train):
    trainer = train(1_000, widths=(8,))
    trainer.set_hyperparameters(Hyperparameters(widths=(16,)))
    started = trainer.snapshot().parameters.named
    trainer.run(1)
    once = trainer.snapshot().parameters.named
    # The outgoing weights move first; only then do the incoming ones have a gradient.
    assert (once["Wya"][:, 8:] != started["Wya"][:, 8:]).all()
    assert (once["Waa"][:8, 8:] != started["Waa"][:8, 8:]).all()
    trainer.run(1)
    twice = trainer.snapshot().parameters.named
    assert (twice["Wax"][8:] != started["Wax"][8:]).any(axis=1).all()
    assert (twice["Waa"][8:, :8] != started["Waa"][8:, :8]).any(axis=1).all()
    assert (twice["ba"][8:] != started["ba"][8:]).all()


def test_new_units_differ_from_each_other(trained):
    wider = widen(trained[0].parameters, 40, np.random.default_rng(0)).parameters.named
    assert len({row.tobytes() for row in wider["Wax"][24:]}) == 16
    assert len({row.tobytes() for row in wider["Waa"][24:, :24]}) == 16


@EACH_BACKEND
@pytest.mark.parametrize("seed", SEEDS)
def test_more_units_learn_more(train, advance, seed):
    narrow_one, widened = (
        train(1_000, widths=(6,), learning_rate=0.02, seed=seed) for _ in range(2)
    )
    widened.set_hyperparameters(Hyperparameters(widths=(48,), learning_rate=0.02))
    for trainer in (narrow_one, widened):
        advance(trainer, 2_000)
    losses = [nats_per_name(t.parameters, t.training_names) for t in (narrow_one, widened)]
    assert losses[1] < losses[0] - 0.5, f"seed {seed}: {losses}"


@pytest.mark.parametrize("n_a", [24, 23, 0, -1])
def test_widening_to_the_same_or_fewer_units_is_refused(trained, n_a):
    with pytest.raises(ValueError, match=f"n_a must be larger than 24 to widen, got {n_a}"):
        widen(trained[0].parameters, n_a, np.random.default_rng(0))


# Narrower.


@pytest.mark.parametrize("n_a", [20, 12])
def test_narrowing_costs_less_than_other_choices_of_units(trained, n_a):
    costs = {"chosen": [], "random": [], "smallest": []}
    for seed, trainer in trained.items():
        parameters, names = trainer.parameters, trainer.training_names
        random = np.random.default_rng(seed)
        outgoing = (parameters.Wya**2).sum(axis=0) + (parameters.named["Waa"] ** 2).sum(axis=0)
        others = {
            "random": [random.permutation(24)[:n_a] for _ in range(5)],
            "smallest": [np.argsort(outgoing)[-n_a:]],
        }
        before = nats_per_name(parameters, names)
        chosen = narrow(parameters, n_a, names).parameters
        assert chosen.architecture.widths == (n_a,)
        costs["chosen"].append(nats_per_name(chosen, names) - before)
        for way, choices in others.items():
            cuts = [keep_only(parameters, np.sort(kept)) for kept in choices]
            costs[way].append(np.mean([nats_per_name(cut, names) for cut in cuts]) - before)
    means = {way: float(np.mean(values)) for way, values in costs.items()}
    assert means["chosen"] < means["random"], means
    assert means["chosen"] < means["smallest"], means


# The ridge, without which copies would be singular, costs a little for each copy.
@pytest.mark.parametrize(("copied", "bound"), [([3], 1e-6), ([0, 7, 7, 23], 1e-5)], ids=str)
def test_copies_of_units_are_pruned_at_no_cost(trained, copied, bound):
    parameters, names = trained[0].parameters, trained[0].training_names
    units = np.array([*range(24), *copied])
    larger = Parameters(replace(parameters.architecture, widths=(len(units),)))
    new, old = larger.named, parameters.named
    new["Wax"][:], new["ba"][:] = old["Wax"][units], old["ba"][units]
    # A unit and its copies share its outgoing weights.
    shares = 1 / np.bincount(units)[units]
    new["Waa"][:] = old["Waa"][np.ix_(units, units)] * shares
    new["Wya"][:], new["by"][:] = old["Wya"][:, units] * shares, old["by"]
    before = nats_per_name(larger, names)
    assert before == pytest.approx(nats_per_name(parameters, names), abs=1e-9)
    resized = narrow(larger, 24, names)
    assert nats_per_name(resized.parameters, names) == pytest.approx(before, abs=bound, rel=0)
    assert sorted(units[resized.origins[0]]) == list(range(24))


@pytest.mark.parametrize("connected_to", ["the output", "the layer too"])
def test_constant_units_are_pruned_at_no_cost(trained, connected_to):
    parameters, names = trained[0].parameters, trained[0].training_names
    padded = widen(parameters, 30, np.random.default_rng(0)).parameters
    named = padded.named
    named["Wax"][24:], named["Waa"][24:] = 0.0, 0.0
    named["ba"][24:] = np.linspace(-2, 2, 6)
    random = np.random.default_rng(1)
    named["Wya"][:, 24:] = random.normal(scale=0.3, size=(len(padded.by), 6))
    if connected_to == "the layer too":
        # They are zero in a<0> only, so a bias replaces them except at the first character.
        named["Waa"][:24, 24:] = random.normal(scale=0.3, size=(24, 6))
    before = nats_per_name(padded, names)
    resized = narrow(padded, 24, names)
    assert resized.origins[0].tolist() == list(range(24))
    assert nats_per_name(resized.parameters, names) == pytest.approx(before, abs=1e-6, rel=0)


def test_units_without_outgoing_weights_are_pruned_at_no_cost(trained):
    parameters, names = trained[0].parameters, trained[0].training_names
    before = nats_per_name(parameters, names)
    wider = widen(parameters, 40, np.random.default_rng(0)).parameters
    back = narrow(wider, 24, names)
    assert nats_per_name(back.parameters, names) == pytest.approx(before, abs=1e-6, rel=0)


def test_a_network_of_constant_units_can_be_narrowed(make_parameters, trained):
    names = trained[0].training_names
    still = make_parameters(len(trained[0].vocabulary), 8, seed=0)
    still.named["Wax"][:], still.named["Waa"][:] = 0.0, 0.0
    before = nats_per_name(still, names)
    narrower = narrow(still, 4, names).parameters
    assert nats_per_name(narrower, names) == pytest.approx(before, abs=1e-6, rel=0)


def test_narrowing_with_fewer_characters_than_units(make_parameters, letters):
    names = letters.encode_all(["rex", "mei"])
    narrower = narrow(make_parameters(27, 100, seed=1, scale=0.1), 50, names).parameters
    assert nats_per_name(narrower, names) < 60.0


@pytest.mark.parametrize("n_a", [24, 25, 0, -1])
def test_narrowing_to_the_same_width_or_to_zero_is_refused(trained, n_a):
    with pytest.raises(ValueError, match=f"n_a must lie between 1 and 23 to narrow, got {n_a}"):
        narrow(trained[0].parameters, n_a, trained[0].training_names)


# Every cell, every layer.


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


@pytest.fixture(scope="module")
def make_stack(train):
    """Return a function that returns the trainer of a trained network, not to be changed."""
    made = {}

    def make(cell, widths, embedding=None):
        key = (cell, widths, embedding)
        if key not in made:
            made[key] = train(300, cell=cell, widths=widths, embedding=embedding, **CHOSEN)
        return made[key]

    return make


@STACKS
def test_widening_keeps_the_loss_of_every_cell_and_layer(make_stack, cell, widths, embedding):
    trainer = make_stack(cell, widths, embedding)
    parameters, names = trainer.parameters, trainer.training_names
    before = nats_per_name(parameters, names)
    random = np.random.default_rng(0)
    wider = [widen(parameters, widths[at] + 7, random, layer=at) for at in range(len(widths))]
    wider.append(resize(parameters, [width + 5 for width in widths], random, names))
    for at, resized in enumerate(wider):
        after = nats_per_name(resized.parameters, names)
        assert after == pytest.approx(before, abs=1e-12, rel=0), f"way {at}"
    assert wider[-1].parameters.architecture.widths == tuple(width + 5 for width in widths)


@EACH_BACKEND
@STACKS
def test_new_units_of_every_cell_and_layer_learn(train, cell, widths, embedding):
    # With plain SGD, a weight changes only if it has a gradient.
    trainer = train(20, cell=cell, widths=widths, embedding=embedding, batch=16, learning_rate=0.5)
    wider = tuple(width + 4 for width in widths)
    trainer.set_hyperparameters(replace(trainer.hyperparameters, widths=wider))
    started = trainer.snapshot().parameters
    # Incoming weights have a gradient once outgoing ones move, one step later for each layer above.
    trainer.run(1 + len(widths))
    trained = trainer.snapshot().parameters
    for old, new, width in zip(started.layers, trained.layers, widths, strict=True):
        for name, array in new.named.items():
            moved = array[width:] != old.named[name][width:]
            assert moved.reshape(4, -1).any(axis=1).all(), name
    assert (started.Wya[:, widths[-1] :] == 0).all()
    assert (trained.Wya[:, widths[-1] :] != 0).all()


@STACKS
def test_narrowing_costs_less_than_pruning_random_units(make_stack, cell, widths, embedding):
    trainer = make_stack(cell, widths, embedding)
    parameters, names = trainer.parameters, trainer.training_names
    before, random = nats_per_name(parameters, names), np.random.default_rng(1)
    for layer, width in enumerate(widths):
        for n_a in (width - 2, width // 2):
            chosen = narrow(parameters, n_a, names, layer=layer)
            assert chosen.parameters.layers[layer].n_a == n_a
            cost = nats_per_name(chosen.parameters, names) - before
            at_random = []
            for _ in range(5):
                origins = [np.arange(w) for w in widths]
                origins[layer] = np.sort(random.permutation(width)[:n_a])
                cut = Resized(parameters, tuple(origins)).transfer(parameters)
                at_random.append(nats_per_name(cut, names) - before)
            assert cost < np.mean(at_random), (layer, n_a, cost, at_random)


@STACKS
@pytest.mark.parametrize("carries", [False, True])
def test_units_of_every_cell_without_outgoing_weights_are_pruned_at_no_cost(
    make_stack, cell, widths, embedding, carries
):
    trainer = make_stack(cell, widths, embedding)
    parameters, names = trainer.parameters, trainer.training_names
    before, random = nats_per_name(parameters, names), np.random.default_rng(2)
    wider = resize(parameters, [width + 5 for width in widths], random, names).parameters
    back = resize(wider, widths, random, names, carries_state=carries)
    assert nats_per_name(back.parameters, names) == pytest.approx(before, abs=1e-5, rel=0)


WIDTHS_BEFORE = (6, 5)


def origin_of_entries(name, layer, origins, n_input):
    """Return where each row and each column of a named matrix was before."""
    below = np.arange(n_input) if layer == 0 else origins[layer - 1]
    was = WIDTHS_BEFORE[layer]
    if name == "Wax":
        return origins[layer], below
    if name == "Waa":
        return origins[layer], origins[layer]
    return origins[layer], np.concatenate((origins[layer], np.where(below < 0, -1, was + below)))


@EVERY_CELL
@pytest.mark.parametrize("embedding", [None, 3])
@pytest.mark.parametrize(
    "widths", [(9, 5), (6, 8), (9, 8), (4, 5), (6, 3), (4, 8), (9, 3)], ids=str
)
def test_the_moments_of_an_optimizer_are_carried_over(
    make_parameters, corpus, cell, embedding, widths
):
    names = corpus.vocabulary.encode_all(corpus.names[:20])
    parameters = make_parameters(
        len(corpus.vocabulary), WIDTHS_BEFORE, seed=3, cell=cell, embedding=embedding
    )
    resized = resize(parameters, widths, np.random.default_rng(0), names)
    moments = parameters.zeros_like()
    moments.flat[:] = np.arange(1.0, len(moments.flat) + 1)  # no two alike
    carried = resized.transfer(moments)
    assert carried.architecture == resized.parameters.architecture
    origins = resized.origins
    assert tuple(map(len, origins)) == widths
    n_input = parameters.architecture.n_input
    for layer, (old, new) in enumerate(zip(moments.layers, carried.layers, strict=True)):
        for name, array in new.named.items():
            if name.startswith("b"):
                expected = [old.named[name][i] if i >= 0 else 0.0 for i in origins[layer]]
            else:
                rows, columns = origin_of_entries(name, layer, origins, n_input)
                before = old.named[name]
                expected = [
                    [before[i, j] if min(i, j) >= 0 else 0.0 for j in columns] for i in rows
                ]
            np.testing.assert_array_equal(array, expected, err_msg=f"{layer}.{name}")
    expected = [[row[j] if j >= 0 else 0.0 for j in origins[-1]] for row in moments.Wya]
    np.testing.assert_array_equal(carried.Wya, expected)
    np.testing.assert_array_equal(carried.by, moments.by)
    if embedding:
        np.testing.assert_array_equal(carried.E, moments.E)


@EACH_BACKEND
@pytest.mark.parametrize("optimizer", ["momentum", "rmsprop", "adagrad", "adam", "adamw"])
def test_a_trainer_carries_its_optimizer_over(train, optimizer):
    trainer = train(30, cell="lstm", widths=(8, 6), **(CHOSEN | {"optimizer": optimizer}))
    before = Parameters(
        trainer.parameters.architecture, trainer.learner.optimizer.moments[0].copy()
    )
    trainer.set_hyperparameters(replace(trainer.hyperparameters, widths=(11, 6)))
    after = Parameters(trainer.parameters.architecture, trainer.learner.optimizer.moments[0])
    assert trainer.learner.optimizer.steps == 30
    for gate in "fico":
        old, new = before.layers[0].named[f"W{gate}"], after.layers[0].named[f"W{gate}"]
        np.testing.assert_array_equal(new[:8, :8], old[:, :8])
        np.testing.assert_array_equal(new[:8, 11:], old[:, 8:])
        assert not new[8:].any()
        assert not new[:, 8:11].any()
    assert (after.Wya == before.Wya).all()
    trainer.set_hyperparameters(replace(trainer.hyperparameters, widths=(11, 6, 7)))
    assert trainer.learner.optimizer.steps == 0, (
        "averages from zero need their correction from step 1"
    )
    for moment in trainer.learner.optimizer.moments:
        assert moment.shape == trainer.parameters.flat.shape
        assert not moment.any()


@pytest.mark.parametrize("widths", [(4,), (4, 4, 4), ()], ids=str)
def test_another_number_of_layers_is_refused(make_parameters, letters, widths):
    names = letters.encode_all(["rex", "mei"])
    with pytest.raises(ValueError, match="widths must name 2 layers, got"):
        resize(make_parameters(27, (5, 5), seed=5), widths, np.random.default_rng(0), names)


@pytest.mark.parametrize("widths", [(0, 5), (5, -1)], ids=str)
def test_resizing_a_layer_to_width_0_is_refused(make_parameters, letters, widths):
    names = letters.encode_all(["rex", "mei"])
    with pytest.raises(ValueError, match="n_a must lie between 1 and 4 to narrow, got"):
        resize(make_parameters(27, (5, 5), seed=5), widths, np.random.default_rng(0), names)
