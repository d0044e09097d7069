import numpy as np
import pytest

from engine.data.vocabulary import EncodedNames
from engine.nn.architecture import Architecture
from engine.nn.fast_path import FastPath
from engine.nn.layers.inputs import input_pre_activations
from engine.nn.layers.layer_stack import zero_states
from engine.nn.network import Network, loss_of_names, read_step, states_of_names
from engine.nn.packing import NO_SYMBOL, Packed
from engine.nn.parameters import Parameters
from engine.reference.gru import gru_backward, gru_forward
from engine.reference.lstm import lstm_backward, lstm_forward
from engine.reference.rnn import rnn_backward, rnn_forward

pytestmark = pytest.mark.usefixtures("each_batch_backend")

CELLS = pytest.mark.parametrize("cell", ["rnn", "gru", "lstm"])
WIDTHS = pytest.mark.parametrize("widths", [(3,), (3, 2), (2, 3, 2)], ids=str)
EMBEDDINGS = pytest.mark.parametrize("embedding", [None, 3], ids=["one-hot", "embedded"])
MIXED = (2, 1, 13, 5, 13, 1, 2, 17)
STEP = 1e-5


def pack(names):
    return Packed.of(names, np.arange(len(names)))


@pytest.fixture
def make_network(make_parameters):
    """Return a function that makes a network with random parameters, biases included."""
    return lambda *sizes, **more: Network(make_parameters(*sizes, **more))


@pytest.fixture
def assert_is_gradient():
    """Return a function that compares a network's gradients with finite differences."""

    def check(network, compute, loss=None):
        loss = loss or compute
        compute()
        analytic, flat = network.gradients.flat.copy(), network.parameters.flat
        numeric = np.empty_like(flat)
        for entry, value in enumerate(flat.copy()):
            flat[entry] = value + STEP
            above = loss()
            flat[entry] = value - STEP
            numeric[entry] = (above - loss()) / (2 * STEP)
            flat[entry] = value
        np.testing.assert_allclose(analytic, numeric, rtol=1e-6, atol=1e-8)

    return check


# Gradients.


@CELLS
@pytest.mark.parametrize(
    ("widths", "embedding"), [((3,), 3), ((3, 2), None), ((2, 3, 2), 3)], ids=str
)
def test_gradients_agree_with_finite_differences(
    make_network, random_names, assert_is_gradient, cell, widths, embedding
):
    network = make_network(4, widths, 1, cell=cell, embedding=embedding)
    batch = pack(random_names(4, MIXED, seed=1))
    assert_is_gradient(
        network, lambda: network.loss_and_gradients(batch), lambda: network.loss(batch)
    )


@CELLS
@pytest.mark.parametrize("lengths", [(1,), (2,), (13,), (1, 1, 1)], ids=str)
def test_gradients_of_names_of_one_length_agree_with_finite_differences(
    make_network, random_names, assert_is_gradient, cell, lengths
):
    network = make_network(4, (3, 2), 2, cell=cell, embedding=2)
    batch = pack(random_names(4, lengths, seed=2))
    assert_is_gradient(
        network, lambda: network.loss_and_gradients(batch), lambda: network.loss(batch)
    )


@CELLS
@WIDTHS
@EMBEDDINGS
def test_a_batch_is_the_sum_of_its_names(make_network, random_names, cell, widths, embedding):
    network = make_network(27, [5 * w for w in widths], 3, cell=cell, embedding=embedding)
    names = random_names(27, MIXED, seed=3)
    loss = network.loss_and_gradients(pack(names))
    gradients = network.gradients.flat.copy()
    alone = np.zeros_like(gradients)
    losses = []
    for i in range(len(names)):
        losses.append(network.loss_and_gradients(Packed.of(names, np.array([i]))))
        alone += network.gradients.flat
    assert loss == pytest.approx(sum(losses), abs=1e-10, rel=0)
    np.testing.assert_allclose(gradients, alone, rtol=0, atol=1e-10)


@CELLS
def test_a_repeated_name_counts_twice(make_network, random_names, cell):
    network, names = make_network(6, (4, 3), 4, cell=cell), random_names(6, (3, 9), seed=4)
    once = network.loss_and_gradients(Packed.of(names, np.array([0, 1])))
    gradients = network.gradients.flat.copy()
    twice = network.loss_and_gradients(Packed.of(names, np.array([1, 0, 1, 0])))
    assert twice == pytest.approx(2 * once, rel=1e-12)
    np.testing.assert_allclose(network.gradients.flat, 2 * gradients, rtol=0, atol=1e-11)


