"""The rows of the comparison as Qt's tables read them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor

if TYPE_CHECKING:
    from engine.racing.comparison import Comparison

AnyIndex = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()


class ComparisonModel(QAbstractTableModel):
    """Has a column of labels, and one for each run. Lives in the GUI thread.

    The heading of a run has its colour as decoration.
    """

    def __init__(self, parent: Any = None) -> None:
        super().__init__(parent)
        self._titles: Sequence[str] = ()
        self._colours: Sequence[str] = ()
        self._lines: list[list[str]] = []

    def show_comparison(self, comparison: Comparison | None, colours: Sequence[str]) -> None:
        """Show another comparison, or none; a colour, as ``#rrggbb``, for each run."""
        titles: Sequence[str] = ()
        lines: list[list[str]] = []
        if comparison is not None:
            from engine.racing.comparison_formats import shown

            titles = comparison.titles
            lines = [
                [row.label, *(shown(cell, row.form) for cell in row.cells)]
                for row in comparison.rows
            ]
        labels = [line[0] for line in lines], [line[0] for line in self._lines]
        if (titles, colours) == (self._titles, self._colours) and labels[0] == labels[1]:
            self._lines = lines
            if lines:
                last = self.index(len(lines) - 1, len(titles))
                self.dataChanged.emit(self.index(0, 0), last)
            return
        self.beginResetModel()
        self._titles, self._colours, self._lines = titles, colours, lines
        self.endResetModel()

    def rowCount(self, parent: AnyIndex = _NOWHERE) -> int:
        """Return the number of rows."""
        return 0 if parent.isValid() else len(self._lines)

    def columnCount(self, parent: AnyIndex = _NOWHERE) -> int:
        """Return the number of columns."""
        return 0 if parent.isValid() else 1 + len(self._titles)

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the text of a cell; a tooltip shows what does not fit."""
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return None
        return self._lines[index.row()][index.column()]

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Return the title of a run, or its colour."""
        if orientation is not Qt.Orientation.Horizontal or not section:
            return None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return self._titles[section - 1]
        if role == Qt.ItemDataRole.DecorationRole:
            return QColor(self._colours[section - 1])
        return None
