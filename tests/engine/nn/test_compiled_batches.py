"""Batches by the compiled kernels against the NumPy step.

Their gradients, and their halves, are tested where those of NumPy are: see `each_batch_backend`.
"""

import math

import numpy as np
import pytest

from engine.data.vocabulary import EncodedNames
from engine.nn.classifier import Classifier
from engine.nn.layers.compiled_batches import CompiledBatches
from engine.nn.layers.layer_stack import zero_states
from engine.nn.network import Network
from engine.nn.packing import Packed
from engine.training.settings import Hyperparameters, RunSettings
from engine.training.trainer import Trainer

CELLS = pytest.mark.parametrize("cell", ["rnn", "gru", "lstm"])
GATED = pytest.mark.parametrize("cell", ["gru", "lstm"])
MIXED = (2, 1, 13, 5, 13, 1, 17)
STEP = 1e-5

pytestmark = pytest.mark.usefixtures("compiled_kernels")


@pytest.fixture
def pack(random_names):
    """Return a function that packs names of such lengths, of 9 symbols and 3 kinds."""

    def make(lengths):
        names = random_names(9, lengths, seed=1)
        kinds = np.arange(len(lengths)) % 3
        return Packed.of(EncodedNames(names.symbols, names.bounds, kinds), np.arange(len(lengths)))

    return make


def both(parameters):
    """Return a network that NumPy computes, and one that the kernels compute."""
    network = Classifier if parameters.architecture.task == "tell" else Network
    return network(parameters), network(parameters, None, CompiledBatches())


def assert_same(parameters, batch, dropout=0.0, states=None):
    """Compare losses, gradients and final states."""
    found = []
    for network in both(parameters):
        own = None if states is None else [tuple(a.copy() for a in state) for state in states]
        random = np.random.default_rng(5)
        loss = network.loss_and_gradients(batch, dropout, random, own)
        found.append((loss, network.gradients.flat, own))
    (loss, gradients, ends), (compiled_loss, compiled_gradients, compiled_ends) = found
    assert compiled_loss == pytest.approx(loss, rel=1e-12, abs=1e-12)
    np.testing.assert_allclose(compiled_gradients, gradients, rtol=1e-10, atol=1e-10)
    for end, compiled_end in zip(ends or [], compiled_ends or [], strict=True):
        np.testing.assert_allclose(compiled_end, end, rtol=1e-10, atol=1e-10)


@pytest.mark.parametrize("lengths", [(1,), (2,), (13,), (13, 13, 13), MIXED], ids=str)
@pytest.mark.parametrize("n_a", [1, 5, 50])
@CELLS
def test_names_give_the_numbers_of_numpy(make_parameters, pack, cell, n_a, lengths):
    assert_same(make_parameters(9, n_a, seed=1, cell=cell), pack(lengths))


@pytest.mark.parametrize("dropout", [0.0, 0.4])
@pytest.mark.parametrize("embedding", [None, 4])
@CELLS
def test_several_layers_give_the_numbers_of_numpy(make_parameters, pack, cell, embedding, dropout):
    parameters = make_parameters(9, (7, 20, 3), seed=2, cell=cell, embedding=embedding)
    assert_same(parameters, pack(MIXED), dropout)


@CELLS
def test_kinds_that_are_given_give_the_numbers_of_numpy(make_parameters, pack, cell):
    parameters = make_parameters(9, (7, 6), seed=3, cell=cell, n_kinds=3)
    assert_same(parameters, pack(MIXED))


@pytest.mark.parametrize("both_directions", [False, True])
@CELLS
def test_kinds_that_are_told_give_the_numbers_of_numpy(
    make_parameters, pack, cell, both_directions
):
    parameters = make_parameters(
        9, (7, 6), seed=3, cell=cell, n_kinds=3, task="tell", both_directions=both_directions
    )
    assert_same(parameters, pack(MIXED), dropout=0.2)


