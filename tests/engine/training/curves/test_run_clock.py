import numpy as np
import pytest

from engine.storage.validated_mapping import ValidatedMapping
from engine.training.curves.axis_quantity import AxisQuantity
from engine.training.curves.run_clock import RunClock


def running(count, every=10):
    """Return a clock of a run that reads 4 names a step and becomes slower, and its readings."""
    clock, steps = RunClock(), every * np.arange(1, count + 1)
    seconds = (steps / 1_000.0) ** 1.5
    for step, spent in zip(steps.tolist(), seconds.tolist(), strict=True):
        clock.read(step, step / 250, 4 * step, spent)
    return clock, steps, seconds


def test_amounts_at_a_step_and_back():
    clock, steps, seconds = running(200)
    np.testing.assert_allclose(clock.amounts(AxisQuantity.TIME, steps), seconds)
    np.testing.assert_allclose(clock.amounts(AxisQuantity.EPOCH, steps), steps / 250)
    np.testing.assert_allclose(clock.amounts(AxisQuantity.EXAMPLES, steps), 4 * steps)
    between = clock.amounts(AxisQuantity.TIME, np.array([105]))
    assert between == pytest.approx([(seconds[9] + seconds[10]) / 2])
    for quantity in AxisQuantity:
        for step in (3.0, 777.0, 1_999.0):
            amount = float(clock.amounts(quantity, np.array([step]))[0])
            assert clock.step(quantity, amount) == pytest.approx(step)


def test_beyond_the_last_reading_it_goes_on_at_the_mean_rate():
    clock, steps, seconds = running(200)
    later = clock.amounts(AxisQuantity.TIME, np.array([2 * steps[-1]]))
    assert later == pytest.approx([2 * seconds[-1]])
    assert RunClock().step(AxisQuantity.TIME, 5.0) == 5.0, "of a run that has not begun"


def test_a_long_run_has_a_bounded_number_of_readings_that_stay_exact():
    clock, steps, seconds = running(30_000)
    assert len(clock.state()["readings"]) <= 4_097
    found = clock.amounts(AxisQuantity.TIME, steps)
    np.testing.assert_allclose(found, seconds, rtol=1e-3, atol=0.01)
    assert found[-1] == seconds[-1]


def test_it_is_restored_and_goes_on_alike():
    clock, again = running(9_000)[0], RunClock()
    again.restore(ValidatedMapping(clock.state()))
    for each in (clock, again):
        each.read(100_000, 400.0, 400_000, 2_000.0)
        each.read(100_010, 400.1, 400_040, 2_001.0)
    for name, value in clock.state().items():
        np.testing.assert_array_equal(again.state()[name], value)


@pytest.mark.parametrize(
    "readings",
    [
        np.ones((2, 4)),
        np.zeros((0, 4)),
        np.array([[0.0] * 4, [5.0] * 4, [4.0] * 4]),
        np.array([[0.0] * 4, [np.nan] * 4]),
        np.zeros((5_000, 4)),
    ],
    ids=["not from 0", "none", "back", "nan", "too many"],
)
def test_a_damaged_state_is_refused(readings):
    with pytest.raises(ValueError, match="readings must be"):
        RunClock().restore(ValidatedMapping(RunClock().state() | {"readings": readings}))
