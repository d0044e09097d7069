"""Draws the labels of a heat map: as many as there is room for."""

import math
from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter

from dinogui.panels.insight.frame.cell_layout import LABEL_GAP, CellLayout
from dinogui.widgets.elision import elided_text

_SLACK = 0.1
"""The share by which the widest column label may be wider than its column."""


def write_row_labels(
    painter: QPainter, layout: CellLayout, names: Sequence[str], *, every_row: bool
) -> None:
    """Draw row labels left of the cells; long ones end in an ellipsis.

    Parameters
    ----------
    painter : QPainter
    layout : CellLayout
    names : sequence of str
        One for each row, or none.
    every_row : bool
        Whether the labels of narrow rows stand side by side.
    """
    rows, height, width = len(names), layout.line, layout.names_width
    if not rows:
        return
    every = math.ceil(rows * height / (layout.height * layout.side_by_side))
    fonts = painter.fontMetrics()
    flags = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
    free = [-1.0] * layout.side_by_side  # from where on each column of labels is free
    for place, row in enumerate(range(0, rows, max(every, 1))):
        middle, column = (row + 0.5) / rows * layout.height, place % layout.side_by_side
        right = layout.left - LABEL_GAP - width * column
        top = min(max(middle - height / 2, 0), layout.height - height)
        if not every_row and top < free[column]:
            continue
        free[column] = top + height
        name = elided_text(names[row], fonts, width - LABEL_GAP)
        painter.drawText(QRectF(right - width, top, width, height), flags, name)


def write_column_labels(painter: QPainter, layout: CellLayout, names: Sequence[str]) -> None:
    """Draw column labels below the cells: one for each column, or none."""
    columns, width = len(names), layout.columns_width
    every = max(math.ceil(columns * width / layout.width - _SLACK), 1)
    for column in range(0, columns, every):
        middle = layout.left + (column + 0.5) / columns * layout.width
        place = QRectF(middle - width, layout.height + 1, 2 * width, layout.line)
        painter.drawText(place, Qt.AlignmentFlag.AlignHCenter, names[column])
