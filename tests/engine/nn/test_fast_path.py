"""Steps on one name, by NumPy and by the compiled kernels."""

from dataclasses import replace

import numpy as np
import pytest

from engine.data.vocabulary import EncodedNames
from engine.nn.architecture import Architecture
from engine.nn.fast_path import FastPath
from engine.nn.kinds import of_blend
from engine.nn.network import Network
from engine.nn.optimizers import OPTIMIZERS, clip_entries
from engine.nn.packing import Packed
from engine.nn.parameters import Parameters

STEP = 1e-5
CELLS = pytest.mark.parametrize("cell", ["rnn", "gru", "lstm"])


@pytest.fixture
def assert_equals_reference(by_the_reference):
    def check(network, Y, a0=None):
        # First, because a0 may be an array that the network is about to overwrite.
        expected, gradients, states = by_the_reference(network.parameters, Y, a0)
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):  # as in the trainer
            loss = network.loss_and_gradients(Y, a0)
        assert loss == pytest.approx(expected, rel=1e-10, abs=1e-10)
        np.testing.assert_allclose(network.a_last, states[-1], rtol=0, atol=1e-10)
        for name, gradient in gradients.items():
            np.testing.assert_allclose(
                network.gradients.named[name], gradient, rtol=1e-10, atol=1e-10, err_msg=name
            )

    return check


@pytest.mark.parametrize("carries", [False, True], ids=["a0 = 0", "a0 given"])
@pytest.mark.parametrize("length", [1, 2, 13])
@pytest.mark.parametrize("n_a", [1, 4])
@CELLS
def test_gradients_agree_with_finite_differences(
    single_name, make_parameters, random_name, cell, n_a, length, carries
):
    parameters, Y = make_parameters(5, n_a, seed=1, cell=cell), random_name(5, length, seed=1)
    a0 = np.random.default_rng(1).uniform(-1, 1, size=n_a) if carries else None
    network = single_name(parameters)
    network.loss_and_gradients(Y, a0)
    analytic = network.gradients.flat.copy()
    for entry, value in enumerate(parameters.flat.copy()):
        parameters.flat[entry] = value + STEP
        above = network.loss_and_gradients(Y, a0)
        parameters.flat[entry] = value - STEP
        below = network.loss_and_gradients(Y, a0)
        parameters.flat[entry] = value
        numeric = (above - below) / (2 * STEP)
        assert analytic[entry] == pytest.approx(numeric, rel=1e-6, abs=1e-8), entry


@pytest.mark.parametrize("carries", [False, True], ids=["a0 = 0", "a0 given"])
@pytest.mark.parametrize("length", [1, 2, 13, 27])
@pytest.mark.parametrize("n_a", [4, 50])
def test_equals_the_reference(
    single_name, make_parameters, random_name, assert_equals_reference, n_a, length, carries
):
    # Larger weights would be chaotic: a rounding error grows a thousandfold within 27 letters.
    parameters = make_parameters(27, n_a, seed=2, scale=n_a**-0.5)
    a0 = np.random.default_rng(2).uniform(-1, 1, size=n_a) if carries else None
    assert_equals_reference(single_name(parameters), random_name(27, length, seed=2), a0)


def test_equals_the_reference_at_the_courses_start_values(
    single_name, random_name, assert_equals_reference
):
    parameters = Parameters.initial(Architecture(27), np.random.RandomState(1))
    assert_equals_reference(single_name(parameters), random_name(27, 13, seed=3))


@CELLS
def test_a_name_after_others_gives_the_same_as_alone(make_parameters, random_name, cell):
    network = FastPath(make_parameters(27, 20, seed=4, cell=cell))
    lengths = [13, 1, 27, 2, 13, 40, 1, 13, 27, *np.random.default_rng(4).integers(1, 60, 30)]
    for attempt, length in enumerate(lengths):
        Y = random_name(27, length, seed=attempt)
        alone = FastPath(network.parameters)
        assert network.loss_and_gradients(Y) == alone.loss_and_gradients(Y)
        np.testing.assert_array_equal(network.gradients.flat, alone.gradients.flat)
        network.parameters.flat[:] -= 0.01 * network.gradients.flat


