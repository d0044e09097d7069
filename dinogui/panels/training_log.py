"""The history of samples: what the course prints every 2,000 steps, to scroll and to search."""

from PySide6.QtCore import QEvent, QObject, Qt, Slot
from PySide6.QtGui import QFontDatabase, QGuiApplication, QKeyEvent, QTextCursor, QTextDocument
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from engine.messages import LogEntry
from engine.sampling import title_case

_EMPTY_NAME = "(an empty name)"
_LINE_END = "\u2028"  # of a line that ends no paragraph; copied, it is a usual one


class TrainingLog(QWidget):
    """Keeps every entry of the runs of this window.

    Attributes
    ----------
    text : QPlainTextEdit
    search : QLineEdit
        Shown when it is asked for.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        # Read-only text lets Tab go on to the next part of the window.
        self.text.setTabChangesFocus(True)
        self.text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.text.setAccessibleName("Training log")
        self.text.setToolTip("Seven names every 2,000 iterations, as the course prints them")
        self.text.setPlaceholderText("While it trains: seven names every 2,000 steps.")
        self._follows = True
        bar = self.text.verticalScrollBar()
        bar.rangeChanged.connect(self._follow)
        bar.valueChanged.connect(self._note_scrolling)
        self._make_search()
        self._lay_out()

    def _make_search(self) -> None:
        self.search = QLineEdit()
        self.search.setPlaceholderText("Find in the log")
        self.search.setAccessibleName("Find in the log")
        self.search.setToolTip("Enter finds the next, Shift+Enter the one before, Esc closes")
        self.search.setAcceptDrops(False)
        self.search.textEdited.connect(self._find_as_typed)
        self.search.installEventFilter(self)
        self._told = QLabel()
        self._told.setProperty("role", "faint")
        close = QToolButton()
        close.setText("×")
        close.setAutoRaise(True)
        close.setToolTip("Search no longer (Esc)")
        close.setAccessibleName("Close the search")
        close.clicked.connect(self.close_search)
        self._bar = QWidget()
        line = QHBoxLayout(self._bar)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(self.search, 1)
        line.addWidget(self._told)
        line.addWidget(close)
        self._bar.hide()

    def _lay_out(self) -> None:
        heading = QLabel("L&og of the training")
        heading.setProperty("role", "heading")
        heading.setBuddy(self.text)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 6, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(heading)
        layout.addWidget(self._bar)
        layout.addWidget(self.text, 1)

    @property
    def told(self) -> str:
        """What the search says."""
        return self._told.text()

    @Slot(object)
    def write(self, entry: LogEntry) -> None:
        """Write an entry as the course prints it, and stay where the reader is."""
        lines = [f"Iteration: {entry.iteration}, Loss: {entry.smoothed_loss:f}", ""]
        lines += [title_case(name) or _EMPTY_NAME for name in entry.names]
        # Lines of one paragraph: an entry takes 3 KB, where ten paragraphs take 20.
        self.text.appendPlainText(_LINE_END.join([*lines, ""]))

    def write_heading(self, text: str) -> None:
        """Write a line between runs."""
        if self.text.document().characterCount() > 1:
            self.text.appendPlainText(f"— {text} —\n")

    @Slot()
    def copy(self) -> None:
        """Copy the whole log."""
        QGuiApplication.clipboard().setText(self.text.toPlainText())

    @Slot()
    def open_search(self) -> None:
        """Show the line to type in, and begin."""
        self._bar.show()
        self.search.setFocus()
        self.search.selectAll()

    @Slot()
    def close_search(self) -> None:
        """Hide it; what was found stays selected."""
        self._bar.hide()
        self.text.setFocus()

    @Slot()
    def find_next(self) -> None:
        """Go to the next place, from the end to the beginning."""
        self._find(self.text.textCursor(), backward=False)

    @Slot()
    def find_previous(self) -> None:
        """Go to the place before, from the beginning to the end."""
        self._find(self.text.textCursor(), backward=True)

    @Slot()
    def _find_as_typed(self) -> None:
        start = self.text.textCursor()
        start.setPosition(start.selectionStart())
        self._find(start, backward=False)

    def _find(self, start: QTextCursor, *, backward: bool) -> None:
        document, wanted = self.text.document(), self.search.text()
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
            self.text.setTextCursor(found)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take the keys of the search."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                is_back = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
                (self.find_previous if is_back else self.find_next)()
                return True
            if event.key() == Qt.Key.Key_Escape:
                self.close_search()
                return True
        return super().eventFilter(watched, event)

    @Slot(int)
    def _note_scrolling(self, value: int) -> None:
        self._follows = value >= self.text.verticalScrollBar().maximum()

    @Slot(int, int)
    def _follow(self, _low: int, high: int) -> None:
        """Stay at the end as it moves away, by more text or by less room."""
        if self._follows:
            self.text.verticalScrollBar().setValue(high)