@CELLS
def test_nothing_leaks_from_one_batch_into_the_next(make_network, random_names, cell):
    network = make_network(6, (4, 3), 5, cell=cell, embedding=3)
    for seed, lengths in enumerate([(3, 9, 1), (1,), (20, 20, 20, 20), (2, 5)]):
        batch = pack(random_names(6, lengths, seed))
        fresh = Network(network.parameters)
        assert network.loss_and_gradients(batch) == fresh.loss_and_gradients(batch)
        np.testing.assert_array_equal(network.gradients.flat, fresh.gradients.flat)
        network.parameters.flat[:] -= 0.01 * network.gradients.flat


@CELLS
def test_loss_equals_the_loss_of_loss_and_gradients(make_network, random_names, cell):
    network, batch = make_network(6, (4, 3), 6, cell=cell), pack(random_names(6, MIXED, seed=6))
    assert network.loss(batch) == pytest.approx(network.loss_and_gradients(batch), rel=1e-14)


def test_an_improbable_target_costs_the_difference_of_the_logits(make_network):
    network = make_network(3, 4, 7, scale=0.1)
    network.parameters.Wya[:], network.parameters.by[:] = 0.0, [0.0, 1e8, 0.0]
    loss = network.loss_and_gradients(pack(EncodedNames(np.array([2, 0]), np.array([0, 2]))))
    assert loss == pytest.approx(2e8, rel=1e-12)
    np.testing.assert_allclose(network.gradients.by, [-1.0, 2.0, -1.0], rtol=0, atol=1e-12)


# The reference.


def forward_by_reference(cell, x, parameters, n_a):
    zero = np.zeros((n_a, x.shape[1]))
    if cell == "rnn":
        return rnn_forward(x, zero, parameters)
    if cell == "gru":
        return gru_forward(x, zero, parameters)
    a, y, _, caches = lstm_forward(x, zero, parameters)
    return a, y, caches


BACKWARD = {"rnn": rnn_backward, "gru": gru_backward, "lstm": lstm_backward}


def compute_by_reference(parameters, Y):
    """Return loss, gradients by name and the layers' states, from one name (T_x,)."""
    cell, n_symbols = parameters.architecture.cell, parameters.architecture.n_symbols
    letters = np.eye(n_symbols) if parameters.E is None else parameters.E
    x = np.zeros((letters.shape[1], 1, len(Y)))
    x[:, 0, 1:] = letters[Y[:-1]].T
    output = "Wya" if cell == "rnn" else "Wy"
    below, caches, states = x, [], []
    for place, layer in enumerate(parameters.layers):
        is_top = place == len(parameters.layers) - 1
        named = {n: a.reshape(len(a), -1) for n, a in layer.named.items()}
        # A lower layer has no output of its own, but the reference needs one.
        named[output] = parameters.Wya if is_top else np.zeros((1, layer.n_a))
        named["by"] = parameters.by[:, None] if is_top else np.zeros((1, 1))
        below, y_hat, cache = forward_by_reference(cell, below, named, layer.n_a)
        caches.append(cache)
        states.append(below[:, 0].T)
    y_hat = y_hat[:, 0]  # (n_y, T_x)
    loss = -np.log(y_hat[Y, np.arange(len(Y))]).sum()
    dz = y_hat - np.eye(n_symbols)[Y].T  # (n_y, T_x)
    gradients = {"Wya": dz @ states[-1], "by": dz.sum(axis=1)}
    da = (parameters.Wya.T @ dz)[:, None]
    for place in reversed(range(len(parameters.layers))):
        found = BACKWARD[cell](da, caches[place])
        da = found["dx"]
        many = f"{place + 1}." if len(parameters.layers) > 1 else ""
        for name, array in parameters.layers[place].named.items():
            gradients[many + name] = found["d" + name].reshape(array.shape)
    if parameters.E is not None:
        gradients["E"] = np.zeros_like(parameters.E)
        np.add.at(gradients["E"], Y[:-1], da[:, 0, 1:].T)
    return loss, gradients, states


