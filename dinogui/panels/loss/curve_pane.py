"""Growing curves over a pyqtgraph plot, drawn only where they have grown."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRect, QRectF, Qt, Slot
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPixmap, QPolygonF
from PySide6.QtWidgets import QWidget

from dinogui.panels.loss.grid import Grid
from dinogui.session.curves.curve import Curve
from dinogui.session.curves.curve_end import CurveEnd, Point
from dinogui.startup.lean_pyqtgraph import pg

Array = NDArray[np.floating]
Number = TypeVar("Number", float, NDArray[np.floating])

_LEAST = 1e-100
_MARK = 5
"""Pixels: half the width and the height of the mark of a spike; from the centre of a diamond to its
corners."""

_FAR = 1e5
"""Pixels: outside any window, and within what Qt can draw."""


@dataclass(frozen=True)
class PaneCurve:
    """A curve, and how it is drawn.

    Attributes
    ----------
    curve : Curve
    most : int
        About the most points to draw it with.
    pen : QPen
    is_smooth : bool
        Whether it is antialiased, which costs several times as much.
    convert : callable
        Converts a value of the curve, or an array of them, to the plot's axis.
    """

    curve: Curve
    most: int
    pen: QPen
    is_smooth: bool
    convert: Callable[[Any], Any]


class CurvePane(QWidget):
    """Covers the view box of a plot with curves, and with a picture of the grid behind them.

    As items of the scene, three curves cost several milliseconds per frame: all of them are drawn
    again, and each item is asked for its bounds in Python, while the training waits for the
    interpreter. Here, a frame draws only the few pixel columns that changed since the last frame.

    Parameters
    ----------
    plot : PlotWidget
        The plot. It still gets the mouse events and draws the axes.
    """

    def __init__(self, plot: pg.PlotWidget) -> None:
        super().__init__(plot.viewport())
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        # The plot's background need not be painted below the pane.
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._plot = plot
        self._box = plot.getViewBox()
        self._curves: Sequence[PaneCurve] = ()
        self._reach = 1  # largest distance in pixels of a drawn pixel from its point
        self._grid = Grid(QColor(), QPen(), QPen(), ())
        self._behind = QPixmap()
        self._is_stale = True
        self._scale = _Scale(0.0, 1.0, 1.0, 1.0, 1.0)
        self._grains: list[int] = []
        self._rooms: list[int] = []
        self._ends: list[CurveEnd] = []
        self._cursor: float | None = None
        self._cursor_pen = QPen()
        self._spikes: Sequence[int] = ()
        self._spike_colour = QColor()
        self._diamond: tuple[float, float] | None = None
        self._diamond_colour = QColor()
        self._box.sigRangeChanged.connect(self.invalidate)
        self._box.sigResized.connect(self._cover)
        self._cover()

    def show_curves(self, curves: Sequence[PaneCurve], grid: Grid, cursor_pen: QPen) -> None:
        """Show other curves, the first one at the back, and another grid behind them."""
        for shown in self._curves:
            shown.curve.leave_end()
        self._curves, self._grid, self._cursor_pen = curves, grid, cursor_pen
        self._reach = max((shown.pen.width() for shown in curves), default=0) + 1
        self.invalidate()

    def show_cursor(self, step: float | None) -> None:
        """Mark a step, or none."""
        if step != self._cursor:
            for place in (self._cursor, step):
                if place is not None:
                    self.update(self._strip(place, place))
            self._cursor = step

    def show_spikes(self, steps: Sequence[int], colour: str) -> None:
        """Mark the steps of spikes at the upper edge."""
        self._spikes, self._spike_colour = steps, QColor(colour)
        self.update()

    def spike_near(self, step: float) -> int | None:
        """Return the index of the spike that is marked at a step, or None."""
        reach = _MARK / max(self._scale.per_step, _LEAST)
        near = [index for index, spike in enumerate(self._spikes) if abs(spike - step) <= reach]
        return min(near, key=lambda index: abs(self._spikes[index] - step), default=None)

    def show_diamond(self, place: tuple[float, float] | None, colour: QColor) -> None:
        """Draw a diamond at a step and a value on the plot's axis, or none."""
        if (place, colour) != (self._diamond, self._diamond_colour):
            self._diamond, self._diamond_colour = place, colour
            self.update()

    @property
    def points_drawn(self) -> int:
        """The number of points drawn for all curves in view."""
        (first, last), _ = self._box.viewRange()
        return sum(len(c.curve.points(first, last, c.most)[0]) for c in self._curves)

    @Slot()
    def invalidate(self) -> None:
        """Draw everything again with the next frame."""
        self._is_stale = True
        self.update()

    def refresh(self) -> None:
        """Draw what the curves have gained."""
        if self._is_stale:
            return
        grown_from, grown_to = math.inf, -math.inf
        for shown, end, room in zip(self._curves, self._ends, self._rooms, strict=True):
            begin = end.grown_from()
            if begin is None or begin > self._scale.last:
                continue
            if shown.curve.n_points > room:
                self._choose_view()
                self.update()
                return
            grown_from, grown_to = min(grown_from, begin), max(grown_to, end.last_step)
        if grown_from < math.inf:
            self.update(self._strip(grown_from, grown_to))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw a part of the pane, from back to front."""
        if self._is_stale:
            self._draw_behind()
            self._choose_view()
            self._is_stale = False
        painter = QPainter(self)
        part = event.rect()
        shown, ratio = QRectF(part), self._behind.devicePixelRatio()
        painter.drawPixmap(
            shown, self._behind, QRectF(shown.topLeft() * ratio, shown.size() * ratio)
        )
        self._draw_curves(painter, part)
        self._draw_spikes(painter, part)
        self._draw_diamond(painter)
        if self._cursor is not None:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
            painter.setPen(self._cursor_pen)
            x = round(self._scale.x(self._cursor))
            painter.drawLine(x, 0, x, self.height())
        painter.end()

    @Slot()
    def _cover(self) -> None:
        """Move the pane onto the view box."""
        on_viewport = self._plot.viewportTransform().mapRect(self._box.sceneBoundingRect())
        self.setGeometry(on_viewport.toRect())
        self.invalidate()

    def _draw_behind(self) -> None:
        ratio = self.devicePixelRatioF()
        self._behind = QPixmap(self.size() * ratio)
        self._behind.setDevicePixelRatio(ratio)
        painter = QPainter(self._behind)
        self._grid.paint(painter, self.width(), self.height(), self._plot.getPlotItem())
        painter.end()

    def _choose_view(self) -> None:
        """Measure the view, and start new ends of the curves."""
        self._scale = scale = _Scale.of(self._box.viewRange(), self.width(), self.height())
        first, last = scale.first, scale.last
        self._grains = [shown.curve.grain(first, last, shown.most) for shown in self._curves]
        fitting = list(zip(self._curves, self._grains, strict=True))
        self._rooms = [shown.curve.room(first, grain, shown.most) for shown, grain in fitting]
        self._ends = [shown.curve.end(grain) for shown, grain in fitting]

    def _draw_curves(self, painter: QPainter, part: QRect) -> None:
        scale, reach = self._scale, self._reach
        begin, end = scale.step(part.left() - reach), scale.step(part.right() + 1 + reach)
        for shown, grain, curve_end in zip(self._curves, self._grains, self._ends, strict=True):
            points = curve_end.points_from(begin)
            if points is None:
                steps, values = shown.curve.points_of_grain(begin, end, grain)
                y = scale.y(shown.convert(values))
                polygon = pg.functions.arrayToQPolygonF(scale.x(steps), y)
            else:
                polygon = scale.places(points, shown.convert)
            if len(polygon):
                painter.setPen(shown.pen)
                painter.setRenderHint(QPainter.RenderHint.Antialiasing, shown.is_smooth)
                painter.drawPolyline(polygon)

    def _draw_spikes(self, painter: QPainter, part: QRect) -> None:
        begin, end = (self._scale.step(x) for x in (part.left() - _MARK, part.right() + 1 + _MARK))
        seen = [self._scale.x(float(step)) for step in self._spikes if begin <= step <= end]
        if not seen or part.top() > _MARK:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._spike_colour)
        for x in seen:
            corners = QPointF(x - _MARK, 0), QPointF(x + _MARK, 0), QPointF(x, _MARK)
            painter.drawPolygon(QPolygonF(corners))
        painter.setBrush(Qt.BrushStyle.NoBrush)

    def _draw_diamond(self, painter: QPainter) -> None:
        if self._diamond is None:
            return
        step, value = self._diamond
        x, y = self._scale.x(step), float(self._scale.y(np.array(value)))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._diamond_colour)
        corners = ((0, -_MARK), (_MARK, 0), (0, _MARK), (-_MARK, 0))
        painter.drawPolygon([QPointF(x + dx, y + dy) for dx, dy in corners])

    def _strip(self, begin: float, end: float) -> QRect:
        """Return the rectangle between two steps, with a pen's width on both sides."""
        scale = self._scale
        begin, end = (min(max(step, scale.first), scale.last) for step in (begin, end))
        left = max(math.floor(scale.x(begin)) - self._reach, 0)
        right = math.ceil(scale.x(end)) + self._reach
        return QRect(left, 0, right - left, self.height())


