"""Where the cells of a heat map and their labels are, in pixels."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QLine, QPointF, QRectF, QSize
from PySide6.QtGui import QFontMetrics

MOST_LABEL_COLUMNS = 8
"""The labels of narrow rows stand side by side in at most this many columns."""

_MOST_NAME = 24
"""Characters of average width, about, that a row's label has room for."""

_MOST_LABELS = 0.5
"""The share of the width that several columns of row labels may take."""

LABEL_GAP = 6
"""Pixels between a row's label and its cells."""

_APART_FROM = 8
"""Width and height in pixels from which on cells stand apart."""

Shape = tuple[int, int]
"""Number of rows and columns."""


@dataclass(frozen=True)
class CellLayout:
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

    @classmethod
    def find(
        cls,
        size: QSize,
        font: QFontMetrics,
        row_names: Sequence[str],
        column_names: Sequence[str],
        *,
        names_every_row: bool,
        least_left: int,
    ) -> "CellLayout":
        """Work out the layout.

        Parameters
        ----------
        size : QSize
            Of the whole map.
        font : QFontMetrics
        row_names, column_names : sequence of str
        names_every_row : bool
            Whether the labels of narrow rows stand side by side.
        least_left : int
            The least room left of the cells, in pixels.
        """
        line = font.height()
        longest = _MOST_NAME * font.averageCharWidth()
        names_width = min(_widest(font, row_names, -LABEL_GAP), longest) + LABEL_GAP
        height = height_of_cells(size.height(), font, has_names_below=bool(column_names))
        wanted = math.ceil(len(row_names) * line / height) if names_every_row else 1
        fitting = int(_MOST_LABELS * size.width() / names_width) if row_names else 1
        side_by_side = max(min(wanted, MOST_LABEL_COLUMNS, fitting), 1)
        left = names_width * side_by_side + (LABEL_GAP if row_names else 0)
        left = max(left, least_left)
        return cls(
            left=left,
            width=max(size.width() - left, 1),
            height=height,
            line=line,
            names_width=names_width,
            side_by_side=side_by_side,
            columns_width=_widest(font, column_names) + 2,
        )

    @property
    def area(self) -> QRectF:
        """The area of the cells."""
        return QRectF(self.left, 0, self.width, self.height)

    def cell(self, shape: Shape, row: int, column: int) -> QRectF:
        """Return the place of a cell."""
        rows, columns = shape
        width, height = self.width / columns, self.height / rows
        return QRectF(self.left + column * width, row * height, width, height)

    def row(self, shape: Shape, row: int) -> QRectF:
        """Return the place of all cells of a row."""
        return self.cell(shape, row, 0).united(self.cell(shape, row, shape[1] - 1))

    def cell_at(self, shape: Shape, place: QPointF) -> tuple[int, int]:
        """Return the row and the column at a place; -1, -1 for none."""
        rows, columns = shape
        if not rows or not self.area.contains(place):
            return -1, -1
        row = math.floor(place.y() / self.height * rows)
        column = math.floor((place.x() - self.left) / self.width * columns)
        return min(row, rows - 1), min(column, columns - 1)

    def gaps(self, shape: Shape, right: int) -> list[QLine]:
        """Return the lines between the cells, up to a right edge, where cells are large enough."""
        rows, columns = shape
        left, floor, found = round(self.left), round(self.height), []
        if self.width >= _APART_FROM * columns:
            xs = [round(left + self.width * column / columns) for column in range(1, columns)]
            found += [QLine(x, 0, x, floor) for x in xs]
        if self.height >= _APART_FROM * rows:
            ys = [round(self.height * row / rows) for row in range(1, rows)]
            found += [QLine(left, y, right, y) for y in ys]
        return found


def height_of_cells(height: int, font: QFontMetrics, *, has_names_below: bool) -> int:
    """Return the height that is left for the cells of a map of some height."""
    below = font.height() + 2 if has_names_below else 0
    return max(height - below, 1)


def _widest(font: QFontMetrics, names: Sequence[str], least: int = 0) -> int:
    """Return the width of the widest name; each distinct name is measured once."""
    return max(map(font.horizontalAdvance, set(names)), default=least)
