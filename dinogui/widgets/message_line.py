"""A message with reserved room, so that nothing moves when it appears or disappears."""

from PySide6.QtCore import QEvent, QRect, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget


class MessageLine(QLabel):
    """A label with a fixed number of lines. The tooltip has all of a message that does not fit.

    Parameters
    ----------
    lines : int
        The number of lines to reserve.
    name : str
        For screen readers.
    """

    def __init__(self, lines: int, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._message = ""
        self._name, self._lines = name, lines
        self.setWordWrap(lines > 1)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self._reserve()
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(name)

    @property
    def message(self) -> str:
        """The full message."""
        return self._message

    @property
    def is_error(self) -> bool:
        """Whether the message is an error."""
        return bool(self.property("role") == "error")

    def say(self, message: str, *, is_error: bool = False) -> None:
        """Show a message, or nothing if it is empty."""
        self._message = message
        self.setAccessibleName(f"{self._name}: {message}" if message else self._name)
        role = "error" if is_error else "faint"
        if self.property("role") != role:
            self.setProperty("role", role)
            self.style().unpolish(self)
            self.style().polish(self)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show as much of the message as fits."""
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        """Reserve the room that another font needs."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._reserve()
            self._fit()

    def _reserve(self) -> None:
        self.setFixedHeight(self._lines * self.fontMetrics().lineSpacing() + 2)

    def _fit(self) -> None:
        words = self._message.split()
        shown = self._message
        while len(words) > 1 and not self._has_room_for(shown):
            words.pop()
            shown = " ".join(words) + " …"
        self.setText(shown)
        self.setToolTip(self._message if shown != self._message else "")

    def _has_room_for(self, text: str) -> bool:
        wrap = Qt.TextFlag.TextWordWrap if self.wordWrap() else Qt.TextFlag.TextSingleLine
        room = self.contentsRect()
        needed = self.fontMetrics().boundingRect(QRect(0, 0, room.width(), 10_000), wrap, text)
        return needed.height() <= room.height() and needed.width() <= room.width()
