import numpy as np
import pytest

from engine.messages import Hyperparameters
from engine.network import Network, loss_of_names
from engine.parameters import Parameters
from engine.recipes import DEFAULT, NOTEBOOK
from engine.resizing import narrow, widen

SEEDS = (0, 1, 2)


@pytest.fixture(scope="module")
def trained(train):
    """Return trained networks of 24 units, by seed."""
    return {seed: train(3_000, hidden=24, learning_rate=0.02, seed=seed) for seed in SEEDS}


def nats_a_name(parameters, names):
    return loss_of_names(parameters, names).nats_a_name


def keep_only(parameters, kept):
    """Cut the other units out, and let nothing stand in for them."""
    cut = Parameters(parameters.n_x, len(kept), parameters.n_y)
    cut.Wax[:], cut.Waa[:] = parameters.Wax[kept], parameters.Waa[np.ix_(kept, kept)]
    cut.Wya[:], cut.ba[:], cut.by[:] = parameters.Wya[:, kept], parameters.ba[kept], parameters.by
    return cut


# Wider.


@pytest.mark.parametrize("n_a", [25, 48, 300])
def test_wider_computes_the_same(trained, n_a):
    parameters, names = trained[0].parameters, trained[0].training_names
    wider = widen(parameters, n_a, np.random.default_rng(0)).parameters
    assert wider.n_a == n_a
    before = loss_of_names(parameters, names)
    after = loss_of_names(wider, names)
    assert after.nats_a_name == pytest.approx(before.nats_a_name, abs=1e-12, rel=0)
    assert after.nats_a_character == pytest.approx(before.nats_a_character, abs=1e-12, rel=0)


@pytest.mark.parametrize("carries", [False, True])
def test_wider_computes_the_same_from_a_carried_state(trained, carries):
    parameters, names = trained[0].parameters, trained[0].training_names
    narrower = Network(parameters)
    narrower.loss_and_gradients(names[0])
    state = narrower.a_last.copy() if carries else np.zeros(24)
    resized = widen(parameters, 40, np.random.default_rng(0))
    wider = Network(resized.parameters)
    expected = narrower.loss_and_gradients(names[1], state)
    loss = wider.loss_and_gradients(names[1], resized.carry(state))
    assert loss == pytest.approx(expected, abs=1e-12, rel=0)
    np.testing.assert_allclose(wider.a_last[:24], narrower.a_last, rtol=0, atol=1e-12)


@pytest.mark.parametrize("recipe", [DEFAULT, NOTEBOOK], ids=lambda recipe: recipe.name)
def test_wider_costs_the_next_step_nothing(train, recipe):
    plain, widened = (train(700, hidden=8, recipe=recipe) for _ in range(2))
    widened.turn(Hyperparameters(hidden=20))
    expected = plain.run(1).loss[0]
    assert widened.run(1).loss[0] == pytest.approx(expected, abs=1e-11, rel=0)


def test_the_old_parameters_are_left_alone(trained):
    parameters = trained[0].parameters
    before = parameters.flat.copy()
    widen(parameters, 30, np.random.default_rng(0)).parameters.flat[:] = 0.0
    narrow(parameters, 10, trained[0].training_names).parameters.flat[:] = 0.0
    np.testing.assert_array_equal(parameters.flat, before)


def test_origin_says_where_units_come_from_and_carries_a_state(trained):
    state = np.linspace(-1, 1, 24)
    wider = widen(trained[0].parameters, 26, np.random.default_rng(0))
    assert wider.origin.tolist() == [*range(24), -1, -1]
    assert wider.carry(state).tolist() == [*state, 0.0, 0.0]
    narrower = narrow(trained[0].parameters, 10, trained[0].training_names)
    assert sorted(set(narrower.origin)) == narrower.origin.tolist()
    assert len(narrower.origin) == 10
    assert narrower.carry(state).tolist() == state[narrower.origin].tolist()
    for new, old in enumerate(narrower.origin):
        # What the units that went used to say on average is added to every column alike.
        added = narrower.parameters.Wax[new] - trained[0].parameters.Wax[old]
        np.testing.assert_allclose(added, added[0], atol=1e-12)


def test_new_units_learn_within_two_steps(train):
    trainer = train(1_000, hidden=8)
    trainer.turn(Hyperparameters(hidden=16))
    started = trainer.snapshot().parameters
    trainer.run(1)
    once = trainer.snapshot().parameters
    # What they say moves first; only then has what they hear a gradient.
    assert (once.Wya[:, 8:] != started.Wya[:, 8:]).all()
    assert (once.Waa[:8, 8:] != started.Waa[:8, 8:]).all()
    trainer.run(1)
    twice = trainer.snapshot().parameters
    assert (twice.Wax[8:] != started.Wax[8:]).any(axis=1).all()
    assert (twice.Waa[8:, :8] != started.Waa[8:, :8]).any(axis=1).all()
    assert (twice.ba[8:] != started.ba[8:]).all()


def test_new_units_differ_from_each_other(trained):
    wider = widen(trained[0].parameters, 40, np.random.default_rng(0)).parameters
    assert len({row.tobytes() for row in wider.Wax[24:]}) == 16
    assert len({row.tobytes() for row in wider.Waa[24:, :24]}) == 16


