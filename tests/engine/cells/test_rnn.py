from types import SimpleNamespace

import numpy as np
import pytest

from engine.cells.rnn import RNNSteps, forward

N_X, N_A, T_MAX = 4, 3, 15
SHAPES = {"Wax": (N_A, N_X), "Waa": (N_A, N_A), "ba": (N_A,)}
NAMES = tuple(SHAPES)
STEP = 1e-5


def lying_as_required(name, array):
    return np.ascontiguousarray(array.T).T


@pytest.fixture
def make_cell():
    """Return a function that makes a cell below a loss L = sum of da * a, with da drawn."""

    def make(T_x, seed, starts_at_zero=False):
        random = np.random.default_rng((seed, T_x))
        p = {n: lying_as_required(n, random.normal(size=s)) for n, s in SHAPES.items()}
        d = {n: lying_as_required(n, np.full(array.shape, np.nan)) for n, array in p.items()}
        # Room for longer names, full of what an earlier one may have left.
        room = random.normal(size=(3, T_MAX + 1, N_A))
        steps = RNNSteps(*(p[n] for n in NAMES), *(d[n] for n in NAMES), room, T_x)
        a0 = np.zeros(N_A) if starts_at_zero else random.uniform(-1, 1, size=N_A)
        symbols = random.integers(0, N_X, size=T_x - 1)
        da = random.normal(size=(T_x, N_A))

        def forward():
            steps.a0[:] = a0
            return steps.forward(symbols)

        def backward():
            forward()
            steps.da[:] = da
            steps.backward(np.eye(N_X)[symbols])

        return SimpleNamespace(
            p=p,
            d=d,
            steps=steps,
            a0=a0,
            symbols=symbols,
            forward=forward,
            backward=backward,
            loss=lambda: float((da * forward()).sum()),
        )

    return make


def states_by_the_equation(cell):
    """a<t> = tanh(Wax x<t> + Waa a<t-1> + ba), letter by letter, x<1> = 0."""
    a = [cell.a0]
    for x in [np.zeros(N_X), *np.eye(N_X)[cell.symbols]]:
        a.append(np.tanh(cell.p["Wax"] @ x + cell.p["Waa"] @ a[-1] + cell.p["ba"]))
    return np.array(a[1:])


@pytest.mark.parametrize("T_x", [1, 2, 13, T_MAX])
@pytest.mark.parametrize("seed", [0, 1])
def test_forward_is_the_equation(make_cell, T_x, seed):
    cell = make_cell(T_x, seed)
    a = cell.forward()
    np.testing.assert_allclose(a, states_by_the_equation(cell), rtol=0, atol=1e-13)
    np.testing.assert_array_equal(cell.steps.a_last, a[-1])


@pytest.mark.parametrize("starts_at_zero", [True, False])
@pytest.mark.parametrize("T_x", [1, 2, 13])
@pytest.mark.parametrize("name", NAMES)
def test_backward_agrees_with_finite_differences(make_cell, name, T_x, starts_at_zero):
    cell = make_cell(T_x, seed=2, starts_at_zero=starts_at_zero)
    cell.backward()
    parameter, analytic = cell.p[name], cell.d[name].copy()
    for entry in np.ndindex(parameter.shape):
        value = parameter[entry]
        parameter[entry] = value + STEP
        above = cell.loss()
        parameter[entry] = value - STEP
        below = cell.loss()
        parameter[entry] = value
        numeric = (above - below) / (2 * STEP)
        assert analytic[entry] == pytest.approx(numeric, rel=1e-6, abs=1e-8), entry


def test_backward_overwrites_earlier_gradients(make_cell):
    cell = make_cell(13, seed=3)
    cell.backward()
    first = {name: gradient.copy() for name, gradient in cell.d.items()}
    cell.backward()
    for name in NAMES:
        np.testing.assert_array_equal(cell.d[name], first[name], err_msg=name)


@pytest.mark.parametrize("T_x", [1, 2, 13])
def test_a_batch_reads_as_its_names_one_by_one(make_cell, T_x):
    cell = make_cell(T_x, seed=4, starts_at_zero=True)
    batch = np.random.default_rng(4).integers(0, N_X, size=(T_x - 1, 5))
    U, rows = cell.p["Waa"].T, np.zeros((T_x, 5, N_A)) + cell.p["ba"]
    rows[1:] += cell.p["Wax"].T[batch]
    steps = tuple(slice(5 * t, 5 * t + 5) for t in range(T_x))
    a = forward(U, rows.reshape(-1, N_A), steps, (np.zeros((5, N_A)),)).a.reshape(T_x, 5, N_A)
    assert a.shape == (T_x, 5, N_A)
    for column in range(5):
        cell.symbols[:] = batch[:, column]
        np.testing.assert_allclose(a[:, column], cell.forward(), rtol=0, atol=1e-13)
