"""The list of futures: what the knob is turned to in each, and its latest loss."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QIcon, QKeyEvent, QPainter, QPixmap
from PySide6.QtWidgets import QFrame, QListWidget, QListWidgetItem, QWidget

from dinogui.common.documented_keys import DocumentedKeys
from dinogui.common.theme import SPACE

KEYS = DocumentedKeys(
    "Futures",
    (
        ("Up, Down", "Choose a future"),
        ("Enter", "Begin a new run with the chosen future"),
    ),
)

_APART = 2
"""Pixels around each row."""
_SWATCH = 12
_COLOUR = Qt.ItemDataRole.UserRole
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class FutureList(QListWidget):
    """Lists futures, one of which can be chosen with the arrow keys and taken with Enter.

    Lives in the GUI thread.

    Signals
    -------
    chosen(int)
        Another one is the current one.
    taken(int)
        Enter was pressed on one, or it was double-clicked.
    """

    chosen = Signal(int)
    taken = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Futures")
        self.setToolTip("Enter, or a double click, begins a new run with this future")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setUniformItemSizes(True)
        self.setSpacing(_APART)
        self.setIconSize(QSize(_SWATCH, _SWATCH))
        self.currentRowChanged.connect(self._tell_chosen)
        self.itemDoubleClicked.connect(self._take)

    def show_rows(self, rows: Sequence[tuple[str, QColor]]) -> None:
        """Show other texts, each beside the colour of its line; the current row stays."""
        while self.count() > len(rows):
            self.takeItem(self.count() - 1)
        for row, (text, colour) in enumerate(rows):
            if row == self.count():
                self.addItem(QListWidgetItem())
            item = self.item(row)
            if item.text() != text:
                item.setText(text)
            if item.data(_COLOUR) != colour:
                item.setData(_COLOUR, colour)
                item.setIcon(_swatch(colour))
        self.setFixedHeight(self.sizeHint().height())

    def sizeHint(self) -> QSize:
        """Return the height of all rows."""
        height = self.count() * (max(self.sizeHintForRow(0), 0) + 2 * _APART) + SPACE
        return QSize(super().sizeHint().width(), height)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take the current future with Enter."""
        if event.key() in _ENTER and self.currentRow() >= 0:
            self.taken.emit(self.currentRow())
        elif event.key() == Qt.Key.Key_Escape:
            event.ignore()  # whatever holds the list removes the futures
        else:
            super().keyPressEvent(event)

    @Slot(int)
    def _tell_chosen(self, row: int) -> None:
        self.chosen.emit(row)

    @Slot(QListWidgetItem)
    def _take(self, item: QListWidgetItem) -> None:
        self.taken.emit(self.row(item))


def _swatch(colour: QColor) -> QIcon:
    """Return a dash in a colour, as an icon."""
    pixmap = QPixmap(_SWATCH, _SWATCH)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.fillRect(0, _SWATCH // 2 - 1, _SWATCH, 3, colour)
    painter.end()
    return QIcon(pixmap)
