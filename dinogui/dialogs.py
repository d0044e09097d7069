"""The pages of the help menu and of the panels."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QMessageBox,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

import resources
from dinogui import __version__


def show_help(parent: QWidget) -> None:
    """Open the help page beside the window, which goes on working."""
    show_page(parent, "How to use DinoGUI", resources.help_text())


def show_page(parent: QWidget, title: str, text: str) -> None:
    """Open a page, in Markdown, beside the window, which goes on working."""
    dialog = QDialog(parent)
    dialog.setWindowTitle(title)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    page = QTextBrowser()
    page.setMarkdown(text)
    page.setAccessibleName("Help")
    buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
    buttons.rejected.connect(dialog.close)
    layout = QVBoxLayout(dialog)
    layout.addWidget(page)
    layout.addWidget(buttons)
    dialog.resize(720, 620)
    dialog.show()


def show_about(parent: QWidget) -> None:
    """Say what DinoGUI is."""
    box = QMessageBox(parent)
    box.setWindowTitle("About DinoGUI")
    box.setText(f"<b>DinoGUI {__version__}</b>")
    box.setInformativeText(
        "Watch a recurrent network learn to spell. It grew from two exercises of the Deep "
        "Learning Specialization's course on sequence models: “Dinosaurus Island” and “Building "
        "a recurrent neural network step by step”."
    )
    box.setStandardButtons(QMessageBox.StandardButton.Close)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.open()
