import numpy as np
import pytest

from engine.data.vocabulary import EncodedNames
from engine.nn.architecture import Architecture
from engine.nn.classifier import (
    Classifier,
    log_probabilities_of_names,
    loss_of_kinds,
    probabilities_of_names,
)
from engine.nn.packing import NO_SYMBOL, Packed
from engine.nn.parameters import Parameters
from engine.reference.bidirectional import birnn_forward
from engine.reference.gru import gru_forward
from engine.reference.lstm import lstm_forward
from engine.reference.rnn import rnn_forward

pytestmark = pytest.mark.usefixtures("each_batch_backend")

CELLS = pytest.mark.parametrize("cell", ["rnn", "gru", "lstm"])
WIDTHS = pytest.mark.parametrize("widths", [(3,), (3, 2)], ids=str)
DIRECTIONS = pytest.mark.parametrize("both_directions", [False, True], ids=["one", "both"])
N_SYMBOLS, N_KINDS = 4, 3
MIXED = (2, 1, 6, 4, 6, 1)
STEP = 1e-5
ONE_DIRECTION = {"rnn": rnn_forward, "lstm": lstm_forward, "gru": gru_forward}


@pytest.fixture
def names():
    """Names of several lengths, the shortest without a letter, of different kinds."""
    return make_names(MIXED, seed=2)


def make_names(lengths, seed):
    random = np.random.default_rng(seed)
    bounds = np.cumsum([0, *lengths])
    symbols = random.integers(1, N_SYMBOLS, bounds[-1])
    symbols[bounds[1:] - 1] = 0
    return EncodedNames(symbols, bounds, random.integers(0, N_KINDS, len(lengths)))


def pack(names):
    return Packed.of(names, np.arange(len(names)))


@pytest.fixture
def make_classifier(make_parameters):
    """Return a function that makes a classifier with random parameters, biases included."""

    def make(widths, **architecture):
        sizes = {"n_kinds": N_KINDS, "task": "tell"}
        return Classifier(make_parameters(N_SYMBOLS, widths, 1, **sizes, **architecture))

    return make


def assert_is_gradient(classifier, compute, loss):
    compute()
    analytic, flat = classifier.gradients.flat.copy(), classifier.parameters.flat
    numeric = np.empty_like(flat)
    for entry, value in enumerate(flat.copy()):
        flat[entry] = value + STEP
        above = loss()
        flat[entry] = value - STEP
        numeric[entry] = (above - loss()) / (2 * STEP)
        flat[entry] = value
    np.testing.assert_allclose(analytic, numeric, rtol=1e-6, atol=1e-8)


# Gradients and loss.


@pytest.mark.parametrize(
    ("cell", "widths", "embedding", "both_directions"),
    [
        ("rnn", (3,), None, False),
        ("rnn", (2, 2), None, True),
        ("rnn", (2, 2), 2, False),
        ("gru", (3,), None, True),
        ("gru", (2, 2), None, False),
        ("gru", (2, 2), 2, True),
        ("lstm", (3,), None, True),
        ("lstm", (2, 2), None, False),
        ("lstm", (2, 2), 2, True),
    ],
    ids=str,
)
def test_gradients_are_those_of_the_loss(
    make_classifier, names, cell, widths, both_directions, embedding
):
    classifier = make_classifier(
        widths, cell=cell, both_directions=both_directions, embedding=embedding
    )
    batch = pack(names)
    assert_is_gradient(
        classifier,
        lambda: classifier.loss_and_gradients(batch),
        lambda: classifier.loss(batch),
    )


@CELLS
@DIRECTIONS
def test_gradients_with_dropout(make_classifier, names, cell, both_directions):
    classifier = make_classifier((2, 2), cell=cell, both_directions=both_directions)
    batch = pack(names)

    def loss():
        return classifier.loss_and_gradients(batch, 0.4, np.random.default_rng(7))

    assert_is_gradient(classifier, loss, loss)


@DIRECTIONS
def test_dropout_changes_the_loss(make_classifier, names, both_directions):
    classifier = make_classifier((3,), cell="gru", both_directions=both_directions)
    batch = pack(names)
    dropped = classifier.loss_and_gradients(batch, 0.4, np.random.default_rng(7))
    assert dropped != classifier.loss_and_gradients(batch)


def test_dropout_needs_random(make_classifier, names):
    with pytest.raises(ValueError, match="random must be a Generator"):
        make_classifier((3,)).loss_and_gradients(pack(names), dropout=0.5)


@CELLS
@DIRECTIONS
def test_the_loss_is_that_of_the_probabilities(make_classifier, names, cell, both_directions):
    classifier = make_classifier((3, 2), cell=cell, both_directions=both_directions)
    batch = pack(names)
    probabilities = classifier.probabilities(batch)
    np.testing.assert_allclose(probabilities.sum(axis=1), 1.0, rtol=1e-12)
    expected = -sum(np.log(row[kind]) for row, kind in zip(probabilities, batch.kinds, strict=True))
    assert classifier.loss(batch) == pytest.approx(expected, rel=1e-12)
    assert classifier.loss_and_gradients(batch) == pytest.approx(expected, rel=1e-12)