@pytest.mark.parametrize("seed", SEEDS)
def test_more_units_come_to_learn_more(train, advance, seed):
    narrow_one, widened = (train(2_000, hidden=6, learning_rate=0.02, seed=seed) for _ in range(2))
    widened.turn(Hyperparameters(hidden=48, learning_rate=0.02))
    for trainer in (narrow_one, widened):
        advance(trainer, 4_000)
    losses = [nats_a_name(t.parameters, t.training_names) for t in (narrow_one, widened)]
    assert losses[1] < losses[0] - 0.5, f"seed {seed}: {losses}"


@pytest.mark.parametrize("n_a", [24, 23, 0, -1])
def test_widening_to_no_more_is_refused(trained, n_a):
    with pytest.raises(ValueError, match=f"n_a must be larger than 24 to widen, got {n_a}"):
        widen(trained[0].parameters, n_a, np.random.default_rng(0))


# Narrower.


@pytest.mark.parametrize("n_a", [20, 12])
def test_narrower_costs_less_than_other_choices_of_units(trained, n_a):
    costs = {"chosen": [], "random": [], "smallest": []}
    for seed, trainer in trained.items():
        parameters, names = trainer.parameters, trainer.training_names
        random = np.random.default_rng(seed)
        outgoing = (parameters.Wya**2).sum(axis=0) + (parameters.Waa**2).sum(axis=0)
        others = {
            "random": [random.permutation(24)[:n_a] for _ in range(5)],
            "smallest": [np.argsort(outgoing)[-n_a:]],
        }
        before = nats_a_name(parameters, names)
        chosen = narrow(parameters, n_a, names).parameters
        assert chosen.n_a == n_a
        costs["chosen"].append(nats_a_name(chosen, names) - before)
        for way, choices in others.items():
            cuts = [keep_only(parameters, np.sort(kept)) for kept in choices]
            costs[way].append(np.mean([nats_a_name(cut, names) for cut in cuts]) - before)
    means = {way: float(np.mean(values)) for way, values in costs.items()}
    assert means["chosen"] < means["random"], means
    assert means["chosen"] < means["smallest"], means


# The ridge that lets copies be told apart at all takes its share of each: hence more for more.
@pytest.mark.parametrize(("copied", "bound"), [([3], 1e-6), ([0, 7, 7, 23], 1e-5)], ids=str)
def test_units_that_are_copies_go_at_no_cost(trained, copied, bound):
    parameters, names = trained[0].parameters, trained[0].training_names
    units = np.array([*range(24), *copied])
    larger = Parameters(parameters.n_x, len(units), parameters.n_y)
    larger.Wax[:], larger.ba[:] = parameters.Wax[units], parameters.ba[units]
    # A unit and its copies share what it said alone before.
    shares = 1 / np.bincount(units)[units]
    larger.Waa[:] = parameters.Waa[np.ix_(units, units)] * shares
    larger.Wya[:], larger.by[:] = parameters.Wya[:, units] * shares, parameters.by
    before = nats_a_name(larger, names)
    assert before == pytest.approx(nats_a_name(parameters, names), abs=1e-9)
    resized = narrow(larger, 24, names)
    assert nats_a_name(resized.parameters, names) == pytest.approx(before, abs=bound, rel=0)
    assert sorted(units[resized.origin]) == list(range(24))


@pytest.mark.parametrize("heard_by", ["the output", "the units too"])
def test_units_that_never_change_go_at_no_cost(trained, heard_by):
    parameters, names = trained[0].parameters, trained[0].training_names
    padded = widen(parameters, 30, np.random.default_rng(0)).parameters
    padded.Wax[24:], padded.Waa[24:] = 0.0, 0.0
    padded.ba[24:] = np.linspace(-2, 2, 6)
    random = np.random.default_rng(1)
    padded.Wya[:, 24:] = random.normal(scale=0.3, size=(padded.n_y, 6))
    if heard_by == "the units too":
        # They are silent in a<0> only, so that a bias stands in for them but at the first letter.
        padded.Waa[:24, 24:] = random.normal(scale=0.3, size=(24, 6))
    before = nats_a_name(padded, names)
    resized = narrow(padded, 24, names)
    assert resized.origin.tolist() == list(range(24))
    assert nats_a_name(resized.parameters, names) == pytest.approx(before, abs=1e-6, rel=0)


def test_units_that_say_nothing_go_at_no_cost(trained):
    parameters, names = trained[0].parameters, trained[0].training_names
    before = nats_a_name(parameters, names)
    wider = widen(parameters, 40, np.random.default_rng(0)).parameters
    back = narrow(wider, 24, names)
    assert nats_a_name(back.parameters, names) == pytest.approx(before, abs=1e-6, rel=0)


def test_a_network_whose_units_all_stand_still_can_be_narrowed(make_parameters, trained):
    names = trained[0].training_names
    still = make_parameters(trained[0].parameters.n_x, 8, seed=0)
    still.Wax[:], still.Waa[:] = 0.0, 0.0
    before = nats_a_name(still, names)
    narrower = narrow(still, 4, names).parameters
    assert nats_a_name(narrower, names) == pytest.approx(before, abs=1e-6, rel=0)


def test_more_units_than_characters_to_judge_by(make_parameters, letters):
    names = letters.encode_all(["rex", "mei"])
    narrower = narrow(make_parameters(27, 100, seed=1, scale=0.1), 50, names).parameters
    assert nats_a_name(narrower, names) < 60.0


@pytest.mark.parametrize("n_a", [24, 25, 0, -1])
def test_narrowing_to_no_less_or_nothing_is_refused(trained, n_a):
    with pytest.raises(ValueError, match=f"n_a must lie between 1 and 23 to narrow, got {n_a}"):
        narrow(trained[0].parameters, n_a, trained[0].training_names)
