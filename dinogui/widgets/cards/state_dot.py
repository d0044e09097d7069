"""A dot whose colour tells a state at a glance; a word beside it says the same."""

from enum import Enum

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QWidget

from dinogui.common.icons import Icon, draw_icon
from dinogui.common.theme import DARK, LIGHT, SPACE

_RING = 2.0
"""Pixels: the width of the line of a ring."""


class Sign(Enum):
    """What a dot tells."""

    IDLE = "idle"
    GOOD = "good"
    ACTIVE = "active"
    READING = "reading"
    PAST = "past"
    BAD = "bad"


class StateDot(QWidget):
    """Shows a sign: a dot, a ring for the past, or a triangle for what is bad."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.sign = Sign.IDLE

    def show_sign(self, sign: Sign) -> None:
        """Show another sign."""
        if sign is not self.sign:
            self.sign = sign
            self.update()

    def sizeHint(self) -> QSize:
        """Return the size of the dot with some room before it."""
        size = self._size()
        return QSize(size + 2 * SPACE, size)

    def _size(self) -> int:
        return self.fontMetrics().height() * 5 // 9

    def _colour(self) -> QColor:
        palette = self.palette()
        is_dark = palette.color(QPalette.ColorRole.Window).lightness() < 128
        colours = DARK if is_dark else LIGHT
        if self.sign is Sign.IDLE:
            return palette.color(QPalette.ColorRole.PlaceholderText)
        signs = {
            Sign.GOOD: colours.good,
            Sign.ACTIVE: colours.good,
            Sign.READING: colours.accent,
            Sign.PAST: colours.accent,
            Sign.BAD: colours.error,
        }
        return QColor(signs[self.sign])

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the dot; for what is bad, a warning sign, which also the colour-blind can tell."""
        painter = QPainter(self)
        if self.sign is Sign.BAD:
            side = self.fontMetrics().height() * 8 // 9
            left = SPACE + self._size() / 2 + SPACE - side / 2
            place = QRectF(left, (self.height() - side) / 2, side, side)
            draw_icon(painter, Icon.WARNING, place, self._colour())
            painter.end()
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._colour())
        size = self._size()
        dot = QRectF(2 * SPACE, (self.height() - size) / 2, size, size)
        if self.sign is Sign.PAST:
            painter.setPen(QPen(self._colour(), _RING))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            dot = dot.adjusted(_RING / 2, _RING / 2, -_RING / 2, -_RING / 2)
        painter.drawEllipse(dot)
        painter.end()
