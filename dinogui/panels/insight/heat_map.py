"""A table of numbers as coloured cells, with names at its rows and columns."""

import math
from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from pyqtgraph.GraphicsScene.mouseEvents import MouseClickEvent
from PySide6.QtCore import QEvent, QObject, QPointF, Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from dinogui.panels.insight.colours import Pixels
from dinogui.panels.insight.plots import colour_plot, make_plot
from dinogui.theme import Colours

_MOST_COLUMNS_OF_NAMES = 3
"""Names of narrow rows stand side by side, in so many columns at the most."""

_SMALL_CELL = 9
"""Pixels in height."""

_PATH_COLOUR = "#ff8c00"


class HeatMap(QWidget):
    """Shows cells, row 0 on top, and says which one the pointer is on.

    Attributes
    ----------
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
        self.plot = make_plot(name)
        self.plot.invertY(True)
        self._shape = (0, 0)
        self.marked: tuple[tuple[int, int], ...] = ()
        self._pixels: Pixels | None = None
        self._row_names: tuple[str, ...] = ()
        self._column_names: tuple[str, ...] = ()
        self._image = pg.ImageItem(axisOrder="row-major")
        self._marks = pg.PlotCurveItem(connect="pairs")
        for item in (self._image, self._marks):
            self.plot.addItem(item)
        for side in ("left", "bottom"):
            self.plot.getAxis(side).setStyle(tickLength=0, hideOverlappingLabels=False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.plot)
        self.plot.scene().sigMouseMoved.connect(self._point_at)
        self.plot.scene().sigMouseClicked.connect(self._click)
        self.plot.installEventFilter(self)

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns shown."""
        return self._shape

    @property
    def pixels(self) -> Pixels | None:
        """What is drawn."""
        return self._pixels

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
        rows, columns = pixels.shape[:2]
        names = tuple(row_names), tuple(column_names)
        self._pixels = pixels
        self._image.setImage(np.ascontiguousarray(pixels), levels=None)
        if (rows, columns) != self._shape:
            self._shape = rows, columns
            self.plot.setRange(xRange=(0, columns), yRange=(0, rows), padding=0)
            self.mark(())
            self._write_names()
        if names != (self._row_names, self._column_names):
            self._row_names, self._column_names = names
            self._write_names()

    def mark(self, cells: Sequence[tuple[int, int]]) -> None:
        """Draw a frame around cells, given as rows and columns."""
        self.marked = tuple(cells)
        corners = np.array([(0, 0), (1, 0), (1, 0), (1, 1), (1, 1), (0, 1), (0, 1), (0, 0)])
        points = [np.add(corners, (column, row)) for row, column in cells]
        x, y = np.concatenate(points).T if points else ((), ())
        self._marks.setData(np.asarray(x, float), np.asarray(y, float))

    def show_colours(self, colours: Colours) -> None:
        """Draw the surroundings in other colours."""
        colour_plot(self.plot, colours)
        for side in ("left", "bottom"):
            self.plot.getAxis(side).setTextPen(colours.text)

    @property
    def names_width(self) -> float:
        """How much room the names of the rows take, in pixels."""
        return float(self.plot.getAxis("left").width())

    def cell_centre(self, row: int, column: int) -> QPointF:
        """Return where a cell's middle lies in the plot's viewport."""
        place = self.plot.getViewBox().mapViewToScene(QPointF(column + 0.5, row + 0.5))
        return QPointF(self.plot.mapFromScene(place))

    def _write_names(self) -> None:
        """Write as many names as there is room for."""
        box, font = self.plot.getViewBox(), self.fontMetrics()
        # A frame leaves room for the colour that it is around.
        is_small = box.height() < _SMALL_CELL * max(self._shape[0], 1)
        self._marks.setPen(pg.mkPen(_PATH_COLOUR, width=1 if is_small else 2))
        left, bottom = self.plot.getAxis("left"), self.plot.getAxis("bottom")
        rows, columns = self._row_names, self._column_names
        side_by_side = math.ceil(len(rows) * font.height() / max(box.height(), 1.0))
        side_by_side = min(max(side_by_side, 1), _MOST_COLUMNS_OF_NAMES)
        every = math.ceil(len(rows) * font.height() / max(box.height() * side_by_side, 1.0))
        widest = max(map(font.horizontalAdvance, rows), default=0)
        blank = " " * (2 + round(widest / max(font.horizontalAdvance(" "), 1)))
        ticks = [
            (place + 0.5, name + blank * (place // every % side_by_side))
            for place, name in enumerate(rows)
            if place % every == 0
        ]
        left.setTicks([ticks])
        left.setWidth(widest * side_by_side + 12 + (side_by_side - 1) * 8 if rows else 8)
        widest = max(map(font.horizontalAdvance, columns), default=0) + 2
        every = math.ceil(len(columns) * widest / max(box.width(), 1.0)) if columns else 1
        bottom.setTicks([[(k + 0.5, n) for k, n in enumerate(columns) if k % every == 0]])
        bottom.setHeight(font.height() + 4 if columns else 6)

    def _cell_at(self, place: QPointF) -> tuple[int, int]:
        box = self.plot.getViewBox()
        if not box.sceneBoundingRect().contains(place):
            return -1, -1
        inside = box.mapSceneToView(place)
        row, column = math.floor(inside.y()), math.floor(inside.x())
        rows, columns = self._shape
        return (row, column) if 0 <= row < rows and 0 <= column < columns else (-1, -1)

    @Slot(object)
    def _point_at(self, place: QPointF) -> None:
        self.pointed.emit(*self._cell_at(place))

    @Slot(object)
    def _click(self, event: MouseClickEvent) -> None:
        row, column = self._cell_at(event.scenePos())
        if row >= 0:
            self.clicked.emit(row, column)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Write as many names as fit, and point at nothing when the pointer leaves."""
        if event.type() == QEvent.Type.Resize:
            self._write_names()
        elif event.type() == QEvent.Type.Leave:
            self.pointed.emit(-1, -1)
        return super().eventFilter(watched, event)
