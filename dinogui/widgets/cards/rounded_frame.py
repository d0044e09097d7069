"""A frame with rounded corners, in the colours of the palette."""

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette, QRegion
from PySide6.QtWidgets import QApplication, QFrame, QWidget


class RoundedFrame(QFrame):
    """Paints its ground in the palette's `Window`, with a line in `Mid` around it.

    Parameters
    ----------
    radius : int
        Radius of the corners in pixels.
    lies_over_others : bool
        Whether there is more behind it than the `Window` of its parent, which is seen behind the
        corners.
    """

    def __init__(
        self, radius: int, parent: QWidget | None = None, *, lies_over_others: bool = True
    ) -> None:
        super().__init__(parent)
        self._radius = radius
        # Otherwise Qt also paints everything behind it whenever a part of its content changes.
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent, not lies_over_others)

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
        if self.testAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent):
            painter.fillRect(whole, self._ground_behind())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(ground)
        rect = QRectF(whole).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(rect, radius, radius)
        painter.end()

    def _ground_behind(self) -> QColor:
        parent = self.parentWidget()
        palette = QApplication.palette() if parent is None else parent.palette()
        return palette.color(QPalette.ColorRole.Window)
