import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor

from dinogui.common.theme import DARK, LIGHT
from dinogui.widgets.charts.axis import Axis
from dinogui.widgets.charts.bound_chart import BoundChart
from dinogui.widgets.charts.chart import Chart
from dinogui.widgets.charts.chart_content import Bars, ChartCurve


@pytest.fixture
def chart(qtbot):
    chart = Chart("Chart", Axis("across", 0.0, 10.0), Axis("upwards", 0.0, 100.0))
    chart.show_colours(LIGHT)
    chart.resize(400, 300)
    qtbot.addWidget(chart)
    chart.show()
    return chart


@pytest.fixture
def bound_chart(qtbot):
    axes = Axis("across", 0.0, 10.0), Axis("upwards", 0.0, 100.0)
    chart = BoundChart("Chart", *axes, least=2.0, most=9.0)
    chart.show_colours(LIGHT)
    chart.resize(400, 300)
    qtbot.addWidget(chart)
    chart.show()
    chart.show_bound(5.0, "bound 5")
    return chart


def colour_at(chart, x, y):
    """Return the colour drawn at a place, given in the axes' units."""
    return chart.grab().toImage().pixelColor(chart.place_of(x, y).toPoint())


def bars(*marked):
    left = np.arange(len(marked)) * 3.0
    return Bars(left, left + 2.0, np.full(len(marked), 50.0), np.array(marked))


def test_bars_are_in_place_and_marked_bars_have_another_colour(chart):
    chart.show_bars(bars(False, True))
    assert colour_at(chart, 1.0, 25.0) == QColor(LIGHT.smoothed)
    assert colour_at(chart, 4.0, 25.0) == QColor(LIGHT.held_out)
    assert colour_at(chart, 2.5, 25.0) not in (QColor(LIGHT.smoothed), QColor(LIGHT.held_out))
    assert colour_at(chart, 1.0, 75.0) not in (QColor(LIGHT.smoothed), QColor(LIGHT.held_out))
    chart.show_bars(None)
    assert colour_at(chart, 1.0, 25.0) != QColor(LIGHT.smoothed)


def test_a_curve_has_a_gap_where_a_value_is_not_finite(chart):
    y = np.array([50.0, 50.0, np.nan, 50.0, 50.0])
    chart.show_curves([ChartCurve(np.array([0.0, 3.0, 5.0, 7.0, 10.0]), y, is_main=True)])
    blank = colour_at(chart, 5.0, 75.0)
    assert colour_at(chart, 2.0, 50.0) != blank
    assert colour_at(chart, 5.0, 50.0) == blank
    assert colour_at(chart, 8.0, 50.0) != blank


def test_the_guide_is_level(chart):
    chart.show_guide(30.0, "good")
    assert colour_at(chart, 2.0, 30.0) == colour_at(chart, 8.0, 30.0) == QColor(LIGHT.held_out)


def test_another_range_and_other_colours_are_drawn(chart):
    chart.show_bars(bars(False))
    chart.show_colours(DARK)
    assert colour_at(chart, 1.0, 25.0) == QColor(DARK.smoothed)
    before = chart.place_of(1.0, 25.0)
    axes = chart.grab().toImage()
    chart.show_range((0.0, 20.0), (0.0, 1e6))
    assert chart.place_of(1.0, 25.0) != before
    assert chart.grab().toImage() != axes


def test_the_chart_reports_the_place_of_the_pointer(chart, qtbot):
    said = []
    chart.pointed.connect(lambda x, y: said.append((x, y)))
    qtbot.mouseMove(chart, chart.place_of(4.0, 80.0).toPoint())
    assert said[-1] == pytest.approx((4.0, 80.0), abs=0.5)
    qtbot.mouseMove(chart, QPoint(1, 1))
    assert math.isnan(said[-1][0])


def test_a_chart_without_room_is_painted_without_errors(chart):
    chart.show_bars(bars(False, True))
    chart.setMinimumSize(0, 0)
    for size in ((1, 1), (40, 20), (20, 200), (3000, 30)):
        chart.resize(*size)
        assert not chart.grab().isNull()


def test_the_line_is_dragged_within_its_bounds(bound_chart, qtbot):
    said = []
    bound_chart.dragged.connect(said.append)
    place = bound_chart.place_of(5.0, 50.0).toPoint()
    qtbot.mousePress(bound_chart, Qt.MouseButton.LeftButton, pos=place)
    qtbot.mouseMove(bound_chart, bound_chart.place_of(7.0, 50.0).toPoint())
    assert bound_chart.bound == said[-1] == pytest.approx(7.0, abs=0.05)
    bound_chart.show_bound(3.0, "bound 3")
    assert bound_chart.bound == said[-1], "a line that is dragged stays under the pointer"
    qtbot.mouseMove(bound_chart, bound_chart.place_of(9.9, 50.0).toPoint())
    assert said[-1] == 9.0
    qtbot.mouseRelease(bound_chart, Qt.MouseButton.LeftButton)
    bound_chart.show_bound(3.0, "bound 3")
    assert bound_chart.bound == 3.0


