import math

import numpy as np
import pytest

from engine.nn.optimizers import OPTIMIZERS, Optimizer, clip_entries, clip_norm


def test_clipping_is_by_entry_and_in_place():
    gradients = np.array([-7.0, -5.0, -0.5, 0.0, 4.999, 5.0, 1e300, np.inf, -np.inf])
    clip_entries(gradients, 5.0)
    assert gradients.tolist() == [-5.0, -5.0, -0.5, 0.0, 4.999, 5.0, 5.0, 5.0, -5.0]


def test_a_clip_of_infinity_changes_nothing():
    gradients = np.array([-1e300, 2.0])
    clip_entries(gradients, np.inf)
    assert gradients.tolist() == [-1e300, 2.0]


@pytest.mark.parametrize("seed", [0, 1])
def test_clipping_equals_that_of_numpy(seed):
    gradients = np.random.default_rng(seed).normal(scale=3, size=200)
    expected = np.clip(gradients, -2.5, 2.5)
    clip_entries(gradients, 2.5)
    np.testing.assert_array_equal(gradients, expected)


def test_sgd_steps_down_in_place():
    parameters, gradients = np.array([1.0, -2.0, 3.0]), np.array([10.0, -10.0, 0.0])
    OPTIMIZERS["sgd"](parameters).step(parameters, gradients, 0.1)
    assert parameters == pytest.approx(np.array([0.0, -1.0, 3.0]))


def test_sgd_finds_the_minimum_of_a_quadratic():
    bottom = np.array([3.0, -4.0])
    parameters = np.zeros(2)
    sgd = OPTIMIZERS["sgd"](parameters)
    for _ in range(200):
        sgd.step(parameters, parameters - bottom, 0.1)
    assert parameters == pytest.approx(bottom, abs=1e-6)


# Every rule is compared with an independent one for a single number in plain Python.


def sgd(memory, g):
    return g


def momentum(memory, g):
    memory["v"] = 0.9 * memory.get("v", 0.0) + g
    return memory["v"]


def rmsprop(memory, g):
    memory["s"] = 0.9 * memory.get("s", 0.0) + 0.1 * g**2
    return g / (math.sqrt(memory["s"]) + 1e-8)


def adagrad(memory, g):
    memory["s"] = memory.get("s", 0.0) + g**2
    return g / (math.sqrt(memory["s"]) + 1e-8)


def adam(memory, g):
    t = memory["t"] = memory.get("t", 0) + 1
    memory["v"] = 0.9 * memory.get("v", 0.0) + 0.1 * g
    memory["s"] = 0.999 * memory.get("s", 0.0) + 0.001 * g**2
    v, s = memory["v"] / (1 - 0.9**t), memory["s"] / (1 - 0.999**t)
    return v / (math.sqrt(s) + 1e-8)


RULES = {"sgd": sgd, "momentum": momentum, "rmsprop": rmsprop, "adagrad": adagrad, "adam": adam}
RULES["adamw"] = adam


def by_the_rule(name, value, gradients, rates, l2):
    """Return the value after each step."""
    memory, values = {}, []
    for g, rate in zip(gradients, rates, strict=True):
        if name == "adamw":
            value = value - rate * l2 * value - rate * adam(memory, g)
        else:
            value = value - rate * RULES[name](memory, g + l2 * value)
        values.append(value)
    return values


def test_every_optimizer_is_tested_against_its_rule():
    assert RULES.keys() == OPTIMIZERS.keys()


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("l2", [0.0, 0.3])
@pytest.mark.parametrize("name", RULES)
def test_ten_steps_follow_the_rule(name, l2, dtype):
    random = np.random.default_rng(1)
    parameters = random.normal(size=7).astype(dtype)
    parameters[2] = 0.0
    gradients = random.normal(size=(10, 7)).astype(dtype)
    gradients[:, 1] = 0.0  # nothing to learn
    gradients[:, 3] *= 1e4
    gradients[:, 4] *= 1e-4
    rates = np.linspace(0.01, 0.1, 10)
    expected = [
        by_the_rule(name, float(parameters[i]), gradients[:, i].astype(float), rates, l2)
        for i in range(7)
    ]
    optimizer = OPTIMIZERS[name](parameters)
    tolerance = 1e-12 if dtype == "float64" else 2e-5
    for t in range(10):
        optimizer.step(parameters, gradients[t].copy(), rates[t], l2)
        wanted = np.array([values[t] for values in expected])
        np.testing.assert_allclose(parameters, wanted, rtol=tolerance, atol=tolerance)
    assert optimizer.steps == 10
    assert parameters.dtype == dtype
    assert all(moment.dtype == dtype for moment in optimizer.moments)


def test_the_first_step_of_adam_is_the_learning_rate_for_any_gradient():
    parameters = np.zeros(3)
    OPTIMIZERS["adam"](parameters).step(parameters, np.array([1e-3, -5.0, 1e6]), 0.1)
    np.testing.assert_allclose(parameters, [-0.1, 0.1, -0.1], rtol=1e-4)


def test_adamw_decays_in_proportion_to_the_parameter_and_adam_by_its_sign():
    start = np.array([1.0, 10.0])
    ends = {}
    for name in ("adam", "adamw"):
        parameters = ends[name] = start.copy()
        OPTIMIZERS[name](parameters).step(parameters, np.zeros(2), 0.1, 0.01)
    np.testing.assert_allclose(ends["adamw"], start * (1 - 0.1 * 0.01), rtol=1e-12)
    np.testing.assert_allclose(ends["adam"], start - 0.1, rtol=1e-5)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_without_l2_adamw_equals_adam(name):
    parameters = np.array([3.0, -3.0])
    OPTIMIZERS[name](parameters).step(parameters, np.zeros(2), 0.1)
    assert parameters.tolist() == [3.0, -3.0]


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_every_optimizer_finds_the_minimum_of_a_quadratic(name):
    bottom, parameters = np.array([3.0, -4.0]), np.zeros(2)
    optimizer: Optimizer = OPTIMIZERS[name](parameters)
    rate = 1.0 if name == "adagrad" else 0.02
    for _ in range(1_500):
        optimizer.step(parameters, parameters - bottom, rate)
    np.testing.assert_allclose(parameters, bottom, atol=0.05)


# Clipping by the norm.


@pytest.mark.parametrize("clip", [0.01, 1.0, 4.999])
def test_a_long_gradient_is_scaled_down_to_the_norm(clip):
    gradients = np.array([3.0, 0.0, -4.0])
    clip_norm(gradients, clip)
    np.testing.assert_allclose(gradients, np.array([0.6, 0.0, -0.8]) * clip, rtol=1e-12)


@pytest.mark.parametrize("clip", [5.0, 5.1, np.inf])
def test_a_short_gradient_is_not_changed(clip):
    gradients = np.array([3.0, 0.0, -4.0])
    clip_norm(gradients, clip)
    assert gradients.tolist() == [3.0, 0.0, -4.0]


def test_a_zero_gradient_stays_zero():
    gradients = np.zeros(3)
    clip_norm(gradients, 1.0)
    assert gradients.tolist() == [0.0, 0.0, 0.0]


# Titles and descriptions.


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_every_optimizer_has_a_title_an_equation_and_its_source(name):
    rule = OPTIMIZERS[name]
    assert rule.TITLE.lower() == name
    assert rule.EQUATION.format(W="Waa").startswith("Waa − α")
    assert "https://" in rule.__doc__
