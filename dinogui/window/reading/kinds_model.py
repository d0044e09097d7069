"""The kinds of names that data have, as rows that can be renamed, merged and left out."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)

from engine.data.reading.choices import MAX_CHOICE_CHARACTERS
from engine.data.reading.kinds.found_kinds import FoundKind, clean_title

AnyIndex = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
_Role = Qt.ItemDataRole

USED, FOUND, NAMES, TITLE = range(4)
"""The columns."""

_HEADINGS = ("", "In the data", "", "Title")


class KindsModel(QAbstractTableModel):
    """Kinds as they stand in the data, with the titles that a person gives them.

    Lives in the GUI thread.

    Signals
    -------
    titles_changed(tuple)
        A person changed titles. The pairs of a title as found and as wanted, "" if the kind is
        left out, of the kinds whose titles are not as found.
    """

    titles_changed = Signal(tuple)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.kinds: tuple[FoundKind, ...] = ()
        self._counted = "Names"
        self._wanted: list[str] = []
        self._order: list[int] = []

    def exchange(self, kinds: Sequence[FoundKind], counted: str = "Names") -> None:
        """Have other kinds. With the same ones in the data, the rows stay where they are.

        Parameters
        ----------
        kinds : sequence of FoundKind
        counted : str
            The heading over their numbers: what there are so many of.
        """
        self._counted = counted
        is_same = [each.title for each in kinds] == [each.title for each in self.kinds]
        if not is_same:
            self.beginResetModel()
            self._order = list(range(len(kinds)))
        self.kinds = tuple(kinds)
        self._wanted = [each.wanted for each in kinds]
        if not is_same:
            self.endResetModel()
        elif kinds:
            self.dataChanged.emit(self.index(0, 0), self.index(len(kinds) - 1, TITLE))

    def rowCount(self, parent: AnyIndex = _NOWHERE) -> int:
        """Return the number of kinds."""
        return 0 if parent.isValid() else len(self.kinds)

    def columnCount(self, parent: AnyIndex = _NOWHERE) -> int:
        """Return the number of columns."""
        return 0 if parent.isValid() else len(_HEADINGS)

    def data(self, index: AnyIndex, role: int = _Role.DisplayRole) -> Any:
        """Return what a cell shows."""
        place = self._order[index.row()]
        kind, wanted, column = self.kinds[place], self._wanted[place], index.column()
        if role == _Role.CheckStateRole and column == USED:
            return Qt.CheckState.Checked if wanted else Qt.CheckState.Unchecked
        if role == _Role.AccessibleTextRole and column == USED:
            return "used" if wanted else "left out"
        if role == _Role.EditRole and column == TITLE:
            return wanted
        if role not in (_Role.DisplayRole, _Role.ToolTipRole):
            return None
        return ("", kind.title, f"{kind.count:,}", wanted or "left out")[column]

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = _Role.DisplayRole
    ) -> Any:
        """Return a heading."""
        if orientation is Qt.Orientation.Horizontal and role == _Role.DisplayRole:
            return self._counted if section == NAMES else _HEADINGS[section]
        if role == _Role.TextAlignmentRole and section == NAMES:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None

    def flags(self, index: AnyIndex) -> Qt.ItemFlag:
        """Return what can be done with a cell: the title of a kind that is used can be edited."""
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        if index.column() == USED:
            return flags | Qt.ItemFlag.ItemIsUserCheckable
        if index.column() == TITLE and self._wanted[self._order[index.row()]]:
            return flags | Qt.ItemFlag.ItemIsEditable
        return flags

    def setData(self, index: AnyIndex, value: Any, role: int = _Role.EditRole) -> bool:
        """Take the title that a person typed. An empty one is not taken."""
        title = clean_title(str(value))[:MAX_CHOICE_CHARACTERS]
        if role != _Role.EditRole or index.column() != TITLE or not title:
            return False
        self._change({self._order[index.row()]: title})
        return True

    def is_used(self, row: int) -> bool:
        """Tell whether the kind of a row is used."""
        return bool(self._wanted[self._order[row]])

    def use(self, rows: Sequence[int], are_used: bool) -> None:
        """Use the kinds of some rows with their own titles, or leave them out."""
        places = [self._order[row] for row in rows]
        self._change(
            {
                place: (self._wanted[place] or self.kinds[place].title) if are_used else ""
                for place in places
            }
        )

    def _change(self, wanted: dict[int, str]) -> None:
        if all(self._wanted[place] == title for place, title in wanted.items()):
            return
        for place, title in wanted.items():
            self._wanted[place] = title
        self.dataChanged.emit(self.index(0, 0), self.index(len(self.kinds) - 1, TITLE))
        pairs = zip(self.kinds, self._wanted, strict=True)
        self.titles_changed.emit(
            tuple((kind.title, wanted) for kind, wanted in pairs if kind.title != wanted)
        )

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort the rows by a column; by none, as in the data."""
        self.beginResetModel()
        self._order = list(range(len(self.kinds)))
        if column >= 0:
            self._order.sort(
                key=lambda place: (
                    bool(self._wanted[place]),
                    self.kinds[place].title.casefold(),
                    self.kinds[place].count,
                    self._wanted[place].casefold(),
                )[column],
                reverse=order is Qt.SortOrder.DescendingOrder,
            )
        self.endResetModel()
