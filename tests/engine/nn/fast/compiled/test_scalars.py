"""exp, log, tanh and the sigmoid of the kernels against the C library's."""

import math

import numpy as np
import pytest


@pytest.fixture(scope="module")
def functions():
    """Return functions of an array, compiled as the kernels are."""
    pytest.importorskip("numba")
    from numba import njit

    from engine.nn.fast.compiled.kernels.scalars import exp, sigmoid, tanh

    @njit(error_model="numpy")
    def apply(x):
        results = np.empty((3, len(x)))
        for i in range(len(x)):
            results[0, i] = exp(x[i])
        for i in range(len(x)):
            results[1, i] = tanh(x[i])
        for i in range(len(x)):
            results[2, i] = sigmoid(x[i])
        return results

    return apply


def test_they_are_accurate_over_their_whole_range(functions):
    random = np.random.default_rng(1)
    sizes = 10.0 ** random.uniform(-300, 2.84, 20_000)
    x = np.concatenate((sizes, -sizes, random.uniform(-30, 30, 20_000), [0.0, -0.0]))
    of_exp, of_tanh, of_sigmoid = functions(x)
    np.testing.assert_allclose(of_exp, np.exp(x), rtol=4e-16)
    np.testing.assert_allclose(of_tanh, np.tanh(x), rtol=8e-16)
    np.testing.assert_allclose(of_sigmoid, [1 / (1 + math.exp(-v)) for v in x], rtol=8e-16)


def test_infinities_saturate_and_nan_stays(functions):
    of_exp, of_tanh, of_sigmoid = functions(np.array([math.inf, -math.inf, math.nan]))
    assert of_exp[0] > 1e307
    assert 0 <= of_exp[1] < 1e-307
    np.testing.assert_array_equal(of_tanh[:2], [1.0, -1.0])
    np.testing.assert_allclose(of_sigmoid[:2], [1.0, 0.0], atol=1e-307)
    assert np.isnan([of_exp[2], of_tanh[2], of_sigmoid[2]]).all()


def test_the_logarithm_is_accurate_for_all_normal_numbers_above_0():
    pytest.importorskip("numba")
    from numba import njit

    from engine.nn.fast.compiled.kernels.scalars import log

    @njit(error_model="numpy")
    def apply(x):
        return np.array([log(x[i]) for i in range(len(x))])

    random = np.random.default_rng(2)
    near_1 = 1 + random.uniform(-1, 1, 10_000) * 10.0 ** random.uniform(-16, -1, 10_000)
    sizes = 10.0 ** random.uniform(-307, 308, 10_000)
    limits = [1.0, 1 - 2.0**-53, 2.0**-53, 0.5, 2.0, math.sqrt(0.5), math.sqrt(2.0)]
    x = np.concatenate((near_1, sizes, random.uniform(0, 1, 10_000), limits))
    np.testing.assert_allclose(apply(x), [math.log(value) for value in x], rtol=3e-16)
