"""The mark of the best held-out loss of a run: a ring, and its value beside it."""

from dataclasses import dataclass
from functools import cached_property

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen

from dinogui.panels.loss.scales import ViewScale

_RADIUS, _LINE, _GAP = 4.0, 2.0, 4


@dataclass(frozen=True)
class BestMark:
    """Where the mark is, and what it says.

    Attributes
    ----------
    step, position : float
        Its place on the axes.
    text : str
    font : QFont
    ink, ground : QColor
        Of the ring and the text; of the inside of the ring.
    """

    step: float
    position: float
    text: str
    font: QFont
    ink: QColor
    ground: QColor

    def area(self, scale: ViewScale, width: int, height: int) -> QRect:
        """Return what it covers in a pane of this size, in pixels."""
        centre, room = self._places(scale, width, height)
        reach = _RADIUS + _LINE
        ring = QRectF(centre.x() - reach, centre.y() - reach, 2 * reach, 2 * reach)
        return ring.united(room).toAlignedRect()

    def paint(self, painter: QPainter, scale: ViewScale, width: int, height: int) -> None:
        """Draw it."""
        centre, room = self._places(scale, width, height)
        painter.setPen(QPen(self.ink, _LINE))
        painter.setBrush(self.ground)
        painter.drawEllipse(centre, _RADIUS, _RADIUS)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setFont(self.font)
        painter.drawText(room, Qt.AlignmentFlag.AlignCenter, self.text)

    @cached_property
    def _text_size(self) -> tuple[int, int]:
        """The width and the height of the text, which every frame asks for."""
        metrics = QFontMetrics(self.font)
        return metrics.horizontalAdvance(self.text) + 2, metrics.height()

    def _places(self, scale: ViewScale, width: int, height: int) -> tuple[QPointF, QRectF]:
        """Return the centre of the ring and the room of the text: below it, or else above it."""
        size = self._text_size
        x, y = scale.x_of(self.step), scale.y_of(self.position)
        left = min(max(x - size[0] / 2, 0.0), width - size[0] - 1.0)
        if not 0 <= x <= width:  # the ring is out of view, and so is its text
            left = x - size[0] / 2
        top = y + _RADIUS + _GAP
        if top + size[1] > height:
            top = y - _RADIUS - _GAP - size[1]
        return QPointF(x, y), QRectF(left, top, *size)