@CELLS
@DIRECTIONS
def test_halves_of_a_batch_add_up(make_classifier, names, monkeypatch, cell, both_directions):
    whole = make_classifier((3, 2), cell=cell, both_directions=both_directions)
    monkeypatch.setattr("engine.nn.fast.split_batches._LEAST_ROWS", 1)
    monkeypatch.setattr("engine.nn.fast.split_batches._LEAST_BYTES", 1)
    split = Classifier(whole.parameters)
    batch = pack(names)
    assert split.loss_and_gradients(batch) == pytest.approx(whole.loss_and_gradients(batch))
    np.testing.assert_allclose(split.gradients.flat, whole.gradients.flat, rtol=1e-9, atol=1e-12)


def test_a_network_that_writes_is_no_classifier():
    with pytest.raises(ValueError, match="task must be 'tell' for a classifier, got 'write'"):
        Classifier(Parameters(Architecture(N_SYMBOLS)))


# States and probabilities, compared with the reference.


def reference_states(parameters, x):
    """Return the states of each layer, by the reference: (directions x n_a, 1, T_x) each."""
    architecture = parameters.architecture
    found = []
    for place, n_a in enumerate(architecture.widths):
        directions = [course_weights(parameters.layers[place])]
        zero = np.zeros((n_a, 1))
        if architecture.both_directions:
            directions.append(course_weights(parameters.reverse_layers[place]))
            forward, reverse = directions
            output = {"Wy": np.zeros((1, 2 * n_a)), "by": np.zeros((1, 1))}
            weights = {"forward": forward, "backward": reverse, **output}
            x, *_ = birnn_forward(x, zero, zero, weights, architecture.cell)
        else:
            output = {name: np.zeros((1, n_a)) for name in ("Wy", "Wya")} | {"by": np.zeros((1, 1))}
            x, *_ = ONE_DIRECTION[architecture.cell](x, zero, directions[0] | output)
        found.append(x)
    return found


def course_weights(layer):
    return {
        name: array if name.startswith("W") else array.reshape(-1, 1)
        for name, array in layer.named.items()
    }


def one_hot_letters(name):
    """Return x of a name, (n_x, 1, T_x): zero at first, then its letters."""
    x = np.zeros((N_SYMBOLS, 1, len(name)))
    x[name[:-1], 0, np.arange(1, len(name))] = 1.0
    return x


def rows_of(batch, place):
    return [step.start + place for step in batch.steps if step.stop - step.start > place]


@CELLS
@WIDTHS
@DIRECTIONS
def test_states_equal_the_reference(make_classifier, names, cell, widths, both_directions):
    classifier = make_classifier(widths, cell=cell, both_directions=both_directions)
    batch = pack(names)
    states = classifier.states(batch)
    longest_first = np.argsort(-names.lengths, kind="stable")
    for place, index in enumerate(longest_first):
        expected = reference_states(classifier.parameters, one_hot_letters(names[index]))
        for of_layer, by_reference in zip(states, expected, strict=True):
            np.testing.assert_allclose(
                of_layer[rows_of(batch, place)].T, by_reference[:, 0], rtol=0, atol=1e-10
            )


@CELLS
@WIDTHS
@DIRECTIONS
def test_the_last_state_of_each_direction_is_read(
    make_classifier, names, cell, widths, both_directions
):
    parameters = make_classifier(widths, cell=cell, both_directions=both_directions).parameters
    found = probabilities_of_names(parameters, names)
    n_a = widths[-1]
    for index, row in enumerate(found):
        *_, a = reference_states(parameters, one_hot_letters(names[index]))
        read = np.concatenate((a[:n_a, 0, -1], a[n_a:, 0, 0]))
        powers = np.exp(parameters.Wya @ read + parameters.by)
        np.testing.assert_allclose(row, powers / powers.sum(), rtol=1e-10)


