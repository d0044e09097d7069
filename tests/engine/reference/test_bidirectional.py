import numpy as np
import pytest

from engine.reference.bidirectional import birnn_backward, birnn_forward
from engine.reference.gru import gru_forward
from engine.reference.lstm import lstm_forward
from engine.reference.rnn import rnn_forward

N_A = 2
CELLS = {
    "rnn": {"Wax": (N_A, 3), "Waa": (N_A, N_A), "ba": (N_A, 1)},
    "lstm": {**{"W" + g: (N_A, N_A + 3) for g in "fico"}, **{"b" + g: (N_A, 1) for g in "fico"}},
    "gru": {**{"W" + g: (N_A, N_A + 3) for g in "urc"}, **{"b" + g: (N_A, 1) for g in "urc"}},
}
STATES = {"rnn": rnn_forward, "lstm": lstm_forward, "gru": gru_forward}

each_cell = pytest.mark.parametrize("cell", CELLS)


@pytest.fixture
def make(draw):
    """Return a function that draws the arguments of a sequence."""

    def arguments(cell, seed, m, T_x):
        return {
            **draw(seed + 100, x=(3, m, T_x), a0_forward=(N_A, m), a0_backward=(N_A, m)),
            "parameters": {
                "forward": draw(seed, **CELLS[cell]),
                "backward": draw(seed + 300, **CELLS[cell]),
                **draw(seed + 400, Wy=(5, 2 * N_A), by=(5, 1)),
            },
            "cell": cell,
        }

    return arguments


# Forward.


@each_cell
@pytest.mark.parametrize(("seed", "m", "T_x"), [(0, 1, 1), (1, 3, 2), (2, 2, 5)])
def test_equals_a_run_each_way(make, cell, seed, m, T_x):
    arguments = make(cell, seed, m, T_x)
    parameters = arguments["parameters"]
    a, y_pred, _ = birnn_forward(**arguments)
    assert (a.shape, y_pred.shape) == ((2 * N_A, m, T_x), (5, m, T_x))
    some_output = {"Wy": np.ones((1, N_A)), "Wya": np.ones((1, N_A)), "by": np.ones((1, 1))}
    x_from_the_end = np.flip(arguments["x"], axis=2)
    left, *_ = STATES[cell](
        arguments["x"], arguments["a0_forward"], parameters["forward"] | some_output
    )
    right, *_ = STATES[cell](
        x_from_the_end, arguments["a0_backward"], parameters["backward"] | some_output
    )
    for t in range(T_x):
        joined = np.vstack((left[:, :, t], right[:, :, T_x - 1 - t]))
        np.testing.assert_allclose(a[:, :, t], joined, rtol=1e-12)
        powers = np.exp(parameters["Wy"] @ joined + parameters["by"])
        np.testing.assert_allclose(y_pred[:, :, t], powers / powers.sum(axis=0), rtol=1e-12)


@each_cell
def test_each_direction_sees_its_own_side(make, cell):
    arguments = make(cell, seed=3, m=1, T_x=4)
    before, _, _ = birnn_forward(**arguments)
    arguments["x"][:, :, 2] += 1
    after, _, _ = birnn_forward(**arguments)
    changed = (before != after).all(axis=1)
    assert changed[:N_A].tolist() == [[False, False, True, True]] * N_A
    assert changed[N_A:].tolist() == [[True, True, True, False]] * N_A


def test_the_cell_of_the_course_s_first_assignment_is_the_default(make):
    arguments = make("rnn", seed=4, m=2, T_x=3)
    expected, _, _ = birnn_forward(**arguments)
    del arguments["cell"]
    np.testing.assert_array_equal(birnn_forward(**arguments)[0], expected)


@each_cell
def test_caches(make, cell):
    arguments = make(cell, seed=5, m=2, T_x=3)
    a, _, (forward, backward, of_cell) = birnn_forward(**arguments)
    assert of_cell == cell
    np.testing.assert_array_equal(forward[1], arguments["x"])
    np.testing.assert_array_equal(backward[1], arguments["x"][:, :, ::-1])
    for t in range(3):
        np.testing.assert_array_equal(forward[0][t][0], a[:N_A, :, t])
        np.testing.assert_array_equal(backward[0][t][0], a[N_A:, :, 2 - t])


# Gradients.


@each_cell
@pytest.mark.parametrize(
    ("seed", "m", "T_x", "T"), [(0, 1, 1, 1), (1, 3, 2, 2), (2, 2, 4, 4), (3, 1, 4, 2)]
)
def test_gradients_agree_with_finite_differences(
    make, draw, assert_is_gradient, cell, seed, m, T_x, T
):
    arguments = make(cell, seed, m, T_x)
    da = draw(seed + 200, da=(2 * N_A, m, T))["da"]
    kept = da.copy()
    gradients = birnn_backward(da, birnn_forward(**arguments)[2])
    np.testing.assert_array_equal(da, kept)
    assert set(gradients) == {"dx", "da0_forward", "da0_backward", "forward", "backward"}

    def loss():
        return np.sum(da * birnn_forward(**arguments)[0][:, :, :T])

    for name in ("x", "a0_forward", "a0_backward"):
        assert_is_gradient("d" + name, gradients["d" + name], arguments[name], loss)
    for direction in ("forward", "backward"):
        of_it = dict(gradients[direction])
        if cell == "lstm":
            assert of_it.pop("dc_prev").shape == (N_A, m)
        assert set(of_it) == {"d" + name for name in CELLS[cell]}
        for name, array in arguments["parameters"][direction].items():
            assert_is_gradient(f"{direction} d{name}", of_it["d" + name], array, loss)


# What does not fit.


@each_cell
@pytest.mark.parametrize(
    ("name", "shape"),
    [
        ("x", (4, 2, 3)),
        ("x", (3, 2)),
        ("x", (3, 1, 3)),
        ("a0_forward", (N_A + 1, 2)),
        ("a0_backward", (N_A, 1)),
        ("Wy", (5, N_A)),
        ("by", (5,)),
    ],
)
def test_forward_refuses(make, assert_refuses, cell, name, shape):
    assert_refuses(birnn_forward, make(cell, seed=0, m=2, T_x=3), name, shape)


@each_cell
@pytest.mark.parametrize("direction", ["forward", "backward"])
def test_forward_refuses_a_direction(make, cell, direction):
    arguments = make(cell, seed=0, m=2, T_x=3)
    name = next(iter(CELLS[cell]))
    arguments["parameters"][direction][name] = np.ones((N_A + 1, 3))
    with pytest.raises(ValueError, match=rf"^{name} must .* got \(3, 3\)"):
        birnn_forward(**arguments)


def test_forward_refuses_an_unknown_cell(make):
    arguments = make("rnn", seed=0, m=2, T_x=3) | {"cell": "mgu"}
    with pytest.raises(ValueError, match=r"^cell must be one of rnn, lstm, gru, got 'mgu'\.$"):
        birnn_forward(**arguments)


@each_cell
def test_backward_refuses(make, cell):
    caches = birnn_forward(**make(cell, seed=0, m=2, T_x=3))[2]
    for shape in ((N_A, 2, 3), (2 * N_A, 1, 3), (2 * N_A, 2, 4), (2 * N_A, 2)):
        with pytest.raises(ValueError, match=r"^da must .*n_a = 2"):
            birnn_backward(np.ones(shape), caches)
