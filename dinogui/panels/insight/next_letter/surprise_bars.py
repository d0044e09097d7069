"""Bars that show the surprise at each letter."""

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QSizePolicy, QWidget

from dinogui.common.theme import Colours
from dinogui.panels.insight.frame.colours import NOT_FINITE
from dinogui.panels.insight.frame.heat_map import HeatMap
from engine.nn.parameters import Array

_LINES = 3.0
"""Height in lines of text: three labels stand at the axis."""

_FILLED, _GAP = 0.8, 4
_UNIT = "nats"


class SurpriseBars(QWidget):
    """Draws a bar for each letter, aligned with the columns of a map above.

    Parameters
    ----------
    map_ : HeatMap
        The map above, of the same width.
    """

    def __init__(self, map_: HeatMap, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._map = map_
        self._surprisal: Array = np.zeros(0)
        self._bar, self._text = QColor(), QColor()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAutoFillBackground(True)  # otherwise Qt also paints everything behind it
        self.setBackgroundRole(QPalette.ColorRole.Base)
        self.setAccessibleName("Surprise at each symbol, in nats")

    def show_surprisal(self, surprisal: Array) -> None:
        """Show other bars.

        Parameters
        ----------
        surprisal : (T,) array
            In nats.
        """
        self._surprisal = surprisal
        self.update()

    def show_colours(self, colours: Colours) -> None:
        """Draw in other colours."""
        self._bar, self._text = QColor(colours.smoothed), QColor(colours.text)
        self.update()

    def sizeHint(self) -> QSize:
        """Return the height that the axis needs."""
        return QSize(80, round(_LINES * self.fontMetrics().height()))

    def minimumSizeHint(self) -> QSize:
        """Return the same height."""
        return self.sizeHint()

    @property
    def axis_width(self) -> int:
        """The room that the axis needs left of the bars, in pixels."""
        return self.fontMetrics().horizontalAdvance(_UNIT) + _GAP

    @property
    def highest(self) -> float:
        """The surprise of a bar of full height, in nats."""
        return max(float(self._surprisal[np.isfinite(self._surprisal)].max(initial=0.0)), 1.0)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the bars and their axis."""
        if not len(self._surprisal):
            return
        painter = QPainter(self)
        area, highest = self._map.cells_area, self.highest
        width, floor = area.width() / len(self._surprisal), float(self.height())
        first = area.x() + width * (1 - _FILLED) / 2
        finite = np.isfinite(self._surprisal)
        # A value that is not finite is a bar of full height in a colour of its own.
        heights = (floor - 2.0) * np.where(finite, self._surprisal / highest, 1.0)
        painter.setPen(Qt.PenStyle.NoPen)
        for is_number, colour in ((True, self._bar), (False, QColor(*NOT_FINITE))):
            places = np.flatnonzero(finite == is_number).tolist()
            painter.setBrush(colour)
            painter.drawRects(
                [
                    QRectF(first + width * place, floor - height, width * _FILLED, height)
                    for place, height in zip(places, heights[places].tolist(), strict=True)
                ]
            )
        painter.setPen(self._text)
        axis = QRectF(0, 0, area.x() - _GAP, self.height())
        right, side = Qt.AlignmentFlag.AlignRight, Qt.AlignmentFlag
        painter.drawText(axis, right | side.AlignTop, f"{highest:.2g}")
        painter.drawText(axis, right | side.AlignVCenter, _UNIT)
        painter.drawText(axis, right | side.AlignBottom, "0")
        painter.end()
