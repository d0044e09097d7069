"""Text that grows at its end while somebody reads it."""

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit, QWidget


class FollowingText(QPlainTextEdit):
    """Read-only text that scrolls to its end as it grows, unless somebody has scrolled away.

    Parameters
    ----------
    name, tip : str
        The accessible name and the tooltip.
    """

    def __init__(self, name: str, tip: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setReadOnly(True)
        self.setUndoRedoEnabled(False)  # the undo history would keep every piece
        # In read-only text, Tab moves on to the next widget.
        self.setTabChangesFocus(True)
        self.setAcceptDrops(False)  # a dropped file is meant for the window
        self.setAccessibleName(name)
        self.setToolTip(tip)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self._follows = True
        bar = self.verticalScrollBar()
        bar.rangeChanged.connect(self._follow)
        bar.valueChanged.connect(self._note_scrolling)

    def add(self, text: str, *, is_bold: bool = False) -> None:
        """Append text as it is, without starting a new line."""
        cursor = QTextCursor(self.document())  # the reader's own cursor keeps its selection
        cursor.movePosition(QTextCursor.MoveOperation.End)
        how = QTextCharFormat()
        if is_bold:
            font = self.font()
            font.setBold(True)
            how.setFont(font)
        cursor.insertText(text, how)

    def restart(self, text: str = "") -> None:
        """Show the end of another text, and follow what comes next."""
        self.setPlainText(text)
        self._follows = True
        self._follow(0, self.verticalScrollBar().maximum())

    @Slot(int)
    def _note_scrolling(self, value: int) -> None:
        self._follows = value >= self.verticalScrollBar().maximum()

    @Slot(int, int)
    def _follow(self, _low: int, high: int) -> None:
        """Stay at the end when there is more text or less room."""
        if self._follows:
            self.verticalScrollBar().setValue(high)