@CELLS
@EMBEDDINGS
@pytest.mark.parametrize("length", [1, 2, 13])
@pytest.mark.parametrize("widths", [(1,), (20,), (20, 12), (8, 20, 12), (6, 5, 4, 7)], ids=str)
def test_equals_the_reference(make_parameters, random_names, cell, widths, length, embedding):
    # Larger weights would be chaotic, and rounding errors would grow.
    parameters = make_parameters(27, widths, 8, scale=0.3, cell=cell, embedding=embedding)
    names, network = random_names(27, [length], seed=8), Network(parameters)
    loss, gradients, states = compute_by_reference(parameters, names[0])
    batch = pack(names)
    assert network.loss_and_gradients(batch) == pytest.approx(loss, abs=1e-10, rel=0)
    assert network.gradients.named.keys() == gradients.keys()
    for name, gradient in gradients.items():
        np.testing.assert_allclose(
            network.gradients.named[name], gradient, rtol=0, atol=1e-10, err_msg=name
        )
    for found, expected in zip(network.states(batch), states, strict=True):
        np.testing.assert_allclose(found, expected, rtol=0, atol=1e-10)


@CELLS
def test_equals_the_reference_at_its_start_values(random_names, cell):
    architecture = Architecture(27, cell, (20, 12))
    parameters = Parameters.initial(architecture, np.random.default_rng(9))
    names, network = random_names(27, [13], seed=9), Network(parameters)
    loss, gradients, _ = compute_by_reference(parameters, names[0])
    assert network.loss_and_gradients(pack(names)) == pytest.approx(loss, abs=1e-10, rel=0)
    for name, gradient in gradients.items():
        np.testing.assert_allclose(
            network.gradients.named[name], gradient, rtol=0, atol=1e-10, err_msg=name
        )


@CELLS
@pytest.mark.parametrize("length", [1, 2, 13, 27])
def test_a_single_layer_equals_the_fast_path(make_parameters, random_names, cell, length):
    parameters = make_parameters(27, 50, 10, scale=50**-0.5, cell=cell)
    names = random_names(27, [length], seed=10)
    network, single = Network(parameters), FastPath(parameters)
    expected = single.loss_and_gradients(names[0])
    assert network.loss_and_gradients(pack(names)) == pytest.approx(expected, abs=1e-10, rel=0)
    np.testing.assert_allclose(network.gradients.flat, single.gradients.flat, rtol=0, atol=1e-10)


@CELLS
@EMBEDDINGS
def test_reading_letter_by_letter_goes_through_the_same_states(
    make_network, random_names, cell, embedding
):
    network = make_network(6, (5, 4), 11, cell=cell, embedding=embedding)
    names = random_names(6, (7, 7, 7), seed=11)
    batch = pack(names)
    expected = [states.reshape(7, 3, -1) for states in network.states(batch)]
    states = zero_states(network.parameters, 3)
    read = np.full(3, NO_SYMBOL)
    for t in range(7):
        states, z = read_step(network.parameters, states, read)
        for layer in range(2):
            np.testing.assert_allclose(states[layer][0], expected[layer][t], rtol=0, atol=1e-12)
        logits = expected[1][t] @ network.parameters.Wya.T + network.parameters.by
        np.testing.assert_allclose(z, logits, rtol=0, atol=1e-12)
        read = batch.targets[batch.steps[t]]


# float32.


@CELLS
@EMBEDDINGS
@pytest.mark.parametrize("widths", [(20,), (20, 12)], ids=str)
def test_float32_agrees_with_float64(make_parameters, random_names, cell, widths, embedding):
    exact = make_parameters(27, widths, 12, scale=0.3, cell=cell, embedding=embedding)
    rough = Parameters(
        Architecture(27, cell, widths, embedding, "float32"), exact.flat.astype(np.float32)
    )
    batch = pack(random_names(27, MIXED, seed=12))
    losses, gradients = [], []
    for parameters in (exact, rough):
        network = Network(parameters)
        losses.append(network.loss_and_gradients(batch))
        gradients.append(network.gradients.flat)
        assert network.gradients.flat.dtype == parameters.flat.dtype
        assert {states.dtype for states in network.states(batch)} == {parameters.flat.dtype}
    assert losses[1] == pytest.approx(losses[0], rel=1e-4)
    size = np.abs(gradients[0]).max()
    np.testing.assert_allclose(gradients[1], gradients[0], rtol=0, atol=1e-4 * size)


# Dropout.