@CELLS
def test_a_text_continues_from_its_states(make_parameters, cell):
    parameters = make_parameters(9, (7, 6), seed=4, cell=cell)
    random = np.random.default_rng(4)
    symbols = random.integers(0, 9, (5, 12))
    batch = Packed.of_pieces(symbols[:, :-1], symbols[:, 4:])
    states = [
        tuple(random.normal(scale=0.3, size=array.shape) for array in state)
        for state in zero_states(parameters, 5)
    ]
    assert_same(parameters, batch, states=states)


@CELLS
def test_single_precision_has_the_gradients_of_double_precision(make_parameters, pack, cell):
    double = make_parameters(9, (40, 33), seed=5, scale=0.1, cell=cell)
    single = make_parameters(9, (40, 33), seed=5, scale=0.1, cell=cell, dtype="float32")
    batch = pack(MIXED)
    _, exact = both(double)
    _, rounded = both(single)
    loss = exact.loss_and_gradients(batch)
    assert rounded.loss_and_gradients(batch) == pytest.approx(loss, rel=1e-5)
    largest = np.abs(exact.gradients.flat).max()
    np.testing.assert_allclose(
        rounded.gradients.flat, exact.gradients.flat, rtol=0, atol=2e-5 * largest
    )


@pytest.mark.parametrize("value", [0.0, 1e-6, 0.5, 30.0, 1e4])
@pytest.mark.parametrize("dtype", ["float64", "float32"])
@GATED
def test_gates_far_from_zero_are_those_of_numpy(make_parameters, pack, cell, dtype, value):
    parameters = make_parameters(9, 16, seed=6, cell=cell, dtype=dtype)
    parameters.layers[0].b[::2] = value
    parameters.layers[0].b[1::2] = -value
    network, compiled = both(parameters)
    loss = network.loss_and_gradients(pack(MIXED))
    tolerance = 1e-12 if dtype == "float64" else 1e-6
    assert compiled.loss_and_gradients(pack(MIXED)) == pytest.approx(loss, rel=tolerance)
    scale = np.abs(network.gradients.flat).max()
    difference = np.abs(compiled.gradients.flat - network.gradients.flat).max()
    assert difference <= 10 * tolerance * scale


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("name", ["Wya", "by", "b"])
@CELLS
def test_a_parameter_that_is_no_number_shows_in_the_loss(make_parameters, pack, cell, name, dtype):
    parameters = make_parameters(9, 20, seed=8, cell=cell, dtype=dtype)
    array = parameters.layers[0].b if name == "b" else getattr(parameters, name)
    array[(1,) * array.ndim] = np.nan
    assert math.isnan(both(parameters)[1].loss_and_gradients(pack(MIXED)))


@GATED
def test_a_run_follows_that_of_numpy(corpus, advance, cell):
    losses = []
    for backend in ("numpy", "compiled"):
        in_force = Hyperparameters(widths=(20,), batch=8, optimizer="adam", backend=backend)
        trainer = Trainer(corpus, in_force, settings=RunSettings(cell=cell))
        losses.append(np.concatenate([chunk.loss for chunk in advance(trainer, 300)]))
    np.testing.assert_allclose(losses[1], losses[0], rtol=1e-9)
    assert not np.array_equal(losses[1], losses[0])  # the kernels have computed them


def test_a_step_makes_one_product_and_one_pass(make_parameters, pack, count_operations):
    """Every pass more is one more over the memory: the calls of a step may not become more."""
    parameters, batch = make_parameters(9, 8, seed=9, cell="lstm"), pack((21,) * 4)
    _, network = both(parameters)
    network.loss_and_gradients(batch)
    longer = pack((41,) * 4)
    network.loss_and_gradients(longer)
    calls = [
        count_operations(lambda each=each: network.loss_and_gradients(each), "engine")
        for each in (batch, longer)
    ]
    assert (calls[1] - calls[0]) / 20 <= 18
