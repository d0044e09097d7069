"""A strip over a part of the window that says what happened, until it is closed."""

from PySide6.QtCore import QEvent, QObject, Qt, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QToolButton, QWidget

_MARGIN = 8


class Banner(QFrame):
    """A message that stops nobody from going on.

    It lies over the lower edge of its parent, so that nothing moves as it comes and goes.
    """

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
        if parent is not None:
            parent.installEventFilter(self)

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
        self._settle()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay at the lower edge as the parent changes its size."""
        if event.type() == QEvent.Type.Resize:
            self._settle()
        return super().eventFilter(watched, event)

    def _settle(self) -> None:
        parent, layout = self.parentWidget(), self.layout()
        if parent is None or layout is None:
            return
        width = parent.width() - 2 * _MARGIN
        height = layout.totalHeightForWidth(width)
        self.setGeometry(_MARGIN, parent.height() - height - _MARGIN, width, height)
        self.raise_()

    @Slot()
    def _act(self) -> None:
        self.hide()
        if self._action is not None:
            self._action.trigger()