def test_nothing_leaks_from_one_name_into_the_next(
    make_parameters, random_name, assert_equals_reference
):
    network = FastPath(make_parameters(27, 20, seed=4))
    random = np.random.default_rng(4)
    lengths = [13, 1, 27, 2, 13, 40, 1, 13, 27, *random.integers(1, 60, size=30)]
    for attempt, length in enumerate(lengths):
        a0 = random.uniform(-1, 1, size=20) if attempt % 3 else None
        assert_equals_reference(network, random_name(27, length, seed=attempt), a0)
        network.parameters.flat[:] -= 0.01 * network.gradients.flat


def test_the_last_state_can_be_the_next_initial_state(
    single_name, make_parameters, random_name, by_the_reference, assert_equals_reference
):
    network, Y = single_name(make_parameters(27, 20, seed=5)), random_name(27, 9, seed=5)
    network.loss_and_gradients(Y)
    carried = network.a_last.copy()
    assert_equals_reference(network, Y, network.a_last)
    assert (network.a_last != carried).any()


@pytest.mark.parametrize("size", [800.0, 1e4, 1e8])
def test_logits_too_large_for_exp_are_handled(
    single_name, make_parameters, random_name, assert_equals_reference, size
):
    network = single_name(make_parameters(27, 8, seed=6))
    network.parameters.by[:] = np.random.default_rng(6).normal(size=27) * size
    Y = np.full(5, np.argmax(network.parameters.by))  # the reference cannot take ln of 0
    assert_equals_reference(network, Y)
    network.parameters.flat[:] = make_parameters(27, 8, seed=7).flat
    assert_equals_reference(network, random_name(27, 5, seed=6))  # and without the shift again


@pytest.mark.parametrize("size", [800.0, 1e8])
def test_an_improbable_target_costs_the_difference_of_the_logits(
    single_name, make_parameters, size
):
    network = single_name(make_parameters(3, 4, seed=8, scale=0.1))
    network.parameters.Wya[:] = 0.0
    network.parameters.by[:] = [0.0, size, 0.0]
    with np.errstate(over="ignore"):
        loss = network.loss_and_gradients(np.array([2, 0]))
    assert loss == pytest.approx(2 * size, rel=1e-12)
    np.testing.assert_allclose(network.gradients.by, [-1.0, 2.0, -1.0], rtol=0, atol=1e-12)


@pytest.mark.parametrize("shift", [-1e4, -800.0, -740.0, -700.0, 700.0, 709.0, 1e4])
def test_gradients_are_invariant_to_a_shift_of_the_logits(
    single_name, make_parameters, random_name, shift
):
    network, Y = single_name(make_parameters(27, 8, seed=9)), random_name(27, 13, seed=9)
    expected = network.loss_and_gradients(Y)
    gradients = network.gradients.flat.copy()
    network.parameters.by += shift
    with np.errstate(all="ignore"):
        loss = network.loss_and_gradients(Y)
    assert loss == pytest.approx(expected, abs=1e-8)
    np.testing.assert_allclose(network.gradients.flat, gradients, rtol=0, atol=1e-8)


@pytest.mark.parametrize("n_a", [4, 120])
@pytest.mark.parametrize("clip", [1e-3, 0.1, 1.0, 10.0, 100.0])
@CELLS
def test_clipping_bounds_every_entry_and_leaves_the_others(
    make_parameters, random_name, cell, n_a, clip
):
    for seed in range(20):
        scale = (0.2 + 0.2 * seed) * n_a**-0.5
        parameters = make_parameters(27, n_a, seed=seed, scale=scale, cell=cell)
        network = FastPath(parameters)
        network.loss_and_gradients(random_name(27, 12, seed=seed))
        expected = np.clip(network.gradients.flat, -clip, clip)
        network.clip_entries(clip)
        np.testing.assert_array_equal(network.gradients.flat, expected)


def test_nan_and_infinite_gradients_are_clipped_as_numpy_does(make_parameters, random_name):
    parameters = make_parameters(27, 120, seed=0)
    parameters.Wya[:] = 1e200
    network = FastPath(parameters)
    with np.errstate(all="ignore"):
        network.loss_and_gradients(random_name(27, 12, seed=0))
    network.clip_entries(5.0)
    assert not (np.abs(network.gradients.flat) > 5.0).any()


@CELLS
def test_large_vocabularies_give_the_same_without_a_table_of_one_hot_rows(
    make_parameters, random_name, monkeypatch, cell
):
    parameters = make_parameters(9, 4, seed=3, cell=cell)
    names = [random_name(9, length, seed=length) for length in (5, 2, 5)]
    found = []
    for most in (9, 8):
        monkeypatch.setattr("engine.nn.fast_path._MOST_ONE_HOT_ROWS", most)
        network = FastPath(parameters)
        losses = [network.loss_and_gradients(Y, None) for Y in names]
        found.append((losses, network.gradients.flat.tobytes()))
    assert found[0] == found[1]


