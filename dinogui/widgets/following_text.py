"""Text that grows at its end and is read meanwhile."""

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit, QWidget


class FollowingText(QPlainTextEdit):
    """Read-only text that follows its end, unless somebody has scrolled away from it.

    Parameters
    ----------
    name, tip : str
        Its accessible name, and what it says of itself.
    """

    def __init__(self, name: str, tip: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setReadOnly(True)
        self.setUndoRedoEnabled(False)  # it would remember every piece
        # Read-only text lets Tab go on to the next part of the window.
        self.setTabChangesFocus(True)
        self.setAcceptDrops(False)  # a file that is dropped here is meant for the window
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
        """Put text at the end, as it is: no line is begun."""
        cursor = QTextCursor(self.document())  # not the reader's, whose selection stays
        cursor.movePosition(QTextCursor.MoveOperation.End)
        how = QTextCharFormat()
        if is_bold:
            font = self.font()
            font.setBold(True)
            how.setFont(font)
        cursor.insertText(text, how)

    def begin_anew(self) -> None:
        """Forget all text, and follow what comes."""
        self.clear()
        self._follows = True

    @Slot(int)
    def _note_scrolling(self, value: int) -> None:
        self._follows = value >= self.verticalScrollBar().maximum()

    @Slot(int, int)
    def _follow(self, _low: int, high: int) -> None:
        """Stay at the end as it moves away, by more text or by less room."""
        if self._follows:
            self.verticalScrollBar().setValue(high)
