"""A network that is told the kind of each name: gradients, and oracles that read it as an input."""

from dataclasses import replace

import numpy as np
import pytest

from engine.data.vocabulary import EncodedNames
from engine.nn.cells import CELLS
from engine.nn.network import Network, loss_of_names, states_of_names
from engine.nn.packing import Packed
from engine.reference.gru import gru_backward, gru_forward
from engine.reference.lstm import lstm_backward, lstm_forward
from engine.reference.rnn import rnn_backward, rnn_forward

pytestmark = pytest.mark.usefixtures("each_batch_backend")

EVERY_CELL = pytest.mark.parametrize("cell", CELLS)
EMBEDDINGS = pytest.mark.parametrize("embedding", [None, 3], ids=["one-hot", "embedded"])
N_KINDS = 3
LENGTHS, KINDS = (2, 1, 13, 5, 13, 1, 4), (0, 2, 2, 0, 0, 2, 2)
"""The kind 1 has no names."""

STEP = 1e-5


@pytest.fixture
def names_of_kinds(random_names):
    """Return a function that draws names whose kinds are `KINDS`."""

    def draw(n_symbols, seed, lengths=LENGTHS, kinds=KINDS):
        return replace(random_names(n_symbols, lengths, seed), kinds=np.array(kinds))

    return draw


def pack(names):
    return Packed.of(names, np.arange(len(names)))


def numeric_gradient(flat, loss):
    """Return central differences of `loss` by each entry of `flat`, which is left as it was."""
    found = np.empty_like(flat)
    for entry, value in enumerate(flat.copy()):
        flat[entry] = value + STEP
        above = loss()
        flat[entry] = value - STEP
        found[entry] = (above - loss()) / (2 * STEP)
        flat[entry] = value
    return found


@EVERY_CELL
@pytest.mark.parametrize(
    ("widths", "embedding", "dropout"),
    [((3,), None, 0.0), ((3,), 3, 0.4), ((3, 2), 3, 0.0), ((3, 2), None, 0.4)],
    ids=str,
)
def test_gradients_agree_with_finite_differences(
    make_parameters, names_of_kinds, cell, widths, embedding, dropout
):
    parameters = make_parameters(4, widths, 1, cell=cell, embedding=embedding, n_kinds=N_KINDS)
    batch, network = pack(names_of_kinds(4, seed=1)), Network(parameters)

    def loss():
        return network.loss_and_gradients(batch, dropout, np.random.default_rng(2))

    loss()
    analytic = network.gradients.flat.copy()
    numeric = numeric_gradient(parameters.flat, loss)
    np.testing.assert_allclose(analytic, numeric, rtol=1e-6, atol=1e-8)


@EVERY_CELL
def test_gradients_of_more_kinds_than_are_multiplied_agree_with_finite_differences(
    make_parameters, names_of_kinds, cell
):
    parameters = make_parameters(3, 2, 1, cell=cell, n_kinds=150)
    batch = pack(names_of_kinds(3, 1, (2, 6, 2, 4, 1), (149, 0, 149, 70, 0)))
    network = Network(parameters)
    network.loss_and_gradients(batch)
    (K,), (dK,) = ([layer.K for layer in each.layers] for each in (parameters, network.gradients))
    assert np.flatnonzero(dK.any(axis=1)).tolist() == [0, 70, 149]
    for kind in (0, 1, 70, 149):
        numeric = numeric_gradient(K[kind], lambda: network.loss(batch))
        np.testing.assert_allclose(dK[kind], numeric, rtol=1e-6, atol=1e-8)


@EVERY_CELL
@EMBEDDINGS
def test_a_batch_is_the_sum_of_its_names(make_parameters, names_of_kinds, cell, embedding):
    parameters = make_parameters(
        9, (8, 6), 3, scale=0.3, cell=cell, embedding=embedding, n_kinds=N_KINDS
    )
    network, names = Network(parameters), names_of_kinds(9, seed=3)
    loss = network.loss_and_gradients(pack(names))
    gradients, alone, losses = network.gradients.flat.copy(), 0.0, []
    for i in range(len(names)):
        losses.append(network.loss_and_gradients(Packed.of(names, np.array([i]))))
        alone = alone + network.gradients.flat
    assert loss == pytest.approx(sum(losses), abs=1e-10, rel=0)
    np.testing.assert_allclose(gradients, alone, rtol=0, atol=1e-10)


@EVERY_CELL
def test_float32_agrees_with_float64(make_parameters, names_of_kinds, cell):
    exact = make_parameters(9, (8, 6), 4, scale=0.3, cell=cell, n_kinds=N_KINDS)
    rough = make_parameters(9, (8, 6), 4, scale=0.3, cell=cell, n_kinds=N_KINDS, dtype="float32")
    batch, networks = pack(names_of_kinds(9, seed=4)), (Network(exact), Network(rough))
    first, second = (network.loss_and_gradients(batch) for network in networks)
    assert second == pytest.approx(first, rel=1e-4)
    expected, found = (network.gradients.flat for network in networks)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-4 * np.abs(expected).max())


