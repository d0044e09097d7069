import numpy as np
import pytest

from engine.reference.rnn import (
    rnn_backward,
    rnn_cell_backward,
    rnn_cell_forward,
    rnn_forward,
)

SHAPES = {"Wax": (4, 3), "Waa": (4, 4), "Wya": (2, 4), "ba": (4, 1), "by": (2, 1)}


@pytest.fixture
def make_cell(draw):
    """Return a function that draws the arguments of a step."""

    def make(seed, m):
        states = draw(seed + 100, xt=(3, m), a_prev=(4, m))
        return {**states, "parameters": draw(seed, **SHAPES)}

    return make


@pytest.fixture
def make_sequence(draw):
    """Return a function that draws the arguments of a sequence."""

    def make(seed, m, T_x):
        states = draw(seed + 100, x=(3, m, T_x), a0=(4, m))
        return {**states, "parameters": draw(seed, **SHAPES)}

    return make


# The course's published figures.


def draw_course_parameters(random):
    shapes = {"Waa": (5, 5), "Wax": (5, 3), "Wya": (2, 5), "ba": (5, 1), "by": (2, 1)}
    return {name: random.randn(*shape) for name, shape in shapes.items()}


def test_published_cell_forward(course):
    figures = course["rnn_cell_forward"]
    random = np.random.RandomState(figures["seed"])
    xt, a_prev = random.randn(3, 10), random.randn(5, 10)
    parameters = draw_course_parameters(random)
    a_next, yt_pred, _ = rnn_cell_forward(xt, a_prev, parameters)
    assert (a_next.shape, yt_pred.shape) == ((5, 10), (2, 10))
    np.testing.assert_allclose(a_next[4], figures["a_next[4]"], rtol=0, atol=1e-8)
    np.testing.assert_allclose(yt_pred[1], figures["yt_pred[1]"], rtol=0, atol=1e-8)


def test_published_forward(course):
    figures = course["rnn_forward"]
    random = np.random.RandomState(figures["seed"])
    x, a0 = random.randn(3, 10, 4), random.randn(5, 10)
    a, y_pred, caches = rnn_forward(x, a0, draw_course_parameters(random))
    assert (a.shape, y_pred.shape, len(caches)) == ((5, 10, 4), (2, 10, 4), 2)
    np.testing.assert_allclose(a[4][1], figures["a[4][1]"], rtol=0, atol=1e-8)
    np.testing.assert_allclose(y_pred[1][3], figures["y_pred[1][3]"], rtol=0, atol=1e-8)
    np.testing.assert_allclose(caches[1][1][3], figures["caches[1][1][3]"], rtol=0, atol=1e-8)


# What is handed on.


def test_cell_cache(make_cell):
    arguments = make_cell(0, m=2)
    a_next, _, cache = rnn_cell_forward(**arguments)
    assert cache[0] is a_next
    assert cache[1] is arguments["a_prev"]
    assert cache[2] is arguments["xt"]
    assert cache[3] is arguments["parameters"]


def test_a_sequence_is_its_steps(make_sequence):
    arguments = make_sequence(1, m=2, T_x=4)
    kept = {name: arguments[name].copy() for name in ("x", "a0")}
    a, y_pred, (steps, x) = rnn_forward(**arguments)
    assert x is arguments["x"]
    assert len(steps) == 4
    a_prev = arguments["a0"]
    for t, cache in enumerate(steps):
        a_next, yt_pred, _ = rnn_cell_forward(x[:, :, t], a_prev, arguments["parameters"])
        np.testing.assert_array_equal(a[:, :, t], a_next)
        np.testing.assert_array_equal(y_pred[:, :, t], yt_pred)
        for array, expected in zip(cache, (a_next, a_prev, x[:, :, t]), strict=False):
            np.testing.assert_array_equal(array, expected)
        a_prev = a_next
    for name, array in kept.items():
        np.testing.assert_array_equal(arguments[name], array)


# Gradients.


