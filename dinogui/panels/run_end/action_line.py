"""A message of up to two lines with a button, in reserved room: nothing moves when it changes."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from dinogui.widgets.message_line import MessageLine


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
        self._line = MessageLine(2, name)
        self.button = QPushButton(text)
        self.button.setAccessibleName(text)
        self.button.setToolTip(action.toolTip())
        self.button.clicked.connect(action.trigger)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(8, 0, 8, 4)
        layout.addWidget(self._line, 1)
        layout.addWidget(self.button)
        margins = layout.contentsMargins()
        height = max(self.button.sizeHint().height(), self._line.height())
        self.setFixedHeight(height + margins.top() + margins.bottom())
        self.button.hide()

    @property
    def message(self) -> str:
        """The full message."""
        return self._line.message

    def say(self, message: str, *, offers_action: bool) -> None:
        """Show a message, or nothing if it is empty.

        Parameters
        ----------
        message : str
        offers_action : bool
            Whether to show the button.
        """
        self.button.setVisible(offers_action)
        if message != self.message:
            self._line.say(message)
            self.said.emit()
