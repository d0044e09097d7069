import numpy as np
import pytest

from engine.reference.lstm import (
    lstm_backward,
    lstm_cell_backward,
    lstm_cell_forward,
    lstm_forward,
)

WEIGHTS, BIASES = ("Wf", "Wi", "Wc", "Wo"), ("bf", "bi", "bc", "bo")
SHAPES = {
    **dict.fromkeys(WEIGHTS, (4, 7)),
    **dict.fromkeys(BIASES, (4, 1)),
    "Wy": (2, 4),
    "by": (2, 1),
}


@pytest.fixture
def make_cell(draw):
    """Return a function that draws the arguments of a step."""

    def make(seed, m):
        states = draw(seed + 100, xt=(3, m), a_prev=(4, m), c_prev=(4, m))
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


def draw_course_parameters(course, random):
    shapes = {"W": (5, 8), "b": (5, 1)}
    ends = {"Wy": (2, 5), "by": (2, 1)}
    order = course["lstm_parameter_order"]
    return {name: random.randn(*ends.get(name, shapes[name[0]])) for name in order}


def test_published_cell_forward(course):
    figures = course["lstm_cell_forward"]
    random = np.random.RandomState(figures["seed"])
    xt, a_prev, c_prev = random.randn(3, 10), random.randn(5, 10), random.randn(5, 10)
    parameters = draw_course_parameters(course, random)
    a_next, c_next, yt, cache = lstm_cell_forward(xt, a_prev, c_prev, parameters)
    assert (a_next.shape, c_next.shape, yt.shape) == ((5, 10), (5, 10), (2, 10))
    np.testing.assert_allclose(a_next[4], figures["a_next[4]"], rtol=0, atol=1e-8)
    np.testing.assert_allclose(c_next[2], figures["c_next[2]"], rtol=0, atol=1e-8)
    np.testing.assert_allclose(yt[1], figures["yt[1]"], rtol=0, atol=1e-8)
    published = figures["c_next[3] (=cache[1][3])"]
    np.testing.assert_allclose(c_next[3], published, rtol=0, atol=1e-8)
    np.testing.assert_allclose(cache[1][3], published, rtol=0, atol=1e-8)
    assert len(cache) == 10


def test_published_forward(course):
    figures = course["lstm_forward"]
    random = np.random.RandomState(figures["seed"])
    x, a0 = random.randn(3, 10, 7), random.randn(5, 10)
    a, y, c, caches = lstm_forward(x, a0, draw_course_parameters(course, random))
    assert (a.shape, y.shape, c.shape, len(caches)) == ((5, 10, 7), (2, 10, 7), (5, 10, 7), 2)
    assert a[4][3][6] == pytest.approx(figures["a[4][3][6]"], abs=1e-11)
    assert y[1][4][3] == pytest.approx(figures["y[1][4][3]"], abs=1e-11)
    assert c[1][2][1] == pytest.approx(figures["c[1][2][1]"], abs=1e-11)
    published = figures["x[1][1] (=caches[1][1][1])"]
    np.testing.assert_allclose(caches[1][1][1], published, rtol=0, atol=1e-8)
    assert caches[1] is x


# What is handed on.


def test_cell_cache(make_cell):
    arguments = make_cell(0, m=2)
    parameters = arguments["parameters"]
    a_next, c_next, _, cache = lstm_cell_forward(**arguments)
    assert cache[0] is a_next
    assert cache[1] is c_next
    assert cache[2] is arguments["a_prev"]
    assert cache[3] is arguments["c_prev"]
    z = np.concatenate((arguments["a_prev"], arguments["xt"]))
    for place, gate in ((4, "f"), (5, "i"), (7, "o")):
        before = parameters["W" + gate] @ z + parameters["b" + gate]
        np.testing.assert_allclose(cache[place], 1 / (1 + np.exp(-before)), rtol=1e-12)
    candidate = np.tanh(parameters["Wc"] @ z + parameters["bc"])
    np.testing.assert_allclose(cache[6], candidate, rtol=1e-12)
    assert cache[8] is arguments["xt"]
    assert cache[9] is parameters


def test_a_sequence_is_its_steps(make_sequence):
    arguments = make_sequence(1, m=2, T_x=4)
    kept = {name: arguments[name].copy() for name in ("x", "a0")}
    a, y, c, (steps, x) = lstm_forward(**arguments)
    assert x is arguments["x"]
    assert len(steps) == 4
    a_prev, c_prev = arguments["a0"], np.zeros((4, 2))
    for t, cache in enumerate(steps):
        a_next, c_next, yt_pred, expected = lstm_cell_forward(
            x[:, :, t], a_prev, c_prev, arguments["parameters"]
        )
        np.testing.assert_array_equal(a[:, :, t], a_next)
        np.testing.assert_array_equal(c[:, :, t], c_next)
        np.testing.assert_array_equal(y[:, :, t], yt_pred)
        for array, same in zip(cache[:-1], expected[:-1], strict=True):
            np.testing.assert_array_equal(array, same)
        a_prev, c_prev = a_next, c_next
    for name, array in kept.items():
        np.testing.assert_array_equal(arguments[name], array)


