"""A frame with rounded corners, in the colours of the palette."""

from PySide6.QtCore import QRect, QRectF
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QRegion
from PySide6.QtWidgets import QFrame, QWidget


class RoundedFrame(QFrame):
    """Paints its ground in the palette's `Window`, with a line in `Mid` around it.

    Parameters
    ----------
    radius : int
        Radius of the corners in pixels.
    """

    def __init__(self, radius: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._radius = radius

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the ground and the line.

        Only the corners are drawn as curves: for a whole card, that would take ten times as long.
        """
        painter, palette = QPainter(self), self.palette()
        ground = palette.color(QPalette.ColorRole.Window)
        line = palette.color(QPalette.ColorRole.Mid)
        whole, radius = self.rect(), self._radius
        part = event.rect()
        if whole.adjusted(radius, 1, -radius, -1).contains(part):
            painter.fillRect(part, ground)
            painter.end()
            return
        right, bottom = whole.right(), whole.bottom()
        painter.fillRect(whole.adjusted(radius, 0, -radius, 0), ground)
        painter.fillRect(whole.adjusted(0, radius, 0, -radius), ground)
        painter.setPen(line)
        for y in (0, bottom):
            painter.drawLine(radius, y, right - radius, y)
        for x in (0, right):
            painter.drawLine(x, radius, x, bottom - radius)
        corners = QRegion()
        for x in (0, right - radius + 1):
            for y in (0, bottom - radius + 1):
                corners += QRect(x, y, radius, radius)
        painter.setClipRegion(corners)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(ground)
        rect = QRectF(whole).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(rect, radius, radius)
        painter.end()