def test_a_drag_beside_the_line_does_nothing(bound_chart, qtbot):
    said = []
    bound_chart.dragged.connect(said.append)
    place = bound_chart.place_of(6.0, 50.0).toPoint()
    qtbot.mousePress(bound_chart, Qt.MouseButton.LeftButton, pos=place)
    qtbot.mouseMove(bound_chart, bound_chart.place_of(7.0, 50.0).toPoint())
    qtbot.mouseRelease(bound_chart, Qt.MouseButton.LeftButton)
    assert said == []
    assert bound_chart.bound == 5.0


def test_the_cursor_shows_what_can_be_dragged(bound_chart, qtbot):
    qtbot.mouseMove(bound_chart, bound_chart.place_of(5.0, 50.0).toPoint())
    assert bound_chart.cursor().shape() == Qt.CursorShape.SplitHCursor
    qtbot.mouseMove(bound_chart, bound_chart.place_of(8.0, 50.0).toPoint())
    assert bound_chart.cursor().shape() == Qt.CursorShape.ArrowCursor


@given(
    low=st.floats(-1e6, 1e6),
    length=st.floats(1e-3, 1e6),
    most=st.integers(2, 12),
    is_logarithmic=st.booleans(),
)
def test_ticks_are_few_within_the_range_and_evenly_spaced(low, length, most, is_logarithmic):
    axis = Axis("", low, low + length, is_logarithmic)
    values = [value for value, _ in axis.ticks(most)]
    assert len(values) <= most
    slack = 1e-9 * max(abs(low), length)
    assert all(low - slack <= value <= low + length + slack for value in values)
    for first, second, third in zip(values, values[1:], values[2:], strict=False):
        assert third - second == pytest.approx(second - first)
    if is_logarithmic:
        assert all(value == math.floor(value) for value in values)


def test_tick_labels_are_readable():
    assert [text for _, text in Axis("", 0.0, 0.3).ticks(5)] == ["0", "0.1", "0.2", "0.3"]
    assert [text for _, text in Axis("", 0.0, 20_000.0).ticks(3)] == ["0", "10,000", "20,000"]
    powers = Axis("", -2.0, 4.0, is_logarithmic=True).ticks(7)
    assert [text for _, text in powers] == ["1e-2", "1e-1", "1", "10", "100", "1,000", "1e4"]


def test_a_share_is_the_relative_position_of_a_value():
    assert Axis("", 10.0, 20.0).share(12.5) == 0.25


def test_the_arrow_keys_walk_from_bar_to_bar(chart, qtbot):
    left = np.array([1.0, 3.0, 6.0])
    chart.show_bars(Bars(left, left + 1, np.array([5.0, 50.0, 20.0]), np.zeros(3, bool)))
    pointed = []
    chart.pointed.connect(lambda x, _y: pointed.append(x))
    with qtbot.waitActive(chart):
        chart.activateWindow()
    chart.setFocus(Qt.FocusReason.TabFocusReason)
    plain = chart.grab().toImage()
    key, control = Qt.Key, Qt.KeyboardModifier.ControlModifier
    for pressed, place in (
        (key.Key_Right, 1.5),
        (key.Key_Right, 3.5),
        (key.Key_Left, 1.5),
        (key.Key_Left, 1.5),
        (key.Key_End, 6.5),
        (key.Key_Right, 6.5),
        (key.Key_Home, 1.5),
    ):
        qtbot.keyClick(chart, pressed)
        assert pointed[-1] == place
    qtbot.keyClick(chart, key.Key_Right, control)
    assert pointed[-1] == 6.5
    assert chart.grab().toImage() != plain, "the cursor is drawn"
    qtbot.keyClick(chart, key.Key_Escape)
    assert math.isnan(pointed[-1])
    chart.clearFocus()
    assert chart.grab().toImage() != plain, "the frame tells where the focus is"


def test_the_arrow_keys_walk_along_the_main_curve(chart, qtbot):
    x = np.linspace(0.0, 10.0, 1_001)
    y = np.where(x < 2.0, np.nan, 50.0)
    other = ChartCurve(x, x, is_main=False)
    assert chart.places == []
    chart.show_curves([other, ChartCurve(x, y, is_main=True)])
    assert len(chart.places) == 100
    assert (chart.places[0], chart.places[-1]) == (2.0, 10.0)
    pointed = []
    chart.pointed.connect(lambda x, _y: pointed.append(x))
    chart.setFocus()
    qtbot.keyClick(chart, Qt.Key.Key_Left)
    assert pointed == [10.0]
