"""Colour maps for numbers, and the scale that explains them below a picture.

The maps are perceptually uniform and safe for the colour-blind. Sizes and shares use viridis, from
dark to light. Signed values use Peter Kovesi's diverging map CET-CBD1: blue below zero, white at
zero, gold above. Values that are infinite or not a number have a colour that is in neither map.
"""

from functools import cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QSizePolicy, QWidget

from dinogui.startup.lean_pyqtgraph import pg
from engine.nn.parameters import Array

Pixels = NDArray[np.uint8]
"""(rows, columns, 4): red, green, blue, opacity."""

NOT_FINITE = (224, 0, 94, 255)
"""Crimson: the colour of values that are infinite or not a number."""

_SHADES = 256
_BAR_WIDTH, _SHORTEST_BAR, _BAR_HEIGHT, _GAP = 130, 30, 10, 6
_NOT_A_NUMBER = "not a number"


@cache
def sequential_map() -> Pixels:
    """Return the colours from low to high: (256, 4), RGBA."""
    return _table("viridis")


@cache
def diverging_map() -> Pixels:
    """Return the colours from below zero to above: (256, 4), RGBA."""
    return _table("CET-CBD1")


def _table(name: str) -> Pixels:
    return np.asarray(pg.colormap.get(name).getLookupTable(nPts=_SHADES, alpha=True), np.uint8)


def sequential(values: Array, low: float, high: float) -> Pixels:
    """Return the colours of values between `low` (dark) and `high` (light)."""
    return _coloured(sequential_map(), values, low, high)


def diverging(values: Array, reach: float) -> Pixels:
    """Return the colours of values between -`reach` and `reach`, with zero in the middle."""
    return _coloured(diverging_map(), values, -reach, reach)


def logarithmic(values: Array, low: float, high: float) -> Pixels:
    """Return the colours of sizes between `low` and `high` by their logarithms.

    Both ends are above 0; a size of zero has the colour of `low`.
    """
    with np.errstate(all="ignore"):
        logarithms = np.log10(np.maximum(values, low))
    return _coloured(sequential_map(), logarithms, np.log10(low), np.log10(high))


def reach_of(values: Array) -> float:
    """Return the largest finite absolute value, or 1 if there is none above zero."""
    finite = np.abs(values[np.isfinite(values)])
    return float(finite.max(initial=0.0)) or 1.0


def _coloured(table: Pixels, values: Array, low: float, high: float) -> Pixels:
    finite = np.isfinite(values)
    span = high - low or 1.0
    shares = np.where(finite, values, low).astype(np.float64) / span - low / span
    places = np.clip(shares * (_SHADES - 1) + 0.5, 0, _SHADES - 1).astype(np.intp)
    # The four bytes of a colour are looked up as one number.
    colours = np.append(table, [NOT_FINITE], axis=0).astype(np.uint8).view(np.uint32)[:, 0]
    if not finite.all():
        places[~finite] = _SHADES
    return colours.take(places)[..., np.newaxis].view(np.uint8)


class ColourScale(QWidget):
    """Draws a colour map between the values of its ends, and the colour of `NOT_FINITE`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._table: Pixels | None = None
        self._low = self._high = self._unit = ""
        self.setFixedHeight(self.fontMetrics().height() + 4)
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
            self.setAccessibleDescription(f"{unit}: from {low} to {high}")
            self.setToolTip(f"{unit}: from {low} to {high}. Crimson: not a number")
            self.update()

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
        rest = ends + 7 * _GAP + _BAR_HEIGHT
        room = self.width() - rest - _SHORTEST_BAR
        unit = font.elidedText(f"{self._unit}:", Qt.TextElideMode.ElideRight, max(room, 0))
        x = self._write(painter, 0, unit)
        x = self._write(painter, x, self._low)
        room = self.width() - rest - font.horizontalAdvance(unit)
        room_with_label = room - font.horizontalAdvance(_NOT_A_NUMBER)
        has_label = room_with_label >= _SHORTEST_BAR
        width = min(max(room_with_label if has_label else room, _SHORTEST_BAR), _BAR_WIDTH)
        top = (self.height() - _BAR_HEIGHT) / 2
        painter.drawImage(QRectF(x, top, width, _BAR_HEIGHT), strip)
        x = self._write(painter, x + width + _GAP, self._high) + _GAP
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
