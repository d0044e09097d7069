"""The line in the loss plot at the step that is looked at, with its label."""

import math
from dataclasses import dataclass
from functools import cached_property

from PySide6.QtCore import QRect, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen

from dinogui.panels.loss.axes.scales import ViewScale

_ABOVE, _BESIDE = 1, 7
"""Pixels around the text of the label, above it and at its sides."""


@dataclass(frozen=True)
class PastLine:
    """Where the line is, and what its label says.

    Attributes
    ----------
    step : int
    text : str
    font : QFont
    ink, ground : QColor
        Of the line and the label; of the text on the label.
    """

    step: int
    text: str
    font: QFont
    ink: QColor
    ground: QColor

    @property
    def label_height(self) -> int:
        """The height of the label at the upper edge, in pixels."""
        return math.ceil(self._size.height())

    @cached_property
    def _size(self) -> QSizeF:
        metrics = QFontMetrics(self.font)
        width = metrics.horizontalAdvance(self.text) + 2 * _BESIDE
        return QSizeF(width, metrics.height() + 2 * _ABOVE)

    def label(self, scale: ViewScale, width: int) -> QRectF:
        """Return the room of the label in a pane of some width, in pixels."""
        size, x = self._size, scale.x_of(self.step)
        left = max(min(x - size.width() / 2, width - size.width()), 0.0)
        return QRectF(left, 0.0, size.width(), size.height())

    def areas(self, scale: ViewScale, width: int, height: int) -> tuple[QRect, QRect]:
        """Return what the line and the label cover in a pane of some size."""
        x = math.floor(scale.x_of(self.step))
        label = self.label(scale, width).toAlignedRect().adjusted(-1, -1, 1, 1)
        return QRect(x - 2, 0, 5, height), label

    def is_in_view(self, scale: ViewScale) -> bool:
        """Whether the step is in view."""
        return scale.first <= self.step <= scale.last

    def paint(self, painter: QPainter, scale: ViewScale, width: int, height: int) -> None:
        """Draw it, if it is in view."""
        if not self.is_in_view(scale):
            return
        x = round(scale.x_of(self.step))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setPen(QPen(self.ink, 1.0))
        painter.drawLine(x, 0, x, height)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        label = self.label(scale, width)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.ink)
        painter.drawRoundedRect(label, label.height() / 2, label.height() / 2)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(self.ground)
        painter.setFont(self.font)
        painter.drawText(label, Qt.AlignmentFlag.AlignCenter, self.text)
