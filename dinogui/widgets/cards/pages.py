"""Pages of which one is shown, and only that one asks for room."""

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QStackedWidget


class Pages(QStackedWidget):
    """A `QStackedWidget` that is as small as the page that is shown."""

    def minimumSizeHint(self) -> QSize:
        """Return that of the page."""
        page = self.currentWidget()
        return super().minimumSizeHint() if page is None else page.minimumSizeHint()

    def sizeHint(self) -> QSize:
        """Return that of the page."""
        page = self.currentWidget()
        return super().sizeHint() if page is None else page.sizeHint()