@pytest.mark.parametrize("m", [1, 3])
@pytest.mark.parametrize("seed", [0, 1])
def test_cell_gradients_agree_with_finite_differences(make_cell, draw, assert_is_gradient, seed, m):
    arguments = make_cell(seed, m)
    da_next = draw(seed + 200, da_next=(4, m))["da_next"]
    gradients = rnn_cell_backward(da_next, rnn_cell_forward(**arguments)[2])
    arrays = {**arguments, **arguments["parameters"]}
    names = {name: "d" + name for name in ("xt", "Wax", "Waa", "ba")} | {"a_prev": "da_prev"}
    assert set(gradients) == set(names.values())
    for name, of_it in names.items():
        assert_is_gradient(
            of_it,
            gradients[of_it],
            arrays[name],
            lambda: np.sum(da_next * rnn_cell_forward(**arguments)[0]),
        )


@pytest.mark.parametrize(
    ("seed", "m", "T_x", "T"),
    [
        (0, 1, 1, 1),
        (1, 3, 1, 1),
        (2, 2, 2, 2),
        (3, 1, 4, 4),
        (4, 3, 4, 4),
        (5, 2, 4, 2),
        (6, 1, 4, 1),
    ],
)
def test_gradients_agree_with_finite_differences(
    make_sequence, draw, assert_is_gradient, seed, m, T_x, T
):
    arguments = make_sequence(seed, m, T_x)
    da = draw(seed + 200, da=(4, m, T))["da"]
    kept = da.copy()
    gradients = rnn_backward(da, rnn_forward(**arguments)[2])
    np.testing.assert_array_equal(da, kept)
    arrays = {**arguments, **arguments["parameters"], "x": arguments["x"][:, :, :T]}
    names = ("x", "a0", "Wax", "Waa", "ba")
    assert set(gradients) == {"d" + name for name in names}
    for name in names:
        assert_is_gradient(
            "d" + name,
            gradients["d" + name],
            arrays[name],
            lambda: np.sum(da * rnn_forward(**arguments)[0][:, :, :T]),
        )


def test_whole_numbers_in_x_are_no_hindrance(make_sequence):
    arguments = make_sequence(0, m=3, T_x=2)
    x = np.stack([np.eye(3, dtype=int)] * 2, axis=2)
    of_whole, of_floats = (
        rnn_backward(np.ones((4, 3, 2)), rnn_forward(**{**arguments, "x": kind})[2])
        for kind in (x, x.astype(float))
    )
    np.testing.assert_array_equal(of_whole["dx"], of_floats["dx"])


# Shapes that do not fit.


@pytest.mark.parametrize(
    ("name", "shape"),
    [
        ("xt", (4, 2)),
        ("xt", (3, 1)),
        ("xt", (3,)),
        ("a_prev", (5, 2)),
        ("a_prev", (4, 1)),
        ("Wax", (4, 4)),
        ("Waa", (4, 5)),
        ("Wya", (2, 3)),
        ("ba", (4,)),
        ("ba", (5, 1)),
        ("by", (3, 1)),
    ],
)
def test_cell_refuses(make_cell, assert_refuses, name, shape):
    assert_refuses(rnn_cell_forward, make_cell(0, m=2), name, shape)


@pytest.mark.parametrize(
    ("name", "shape"),
    [
        ("x", (4, 2, 4)),
        ("x", (3, 2)),
        ("x", (3, 2, 0)),
        ("a0", (4, 1)),
        ("a0", (5, 2)),
        ("Wax", (5, 3)),
    ],
)
def test_forward_refuses(make_sequence, assert_refuses, name, shape):
    assert_refuses(rnn_forward, make_sequence(0, m=2, T_x=4), name, shape)


def test_backward_refuses(make_cell, make_sequence):
    cache = rnn_cell_forward(**make_cell(0, m=2))[2]
    for shape in ((4, 1), (5, 2), (4, 2, 1)):
        with pytest.raises(ValueError, match=r"^da_next must .*n_a = 4"):
            rnn_cell_backward(np.ones(shape), cache)
    caches = rnn_forward(**make_sequence(0, m=2, T_x=4))[2]
    for shape in ((4, 2, 5), (4, 1, 4), (5, 2, 4), (4, 2), (4, 2, 0)):
        with pytest.raises(ValueError, match=r"^da must .*n_a = 4"):
            rnn_backward(np.ones(shape), caches)
