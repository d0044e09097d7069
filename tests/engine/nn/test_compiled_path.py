"""The compiled path against the NumPy step. Its gradients are tested in `test_fast_path`."""

import math

import numpy as np
import pytest

from engine.data.vocabulary import EncodedNames
from engine.nn.compiled_path import CompiledPath
from engine.nn.fast_path import FastPath
from engine.nn.optimizers import OPTIMIZERS, SGD, clip_entries, clip_norm

CELLS = pytest.mark.parametrize("cell", ["rnn", "gru", "lstm"])
LOST = 1e12


def names_of(*names, kinds=None):
    bounds = np.cumsum([0, *map(len, names)])
    return EncodedNames(np.concatenate(names), bounds, kinds)


def learn(path, order, optimizer, rate=0.0, clip=None, clipping="entries", l2=0.0, a0=None):
    rates = np.full(len(order), float(rate))
    order = np.array(order, np.int64)
    return path.learn(order, rates, optimizer, clip, clipping, l2, a0, LOST)


def loss_and_gradients(parameters, Y, a0=None):
    """Read the gradients from what a step of rate 1 changes."""
    before = parameters.flat.copy()
    path = CompiledPath(parameters, names_of(Y))
    (loss,) = learn(path, [0], SGD(parameters.flat), rate=1.0, a0=a0)
    gradients = type(parameters)(parameters.architecture, before - parameters.flat)
    parameters.flat[:] = before
    return loss, gradients


@pytest.mark.parametrize("n_kinds", [0, 3])
@pytest.mark.parametrize("length", [1, 2, 13])
@CELLS
def test_equals_the_numpy_step(
    compiled_kernels, make_parameters, random_name, cell, length, n_kinds
):
    parameters = make_parameters(27, 23, seed=3, scale=0.3, cell=cell, n_kinds=n_kinds)
    Y = random_name(27, length, seed=3)
    single = FastPath(parameters)
    expected = single.loss_and_gradients(Y, kind=1 if n_kinds else None)
    before = parameters.flat.copy()
    path = CompiledPath(parameters, names_of(Y, kinds=np.array([1]) if n_kinds else None))
    (loss,) = learn(path, [0], SGD(parameters.flat), rate=1.0)
    assert loss == pytest.approx(expected, rel=1e-10)
    np.testing.assert_allclose(
        before - parameters.flat, single.gradients.flat, rtol=1e-10, atol=1e-10
    )


@CELLS
def test_equals_the_numpy_step_over_2000_steps(
    compiled_kernels, make_parameters, random_name, cell
):
    parameters = make_parameters(27, 20, seed=4, scale=0.2, cell=cell)
    compiled, random = parameters.copy(), np.random.default_rng(4)
    names = [random_name(27, int(length), seed=4) for length in random.integers(2, 14, 60)]
    order = random.integers(0, len(names), 2_000)
    single, expected = FastPath(parameters), []
    for name in order:
        expected.append(single.loss_and_gradients(names[name]))
        single.clip_entries(1.0)
        parameters.flat -= 0.01 * single.gradients.flat
    losses = learn(
        CompiledPath(compiled, names_of(*names)), order, SGD(compiled.flat), rate=0.01, clip=1.0
    )
    np.testing.assert_allclose(losses, expected, rtol=1e-9)
    np.testing.assert_allclose(compiled.flat, parameters.flat, rtol=0, atol=1e-9)


@pytest.mark.parametrize("clipping", ["entries", "norm", None])
@pytest.mark.parametrize("l2", [0.0, 0.01])
@pytest.mark.parametrize("name", OPTIMIZERS)
def test_optimizers_equal_those_of_numpy(
    compiled_kernels, make_parameters, random_name, name, l2, clipping
):
    parameters = make_parameters(9, 7, seed=5, scale=0.3)
    compiled = parameters.copy()
    names = [random_name(9, length, seed=5) for length in (3, 8, 5)]
    order, clip = [0, 1, 2, 1, 0, 2] * 5, None if clipping is None else 0.5
    single, by_numpy = FastPath(parameters), OPTIMIZERS[name](parameters.flat)
    for place in order:
        single.loss_and_gradients(names[place])
        if clip is not None:
            (clip_norm if clipping == "norm" else clip_entries)(single.gradients.flat, clip)
        by_numpy.step(parameters.flat, single.gradients.flat, 0.01, l2)
    optimizer = OPTIMIZERS[name](compiled.flat)
    learn(
        CompiledPath(compiled, names_of(*names)),
        *(order, optimizer, 0.01, clip, clipping or "entries", l2),
    )
    assert optimizer.steps == by_numpy.steps == len(order)
    np.testing.assert_allclose(compiled.flat, parameters.flat, rtol=0, atol=1e-11)
    for moment, expected in zip(optimizer.moments, by_numpy.moments, strict=True):
        np.testing.assert_allclose(moment, expected, rtol=0, atol=1e-11)


@CELLS
def test_a_loss_that_is_no_number_ends_the_chunk(
    compiled_kernels, make_parameters, random_name, cell
):
    parameters = make_parameters(5, 6, seed=6, cell=cell)
    names = names_of(random_name(5, 4, seed=6), random_name(5, 7, seed=7))
    path = CompiledPath(parameters, names)
    parameters.by[2] = math.nan
    losses = learn(path, [0, 1, 0], SGD(parameters.flat), rate=0.1)
    assert len(losses) == 1
    assert math.isnan(losses[0])


@CELLS
def test_huge_parameters_give_the_loss_of_the_numpy_step(
    compiled_kernels, make_parameters, random_name, cell
):
    parameters = make_parameters(5, 6, seed=8, cell=cell, scale=1e3)
    Y = random_name(5, 9, seed=8)
    with np.errstate(all="ignore"):
        expected = FastPath(parameters).loss_and_gradients(Y)
    (loss,) = learn(CompiledPath(parameters, names_of(Y)), [0], SGD(parameters.flat))
    assert loss == pytest.approx(expected, rel=1e-10)
