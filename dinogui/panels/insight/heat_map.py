"""A table of numbers as coloured cells, with names at its rows and columns.

It is painted here and not by a plot: while the network trains, every call from Qt into Python waits
for the interpreter, and a plot's frame makes a hundred of them. This makes one.
"""

import math
from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from dinogui.panels.insight.colours import Pixels
from dinogui.theme import Colours

_MOST_COLUMNS_OF_NAMES = 3
"""Names of narrow rows stand side by side, in so many columns at the most."""

_SMALL_CELL = 9
"""Pixels in height."""

_GAP = 6
_FRAME_COLOUR = "#ff8c00"


class HeatMap(QWidget):
    """Shows cells, row 0 on top, and says which one the pointer is on.

    Attributes
    ----------
    pixels : (rows, columns, 4) array or None
        What is drawn.
    marked : tuple of tuple of int
        The rows and columns of the cells that have a frame.

    Signals
    -------
    pointed(int, int)
        Row and column under the pointer; -1, -1 for none.
    clicked(int, int)
        Row and column.
    """

    pointed = Signal(int, int)
    clicked = Signal(int, int)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setMouseTracking(True)
        self.setMinimumSize(80, 60)
        self.pixels: Pixels | None = None
        self.marked: tuple[tuple[int, int], ...] = ()
        self._row_names: tuple[str, ...] = ()
        self._column_names: tuple[str, ...] = ()
        self._text_colour = QColor()

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns shown."""
        return (0, 0) if self.pixels is None else (self.pixels.shape[0], self.pixels.shape[1])

    def show_cells(
        self, pixels: Pixels, row_names: Sequence[str] = (), column_names: Sequence[str] = ()
    ) -> None:
        """Draw cells.

        Parameters
        ----------
        pixels : (rows, columns, 4) array
        row_names, column_names : sequence of str
            None at all, or one for each.
        """
        if pixels.shape[:2] != self.shape:
            self.marked = ()
        self.pixels = np.ascontiguousarray(pixels)
        self._row_names, self._column_names = tuple(row_names), tuple(column_names)
        self.update()

    def mark(self, cells: Sequence[tuple[int, int]]) -> None:
        """Draw a frame around cells, given as rows and columns."""
        self.marked = tuple(cells)
        self.update()

    def show_colours(self, colours: Colours) -> None:
        """Draw the surroundings in other colours."""
        self._text_colour = QColor(colours.text)
        self.update()

    def cell_centre(self, row: int, column: int) -> QPointF:
        """Return where a cell's middle lies in the widget."""
        return self._cell(row, column).center()

    @property
    def cells_area(self) -> QRectF:
        """Where the cells are: beside the names of the rows, above those of the columns."""
        left = self._names_width * self._side_by_side + (_GAP if self._row_names else 0)
        below = self.fontMetrics().height() + 2 if self._column_names else 0
        return QRectF(left, 0, max(self.width() - left, 1), max(self.height() - below, 1))

    @property
    def _names_width(self) -> int:
        """The room that a column of the rows' names takes."""
        names = map(self.fontMetrics().horizontalAdvance, self._row_names)
        return max(names, default=-_GAP) + _GAP

    @property
    def _side_by_side(self) -> int:
        """In how many columns the rows' names stand."""
        wanted = len(self._row_names) * self.fontMetrics().height() / max(self.height(), 1)
        return min(max(math.ceil(wanted), 1), _MOST_COLUMNS_OF_NAMES)

    def _cell(self, row: int, column: int) -> QRectF:
        area, (rows, columns) = self.cells_area, self.shape
        width, height = area.width() / columns, area.height() / rows
        return QRectF(area.x() + column * width, area.y() + row * height, width, height)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw everything."""
        if self.pixels is None:
            return
        rows, columns = self.shape
        image = QImage(self.pixels.data, columns, rows, 4 * columns, QImage.Format.Format_RGBA8888)
        painter = QPainter(self)
        painter.drawImage(self.cells_area, image)
        painter.setPen(self._text_colour)
        self._write_rows(painter)
        self._write_columns(painter)
        if self.marked:
            # A frame leaves room for the colour that it is around.
            is_small = self.cells_area.height() < _SMALL_CELL * rows
            painter.setPen(QPen(QColor(_FRAME_COLOUR), 1 if is_small else 2))
            painter.drawRects([self._cell(*place) for place in self.marked])
        painter.end()

    def _write_rows(self, painter: QPainter) -> None:
        """Write as many names as there is room for, beside their rows."""
        height, width, beside = self.fontMetrics().height(), self._names_width, self._side_by_side
        area = self.cells_area
        every = math.ceil(len(self._row_names) * height / (area.height() * beside))
        flags = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        for place, row in enumerate(range(0, len(self._row_names), max(every, 1))):
            middle = self._cell(row, 0).center().y()
            right = area.x() - _GAP - width * (place % beside)
            top = min(max(middle - height / 2, 0), area.height() - height)
            painter.drawText(QRectF(right - width, top, width, height), flags, self._row_names[row])

    def _write_columns(self, painter: QPainter) -> None:
        """Write as many names as there is room for, below their columns."""
        names, font, area = self._column_names, self.fontMetrics(), self.cells_area
        widest = max(map(font.horizontalAdvance, names), default=0) + 2
        every = max(math.ceil(len(names) * widest / area.width()), 1)
        for column in range(0, len(names), every):
            middle = self._cell(0, column).center().x()
            place = QRectF(middle - widest, area.height() + 1, 2 * widest, font.height())
            painter.drawText(place, Qt.AlignmentFlag.AlignHCenter, names[column])

    def _cell_at(self, place: QPointF) -> tuple[int, int]:
        area, (rows, columns) = self.cells_area, self.shape
        if not rows or not area.contains(place):
            return -1, -1
        row = math.floor((place.y() - area.y()) / area.height() * rows)
        column = math.floor((place.x() - area.x()) / area.width() * columns)
        return min(row, rows - 1), min(column, columns - 1)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Say which cell the pointer is on."""
        self.pointed.emit(*self._cell_at(event.position()))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Say which cell was clicked."""
        row, column = self._cell_at(event.position())
        if row >= 0 and event.button() == Qt.MouseButton.LeftButton:
            self.clicked.emit(row, column)

    def leaveEvent(self, event: QEvent) -> None:
        """Point at nothing."""
        super().leaveEvent(event)
        self.pointed.emit(-1, -1)
