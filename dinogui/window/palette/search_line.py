"""The line of the command search, which passes on the keys that move through the list."""

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from dinogui.common.theme import SPACE, TextSize, text_font

_MOVES = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
_PAGES = {Qt.Key.Key_PageUp: -1, Qt.Key.Key_PageDown: 1}
_ENDS = {Qt.Key.Key_Home: -1_000_000, Qt.Key.Key_End: 1_000_000}
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class SearchLine(QLineEdit):
    """A line that keeps every key for itself, so that no key acts on what is behind the search.

    Lives in the GUI thread.

    Signals
    -------
    moved(int)
        Up (-1) or down (1) was pressed.
    paged(int)
        So many pages up or down were asked for; very many for the first or the last line.
    entered(), completed(), left()
        Enter, Tab, or Escape was pressed.
    """

    moved = Signal(int)
    paged = Signal(int)
    entered = Signal()
    completed = Signal()
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrame(False)
        self.setFont(text_font(self.font(), TextSize.VALUE))
        self.setTextMargins(2 * SPACE, SPACE, SPACE, SPACE)
        self.setAcceptDrops(False)
        self.setAccessibleName("Search commands")
        self.setPlaceholderText("Search, or set a value: learning rate 0.003")
        self.setClearButtonEnabled(True)

    def event(self, event: QEvent) -> bool:
        """Claim every key before the shortcuts of the window get it."""
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return super().event(event)

    def focusNextPrevChild(self, _next: bool) -> bool:
        """Leave the focus here: Tab completes."""
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move through the list, choose, or leave; all other keys are for the text."""
        key = Qt.Key(event.key())
        has_control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if key in _MOVES:
            self.moved.emit(_MOVES[key])
        elif key in _PAGES:
            self.paged.emit(_PAGES[key])
        elif key in _ENDS and has_control:
            self.paged.emit(_ENDS[key])
        elif key in _ENTER:
            self.entered.emit()
        elif key in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
            self.completed.emit()
        elif key == Qt.Key.Key_Escape or (key == Qt.Key.Key_K and has_control):
            self.left.emit()
        else:
            super().keyPressEvent(event)
