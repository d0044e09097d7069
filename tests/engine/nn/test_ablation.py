from dataclasses import replace

import numpy as np
import pytest

from engine.data.vocabulary import Vocabulary
from engine.insight import next_letters, states
from engine.nn.ablation import HiddenUnit, without_units
from engine.reference.gru import gru_cell_forward
from engine.reference.lstm import lstm_cell_forward
from engine.reference.rnn import rnn_cell_forward
from engine.training.messages import Snapshot

NETWORKS = pytest.mark.parametrize(
    ("cell", "widths", "embedding"),
    [
        ("rnn", (5,), None),
        ("rnn", (5, 4), 3),
        ("gru", (5,), None),
        ("gru", (5, 4), None),
        ("lstm", (5,), 3),
        ("lstm", (5, 4), None),
    ],
)
NAME = (3, 1, 4, 1, 5, 2, 0)


@pytest.fixture
def make_snapshot(make_parameters):
    """Return a function that makes a random network over END, a, ..., e."""

    def make(widths, **more):
        letters = Vocabulary.from_names("abcde")
        return Snapshot(3, make_parameters(6, widths, 1, **more).frozen_copy(), letters, None)

    return make


def probabilities_by_course(parameters, name, held):
    """Read a name with the course's cells, and set a<t> of some units to zero after each step.

    The cell state of an LSTM goes on as it is. `held` has layers and indices, both from 0.
    """
    step = {"rnn": rnn_cell_forward, "gru": gru_cell_forward, "lstm": lstm_cell_forward}
    cell, layers = parameters.architecture.cell, parameters.layers
    states_now = [[np.zeros((layer.n_a, 1))] * (2 if cell == "lstm" else 1) for layer in layers]
    letters = np.eye(len(parameters.by)) if parameters.E is None else parameters.E
    found = []
    for t in range(len(name)):
        x = letters[name[t - 1]][:, None] if t else np.zeros((letters.shape[1], 1))
        for place, layer in enumerate(layers):
            named = {key: array.reshape(len(array), -1) for key, array in layer.named.items()}
            # The output of the course's cell is not used: it knows nothing of units held at zero.
            for key in ("Wya", "Wy"):
                named[key] = np.zeros((1, layer.n_a))
            named["by"] = np.zeros((1, 1))
            after = step[cell](x, *states_now[place], named)
            states_now[place] = [array.copy() for array in after[: len(states_now[place])]]
            for index in (index for where, index in held if where == place):
                states_now[place][0][index] = 0.0
            x = states_now[place][0]
        z = (parameters.Wya @ x).ravel() + parameters.by
        found.append(np.exp(z) / np.exp(z).sum())
    return np.array(found)


@NETWORKS
def test_the_network_without_units_is_the_one_whose_units_are_set_to_zero_at_every_step(
    make_snapshot, cell, widths, embedding
):
    whole = make_snapshot(widths, cell=cell, embedding=embedding)
    held = {(0, 1), (0, 4), (len(widths) - 1, 2)}
    taken = whole.without(frozenset(HiddenUnit(place + 1, index) for place, index in held))
    expected = probabilities_by_course(whole.parameters, NAME, held)
    found = next_letters(taken, NAME).probabilities
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-13)
    assert np.abs(found - next_letters(whole, NAME).probabilities).max() > 1e-3


@NETWORKS
def test_the_states_of_such_a_unit_are_exactly_zero(make_snapshot, cell, widths, embedding):
    whole = make_snapshot(widths, cell=cell, embedding=embedding)
    taken = states(whole.without(frozenset({HiddenUnit(len(widths), 2)})), NAME).layers[-1]
    for key in {"a", "c"} & set(taken):
        assert (taken[key][:, 2] == 0.0).all()
        assert (np.delete(taken[key], 2, axis=1) != 0.0).all()


@NETWORKS
def test_it_is_the_same_to_take_away_only_what_reads_the_unit(
    make_snapshot, cell, widths, embedding
):
    whole = make_snapshot(widths, cell=cell, embedding=embedding)
    taken = whole.without(frozenset({HiddenUnit(1, 3)}))
    unread = whole.parameters.copy()
    unread.layers[0].U[3] = 0.0
    if len(widths) == 1:
        unread.Wya[:, 3] = 0.0
    else:
        unread.layers[1].V[3] = 0.0
    expected = next_letters(replace(whole, parameters=unread.frozen_copy()), NAME)
    found = next_letters(taken, NAME)
    np.testing.assert_allclose(found.probabilities, expected.probabilities, rtol=0, atol=1e-13)


def test_the_network_itself_does_not_change(make_snapshot):
    whole = make_snapshot((5,), cell="gru")
    before = whole.parameters.flat.copy()
    taken = whole.without(frozenset({HiddenUnit(1, 0)}))
    np.testing.assert_array_equal(whole.parameters.flat, before)
    assert (taken.units_off, whole.units_off) == ({HiddenUnit(1, 0)}, frozenset())
    assert taken.parameters.architecture == whole.parameters.architecture
    assert not taken.parameters.flat.flags.writeable
    assert whole.without(frozenset()) is whole


@pytest.mark.parametrize("unit", [HiddenUnit(0, 0), HiddenUnit(2, 0), HiddenUnit(1, 5)])
def test_a_unit_that_is_not_there_is_refused(make_parameters, unit):
    with pytest.raises(ValueError, match="has no unit"):
        without_units(make_parameters(6, (5,), 1), [unit])
