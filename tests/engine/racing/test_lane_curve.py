"""The losses of a lane, kept in a bounded memory."""

import numpy as np
import pytest

from engine.racing import lane_curve
from engine.racing.lane_curve import MAX_POINTS, LaneCurve
from engine.storage.validated_mapping import ValidatedMapping
from engine.training.messages import Chunk, HeldOutLoss


def chunk(first, count, held_out=()):
    """Return made-up results of the steps after `first`: each loss is twice its step."""
    steps = np.arange(first + 1, first + count + 1, dtype=float)
    sizes = np.full(count, 5.0)
    return Chunk.of(steps, sizes, steps * 10, sizes, held_out=held_out)


def test_every_step_is_a_point_while_there_is_room():
    curve = LaneCurve()
    curve.add(chunk(0, 4, [HeldOutLoss(0, 9.0, 3.0)]), 4, (0.0, 2.0))
    curve.add(chunk(4, 2, [HeldOutLoss(5, 9.0, 1.5)]), 6, (2.0, 3.0))
    np.testing.assert_array_equal(curve.smoothed[:, 0], [1, 2, 3, 4, 5, 6])
    np.testing.assert_array_equal(curve.smoothed[:, 1], [0.5, 1, 1.5, 2, 2.5, 3])
    np.testing.assert_array_equal(curve.smoothed[:, 2], [2, 4, 6, 8, 10, 12])
    np.testing.assert_array_equal(curve.held_out, [[0, 0, 3], [5, 2.5, 1.5]])


@pytest.mark.parametrize("sizes", [(30_000,), (1, 5_000, 4_095, 4_096, 16_808), (7,) * 4_286])
def test_a_long_curve_is_thinned_evenly_however_its_steps_come(sizes):
    curve, step = LaneCurve(), 0
    for size in sizes:
        curve.add(chunk(step, size), step + size, (step / 10, (step + size) / 10))
        step += size
    found = curve.smoothed
    assert MAX_POINTS / 2 <= len(found) <= MAX_POINTS
    assert found[-1, 0] == step, "the latest step is always there"
    kept = found[:-1] if step % 8 else found
    np.testing.assert_array_equal(kept[:, 0], np.arange(8, step + 1, 8))
    np.testing.assert_allclose(found[:, 1], found[:, 0] / 10)
    np.testing.assert_array_equal(found[:, 2], found[:, 0] * 2)


def test_many_held_out_losses_are_thinned_too(monkeypatch):
    monkeypatch.setattr(lane_curve, "MAX_POINTS", 8)
    curve = LaneCurve()
    for step in range(50):
        curve.add(chunk(step, 1, [HeldOutLoss(step + 1, 1.0, step)]), step + 1, (0.0, 0.0))
    np.testing.assert_array_equal(curve.held_out[:, 2], np.arange(0, 50, 8))


def test_a_curve_that_is_restored_goes_on_as_if_it_had_not_been_saved():
    whole, first, second = LaneCurve(), LaneCurve(), LaneCurve()
    for curve in (whole, first):
        curve.add(chunk(0, 4_999, [HeldOutLoss(9, 9.0, 3.0)]), 4_999, (0.0, 1.0))
    second.restore(ValidatedMapping(first.state()), 4_999)
    for curve in (whole, second):
        curve.add(chunk(4_999, 7_000, [HeldOutLoss(5_009, 9.0, 2.0)]), 11_999, (1.0, 3.0))
    np.testing.assert_array_equal(second.smoothed, whole.smoothed)
    np.testing.assert_array_equal(second.held_out, whole.held_out)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("smoothed", np.zeros((2, 2))),
        ("smoothed", np.array([[1.0, 0.0, np.nan]])),
        ("smoothed", np.array([[2.0, 0.0, 1.0], [1.0, 0.0, 1.0]])),
        ("held_out", np.array([[99.0, 0.0, 1.0]])),
        ("held_out", np.array([[1.0, -1.0, 1.0]])),
        ("latest", np.zeros((MAX_POINTS, 3))),
        ("smoothed_every", 0),
        ("measured", -1),
    ],
)
def test_a_damaged_curve_is_refused_by_name(name, value):
    curve = LaneCurve()
    curve.add(chunk(0, 3), 3, (0.0, 1.0))
    with pytest.raises(ValueError, match=name):
        LaneCurve().restore(ValidatedMapping(curve.state() | {name: value}), 3)
