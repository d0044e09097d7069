"""The matrix product that kernels call, by BLAS and by NumPy."""

import sys

import numpy as np
import pytest

from engine.nn.fast.compiled.blas_functions import gemm_address, numpy_gemm_address

LENGTHS = (7, 7, 4, 1)
"""Rows of each step."""


@pytest.fixture(params=[np.float64, np.float32], ids=lambda dtype: dtype.__name__)
def dtype(request):
    return np.dtype(request.param)


def gru_pass(kernels, gemm, dtype):
    """Return the gates and the states of a pass, whose products are parts of longer rows."""
    random, n, N = np.random.default_rng(4), 5, sum(LENGTHS)

    def draw(*shape):
        return random.standard_normal(shape).astype(dtype)

    x = kernels.Input(draw(3 * n), draw(3, 3 * n), random.integers(-1, 3, N))
    U, before = draw(n, 3 * n), draw(N, n)
    gates, reset, c = np.empty((N, 3 * n), dtype), np.empty((N, n), dtype), np.empty((N, n), dtype)
    kernels.gru_forward(gemm, x, U, gates, before, reset, c, np.cumsum((0, *LENGTHS)))
    return gates, c


def test_a_pass_with_numpys_products_gives_the_same(compiled_kernels, dtype):
    batches = compiled_kernels.batches
    by_blas = gru_pass(batches, gemm_address(dtype), dtype)
    by_numpy = gru_pass(batches, numpy_gemm_address(dtype), dtype)
    tolerance = 1e-12 if dtype == np.float64 else 1e-5
    for one, other in zip(by_blas, by_numpy, strict=True):
        assert np.isfinite(one).all()
        np.testing.assert_allclose(one, other, rtol=tolerance, atol=tolerance)


@pytest.mark.skipif(sys.platform == "darwin", reason="NumPy may use Accelerate")
def test_the_function_is_found_in_numpys_own_library(dtype):
    library = np.show_config(mode="dicts")["Build Dependencies"]["blas"]["name"]
    if library != "scipy-openblas":  # what the wheels bring
        pytest.skip(f"NumPy was built with {library}")
    assert gemm_address(dtype) != numpy_gemm_address(dtype)
