"""Fields for a line of text, with their meaning as a placeholder in place of a label."""

from PySide6.QtCore import QEvent, QSize
from PySide6.QtWidgets import QLineEdit, QWidget

from dinogui.common.theme import SPACE

_LEAST_HEIGHT = 30


class PlaceholderField(QLineEdit):
    """Is wide enough for its placeholder, in any font."""

    def setPlaceholderText(self, text: str) -> None:
        """Say in the empty field what it is for."""
        super().setPlaceholderText(text)
        self.updateGeometry()

    def minimumSizeHint(self) -> QSize:
        """Return room for the placeholder, so that it is never cut off."""
        hint = super().minimumSizeHint()
        words = self.fontMetrics().horizontalAdvance(self.placeholderText())
        return QSize(max(hint.width(), words + 6 * SPACE), hint.height())


class QuietField(PlaceholderField):
    """Has a faint ground with round corners, which the window's style paints.

    Parameters
    ----------
    placeholder : str
        Says in the empty field what it is for.
    name, tip : str
        The accessible name and the tooltip.
    """

    def __init__(
        self, placeholder: str, name: str, tip: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setProperty("is_quiet", True)
        self.setPlaceholderText(placeholder)
        self.setAccessibleName(name)
        self.setToolTip(tip)
        self.setClearButtonEnabled(True)
        self.setAcceptDrops(False)  # a dropped file is meant for the window
        self.setTextMargins(SPACE, 0, SPACE, 0)
        self._make_room()

    def changeEvent(self, event: QEvent) -> None:
        """Grow with the text."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._make_room()

    def _make_room(self) -> None:
        self.setMinimumHeight(max(_LEAST_HEIGHT, self.fontMetrics().height() + 3 * SPACE))
