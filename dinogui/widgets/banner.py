"""A strip over a part of the window that shows a message until it is closed."""

from PySide6.QtCore import QEvent, QObject, Qt, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

_MARGIN = 8
_BUTTONS_PER_ROW = 2


class Banner(QFrame):
    """A message that does not interrupt anybody.

    It lies over an edge of its parent, so that nothing moves when it appears or disappears.

    Parameters
    ----------
    parent : QWidget, optional
    at_top : bool
        Whether it lies over the upper edge instead of the lower.
    """

    def __init__(self, parent: QWidget | None = None, *, at_top: bool = False) -> None:
        super().__init__(parent)
        self._is_at_top = at_top
        self.setProperty("role", "banner")
        self._text = QLabel()
        self._text.setWordWrap(True)
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._buttons: list[QPushButton] = []
        self._actions: tuple[QAction, ...] = ()
        close = QToolButton()
        close.setText("×")
        close.setAutoRaise(True)
        close.setToolTip("Close this message")
        close.setAccessibleName("Close message")
        close.clicked.connect(self.hide)
        top = QHBoxLayout()
        top.addWidget(self._text, 1)
        top.addWidget(close, 0, Qt.AlignmentFlag.AlignTop)
        self._row = QWidget()
        self._grid = QGridLayout(self._row)
        self._grid.setContentsMargins(0, 0, 0, 0)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 6, 6, 6)
        layout.addLayout(top)
        layout.addWidget(self._row)
        self.hide()
        if parent is not None:
            parent.installEventFilter(self)

    @property
    def message(self) -> str:
        """The current message, or the last one."""
        return self._text.text()

    def say(self, message: str, *actions: QAction) -> None:
        """Show a message.

        Parameters
        ----------
        message : str
            What happened, and what to do.
        actions : QAction
            What can be done; each gets a button.
        """
        self._actions = actions
        self._text.setText(message)
        self.setAccessibleName(message)
        while len(self._buttons) < len(actions):
            self._add_button()
        for button in self._buttons[len(actions) :]:
            button.hide()
        for button, action in zip(self._buttons, actions, strict=False):
            # The mnemonic belongs to the menu, and may clash with another one in the window.
            button.setText(action.text().replace("&", ""))
            button.setToolTip(action.toolTip())
            button.setAccessibleName(action.text().replace("&", ""))
            button.show()
        self._row.setVisible(bool(actions))
        self.show()
        self._settle()

    def _add_button(self) -> None:
        button = QPushButton(self)
        button.clicked.connect(self._act)
        self._grid.addWidget(button, *divmod(len(self._buttons), _BUTTONS_PER_ROW))
        self._buttons.append(button)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay at the edge when the parent is resized."""
        if event.type() == QEvent.Type.Resize:
            self._settle()
        return super().eventFilter(watched, event)

    def _settle(self) -> None:
        parent, layout = self.parentWidget(), self.layout()
        if parent is None or layout is None:
            return
        layout.activate()
        width = parent.width() - 2 * _MARGIN
        height = layout.totalHeightForWidth(width)
        top = _MARGIN if self._is_at_top else parent.height() - height - _MARGIN
        self.setGeometry(_MARGIN, top, width, height)
        self.raise_()

    @Slot()
    def _act(self) -> None:
        pressed = self.sender()
        action = next(
            action
            for button, action in zip(self._buttons, self._actions, strict=False)
            if button is pressed
        )
        self.hide()
        action.trigger()
