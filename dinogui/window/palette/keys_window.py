"""Help > Keys: all keys in a list that can be searched."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QDialog,
    QLabel,
    QLineEdit,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from dinogui.common.documented_keys import native_keys
from dinogui.common.theme import SPACE
from dinogui.widgets.screen_room import within_screen
from dinogui.window.palette.fuzzy import match, starts_a_word
from dinogui.window.palette.key_list import KeyLine

_HEADINGS = ("Key", "What it does", "Where")
_KEY, _WORDS, _PLACE = range(3)
_SIZE_IN_LETTERS = (92, 30)


class KeysWindow(QDialog):
    """Lists keys beside a window, which goes on working. It is deleted when it is closed.

    Lives in the GUI thread.

    Parameters
    ----------
    parent : QWidget
    lines : sequence of KeyLine

    Attributes
    ----------
    search_line : QLineEdit
    list : QTreeWidget
    """

    def __init__(self, parent: QWidget, lines: Sequence[KeyLine]) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Keys")
        self.search_line = QLineEdit()
        self.search_line.setPlaceholderText("Search the keys")
        self.search_line.setAccessibleName("Search the keys")
        self.search_line.setClearButtonEnabled(True)
        self.search_line.installEventFilter(self)
        self.list = QTreeWidget()
        self.list.setAccessibleName("Keys")
        self.list.setHeaderLabels(_HEADINGS)
        self.list.setRootIsDecorated(False)
        self.list.setUniformRowHeights(True)
        self.list.setAlternatingRowColors(True)
        self._nothing = QLabel("No key matches. Try fewer letters.")
        self._nothing.setProperty("role", "faint")
        self._nothing.hide()
        for line in lines:
            QTreeWidgetItem(self.list, [native_keys(line.keys), line.words, line.place])
        for column in range(len(_HEADINGS)):
            self.list.resizeColumnToContents(column)
        layout = QVBoxLayout(self)
        layout.setSpacing(2 * SPACE)
        layout.addWidget(self.search_line)
        layout.addWidget(self.list, 1)
        layout.addWidget(self._nothing)
        self.search_line.textChanged.connect(self._search)
        letters, rows = _SIZE_IN_LETTERS
        metrics = self.fontMetrics()
        columns = sum(map(self.list.columnWidth, range(len(_HEADINGS))))
        columns += self.list.verticalScrollBar().sizeHint().width() + 2 * self.list.frameWidth()
        margins = layout.contentsMargins()
        least = columns + margins.left() + margins.right()  # no column is cut
        wanted = (
            max(letters * metrics.averageCharWidth(), least),
            rows * metrics.lineSpacing(),
        )
        self.resize(within_screen(QSize(*wanted), self.parentWidget() or self))
        self.search_line.setFocus()

    @property
    def shown(self) -> list[tuple[str, ...]]:
        """The texts of the lines that are shown."""
        return [
            tuple(item.text(column) for column in range(len(_HEADINGS)))
            for item in self._items()
            if not item.isHidden()
        ]

    def _items(self) -> list[QTreeWidgetItem]:
        rows = range(self.list.topLevelItemCount())
        return [item for row in rows if (item := self.list.topLevelItem(row)) is not None]

    @Slot(str)
    def _search(self, query: str) -> None:
        """Show the lines with a key that was typed, or else those whose words match."""
        wanted, items = query.strip().lower(), self._items()
        shown = [item for item in items if wanted in item.text(_KEY).lower().split(", ")]
        if not shown:
            shown = [item for item in items if _matches(query, item)]
        for item in items:
            item.setHidden(item not in shown)
        self._nothing.setVisible(not shown)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Clear the search with Escape, and go to the list with the arrow keys."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() == Qt.Key.Key_Escape and self.search_line.text():
                self.search_line.clear()
                return True
            if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
                self.list.setFocus()
                return True
        return super().eventFilter(watched, event)


def _matches(query: str, item: QTreeWidgetItem) -> bool:
    words = item.text(_WORDS)
    others = f"{item.text(_KEY)} {item.text(_PLACE)} {words}"
    return match(query, words) is not None or all(
        starts_a_word(word, others) for word in query.split()
    )