@CELLS
@pytest.mark.parametrize(("widths", "embedding"), [((3,), None), ((2, 3), 3)], ids=str)
def test_gradients_under_dropout_agree_with_finite_differences(
    make_network, random_names, assert_is_gradient, cell, widths, embedding
):
    network = make_network(4, widths, 13, cell=cell, embedding=embedding)
    batch = pack(random_names(4, (2, 1, 9), seed=13))
    # A new generator with the same seed drops the same units.
    assert_is_gradient(
        network, lambda: network.loss_and_gradients(batch, 0.4, np.random.default_rng(3))
    )


@CELLS
def test_dropout_of_0_drops_nothing(make_network, random_names, cell):
    network, batch = make_network(6, (4, 3), 14, cell=cell), pack(random_names(6, MIXED, seed=14))
    expected = network.loss(batch)
    loss = network.loss_and_gradients(batch, 0.0, np.random.default_rng(0))
    assert loss == pytest.approx(expected, rel=1e-14)


@CELLS
def test_dropout_is_seeded(make_network, random_names, cell):
    network, batch = make_network(6, (4, 3), 15, cell=cell), pack(random_names(6, MIXED, seed=15))
    first, again, other = (
        network.loss_and_gradients(batch, 0.3, np.random.default_rng(seed)) for seed in (0, 0, 1)
    )
    assert first == again
    assert len({first, other, network.loss(batch)}) == 3


@pytest.mark.parametrize("dropout", [0.1, 0.5, 0.9])
def test_dropout_keeps_the_expectation(make_network, random_names, dropout):
    # dWya = dz^T a shows the output of a dropped layer, as dz does not depend on a here.
    network = make_network(4, 30, 16)
    network.parameters.Wya[:] = 0.0
    batch, random = pack(random_names(4, (6, 3), seed=16)), np.random.default_rng(16)
    network.loss_and_gradients(batch)
    expected, total, rounds = network.gradients.Wya.copy(), 0.0, 1_500
    for _ in range(rounds):
        network.loss_and_gradients(batch, dropout, random)
        total = total + network.gradients.Wya
    # Each entry is a sum over 9 characters of terms below 1 in size, each kept or not.
    spread = 3.0 * np.sqrt(dropout / (1 - dropout)) / np.sqrt(rounds)
    np.testing.assert_allclose(total / rounds, expected, rtol=0, atol=5 * spread)


def test_the_dropped_share_equals_the_dropout(make_network, random_names):
    network = make_network(4, 40, 17)
    network.parameters.Wya[:], network.parameters.layers[0].b[:] = 0.0, 3.0  # no unit is at 0
    name = random_names(4, [1], seed=17)
    shares = []
    for seed in range(200):
        network.loss_and_gradients(pack(name), 0.3, np.random.default_rng(seed))
        shares.append((network.gradients.Wya[0] == 0).mean())
    assert np.mean(shares) == pytest.approx(0.3, abs=0.03)


# PyTorch.


