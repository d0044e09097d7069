"""Dialogs: the help pages, the log file, and the question before replacing a file."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QLabel,
    QMessageBox,
    QPlainTextEdit,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from dinogui import __version__
from dinogui.startup.log_file import last_lines

_LINES_SHOWN = 1_000


def show_page(parent: QWidget, title: str, text: str) -> None:
    """Show a page of Markdown. The window stays usable."""
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


def show_log(parent: QWidget, path: Path) -> None:
    """Show the end of the log file, and say where it is."""
    dialog = QDialog(parent)
    dialog.setWindowTitle("Log file")
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    where = QLabel(f"The latest lines are at the end. The whole file is: {path}")
    where.setTextFormat(Qt.TextFormat.PlainText)
    where.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    where.setWordWrap(True)
    page = QPlainTextEdit()
    page.setReadOnly(True)
    page.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
    page.setAccessibleName("Log file")
    page.setPlaceholderText("The log file is empty.")
    page.setPlainText("\n".join(last_lines(path, _LINES_SHOWN)))
    page.verticalScrollBar().setValue(page.verticalScrollBar().maximum())
    buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
    buttons.rejected.connect(dialog.close)
    layout = QVBoxLayout(dialog)
    layout.addWidget(where)
    layout.addWidget(page)
    layout.addWidget(buttons)
    dialog.resize(900, 560)
    dialog.show()


def ask_before_replacing(
    parent: QWidget, name: str, replace: Callable[[], None], cancel: Callable[[], None]
) -> None:
    """Ask whether a run may replace a file of another kind; the window stays usable.

    Parameters
    ----------
    parent : QWidget
    name : str
        Of the file.
    replace, cancel : callable
        One of them is called.
    """
    box = QMessageBox(parent)
    box.setWindowTitle("Save run")
    box.setIcon(QMessageBox.Icon.Warning)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setText(f"“{name}” is not a saved run. Replace it?")
    box.setInformativeText("What the file holds now would be lost.")
    button = box.addButton("&Replace", QMessageBox.ButtonRole.DestructiveRole)
    box.setDefaultButton(box.addButton(QMessageBox.StandardButton.Cancel))
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.finished.connect(lambda _: replace() if box.clickedButton() is button else cancel())
    box.open()
