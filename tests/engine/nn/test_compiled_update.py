"""The optimisers by a compiled kernel, as steps on batches make them, against those of NumPy."""

import math

import numpy as np
import pytest

from engine.nn.compiled_update import make_step
from engine.nn.optimizers import OPTIMIZERS, clip_entries, clip_norm

SEED = 3


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("clipping", ["entries", "norm", None])
@pytest.mark.parametrize("l2", [0.0, 0.01])
@pytest.mark.parametrize("name", OPTIMIZERS)
def test_steps_equal_those_of_numpy(compiled_kernels, name, l2, clipping, dtype):
    random, clip = np.random.default_rng(SEED), None if clipping is None else 0.5
    parameters = random.normal(size=101).astype(dtype)
    compiled, gradients = parameters.copy(), random.normal(size=(30, 101)).astype(dtype)
    by_numpy, optimizer = OPTIMIZERS[name](parameters), OPTIMIZERS[name](compiled)
    for gradient in gradients:
        g = gradient.copy()
        if clip is not None:
            (clip_norm if clipping == "norm" else clip_entries)(g, clip)
        by_numpy.step(parameters, g, 0.01, l2)
        make_step(optimizer, compiled, gradient, 0.01, clip, clipping or "entries", l2)
    assert optimizer.steps == by_numpy.steps == len(gradients)
    tolerance = 1e-12 if dtype is np.float64 else 1e-5
    np.testing.assert_allclose(compiled, parameters, rtol=0, atol=tolerance)
    for moment, expected in zip(optimizer.moments, by_numpy.moments, strict=True):
        np.testing.assert_allclose(moment, expected, rtol=tolerance, atol=tolerance)


@pytest.mark.parametrize("clipping", ["entries", "norm"])
def test_clipping_lets_no_number_hide_that_is_none(compiled_kernels, clipping):
    parameters, gradient = np.zeros(5), np.array([1.0, math.nan, -9.0, 0.0, 2.0])
    optimizer = OPTIMIZERS["sgd"](parameters)
    make_step(optimizer, parameters, gradient, 0.1, 1.0, clipping, 0.0)
    assert math.isnan(parameters[1])
