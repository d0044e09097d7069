import math

import numpy as np
import pytest

from engine.reference.functions import require_shapes, sigmoid, softmax


def test_sigmoid():
    x = [-30.0, -2.0, 0.0, 0.5, 30.0]
    expected = [1 / (1 + math.exp(-number)) for number in x]
    np.testing.assert_allclose(sigmoid(np.array(x)), expected, rtol=0, atol=1e-15)
    assert sigmoid(np.array([-1e4, 1e4])).tolist() == [0.0, 1.0]


def test_softmax_is_by_column_and_stable():
    y_hat = softmax(np.array([[1000.0, 0.0], [1000.0, np.log(3.0)]]))
    np.testing.assert_allclose(y_hat, [[0.5, 0.25], [0.5, 0.75]], rtol=1e-12)


SHAPES = {"b": "n_a, 1", "W": "n_a, n_a + n_x", "x": "n_x, m, T_x", "da": "n_a, m, <= T_x"}


def make_arrays(**others):
    shapes = {"b": (4, 1), "W": (4, 7), "x": (3, 2, 5), "da": (4, 2, 5), **others}
    return {name: np.ones(shape) for name, shape in shapes.items()}


def test_shapes_that_fit():
    require_shapes(SHAPES, make_arrays())
    require_shapes(SHAPES, make_arrays(da=(4, 2, 1), another=(9,)))


@pytest.mark.parametrize(
    ("name", "shape", "message"),
    [
        ("b", (4,), r"b must have the shape \(n_a, 1\), got \(4,\)\."),
        ("b", (4, 2), r"b must have the shape \(n_a, 1\), got \(4, 2\)\."),
        ("b", (0, 1), r"b must have the shape \(n_a, 1\), got \(0, 1\)\."),
        ("W", (5, 8), r"W .* \(n_a, n_a \+ n_x\) with n_a = 4 as in b, got \(5, 8\)\."),
        ("W", (4, 4), r"W .* with n_a = 4 as in b, got \(4, 4\)\."),
        ("x", (4, 2, 5), r"x .* \(n_x, m, T_x\) with n_x = 3 as in W, got \(4, 2, 5\)\."),
        ("x", (3, 2), r"x .* got \(3, 2\)\."),
        ("x", (3, 2, 0), r"x .* got \(3, 2, 0\)\."),
        ("da", (4, 2, 6), r"da .* m = 2 as in x, T_x = 5 as in x, got \(4, 2, 6\)\."),
        ("da", (4, 3, 5), r"da .* got \(4, 3, 5\)\."),
    ],
)
def test_shapes_that_do_not_fit(name, shape, message):
    with pytest.raises(ValueError, match=f"^{message}$"):
        require_shapes(SHAPES, make_arrays(**{name: shape}))
