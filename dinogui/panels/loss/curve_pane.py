"""Curves that grow, laid over a pyqtgraph plot and drawn only where they have grown."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRect, QRectF, Qt, Slot
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QWidget

from dinogui.panels.loss.grid import Grid
from dinogui.session.curve import Curve
from dinogui.session.curve_end import CurveEnd, Point
from dinogui.startup.lean_pyqtgraph import pg

Array = NDArray[np.floating]
Number = TypeVar("Number", float, NDArray[np.floating])

_LEAST = 1e-100
_FAR = 1e5
"""Pixels: beyond every window, and within what Qt draws."""


@dataclass(frozen=True)
class PaneCurve:
    """A curve, and how it is drawn.

    Attributes
    ----------
    curve : Curve
    most : int
        Points to draw it with, at the most, about.
    pen : QPen
    is_smooth : bool
        Whether its edges are softened, which costs several times as much.
    convert : callable
        Turns a value of the curve, or an array of them, into those of the plot's axis.
    """

    curve: Curve
    most: int
    pen: QPen
    is_smooth: bool
    convert: Callable[[Any], Any]


class CurvePane(QWidget):
    """Covers the view box of a plot with curves, and a picture of what lies behind them.

    Drawn as items of the scene, three curves cost several milliseconds a frame: all of them are
    drawn anew, and every item is asked for its bounds, in Python, while the training waits for the
    interpreter. Here a frame draws the few pixels' width that have changed since the last.

    Parameters
    ----------
    plot : PlotWidget
        Goes on taking the mouse, and draws the axes.
    """

    def __init__(self, plot: pg.PlotWidget) -> None:
        super().__init__(plot.viewport())
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        # The plot's own ground need not be painted where the pane lies.
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._plot = plot
        self._box = plot.getViewBox()
        self._curves: Sequence[PaneCurve] = ()
        self._reach = 1  # pixels that a curve's ink may lie from its points
        self._backdrop = Grid(QColor(), QPen(), QPen(), ())
        self._behind = QPixmap()
        self._is_stale = True
        self._scale = _Scale(0.0, 1.0, 1.0, 1.0, 1.0)
        self._grains: list[int] = []
        self._rooms: list[int] = []
        self._ends: list[CurveEnd] = []
        self._cursor: float | None = None
        self._cursor_pen = QPen()
        self._box.sigRangeChanged.connect(self.invalidate)
        self._box.sigResized.connect(self._cover)
        self._cover()

    def show_curves(self, curves: Sequence[PaneCurve], backdrop: Grid, cursor_pen: QPen) -> None:
        """Draw other curves, the first one lowest, and what lies behind them."""
        for shown in self._curves:
            shown.curve.leave_end()
        self._curves, self._backdrop, self._cursor_pen = curves, backdrop, cursor_pen
        self._reach = max((shown.pen.width() for shown in curves), default=0) + 1
        self.invalidate()

    def show_cursor(self, step: float | None) -> None:
        """Mark a step; None for none."""
        if step != self._cursor:
            for place in (self._cursor, step):
                if place is not None:
                    self.update(self._strip(place, place))
            self._cursor = step

    @property
    def points_drawn(self) -> int:
        """How many points the curves have on the screen."""
        (first, last), _ = self._box.viewRange()
        return sum(len(c.curve.points(first, last, c.most)[0]) for c in self._curves)

    @Slot()
    def invalidate(self) -> None:
        """Draw everything anew, with the next frame."""
        self._is_stale = True
        self.update()

    def refresh(self) -> None:
        """Draw what the curves have grown by."""
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
        """Draw what stands in a part of the pane, from the back to the front."""
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
        if self._cursor is not None:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
            painter.setPen(self._cursor_pen)
            x = round(self._scale.x(self._cursor))
            painter.drawLine(x, 0, x, self.height())
        painter.end()

    @Slot()
    def _cover(self) -> None:
        """Lie on the view box."""
        on_viewport = self._plot.viewportTransform().mapRect(self._box.sceneBoundingRect())
        self.setGeometry(on_viewport.toRect())
        self.invalidate()

    def _draw_behind(self) -> None:
        ratio = self.devicePixelRatioF()
        self._behind = QPixmap(self.size() * ratio)
        self._behind.setDevicePixelRatio(ratio)
        painter = QPainter(self._behind)
        self._backdrop.paint(painter, self.width(), self.height(), self._plot.getPlotItem())
        painter.end()

    def _choose_view(self) -> None:
        """Measure the view, and let the ends of the curves begin anew."""
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

    def _strip(self, begin: float, end: float) -> QRect:
        """Return what lies between two steps, and a pen's breadth on both sides."""
        scale = self._scale
        begin, end = (min(max(step, scale.first), scale.last) for step in (begin, end))
        left = max(math.floor(scale.x(begin)) - self._reach, 0)
        right = math.ceil(scale.x(end)) + self._reach
        return QRect(left, 0, right - left, self.height())


@dataclass(frozen=True)
class _Scale:
    """Where steps and values lie, in pixels: one for each view, as asking pyqtgraph takes long.

    Attributes
    ----------
    first, last : float
        Steps at the left and the right edge.
    high : float
        Value at the upper edge.
    a_step, a_unit : float
        Pixels.
    """

    first: float
    last: float
    high: float
    a_step: float
    a_unit: float

    @classmethod
    def of(cls, view: Sequence[Sequence[float]], width: float, height: float) -> "_Scale":
        """Return that of a view, ((first, last), (low, high)), in so many pixels."""
        (first, last), (low, high) = view
        # A perplexity may be too large for a view to have a height.
        return cls(first, last, high, width / (last - first), height / max(high - low, _LEAST))

    def x(self, step: Number) -> Number:
        return (step - self.first) * self.a_step

    def y(self, value: Array) -> Array:
        with np.errstate(over="ignore"):  # it is cut off where nobody sees it
            pixels: Array = np.clip((self.high - value) * self.a_unit, -_FAR, _FAR)
        return pixels

    def places(self, points: Sequence[Point], convert: Callable[[Any], Any]) -> list[QPointF]:
        """Return where a few points lie: one by one, as that is quicker than an array of them."""
        first, high, a_step, a_unit = self.first, self.high, self.a_step, self.a_unit
        depths = ((high - float(convert(value))) * a_unit for _, value in points)
        return [
            QPointF((step - first) * a_step, min(max(depth, -_FAR), _FAR))
            for (step, _), depth in zip(points, depths, strict=True)
        ]

    def step(self, x: float) -> float:
        return self.first + x / max(self.a_step, _LEAST)
