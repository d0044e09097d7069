"""Widths for a number of parameters, against formulas written out and a search of all widths."""

import pytest

from engine.nn.architecture import MAX_HIDDEN, MIN_HIDDEN, Architecture
from engine.racing.equal_parameters import at_equal_parameters, widths_near

GATES = {"rnn": 1, "gru": 3, "lstm": 4}


def count(cell, n_a, n_y):
    """Count W, U and b of each gate, and the output layer."""
    return GATES[cell] * n_a * (n_y + n_a + 1) + n_y * n_a + n_y


@pytest.mark.parametrize("cell", GATES)
@pytest.mark.parametrize("wanted", [1_000, 5_277, 17_000, 200_000])
def test_the_closest_width_is_found(cell, wanted):
    (found,) = widths_near(wanted, Architecture(27, cell))
    distances = {n: abs(count(cell, n, 27) - wanted) for n in range(MIN_HIDDEN, MAX_HIDDEN + 1)}
    assert distances[found] == min(distances.values())


def test_the_networks_of_the_dinosaurs_at_17_000_parameters(base):
    lanes = [base.changed(cell=cell) for cell in GATES]
    widths = [lane.hyperparameters.widths for lane in at_equal_parameters(lanes, 27, 17_000)]
    assert widths == [(106,), (59,), (50,)]


def test_several_layers_keep_their_proportions():
    first, second = widths_near(50_000, Architecture(27, "gru", (80, 40)))
    assert first / second == pytest.approx(2, abs=0.05)
    found = Architecture(27, "gru", (first, second)).n_parameters
    assert found == pytest.approx(50_000, rel=0.02)


@pytest.mark.parametrize("wanted", [100, 10**9])
def test_a_number_out_of_reach_is_refused(wanted):
    said = rf"A network of rnn cells in one layer has 263 to 290,331 parameters, got {wanted:,}\."
    with pytest.raises(ValueError, match=said):
        widths_near(wanted, Architecture(27))
