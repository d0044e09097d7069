"""A message of up to two lines with a button, in reserved room: nothing moves when it changes."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from dinogui.common.theme import SPACE
from dinogui.widgets.message_line import MessageLine

_LINES = 2


class ActionLine(QWidget):
    """Shows a message, and a button for what can be done about it.

    Lives in the GUI thread.

    Parameters
    ----------
    name : str
        For screen readers.
    action : QAction
        What the button triggers.
    text : str
        The text of the button.

    Attributes
    ----------
    button : QPushButton

    Signals
    -------
    said()
        It shows another message, or none.
    """

    said = Signal()

    def __init__(
        self, name: str, action: QAction, text: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._line = MessageLine(_LINES, name)
        self.button = QPushButton(text)
        self.button.setAccessibleName(text)
        self.button.setToolTip(action.toolTip())
        self.button.clicked.connect(action.trigger)
        layout = QHBoxLayout(self)
        layout.addWidget(self._line, 1)
        layout.addWidget(self.button)
        self._is_slim = False
        self._fit()
        self.button.hide()

    def show_slim(self, is_slim: bool) -> None:
        """Reserve a single line, where height is scarce, or the usual two.

        The tooltip has all of a message that does not fit.
        """
        if is_slim != self._is_slim:
            self._is_slim = is_slim
            self._fit()

    def changeEvent(self, event: QEvent) -> None:
        """Take the height that another font needs."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit()

    def _fit(self) -> None:
        layout = self.layout()
        assert layout is not None
        self._line.reserve(1 if self._is_slim else _LINES)
        below = 0 if self._is_slim else SPACE
        layout.setContentsMargins(2 * SPACE, 0, 2 * SPACE, below)
        self.setFixedHeight(max(self.button.sizeHint().height(), self._line.height()) + below)

    @property
    def message(self) -> str:
        """The full message."""
        return self._line.message

    def say(self, message: str, *, offers_action: bool, shorter: Sequence[str] = ()) -> None:
        """Show a message, or nothing if it is empty.

        Parameters
        ----------
        message : str
        offers_action : bool
            Whether to show the button.
        shorter : sequence of str
            As for `MessageLine.say`.
        """
        self.button.setVisible(offers_action)
        if message != self.message:
            self._line.say(message, shorter=shorter)
            self.said.emit()
