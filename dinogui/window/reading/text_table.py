"""A table of texts: some columns, some rows, and one column that may be marked."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter
from PySide6.QtWidgets import QHeaderView, QStyleOptionViewItem

from dinogui.common.theme import SPACE
from dinogui.widgets.elision import elided_around
from dinogui.widgets.tables.quiet_table import QuietTable
from dinogui.widgets.tables.row_delegate import RowDelegate

AnyIndex = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
_Role = Qt.ItemDataRole
_WIDEST = 300
"""Pixels of a column that is as wide as its texts, at the usual size of the text."""

_USUAL_LINE = 17


class TextTable(QuietTable):
    """Shows rows of texts, elided where they do not fit; a tooltip has all of a text.

    Lives in the GUI thread.

    Parameters
    ----------
    name, tip : str
        The accessible name and the tooltip.
    least_rows : int
        Rows that are shown at least.
    wide : sequence of int
        Columns that share the room that the others leave. The others are as wide as their texts.
    """

    def __init__(self, name: str, tip: str, *, least_rows: int, wide: Sequence[int] = ()) -> None:
        super().__init__(name, tip, least_rows=least_rows)
        self.rows = _TextRows(self)
        self._wide = frozenset(wide)
        self.setModel(self.rows)
        self.setItemDelegate(_MarkingDelegate(self, self.rows))
        self.setHorizontalScrollMode(self.ScrollMode.ScrollPerPixel)
        self.header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.header.setStretchLastSection(not wide)

    def show_rows(
        self,
        headings: Sequence[str],
        rows: Sequence[Sequence[str]],
        marked: int | None = None,
        seen: Sequence[str] = (),
    ) -> None:
        """Show other rows.

        Parameters
        ----------
        headings : sequence of str
        rows : sequence of sequence of str
            A row may have fewer texts than there are headings.
        marked : int, optional
            Place of the column that counts; the others are faint.
        seen : sequence of str
            For each row, a part of its last text that is not to be elided; or nothing.
        """
        self.rows.exchange(headings, rows, marked)
        self.rows.seen = tuple(seen)
        self._size_columns(headings)

    def _size_columns(self, headings: Sequence[str]) -> None:
        widest = round(_WIDEST * self.fontMetrics().height() / _USUAL_LINE)
        for column, heading in enumerate(headings):
            is_wide = column in self._wide
            modes = QHeaderView.ResizeMode
            self.header.setSectionResizeMode(
                column, modes.Stretch if is_wide else modes.Interactive
            )
            if not is_wide:
                needed = self.sizeHintForColumn(column) + 2 * SPACE
                needed = max(needed, self.header.room_of(heading))
                self.setColumnWidth(column, min(needed, widest))


class _TextRows(QAbstractTableModel):
    """The texts of a table."""

    def __init__(self, table: TextTable) -> None:
        super().__init__(table)
        self._table = table
        self._headings: tuple[str, ...] = ()
        self._rows: tuple[tuple[str, ...], ...] = ()
        self.marked: int | None = None
        self.seen: tuple[str, ...] = ()

    def exchange(
        self, headings: Sequence[str], rows: Sequence[Sequence[str]], marked: int | None
    ) -> None:
        """Have other texts. The current cell stays where it is if the table has the same form."""
        shown = tuple(tuple(_on_one_line(cell) for cell in row) for row in rows)
        is_same_form = len(shown) == len(self._rows) and len(headings) == len(self._headings)
        if not is_same_form:
            self.beginResetModel()
        self._headings, self._rows, self.marked = tuple(headings), shown, marked
        if not is_same_form:
            self.endResetModel()
        elif shown and headings:
            last = self.index(len(shown) - 1, len(headings) - 1)
            self.dataChanged.emit(self.index(0, 0), last)
            self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(headings) - 1)

    def rowCount(self, parent: AnyIndex = _NOWHERE) -> int:
        """Return the number of rows."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: AnyIndex = _NOWHERE) -> int:
        """Return the number of columns."""
        return 0 if parent.isValid() else len(self._headings)

    def data(self, index: AnyIndex, role: int = _Role.DisplayRole) -> Any:
        """Return the text of a cell, which is also its tooltip."""
        if role not in (_Role.DisplayRole, _Role.ToolTipRole):
            return None
        row = self._rows[index.row()]
        return row[index.column()] if index.column() < len(row) else ""

    def seen_in(self, index: AnyIndex) -> str:
        """Return the part of a text that is not to be elided; it may be empty."""
        is_last = index.column() == len(self._headings) - 1
        return self.seen[index.row()] if is_last and index.row() < len(self.seen) else ""

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = _Role.DisplayRole
    ) -> Any:
        """Return a heading; that of the marked column has the accent colour."""
        if orientation is not Qt.Orientation.Horizontal or section >= len(self._headings):
            return None
        if role in (_Role.DisplayRole, _Role.ToolTipRole):
            return self._headings[section]
        if role == _Role.ForegroundRole and section == self.marked:
            return QColor(self._table.palette().highlight().color())
        return None


class _MarkingDelegate(RowDelegate):
    """Paints the columns beside the marked one in the fainter ink."""

    def __init__(self, table: TextTable, rows: _TextRows) -> None:
        super().__init__(table)
        self._rows = rows

    def draw_cell(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        """Draw the text of a cell."""
        marked = self._rows.marked
        self.draw_text(
            painter,
            option,
            self.shown_text(option, index),
            font=option.font,
            is_faint=marked is not None and index.column() != marked,
        )

    def shown_text(self, option: QStyleOptionViewItem, index: AnyIndex) -> str:
        """Return what is drawn of the text of a cell."""
        text, seen = str(index.data() or ""), self._rows.seen_in(index)
        if not seen:
            return text
        return elided_around(text, seen, QFontMetrics(option.font), self.room(option).width())


def _on_one_line(text: str) -> str:
    return " ".join(text.split()) if "\n" in text else text
