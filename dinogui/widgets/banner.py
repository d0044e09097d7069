"""A strip that says what happened, until it is closed."""

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QToolButton, QWidget


class Banner(QFrame):
    """A message above the window's contents, which stops nobody from going on."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "banner")
        self._text = QLabel()
        self._text.setWordWrap(True)
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._button = QPushButton()
        self._button.clicked.connect(self._act)
        self._action: QAction | None = None
        close = QToolButton()
        close.setText("×")
        close.setAutoRaise(True)
        close.setToolTip("Close this message")
        close.setAccessibleName("Close message")
        close.clicked.connect(self.hide)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(10, 6, 6, 6)
        layout.addWidget(self._text, 1)
        layout.addWidget(self._button)
        layout.addWidget(close)
        self.hide()

    @property
    def message(self) -> str:
        """What it says, or said last."""
        return self._text.text()

    def say(self, message: str, action: QAction | None = None) -> None:
        """Show a message.

        Parameters
        ----------
        message : str
            What happened and what to do.
        action : QAction, optional
            What to do, as a button.
        """
        self._action = action
        self._text.setText(message)
        self.setAccessibleName(message)
        self._button.setVisible(action is not None)
        if action is not None:
            # Its mnemonic is the menu's, and may be another one's in the window.
            self._button.setText(action.text().replace("&", ""))
            self._button.setToolTip(action.toolTip())
            self._button.setAccessibleName(action.text().replace("&", ""))
        self.show()

    @Slot()
    def _act(self) -> None:
        self.hide()
        if self._action is not None:
            self._action.trigger()
