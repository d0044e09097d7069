"""The names that a network tells the kinds of, as a table shows them."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from engine.data.reading.casing import title_case
from engine.evaluation.told_names import ToldExample
from engine.evaluation.units import percent_text

NAME, TOLD, SURE, RIGHT = range(4)
HEADINGS = ("Name", "Told", "Sure", "In the data")
_ROOT = QModelIndex()
AnyIndex = QModelIndex | QPersistentModelIndex


class ToldModel(QAbstractTableModel):
    """A row for each name: what is told, how surely, and whether it is right.

    Lives in the GUI thread.
    """

    def __init__(self) -> None:
        super().__init__()
        self.told: tuple[ToldExample, ...] = ()

    def show(self, told: Sequence[ToldExample]) -> None:
        """Show other names, or what is told of the same ones now."""
        if [each.name for each in told] == [each.name for each in self.told]:
            self.told = tuple(told)
            if told:  # what is selected stays selected
                last = self.index(len(self.told) - 1, RIGHT)
                self.dataChanged.emit(self.index(0, 0), last)
            return
        self.beginResetModel()
        self.told = tuple(told)
        self.endResetModel()

    def rowCount(self, parent: AnyIndex = _ROOT) -> int:
        """Return the number of names."""
        return 0 if parent.isValid() else len(self.told)

    def columnCount(self, parent: AnyIndex = _ROOT) -> int:
        """Return four."""
        return 0 if parent.isValid() else len(HEADINGS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Return a heading."""
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return HEADINGS[section]
        return None

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the text of a cell."""
        each = self.told[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return {
                NAME: title_case(each.name),
                TOLD: each.told,
                SURE: percent_text(each.probability, digits=0),
                RIGHT: "right" if each.is_right else f"wrong: {each.kind}",
            }[index.column()]
        if role == Qt.ItemDataRole.ToolTipRole:
            return (
                f"{title_case(each.name)} is {each.kind} in the data. Click to see in the panels "
                "how it is read"
            )
        return None
