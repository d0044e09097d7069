"""A message whose room is reserved, so that nothing moves as it comes and goes."""

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget


class MessageLine(QLabel):
    """A label of so many lines; what does not fit ends in "…" and stands in the tooltip.

    Parameters
    ----------
    lines : int
        Whose room it takes, whatever it says.
    name : str
        For screen readers.
    """

    def __init__(self, lines: int, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._message = ""
        self._name = name
        self.setWordWrap(lines > 1)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.setFixedHeight(lines * self.fontMetrics().lineSpacing() + 2)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(name)

    @property
    def message(self) -> str:
        """What it says, in full."""
        return self._message

    @property
    def is_error(self) -> bool:
        """Whether it says what is wrong."""
        return bool(self.property("role") == "error")

    def say(self, message: str, *, is_error: bool = False) -> None:
        """Show a message; an empty one leaves the room free."""
        self._message = message
        self.setAccessibleName(f"{self._name}: {message}" if message else self._name)
        self.setProperty("role", "error" if is_error else "faint")
        self.style().unpolish(self)
        self.style().polish(self)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show as much as fits."""
        super().resizeEvent(event)
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
        wrap = Qt.TextFlag.TextWordWrap if self.wordWrap() else Qt.TextFlag.TextSingleLine
        room = self.contentsRect()
        needed = self.fontMetrics().boundingRect(QRect(0, 0, room.width(), 10_000), wrap, text)
        return needed.height() <= room.height() and needed.width() <= room.width()
