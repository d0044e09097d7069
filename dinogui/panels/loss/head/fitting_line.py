"""A line that says its text in fewer words where room is scarce."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget


class FittingLine(QWidget):
    """Shows the first of some texts that fits. No text is ever cut.

    It takes the room there is, so a new text lays out nothing anew.

    Parameters
    ----------
    name : str
        For screen readers.
    """

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._texts: tuple[str, ...] = ("",)
        self.setProperty("role", "faint")
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    @property
    def text(self) -> str:
        """The text that is shown."""
        metrics, room = self.fontMetrics(), self.width()
        return next((text for text in self._texts if metrics.horizontalAdvance(text) <= room), "")

    def show_texts(self, texts: Sequence[str]) -> None:
        """Show other texts, the longest one first."""
        if tuple(texts) != self._texts:
            self._texts = tuple(texts)
            self.setAccessibleDescription(texts[0])
            self.update()

    def sizeHint(self) -> QSize:
        """Return the height of a line, and no width."""
        return QSize(0, self.fontMetrics().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Write the text."""
        painter = QPainter(self)
        middle = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.drawText(self.rect(), middle, self.text)
        painter.end()
