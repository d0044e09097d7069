"""A scroll area for pictures that may need more width than there is."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QScrollArea, QWidget


class SideScroll(QScrollArea):
    """Shows a picture in the width there is, and scrolls from side to side below a given width.

    Parameters
    ----------
    content : QWidget
    """

    def __init__(self, content: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._content = content
        self.setWidget(content)
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def give_width(self, width: int) -> None:
        """Make the content at least this wide, in pixels."""
        if width != self._content.minimumWidth():
            self._content.setMinimumWidth(width)

    def minimumSizeHint(self) -> QSize:
        """Return the height of the content, with room for the scroll bar, and little width."""
        height = self._content.minimumSizeHint().height()
        return QSize(80, height + self.horizontalScrollBar().sizeHint().height())