@pytest.mark.parametrize("cell", ["rnn", "lstm"])  # its GRU resets after the product
@DIRECTIONS
def test_equals_pytorch(make_classifier, names, cell, both_directions):
    torch = pytest.importorskip("torch")
    classifier = make_classifier((4, 3), cell=cell, both_directions=both_directions)
    layers = [
        [course_weights(layer) for layer in of_direction]
        for of_direction in (classifier.parameters.layers, classifier.parameters.reverse_layers)
        if of_direction
    ]
    gates = ("i", "f", "c", "o")  # in PyTorch's order

    def module_of(place, n_in, n_a):
        module = getattr(torch.nn, cell.upper())(n_in, n_a, bidirectional=both_directions).double()
        with torch.no_grad():
            for suffix, of_direction in zip(("", "_reverse"), layers, strict=False):
                weights = of_direction[place]
                if cell == "rnn":
                    W_x, W_a, b = (weights[name] for name in ("Wax", "Waa", "ba"))
                else:
                    W = np.concatenate([weights[f"W{gate}"] for gate in gates])
                    W_a, W_x = W[:, :n_a], W[:, n_a:]
                    b = np.concatenate([weights[f"b{gate}"] for gate in gates])
                for name, array in (("weight_ih", W_x), ("weight_hh", W_a), ("bias_ih", b[:, 0])):
                    getattr(module, f"{name}_l0{suffix}").copy_(torch.from_numpy(array.copy()))
                getattr(module, f"bias_hh_l0{suffix}").zero_()
        return module

    directions = 2 if both_directions else 1
    modules = [module_of(0, N_SYMBOLS, 4), module_of(1, 4 * directions, 3)]
    Wya = torch.from_numpy(classifier.parameters.Wya.copy()).requires_grad_()
    by = torch.from_numpy(classifier.parameters.by.copy())
    loss = torch.zeros((), dtype=torch.float64)
    for index in range(len(names)):
        x = torch.from_numpy(one_hot_letters(names[index]).transpose(2, 1, 0).copy())
        for module in modules:
            x, _ = module(x)
        read = torch.cat((x[-1, 0, :3], x[0, 0, 3:]))
        loss = loss - torch.log_softmax(Wya @ read + by, 0)[int(names.kinds[index])]
    loss.backward()
    assert classifier.loss_and_gradients(pack(names)) == pytest.approx(loss.item(), rel=1e-10)
    np.testing.assert_allclose(classifier.gradients.Wya, Wya.grad.numpy(), rtol=1e-8, atol=1e-12)
    lowest = modules[0]
    found = [classifier.gradients.layers[0], *classifier.gradients.reverse_layers[:1]]
    for layer, suffix in zip(found, ("", "_reverse"), strict=False):
        got = getattr(lowest, f"weight_hh_l0{suffix}").grad.numpy()
        named = layer.named
        if cell == "rnn":
            expected = named["Waa"]
        else:
            expected = np.concatenate([named[f"W{gate}"][:, :4] for gate in gates])
        np.testing.assert_allclose(got, expected, rtol=1e-8, atol=1e-12)


# Lists of names.


@DIRECTIONS
def test_a_list_is_told_in_its_order(make_classifier, both_directions):
    parameters = make_classifier((3,), cell="gru", both_directions=both_directions).parameters
    lengths = np.random.default_rng(5).integers(1, 9, 600)
    names = make_names(lengths, seed=6)
    found = probabilities_of_names(parameters, names)
    assert found.shape == (600, N_KINDS)
    for index in (0, 17, 255, 256, 599):
        alone = probabilities_of_names(parameters, names.take(np.array([index])))
        np.testing.assert_allclose(found[index], alone[0], rtol=1e-12)


def test_what_is_said_after_the_first_letters_is_what_is_said_of_them(make_classifier, names):
    classifier = make_classifier((3,), cell="lstm")
    name = names[2]
    states = classifier.states(Packed.of(names, np.array([2])))[0]
    for count in range(len(name)):
        prefix = EncodedNames(np.append(name[:count], 0), np.array([0, count + 1]))
        powers = np.exp(classifier.parameters.Wya @ states[count] + classifier.parameters.by)
        found = probabilities_of_names(classifier.parameters, prefix)
        np.testing.assert_allclose(found[0], powers / powers.sum(), rtol=1e-10)


def test_loss_of_kinds_is_a_mean(make_classifier, names):
    parameters = make_classifier((3,)).parameters
    probabilities = probabilities_of_names(parameters, names)
    loss = loss_of_kinds(parameters, names)
    told = [np.log(row[kind]) for row, kind in zip(probabilities, names.kinds, strict=True)]
    right = [row.argmax() == kind for row, kind in zip(probabilities, names.kinds, strict=True)]
    assert loss.nats_per_name == pytest.approx(-np.mean(told))
    assert loss.accuracy == pytest.approx(np.mean(right))


def test_loss_of_kinds_is_finite_where_a_probability_vanishes(make_classifier, names):
    parameters = make_classifier((3,)).parameters
    parameters.by[:] = 0.0, 4_000.0, 8_000.0
    assert probabilities_of_names(parameters, names).min() == 0.0
    assert 0.0 < loss_of_kinds(parameters, names).nats_per_name < 8_001.0
    assert np.isfinite(log_probabilities_of_names(parameters, names)).all()


def test_loss_of_kinds_needs_kinds(make_classifier, names):
    without = EncodedNames(names.symbols, names.bounds)
    with pytest.raises(ValueError, match="names must have kinds"):
        loss_of_kinds(make_classifier((3,)).parameters, without)


# Reversed rows.


def test_reversed_rows_read_each_name_from_its_end(names):
    batch = pack(names)
    reversed_rows = batch.reversed_rows
    for place in range(len(names)):
        rows = rows_of(batch, place)
        assert reversed_rows[rows].tolist() == rows[::-1]
    assert batch.inputs[reversed_rows][batch.last_rows].tolist() == [NO_SYMBOL] * len(names)