# Gradients.


@pytest.mark.parametrize("m", [1, 3])
@pytest.mark.parametrize("seed", [0, 1])
def test_cell_gradients_agree_with_finite_differences(make_cell, draw, assert_is_gradient, seed, m):
    arguments = make_cell(seed, m)
    d = draw(seed + 200, a=(4, m), c=(4, m))
    gradients = lstm_cell_backward(d["a"], d["c"], lstm_cell_forward(**arguments)[3])

    def loss():
        a_next, c_next, _, _ = lstm_cell_forward(**arguments)
        return np.sum(d["a"] * a_next) + np.sum(d["c"] * c_next)

    arrays = {**arguments, **arguments["parameters"]}
    names = ("xt", "a_prev", "c_prev", *WEIGHTS, *BIASES)
    assert set(gradients) == {"d" + name for name in names}
    for name in names:
        assert_is_gradient("d" + name, gradients["d" + name], arrays[name], loss)


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
    gradients = lstm_backward(da, lstm_forward(**arguments)[3])
    np.testing.assert_array_equal(da, kept)
    arrays = {**arguments, **arguments["parameters"], "x": arguments["x"][:, :, :T]}
    names = ("x", "a0", *WEIGHTS, *BIASES)
    assert set(gradients) == {"d" + name for name in names} | {"dc_prev"}
    for name in names:
        assert_is_gradient(
            "d" + name,
            gradients["d" + name],
            arrays[name],
            lambda: np.sum(da * lstm_forward(**arguments)[0][:, :, :T]),
        )

    c0 = np.zeros((4, m))

    def loss_from_c0():
        total, a_prev, c_prev = 0.0, arguments["a0"], c0
        for t in range(T):
            a_prev, c_prev, _, _ = lstm_cell_forward(
                arguments["x"][:, :, t], a_prev, c_prev, arguments["parameters"]
            )
            total += np.sum(da[:, :, t] * a_prev)
        return total

    assert_is_gradient("dc_prev", gradients["dc_prev"], c0, loss_from_c0)


# Shapes that do not fit.


@pytest.mark.parametrize(
    ("name", "shape"),
    [
        ("xt", (4, 2)),
        ("xt", (3, 1)),
        ("a_prev", (5, 2)),
        ("a_prev", (4, 1)),
        ("c_prev", (5, 2)),
        ("c_prev", (4, 1)),
        *((name, (4, 8)) for name in WEIGHTS),
        *((name, (4,)) for name in BIASES),
        *((name, (5, 1)) for name in BIASES),
        ("Wy", (2, 3)),
        ("by", (3, 1)),
    ],
)
def test_cell_refuses(make_cell, assert_refuses, name, shape):
    assert_refuses(lstm_cell_forward, make_cell(0, m=2), name, shape)


@pytest.mark.parametrize(
    ("name", "shape"),
    [
        ("x", (4, 2, 4)),
        ("x", (3, 2)),
        ("x", (3, 2, 0)),
        ("a0", (4, 1)),
        ("a0", (5, 2)),
        ("Wf", (4, 4)),
    ],
)
def test_forward_refuses(make_sequence, assert_refuses, name, shape):
    assert_refuses(lstm_forward, make_sequence(0, m=2, T_x=4), name, shape)


def test_backward_refuses(make_cell, make_sequence):
    cache = lstm_cell_forward(**make_cell(0, m=2))[3]
    right = np.ones((4, 2))
    for shape in ((4, 1), (5, 2), (4, 2, 1)):
        with pytest.raises(ValueError, match=r"^da_next must .*n_a = 4"):
            lstm_cell_backward(np.ones(shape), right, cache)
        with pytest.raises(ValueError, match=r"^dc_next must .*n_a = 4"):
            lstm_cell_backward(right, np.ones(shape), cache)
    caches = lstm_forward(**make_sequence(0, m=2, T_x=4))[3]
    for shape in ((4, 2, 5), (4, 1, 4), (5, 2, 4), (4, 2), (4, 2, 0)):
        with pytest.raises(ValueError, match=r"^da must .*n_a = 4"):
            lstm_backward(np.ones(shape), caches)
