"""Batches of a text: streams with carried states, and windows whose last steps count."""

import numpy as np
import pytest

from engine.nn.layers.layer_stack import zero_states
from engine.nn.network import Network, read_step
from engine.nn.packing import Packed
from engine.reference.gru import gru_backward, gru_forward
from engine.reference.lstm import lstm_backward, lstm_cell_forward
from engine.reference.rnn import rnn_backward, rnn_forward

pytestmark = pytest.mark.usefixtures("each_batch_backend")

CELLS = pytest.mark.parametrize("cell", ["rnn", "gru", "lstm"])
WIDTHS = pytest.mark.parametrize("widths", [(6,), (5, 4)], ids=str)
EMBEDDINGS = pytest.mark.parametrize("embedding", [None, 3], ids=["one-hot", "embedded"])
SCORED = pytest.mark.parametrize("scored", [7, 1], ids=["stream", "window"])
N_SYMBOLS, M, LENGTH = 6, 3, 7
STEP = 1e-5


@pytest.fixture
def symbols():
    return np.random.default_rng(1).integers(0, N_SYMBOLS, (M, LENGTH + 1)).astype(np.uint8)


@pytest.fixture
def drawn_states():
    def draw(parameters, m=M):
        random = np.random.default_rng(2)
        return [
            tuple(random.normal(scale=0.5, size=array.shape) for array in state)
            for state in zero_states(parameters, m)
        ]

    return draw


def copied(states):
    return [tuple(array.copy() for array in state) for state in states]


def run_reference(cell, x, state, named):
    """Read a sequence with the reference; return a, y and the cache for its backward pass."""
    first = [array.T for array in state]
    if cell == "rnn":
        return rnn_forward(x, first[0], named)
    if cell == "gru":
        return gru_forward(x, first[0], named)
    a, c = first
    caches, states, outputs = [], [], []
    for t in range(x.shape[2]):  # the course's lstm_forward begins at c = 0
        a, c, y, cache = lstm_cell_forward(x[:, :, t], a, c, named)
        caches.append(cache)
        states.append(a)
        outputs.append(y)
    return np.stack(states, axis=2), np.stack(outputs, axis=2), (caches, x)


def by_reference(parameters, inputs, targets, states):
    """Return loss and gradients of m pieces; only the last targets.shape[1] steps count."""
    cell = parameters.architecture.cell
    letters = np.eye(N_SYMBOLS) if parameters.E is None else parameters.E
    below, caches = letters[inputs].transpose(2, 0, 1), []
    output = "Wya" if cell == "rnn" else "Wy"
    for place, layer in enumerate(parameters.layers):
        is_top = place == len(parameters.layers) - 1
        named = {n: a.reshape(len(a), -1) for n, a in layer.named.items()}
        named[output] = parameters.Wya if is_top else np.zeros((1, layer.n_a))
        named["by"] = parameters.by[:, None] if is_top else np.zeros((1, 1))
        below, y_hat, cache = run_reference(cell, below, states[place], named)
        caches.append(cache)
    skipped = inputs.shape[1] - targets.shape[1]
    y = np.zeros_like(y_hat)
    y[:, :, skipped:] = np.eye(N_SYMBOLS)[targets].transpose(2, 0, 1)
    dz = y_hat - y
    dz[:, :, :skipped] = 0.0
    loss = -np.log((y_hat * y).sum(axis=0)[:, skipped:]).sum()
    gradients = {"Wya": np.einsum("ymt,amt->ya", dz, below), "by": dz.sum(axis=(1, 2))}
    da = np.einsum("ya,ymt->amt", parameters.Wya, dz)
    backward = {"rnn": rnn_backward, "gru": gru_backward, "lstm": lstm_backward}[cell]
    for place in reversed(range(len(parameters.layers))):
        found = backward(da, caches[place])
        da = found["dx"]
        many = f"{place + 1}." if len(parameters.layers) > 1 else ""
        for name, array in parameters.layers[place].named.items():
            gradients[many + name] = found["d" + name].reshape(array.shape)
    if parameters.E is not None:
        gradients["E"] = np.zeros_like(parameters.E)
        np.add.at(gradients["E"], inputs, da.transpose(1, 2, 0))
    return loss, gradients


@CELLS
@WIDTHS
@EMBEDDINGS
@SCORED
def test_equals_the_reference(
    make_parameters, symbols, drawn_states, cell, widths, embedding, scored
):
    parameters = make_parameters(N_SYMBOLS, widths, 3, cell=cell, embedding=embedding)
    network, states = Network(parameters), drawn_states(parameters)
    inputs, targets = symbols[:, :-1], symbols[:, LENGTH + 1 - scored :]
    loss, gradients = by_reference(parameters, inputs, targets, states)
    batch = Packed.of_pieces(inputs, targets)
    assert network.loss(batch, copied(states)) == pytest.approx(loss, abs=1e-10, rel=0)
    assert network.loss_and_gradients(batch, states=states) == pytest.approx(loss, abs=1e-10)
    assert network.gradients.named.keys() == gradients.keys()
    for name, gradient in gradients.items():
        np.testing.assert_allclose(
            network.gradients.named[name], gradient, rtol=0, atol=1e-10, err_msg=name
        )