@EVERY_CELL
def test_kinds_that_add_nothing_change_nothing(make_parameters, names_of_kinds, cell):
    told = make_parameters(9, (6, 5), 5, cell=cell, embedding=3, n_kinds=N_KINDS)
    plain = make_parameters(9, (6, 5), 5, cell=cell, embedding=3)
    told.flat[: plain.flat.size] = plain.flat
    told.flat[plain.flat.size :] = 0.0
    names = names_of_kinds(9, seed=5)
    assert loss_of_names(told, names) == loss_of_names(plain, names)
    for found, expected in zip(*(states_of_names(p, names) for p in (told, plain)), strict=True):
        np.testing.assert_array_equal(found, expected)


# The course's cells, with the kind's one-hot vector appended to the input of every layer.

FORWARD = {"rnn": rnn_forward, "gru": gru_forward, "lstm": lstm_forward}
BACKWARD = {"rnn": rnn_backward, "gru": gru_backward, "lstm": lstm_backward}


def with_columns_of_kinds(layer, cell):
    """Return a layer's arrays, the input weights with a column for each kind."""
    n_a, named = layer.n_a, {n: a.reshape(len(a), -1) for n, a in layer.named.items()}
    for place, gate in enumerate(CELLS[cell].GATES):
        name = "Wax" if cell == "rnn" else f"W{gate}"
        named[name] = np.hstack((named[name], layer.K[:, place * n_a : (place + 1) * n_a].T))
    return named


def compute_by_reference(parameters, Y, kind):
    """Return loss, gradients by name and the layers' states, from one name (T_x,)."""
    cell, n_symbols = parameters.architecture.cell, parameters.architecture.n_symbols
    letters = np.eye(n_symbols) if parameters.E is None else parameters.E
    below, of_kind = np.zeros((letters.shape[1], 1, len(Y))), np.zeros((N_KINDS, 1, len(Y)))
    below[:, 0, 1:] = letters[Y[:-1]].T
    of_kind[kind] = 1.0  # at the first step too, where x is zero
    output, caches, states = "Wya" if cell == "rnn" else "Wy", [], []
    for layer in parameters.layers:
        named = with_columns_of_kinds(layer, cell)
        # The output of a lower layer is not used, but the reference needs one.
        is_top = layer is parameters.layers[-1]
        named[output] = parameters.Wya if is_top else np.zeros((n_symbols, layer.n_a))
        named["by"] = parameters.by[:, None]
        x = np.concatenate((below, of_kind))
        below, y_hat, *_, cache = FORWARD[cell](x, np.zeros((layer.n_a, 1)), named)
        caches.append(cache)
        states.append(below[:, 0].T)
    y_hat = y_hat[:, 0]  # (n_y, T_x)
    loss, dz = -np.log(y_hat[Y, np.arange(len(Y))]).sum(), y_hat - np.eye(n_symbols)[Y].T
    gradients = {"Wya": dz @ states[-1], "by": dz.sum(axis=1)}
    da = (parameters.Wya.T @ dz)[:, None]
    for place in reversed(range(len(parameters.layers))):
        found, prefix = BACKWARD[cell](da, caches[place]), ""
        if len(parameters.layers) > 1:
            prefix = f"{place + 1}."
        gradients |= split_gradients(found, parameters.layers[place], cell, prefix)
        da = found["dx"][:-N_KINDS]
    if parameters.E is not None:
        gradients["E"] = np.zeros_like(parameters.E)
        np.add.at(gradients["E"], Y[:-1], da[:, 0, 1:].T)
    return loss, gradients, states


def split_gradients(found, layer, cell, prefix):
    """Take the columns of the kinds apart from the gradients of a layer's arrays."""
    gradients, of_kinds = {}, []
    for gate in CELLS[cell].GATES:
        name = "Wax" if cell == "rnn" else f"W{gate}"
        of_kinds.append(found[f"d{name}"][:, -N_KINDS:].T)
        gradients[prefix + name] = found[f"d{name}"][:, :-N_KINDS]
    for name in layer.named.keys() - {"Wax", *(f"W{gate}" for gate in CELLS[cell].GATES)}:
        gradients[prefix + name] = found[f"d{name}"].reshape(layer.named[name].shape)
    return gradients | {f"{prefix}K": np.hstack(of_kinds)}


