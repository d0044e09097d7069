"""The table of the preview dialog in which kinds are renamed, merged and left out."""

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QRect, Qt, Slot
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemDelegate,
    QHeaderView,
    QLineEdit,
    QStyle,
    QStyleOptionButton,
    QStyleOptionViewItem,
    QWidget,
)

from dinogui.common.documented_keys import DocumentedKeys
from dinogui.common.theme import SPACE
from dinogui.widgets.tables.quiet_table import QuietTable
from dinogui.widgets.tables.row_delegate import LEFT, RIGHT, RowDelegate
from dinogui.window.reading.kinds_model import FOUND, NAMES, TITLE, USED, KindsModel
from engine.data.reading.choices import MAX_CHOICE_CHARACTERS

AnyIndex = QModelIndex | QPersistentModelIndex
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_LEAST_ROWS = 4

KEYS = DocumentedKeys(
    "Kinds",
    (
        ("Enter", "Give the kind another title"),
        ("Space", "Use the selected kinds, or leave them out"),
    ),
    has_own_window=True,
)
_TIP = (
    "The kinds. A kind without a tick is left out. Press Enter, or click twice, to give a "
    "kind another title; two kinds with the same title are merged"
)


class KindsTable(QuietTable):
    """Shows kinds, and lets a person tick them and type their titles.

    Space ticks all selected kinds, or leaves them out; Enter edits a title. Lives in the GUI
    thread.

    Attributes
    ----------
    kinds : KindsModel
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Kinds", _TIP, least_rows=_LEAST_ROWS, parent=parent)
        self.kinds = KindsModel(self)
        self.setModel(self.kinds)
        self.setItemDelegate(_KindDelegate(self))
        self.setSelectionMode(self.SelectionMode.ExtendedSelection)
        self.setEditTriggers(self.EditTrigger.DoubleClicked | self.EditTrigger.EditKeyPressed)
        self.header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.setSortingEnabled(True)
        modes = QHeaderView.ResizeMode
        self.header.setStretchLastSection(False)
        for column in (FOUND, TITLE):
            self.header.setSectionResizeMode(column, modes.Stretch)
        self._size_columns()
        self.clicked.connect(self._tick_clicked)

    def changeEvent(self, event: QEvent) -> None:
        """Make the columns wider when the text is larger."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and self.model() is not None:
            self._size_columns()

    def _size_columns(self) -> None:
        tick = self.style().pixelMetric(QStyle.PixelMetric.PM_IndicatorWidth)
        self.setColumnWidth(USED, tick + 3 * SPACE)
        figures = self.fontMetrics().horizontalAdvance("000,000") + 2 * SPACE
        self.setColumnWidth(NAMES, max(figures, self.header.room_of("Names")))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Tick the selected kinds, or edit the title of the current one."""
        current = self.currentIndex()
        if event.key() in _ENTER and event.modifiers() == Qt.KeyboardModifier.NoModifier:
            # While a title is edited, its editor takes the key as well. The dialog must not.
            event.accept()
            if self.state() != self.State.EditingState and current.isValid():
                title = current.siblingAtColumn(TITLE)
                if self.kinds.is_used(title.row()):
                    self.edit(title)
        elif event.key() == Qt.Key.Key_Space and current.isValid():
            rows = sorted({index.row() for index in self.selectionModel().selectedRows()})
            self.kinds.use(rows or [current.row()], not self.kinds.is_used(current.row()))
        else:
            super().keyPressEvent(event)

    def closeEditor(self, editor: QWidget, hint: QAbstractItemDelegate.EndEditHint) -> None:
        """Edit no other cell after Tab: it has other columns, which cannot be edited."""
        super().closeEditor(editor, QAbstractItemDelegate.EndEditHint.NoHint)

    @Slot(QModelIndex)
    def _tick_clicked(self, index: QModelIndex) -> None:
        if index.column() == USED:
            self.kinds.use([index.row()], not self.kinds.is_used(index.row()))


class _KindDelegate(RowDelegate):
    """Paints the ticks; what is left out is faint."""

    def __init__(self, table: KindsTable) -> None:
        super().__init__(table, numbers=(NAMES,))
        self._table = table

    def draw_cell(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        """Draw a tick or a text."""
        is_used = self._table.kinds.is_used(index.row())
        if index.column() == USED:
            self._draw_tick(painter, option.rect, is_used)
            return
        is_number = index.column() == NAMES
        self.draw_text(
            painter,
            option,
            index.data() or "",
            align=RIGHT if is_number else LEFT,
            font=self._figures if is_number else option.font,
            is_faint=not is_used,
        )

    def _draw_tick(self, painter: QPainter, rect: QRect, is_ticked: bool) -> None:
        style = self._table.style()
        side = style.pixelMetric(QStyle.PixelMetric.PM_IndicatorWidth)
        box = QStyleOptionButton()
        box.initFrom(self._table)
        box.rect = QRect(0, 0, side, side)
        box.rect.moveCenter(rect.center())
        state = QStyle.StateFlag
        box.state = state.State_Enabled | (state.State_On if is_ticked else state.State_Off)
        style.drawPrimitive(QStyle.PrimitiveElement.PE_IndicatorCheckBox, box, painter, self._table)

    def createEditor(
        self, parent: QWidget, option: QStyleOptionViewItem, index: AnyIndex
    ) -> QWidget:
        """Return a line for the title."""
        line = QLineEdit(parent)
        line.setMaxLength(MAX_CHOICE_CHARACTERS)
        line.setAccessibleName(f"Title of {self._table.kinds.index(index.row(), FOUND).data()}")
        return line
