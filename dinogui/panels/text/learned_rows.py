"""What the network wrote or told as it learned, one row per entry of the training log."""

from collections.abc import Iterable
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QPainter, QPalette, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHeaderView, QStyleOptionViewItem, QWidget

from dinogui.common.icons import Icon, draw_icon
from dinogui.common.theme import SPACE
from dinogui.widgets.tables.quiet_table import QuietTable
from dinogui.widgets.tables.row_delegate import RowDelegate
from engine.data.reading.casing import title_case
from engine.evaluation.told_names import ToldExample
from engine.evaluation.units import percent_text
from engine.melody.symbols import note_names
from engine.training.messages import AnyLogEntry, KindsLogEntry, LogEntry, MelodyLogEntry

EMPTY_NAME = "(an empty name)"

_STEP, _SAMPLE = 0, 1
_LONGEST_STEP = "1,000,000"
_PLAY_SHARE = 0.8
"""The size of the triangle, as a share of the height of a line."""
_ROOT = QModelIndex()
AnyIndex = QModelIndex | QPersistentModelIndex


def step_of(entry: AnyLogEntry) -> int:
    """Return the step of an entry, counted as the log counts it."""
    return entry.iteration if isinstance(entry, LogEntry) else entry.step


def names_of(entry: LogEntry) -> list[str]:
    """Return the names of an entry as they are shown, each with its kind if it has one."""
    names = [title_case(name) or EMPTY_NAME for name in entry.names]
    if not entry.kinds:
        return names
    return [f"{name} ({kind})" for name, kind in zip(names, entry.kinds, strict=True)]


def sample_of(entry: AnyLogEntry) -> str:
    """Return what was written, in one line: the names, or the first line of a text.

    Of a network that tells kinds, it is how much is told right, and what it says of some names.
    """
    if isinstance(entry, KindsLogEntry):
        told = [f"{title_case(each.name)} {_told(each)}" for each in entry.told]
        return " · ".join([*right_of(entry), *told])
    if isinstance(entry, LogEntry):
        return " · ".join(names_of(entry))
    if isinstance(entry, MelodyLogEntry):
        return note_names(entry.melody.notes)
    return entry.text.strip().partition("\n")[0]


def right_of(entry: KindsLogEntry) -> list[str]:
    """Return how many held-out names are told right, in words; nothing if it is not known."""
    return [] if entry.accuracy is None else [f"{percent_text(entry.accuracy)} right"]


def _told(each: ToldExample) -> str:
    return each.told if each.is_right else f"{each.told} (wrong)"


