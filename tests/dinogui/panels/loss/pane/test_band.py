"""The band of the losses, and the points in its place, as they are on the screen."""

import numpy as np
import pyqtgraph as pg
import pytest
from PySide6.QtGui import QColor, QImage, QPen
from PySide6.QtWidgets import QApplication

from dinogui.panels.loss.axes.axis_ticks import AxisTicks
from dinogui.panels.loss.axes.scales import HorizontalScale, VerticalScale
from dinogui.panels.loss.pane.band import BandLook
from dinogui.panels.loss.pane.curve_pane import CurvePane
from dinogui.panels.loss.pane.grid import Grid
from engine.training.curves.axis_quantity import AxisQuantity
from engine.training.curves.curve import Curve
from engine.training.curves.quantile_curve import QuantileCurve


class Shown:
    """A plot with a band alone, whose quantiles and extremes grow together."""

    def __init__(self, across=None, max_buckets=512, since=0):
        self.plot = pg.PlotWidget()
        self.plot.getViewBox().disableAutoRange()
        self.plot.resize(420, 300)
        self.quantiles, self.extremes, self.step = QuantileCurve(max_buckets), Curve(), 0
        if since:
            self.grow(np.tile([1.0, 9.0], since // 2))
            self.quantiles = QuantileCurve(max_buckets)
            self.quantiles.begin_after(since)
        self.pane = CurvePane(self.plot)
        invisible = QPen(QColor(0, 0, 0, 0))
        white = Grid(QColor("#ffffff"), invisible, invisible, (), AxisTicks(self.plot))
        look = BandLook(self.quantiles, self.extremes, "#0000ff", "#ffffff", VerticalScale())
        self.pane.show_curves([], look, white, QPen(), across)
        self.pane.show()

    def grow(self, values):
        self.step += len(values)
        self.quantiles.append(self.step, values)
        self.extremes.append(np.arange(self.step - len(values) + 1, self.step + 1), values)

    def view(self, first, last):
        self.plot.setXRange(first, last, padding=0)
        self.plot.setYRange(0, 10, padding=0)

    def shades(self):
        """Return how blue each pixel is: (height, width), from 0 for white to 1."""
        image = self.pane.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
        rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1, 4)
        return 1 - rows[:, : image.width(), 2].astype(float) / 255

    def heights(self, shade):
        """Return the values between which the middle columns of the pane have at least a shade."""
        shades = self.shades()
        middle = shades[:, shades.shape[1] // 3 : shades.shape[1] // 2]
        rows = np.nonzero((middle >= shade).mean(axis=1) > 0.5)[0]
        return [10 * (1 - row / len(shades)) for row in (rows.max() + 1, rows.min())]


@pytest.fixture
def show(qtbot):
    """Return a function that makes a `Shown`."""

    def make(**how):
        shown = Shown(**how)
        qtbot.addWidget(shown.plot)
        with qtbot.waitExposed(shown.plot):
            shown.plot.show()
        return shown

    return make


def test_the_band_holds_the_middle_half_and_four_fifths_of_the_losses(show):
    shown = show()
    shown.view(0, 6_000)
    # 0, 1, ..., 9 in turn: numpy's percentiles of those.
    shown.grow(
        np.random.default_rng(0).permuted(np.tile(np.arange(10.0), (600, 1)), axis=1).ravel()
    )
    low, high = np.percentile(np.arange(10.0), [10, 90])
    assert shown.heights(0.1) == pytest.approx([low, high], abs=0.7)
    low, high = np.percentile(np.arange(10.0), [25, 75])
    assert shown.heights(0.25) == pytest.approx([low, high], abs=0.7)


def test_single_losses_are_no_bars(show):
    shown = show()
    shown.view(0, 6_000)
    values = np.random.default_rng(0).normal(5.0, 0.5, 6_000)
    values[::40] = 9.5
    shown.grow(values)
    shades = shown.shades()
    assert not shades[: len(shades) // 4].any(), "one in forty is far above the band"
    assert (shades[len(shades) // 2] > 0).mean() > 0.98


@pytest.mark.parametrize("quantity", [AxisQuantity.STEP, None], ids=["linear", "logarithmic"])
@pytest.mark.parametrize("seed", [0, 1])
def test_a_band_drawn_incrementally_equals_one_drawn_at_once(show, seed, quantity):
    across = None if quantity else HorizontalScale(is_logarithmic=True)
    shown = show(across=across)
    shown.view(*((0, 9_000) if quantity else (0, 4)))
    random = np.random.default_rng(seed)
    while shown.step < 8_500:
        shown.grow(5.0 + random.normal(size=int(random.integers(1, 150))))
        shown.pane.refresh()
        if random.random() < 0.3:
            QApplication.processEvents()
    QApplication.processEvents()
    pane, window = shown.pane, shown.plot
    place = pane.mapTo(window, pane.rect().topLeft())
    size = pane.width(), pane.height()
    grab = lambda: window.screen().grabWindow(window.winId(), place.x(), place.y(), *size)  # noqa: E731
    grown = grab().toImage()
    pane.invalidate()
    QApplication.processEvents()
    at_once = grab().toImage()
    assert _differing(grown, at_once) < 2e-3
    assert shown.shades().any(axis=0).mean() > 0.8


def _differing(one, other):
    pair = []
    for image in (one, other):
        image = image.convertToFormat(QImage.Format.Format_RGB32)
        pair.append(np.frombuffer(image.constBits(), np.uint8).astype(int))
    return (np.abs(pair[0] - pair[1]) > 20).mean()


def test_zoomed_in_single_steps_are_points(show):
    shown = show()
    shown.grow(np.tile([2.0, 8.0], 1_000))
    shown.view(1_000.5, 1_020.5)
    shades = shown.shades()
    columns = shades.any(axis=0)
    assert 20 <= np.diff(columns.astype(int)).clip(0).sum() + columns[0] <= 21, "twenty dots"
    rows = np.nonzero(shades.any(axis=1))[0] / len(shades)
    assert np.abs(np.abs(rows - 0.5) - 0.3).max() < 0.02, "at 2 and at 8, with nothing between"
    shown.view(0, 2_000)
    assert shown.shades()[shades.shape[0] // 2].mean() > 0.1, "a band covers what lies between"


def test_where_single_losses_are_not_kept_any_more_the_band_stays(show):
    shown = show(max_buckets=16)
    shown.grow(np.tile([2.0, 8.0], 1_000))
    assert shown.quantiles.width > 16
    shown.view(1_000, 1_100)
    shades = shown.shades()
    assert (shades[len(shades) // 2] > 0.1).mean() > 0.9


def test_of_a_run_from_an_earlier_version_the_extremes_are_shown(show):
    shown = show(since=2_000)
    shown.grow(np.random.default_rng(0).normal(5.0, 0.2, 2_000))
    shown.view(0, 4_000)
    shades = shown.shades()
    width = shades.shape[1]
    filled = (shades[:, : width // 2 - 5] > 0).mean()
    assert filled == pytest.approx(0.8, abs=0.1), "from 1 to 9"
    assert (shades[:, width // 2 + 5 :] > 0).mean() < 0.15
