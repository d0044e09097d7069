"""A scroll area that scrolls up and down only and is never narrower than its content."""

from PySide6.QtCore import QEvent, QObject, QPoint, QSize, Qt, Slot
from PySide6.QtWidgets import QScrollArea, QWidget


class VerticalScroll(QScrollArea):
    """Shows a widget in the colour of what lies behind it, and scrolls where the height is short.

    Parameters
    ----------
    content : QWidget
        Its minimum width, with room for the scroll bar, is the minimum width of the area. So wide
        fonts make the area wider instead of cutting off its content.
    keeps_width : bool
        Whether the content is as wide without a scroll bar as beside it, so that nothing moves when
        the bar appears.
    least_lines : int
        The lines of text that can be seen at least.
    """

    def __init__(
        self,
        content: QWidget,
        parent: QWidget | None = None,
        *,
        keeps_width: bool = False,
        least_lines: int = 1,
    ) -> None:
        super().__init__(parent)
        self._least_lines = least_lines
        self._content = content
        self.setWidget(content)
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.viewport().setAutoFillBackground(False)
        content.setAutoFillBackground(False)

        if keeps_width:
            self.verticalScrollBar().rangeChanged.connect(self._reserve_bar)
            self._reserve_bar(0, 0)

    @Slot(int, int)
    def _reserve_bar(self, _least: int, most: int) -> None:
        """Leave the room of the scroll bar free while it is not there."""
        width = 0 if most > 0 else self.verticalScrollBar().sizeHint().width()
        self.setViewportMargins(0, 0, width, 0)

    def minimumSizeHint(self) -> QSize:
        """Return the minimum width of the content, and room for the fewest lines."""
        width = self._content.minimumSizeHint().width()
        height = self._least_lines * self.fontMetrics().height()
        return QSize(width + self.verticalScrollBar().sizeHint().width(), height)

    def focusNextPrevChild(self, is_next: bool) -> bool:
        """Scroll to all of the part that Tab leads to; Qt looks at the cursor of a field alone."""
        has_moved = super().focusNextPrevChild(is_next)
        part = self.focusWidget()
        if has_moved and part is not None and self._content.isAncestorOf(part):
            bar, top = self.verticalScrollBar(), part.mapTo(self._content, QPoint()).y()
            below = top + part.height() - self.viewport().height()
            bar.setValue(min(max(bar.value(), below), top))
        return has_moved

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Ask for another width when the content needs one, which Qt's scroll areas do not."""
        if watched is self._content and event.type() is QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().eventFilter(watched, event)
