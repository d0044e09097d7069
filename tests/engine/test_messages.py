import dataclasses
import math

import numpy as np
import pytest

from engine.messages import HeldOutLoss, Hyperparameters, Stretch
from engine.parameters import MAX_HIDDEN, MIN_HIDDEN


@pytest.fixture
def make_stretch():
    def make(start, count, held_out=()):
        steps = np.arange(start, start + count, dtype=float)
        return Stretch(steps, steps + 100, steps + 200, steps + 300, tuple(held_out))

    return make


@pytest.mark.parametrize(
    "values",
    [
        {"learning_rate": 1e-5, "clip": 0.01, "hidden": MIN_HIDDEN},
        {"learning_rate": 1e300, "clip": None, "hidden": MAX_HIDDEN},
    ],
)
def test_values_at_the_bounds_are_allowed(values):
    assert dataclasses.asdict(Hyperparameters(**values)) == values


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"learning_rate": 0.0}, "learning_rate must be a number above 0, got 0.0."),
        ({"learning_rate": -1.0}, "learning_rate must be a number above 0, got -1.0."),
        ({"learning_rate": math.nan}, "learning_rate must be a number above 0, got nan."),
        ({"learning_rate": math.inf}, "learning_rate must be a number above 0, got inf."),
        ({"clip": 0.0}, "clip must be above 0, or None for off, got 0.0."),
        ({"clip": math.nan}, "clip must be above 0, or None for off, got nan."),
        ({"hidden": MIN_HIDDEN - 1}, "hidden must lie between 4 and 512, got 3."),
        ({"hidden": MAX_HIDDEN + 1}, "hidden must lie between 4 and 512, got 513."),
    ],
)
def test_values_out_of_bounds_are_named(values, message):
    with pytest.raises(ValueError) as caught:  # noqa: PT011 the whole message is compared below
        Hyperparameters(**values)
    assert str(caught.value) == message


def test_hyperparameters_are_the_course_s_unless_told_otherwise():
    assert Hyperparameters() == Hyperparameters(learning_rate=0.01, clip=5.0, hidden=50)


def test_messages_are_frozen(make_stretch):
    with pytest.raises(dataclasses.FrozenInstanceError):
        Hyperparameters().clip = 1.0
    with pytest.raises(dataclasses.FrozenInstanceError):
        make_stretch(0, 1).loss = np.zeros(1)


def test_stretches_join_in_their_order(make_stretch):
    first, second = HeldOutLoss(0, 40.0, 3.0), HeldOutLoss(5, 30.0, 2.5)
    parts = [make_stretch(0, 2, [first]), make_stretch(2, 0), make_stretch(2, 3, [second])]
    joined, expected = Stretch.join(parts), make_stretch(0, 5)
    assert len(joined) == 5
    for column in ("loss", "characters", "smoothed_loss", "smoothed_characters"):
        np.testing.assert_array_equal(getattr(joined, column), getattr(expected, column))
    assert joined.held_out == (first, second)


def test_a_joined_stretch_is_read_only(make_stretch):
    joined = Stretch.join([make_stretch(0, 2), make_stretch(2, 2)])
    with pytest.raises(ValueError, match="read-only"):
        joined.smoothed_loss[0] = 0.0
