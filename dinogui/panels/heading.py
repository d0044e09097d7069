"""The heading of a panel: its question, and a button that opens its help page."""

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QWidget

from dinogui.common.dialogs import show_page
from dinogui.panels.panel import Panel


class PanelHeading(QWidget):
    """Shows a panel's question beside its help button.

    The title is not repeated: it stands above, on the dock.

    Parameters
    ----------
    panel : Panel

    Attributes
    ----------
    question : QLabel
    help_button : QToolButton
    """

    def __init__(self, panel: Panel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._panel = panel
        self.question = QLabel(panel.question)
        self.question.setProperty("role", "heading")
        self.help_button = QToolButton()
        self.help_button.setText("?")
        self.help_button.setAccessibleName("Help")
        self.help_button.setToolTip("Explain this panel")
        self.help_button.clicked.connect(self._show_help)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.question, 1)
        layout.addWidget(self.help_button)

    @Slot()
    def _show_help(self) -> None:
        show_page(self, self._panel.name, self._panel.help_text)
