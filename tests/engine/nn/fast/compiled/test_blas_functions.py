"""The matrix products that kernels call."""

import itertools

import numpy as np
import pytest

from engine.nn.fast.compiled import blas_functions as module
from engine.nn.fast.compiled.blas_functions import BlasMissingError, blas_functions
from engine.nn.fast.compiled.kernel_store import (
    KernelCompilationError,
    compile_kernels,
    kernel_state,
)

LENGTHS = (7, 7, 4, 1)
"""Rows of each step: one row is another function than several."""


@pytest.fixture
def no_library(monkeypatch):
    """Let no library be found, as if nothing had been looked up before."""
    monkeypatch.setattr(module, "_libraries", lambda: iter(()))
    blas_functions.cache_clear()
    yield
    blas_functions.cache_clear()


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_products_of_parts_of_rows_are_those_of_numpy(compiled_kernels, dtype):
    """A GRU's two products read and write some columns of longer rows."""
    kernels, random, n, N = compiled_kernels.batches, np.random.default_rng(4), 5, sum(LENGTHS)

    def draw(*shape):
        return random.standard_normal(shape).astype(dtype)

    b, V, symbols, U, c0 = (
        draw(3 * n),
        draw(3, 3 * n),
        random.integers(-1, 3, N),
        draw(n, 3 * n),
        draw(7, n),
    )
    before, reset, c, gates = (np.empty((N, width), dtype) for width in (n, n, n, 3 * n))
    before[:7] = c0
    bounds = np.cumsum((0, *LENGTHS))
    x = kernels.Input(b, V, symbols)
    kernels.gru_forward(blas_functions(np.dtype(dtype)), x, U, gates, before, reset, c, bounds)

    state = c0
    for begin, end in itertools.pairwise(bounds):
        state = state[: end - begin]
        given = b + np.where(symbols[begin:end, None] < 0, 0, V[symbols[begin:end]])
        z = given[:, : 2 * n] + state @ U[:, : 2 * n]
        u, r = np.split(1 / (1 + np.exp(-z)), 2, axis=1)
        c_tilde = np.tanh(given[:, 2 * n :] + (r * state) @ U[:, 2 * n :])
        state = state + u * (c_tilde - state)
        tolerance = 1e-12 if dtype == np.float64 else 1e-5
        np.testing.assert_allclose(c[begin:end], state, rtol=tolerance, atol=tolerance)


def test_without_a_library_there_is_no_product(no_library):
    with pytest.raises(BlasMissingError, match="NumPy's matrix library has no function sgemm"):
        blas_functions(np.dtype(np.float32))


def test_without_a_library_nothing_is_compiled_and_the_state_says_why(
    no_library, monkeypatch, tmp_path
):
    monkeypatch.setenv("DINOGUI_KERNELS", str(tmp_path))
    with pytest.raises(KernelCompilationError, match="has no function dgemm"):
        compile_kernels()
    state = kernel_state()
    assert state.status == "broken"
    assert "has no function dgemm" in state.reason
