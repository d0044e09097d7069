import math

import numpy as np
import pytest

from engine.reference.gru import gru_backward, gru_cell_backward, gru_cell_forward, gru_forward

WEIGHTS, BIASES = ("Wu", "Wr", "Wc"), ("bu", "br", "bc")
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
        states = draw(seed + 100, xt=(3, m), c_prev=(4, m))
        return {**states, "parameters": draw(seed, **SHAPES)}

    return make


@pytest.fixture
def make_sequence(draw):
    """Return a function that draws the arguments of a sequence."""

    def make(seed, m, T_x):
        states = draw(seed + 100, x=(3, m, T_x), c0=(4, m))
        return {**states, "parameters": draw(seed, **SHAPES)}

    return make


# The equations, number by number.


def affine(W, b, z):
    return [
        bias[0] + sum(w * number for w, number in zip(row, z, strict=True))
        for row, bias in zip(W, b, strict=True)
    ]


def step_of_one_example(x, c, p):
    def gate(name):
        return [1 / (1 + math.exp(-z)) for z in affine(p["W" + name], p["b" + name], c + x)]

    update, relevance = gate("u"), gate("r")
    relevant = [r * number for r, number in zip(relevance, c, strict=True)]
    candidate = [math.tanh(z) for z in affine(p["Wc"], p["bc"], relevant + x)]
    new = [u * fresh + (1 - u) * old for u, fresh, old in zip(update, candidate, c, strict=True)]
    powers = [math.exp(z) for z in affine(p["Wy"], p["by"], new)]
    return new, [power / sum(powers) for power in powers]


@pytest.mark.parametrize(("seed", "m", "T_x"), [(0, 1, 1), (1, 3, 2), (2, 2, 5)])
def test_forward_equals_the_equations_number_by_number(make_sequence, seed, m, T_x):
    arguments = make_sequence(seed, m, T_x)
    parameters = {name: array.tolist() for name, array in arguments["parameters"].items()}
    c, y_pred, _ = gru_forward(**arguments)
    assert (c.shape, y_pred.shape) == ((4, m, T_x), (2, m, T_x))
    for example in range(m):
        state = arguments["c0"][:, example].tolist()
        for t in range(T_x):
            x = arguments["x"][:, example, t].tolist()
            state, y_hat = step_of_one_example(x, state, parameters)
            np.testing.assert_allclose(c[:, example, t], state, rtol=1e-12)
            np.testing.assert_allclose(y_pred[:, example, t], y_hat, rtol=1e-12)


@pytest.mark.parametrize(("bias", "keeps"), [(-50.0, True), (50.0, False)])
def test_the_update_gate_keeps_or_forgets(make_cell, bias, keeps):
    arguments = make_cell(0, m=2)
    arguments["parameters"]["bu"][:] = bias
    c_next, _, cache = gru_cell_forward(**arguments)
    np.testing.assert_allclose(c_next, arguments["c_prev"] if keeps else cache[4], atol=1e-12)


# What is handed on.


def test_cell_cache(make_cell):
    arguments = make_cell(0, m=2)
    parameters = arguments["parameters"]
    c_next, _, cache = gru_cell_forward(**arguments)
    assert len(cache) == 7
    assert cache[0] is c_next
    assert cache[1] is arguments["c_prev"]
    z = np.concatenate((arguments["c_prev"], arguments["xt"]))
    for place, gate in ((2, "u"), (3, "r")):
        before = parameters["W" + gate] @ z + parameters["b" + gate]
        np.testing.assert_allclose(cache[place], 1 / (1 + np.exp(-before)), rtol=1e-12)
    z = np.concatenate((cache[3] * arguments["c_prev"], arguments["xt"]))
    np.testing.assert_allclose(cache[4], np.tanh(parameters["Wc"] @ z + parameters["bc"]))
    assert cache[5] is arguments["xt"]
    assert cache[6] is parameters


def test_a_sequence_is_its_steps(make_sequence):
    arguments = make_sequence(1, m=2, T_x=4)
    kept = {name: arguments[name].copy() for name in ("x", "c0")}
    c, y_pred, (steps, x) = gru_forward(**arguments)
    assert x is arguments["x"]
    assert len(steps) == 4
    c_prev = arguments["c0"]
    for t, cache in enumerate(steps):
        c_next, yt_pred, expected = gru_cell_forward(x[:, :, t], c_prev, arguments["parameters"])
        np.testing.assert_array_equal(c[:, :, t], c_next)
        np.testing.assert_array_equal(y_pred[:, :, t], yt_pred)
        for array, same in zip(cache[:-1], expected[:-1], strict=True):
            np.testing.assert_array_equal(array, same)
        c_prev = c_next
    for name, array in kept.items():
        np.testing.assert_array_equal(arguments[name], array)


# Gradients.


@pytest.mark.parametrize("m", [1, 3])
@pytest.mark.parametrize("seed", [0, 1])
def test_cell_gradients_agree_with_finite_differences(make_cell, draw, assert_is_gradient, seed, m):
    arguments = make_cell(seed, m)
    dc_next = draw(seed + 200, dc_next=(4, m))["dc_next"]
    gradients = gru_cell_backward(dc_next, gru_cell_forward(**arguments)[2])
    arrays = {**arguments, **arguments["parameters"]}
    names = ("xt", "c_prev", *WEIGHTS, *BIASES)
    assert set(gradients) == {"d" + name for name in names}
    for name in names:
        assert_is_gradient(
            "d" + name,
            gradients["d" + name],
            arrays[name],
            lambda: np.sum(dc_next * gru_cell_forward(**arguments)[0]),
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
    dc = draw(seed + 200, dc=(4, m, T))["dc"]
    kept = dc.copy()
    gradients = gru_backward(dc, gru_forward(**arguments)[2])
    np.testing.assert_array_equal(dc, kept)
    arrays = {**arguments, **arguments["parameters"], "x": arguments["x"][:, :, :T]}
    names = ("x", "c0", *WEIGHTS, *BIASES)
    assert set(gradients) == {"d" + name for name in names}
    for name in names:
        assert_is_gradient(
            "d" + name,
            gradients["d" + name],
            arrays[name],
            lambda: np.sum(dc * gru_forward(**arguments)[0][:, :, :T]),
        )


# Shapes that do not fit.


@pytest.mark.parametrize(
    ("name", "shape"),
    [
        ("xt", (4, 2)),
        ("xt", (3, 1)),
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
    assert_refuses(gru_cell_forward, make_cell(0, m=2), name, shape)


@pytest.mark.parametrize(
    ("name", "shape"),
    [
        ("x", (4, 2, 4)),
        ("x", (3, 2)),
        ("x", (3, 2, 0)),
        ("c0", (4, 1)),
        ("c0", (5, 2)),
        ("Wu", (4, 4)),
    ],
)
def test_forward_refuses(make_sequence, assert_refuses, name, shape):
    assert_refuses(gru_forward, make_sequence(0, m=2, T_x=4), name, shape)


def test_backward_refuses(make_cell, make_sequence):
    cache = gru_cell_forward(**make_cell(0, m=2))[2]
    for shape in ((4, 1), (5, 2), (4, 2, 1)):
        with pytest.raises(ValueError, match=r"^dc_next must .*n_a = 4"):
            gru_cell_backward(np.ones(shape), cache)
    caches = gru_forward(**make_sequence(0, m=2, T_x=4))[2]
    for shape in ((4, 2, 5), (4, 1, 4), (5, 2, 4), (4, 2), (4, 2, 0)):
        with pytest.raises(ValueError, match=r"^dc must .*n_a = 4"):
            gru_backward(np.ones(shape), caches)
