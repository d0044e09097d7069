"""The range that the plot chooses: how much of it is empty, and what does not enlarge it."""

import numpy as np
import pytest

from dinogui.panels.loss.axes.autorange import AutoRange
from dinogui.panels.loss.axes.scales import HorizontalScale, VerticalScale
from engine.training.curves.axis_quantity import AxisQuantity
from engine.training.curves.curve import Curve
from engine.training.curves.run_clock import RunClock

GUESSING = 41.5


class Box:
    """What `AutoRange` needs of a view box."""

    def __init__(self):
        self.view, self.changes = [[0.0, 1.0], [0.0, 1.0]], 0

    def viewRange(self):
        return self.view

    def setRange(self, xRange, yRange, padding):
        self.view, self.changes = [list(xRange), list(yRange)], self.changes + 1

    def setXRange(self, first, last, padding):
        self.view[0] = [first, last]


class Followed:
    """A curve that grows, and the range that follows it."""

    def __init__(self, across=None, vertical=None, guessing=GUESSING):
        self.box, self.curve, self.step, self.guessing = Box(), Curve(), 0, guessing
        self.range = AutoRange(self.box)
        self.across, self.vertical = across or HorizontalScale(), vertical or VerticalScale()

    def grow(self, values):
        steps = np.arange(self.step + 1, self.step + len(values) + 1)
        self.curve.append(steps, np.asarray(values))
        self.step += len(values)
        guessing = None
        if self.guessing is not None:
            guessing = float(self.vertical.of_value(self.guessing))
        levels = [] if guessing is None else [guessing]
        self.range.follow(
            self.step, self.across, self.vertical, (self.curve,), levels, guessing, "names"
        )
        return self.box.view


def falling(begin, count):
    return 20.0 + 22.0 * np.exp(-np.arange(begin, begin + count) / 3_000)


@pytest.mark.parametrize("is_logarithmic", [False, True])
@pytest.mark.parametrize("quantity", list(AxisQuantity))
def test_at_most_a_fifth_of_the_view_is_empty(quantity, is_logarithmic):
    clock = RunClock()
    for step in range(100, 100_000, 100):
        clock.read(step, step / 1_265, step, step / 9_000)
    across = HorizontalScale(quantity, is_logarithmic, clock)
    followed = Followed(across, VerticalScale(is_logarithmic=is_logarithmic))
    random, checked = np.random.default_rng(0), 0
    while followed.step < 90_000:
        count = int(random.integers(1, 1 + followed.step // 8 + 10))
        (left, right), (low, high) = followed.grow(falling(followed.step, count))
        if followed.step < 500:  # the losses hardly differ yet
            continue
        checked += 1
        end = float(across.position(np.array([followed.step], float))[0])
        assert left <= end <= right
        assert end - left >= 0.799 * (right - left)
        lowest, highest = followed.curve.extent
        top = followed.vertical.of_value(max(highest, GUESSING))
        bottom = followed.vertical.of_value(lowest)
        assert low <= bottom < top <= high
        assert top - bottom >= 0.799 * (high - low)
    assert checked > 20


def test_the_view_changes_seldom():
    followed = Followed()
    for _ in range(2_000):
        followed.grow(falling(followed.step, 50))
    assert followed.box.changes < 80


@pytest.mark.parametrize("guessing", [GUESSING, None])
def test_a_spike_does_not_ruin_the_scale(guessing):
    followed = Followed(guessing=guessing)
    followed.grow(falling(0, 20_000))
    before = followed.box.view[1]
    followed.grow(np.full(100, 3_100.0))
    assert followed.box.view[1][1] <= before[1] + 12
    for _ in range(10):
        followed.grow(falling(followed.step, 500))
        assert followed.box.view[1][1] <= before[1] + 12


def test_a_loss_that_stays_high_is_shown():
    followed = Followed()
    followed.grow(falling(0, 2_000))
    followed.grow(np.full(2_000, 300.0))
    assert followed.box.view[1][1] > 300


def test_a_kept_range_stays_while_the_steps_go_on():
    followed = Followed()
    followed.grow(falling(0, 2_000))
    followed.box.view[1] = [20.0, 25.0]
    followed.range.keeps_range = True
    view = followed.grow(falling(2_000, 20_000))
    assert view[0][1] >= 22_000
    assert view[1] == [20.0, 25.0]
    followed.range.keeps_range = False
    assert followed.grow([20.1])[1][1] > GUESSING
