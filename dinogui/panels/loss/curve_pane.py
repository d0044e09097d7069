"""Growing curves over a pyqtgraph plot, drawn only where they have grown."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRect, QRectF, Qt, Slot
from PySide6.QtGui import QColor, QPaintEngine, QPainter, QPaintEvent, QPen, QPixmap, QPolygonF
from PySide6.QtWidgets import QWidget

from dinogui.panels.loss.band import Band, BandLook
from dinogui.panels.loss.best_mark import BestMark
from dinogui.panels.loss.grid import Grid
from dinogui.panels.loss.scales import HorizontalScale, VerticalScale, ViewScale
from dinogui.session.curves.curve import Curve
from dinogui.session.curves.curve_end import CurveEnd, Point
from dinogui.startup.lean_pyqtgraph import pg

Array = NDArray[np.floating]

_LEAST = 1e-100
_MARK = 5
"""Pixels: half the width and the height of the mark of a spike; from the centre of a diamond to its
corners."""
_DOT = 2.5
"""Pixels: radius of the dot of a single measurement."""
_DOUBLINGS = 8
"""On a logarithmic axis: doublings of the steps that share the most points of a curve."""
_DOTS_APART = 8.0
"""Pixels between dots from which on they are drawn."""


@dataclass(frozen=True)
class PaneCurve:
    """A curve, and how it is drawn.

    Attributes
    ----------
    curve : Curve
    most : int
        About the most points to draw it with.
    pen : QPen
    vertical : VerticalScale
        The plot's vertical axis.
    has_dots : bool
        Whether its points are rare measurements: each is a dot, and the line that joins them begins
        with the second one. What the loss was before that is not known.
    """

    curve: Curve
    most: int
    pen: QPen
    vertical: VerticalScale
    has_dots: bool = False


class CurvePane(QWidget):
    """Covers the view box of a plot with curves, and with a picture of the grid lines behind them.

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
        self._look: BandLook | None = None
        self._band: Band | None = None
        self._across = HorizontalScale()
        self._reach = 1  # largest distance in pixels of a drawn pixel from its point
        self._grid: Grid | None = None
        self._lines = QPixmap()
        self._is_stale = True
        self._scale = ViewScale(self._across, 0.0, 1.0, 1.0, 1.0, 0.0, 1.0)
        self._grains: list[int] = []
        self._rooms: list[int] = []
        self._ends: list[CurveEnd] = []
        self._cursor: float | None = None
        self._cursor_pen = QPen()
        self._spikes: Sequence[int] = ()
        self._spike_colour = QColor()
        self._best: BestMark | None = None
        self._focus: QColor | None = None
        self._diamond: tuple[float, float] | None = None
        self._diamond_colour = QColor()
        self._box.sigRangeChanged.connect(self.invalidate)
        self._box.sigResized.connect(self._cover)
        self._cover()

    def show_curves(
        self,
        curves: Sequence[PaneCurve],
        band: BandLook | None,
        grid: Grid,
        cursor_pen: QPen,
        across: HorizontalScale | None = None,
    ) -> None:
        """Show other curves.

        Parameters
        ----------
        curves : sequence of PaneCurve
            The first one at the back.
        band : BandLook or None
            Behind the curves.
        grid : Grid
            Behind everything.
        cursor_pen : QPen
        across : HorizontalScale, optional
            The horizontal axis; by default, that of the steps.
        """
        for shown in self._curves:
            shown.curve.leave_end()
        self._curves, self._look, self._grid, self._cursor_pen = curves, band, grid, cursor_pen
        self._across, self._band = across or HorizontalScale(), None
        self._reach = max([math.ceil(2 * _DOT), *(shown.pen.width() for shown in curves)]) + 1
        self.invalidate()

    def show_cursor(self, step: float | None) -> None:
        """Mark a step, or none."""
        if step != self._cursor:
            for place in (self._cursor, step):
                if place is not None:
                    self.update(self._strip(place, place))
            self._cursor = step

    def x_of(self, step: float) -> float:
        """Return where a step is, in pixels from the left edge."""
        return self._scale.x_of(step)

    def show_spikes(self, steps: Sequence[int], colour: str) -> None:
        """Mark the steps of spikes at the upper edge."""
        self._spikes, self._spike_colour = steps, QColor(colour)
        self.update()

    def spike_near(self, step: float) -> int | None:
        """Return the index of the spike that is marked at a step, or None."""
        scale, x = self._scale, self._scale.x_of(step)
        near = [
            index for index, spike in enumerate(self._spikes) if abs(scale.x_of(spike) - x) <= _MARK
        ]
        return min(near, key=lambda index: abs(self._spikes[index] - step), default=None)

    def grain_at(self, step: float) -> int | None:
        """Return how many steps are drawn as one around a step; None if single ones are."""
        return None if self._band is None else self._band.grain_at(step)

    def show_diamond(self, place: tuple[float, float] | None, colour: QColor) -> None:
        """Draw a diamond at a step and a value on the plot's axis, or none."""
        if (place, colour) != (self._diamond, self._diamond_colour):
            self._diamond, self._diamond_colour = place, colour
            self.update()

    def show_best(self, mark: BestMark | None) -> None:
        """Mark the best held-out loss, or none."""
        if mark == self._best:
            return
        for shown in (self._best, mark):
            if shown is not None:
                self.update(shown.area(self._scale, self.width(), self.height()))
        self._best = mark

    @property
    def best_area(self) -> QRect | None:
        """What the mark of the best loss covers, in pixels; None if there is no mark in view."""
        if self._best is None:
            return None
        area = self._best.area(self._scale, self.width(), self.height())
        return area if area.intersects(self.rect()) else None

    def show_focus(self, colour: QColor | None) -> None:
        """Mark that the keyboard acts on the plot, in a colour; None if it does not."""
        self._focus = colour
        self.update()

    @property
    def points_drawn(self) -> int:
        """The number of points drawn for all curves in view, and of groups of the band."""
        scale, band = self._scale, self._band
        if self._is_stale:  # the next frame will choose these
            view = self._box.viewRange()
            scale = ViewScale.of(view, self.width(), self.height(), self._across)
            band = None if self._look is None else Band(self._look, scale)
        first, last = scale.first, scale.last
        lines = sum(len(c.curve.points(first, last, c.most)[0]) for c in self._curves)
        return lines + (0 if band is None else len(band))

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
        changed = None if self._band is None else self._band.grow()
        if changed is not None:
            grown_from, grown_to = min(grown_from, changed[0]), max(grown_to, changed[1])
        if grown_from < math.inf:
            self.update(self._strip(grown_from, grown_to))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw a part of the pane, from back to front."""
        if self._is_stale:
            self._draw_lines()
            self._choose_view()
            self._is_stale = False
        painter = QPainter(self)
        if painter.paintEngine().type() is QPaintEngine.Type.SVG:
            self._paint_drawing(painter)
            return
        part = event.rect()
        shown, ratio = QRectF(part), self._lines.devicePixelRatio()
        if self._grid is not None:
            painter.fillRect(part, self._grid.ground)
        begin, end = (
            self._scale.step(x) for x in (part.left() - self._reach, part.right() + 1 + self._reach)
        )
        if self._band is not None:
            self._band.paint(painter, begin, end)
        painter.drawPixmap(
            shown, self._lines, QRectF(shown.topLeft() * ratio, shown.size() * ratio)
        )
        self._draw_curves(painter, begin, end)
        self._draw_spikes(painter, part)
        self._draw_diamond(painter)
        self._draw_best(painter, part)
        self._draw_focus(painter)
        if self._cursor is not None:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
            painter.setPen(self._cursor_pen)
            x = round(self._scale.x_of(self._cursor))
            painter.drawLine(x, 0, x, self.height())
        painter.end()

    def _paint_drawing(self, painter: QPainter) -> None:
        """Paint everything as lines and areas, none of which goes over the edges."""
        scale, self._is_stale = self._scale, True
        edges = 0.0, 0.0, float(self.width()), float(self.height())
        self._scale = replace(scale, edges=edges)
        if self._look is not None:
            Band(self._look, self._scale).paint(painter, scale.first, scale.last)
        if self._grid is not None:
            self._grid.paint(painter, self.width(), self.height(), self._box)
        self._draw_curves(painter, scale.first, scale.last)
        self._draw_spikes(painter, self.rect())
        self._draw_diamond(painter)
        self._draw_best(painter, self.rect())
        painter.end()
        self._scale = scale

    @Slot()
    def _cover(self) -> None:
        """Move the pane onto the view box."""
        on_viewport = self._plot.viewportTransform().mapRect(self._box.sceneBoundingRect())
        self.setGeometry(on_viewport.toRect())
        self.invalidate()

    def _draw_lines(self) -> None:
        ratio = self.devicePixelRatioF()
        self._lines = QPixmap(self.size() * ratio)
        self._lines.setDevicePixelRatio(ratio)
        self._lines.fill(Qt.GlobalColor.transparent)
        painter = QPainter(self._lines)
        if self._grid is not None:
            self._grid.paint(painter, self.width(), self.height(), self._box)
        painter.end()

    def _choose_view(self) -> None:
        """Measure the view, and start new ends of the curves."""
        view = self._box.viewRange()
        self._scale = scale = ViewScale.of(view, self.width(), self.height(), self._across)
        self._grains, self._rooms, self._ends = [], [], []
        for shown in self._curves:
            # On a logarithmic axis, all curves are chosen anew with the next doubling.
            first, last = (scale.first, scale.last)
            if self._across.is_logarithmic:
                last = float(2 ** max(shown.curve.n_points, 1).bit_length())
                first = last / 2
            grain = shown.curve.grain(first, last, shown.most)
            room = shown.curve.room(first, grain, shown.most)
            self._grains.append(grain)
            self._rooms.append(min(room, int(last)) if self._across.is_logarithmic else room)
            self._ends.append(shown.curve.end(grain))
        self._band = None if self._look is None else Band(self._look, scale)

    def _draw_curves(self, painter: QPainter, begin: float, end: float) -> None:
        scale = self._scale
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        for number, shown in enumerate(self._curves):
            points = self._ends[number].points_from(begin) if self._across.is_identity else None
            if points is not None:
                steps: Sequence[float] = [step for step, _ in points]
                polygon = _places(scale, points, shown.vertical)
            else:
                steps, polygon = self._places_between(number, begin, end)
            if not polygon:
                continue
            if shown.has_dots:
                _draw_dots(painter, polygon[::2], shown.pen.color())
                # A bucket has two points, which are the same if it stands for a single one.
                polygon = polygon[2:] if steps[0] == shown.curve.first_step else polygon
            painter.setPen(shown.pen)
            painter.drawPolyline(polygon)

    def _places_between(
        self, number: int, begin: float, end: float
    ) -> tuple[Sequence[float], list[QPointF]]:
        """Return steps and places of a curve between two steps, and the nearest ones outside."""
        scale, shown, is_log = self._scale, self._curves[number], self._across.is_logarithmic
        pieces: list[tuple[Array, Array]] = [(np.empty(0), np.empty(0))]
        for low, high in scale.pieces(begin, end):
            grain = self._grains[number]
            if is_log:
                grain = shown.curve.grain(low, high, shown.most // _DOUBLINGS)
            steps, nats = shown.curve.points_of_grain(low, high, grain)
            seen = slice(None) if not is_log else (steps >= low) & (steps < high)
            pieces.append((steps[seen], nats[seen]))
        steps, nats = (np.concatenate(column) for column in zip(*pieces, strict=True))
        x, y = scale.x(steps), scale.y(shown.vertical.position(nats))
        return steps.tolist(), list(map(QPointF, x.tolist(), y.tolist()))

    def _draw_spikes(self, painter: QPainter, part: QRect) -> None:
        begin, end = (self._scale.step(x) for x in (part.left() - _MARK, part.right() + 1 + _MARK))
        seen = [self._scale.x_of(float(step)) for step in self._spikes if begin <= step <= end]
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
        x, y = self._scale.x_of(step), self._scale.y_of(value)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._diamond_colour)
        corners = ((0, -_MARK), (_MARK, 0), (0, _MARK), (-_MARK, 0))
        painter.drawPolygon([QPointF(x + dx, y + dy) for dx, dy in corners])

    def _draw_best(self, painter: QPainter, part: QRect) -> None:
        if self._best is None:
            return
        size = self.width(), self.height()
        if self._best.area(self._scale, *size).intersects(part):
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
            self._best.paint(painter, self._scale, *size)

    def _draw_focus(self, painter: QPainter) -> None:
        if self._focus is not None:
            painter.setPen(QPen(self._focus, 2.0))
            painter.drawRect(self.rect().adjusted(1, 1, -1, -1))

    def _strip(self, begin: float, end: float) -> QRect:
        """Return the rectangle between two steps, with a pen's width on both sides."""
        scale = self._scale
        begin, end = (min(max(step, scale.first), scale.last) for step in (begin, end))
        left = max(math.floor(scale.x_of(begin)) - self._reach, 0)
        right = math.ceil(scale.x_of(end)) + self._reach
        return QRect(left, 0, right - left, self.height())


def _places(scale: ViewScale, points: Sequence[Point], vertical: VerticalScale) -> list[QPointF]:
    """Return the places of a few points, whose steps are positions on the horizontal axis.

    One by one is faster than an array.
    """
    left, high, per_x, per_y = scale.left, scale.high, scale.per_x, scale.per_y
    begin, top, end, bottom = scale.edges
    position = vertical.position
    return [
        QPointF(
            min(max((step - left) * per_x, begin), end),
            min(max((high - float(position(nats))) * per_y, top), bottom),
        )
        for step, nats in points
    ]


def _draw_dots(painter: QPainter, places: Sequence[QPointF], colour: QColor) -> None:
    """Draw a dot at each place, unless they lie too close together."""
    if places[-1].x() - places[0].x() < _DOTS_APART * (len(places) - 1):
        return
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    for place in places:
        painter.drawEllipse(place, _DOT, _DOT)
    painter.setBrush(Qt.BrushStyle.NoBrush)
