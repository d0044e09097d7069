"""A table of numbers as coloured cells, with labels for its rows and columns.

It is painted by hand instead of by a plotting library. While the network trains, every call from Qt
into Python waits for the interpreter; a frame of a plot makes a hundred such calls, this makes one.
"""

from collections.abc import Iterable, Sequence

import numpy as np
from PySide6.QtCore import QEvent, QLine, QPoint, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QFocusEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QWidget

from dinogui.common.documented_keys import DocumentedKeys
from dinogui.common.theme import Colours
from dinogui.panels.insight.frame.cell_labels import write_column_labels, write_row_labels
from dinogui.panels.insight.frame.cell_layout import (
    MOST_LABEL_COLUMNS,
    CellLayout,
    height_of_cells,
)
from dinogui.panels.insight.frame.colours import Pixels, are_finite, luminance

KEYS = DocumentedKeys(
    "Heat maps",
    (
        ("Left, Right, Up, Down", "Go to another cell"),
        ("Home, End", "Go to the first or the last cell of the row"),
        ("Enter", "Choose the cell"),
        ("Shift+F10, Menu", "Open the menu of the unit, in Hidden states"),
    ),
)

_SMALL_CELL = 9
"""Height in pixels below which frames are drawn thinner."""

_AS_FAR_FROM_BLACK_AS_FROM_WHITE = 0.179
"""The relative luminance whose contrast with black and with white is the same, 4.58."""


