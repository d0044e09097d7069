"""The mark of the best held-out loss of a run: a ring, and its value beside it."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from PySide6.QtCore import QPointF, QRect, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen

from dinogui.panels.loss.axes.scales import ViewScale
from dinogui.panels.loss.pane.label_placement import Line, place_label

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

    @cached_property
    def size(self) -> QSizeF:
        """The size of the text in pixels."""
        metrics = QFontMetrics(self.font)
        return QSizeF(metrics.horizontalAdvance(self.text) + 2, metrics.height())

    def centre(self, scale: ViewScale) -> QPointF:
        """Return the centre of the ring in pixels."""
        return QPointF(scale.x_of(self.step), scale.y_of(self.position))

    def room(self, scale: ViewScale, view: QSizeF, lines: Sequence[Line]) -> QRectF:
        """Return the room of the text in a pane of a size, beside lines; all in pixels."""
        return place_label(self.size, self.centre(scale), _RADIUS + _GAP, view, lines)

    def area(self, scale: ViewScale, room: QRectF) -> QRect:
        """Return what the ring and the text cover, in pixels."""
        return self.ring(scale).united(room).toAlignedRect()

    def ring(self, scale: ViewScale) -> QRectF:
        """Return what the ring covers, in pixels."""
        centre, reach = self.centre(scale), _RADIUS + _LINE
        return QRectF(centre.x() - reach, centre.y() - reach, 2 * reach, 2 * reach)

    def paint(self, painter: QPainter, part: QRectF, scale: ViewScale, room: QRectF) -> None:
        """Draw what of it lies in a part of the pane, with its text in a room."""
        painter.setPen(QPen(self.ink, _LINE))
        if self.ring(scale).intersects(part):
            painter.setBrush(self.ground)
            painter.drawEllipse(self.centre(scale), _RADIUS, _RADIUS)
            painter.setBrush(Qt.BrushStyle.NoBrush)
        if room.intersects(part):
            painter.setFont(self.font)
            painter.drawText(room, Qt.AlignmentFlag.AlignCenter, self.text)
