"""The ready-made lanes."""

import pytest

from engine.nn.cells import CELLS
from engine.racing.lane import Lane, check_lanes, titled
from engine.racing.lane_sets import LANE_SETS
from engine.training.settings import Hyperparameters, RunSettings


@pytest.mark.parametrize("base", [Lane(), Lane(Hyperparameters(0.1, optimizer="adamw", batch=32))])
@pytest.mark.parametrize("key", [key for key, each in LANE_SETS.items() if not each.only_to_tell])
def test_all_sets_can_race(key, base):
    lanes = titled(LANE_SETS[key].make(base, 27))
    check_lanes(lanes)
    assert len({lane.title for lane in lanes}) == len(lanes)


def test_cells_have_about_as_many_parameters_as_the_given_network():
    base = Lane(Hyperparameters(widths=(40,)), RunSettings(cell="gru"))
    wanted = base.architecture(27).n_parameters
    lanes = LANE_SETS["cells"].make(base, 27)
    assert [lane.settings.cell for lane in lanes] == list(CELLS)
    for lane in lanes:
        assert lane.architecture(27).n_parameters == pytest.approx(wanted, rel=0.03)
    assert base in lanes


def test_rates_and_widths_lie_around_the_given_ones():
    rates = LANE_SETS["rates"].make(Lane(), 27)
    assert [lane.hyperparameters.learning_rate for lane in rates] == [0.003, 0.01, 0.03]
    widths = LANE_SETS["widths"].make(Lane(Hyperparameters(widths=(64, 400))), 27)
    assert [lane.hyperparameters.widths for lane in widths] == [(32, 200), (64, 400), (128, 512)]


def test_lanes_that_a_bound_makes_equal_are_one():
    widths = LANE_SETS["widths"].make(Lane(Hyperparameters(widths=(512,))), 27)
    assert [lane.hyperparameters.widths for lane in widths] == [(256,), (512,)]


def test_optimizers_have_rates_of_their_own_that_follow_the_given_one():
    given = Lane(Hyperparameters(0.02))
    lanes = [lane.hyperparameters for lane in LANE_SETS["optimizers"].make(given, 27)]
    rates = {each.optimizer: each.learning_rate for each in lanes}
    assert rates == {"sgd": 0.02, "momentum": 0.002, "rmsprop": 0.01, "adam": 0.006}
    adam = Lane(Hyperparameters(0.003, optimizer="adam"))
    assert LANE_SETS["optimizers"].make(adam, 27)[0].hyperparameters.learning_rate == 0.01


@pytest.mark.parametrize(("cell", "width"), [("rnn", 4), ("lstm", 512)])
def test_cells_meet_where_all_of_them_can(cell, width):
    base = Lane(Hyperparameters(widths=(width,)), RunSettings(cell=cell))
    lanes = LANE_SETS["cells"].make(base, 27)
    counts = [lane.architecture(27).n_parameters for lane in lanes]
    if cell == "rnn":
        assert lanes[-1].hyperparameters.widths == (4,), "an LSTM cannot have fewer parameters"
    else:
        assert lanes[0].hyperparameters.widths == (512,), "an RNN cannot have more"
    assert max(counts) < 1.15 * min(counts)


@pytest.mark.parametrize("key", LANE_SETS)
def test_all_sets_can_race_to_tell_kinds(key):
    base = Lane(Hyperparameters(batch=8), RunSettings(task="tell"))
    lanes = titled(LANE_SETS[key].make(base, 27, 5))
    check_lanes(lanes)
    assert {lane.settings.task for lane in lanes} == {"tell"}


@pytest.mark.parametrize("both", [False, True])
@pytest.mark.parametrize("cell", CELLS)
def test_one_direction_and_two_have_about_as_many_parameters(cell, both):
    settings = RunSettings(cell=cell, task="tell", both_directions=both)
    base = Lane(Hyperparameters(widths=(64,)), settings)
    lanes = titled(LANE_SETS["directions"].make(base, 27, 18))
    one, two = lanes
    assert one.hyperparameters.widths == (64,)
    assert (one.settings.both_directions, two.settings.both_directions) == (False, True)
    counts = [lane.architecture(27, 18).n_parameters for lane in lanes]
    assert counts[1] == pytest.approx(counts[0], rel=0.03)
    assert "one direction" in one.title
    assert "both directions" in two.title


def test_a_network_that_writes_reads_in_one_direction_only():
    with pytest.raises(ValueError, match="cannot read letters that are not written yet"):
        LANE_SETS["directions"].make(Lane(), 27)


def test_cells_are_equal_with_the_biases_of_their_kinds():
    base = Lane(Hyperparameters(widths=(40,)), RunSettings(cell="gru"))
    wanted = base.architecture(27, 100).n_parameters
    assert wanted > base.architecture(27).n_parameters
    for lane in LANE_SETS["cells"].make(base, 27, 100):
        assert lane.architecture(27, 100).n_parameters == pytest.approx(wanted, rel=0.05)
