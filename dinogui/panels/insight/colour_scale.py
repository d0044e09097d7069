"""What the colours of a picture mean, as a strip beneath it."""

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QSizePolicy, QWidget

from dinogui.panels.insight.colours import NOT_FINITE, Pixels

_BAR_WIDTH, _SHORTEST_BAR, _BAR_HEIGHT, _GAP = 130, 30, 10, 6
_NO_NUMBER = "not a number"


class ColourScale(QWidget):
    """Draws a map of colours between what its ends mean, and the colour of no number."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._table: Pixels | None = None
        self._low = self._high = self._unit = ""
        self.setFixedHeight(self.fontMetrics().height() + 4)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Scale of the colours")
        self.setAutoFillBackground(True)  # else Qt paints all that lies behind it too
        self.setBackgroundRole(QPalette.ColorRole.Base)

    def show_scale(self, table: Pixels, low: str, high: str, unit: str) -> None:
        """Draw a map.

        Parameters
        ----------
        table : (256, 4) array
        low, high : str
            What its ends stand for.
        unit : str
            What is coloured, and in which unit.
        """
        if (low, high, unit) != (self._low, self._high, self._unit) or table is not self._table:
            self._table, self._low, self._high, self._unit = table, low, high, unit
            self.setAccessibleDescription(f"{unit}: from {low} to {high}")
            self.setToolTip(f"{unit}: from {low} to {high}. Crimson: not a number")
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the strip and its words."""
        if self._table is None:
            return
        painter, font = QPainter(self), self.fontMetrics()
        row = np.ascontiguousarray(self._table)
        strip = QImage(row.data, len(row), 1, QImage.Format.Format_RGBA8888).copy()
        # Where there is little room the strip is short, then the last words are left out, and then
        # what is coloured is cut.
        ends = sum(map(font.horizontalAdvance, (self._low, self._high)))
        rest = ends + 7 * _GAP + _BAR_HEIGHT
        room = self.width() - rest - _SHORTEST_BAR
        unit = font.elidedText(f"{self._unit}:", Qt.TextElideMode.ElideRight, max(room, 0))
        x = self._write(painter, 0, unit)
        x = self._write(painter, x, self._low)
        room = self.width() - rest - font.horizontalAdvance(unit)
        room_with_words = room - font.horizontalAdvance(_NO_NUMBER)
        has_words = room_with_words >= _SHORTEST_BAR
        width = min(max(room_with_words if has_words else room, _SHORTEST_BAR), _BAR_WIDTH)
        top = (self.height() - _BAR_HEIGHT) / 2
        painter.drawImage(QRectF(x, top, width, _BAR_HEIGHT), strip)
        x = self._write(painter, x + width + _GAP, self._high) + _GAP
        painter.fillRect(QRectF(x, top, _BAR_HEIGHT, _BAR_HEIGHT), QColor(*NOT_FINITE))
        if has_words:
            self._write(painter, x + _BAR_HEIGHT + _GAP, _NO_NUMBER)
        painter.end()

    def _write(self, painter: QPainter, x: int, text: str) -> int:
        """Write a text, and return where it ends."""
        width = self.fontMetrics().horizontalAdvance(text)
        painter.setPen(self.palette().text().color())
        painter.drawText(
            QRectF(x, 0, width + 1, self.height()), Qt.AlignmentFlag.AlignVCenter, text
        )
        return x + width + _GAP
