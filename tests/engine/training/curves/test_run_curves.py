import numpy as np
import pytest

from engine.evaluation.units import Unit
from engine.storage.validated_mapping import ValidatedMapping
from engine.training.curves.run_curves import Curves
from engine.training.messages import Chunk, HeldOutLoss


def test_nats_per_name_and_nats_per_character_are_kept_apart():
    curves = Curves()
    chunk = Chunk(
        loss=np.array([20.0, 30.0]),
        characters=np.array([5.0, 15.0]),
        smoothed_loss=np.array([20.0, 25.0]),
        smoothed_characters=np.array([5.0, 10.0]),
        held_out=(HeldOutLoss(0, 40.0, 3.3),),
    )
    curves.append(2, chunk)
    assert curves.last_step == 2
    assert curves.raw(Unit.NATS_PER_NAME).nearest(2) == (2.0, 30.0)
    assert curves.raw(Unit.PERPLEXITY).nearest(2) == (2.0, 2.0)
    assert curves.smoothed(Unit.NATS_PER_NAME).nearest(2) == (2.0, 25.0)
    assert curves.smoothed(Unit.BITS_PER_CHARACTER).nearest(2) == (2.0, 2.5)
    assert curves.held_out(Unit.NATS_PER_NAME).nearest(0) == (0.0, 40.0)
    assert curves.held_out(Unit.NATS_PER_CHARACTER).nearest(0) == (0.0, 3.3)


def test_curves_saved_by_an_earlier_version_are_read():
    curves = Curves()
    ones = np.ones(5)
    curves.append(5, Chunk(ones, ones, ones, ones, held_out=(HeldOutLoss(0, 40.0, 3.3),)))
    state = curves.state()
    assert {name.partition(".")[0] for name in state} - {
        "last_step",
        "held_out_since",
        "clock",
    } == {
        f"{what} per {of}"
        for what in ("raw", "smoothed", "held out", "quantiles")
        for of in ("name", "character")
    }
    later = "quantiles", "clock"
    state = {name: value for name, value in state.items() if not name.startswith(later)}
    earlier = {name.replace(" per ", " a "): value for name, value in state.items()}
    restored = Curves.restored(ValidatedMapping(earlier)).state()
    assert restored.keys() >= state.keys()
    for name, value in state.items():
        np.testing.assert_array_equal(restored[name], value)


def test_curves_from_before_there_were_quantiles_have_them_from_then_on():
    curves = Curves()
    ones = np.ones(40)
    curves.append(40, Chunk(3 * ones, ones, ones, ones, ()))
    earlier = {
        name: value for name, value in curves.state().items() if not name.startswith("quantiles")
    }
    restored = Curves.restored(ValidatedMapping(earlier))
    assert restored.quantiles(Unit.NATS_PER_NAME).since == 40
    assert restored.quantiles(Unit.NATS_PER_NAME).near(20) is None
    restored.append(80, Chunk(2 * ones, ones, ones, ones, ()))
    assert list(restored.quantiles(Unit.NATS_PER_NAME).near(70)[2]) == [2.0] * 4
    again = Curves.restored(ValidatedMapping(restored.state()))
    assert again.quantiles(Unit.NATS_PER_CHARACTER).since == 40
    assert again.raw(Unit.NATS_PER_NAME).range_near(20) == (3.0, 3.0)


def test_the_step_since_which_the_held_out_loss_is_measured_alike_is_kept():
    curves = Curves()
    ones = np.ones(5)
    curves.append(5, Chunk(ones, ones, ones, ones, held_out=(HeldOutLoss(0, 40.0, 3.3),)))
    assert curves.held_out_since == 0
    state = curves.state()
    assert Curves.restored(ValidatedMapping(state)).held_out_since == 0
    del state["held_out_since"]  # as an earlier version wrote it
    restored = Curves.restored(ValidatedMapping(state))
    assert restored.held_out_since == 5
    restored.append(10, Chunk(ones, ones, ones, ones, held_out=(HeldOutLoss(7, 30.0, 3.0),)))
    again = Curves.restored(ValidatedMapping(restored.state()))
    assert (again.held_out_since, again.last_step) == (5, 10)


def test_a_step_beyond_the_end_is_refused():
    state = Curves().state() | {"held_out_since": 1}
    with pytest.raises(ValueError, match="held_out_since must be a whole number from 0 to 0"):
        Curves.restored(ValidatedMapping(state))


def told(steps, last):
    """Return curves of a run that tells kinds, with an accuracy that is another at each step."""
    measured = [HeldOutLoss(step, 2.0 - step / 10, 2.0 - step / 10, step / 10) for step in steps]
    curves, ones = Curves(), np.ones(last)
    curves.append(last, Chunk(ones, ones, ones, ones, held_out=tuple(measured)))
    return curves


def test_the_accuracy_has_a_curve_of_what_is_held_out_alone():
    curves, unit = told((0, 2, 4), 5), Unit.TOLD_RIGHT
    assert [curves.held_out(unit).nearest(step)[1] for step in (0, 2, 4)] == [0.0, 0.2, 0.4]
    assert curves.held_out(Unit.NATS_PER_NAME).last_point == (4.0, pytest.approx(1.6))
    assert curves.raw(unit).n_points == curves.smoothed(unit).n_points == 0
    assert curves.quantiles(unit).near(3, 1) is None
    assert curves.up_to(3).held_out(unit).last_point == (2.0, 0.2)
    again = Curves.restored(ValidatedMapping(curves.state()))
    assert again.held_out(unit).last_point == (4.0, 0.4)


def test_curves_of_a_run_that_writes_and_of_an_earlier_version_have_no_accuracy():
    curves, ones = Curves(), np.ones(3)
    curves.append(3, Chunk(ones, ones, ones, ones, held_out=(HeldOutLoss(0, 40.0, 3.3),)))
    assert not any(name.startswith("accuracy") for name in curves.state())
    later = told((0, 2), 3).state()
    earlier = {name: value for name, value in later.items() if not name.startswith("accuracy")}
    assert len(earlier) < len(later)
    again = Curves.restored(ValidatedMapping(earlier))
    assert again.held_out(Unit.TOLD_RIGHT).n_points == 0
    assert again.held_out(Unit.NATS_PER_NAME).n_points == 2
