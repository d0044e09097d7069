"""The kept names as Qt's tables read them."""

from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QByteArray,
    QMimeData,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
    Slot,
)

from dinogui.common.kept_name import KeptName
from dinogui.session.generation.kept_names import KeptNames
from dinogui.widgets.tables.row_delegate import LEFT, RIGHT
from engine.data.reading.casing import title_case

HEADINGS = ("Name", "Score", "Data", "Model", "Step", "Seed", "Temperature", "Kind")
NUMBERS = (1, 4, 5, 6)
"""The columns of numbers."""

AnyIndex = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()


class KeptNamesModel(QAbstractTableModel):
    """The kept names as a table.

    Parameters
    ----------
    kept : KeptNames
    """

    def __init__(self, kept: KeptNames) -> None:
        super().__init__()
        self._kept = kept
        self.rows = kept.names
        kept.changed.connect(self._show)

    @Slot()
    def _show(self) -> None:
        self.beginResetModel()
        self.rows = self._kept.names
        self.endResetModel()

    def rowCount(self, parent: AnyIndex = _ROOT) -> int:
        """Return how many names are kept."""
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: AnyIndex = _ROOT) -> int:
        """Return how many columns there are."""
        return 0 if parent.isValid() else len(HEADINGS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Return a column's heading, which is aligned as the column is."""
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return RIGHT if section in NUMBERS else LEFT
        return HEADINGS[section] if role == Qt.ItemDataRole.DisplayRole else None

    def flags(self, index: AnyIndex) -> Qt.ItemFlag:
        """Allow names to be selected and dragged."""
        flag = Qt.ItemFlag
        return flag.ItemIsEnabled | flag.ItemIsSelectable | flag.ItemIsDragEnabled

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the text of a cell, or the value it sorts by."""
        values = _values(self.rows[index.row()])
        value = values[index.column()]
        if role == Qt.ItemDataRole.UserRole:
            return -1.0 if value is None else value
        if role == Qt.ItemDataRole.DisplayRole:
            return _written(value)
        if role == Qt.ItemDataRole.ToolTipRole:
            return "\n".join(
                f"{heading}: {_written(each)}"
                for heading, each in zip(HEADINGS, values, strict=True)
            )
        if role == Qt.ItemDataRole.TextAlignmentRole and index.column() in NUMBERS:
            return RIGHT
        return None

    def mimeTypes(self) -> list[str]:
        """Return the format of dragged names."""
        return ["text/plain"]

    def mimeData(self, indexes: Any) -> QMimeData:
        """Return the dragged names, one per line."""
        rows = dict.fromkeys(index.row() for index in indexes)
        data = QMimeData()
        text = "\n".join(title_case(self.rows[row].name) for row in rows)
        data.setData("text/plain", QByteArray(text.encode("utf-8")))
        return data


def _values(kept: KeptName) -> tuple[str | float | int | None, ...]:
    return (
        *(title_case(kept.name), kept.nats_per_character, kept.data, kept.model),
        *(kept.step, kept.seed, kept.temperature, kept.kind),
    )


def _written(value: str | float | int | None) -> str:
    if value is None:
        return "–"
    if isinstance(value, float):
        return f"{value:.2f}"
    return f"{value:,}" if isinstance(value, int) else value