class LearnedModel(QAbstractTableModel):
    """The entries of a run's log. Lives in the GUI thread."""

    def __init__(self) -> None:
        super().__init__()
        self.entries: list[AnyLogEntry] = []
        self.heard: MelodyLogEntry | None = None

    def show_heard(self, entry: MelodyLogEntry | None) -> None:
        """Mark the entry that is being played, or none."""
        if entry is not self.heard:
            self.heard = entry
            if self.entries:
                self.dataChanged.emit(
                    self.index(0, _STEP), self.index(len(self.entries) - 1, _SAMPLE)
                )

    def show(self, entries: Iterable[AnyLogEntry]) -> None:
        """Show other entries."""
        self.beginResetModel()
        self.entries = list(entries)
        self.endResetModel()

    def add(self, *entries: AnyLogEntry) -> None:
        """Show one or more entries, as the last ones."""
        row = len(self.entries)
        self.beginInsertRows(QModelIndex(), row, row + len(entries) - 1)
        self.entries += entries
        self.endInsertRows()

    def rowCount(self, parent: AnyIndex = _ROOT) -> int:
        """Return the number of entries."""
        return 0 if parent.isValid() else len(self.entries)

    def columnCount(self, parent: AnyIndex = _ROOT) -> int:
        """Return two: the step, and what was written."""
        return 0 if parent.isValid() else 2

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the text of a cell."""
        entry = self.entries[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return f"{step_of(entry):,}" if index.column() == _STEP else sample_of(entry)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            sample = sample_of(entry).replace(" · ", ", ")
            if isinstance(entry, MelodyLogEntry):
                sample = f"{'Stop' if entry is self.heard else 'Play'} {sample}"
            return f"step {step_of(entry):,}" if index.column() == _STEP else sample
        if role == Qt.ItemDataRole.ToolTipRole:
            does = "hear it" if isinstance(entry, MelodyLogEntry) else "read the whole entry"
            if entry is self.heard:
                does = "stop it"
            return f"Step {step_of(entry):,}. Click to {does}"
        return None


class _LearnedDelegate(RowDelegate):
    """Paints a triangle before what can be played, and a square before what is being played."""

    def draw_cell(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        """Draw the text of a cell, behind a sign if a click plays or stops it."""
        model = index.model()
        entry = model.entries[index.row()] if isinstance(model, LearnedModel) else None
        if index.column() == _SAMPLE and isinstance(entry, MelodyLogEntry):
            is_heard = isinstance(model, LearnedModel) and entry is model.heard
            side = option.fontMetrics.height() * _PLAY_SHARE
            room, role = self.room(option), QPalette.ColorRole
            place = QRectF(room.left(), room.center().y() - side / 2, side, side)
            if is_heard:
                option.palette.setColor(role.Text, option.palette.color(role.Highlight))
            icon = Icon.STOP if is_heard else Icon.PLAY
            draw_icon(painter, icon, place, option.palette.color(role.Text))
            option.rect.setLeft(round(place.right()))
        super().draw_cell(painter, option, index)


class LearnedRows(QuietTable):
    """Lists the entries, and stays at the last one unless somebody has scrolled away.

    Parameters
    ----------
    tip : str
        What the rows are.
    empty_message : str
        How they come about.

    Signals
    -------
    opened(AnyLogEntry)
        Somebody wants to read or hear an entry: a click on its row, or Enter.
    """

    opened = Signal(object)

    def __init__(self, tip: str, empty_message: str, parent: QWidget | None = None) -> None:
        super().__init__("What the network wrote as it learned", tip, parent=parent)
        self.entries = LearnedModel()
        self._follows = True
        self.hide_headings()
        self.setModel(self.entries)
        self.setItemDelegate(_LearnedDelegate(self, numbers=(_STEP,), faint=(_STEP,)))
        self.header.setSectionResizeMode(_SAMPLE, QHeaderView.ResizeMode.Stretch)
        self.say_where_empty(empty_message)
        self.clicked.connect(self._open)
        self.activated.connect(self._open)
        bar = self.verticalScrollBar()
        bar.valueChanged.connect(self._note_scrolling)
        bar.rangeChanged.connect(self._follow)

    def _size_rows(self) -> None:
        super()._size_rows()
        width = self.fontMetrics().horizontalAdvance(_LONGEST_STEP) + 3 * SPACE
        self.header.setMinimumSectionSize(width)
        if self.header.count():
            self.setColumnWidth(_STEP, width)

    def showEvent(self, event: QShowEvent) -> None:
        """Show the last rows."""
        super().showEvent(event)
        self._follow()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the last rows in view."""
        super().resizeEvent(event)
        self._follow()

    @Slot(int)
    def _note_scrolling(self, value: int) -> None:
        self._follows = value >= self.verticalScrollBar().maximum()

    @Slot()
    def _follow(self) -> None:
        if self._follows:
            bar = self.verticalScrollBar()
            bar.setValue(bar.maximum())

    @Slot(QModelIndex)
    def _open(self, index: QModelIndex) -> None:
        self.opened.emit(self.entries.entries[index.row()])


class WholeRows(QWidget):
    """Holds a list in a height of whole rows, so that its first row is never cut off.

    Parameters
    ----------
    rows : LearnedRows
    """

    def __init__(self, rows: LearnedRows, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows = rows
        rows.setParent(self)

    def minimumSizeHint(self) -> QSize:
        """Return that of the list."""
        return self._rows.minimumSizeHint()

    def sizeHint(self) -> QSize:
        """Return that of the list."""
        return self._rows.sizeHint()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the list as many rows as fit."""
        super().resizeEvent(event)
        row = self._rows.verticalHeader().defaultSectionSize()
        height = max(self.height() - self.height() % row, row)
        self._rows.setGeometry(0, 0, self.width(), height)