# Kinds of names.


@pytest.mark.parametrize("length", [1, 2, 13])
@CELLS
def test_gradients_with_kinds_agree_with_finite_differences(
    single_name, make_parameters, random_name, cell, length
):
    parameters = make_parameters(5, 4, seed=1, cell=cell, n_kinds=3)
    Y, network = random_name(5, length, seed=1), single_name(parameters)
    network.loss_and_gradients(Y, None, 2)
    analytic = network.gradients.flat.copy()
    assert not network.gradients.layers[0].K[:2].any()
    for entry, value in enumerate(parameters.flat.copy()):
        parameters.flat[entry] = value + STEP
        above = network.loss_and_gradients(Y, None, 2)
        parameters.flat[entry] = value - STEP
        below = network.loss_and_gradients(Y, None, 2)
        parameters.flat[entry] = value
        numeric = (above - below) / (2 * STEP)
        assert analytic[entry] == pytest.approx(numeric, rel=1e-6, abs=1e-8), entry


@pytest.mark.parametrize("optimizer", ["sgd", "adam"])
@CELLS
def test_names_of_kinds_train_as_batches_of_one_do(make_parameters, random_name, cell, optimizer):
    """The steps that an optimizer leaves in the gradients do not reach the next name."""
    single, general = (
        make(make_parameters(9, 12, seed=5, scale=0.3, cell=cell, n_kinds=3))
        for make in (FastPath, Network)
    )
    optimizers = [OPTIMIZERS[optimizer](each.parameters.flat) for each in (single, general)]
    for seed, (length, kind) in enumerate([(9, 1), (4, 1), (9, 0), (1, 2), (13, 1), (4, 0)]):
        Y = random_name(9, length, seed)
        batch = Packed.of(EncodedNames(Y, np.array([0, length]), np.array([kind])), np.arange(1))
        expected = general.loss_and_gradients(batch)
        assert single.loss_and_gradients(Y, None, kind) == pytest.approx(expected, rel=1e-10)
        for each, rule in zip((single, general), optimizers, strict=True):
            clip_entries(each.gradients.flat, 0.5)
            rule.step(each.parameters.flat, each.gradients.flat, 0.01, l2=0.1)
        found, wanted = (each.parameters.flat for each in (single, general))
        np.testing.assert_allclose(found, wanted, rtol=0, atol=1e-8)


@CELLS
def test_a_state_is_carried_from_kind_to_kind(make_parameters, random_name, cell):
    parameters = make_parameters(9, 6, seed=6, cell=cell, n_kinds=2)
    network, a0 = FastPath(parameters), np.linspace(-1, 1, 6)
    for kind in (0, 1, 0):
        plain = FastPath(of_blend(parameters, np.eye(2)[kind]))
        Y = random_name(9, 5, seed=kind)
        expected = plain.loss_and_gradients(Y, a0)
        assert network.loss_and_gradients(Y, a0, kind) == pytest.approx(expected, rel=1e-12)
        np.testing.assert_allclose(network.a_last, plain.a_last, rtol=0, atol=1e-12)
        a0 = network.a_last.copy()


@pytest.mark.parametrize("n_a", [4, 120])
@pytest.mark.parametrize("clip", [1e-3, 0.1, 1.0, 10.0])
@CELLS
def test_gradients_of_kinds_are_clipped_too(make_parameters, random_name, cell, n_a, clip):
    for seed in range(5):
        scale = (0.2 + 0.6 * seed) * n_a**-0.5
        parameters = make_parameters(9, n_a, seed=seed, scale=scale, cell=cell, n_kinds=3)
        network = FastPath(parameters)
        network.loss_and_gradients(random_name(9, 12, seed=seed), None, seed % 3)
        expected = np.clip(network.gradients.flat, -clip, clip)
        network.clip_entries(clip)
        np.testing.assert_array_equal(network.gradients.flat, expected)


def test_only_networks_that_write_names_are_served():
    told = Architecture(5, widths=(4,), n_kinds=3)
    assert FastPath.serves(told)
    assert not FastPath.serves(replace(told, task="tell"))
    assert not FastPath.serves(replace(told, widths=(4, 4)))
    assert not FastPath.serves(replace(told, embedding=2))
    assert not FastPath.serves(replace(told, dtype="float32"))
