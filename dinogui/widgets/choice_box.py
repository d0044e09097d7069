"""A combo box that leaves the wheel to the page until it has the focus."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QComboBox, QWidget

_SPARE = 4
"""Pixels."""


class ChoiceBox(QComboBox):
    """A combo box whose choice a passing wheel does not change."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # Qt's own also takes it by the wheel

    def sizeHint(self) -> QSize:
        """Return the room of the longest entry. For large fonts, Qt asks for a little less."""
        return super().sizeHint() + QSize(_SPARE, 0)

    def minimumSizeHint(self) -> QSize:
        """Return the room of the longest entry. Qt's own would be that of an earlier font."""
        return self.sizeHint()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Choose the next entry, but only with the focus."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()
