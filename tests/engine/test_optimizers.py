import numpy as np
import pytest

from engine.optimizers import clip_entries, sgd


def test_clipping_is_by_entry_and_in_place():
    gradients = np.array([-7.0, -5.0, -0.5, 0.0, 4.999, 5.0, 1e300, np.inf, -np.inf])
    clip_entries(gradients, 5.0)
    assert gradients.tolist() == [-5.0, -5.0, -0.5, 0.0, 4.999, 5.0, 5.0, 5.0, -5.0]


def test_a_clip_of_infinity_changes_nothing():
    gradients = np.array([-1e300, 2.0])
    clip_entries(gradients, np.inf)
    assert gradients.tolist() == [-1e300, 2.0]


@pytest.mark.parametrize("seed", [0, 1])
def test_clipping_equals_numpy_s(seed):
    gradients = np.random.default_rng(seed).normal(scale=3, size=200)
    expected = np.clip(gradients, -2.5, 2.5)
    clip_entries(gradients, 2.5)
    np.testing.assert_array_equal(gradients, expected)


def test_sgd_steps_down_in_place():
    parameters, gradients = np.array([1.0, -2.0, 3.0]), np.array([10.0, -10.0, 0.0])
    sgd(parameters, gradients, 0.1)
    assert parameters == pytest.approx(np.array([0.0, -1.0, 3.0]))


def test_sgd_finds_the_bottom_of_a_bowl():
    bottom = np.array([3.0, -4.0])
    parameters = np.zeros(2)
    for _ in range(200):
        sgd(parameters, parameters - bottom, 0.1)
    assert parameters == pytest.approx(bottom, abs=1e-6)
