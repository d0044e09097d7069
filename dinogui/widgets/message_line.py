"""A message with reserved room, so that nothing moves when it appears or disappears."""

from PySide6.QtCore import QEvent, QRect, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget


class MessageLine(QLabel):
    """A label with a given number of lines. The tooltip has all of a message that does not fit.

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
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.reserve(lines)
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
            self.reserve(self._lines)

    def reserve(self, lines: int) -> None:
        """Reserve another number of lines."""
        self._lines = lines
        # Wrapped lines may stand further apart than `lineSpacing` says, by a fraction of a pixel.
        area = QRect(0, 0, 10_000, 10_000)
        text = "\n".join("x" * lines)
        needed = self.fontMetrics().boundingRect(area, Qt.TextFlag.TextWordWrap, text)
        self.setFixedHeight(needed.height() + 2)
        self._fit()

    def _fit(self) -> None:
        words = self._message.split()
        shown = self._message
        while len(words) > 1 and not self._has_room_for(shown):
            words.pop()
            shown = " ".join(words) + " …"
        self.setText(shown)
        self.setToolTip(self._message if shown != self._message else "")

    def _has_room_for(self, text: str) -> bool:
        room = self.contentsRect()
        area = QRect(0, 0, room.width(), 10_000)
        needed = self.fontMetrics().boundingRect(area, Qt.TextFlag.TextWordWrap, text)
        return needed.height() <= room.height() and needed.width() <= room.width()