@CELLS
@SCORED
def test_gradients_agree_with_finite_differences(
    make_parameters, symbols, drawn_states, cell, scored
):
    parameters = make_parameters(N_SYMBOLS, (3, 2), 4, cell=cell, embedding=2)
    network, begin = Network(parameters), drawn_states(parameters)
    batch = Packed.of_pieces(symbols[:, :-1], symbols[:, LENGTH + 1 - scored :])
    network.loss_and_gradients(batch, states=copied(begin))
    numeric = np.empty_like(parameters.flat)
    for entry, value in enumerate(parameters.flat.copy()):
        losses = []
        for moved in (value + STEP, value - STEP):
            parameters.flat[entry] = moved
            losses.append(network.loss(batch, copied(begin)))
        parameters.flat[entry] = value
        numeric[entry] = (losses[0] - losses[1]) / (2 * STEP)
    np.testing.assert_allclose(network.gradients.flat, numeric, rtol=1e-6, atol=1e-8)


@CELLS
@pytest.mark.parametrize("learns", [False, True])
def test_the_states_are_carried_from_batch_to_batch(make_parameters, symbols, cell, learns):
    parameters = make_parameters(N_SYMBOLS, (5, 4), 5, cell=cell)
    network, states = Network(parameters), zero_states(parameters, M)
    read = network.loss_and_gradients if learns else network.loss
    whole = network.loss(Packed.of_pieces(symbols[:, :-1], symbols[:, 1:]))
    parts = sum(
        read(Packed.of_pieces(symbols[:, b:e], symbols[:, b + 1 : e + 1]), states=states)
        for b, e in ((0, 2), (2, 3), (3, LENGTH))
    )
    assert parts == pytest.approx(whole, rel=1e-12)
    expected = zero_states(parameters, M)
    for column in symbols[:, :-1].T:
        expected, _ = read_step(parameters, expected, column.astype(np.intp))
    for found, wanted in zip(states, expected, strict=True):
        np.testing.assert_allclose(found, wanted, rtol=0, atol=1e-12)


@pytest.fixture
def chunks():
    """Return chunks of documents of 7, 4 and 2 symbols: one begins a document, two go on."""
    drawn = np.random.default_rng(3).integers(0, N_SYMBOLS, 30).astype(np.uint8)
    starts, lengths, begins = np.array([1, 0, 20]), np.array([7, 4, 2]), np.array([0, 1, 0]) == 1
    return Packed.of_chunks(drawn, starts, lengths, begins)


@CELLS
def test_gradients_of_uneven_chunks_agree_with_finite_differences(
    make_parameters, chunks, drawn_states, cell
):
    parameters = make_parameters(N_SYMBOLS, (3, 2), 4, cell=cell)
    network, begin = Network(parameters), drawn_states(parameters)
    network.loss_and_gradients(chunks, states=copied(begin))
    numeric = np.empty_like(parameters.flat)
    for entry, value in enumerate(parameters.flat.copy()):
        losses = []
        for moved in (value + STEP, value - STEP):
            parameters.flat[entry] = moved
            losses.append(network.loss(chunks, copied(begin)))
        parameters.flat[entry] = value
        numeric[entry] = (losses[0] - losses[1]) / (2 * STEP)
    np.testing.assert_allclose(network.gradients.flat, numeric, rtol=1e-6, atol=1e-8)


@CELLS
@pytest.mark.parametrize("learns", [False, True])
def test_uneven_chunks_end_with_their_final_states(
    make_parameters, chunks, drawn_states, cell, learns
):
    parameters = make_parameters(N_SYMBOLS, (5, 4), 5, cell=cell)
    network, begin = Network(parameters), drawn_states(parameters)
    states = copied(begin)
    (network.loss_and_gradients if learns else network.loss)(chunks, states=states)
    for place in range(chunks.n_names):
        expected = [tuple(array[place : place + 1] for array in state) for state in begin]
        for step in chunks.steps:
            row = step.start + place
            if row < step.stop:
                expected, _ = read_step(parameters, expected, chunks.inputs[row : row + 1])
        for found, wanted in zip(states, expected, strict=True):
            for each, after in zip(found, wanted, strict=True):
                np.testing.assert_allclose(each[place : place + 1], after, rtol=0, atol=1e-12)
