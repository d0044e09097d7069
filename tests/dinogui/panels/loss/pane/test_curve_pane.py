import math

import numpy as np
import pyqtgraph as pg
import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QColor, QFont, QImage, QPen
from PySide6.QtWidgets import QApplication

from dinogui.panels.loss.axes.axis_ticks import AxisTicks
from dinogui.panels.loss.axes.scales import VerticalScale
from dinogui.panels.loss.pane.best_mark import BestMark
from dinogui.panels.loss.pane.curve_pane import CurvePane
from dinogui.panels.loss.pane.grid import Grid
from dinogui.panels.loss.pane.growing_curves import PaneCurve
from dinogui.panels.loss.pane.label_placement import covered_length
from engine.evaluation.units import Unit
from engine.training.curves.curve import Curve


@pytest.fixture
def curves():
    return [Curve(256), Curve(256)]


@pytest.fixture
def pane(plot, curves):
    pane = CurvePane(plot)
    red, blue = pg.mkPen("#ff0000", width=1), pg.mkPen("#0000ff", width=2)
    shown = [
        PaneCurve(curves[0], 60, red, VerticalScale()),
        PaneCurve(curves[1], 80, blue, VerticalScale(Unit.BITS_PER_CHARACTER)),
    ]
    ticks = AxisTicks(plot)
    grid = Grid(QColor("#ffffff"), QPen(QColor("#00ffff")), QPen(QColor("#ff00ff")), (3.0,), ticks)
    pane.show_curves(shown, None, grid, pg.mkPen("#00ff00", width=1))
    pane.show()
    return pane


def pixels(widget):
    """Return the picture of a widget that is painted completely: (height, width, 3)."""
    return _numbers(widget.grab())


def pixels_on_screen(widget):
    """Return the picture that was painted piece by piece."""
    window = widget.window()
    corner = widget.mapTo(window, QPoint(0, 0))
    size = widget.width(), widget.height()
    return _numbers(window.screen().grabWindow(window.winId(), corner.x(), corner.y(), *size))


def _numbers(picture):
    image = picture.toImage().convertToFormat(QImage.Format.Format_RGB32)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1, 4)
    return rows[:, : image.width(), :3].astype(int)


def colour(widget, name, look=pixels):
    """Return which pixels have a colour: (height, width)."""
    blue_green_red = {
        "red": (0, 0, 255),
        "blue": (255, 0, 0),
        "green": (0, 255, 0),
        "cyan": (255, 255, 0),
        "pink": (255, 0, 255),
    }[name]
    return (look(widget) == blue_green_red).all(axis=2)


def grow(curves, first, count, random):
    steps = np.arange(first, first + count)
    curves[0].append(steps, 5.0 + random.normal(size=count))
    curves[1].append(steps, 2.0 + np.sin(steps / 300))


@pytest.mark.parametrize("seed", [0, 1])
def test_a_curve_drawn_incrementally_equals_one_drawn_at_once(plot, pane, curves, qtbot, seed):
    random = np.random.default_rng(seed)
    plot.setXRange(0, 5000, padding=0)
    plot.setYRange(0, 10, padding=0)
    first = 1
    while first < 4800:
        count = int(random.integers(1, 90))
        grow(curves, first, count, random)
        first += count
        pane.refresh()
        if random.random() < 0.3:
            QApplication.processEvents()
    QApplication.processEvents()
    grown = pixels_on_screen(pane)
    pane.invalidate()
    QApplication.processEvents()
    at_once = pixels_on_screen(pane)
    assert (grown != grown[0, 0]).mean() > 0.05
    # An antialiased edge may differ by a shade where two pieces meet.
    assert (np.abs(grown - at_once).max(axis=2) > 40).mean() < 1e-3


def test_a_curve_is_drawn_at_its_axis_coordinates(plot, pane, curves):
    plot.setXRange(0, 100, padding=0)
    plot.setYRange(0, 10, padding=0)
    curves[1].append(np.array([50, 100]), np.full(2, 5 * math.log(2)))  # drawn at 5
    pane.refresh()
    rows, columns = np.nonzero(colour(pane, "blue"))
    assert abs(rows.mean() - pane.height() / 2) <= 1
    assert abs(columns.min() - pane.width() / 2) <= 2
    assert columns.max() >= pane.width() - 2


