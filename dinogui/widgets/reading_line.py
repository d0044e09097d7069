"""A line of text that changes often and is cheap to change."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from dinogui.widgets.elision import elided_text

_MARGIN = 2


class ReadingLine(QWidget):
    """Shows a text, elided at its end where it does not fit.

    A `QLabel` asks for the room that its text needs, so with each new text the whole window is laid
    out again. This takes the room there is.
    """

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = ""
        self.setAccessibleName(name)
        self.setAutoFillBackground(True)  # otherwise Qt also paints everything behind it
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def text(self) -> str:
        """Return the full text."""
        return self._text

    def show_text(self, text: str) -> None:
        """Show another text."""
        if text != self._text:
            self._text = text
            self.setAccessibleDescription(text)
            self.setToolTip(text)
            self.update()

    def sizeHint(self) -> QSize:
        """Return the height of a line, and no width."""
        return QSize(0, self.fontMetrics().height() + 2 * _MARGIN)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the text."""
        painter = QPainter(self)
        room = self.rect().adjusted(_MARGIN, 0, -_MARGIN, 0)
        shown = elided_text(self._text, self.fontMetrics(), room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)
        painter.end()
