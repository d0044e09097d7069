"""A table of numbers as coloured cells, with labels for its rows and columns.

It is painted by hand instead of by a plotting library. While the network trains, every call from Qt
into Python waits for the interpreter; a frame of a plot makes a hundred such calls, this makes one.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetrics,
    QImage,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QWidget

from dinogui.common.theme import Colours
from dinogui.panels.insight.frame.colours import Pixels

_MOST_LABEL_COLUMNS = 3
"""The labels of narrow rows stand side by side in at most this many columns."""

_SMALL_CELL = 9
"""Height in pixels below which frames are drawn thinner."""

_GAP = 6
_FRAME_COLOUR = "#ff8c00"


@dataclass(frozen=True)
class _Places:
    """The layout in pixels: worked out once for many cells and many paints.

    Attributes
    ----------
    left, width, height : float
        Of the area of the cells, whose top is 0.
    line : int
        Height of a line of text.
    names_width : int
        Width of one column of row labels.
    side_by_side : int
        Number of columns of row labels.
    columns_width : int
        Width of a column label.
    """

    left: float
    width: float
    height: float
    line: int
    names_width: int
    side_by_side: int
    columns_width: int


class HeatMap(QWidget):
    """Shows cells, row 0 on top, and reports which one the pointer is on.

    Lives in the GUI thread.

    Attributes
    ----------
    pixels : (rows, columns, 4) array or None
        The colours that are drawn, RGBA.
    marked : tuple of tuple of int
        Row and column of each framed cell.

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
        # Otherwise Qt also paints everything behind it, up to the window.
        self.setAutoFillBackground(True)
        self.setBackgroundRole(QPalette.ColorRole.Base)
        self.pixels: Pixels | None = None
        self.marked: tuple[tuple[int, int], ...] = ()
        self._row_names: tuple[str, ...] = ()
        self._column_names: tuple[str, ...] = ()
        self._text_colour = QColor()
        self._known_places: _Places | None = None

    @property
    def shape(self) -> tuple[int, int]:
        """Number of rows and columns."""
        return (0, 0) if self.pixels is None else (self.pixels.shape[0], self.pixels.shape[1])

    def show_cells(
        self, pixels: Pixels, row_names: Sequence[str] = (), column_names: Sequence[str] = ()
    ) -> None:
        """Show other cells.

        Parameters
        ----------
        pixels : (rows, columns, 4) array
        row_names, column_names : sequence of str
            Either empty, or one label for each.
        """
        if pixels.shape[:2] != self.shape:
            self.marked = ()
        self.pixels = np.ascontiguousarray(pixels)
        names = tuple(row_names), tuple(column_names)
        if names != (self._row_names, self._column_names):
            self._row_names, self._column_names = names
            self._known_places = None
        self.update()

    def mark(self, cells: Sequence[tuple[int, int]]) -> None:
        """Draw a frame around cells, given as rows and columns."""
        self.marked = tuple(cells)
        self.update()

    def show_colours(self, colours: Colours) -> None:
        """Draw the labels in other colours."""
        self._text_colour = QColor(colours.text)
        self.update()

    def cell_centre(self, row: int, column: int) -> QPointF:
        """Return the centre of a cell in the widget's coordinates."""
        return self._cell(row, column).center()

    @property
    def cells_area(self) -> QRectF:
        """The area of the cells: beside the row labels, above the column labels."""
        places = self._places
        return QRectF(places.left, 0, places.width, places.height)

    @property
    def _places(self) -> _Places:
        if self._known_places is None:
            self._known_places = self._find_places()
        return self._known_places

    def _find_places(self) -> _Places:
        font = self.fontMetrics()
        line = font.height()
        names_width = _widest(font, self._row_names, -_GAP) + _GAP
        wanted = math.ceil(len(self._row_names) * line / max(self.height(), 1))
        side_by_side = min(max(wanted, 1), _MOST_LABEL_COLUMNS)
        left = names_width * side_by_side + (_GAP if self._row_names else 0)
        below = line + 2 if self._column_names else 0
        return _Places(
            left=left,
            width=max(self.width() - left, 1),
            height=max(self.height() - below, 1),
            line=line,
            names_width=names_width,
            side_by_side=side_by_side,
            columns_width=_widest(font, self._column_names) + 2,
        )

    def _cell(self, row: int, column: int) -> QRectF:
        places, (rows, columns) = self._places, self.shape
        width, height = places.width / columns, places.height / rows
        return QRectF(places.left + column * width, row * height, width, height)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the cells, the labels and the frames."""
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
            # In small cells, a thick frame would hide the colour.
            is_small = self.cells_area.height() < _SMALL_CELL * rows
            painter.setPen(QPen(QColor(_FRAME_COLOUR), 1 if is_small else 2))
            painter.drawRects([self._cell(*place) for place in self.marked])
        painter.end()

    def _write_rows(self, painter: QPainter) -> None:
        """Draw as many row labels as there is room for."""
        places, rows = self._places, len(self._row_names)
        height, width = places.line, places.names_width
        every = math.ceil(rows * height / (places.height * places.side_by_side))
        flags = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        for place, row in enumerate(range(0, rows, max(every, 1))):
            middle = (row + 0.5) / rows * places.height
            right = places.left - _GAP - width * (place % places.side_by_side)
            top = min(max(middle - height / 2, 0), places.height - height)
            painter.drawText(QRectF(right - width, top, width, height), flags, self._row_names[row])

    def _write_columns(self, painter: QPainter) -> None:
        """Draw as many column labels as there is room for."""
        places, columns, width = self._places, len(self._column_names), self._places.columns_width
        every = max(math.ceil(columns * width / places.width), 1)
        for column in range(0, columns, every):
            middle = places.left + (column + 0.5) / columns * places.width
            place = QRectF(middle - width, places.height + 1, 2 * width, places.line)
            painter.drawText(place, Qt.AlignmentFlag.AlignHCenter, self._column_names[column])

    def _cell_at(self, place: QPointF) -> tuple[int, int]:
        places, (rows, columns) = self._places, self.shape
        if not rows or not self.cells_area.contains(place):
            return -1, -1
        row = math.floor(place.y() / places.height * rows)
        column = math.floor((place.x() - places.left) / places.width * columns)
        return min(row, rows - 1), min(column, columns - 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Work out the layout again."""
        super().resizeEvent(event)
        self._known_places = None

    def changeEvent(self, event: QEvent) -> None:
        """Work out the layout again for another font."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._known_places = None

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Report which cell the pointer is on."""
        self.pointed.emit(*self._cell_at(event.position()))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Report which cell was clicked."""
        row, column = self._cell_at(event.position())
        if row >= 0 and event.button() == Qt.MouseButton.LeftButton:
            self.clicked.emit(row, column)

    def leaveEvent(self, event: QEvent) -> None:
        """Report that the pointer is on no cell."""
        super().leaveEvent(event)
        self.pointed.emit(-1, -1)


def _widest(font: QFontMetrics, names: Sequence[str], least: int = 0) -> int:
    """Return the width of the widest name; each distinct name is measured once."""
    return max(map(font.horizontalAdvance, set(names)), default=least)
