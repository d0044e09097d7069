"""A line to search a text with, which is there when it is asked for."""

from PySide6.QtCore import QEvent, QObject, Qt, Slot
from PySide6.QtGui import QKeyEvent, QTextCursor, QTextDocument
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPlainTextEdit, QToolButton, QWidget


class TextSearch(QWidget):
    """Finds the next place and the one before, beyond the text's ends too.

    Parameters
    ----------
    text : QPlainTextEdit
        What is found is selected there.
    name : str
        What it searches, in words, as "the log".

    Attributes
    ----------
    line : QLineEdit
    """

    def __init__(self, text: QPlainTextEdit, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = text
        self.line = QLineEdit()
        self.line.setPlaceholderText(f"Find in {name}")
        self.line.setAccessibleName(f"Find in {name}")
        self.line.setToolTip("Enter finds the next, Shift+Enter the one before, Esc closes")
        self.line.setAcceptDrops(False)
        self.line.textEdited.connect(self._find_as_typed)
        self.line.installEventFilter(self)
        self._told = QLabel()
        self._told.setProperty("role", "faint")
        close = QToolButton()
        close.setText("×")
        close.setAutoRaise(True)
        close.setToolTip("Search no longer (Esc)")
        close.setAccessibleName("Close the search")
        close.clicked.connect(self.end)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.line, 1)
        layout.addWidget(self._told)
        layout.addWidget(close)
        self.hide()

    @property
    def told(self) -> str:
        """What it says of what it has found."""
        return self._told.text()

    @Slot()
    def begin(self) -> None:
        """Show the line to type in."""
        self.show()
        self.line.setFocus()
        self.line.selectAll()

    @Slot()
    def end(self) -> None:
        """Hide it; what was found stays selected."""
        self.hide()
        self._text.setFocus()

    @Slot()
    def find_next(self) -> None:
        """Go to the next place, from the end to the beginning."""
        self._find(self._text.textCursor(), backward=False)

    @Slot()
    def find_previous(self) -> None:
        """Go to the place before, from the beginning to the end."""
        self._find(self._text.textCursor(), backward=True)

    @Slot()
    def _find_as_typed(self) -> None:
        start = self._text.textCursor()
        start.setPosition(start.selectionStart())
        self._find(start, backward=False)

    def _find(self, start: QTextCursor, *, backward: bool) -> None:
        document, wanted = self._text.document(), self.line.text()
        if not wanted:
            self._told.clear()
            return
        flag = QTextDocument.FindFlag.FindBackward if backward else QTextDocument.FindFlag(0)
        found = document.find(wanted, start, flag)
        if found.isNull():
            edge = QTextCursor(document)
            if backward:
                edge.movePosition(QTextCursor.MoveOperation.End)
            found = document.find(wanted, edge, flag)
        self._told.setText("not found" if found.isNull() else "")
        if not found.isNull():
            self._text.setTextCursor(found)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take the keys of the search."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                is_back = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
                (self.find_previous if is_back else self.find_next)()
                return True
            if event.key() == Qt.Key.Key_Escape:
                self.end()
                return True
        return super().eventFilter(watched, event)