@pytest.mark.parametrize("cell", ["rnn", "lstm"])
@pytest.mark.parametrize("length", [1, 2, 13])
def test_equals_pytorch(make_parameters, random_names, cell, length):
    torch = pytest.importorskip("torch")
    widths = (9, 9)
    parameters = make_parameters(7, widths, 18, scale=0.4, cell=cell)
    batch = pack(random_names(7, [length] * 3, seed=18))
    network = Network(parameters)
    loss = network.loss_and_gradients(batch)

    kind = {"rnn": torch.nn.RNN, "lstm": torch.nn.LSTM}[cell]
    stack = kind(7, 9, num_layers=2, dtype=torch.float64)
    order = {"rnn": ("a",), "lstm": ("i", "f", "c", "o")}[cell]  # PyTorch's order of the gates
    for place, layer in enumerate(parameters.layers):
        weights = [gate_matrix(layer.named, gate, 9) for gate in order]
        fill = {
            f"weight_hh_l{place}": np.vstack([w[:, :9] for w in weights]),
            f"weight_ih_l{place}": np.vstack([w[:, 9:] for w in weights]),
            f"bias_ih_l{place}": np.concatenate([layer.named[f"b{gate}"] for gate in order]),
            f"bias_hh_l{place}": np.zeros(9 * len(order)),
        }
        with torch.no_grad():
            for name, values in fill.items():
                getattr(stack, name).copy_(torch.from_numpy(values.copy()))
    Wya, by = (torch.tensor(a.copy(), requires_grad=True) for a in (parameters.Wya, parameters.by))
    inputs = batch.inputs.reshape(length, 3)
    x = torch.from_numpy(np.eye(8)[inputs][:, :, :7])  # NO_SYMBOL, -1, picks the eighth: zeros
    a, _ = stack(x)
    z = (a @ Wya.T + by).reshape(-1, 7)
    theirs = torch.nn.functional.cross_entropy(z, torch.from_numpy(batch.targets), reduction="sum")
    theirs.backward()
    assert loss == pytest.approx(theirs.item(), abs=1e-10, rel=0)
    np.testing.assert_allclose(network.gradients.Wya, Wya.grad.numpy(), rtol=0, atol=1e-10)
    np.testing.assert_allclose(network.gradients.by, by.grad.numpy(), rtol=0, atol=1e-10)
    for place, layer in enumerate(network.gradients.layers):
        hh, ih, b = (
            np.split(getattr(stack, f"{name}_l{place}").grad.numpy(), len(order))
            for name in ("weight_hh", "weight_ih", "bias_ih")
        )
        for at, gate in enumerate(order):
            expected = np.hstack((hh[at], ih[at]))
            found = gate_matrix(layer.named, gate, 9)
            np.testing.assert_allclose(found, expected, rtol=0, atol=1e-10)
            np.testing.assert_allclose(layer.named[f"b{gate}"], b[at], rtol=0, atol=1e-10)


def gate_matrix(named, gate, n_a):
    """Return the matrix that multiplies [a; x]; the course's RNN has it in two parts."""
    return named[f"W{gate}"] if f"W{gate}" in named else np.hstack((named["Waa"], named["Wax"]))


# Lists of names.


LENGTHS = {
    "one": [7],
    "mixed": [3, 1, 12, 2, 2, 27, 12, 5],
    # More than are read at once, not sorted by length, and with an incomplete last batch.
    "many": [1 + (7 * i) % 23 for i in range(600)],
}


@pytest.mark.parametrize("lengths", LENGTHS.values(), ids=LENGTHS)
def test_loss_of_names_is_the_mean_of_single_names(
    make_parameters, random_names, by_the_reference, lengths
):
    parameters, names = make_parameters(27, 10, seed=10), random_names(27, lengths, seed=10)
    total = sum(by_the_reference(parameters, names[i])[0] for i in range(len(names)))
    loss = loss_of_names(parameters, names)
    assert loss.nats_per_name == pytest.approx(total / len(lengths), rel=1e-11)
    assert loss.nats_per_character == pytest.approx(total / sum(lengths), rel=1e-11)


@pytest.mark.parametrize("lengths", LENGTHS.values(), ids=LENGTHS)
def test_states_of_names_are_those_of_single_names(
    make_parameters, random_names, by_the_reference, lengths
):
    parameters, names = make_parameters(27, 10, seed=11), random_names(27, lengths, seed=11)
    expected = np.concatenate(
        [by_the_reference(parameters, names[i])[2] for i in range(len(names))]
    )
    (states,) = states_of_names(parameters, names)
    assert states.shape == expected.shape
    # Their order is not specified, so the rows, one per state, are sorted before comparing.
    np.testing.assert_allclose(sorted_rows(states), sorted_rows(expected), rtol=0, atol=1e-12)


def sorted_rows(states):
    return states[np.lexsort(states.round(9).T)]


def test_loss_of_names_with_an_improbable_target_is_finite(make_parameters, random_names):
    parameters = make_parameters(5, 4, seed=12)
    parameters.by[0] = -1e6
    loss = loss_of_names(parameters, random_names(5, [4, 9], seed=12))
    assert 1e4 < loss.nats_per_name < 1e8


@CELLS
def test_a_symbol_is_read_the_same_alone_and_among_many(make_parameters, cell):
    parameters = make_parameters(6, 4, seed=2, cell=cell)
    symbols = np.array([3, NO_SYMBOL, 5, 0, 1, 2, 4, 3])  # more than the vocabulary has
    layer = parameters.layers[0]
    together = input_pre_activations(layer, None, symbols)
    for start in range(0, 8, 2):  # fewer
        some = input_pre_activations(layer, None, symbols[start : start + 2])
        assert some.tobytes() == together[start : start + 2].tobytes()