def test_the_grid_is_at_the_ticks_and_lines_at_their_values(plot, pane):
    plot.setXRange(0, 100, padding=0)
    plot.setYRange(0, 10, padding=0)
    (level,) = np.nonzero(colour(pane, "pink").all(axis=1))[0]
    assert abs(level - 0.7 * pane.height()) <= 1
    grid = colour(pane, "cyan")
    for name, lines, size in (
        ("bottom", np.nonzero(grid.mean(axis=0) > 0.9)[0], pane.width()),
        ("left", np.nonzero(grid.mean(axis=1) > 0.9)[0][::-1], pane.height()),
    ):
        axis = plot.getAxis(name)
        (low, high), shares = axis.range, []
        for tick in axis.tickValues(low, high, size)[0][1]:
            shares.append((tick - low) / (high - low))
        places = lines if name == "bottom" else pane.height() - lines
        expected = [share * size for share in shares]
        inside = [place for place in expected if 1 < place < size - 1]
        assert len(inside) >= 1
        assert all(np.abs(places - place).min() <= 1 for place in inside)
    plot.setYRange(4, 10, padding=0)
    assert not colour(pane, "pink").any(), "it lies below the view"


@pytest.mark.layout
def test_the_pane_covers_the_view_box_and_follows_it(plot, pane, curves, qtbot):
    plot.resize(700, 500)
    box = plot.getViewBox()
    qtbot.waitUntil(lambda: pane.width() >= box.width() - 1)
    assert abs(pane.height() - box.height()) <= 1
    plot.setXRange(0, 10, padding=0)
    plot.setYRange(0, 10, padding=0)
    grow(curves, 1, 10, np.random.default_rng(0))
    pane.refresh()
    assert colour(pane, "blue").any()
    plot.setYRange(100, 110, padding=0)
    assert not colour(pane, "blue").any()


def test_the_cursor_is_a_line_at_its_step(plot, pane):
    plot.setXRange(0, 100, padding=0)
    assert not colour(pane, "green").any()
    QApplication.processEvents()
    for step in (25.0, 60.0):
        pane.show_cursor(step)
        QApplication.processEvents()
        _, columns = np.nonzero(colour(pane, "green", pixels_on_screen))
        assert np.abs(columns - step / 100 * pane.width()).max() <= 1
    pane.show_cursor(None)
    QApplication.processEvents()
    assert not colour(pane, "green", pixels_on_screen).any()


def test_mouse_events_reach_the_plot(plot, pane, qtbot):
    assert plot.viewport().childAt(pane.geometry().center()) is None


def test_the_work_of_a_frame_does_not_grow_with_the_run(plot, pane, curves):
    plot.setXRange(0, 1e6, padding=0)
    random, counts = np.random.default_rng(0), []
    for first in (1, 10_000, 100_000, 400_000):
        grow(curves, first, 5_000, random)
        pane.refresh()
        counts.append(pane.points_drawn)
    assert max(counts) <= 60 + 80 + 8


def test_measurements_are_dots_which_a_line_joins_from_the_second_one_on(plot, pane):
    curve = Curve(256)
    measured = PaneCurve(curve, 60, pg.mkPen("#0000ff", width=2), VerticalScale(), has_dots=True)
    white = Grid(QColor("#ffffff"), QPen(QColor("#ffffff")), QPen(), (), AxisTicks(plot))
    pane.show_curves([measured], None, white, QPen())
    plot.setXRange(0, 100, padding=0)
    plot.setYRange(0, 10, padding=0)
    curve.append(np.array([10]), np.array([9.0]))
    pane.refresh()
    QApplication.processEvents()
    curve.append(np.array([50, 90]), np.array([3.0, 3.0]))
    pane.refresh()
    QApplication.processEvents()
    blue = colour(pane, "blue", pixels_on_screen)
    columns = np.nonzero(blue.any(axis=0))[0] / pane.width()
    assert columns.min() == pytest.approx(0.1, abs=0.02), "the first one is a dot"
    assert not ((columns > 0.13) & (columns < 0.47)).any(), "with no line to the second one"
    assert blue[:, int(0.5 * pane.width()) : int(0.9 * pane.width())].any(axis=0).all()
    heights = blue.sum(axis=0)
    assert heights[int(0.5 * pane.width())] > heights[int(0.7 * pane.width())], "a dot on the line"


def test_the_best_mark_moves_out_of_the_way_of_growing_curves(plot, pane, curves, interface_font):
    plot.getViewBox().setRange(xRange=(0, 100), yRange=(0, 10), padding=0)
    random, rooms = np.random.default_rng(0), set()
    font, ink, ground = QFont(interface_font, 9), QColor("#000000"), QColor("#ffffff")
    for step in range(1, 100):
        level = 5.0 if step <= 20 else 3.0
        for curve in curves:
            curve.append(np.array([float(step)]), np.array([level + random.uniform(-1, 1)]))
        if step == 20:
            pane.show_best(BestMark(18.0, 4.0, "best 4.00", font, ink, ground))
        pane.refresh()
        QApplication.processEvents()
        if step >= 20:
            room = pane.best_room
            assert pane.rect().contains(room.toAlignedRect())
            assert not any(covered_length(room, line) for line in pane.lines_between(0, 100))
            rooms.add(room.topLeft().toTuple())
    assert 1 < len(rooms) < 10, "it moves only where it must"
    assert np.array_equal(pixels_on_screen(pane), pixels(pane)), "no rest of it stays"
