"""Draws the curves of other runs into the picture behind the curves of the present one."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen

from dinogui.panels.loss.axes.scales import VerticalScale, ViewScale
from dinogui.panels.loss.overlay.end_labels import EndLabel, place_end_labels
from dinogui.panels.loss.overlay.plotted_run import PlottedRun
from dinogui.session.curves.curve import Curve
from dinogui.startup.lean_pyqtgraph import pg

Array = NDArray[np.floating]

_MOST = 240
"""About the most points of a curve. They are smooth, and thin."""
_DOUBLINGS = 8
"""On a logarithmic axis: doublings of the steps that share the most points of a curve."""
_WIDTH, _DOT = 1.2, 2.5
"""Pixels: the width of a line, and the radius of a curve of a single point."""
_DASHES = (5.0, 3.0)
"""Of the held-out curve, in widths of the line."""
_HALO = 3.0
"""Pixels: the width of the ground's colour around a title."""


@dataclass(frozen=True, eq=False)
class OverlayCurves:
    """What is drawn of other runs.

    Attributes
    ----------
    runs : sequence of PlottedRun
        The first one at the back.
    vertical : VerticalScale
    font : QFont
        Of the titles.
    ground : QColor
        Behind the titles.
    """

    runs: Sequence[PlottedRun]
    vertical: VerticalScale
    font: QFont
    ground: QColor

    def paint(self, painter: QPainter, view: ViewScale, size: QSizeF) -> None:
        """Draw all curves in a view, and the titles at their ends."""
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        labels = []
        for run in self.runs:
            pen = QPen(QColor(run.colour), _WIDTH)
            ends = []
            dashed = QPen(pen)
            dashed.setDashPattern(_DASHES)
            unit = self.vertical.unit
            for curve, drawn_with in (
                (run.curves.smoothed(unit), pen),
                (run.curves.held_out(unit), dashed),
            ):
                x, y = self.pixels(run, curve, view, size.width())
                self._draw(painter, x, y, drawn_with)
                ends.append((x, y))
            end = self._end_in_view(*ends[0], size)
            if end is not None:
                labels.append((run, end))
        self._write_titles(painter, labels, size)
        painter.restore()

    def pixels(
        self, run: PlottedRun, curve: Curve, view: ViewScale, width: float
    ) -> tuple[Array, Array]:
        """Return the pixels across and down of a run's curve in a view of a width."""
        across = run.across(view.across)
        right = across.step(view.left + width / view.per_x)
        own = replace(view, across=across, first=across.step(view.left), last=right)
        steps: list[Array] = [np.empty(0)]
        nats: list[Array] = [np.empty(0)]
        for low, high in own.pieces(own.first, own.last):
            is_log = across.is_logarithmic
            found, values = curve.points(low, high, _MOST // _DOUBLINGS if is_log else _MOST)
            seen = (found >= low) & (found < high) if is_log else slice(None)
            steps.append(found[seen])
            nats.append(values[seen])
        return own.x(np.concatenate(steps)), own.y(self.vertical.position(np.concatenate(nats)))

    def _draw(self, painter: QPainter, x: Array, y: Array, pen: QPen) -> None:
        if not len(x):
            return
        painter.setPen(pen)
        if np.ptp(x) == 0 and np.ptp(y) == 0:  # the only known point
            painter.setBrush(pen.color())
            painter.drawEllipse(QPointF(float(x[0]), float(y[0])), _DOT, _DOT)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            return
        painter.drawPolyline(pg.functions.arrayToQPolygonF(x, y))

    def _end_in_view(self, x: Array, y: Array, size: QSizeF) -> QPointF | None:
        """Return the last point of a curve that is in view."""
        seen = np.flatnonzero((x >= 0) & (x <= size.width()) & (y >= 0) & (y <= size.height()))
        if not len(seen):
            return None
        return QPointF(float(x[seen[-1]]), float(y[seen[-1]]))

    def _write_titles(
        self, painter: QPainter, ends: Sequence[tuple[PlottedRun, QPointF]], size: QSizeF
    ) -> None:
        metrics = QFontMetricsF(self.font)
        labels = [
            EndLabel(run.title, run.colour, end, metrics.horizontalAdvance(run.title))
            for run, end in ends
        ]
        for label, place in place_end_labels(labels, metrics.height(), size):
            self._write(painter, label, place, metrics.ascent())

    def _write(self, painter: QPainter, label: EndLabel, place: QRectF, ascent: float) -> None:
        path = QPainterPath()
        path.addText(place.left(), place.top() + ascent, self.font, label.text)
        ground = QPen(self.ground, _HALO)
        ground.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.strokePath(path, ground)
        painter.fillPath(path, QColor(label.colour))
