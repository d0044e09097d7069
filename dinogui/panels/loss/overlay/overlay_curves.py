"""Draws the curves of other runs into the picture behind the curves of the present one."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from dinogui.panels.loss.axes.scales import VerticalScale, ViewScale
from dinogui.panels.loss.overlay.end_labels import EndLabel, place_end_labels
from dinogui.panels.loss.overlay.plotted_run import PlottedRun
from dinogui.startup.lean_pyqtgraph import pg
from engine.training.curves.curve import Curve

Array = NDArray[np.floating]

_MOST = 240
"""About the most points of a curve. They are smooth, and thin."""
_DOUBLINGS = 8
"""On a logarithmic axis: doublings of the steps that share the most points of a curve."""
_WIDTH, _DOT = 1.0, 2.5
"""Pixels: the width of a line, and the radius of a curve of a single point.

Qt draws wider lines in twice the time.
"""
_DASHES = (5.0, 3.0)
"""Of the held-out curve, in widths of the line."""
_VEIL = 200
"""How much of the ground's colour lies behind a title, of 255."""


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
    merged : dict
        The points of each curve at the grains that were drawn. As the curves do not grow, they are
        merged once.
    """

    runs: Sequence[PlottedRun]
    vertical: VerticalScale
    font: QFont
    ground: QColor
    merged: dict[tuple[int, int], tuple[Array, Array]] = field(default_factory=dict)

    def paint(self, painter: QPainter, view: ViewScale, size: QSizeF) -> None:
        """Draw all curves in a view, and the titles at their ends."""
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        labels, unit, width = [], self.vertical.unit, size.width()
        for run in self.runs:
            pen = QPen(QColor(run.colour), _WIDTH)
            x, y = self.pixels(run, run.curves.smoothed(unit), view, width)
            self._draw(painter, x, y, pen)
            pen.setDashPattern(_DASHES)
            held_out = self.pixels(run, run.curves.held_out(unit), view, width, is_rare=True)
            self._draw(painter, *held_out, pen)
            end = self._end_in_view(*(held_out if unit.is_accuracy else (x, y)), size)
            if end is not None:
                labels.append((run, end))
        self._write_titles(painter, labels, size)
        painter.restore()

    def pixels(
        self,
        run: PlottedRun,
        curve: Curve,
        view: ViewScale,
        width: float,
        *,
        is_rare: bool = False,
    ) -> tuple[Array, Array]:
        """Return the pixels across and down of a run's curve in a view of a width.

        The points of a curve of rare measurements are joined from the second one on: what the loss
        was before that is not known.
        """
        across = run.across(view.across)
        right = across.step(view.left + width / view.per_x)
        own = replace(view, across=across, first=across.step(view.left), last=right)
        steps: list[Array] = [np.empty(0)]
        nats: list[Array] = [np.empty(0)]
        for low, high in own.pieces(own.first, own.last):
            is_log = across.is_logarithmic
            found, values = self._points(curve, low, high, _MOST // _DOUBLINGS if is_log else _MOST)
            seen = (found >= low) & (found < high) if is_log else slice(None)
            steps.append(found[seen])
            nats.append(values[seen])
        known, values = np.concatenate(steps), np.concatenate(nats)
        if is_rare and curve.n_points > 1:
            joined = known > (curve.first_step or 0.0)
            known, values = known[joined], values[joined]
        return own.x(known), own.y(self.vertical.position(values))

    def _points(self, curve: Curve, first: float, last: float, most: int) -> tuple[Array, Array]:
        """Return the points of a curve between two steps, and one more group on each side."""
        grain = curve.grain(first, last, most)
        key = id(curve), grain
        if key not in self.merged:
            self.merged[key] = curve.points_of_grain(-np.inf, np.inf, grain)
        steps, nats = self.merged[key]
        low, high = steps.searchsorted((first, last)).tolist()
        inside = slice(max(low - 2, 0), high + 2)  # a group has two points
        return steps[inside], nats[inside]

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
        painter.setFont(self.font)
        metrics = QFontMetricsF(self.font)
        labels = [
            EndLabel(run.title, run.colour, end, metrics.horizontalAdvance(run.title))
            for run, end in ends
        ]
        for label, place in place_end_labels(labels, metrics.height(), size):
            self._write(painter, label, place)

    def _write(self, painter: QPainter, label: EndLabel, place: QRectF) -> None:
        painter.fillRect(place, self._veil)
        painter.setPen(QColor(label.colour))
        painter.drawText(place, Qt.AlignmentFlag.AlignLeft, label.text)

    @property
    def _veil(self) -> QColor:
        veil = QColor(self.ground)
        veil.setAlpha(_VEIL)
        return veil
