"""A diagram of calibration: how sure the network is, and how often it is right then."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from dinogui.common.theme import Colours
from engine.evaluation.kinds_report import CalibrationBin

_LEAST, _LARGEST = 3.0, 9.0
"""Radius of the smallest and of the largest dot, in pixels."""

_USUAL = 160


class CalibrationView(QWidget):
    """Draws a dot for each bin of names: its confidence to the right, the share right upwards.

    On the diagonal, the network is as often right as it says. Larger dots are more names.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.bins: tuple[CalibrationBin, ...] = ()
        self._error = 0.0
        self._colours: Colours | None = None
        self.setAccessibleName("Calibration")
        self.setAutoFillBackground(True)
        self.setBackgroundRole(QPalette.ColorRole.Base)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)

    def show_bins(self, bins: Sequence[CalibrationBin], error: float) -> None:
        """Show other bins, and their expected calibration error."""
        self.bins, self._error = tuple(bins), error
        parts = [
            f"{each.confidence:.0%} sure: {each.accuracy:.0%} right, {each.count:,} in all"
            for each in self.bins
            if each.confidence is not None and each.accuracy is not None
        ]
        self.setAccessibleDescription("; ".join(parts))
        self.setToolTip("\n".join(parts))
        self.update()

    def show_colours(self, colours: Colours) -> None:
        """Draw in other colours."""
        self._colours = colours
        self.update()

    def sizeHint(self) -> QSize:
        """Return the size of a small square with its labels."""
        return QSize(_USUAL, _USUAL)

    def minimumSizeHint(self) -> QSize:
        """Do with less."""
        return QSize(_USUAL // 2, _USUAL // 2)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the diagonal, the dots and the labels."""
        if self._colours is None or not self.bins:
            return
        painter, line = QPainter(self), self.fontMetrics().height()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        side = max(min(self.width(), self.height() - 3 * line) - _LARGEST, 1.0)
        area = QRectF(_LARGEST, line + 4, side, side)
        painter.setPen(QColor(self._colours.text))
        error = f"off by {100 * self._error:.1f} points on average"
        painter.drawText(QPointF(_LARGEST, line - 2), error)
        painter.setPen(QColor(self._colours.border))
        painter.drawRect(area)
        painter.setPen(QPen(QColor(self._colours.grid), 1, Qt.PenStyle.DashLine))
        painter.drawLine(area.bottomLeft(), area.topRight())
        most = max(each.count for each in self.bins)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._colours.accent))
        for each in self.bins:
            if each.confidence is None or each.accuracy is None:
                continue
            centre = QPointF(
                area.left() + each.confidence * side, area.bottom() - each.accuracy * side
            )
            radius = _LEAST + (_LARGEST - _LEAST) * (each.count / most) ** 0.5
            painter.drawEllipse(centre, radius, radius)
        painter.setPen(QColor(self._colours.faint_text))
        below = QRectF(_LARGEST, area.bottom() + 2, self.width() - _LARGEST, 2 * line)
        painter.drawText(below, Qt.TextFlag.TextWordWrap, "→ how sure  ↑ share right")
        painter.end()
