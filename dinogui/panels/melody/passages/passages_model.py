"""The passages of a melody that are known from tunes, as a table."""

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from dinogui.panels.melody.copied_words import UNTITLED
from dinogui.panels.melody.roll.roll_content import RollContent
from dinogui.widgets.tables.row_delegate import LEFT, RIGHT
from engine.evaluation.copied_notes import CopiedNotes, Passage
from engine.melody.symbols import note_names

HEADINGS = ("Notes", "Tune", "From note", "From bar", "What is the same")
_TIPS = (
    "How many notes and rests are the same",
    "The training tune that has them",
    "Where they begin in the tune, in notes and rests",
    "In which bar of the melody they begin",
    "The notes of the melody",
)
NUMBERS = (0, 2, 3)

AnyIndex = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()


class PassagesModel(QAbstractTableModel):
    """Has a row for each passage, the longest first. Lives in the GUI thread.

    Attributes
    ----------
    rows : list of list of str
    """

    def __init__(self, parent: Any = None) -> None:
        super().__init__(parent)
        self.rows: list[list[str]] = []

    def show_passages(self, content: RollContent | None, copied: CopiedNotes | None) -> None:
        """Show the passages of a melody, or none."""
        self.beginResetModel()
        passages = () if content is None or copied is None else copied.passages
        self.rows = [_row(content, each) for each in passages if content is not None]
        self.endResetModel()

    def rowCount(self, parent: AnyIndex = _NOWHERE) -> int:
        """Return the number of passages."""
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: AnyIndex = _NOWHERE) -> int:
        """Return the number of columns."""
        return 0 if parent.isValid() else len(HEADINGS)

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the text of a cell; the tooltip shows what does not fit."""
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return self.rows[index.row()][index.column()]
        if role == Qt.ItemDataRole.TextAlignmentRole and index.column() in NUMBERS:
            return RIGHT
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Return a column's heading, which is aligned as the column is."""
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return RIGHT if section in NUMBERS else LEFT
        if role == Qt.ItemDataRole.ToolTipRole:
            return _TIPS[section]
        return HEADINGS[section] if role == Qt.ItemDataRole.DisplayRole else None


def _row(content: RollContent, passage: Passage) -> list[str]:
    bar, _ = content.bar_and_beat(passage.begin)
    return [
        f"{passage.length}",
        passage.tune.title or UNTITLED,
        f"{passage.tune_begin + 1:,}",
        f"{max(bar, 0)}",
        note_names(content.melody.notes[passage.begin : passage.end]),
    ]
