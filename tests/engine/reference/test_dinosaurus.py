import numpy as np
import pytest

from engine.reference import functions
from engine.reference.dinosaurus import (
    clip,
    get_initial_loss,
    initialize_parameters,
    model,
    optimize,
    rnn_backward,
    rnn_forward,
    sample,
    smooth,
    softmax,
    update_parameters,
)

GRADIENTS = ("dWax", "dWaa", "dWya", "db", "dby")


@pytest.fixture
def char_to_ix(letters):
    return letters.index_of


def draw_course_parameters(random):
    shapes = {"Wax": (100, 27), "Waa": (100, 100), "Wya": (27, 100), "b": (100, 1), "by": (27, 1)}
    return {name: random.randn(*shape) for name, shape in shapes.items()}


# The course's published figures.


@pytest.mark.parametrize("bound", [10, 5])
def test_clip(course, bound):
    random = np.random.RandomState(course["clip"]["seed"])
    shapes = ((5, 3), (5, 5), (2, 5), (5, 1), (2, 1))
    gradients = {n: random.randn(*s) * 10 for n, s in zip(GRADIENTS, shapes, strict=True)}
    kept = {name: gradient.copy() for name, gradient in gradients.items()}
    clipped, expected = clip(gradients, bound), course["clip"][f"max{bound}"]
    for name, row, column in (("dWaa", 1, 2), ("dWax", 3, 1), ("dWya", 1, 2)):
        published = expected[f"{name}[{row}][{column}]"]
        assert clipped[name][row, column] == pytest.approx(published, abs=1e-8)
    assert clipped["db"][4, 0] == pytest.approx(expected["db[4]"], abs=1e-8)
    assert clipped["dby"][1, 0] == pytest.approx(expected["dby[1]"], abs=1e-8)
    assert max(np.abs(gradient).max() for gradient in clipped.values()) == bound
    for name in GRADIENTS:
        np.testing.assert_array_equal(gradients[name], kept[name], err_msg=name)


@pytest.mark.parametrize("case", [0, 1])
def test_sample(course, char_to_ix, case):
    figures = course["sample"][case]
    random = np.random.RandomState(figures["seed"])
    if figures["order"][0].startswith("a0"):
        random.randn(100, 1)
    parameters = draw_course_parameters(random)
    assert sample(parameters, char_to_ix, figures["sample_seed"]) == figures["indices"]


def test_sample_ends_after_50_letters(char_to_ix):
    parameters = initialize_parameters(4, 27, 27)
    parameters["by"][0] = -1e3
    indices = sample(parameters, char_to_ix, 0)
    assert len(indices) == 51
    assert indices.index(0) == 50


def test_optimize(course):
    figures = course["optimize"]
    random = np.random.RandomState(figures["seed"])
    a_prev = random.randn(100, 1)
    parameters = draw_course_parameters(random)
    before = {name: parameter.copy() for name, parameter in parameters.items()}
    loss, d, a_last = optimize(figures["X"], figures["Y"], a_prev, parameters, figures["lr"])
    assert loss == pytest.approx(figures["loss"], abs=1e-9)
    assert d["dWaa"][1, 2] == pytest.approx(figures["dWaa[1][2]"], abs=1e-10)
    assert np.argmax(d["dWax"]) == figures["argmax(dWax)"]
    assert d["dWya"][1, 2] == pytest.approx(figures["dWya[1][2]"], abs=1e-10)
    assert d["db"][4, 0] == pytest.approx(figures["db[4]"], abs=1e-8)
    assert d["dby"][1, 0] == pytest.approx(figures["dby[1]"], abs=1e-8)
    assert a_last[4, 0] == pytest.approx(figures["a_last[4]"], abs=1e-8)
    for name in parameters:
        step = before[name] - parameters[name]
        np.testing.assert_allclose(step, figures["lr"] * d["d" + name], rtol=0, atol=1e-12)


def test_model(course, dinos_path, letters, capsys):
    data = dinos_path.read_text().splitlines(keepends=True)
    model(data, dict(enumerate(letters.symbols)), letters.index_of, num_iterations=2001)
    figures = course["model"]
    expected = []
    for iteration in ("0", "2000"):
        loss = figures["smoothed_loss"][iteration]
        expected += [f"Iteration: {iteration}, Loss: {loss:f}", *figures["names"][iteration]]
    assert [line for line in capsys.readouterr().out.splitlines() if line] == expected


# Gradients.


@pytest.mark.parametrize("first", [None, 2], ids=["x1 = 0", "x1 given"])
@pytest.mark.parametrize("length", [1, 2, 13])
def test_gradients_agree_with_finite_differences(length, first):
    random = np.random.default_rng(length)
    shapes = {"Wax": (4, 5), "Waa": (4, 4), "Wya": (5, 4), "b": (4, 1), "by": (5, 1)}
    parameters = {name: random.normal(scale=0.5, size=shape) for name, shape in shapes.items()}
    Y = random.integers(0, 5, size=length).tolist()
    X, a0 = [first, *Y[:-1]], random.uniform(-1, 1, size=(4, 1))
    gradients, _ = rnn_backward(X, Y, parameters, rnn_forward(X, Y, a0, parameters)[1])
    pairs = [(name, array, gradients["d" + name]) for name, array in parameters.items()]
    for name, array, gradient in [*pairs, ("a0", a0, gradients["da_next"])]:
        assert gradient.shape == array.shape
        for entry in np.ndindex(array.shape):
            value, losses = array[entry], []
            for changed in (value + 1e-5, value - 1e-5):
                array[entry] = changed
                losses.append(rnn_forward(X, Y, a0, parameters)[0])
            array[entry] = value
            numeric = (losses[0] - losses[1]) / 2e-5
            assert gradient[entry] == pytest.approx(numeric, rel=1e-6, abs=1e-8), (name, entry)


def test_rnn_forward_adds_up_the_probabilities_of_its_steps():
    parameters = initialize_parameters(6, 27, 27)
    loss, (y_hat, a, x) = rnn_forward([None, 3], [3, 0], np.zeros((6, 1)), parameters)
    assert loss == pytest.approx(-np.log(y_hat[0][3, 0] * y_hat[1][0, 0]))
    assert not x[0].any()
    assert x[1].ravel().tolist() == np.eye(27)[3].tolist()
    assert sorted(a) == [-1, 0, 1]


# Small parts.


def test_softmax_is_that_of_the_other_blocks():
    assert softmax is functions.softmax


def test_the_average_starts_at_seven_characters_of_guessing():
    assert get_initial_loss(27, 7) == pytest.approx(23.070858, abs=1e-6)
    assert smooth(20.0, 30.0) == pytest.approx(20.01)


def test_update_steps_down_in_place():
    parameters = initialize_parameters(2, 3, 3)
    gradients = {"d" + name: np.ones_like(array) for name, array in parameters.items()}
    before = {name: array.copy() for name, array in parameters.items()}
    assert update_parameters(parameters, gradients, 0.5) is parameters
    for name, array in parameters.items():
        np.testing.assert_allclose(array, before[name] - 0.5, rtol=1e-12)


def test_the_global_random_state_is_left_alone(letters):
    before = np.random.get_state()  # noqa: NPY002 this is the state in question
    model(["rex", "mei"], dict(enumerate(letters.symbols)), letters.index_of, 3, n_a=4)
    after = np.random.get_state()  # noqa: NPY002
    np.testing.assert_array_equal(before[1], after[1])
    assert before[2:] == after[2:]