@EVERY_CELL
@EMBEDDINGS
@pytest.mark.parametrize("length", [1, 2, 13])
@pytest.mark.parametrize("widths", [(1,), (20,), (8, 12)], ids=str)
def test_equals_the_reference_that_reads_the_kind_as_an_input(
    make_parameters, names_of_kinds, cell, widths, length, embedding
):
    parameters = make_parameters(
        9, widths, 8, scale=0.3, cell=cell, embedding=embedding, n_kinds=N_KINDS
    )
    names, network = names_of_kinds(9, 8, (length,), (2,)), Network(parameters)
    loss, gradients, states = compute_by_reference(parameters, names[0], 2)
    batch = pack(names)
    assert network.loss_and_gradients(batch) == pytest.approx(loss, abs=1e-10, rel=0)
    assert network.gradients.named.keys() == gradients.keys()
    for name, expected in gradients.items():
        found = network.gradients.named[name]
        np.testing.assert_allclose(found, expected, rtol=0, atol=1e-10, err_msg=name)
    for found, expected in zip(network.states(batch), states, strict=True):
        np.testing.assert_allclose(found, expected, rtol=0, atol=1e-10)


# PyTorch.


def torch_layer(torch, layer, cell, n_in):
    """Make a layer of PyTorch's that reads [x; one-hot kind]."""
    order = {"rnn": ("a",), "lstm": ("i", "f", "c", "o")}[cell]  # PyTorch's order of the gates
    gates, n_a, b = CELLS[cell].GATES, layer.n_a, layer.b
    columns = [slice(gates.index(gate) * n_a, (gates.index(gate) + 1) * n_a) for gate in order]
    kind = {"rnn": torch.nn.RNN, "lstm": torch.nn.LSTM}[cell]
    made = kind(n_in + N_KINDS, n_a, dtype=torch.float64)
    read = np.vstack((layer.V, layer.K))
    fill = {
        "weight_hh_l0": np.vstack([layer.U[:, these].T for these in columns]),
        "weight_ih_l0": np.vstack([read[:, these].T for these in columns]),
        "bias_ih_l0": np.concatenate([b[these] for these in columns]),
        "bias_hh_l0": np.zeros(len(b)),
    }
    with torch.no_grad():
        for name, values in fill.items():
            getattr(made, name).copy_(torch.from_numpy(values.copy()))
    return made, columns


@pytest.mark.parametrize("cell", ["rnn", "lstm"])
@pytest.mark.parametrize("length", [1, 2, 13])
def test_equals_pytorch_with_the_kind_as_an_input(make_parameters, names_of_kinds, cell, length):
    torch = pytest.importorskip("torch")
    parameters = make_parameters(7, (9, 6), 18, scale=0.4, cell=cell, n_kinds=N_KINDS)
    kinds = (2, 0, 2)
    batch, network = pack(names_of_kinds(7, 18, (length,) * 3, kinds)), Network(parameters)
    loss = network.loss_and_gradients(batch)
    inputs = batch.inputs.reshape(length, 3)
    a = torch.from_numpy(np.eye(8)[inputs][:, :, :7])  # NO_SYMBOL, -1, picks the eighth: zeros
    one_hot = torch.from_numpy(np.tile(np.eye(N_KINDS)[list(kinds)], (length, 1, 1)))
    made = []
    for layer in parameters.layers:
        made.append(torch_layer(torch, layer, cell, a.shape[2]))
        a, _ = made[-1][0](torch.cat((a, one_hot), dim=2))
    z = (a @ torch.tensor(parameters.Wya.T.copy()) + torch.tensor(parameters.by)).reshape(-1, 7)
    theirs = torch.nn.functional.cross_entropy(z, torch.from_numpy(batch.targets), reduction="sum")
    theirs.backward()
    assert loss == pytest.approx(theirs.item(), abs=1e-10, rel=0)
    for layer, (stack, columns) in zip(network.gradients.layers, made, strict=True):
        read = np.vstack((layer.V, layer.K))
        found = {
            "weight_hh_l0": np.vstack([layer.U[:, these].T for these in columns]),
            "weight_ih_l0": np.vstack([read[:, these].T for these in columns]),
            "bias_ih_l0": np.concatenate([layer.b[these] for these in columns]),
        }
        for name, values in found.items():
            expected = getattr(stack, name).grad.numpy()
            np.testing.assert_allclose(values, expected, rtol=0, atol=1e-10, err_msg=name)


# Lists of names.


@EVERY_CELL
def test_the_loss_of_a_list_is_the_mean_of_its_names_at_their_kinds(
    make_parameters, names_of_kinds, cell
):
    # More than are read at once.
    lengths, kinds = [1 + (7 * i) % 11 for i in range(300)], [(5 * i) % 3 for i in range(300)]
    names = names_of_kinds(6, 9, lengths, kinds)
    parameters = make_parameters(6, (5, 4), 9, cell=cell, n_kinds=N_KINDS)
    network = Network(parameters)
    total = sum(network.loss(Packed.of(names, np.array([i]))) for i in range(300))
    found = loss_of_names(parameters, names)
    assert found.nats_per_name == pytest.approx(total / 300, rel=1e-11)
    assert found.nats_per_character == pytest.approx(total / sum(lengths), rel=1e-11)
    other = loss_of_names(parameters, EncodedNames(names.symbols, names.bounds, names.kinds[::-1]))
    assert other.nats_per_name != pytest.approx(found.nats_per_name, rel=1e-3)