class HeatMap(QWidget):
    """Shows cells, row 0 on top, and reports which one is pointed at.

    With the focus, the arrow keys point at a cell, and Enter is a click on it. Lives in the GUI
    thread.

    Parameters
    ----------
    name : str
        For screen readers.
    names_every_row : bool
        Whether each row has to have its label: the labels of narrow rows stand side by side.
        Otherwise there are as many labels as one column has room for.

    Attributes
    ----------
    pixels : (rows, columns, 4) array or None
        The colours that are drawn, RGBA.
    is_finite : bool
        Whether no value that is shown is infinite or not a number.
    texts : tuple of tuple of str
        What is written on the cells, by row; empty for nothing.
    marked : tuple of tuple of int
        Row and column of each framed cell.
    marked_row : int or None
        The row that is framed as a whole.
    crossed_rows : tuple of int
        The rows with a line through them.
    current : tuple of int or None
        Row and column of the cell that the keys have moved to.

    Signals
    -------
    pointed(int, int)
        Row and column under the pointer, or of the cursor; -1, -1 for none.
    clicked(int, int)
        Row and column.
    finite_changed(bool)
        Whether all values that are shown are finite: now they are, or no longer.
    menu_requested(int, int, QPoint)
        Row and column of the cell whose context menu was asked for, and where on the screen.
    """

    pointed = Signal(int, int)
    clicked = Signal(int, int)
    finite_changed = Signal(bool)
    menu_requested = Signal(int, int, QPoint)

    def __init__(
        self, name: str, parent: QWidget | None = None, *, names_every_row: bool = True
    ) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setToolTip(f"{name}. Point at a cell, or move to it with the arrow keys")
        self.setMouseTracking(True)
        self.setMinimumSize(80, 60)
        # Otherwise Qt also paints everything behind it, up to the window.
        self.setAutoFillBackground(True)
        self.setBackgroundRole(QPalette.ColorRole.Base)
        self.pixels: Pixels | None = None
        self.is_finite = True
        self.texts: tuple[tuple[str, ...], ...] = ()
        self.marked: tuple[tuple[int, int], ...] = ()
        self.marked_row: int | None = None
        self.crossed_rows: tuple[int, ...] = ()
        self.current: tuple[int, int] | None = None
        self._names_every_row = names_every_row
        self._least_left = 0
        self._row_names: tuple[str, ...] = ()
        self._column_names: tuple[str, ...] = ()
        self._colours: Colours | None = None
        self._known_layout: CellLayout | None = None
        self._known_gaps: list[QLine] | None = None
        self._gaps_shape = (0, 0)

    @property
    def shape(self) -> tuple[int, int]:
        """Number of rows and columns."""
        return (0, 0) if self.pixels is None else (self.pixels.shape[0], self.pixels.shape[1])

    def show_cells(
        self,
        pixels: Pixels,
        row_names: Sequence[str] = (),
        column_names: Sequence[str] = (),
        texts: Sequence[Sequence[str]] = (),
    ) -> None:
        """Show other cells.

        Parameters
        ----------
        pixels : (rows, columns, 4) array
        row_names, column_names : sequence of str
            Either empty, or one label for each.
        texts : sequence of sequence of str
            What is written on the cells, by row; empty for nothing.
        """
        if pixels.shape[:2] != self.shape:
            self.marked, self.marked_row, self.current = (), None, None
            self.crossed_rows = ()
        self.pixels = np.ascontiguousarray(pixels)
        self._note_finite(are_finite(self.pixels))
        self.texts = tuple(map(tuple, texts))
        names = tuple(row_names), tuple(column_names)
        if names != (self._row_names, self._column_names):
            self._row_names, self._column_names = names
            self._forget_layout()
        self.update()

    def _note_finite(self, is_finite: bool) -> None:
        if is_finite != self.is_finite:
            self.is_finite = is_finite
            self.finite_changed.emit(is_finite)

    def mark(self, cells: Sequence[tuple[int, int]]) -> None:
        """Draw a frame around cells, given as rows and columns."""
        self.marked = tuple(cells)
        self.update()

    def mark_row(self, row: int | None) -> None:
        """Draw a frame around a whole row, or none."""
        self.marked_row = row
        self.update()

    def cross_rows(self, rows: Iterable[int]) -> None:
        """Draw a line through some rows, and through no others."""
        self.crossed_rows = tuple(rows)
        self.update()

    def show_colours(self, colours: Colours) -> None:
        """Draw labels, lines and frames in other colours."""
        self._colours = colours
        self.update()

    def reserve_left(self, width: int) -> None:
        """Leave at least this much room left of the cells, in pixels."""
        if width != self._least_left:
            self._least_left = width
            self._forget_layout()

    def has_room_for_names(self, count: int) -> bool:
        """Return whether as many rows could all have their labels."""
        font = self.fontMetrics()
        height = height_of_cells(self.height(), font, has_names_below=True)
        return count * font.height() <= MOST_LABEL_COLUMNS * height

    def cell_centre(self, row: int, column: int) -> QPointF:
        """Return the centre of a cell in the widget's coordinates."""
        return self._cell(row, column).center()

    @property
    def cells_area(self) -> QRectF:
        """The area of the cells: beside the row labels, above the column labels."""
        return self._layout.area

    @property
    def narrowest(self) -> int:
        """The width in which every column has room for its label."""
        return round(self._layout.left) + self.shape[1] * self._layout.columns_width

    @property
    def _layout(self) -> CellLayout:
        if self._known_layout is None:
            self._known_layout = CellLayout.find(
                self.size(),
                self.fontMetrics(),
                self._row_names,
                self._column_names,
                names_every_row=self._names_every_row,
                least_left=self._least_left,
            )
        return self._known_layout

    def _forget_layout(self) -> None:
        self._known_layout = self._known_gaps = None
        self.update()

    def _cell(self, row: int, column: int) -> QRectF:
        return self._layout.cell(self.shape, row, column)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the cells, the labels and the frames."""
        if self.pixels is None or self._colours is None:
            return
        rows, columns = self.shape
        image = QImage(self.pixels.data, columns, rows, 4 * columns, QImage.Format.Format_RGBA8888)
        painter = QPainter(self)
        painter.drawImage(self.cells_area, image)
        self._draw_gaps(painter, QColor(self._colours.base))
        self._write_cells(painter)
        painter.setPen(QColor(self._colours.text))
        every_row = self._names_every_row
        write_row_labels(painter, self._layout, self._row_names, every_row=every_row)
        write_column_labels(painter, self._layout, self._column_names)
        self._cross_rows(painter)
        self._draw_frames(painter, self._colours)
        painter.end()

    def _draw_gaps(self, painter: QPainter, colour: QColor) -> None:
        """Set the cells apart where they are large enough."""
        if self._known_gaps is None or self._gaps_shape != self.shape:
            self._known_gaps = self._layout.gaps(self.shape, self.width())
            self._gaps_shape = self.shape
        if self._known_gaps:
            painter.setPen(QPen(colour, 0))  # a line of one pixel is drawn quickly
            painter.drawLines(self._known_gaps)

    def _write_cells(self, painter: QPainter) -> None:
        """Write on the cells, in black or white, whichever has the higher contrast."""
        if not self.texts or self.pixels is None:
            return
        is_light = luminance(self.pixels) > _AS_FAR_FROM_BLACK_AS_FROM_WHITE
        pens = QColor(Qt.GlobalColor.white), QColor(Qt.GlobalColor.black)
        for row, texts in enumerate(self.texts):
            for column, text in enumerate(texts):
                painter.setPen(pens[int(is_light[row, column])])
                painter.drawText(self._cell(row, column), Qt.AlignmentFlag.AlignCenter, text)

    def _cross_rows(self, painter: QPainter) -> None:
        """Draw a line through the crossed rows and their labels."""
        for row in self.crossed_rows:
            middle = round(self._layout.row(self.shape, row).center().y())
            painter.drawLine(0, middle, self.width(), middle)

    def _draw_frames(self, painter: QPainter, colours: Colours) -> None:
        """Draw the frames in the colours of text and card, one of which differs from any cell."""
        # In small cells, a thick frame would hide the colour.
        is_small = self.cells_area.height() < _SMALL_CELL * self.shape[0]
        painter.setBrush(Qt.BrushStyle.NoBrush)
        frames = [self._cell(*place) for place in self.marked]
        if self.marked_row is not None:
            frames.append(self._layout.row(self.shape, self.marked_row))
        if frames and not is_small:
            painter.setPen(QPen(QColor(colours.base), 1))
            painter.drawRects([frame.adjusted(1.5, 1.5, -1.5, -1.5) for frame in frames])
        painter.setPen(QPen(QColor(colours.text), 1 if is_small else 2))
        painter.drawRects(frames)
        if self.hasFocus():
            self._draw_focus(painter, colours)

    def _draw_focus(self, painter: QPainter, colours: Colours) -> None:
        """Draw a frame around all cells, and around the current one."""
        painter.setPen(QPen(QColor(colours.accent), 2))
        painter.drawRect(self.cells_area.adjusted(1, 1, -1, -1))
        if self.current is not None:
            cell = self._cell(*self.current)
            painter.drawRect(cell.adjusted(-2, -2, 2, 2))
            painter.setPen(QPen(QColor(colours.base), 1))
            painter.drawRect(cell.adjusted(-0.5, -0.5, 0.5, 0.5))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Work out the layout again."""
        super().resizeEvent(event)
        self._forget_layout()

    def changeEvent(self, event: QEvent) -> None:
        """Work out the layout again for another font."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._forget_layout()

    # Keys and pointer

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move the cursor with the arrow keys, Home and End; Enter is a click on its cell."""
        (rows, columns), key = self.shape, event.key()
        row, column = self.current or (0, 0)
        moves = {
            Qt.Key.Key_Left: (row, column - 1),
            Qt.Key.Key_Right: (row, column + 1),
            Qt.Key.Key_Up: (row - 1, column),
            Qt.Key.Key_Down: (row + 1, column),
            Qt.Key.Key_Home: (row, 0),
            Qt.Key.Key_End: (row, columns - 1),
        }
        if rows and key in moves:
            # The first key shows where the cursor is.
            row, column = moves[Qt.Key(key)] if self.current is not None else (row, column)
            self.point_at(min(max(row, 0), rows - 1), min(max(column, 0), columns - 1))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.current is not None:
            self.clicked.emit(*self.current)
        else:
            super().keyPressEvent(event)

    def point_at(self, row: int, column: int) -> None:
        """Move the cursor to a cell."""
        self.current = row, column
        self.update()
        self.pointed.emit(row, column)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Point at the cell of the cursor again."""
        super().focusInEvent(event)
        if self.current is not None:
            self.pointed.emit(*self.current)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Report that no cell is pointed at."""
        super().focusOutEvent(event)
        self.pointed.emit(-1, -1)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Report which cell the pointer is on."""
        self.pointed.emit(*self._layout.cell_at(self.shape, event.position()))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Report which cell was clicked."""
        row, column = self._layout.cell_at(self.shape, event.position())
        if row >= 0 and event.button() == Qt.MouseButton.LeftButton:
            self.current = row, column
            self.clicked.emit(row, column)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Report for which cell a menu is asked: the one at the pointer, or that of the cursor."""
        cell, place = self._layout.cell_at(self.shape, QPointF(event.pos())), event.globalPos()
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            cell = self.current or (-1, -1)
            if self.current is not None:
                place = self.mapToGlobal(self.cell_centre(*cell).toPoint())
        if cell[0] >= 0:
            self.menu_requested.emit(*cell, place)

    def leaveEvent(self, event: QEvent) -> None:
        """Report that the pointer is on no cell."""
        super().leaveEvent(event)
        self.pointed.emit(-1, -1)
