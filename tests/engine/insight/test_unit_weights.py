import numpy as np
import pytest

from engine.insight import next_letters, states, unit_weights
from engine.nn.ablation import HiddenUnit

CELLS = pytest.mark.parametrize("cell", ["rnn", "gru", "lstm"])


@CELLS
@pytest.mark.parametrize("embedding", [None, 3])
def test_incoming_weights_are_what_each_symbol_adds_to_the_candidate(
    make_snapshot, cell, embedding
):
    snapshot = make_snapshot((5,), cell=cell, embedding=embedding)
    found = unit_weights(snapshot, HiddenUnit(1, 2))
    key = "a" if cell == "rnn" else "c_tilde"
    # The first symbol of a text is read from a zero state: the candidate is tanh(Wx + b).
    after = np.array(
        [states(snapshot, [1], first=k).layers[0][key][0, 2] for k in range(len(found.incoming))]
    )
    bias = snapshot.parameters.named["ba" if cell == "rnn" else "bc"][2]
    np.testing.assert_allclose(found.incoming, np.arctanh(after) - bias, atol=1e-10)
    assert found.reads_symbols


@CELLS
def test_outgoing_weights_are_what_the_unit_adds_to_each_logit(make_snapshot, cell):
    snapshot = make_snapshot((5, 4), cell=cell)
    unit = HiddenUnit(2, 1)
    found = unit_weights(snapshot, unit)
    name = [2, 3, 1]
    with_it = next_letters(snapshot, name).probabilities[0]
    without = next_letters(snapshot.without(frozenset({unit})), name).probabilities[0]
    state = states(snapshot, name).layers[1]["a"][0, 1]
    added = np.log(with_it) - np.log(without)
    expected = found.outgoing * state
    np.testing.assert_allclose(added - added[0], expected - expected[0], atol=1e-12)
    assert found.predicts_symbols
    assert not found.reads_symbols


def test_between_layers_the_weights_are_those_of_units(make_snapshot):
    snapshot = make_snapshot((5, 4))
    named = snapshot.parameters.named
    below, above = (unit_weights(snapshot, HiddenUnit(layer, 3)) for layer in (1, 2))
    np.testing.assert_array_equal(below.outgoing, named["2.Wax"][:, 3])
    np.testing.assert_array_equal(above.incoming, named["2.Wax"][3])
    assert (below.predicts_symbols, above.reads_symbols) == (False, False)


def test_a_unit_that_is_not_there_is_refused(make_snapshot):
    with pytest.raises(ValueError, match="has no unit 5"):
        unit_weights(make_snapshot(), HiddenUnit(1, 5))
