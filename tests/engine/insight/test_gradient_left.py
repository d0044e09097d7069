"""The share of a gradient that is left: against the gradient flow of each piece alone."""

import math

import numpy as np
import pytest

from engine.insight import flow
from engine.insight.gradient_left import gradient_left
from engine.nn.packing import NO_SYMBOL


def alone(snapshot, piece, first=None):
    """Return the share of one piece, by the function that finite differences have checked."""
    norm = flow(snapshot, piece, first=first).layers[0].da_of_last.norm
    return norm[0] / norm[-1]


@pytest.mark.parametrize("cell", ["rnn", "gru", "lstm"])
@pytest.mark.parametrize("widths", [(5,), (5, 3)], ids=str)
@pytest.mark.parametrize("embedding", [None, 3], ids=["one-hot", "embedded"])
def test_it_is_the_geometric_mean_over_the_pieces(make_snapshot, cell, widths, embedding):
    snapshot = make_snapshot(widths, cell=cell, embedding=embedding)
    pieces = np.array([[3, 1, 4, 1], [2, 2, 1, 0], [4, 3, 3, 2]])
    inputs = np.hstack((np.full((3, 1), NO_SYMBOL), pieces[:, :-1]))
    shares = [alone(snapshot, piece) for piece in pieces]
    found = gradient_left(snapshot.parameters, inputs, pieces[:, -1])
    assert found == pytest.approx(math.prod(shares) ** (1 / 3), rel=1e-9)
    found = gradient_left(snapshot.parameters, pieces[:, :-1], pieces[:, -1])
    shares = [alone(snapshot, piece[1:], first=piece[0]) for piece in pieces]
    assert found == pytest.approx(math.prod(shares) ** (1 / 3), rel=1e-9)


def test_a_known_case(make_snapshot):
    # Without bias and with small states, da<t-1> = Waa^T da<t> nearly; here Waa is 1/2.
    parameters = make_snapshot((4,), cell="rnn").parameters.copy()
    layer = parameters.layers[0]
    parameters.flat[:] *= 1e-6
    layer.U[:] = 0.5 * np.eye(4)
    parameters.Wya[:] = np.random.default_rng(0).standard_normal(parameters.Wya.shape)
    inputs = np.zeros((2, 6), int)
    assert gradient_left(parameters, inputs, [1, 2]) == pytest.approx(0.5**5, rel=1e-6)


def test_parameters_that_are_not_finite_give_nan(make_snapshot):
    parameters = make_snapshot((4,), cell="gru").parameters.copy()
    parameters.flat[:] = np.nan
    assert math.isnan(gradient_left(parameters, np.zeros((1, 3), int), [1]))


def test_a_gradient_that_has_vanished_is_zero(make_snapshot):
    parameters = make_snapshot((4,), cell="rnn").parameters.copy()
    parameters.layers[0].U[:] = 0.0
    assert gradient_left(parameters, np.zeros((2, 3), int), [1, 2]) == 0.0
