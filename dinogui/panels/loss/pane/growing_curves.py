"""Growing curves: at which grain each is drawn in a view, what it has gained, and its strokes."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from dinogui.panels.loss.axes.scales import HorizontalScale, VerticalScale, ViewScale
from dinogui.panels.loss.pane.label_placement import Line
from dinogui.startup.lean_pyqtgraph import pg
from engine.training.curves.curve import Curve
from engine.training.curves.curve_end import CurveEnd, Point

Array = NDArray[np.floating]

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


class GrowingCurves:
    """Draws curves, each with about its most points, and knows which steps it has gained.

    Attributes
    ----------
    reach : int
        The largest distance in pixels of a drawn pixel from its point.
    """

    def __init__(self) -> None:
        self._curves: Sequence[PaneCurve] = ()
        self._across = HorizontalScale()
        self._grains: list[int] = []
        self._rooms: list[int] = []
        self._ends: list[CurveEnd] = []
        self.reach = 1

    def show(self, curves: Sequence[PaneCurve], across: HorizontalScale) -> None:
        """Draw other curves, the first one at the back. The view must then be chosen again."""
        for shown in self._curves:
            shown.curve.leave_end()
        self._curves, self._across = curves, across
        self.reach = max([math.ceil(2 * _DOT), *(shown.pen.width() for shown in curves)]) + 1

    def points_drawn(self, scale: ViewScale) -> int:
        """Return the number of points drawn in a view."""
        first, last = scale.first, scale.last
        return sum(len(c.curve.points(first, last, c.most)[0]) for c in self._curves)

    def choose_view(self, scale: ViewScale) -> None:
        """Choose the grain of each curve, and start new ends of the curves."""
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

    def growth(self, scale: ViewScale) -> tuple[float, float] | None:
        """Return the steps between which the curves have grown, or None if the grain must change.

        If they have not grown, the first one is infinite.
        """
        grown_from, grown_to = math.inf, -math.inf
        for shown, end, room in zip(self._curves, self._ends, self._rooms, strict=True):
            begin = end.grown_from()
            if begin is None or begin > scale.last:
                continue
            if shown.curve.n_points > room:
                return None
            grown_from, grown_to = min(grown_from, begin), max(grown_to, end.last_step)
        return grown_from, grown_to

    def lines_between(self, scale: ViewScale, begin: float, end: float) -> list[Line]:
        """Return the pixels of the curves between two steps."""
        numbers = range(len(self._ends))
        return [self._pixels_between(scale, number, begin, end)[1:] for number in numbers]

    def draw(self, painter: QPainter, scale: ViewScale, begin: float, end: float) -> None:
        """Draw the curves between two steps, and up to the nearest points outside."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        for number, shown in enumerate(self._curves):
            points = self._ends[number].points_from(begin) if self._across.is_identity else None
            polygon: list[QPointF] | QPolygonF
            if points is not None:
                steps: Sequence[float] | Array = [step for step, _ in points]
                polygon = _places(scale, points, shown.vertical)
            else:
                steps, x, y = self._pixels_between(scale, number, begin, end)
                # Making each `QPointF` takes as long as drawing it.
                if shown.has_dots or shown.curve.n_points <= 1:
                    polygon = list(map(QPointF, x.tolist(), y.tolist()))
                else:
                    polygon = pg.functions.arrayToQPolygonF(x, y) if len(x) else []
            if not len(steps):
                continue
            if isinstance(polygon, list):
                if shown.curve.n_points == 1:  # of a run whose earlier losses are unknown
                    _draw_dots(painter, polygon[:1], shown.pen.color())
                elif shown.has_dots:
                    _draw_dots(painter, polygon[::2], shown.pen.color())
                    # A bucket has two points, which are the same if it stands for a single one.
                    polygon = polygon[2:] if steps[0] == shown.curve.first_step else polygon
            painter.setPen(shown.pen)
            painter.drawPolyline(polygon)

    def _pixels_between(
        self, scale: ViewScale, number: int, begin: float, end: float
    ) -> tuple[Array, Array, Array]:
        """Return the steps of a curve between two steps, and their pixels across and down."""
        shown, is_log = self._curves[number], self._across.is_logarithmic
        pieces: list[tuple[Array, Array]] = [(np.empty(0), np.empty(0))]
        for low, high in scale.pieces(begin, end):
            grain = self._grains[number]
            if is_log:
                grain = shown.curve.grain(low, high, shown.most // _DOUBLINGS)
            steps, nats = shown.curve.points_of_grain(low, high, grain)
            seen = slice(None) if not is_log else (steps >= low) & (steps < high)
            pieces.append((steps[seen], nats[seen]))
        steps, nats = (np.concatenate(column) for column in zip(*pieces, strict=True))
        return steps, scale.x(steps), scale.y(shown.vertical.position(nats))


def _places(scale: ViewScale, points: Sequence[Point], vertical: VerticalScale) -> list[QPointF]:
    """Return the places of a few points, whose steps are positions on the horizontal axis.

    One by one is faster than an array.
    """
    left, high, per_x, per_y = scale.left, scale.high, scale.per_x, scale.per_y
    begin, top, end, bottom = scale.edges
    if not vertical.is_identity:
        points = [(step, float(vertical.position(nats))) for step, nats in points]
    return [
        QPointF(
            min(max((step - left) * per_x, begin), end),
            min(max((high - position) * per_y, top), bottom),
        )
        for step, position in points
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
