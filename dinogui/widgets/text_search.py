"""A search line for a text, hidden until it is asked for."""

from PySide6.QtCore import QEvent, QObject, Qt, Slot
from PySide6.QtGui import QKeyEvent, QTextCursor, QTextDocument
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPlainTextEdit, QWidget

from dinogui.common.documented_keys import DocumentedKeys
from dinogui.common.icons import Icon
from dinogui.widgets.buttons.icon_button import IconButton

KEYS = DocumentedKeys(
    "Find in the log",
    (("Enter, Shift+Enter", "Next and previous match"), ("Esc", "Close the search")),
)

_NOT_FOUND = "not found"


class TextSearch(QWidget):
    """Finds the next or the previous match, and wraps around at the ends of the text.

    Parameters
    ----------
    text : QPlainTextEdit
        The text to search. A match is selected in it.
    name : str
        What the text is called, such as "the log".

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
        self.line.setToolTip(
            "Enter finds the next match, Shift+Enter the previous one, Esc closes the search"
        )
        self.line.setAcceptDrops(False)
        self.line.textEdited.connect(self._find_as_typed)
        self.line.installEventFilter(self)
        self._outcome = QLabel()
        self._outcome.setProperty("role", "faint")
        # Its room is there from the start, so that the line keeps its width while one types.
        self._outcome.setMinimumWidth(self.fontMetrics().horizontalAdvance(_NOT_FOUND))
        close = IconButton(Icon.CLOSE, "Close the search", "Close the search (Esc)")
        close.clicked.connect(self.end)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.line, 1)
        layout.addWidget(self._outcome)
        layout.addWidget(close)
        self.hide()

    @property
    def outcome(self) -> str:
        """What it says about the last search: "not found", or nothing."""
        return self._outcome.text()

    @Slot()
    def begin(self) -> None:
        """Show the line, ready to type."""
        self.show()
        self.line.setFocus()
        self.line.selectAll()

    @Slot()
    def end(self) -> None:
        """Hide the line. The match stays selected."""
        self.hide()
        self._text.setFocus()

    @Slot()
    def find_next(self) -> None:
        """Select the next match; after the last one comes the first."""
        self._find(self._text.textCursor(), backward=False)

    @Slot()
    def find_previous(self) -> None:
        """Select the previous match; before the first one comes the last."""
        self._find(self._text.textCursor(), backward=True)

    @Slot()
    def _find_as_typed(self) -> None:
        start = self._text.textCursor()
        start.setPosition(start.selectionStart())
        self._find(start, backward=False)

    def _find(self, start: QTextCursor, *, backward: bool) -> None:
        document, wanted = self._text.document(), self.line.text()
        if not wanted:
            self._outcome.clear()
            return
        flag = QTextDocument.FindFlag.FindBackward if backward else QTextDocument.FindFlag(0)
        found = document.find(wanted, start, flag)
        if found.isNull():
            edge = QTextCursor(document)
            if backward:
                edge.movePosition(QTextCursor.MoveOperation.End)
            found = document.find(wanted, edge, flag)
        self._outcome.setText(_NOT_FOUND if found.isNull() else "")
        if not found.isNull():
            self._text.setTextCursor(found)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Handle Enter, Shift+Enter and Esc."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                is_back = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
                (self.find_previous if is_back else self.find_next)()
                return True
            if event.key() == Qt.Key.Key_Escape:
                self.end()
                return True
        return super().eventFilter(watched, event)
