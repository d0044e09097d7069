"""The steps of each cell, compared with its equations and with finite differences."""

from types import SimpleNamespace

import numpy as np
import pytest

from engine.nn.cells import CELLS

N_X, N_A, T_MAX = 4, 3, 15
STEP = 1e-5

pytestmark = pytest.mark.parametrize("cell", CELLS)


@pytest.fixture
def make_steps():
    """Return a function that makes a cell with a loss L = sum of da * a, for random da."""

    def make(cell, T_x, seed, starts_at_zero=False):
        random, module = np.random.default_rng((seed, T_x)), CELLS[cell]
        block = random.normal(size=(N_A + N_X + 1, len(module.GATES) * N_A))
        d_block = np.full_like(block, np.nan)
        buffers = module.STEPS.make_buffers(N_A, T_MAX)
        for array in buffers:  # with the remains of a longer name
            array[:] = random.normal(size=array.shape)
        steps = module.STEPS(block, d_block, buffers, T_x)
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
            block=block,
            d_block=d_block,
            named=module.views(block[:-1], block[-1]),
            steps=steps,
            a0=a0,
            symbols=symbols,
            forward=forward,
            backward=backward,
            loss=lambda: float((da * forward()).sum()),
        )

    return make


def sigmoid(z):
    return 1.0 / (1.0 + np.exp(-z))


def rnn(p, a, x, memory):
    return np.tanh(p["Wax"] @ x + p["Waa"] @ a + p["ba"]), memory


def gru(p, a, x, memory):
    inputs = np.concatenate((a, x))
    u, r = (sigmoid(p[f"W{gate}"] @ inputs + p[f"b{gate}"]) for gate in "ur")
    c_tilde = np.tanh(p["Wc"] @ np.concatenate((r * a, x)) + p["bc"])
    return u * c_tilde + (1 - u) * a, memory


def lstm(p, a, x, memory):
    inputs = np.concatenate((a, x))
    f, i, o = (sigmoid(p[f"W{gate}"] @ inputs + p[f"b{gate}"]) for gate in "fio")
    memory = f * memory + i * np.tanh(p["Wc"] @ inputs + p["bc"])
    return o * np.tanh(memory), memory


EQUATIONS = {"rnn": rnn, "gru": gru, "lstm": lstm}


def states_by_the_equations(cell, made):
    """Return the states letter by letter, from x<1> = 0 and, for an LSTM, c<0> = 0."""
    states, memory = [made.a0], np.zeros(N_A)
    for x in [np.zeros(N_X), *np.eye(N_X)[made.symbols]]:
        a, memory = EQUATIONS[cell](made.named, states[-1], x, memory)
        states.append(a)
    return np.array(states[1:])


@pytest.mark.parametrize("T_x", [1, 2, 13, T_MAX])
@pytest.mark.parametrize("seed", [0, 1])
def test_forward_equals_the_equation(make_steps, cell, T_x, seed):
    made = make_steps(cell, T_x, seed)
    a = made.forward()
    np.testing.assert_allclose(a, states_by_the_equations(cell, made), rtol=0, atol=1e-13)
    np.testing.assert_array_equal(made.steps.a_last, a[-1])


@pytest.mark.parametrize("starts_at_zero", [True, False])
@pytest.mark.parametrize("T_x", [1, 2, 13])
def test_backward_agrees_with_finite_differences(make_steps, cell, T_x, starts_at_zero):
    made = make_steps(cell, T_x, seed=2, starts_at_zero=starts_at_zero)
    made.backward()
    analytic = made.d_block.copy()
    for entry in np.ndindex(made.block.shape):
        value = made.block[entry]
        made.block[entry] = value + STEP
        above = made.loss()
        made.block[entry] = value - STEP
        below = made.loss()
        made.block[entry] = value
        numeric = (above - below) / (2 * STEP)
        assert analytic[entry] == pytest.approx(numeric, rel=1e-6, abs=1e-8), entry


def test_backward_overwrites_earlier_gradients(make_steps, cell):
    made = make_steps(cell, 13, seed=3)
    made.backward()
    first = made.d_block.copy()
    made.backward()
    np.testing.assert_array_equal(made.d_block, first)


def test_the_bound_is_a_bound(make_steps, cell):
    for seed in range(20):
        made = make_steps(cell, 13, seed)
        made.backward()
        assert np.abs(made.d_block).max() <= made.steps.bound() * (1 + 1e-12), seed


@pytest.mark.parametrize("T_x", [1, 2, 13])
def test_a_batch_gives_the_same_as_its_names_one_by_one(make_steps, cell, T_x):
    made, module = make_steps(cell, T_x, seed=4, starts_at_zero=True), CELLS[cell]
    batch = np.random.default_rng(4).integers(0, N_X, size=(T_x - 1, 5))
    U, V, b = made.block[:N_A], made.block[N_A:-1], made.block[-1]
    rows = np.zeros((T_x, 5, len(b))) + b
    rows[1:] += V[batch]
    steps = tuple(slice(5 * t, 5 * t + 5) for t in range(T_x))
    state = tuple(np.zeros((5, N_A)) for _ in module.STATES)
    a = module.forward(U, rows.reshape(-1, len(b)), steps, state).a.reshape(T_x, 5, N_A)
    for column in range(5):
        made.symbols[:] = batch[:, column]
        np.testing.assert_allclose(a[:, column], made.forward(), rtol=0, atol=1e-13)
