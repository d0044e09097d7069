"""A picture of the losses of one run: its smoothed training loss, and its held-out loss."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen, QPolygonF

from dinogui.common.theme import Colours
from engine.evaluation.units import Unit
from engine.training.curves.curve import Curve
from engine.training.curves.run_curves import Curves

_WIDTH, _HEIGHT = 1200, 700
_LEFT, _TOP, _RIGHT, _BOTTOM = 90, 60, 30, 60
_TICKS = 5
_MOST_POINTS = 4_000
_SHARE_OF_SPIKES = 98
"""Percentile of the losses at the top of the picture: a spike does not ruin the scale."""


def curve_picture(curves: Curves, unit: Unit, unit_words: str, colours: Colours) -> QImage:
    """Draw the losses of a run over its steps, in nats."""
    image = QImage(_WIDTH, _HEIGHT, QImage.Format.Format_RGB32)
    image.fill(QColor(colours.base))
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    room = QRectF(_LEFT, _TOP, _WIDTH - _LEFT - _RIGHT, _HEIGHT - _TOP - _BOTTOM)
    lines = [
        (_points(curves.smoothed(unit)), colours.smoothed, "training, smoothed"),
        (_points(curves.held_out(unit)), colours.held_out, "held out"),
    ]
    losses = np.concatenate([points[:, 1] for points, _, _ in lines])
    low, high = (0.0, 1.0) if not losses.size else np.percentile(losses, (0, _SHARE_OF_SPIKES))
    high = max(float(high), float(low) + 1e-6)
    last = max(curves.last_step, 1)
    _draw_axes(painter, room, (0.0, float(last)), (float(low), high), colours)
    painter.drawText(QPointF(_LEFT, _TOP / 2), f"Loss, {unit_words}")
    painter.setClipRect(room.adjusted(0, -2, 0, 2))
    for points, colour, _ in lines:
        x = room.left() + points[:, 0] / last * room.width()
        y = room.bottom() - (points[:, 1] - low) / (high - low) * room.height()
        painter.setPen(QPen(QColor(colour), 2))
        painter.drawPolyline(QPolygonF([QPointF(*point) for point in zip(x, y, strict=True)]))
    painter.setClipping(False)
    for place, (_, colour, words) in enumerate(lines):
        painter.setPen(QColor(colour))
        painter.drawText(QPointF(_WIDTH / 2 + 200 * place, _TOP / 2), words)
    painter.end()
    return image


def _points(curve: Curve) -> NDArray[np.floating]:
    """Return the steps and the losses of a curve. Shape (points, 2)."""
    return np.column_stack(curve.points(0, np.inf, _MOST_POINTS)).astype(float)


def _draw_axes(
    painter: QPainter,
    room: QRectF,
    steps: tuple[float, float],
    losses: tuple[float, float],
    colours: Colours,
) -> None:
    for share in np.linspace(0, 1, _TICKS):
        x, y = room.left() + share * room.width(), room.bottom() - share * room.height()
        painter.setPen(QColor(colours.grid))
        painter.drawLine(QPointF(room.left(), y), QPointF(room.right(), y))
        painter.setPen(QColor(colours.faint_text))
        step, loss = steps[1] * share, losses[0] + share * (losses[1] - losses[0])
        middle = Qt.AlignmentFlag.AlignCenter
        painter.drawText(QRectF(x - 60, room.bottom() + 8, 120, 24), middle, f"{step:,.0f}")
        painter.drawText(
            QRectF(0, y - 12, _LEFT - 8, 24), Qt.AlignmentFlag.AlignRight, f"{loss:.2f}"
        )
