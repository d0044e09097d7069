import math

import pytest

from dinogui.panels.loss.axes.axis_ticks import (
    horizontal_ticks,
    vertical_ticks,
    write_amount,
    write_time,
)
from dinogui.panels.loss.axes.scales import HorizontalScale, VerticalScale
from engine.training.curves.axis_quantity import AxisQuantity


@pytest.mark.parametrize(
    ("amount", "expected"),
    [
        (0, "0"),
        (0.25, "0.25"),
        (999, "999"),
        (1_000, "1 k"),
        (5_000, "5 k"),
        (12_500, "12.5 k"),
        (1_500_000, "1.5 M"),
        (2e9, "2 G"),
    ],
)
def test_amounts_are_short(amount, expected):
    assert write_amount(amount) == expected


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [(0, "0:00"), (0.5, "0.5 s"), (45, "0:45"), (150, "2:30"), (3_750, "1:02:30")],
)
def test_times_are_minutes_and_seconds(seconds, expected):
    assert write_time(seconds) == expected


def texts(ticks):
    return [text for _, text in ticks]


def test_ticks_of_steps():
    scale = HorizontalScale()
    assert texts(horizontal_ticks(scale, 0, 20_000, 5)) == ["0", "5 k", "10 k", "15 k", "20 k"]
    assert texts(horizontal_ticks(scale, 0, 1.8e6, 5)) == ["0", "500 k", "1 M", "1.5 M"]
    assert texts(horizontal_ticks(scale, -500, 900, 4)) == ["0", "500"], "no step before 0"


def test_ticks_of_a_time_are_round_times():
    scale = HorizontalScale(AxisQuantity.TIME)
    assert texts(horizontal_ticks(scale, 0, 170, 6)) == ["0:00", "1:00", "2:00"]
    assert texts(horizontal_ticks(scale, 0, 160, 7)) == [
        "0:00", "0:30", "1:00", "1:30", "2:00", "2:30"
    ]  # fmt: skip
    assert texts(horizontal_ticks(scale, 0, 4 * 3_600, 5))[1] == "1:00:00"


@pytest.mark.parametrize("high", [0.3, 7, 59, 61, 400, 5_000, 90_000, 3e6])
@pytest.mark.parametrize("most", [2, 4, 9])
def test_there_are_never_more_ticks_than_there_is_room_for(high, most):
    for quantity in AxisQuantity:
        found = horizontal_ticks(HorizontalScale(quantity), 0, high, most)
        assert 1 <= len(found) <= most
        assert len(set(texts(found))) == len(found)


def test_ticks_of_a_logarithmic_axis_are_decades_and_round_numbers_between():
    steps = horizontal_ticks(HorizontalScale(is_logarithmic=True), 0, 4.3, 6)
    assert texts(steps) == ["1", "10", "100", "1 k", "10 k"]
    assert [place for place, _ in steps] == pytest.approx([0, 1, 2, 3, 4])
    losses = vertical_ticks(VerticalScale(is_logarithmic=True), 0, 2, 8)
    assert texts(losses) == ["1", "2", "5", "10", "20", "50", "100"]
    near = vertical_ticks(VerticalScale(is_logarithmic=True), math.log10(20), math.log10(45), 7)
    assert texts(near) == ["20", "25", "30", "35", "40", "45"]
    assert near[2][0] == pytest.approx(math.log10(30))
