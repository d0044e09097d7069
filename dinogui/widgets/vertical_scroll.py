"""A scroll area that scrolls up and down only and is never narrower than its content."""

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtWidgets import QScrollArea, QWidget


class VerticalScroll(QScrollArea):
    """Shows a widget in the colour of what lies behind it, and scrolls where the height is short.

    Parameters
    ----------
    content : QWidget
        Its minimum width, with room for the scroll bar, is the minimum width of the area. So wide
        fonts make the area wider instead of cutting off its content.
    """

    def __init__(self, content: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._content = content
        self.setWidget(content)
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.viewport().setAutoFillBackground(False)
        content.setAutoFillBackground(False)

    def minimumSizeHint(self) -> QSize:
        """Return the minimum width of the content, and room for a line."""
        width = self._content.minimumSizeHint().width()
        return QSize(
            width + self.verticalScrollBar().sizeHint().width(), self.fontMetrics().height()
        )

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Ask for another width when the content needs one, which Qt's scroll areas do not."""
        if watched is self._content and event.type() is QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().eventFilter(watched, event)
