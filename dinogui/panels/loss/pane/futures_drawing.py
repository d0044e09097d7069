"""What is drawn of futures: dashed lines, with what the knob is turned to at their ends."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from dinogui.panels.loss.axes.scales import VerticalScale, ViewScale
from dinogui.startup.lean_pyqtgraph import pg
from engine.training.curves.curve import Curve

Array = NDArray[np.floating]

_MOST_POINTS = 300
_WIDTH, _CHOSEN_WIDTH = 1.5, 2.5
_DASHES = (5.0, 3.0)
"""Pen widths of a dash and of the gap after it."""
_NEAR = 7.0
"""Pixels: a pointer that is no farther from a line points at it."""
_BEYOND = 3.0
"""Heights of the view that a line is drawn beyond its edges, at most."""
_FAR_ABOVE = 1.2
"""A line that goes higher than so many times the highest loss of the run may leave the view."""
_GAP = 4.0
"""Pixels between the end of a line and its label, and around the text of a label."""


@dataclass(frozen=True)
class FutureLine:
    """A future as it is drawn.

    Attributes
    ----------
    curve : Curve
        In the nats of the unit shown.
    label : str
    colour : QColor
    """

    curve: Curve
    label: str
    colour: QColor


class FuturesDrawing:
    """Draws the lines in a pane, and says which of them is near a point.

    Attributes
    ----------
    lines : sequence of FutureLine
    begin : (float, float) or None
        The step at which they begin, and the loss of the run there, in the nats of the unit shown.
    chosen : int or None
        The line that is drawn thicker.
    labels : dict of int to QRectF
        Where the labels were drawn last, in pixels.
    """

    def __init__(self) -> None:
        self.lines: Sequence[FutureLine] = ()
        self.begin: tuple[float, float] | None = None
        self.chosen: int | None = None
        self._font, self._ink, self._ground = QFont(), QColor(), QColor()
        self._vertical = VerticalScale()
        self._places: list[tuple[Array, Array]] = []
        self.labels: dict[int, QRectF] = {}

    def show_look(self, vertical: VerticalScale, font: QFont, ink: QColor, ground: QColor) -> None:
        """Draw on another axis, with labels in another font and in other colours."""
        self._vertical, self._font, self._ink, self._ground = vertical, font, ink, ground

    @property
    def last_step(self) -> int:
        """The last step of the longest line; 0 if there is none."""
        ends = [line.curve.last_point for line in self.lines]
        return max((round(end[0]) for end in ends if end is not None), default=0)

    def curves_beside(self, smoothed: Curve) -> list[Curve]:
        """Return the curves that the view is to show in whole.

        One that goes far above the curve of the run is not among them.
        """
        highest = smoothed.extent[1] if smoothed.extent is not None else np.inf
        curves = [line.curve for line in self.lines]
        return [
            curve
            for curve in curves
            if curve.extent is not None and curve.extent[1] <= _FAR_ABOVE * highest
        ]

    def paint(self, painter: QPainter, scale: ViewScale, width: float, height: float) -> None:
        """Draw everything in a view of a size in pixels."""
        self._place(scale, width, height)
        if not self.lines:
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        for index, (line, (x, y)) in enumerate(zip(self.lines, self._places, strict=True)):
            if len(x) > 1:
                thick = _CHOSEN_WIDTH if index == self.chosen else _WIDTH
                pen = QPen(line.colour, thick)
                pen.setDashPattern(_DASHES)
                pen.setCapStyle(Qt.PenCapStyle.FlatCap)
                painter.setPen(pen)
                painter.drawPolyline(pg.functions.arrayToQPolygonF(x, y))
        painter.setFont(self._font)
        ground = QColor(self._ground)
        ground.setAlphaF(0.85)
        for index, room in self.labels.items():
            painter.fillRect(room, ground)
            painter.setPen(self._ink)
            painter.drawText(room, Qt.AlignmentFlag.AlignCenter, self.lines[index].label)
        painter.restore()

    def near(self, place: QPointF) -> int | None:
        """Return the index of the line whose label is at a place, or that is near it; or None."""
        for index, room in self.labels.items():
            if room.contains(place):
                return index
        distances = {}
        for index, (x, y) in enumerate(self._places):
            if len(x) > 1 and x[0] - _NEAR <= place.x() <= x[-1] + _NEAR:
                distances[index] = abs(float(np.interp(place.x(), x, y)) - place.y())
        nearest = min(distances, key=lambda index: distances[index], default=None)
        return nearest if nearest is not None and distances[nearest] <= _NEAR else None

    def _place(self, scale: ViewScale, width: float, height: float) -> None:
        self._places = [self._pixels(line.curve, scale, height) for line in self.lines]
        metrics = QFontMetricsF(self._font)
        rooms = {}
        for index, (line, (x, y)) in enumerate(zip(self.lines, self._places, strict=True)):
            if len(x) and x[-1] >= 0 and x[0] <= width:
                size = metrics.horizontalAdvance(line.label) + 2 * _GAP
                left = min(float(x[-1]) + _GAP, width - size)
                rooms[index] = QRectF(left, float(y[-1]) - metrics.height() / 2, size, 0.0)
                rooms[index].setHeight(metrics.height())
        self.labels = _apart(rooms, height)

    def _pixels(self, curve: Curve, scale: ViewScale, height: float) -> tuple[Array, Array]:
        steps, nats = curve.points(scale.first, scale.last, _MOST_POINTS)
        if self.begin is not None and (not len(steps) or steps[0] <= self.begin[0] + 2):
            steps = np.concatenate(([self.begin[0]], steps))
            nats = np.concatenate(([self.begin[1]], nats))
        # A line far out of view would have very many dashes, which are slow to draw.
        y = np.clip(scale.y(self._vertical.position(nats)), -_BEYOND * height, _BEYOND * height)
        return scale.x(steps), y


def _apart(rooms: dict[int, QRectF], height: float) -> dict[int, QRectF]:
    """Move labels up or down so that none covers another, and all lie within a height."""
    order = sorted(rooms, key=lambda index: rooms[index].top())
    top = 0.0
    for index in order:
        rooms[index].moveTop(max(rooms[index].top(), top))
        top = rooms[index].bottom()
    bottom = height
    for index in reversed(order):
        rooms[index].moveBottom(min(rooms[index].bottom(), bottom))
        bottom = rooms[index].top()
    return rooms
