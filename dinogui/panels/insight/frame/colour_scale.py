"""The scale that explains the colours, below a picture."""

import numpy as np
from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Slot
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QSizePolicy, QWidget

from dinogui.panels.insight.frame.colours import NOT_FINITE, Pixels
from dinogui.panels.insight.frame.heat_map import HeatMap
from dinogui.widgets.elision import elided_text

_BAR_WIDTH, _SHORTEST_BAR, _BAR_HEIGHT, _GAP = 130, 30, 10, 6
_NOT_A_NUMBER = "not a number"


class ColourScale(QWidget):
    """Draws a colour map between the values of its ends, and `NOT_FINITE` where that is to be seen.

    Parameters
    ----------
    explained : HeatMap
        The picture whose colours it explains.

    Attributes
    ----------
    names_not_finite : bool
        Whether it explains the colour of values that are infinite or not a number.
    """

    def __init__(self, explained: HeatMap, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.names_not_finite = not explained.is_finite
        explained.finite_changed.connect(self._take_finite)
        self._table: Pixels | None = None
        self._low = self._high = self._unit = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Scale of the colours")
        self.setAutoFillBackground(True)  # otherwise Qt also paints everything behind it
        self.setBackgroundRole(QPalette.ColorRole.Base)

    def show_scale(self, table: Pixels, low: str, high: str, unit: str) -> None:
        """Show another colour map or other ends.

        Parameters
        ----------
        table : (256, 4) array
        low, high : str
            The values at its ends.
        unit : str
            What the colours show, and its unit.
        """
        if (low, high, unit) != (self._low, self._high, self._unit) or table is not self._table:
            self._table, self._low, self._high, self._unit = table, low, high, unit
            self._describe()

    @Slot(bool)
    def _take_finite(self, is_finite: bool) -> None:
        self.names_not_finite = not is_finite
        self._describe()

    def _describe(self) -> None:
        said = f"{self._unit}: from {self._low} to {self._high}"
        if self.names_not_finite:
            said += ". Crimson: infinite or not a number"
        self.setAccessibleDescription(said)
        self.setToolTip(said)
        self.update()

    def sizeHint(self) -> QSize:
        """Return the height of a line, and the width of the strip with its labels."""
        font = self.fontMetrics()
        return QSize(_BAR_WIDTH + 30 * font.averageCharWidth(), font.height() + 4)

    def minimumSizeHint(self) -> QSize:
        """Do with less width: the labels are left out or elided."""
        return QSize(_SHORTEST_BAR, self.fontMetrics().height() + 4)

    def changeEvent(self, event: QEvent) -> None:
        """Take the height that another font needs."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.updateGeometry()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the strip and its labels."""
        if self._table is None:
            return
        painter, font = QPainter(self), self.fontMetrics()
        row = np.ascontiguousarray(self._table)
        strip = QImage(row.data, len(row), 1, QImage.Format.Format_RGBA8888).copy()
        # With little room, the strip gets shorter first, then the last label goes, then the unit is
        # elided.
        ends = sum(map(font.horizontalAdvance, (self._low, self._high)))
        rest = ends + 4 * _GAP
        if self.names_not_finite:
            rest += _BAR_HEIGHT + 3 * _GAP
        room = self.width() - rest - _SHORTEST_BAR
        unit = elided_text(f"{self._unit}:", font, max(room, 0))
        x = self._write(painter, 0, unit)
        x = self._write(painter, x, self._low)
        room = self.width() - rest - font.horizontalAdvance(unit)
        room_with_label = room - font.horizontalAdvance(_NOT_A_NUMBER)
        has_label = self.names_not_finite and room_with_label >= _SHORTEST_BAR
        width = min(max(room_with_label if has_label else room, _SHORTEST_BAR), _BAR_WIDTH)
        top = (self.height() - _BAR_HEIGHT) / 2
        painter.drawImage(QRectF(x, top, width, _BAR_HEIGHT), strip)
        x = self._write(painter, x + width + _GAP, self._high) + _GAP
        if self.names_not_finite:
            painter.fillRect(QRectF(x, top, _BAR_HEIGHT, _BAR_HEIGHT), QColor(*NOT_FINITE))
        if has_label:
            self._write(painter, x + _BAR_HEIGHT + _GAP, _NOT_A_NUMBER)
        painter.end()

    def _write(self, painter: QPainter, x: int, text: str) -> int:
        """Draw a text, and return the x of the gap behind it."""
        width = self.fontMetrics().horizontalAdvance(text)
        painter.setPen(self.palette().text().color())
        painter.drawText(
            QRectF(x, 0, width + 1, self.height()), Qt.AlignmentFlag.AlignVCenter, text
        )
        return x + width + _GAP
