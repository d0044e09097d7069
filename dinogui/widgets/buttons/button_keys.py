"""A key that presses a button besides that of its underlined letter."""

from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QAbstractButton, QWidget


def add_key(button: QAbstractButton, keys: str, window: QWidget) -> None:
    """Let keys press a button in a window, besides Alt with its underlined letter.

    A shortcut that is set on the button itself would replace that letter. And while the button is
    disabled, its letter would be typed into the text that has the focus; here it does nothing.

    Parameters
    ----------
    button : QAbstractButton
        Its text stays as it is.
    keys : str
        Such as "Ctrl+Return".
    window : QWidget
        The keys are those of its window.
    """
    letter = QKeySequence.mnemonic(button.text())
    button.setShortcut(QKeySequence())
    shortcut = QShortcut(window)
    shortcut.setKeys([each for each in (QKeySequence(keys), letter) if not each.isEmpty()])
    shortcut.activated.connect(button.click)
