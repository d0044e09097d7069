import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from engine.nn.functions import log_softmax, softmax

logits = hnp.arrays(
    float,
    hnp.array_shapes(min_dims=2, max_dims=3, max_side=5),
    elements=st.floats(-1e300, 1e300, allow_subnormal=False),
)
modest_rows = st.lists(st.floats(-30, 30), min_size=1, max_size=8)


@given(logits, st.sampled_from([-1, 0]))
def test_softmax_is_a_distribution_however_large_the_logits(z, axis):
    y_hat = softmax(z, axis=axis)
    assert y_hat.shape == z.shape
    assert (y_hat >= 0).all()
    assert y_hat.sum(axis=axis) == pytest.approx(np.ones_like(y_hat.sum(axis=axis)))


@given(modest_rows)
def test_softmax_equals_its_formula(row):
    powers = [math.exp(z) for z in row]
    expected = [power / math.fsum(powers) for power in powers]
    assert softmax(np.array(row)) == pytest.approx(expected, rel=1e-12)


@given(modest_rows)
def test_log_softmax_is_the_logarithm_of_softmax(row):
    z = np.array(row)
    assert log_softmax(z) == pytest.approx(np.log(softmax(z)), rel=1e-10, abs=1e-12)


@given(logits, st.sampled_from([-1, 0]))
def test_log_softmax_is_finite_and_never_above_zero(z, axis):
    log_y_hat = log_softmax(z, axis=axis)
    assert np.isfinite(log_y_hat).all()
    assert (log_y_hat <= 0).all()


@pytest.mark.parametrize("shift", [-740.0, -1e5, 740.0, 1e5])
def test_softmax_is_invariant_to_a_shift(shift):
    z = np.array([[0.5, -1.0, 2.0]])
    np.testing.assert_allclose(softmax(z + shift), softmax(z), rtol=1e-9)
    np.testing.assert_allclose(log_softmax(z + shift), log_softmax(z), rtol=1e-9)


def test_log_softmax_keeps_what_softmax_rounds_to_zero():
    assert softmax(np.array([0.0, -2000.0]))[1] == 0.0
    assert log_softmax(np.array([0.0, -2000.0]))[1] == pytest.approx(-2000.0)