@dataclass(frozen=True)
class _Scale:
    """The positions of steps and values in pixels, for one view; asking pyqtgraph is slow.

    Attributes
    ----------
    first, last : float
        Steps at the left and right edges.
    high : float
        Value at the top edge.
    per_step, per_unit : float
        Pixels per step and per unit of the value.
    """

    first: float
    last: float
    high: float
    per_step: float
    per_unit: float

    @classmethod
    def of(cls, view: Sequence[Sequence[float]], width: float, height: float) -> "_Scale":
        """Return the scale of a view ((first, last), (low, high)) with a size in pixels."""
        (first, last), (low, high) = view
        # With a huge perplexity, the height of the view may be zero.
        return cls(first, last, high, width / (last - first), height / max(high - low, _LEAST))

    def x(self, step: Number) -> Number:
        return (step - self.first) * self.per_step

    def y(self, value: Array) -> Array:
        with np.errstate(over="ignore"):  # infinite values are clipped out of view
            pixels: Array = np.clip((self.high - value) * self.per_unit, -_FAR, _FAR)
        return pixels

    def places(self, points: Sequence[Point], convert: Callable[[Any], Any]) -> list[QPointF]:
        """Return the positions of a few points, one by one: that is faster than an array."""
        first, high, per_step, per_unit = self.first, self.high, self.per_step, self.per_unit
        depths = ((high - float(convert(value))) * per_unit for _, value in points)
        return [
            QPointF((step - first) * per_step, min(max(depth, -_FAR), _FAR))
            for (step, _), depth in zip(points, depths, strict=True)
        ]

    def step(self, x: float) -> float:
        return self.first + x / max(self.per_step, _LEAST)
