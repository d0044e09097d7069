import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dinogui.widgets.chart_axis import Axis


@given(
    low=st.floats(-1e6, 1e6),
    length=st.floats(1e-3, 1e6),
    most=st.integers(2, 12),
    is_logarithmic=st.booleans(),
)
def test_ticks_are_few_lie_within_and_are_evenly_spaced(low, length, most, is_logarithmic):
    axis = Axis("", low, low + length, is_logarithmic)
    values = [value for value, _ in axis.ticks(most)]
    assert len(values) <= most
    slack = 1e-9 * max(abs(low), length)
    assert all(low - slack <= value <= low + length + slack for value in values)
    for first, second, third in zip(values, values[1:], values[2:], strict=False):
        assert third - second == pytest.approx(second - first)
    if is_logarithmic:
        assert all(value == math.floor(value) for value in values)


def test_ticks_are_written_as_people_write_them():
    assert [text for _, text in Axis("", 0.0, 0.3).ticks(5)] == ["0", "0.1", "0.2", "0.3"]
    assert [text for _, text in Axis("", 0.0, 20_000.0).ticks(3)] == ["0", "10,000", "20,000"]
    powers = Axis("", -2.0, 4.0, is_logarithmic=True).ticks(7)
    assert [text for _, text in powers] == ["1e-2", "1e-1", "1", "10", "100", "1,000", "1e4"]


def test_a_share_is_where_a_value_lies():
    assert Axis("", 10.0, 20.0).share(12.5) == 0.25
