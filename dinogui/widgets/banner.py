"""A strip over a part of the window that shows messages until they are closed."""

from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtGui import QAction, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from dinogui.common.icons import Icon, draw_icon
from dinogui.widgets.buttons.icon_button import IconButton
from dinogui.widgets.overlay import OverlaidStrip

_BUTTONS_PER_ROW = 2
_INK = QPalette.ColorRole.WindowText


@dataclass(frozen=True)
class _Message:
    text: str
    actions: tuple[QAction, ...]
    topic: object

    @property
    def is_notice(self) -> bool:
        return not self.actions


class Banner(OverlaidStrip):
    """Messages that do not interrupt anybody.

    It lies over the lower edge of its parent, or of a part of it.

    A message with actions is a question, and one without is a notice; an icon tells them apart. A
    notice replaces the notice before it. A question that is covered by a later message comes back
    when that one is closed or answered. A label says how many are waiting.

    Parameters
    ----------
    parent, over : QWidget, optional
        See `Overlay`.
    """

    def __init__(self, parent: QWidget | None = None, over: QWidget | None = None) -> None:
        super().__init__(parent, Qt.AlignmentFlag.AlignBottom, over)
        self._text = QLabel()
        self._text.setWordWrap(True)
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._buttons: list[QPushButton] = []
        self._messages: list[_Message] = []  # the last one is shown
        self._waiting = QLabel()
        self._waiting.setProperty("role", "faint")
        close = IconButton(Icon.CLOSE, "Close message", "Close this message")
        close.clicked.connect(self._close)
        self._sign = _Sign()
        top = QHBoxLayout()
        top.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignTop)
        top.addWidget(self._text, 1)
        top.addWidget(self._waiting, 0, Qt.AlignmentFlag.AlignTop)
        top.addWidget(close, 0, Qt.AlignmentFlag.AlignTop)
        self._row = QWidget()
        self._grid = QGridLayout(self._row)
        self._grid.setContentsMargins(0, 0, 0, 0)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 6, 4, 6)
        layout.addLayout(top)
        layout.addWidget(self._row)

    @property
    def message(self) -> str:
        """The current message, or the last one."""
        return self._text.text()

    @property
    def waiting(self) -> str:
        """What it says about the messages behind the current one; empty if there are none."""
        return self._waiting.text()

    def say(self, message: str, *actions: QAction, topic: object = None) -> None:
        """Show a message.

        Parameters
        ----------
        message : str
            What happened, and what to do.
        actions : QAction
            What can be done; each gets a button.
        topic : object, optional
            What the message is about, so that it can be taken back by that. It replaces an earlier
            message about the same topic.
        """
        new = _Message(message, actions, topic)
        self._messages = [
            earlier
            for earlier in self._messages
            if not (earlier.is_notice and new.is_notice)
            and (topic is None or earlier.topic is not topic)
            and earlier.text != message
        ]
        self._messages.append(new)
        self._show_last()

    def withdraw(self, topic: object) -> None:
        """Take back the messages about a topic, or those without one: they no longer apply."""
        self._keep([message for message in self._messages if message.topic is not topic])

    @Slot()
    def clear(self) -> None:
        """Take back all messages."""
        self._keep([])

    def _keep(self, messages: list[_Message]) -> None:
        """Keep only these messages; show the last one if it was covered until now."""
        is_other = self._messages[-1:] != messages[-1:]
        has_changed = self._messages != messages
        self._messages = messages
        if not messages:
            self.hide()
        elif is_other or (has_changed and self.isVisible()):
            self._show_last()

    @Slot()
    def _close(self) -> None:
        self._keep(self._messages[:-1])

    def _show_last(self) -> None:
        message, actions = self._messages[-1].text, self._messages[-1].actions
        waiting = len(self._messages) - 1
        self._waiting.setText(f"{waiting} more" if waiting else "")
        self._waiting.setVisible(bool(waiting))
        self._sign.show_icon(Icon.HELP if actions else Icon.INFO)
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
        self.settle()

    def _add_button(self) -> None:
        button = QPushButton(self)
        button.clicked.connect(self._act)
        self._grid.addWidget(button, *divmod(len(self._buttons), _BUTTONS_PER_ROW))
        self._buttons.append(button)

    def height_for(self, width: int) -> int:
        """Return the height of the text and the buttons."""
        layout = self.layout()
        assert layout is not None
        layout.activate()
        return layout.totalHeightForWidth(width)

    @Slot()
    def _act(self) -> None:
        pressed, actions = self.sender(), self._messages[-1].actions
        action = next(
            action
            for button, action in zip(self._buttons, actions, strict=False)
            if button is pressed
        )
        self._close()
        action.trigger()


class _Sign(QWidget):
    """An icon before a message, as high as a line of it, in the ink of the banner."""

    def __init__(self) -> None:
        super().__init__()
        self._icon = Icon.INFO
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_icon(self, icon: Icon) -> None:
        """Show another icon."""
        self._icon = icon
        self.update()

    def sizeHint(self) -> QSize:
        """Return the size of the icon."""
        side = self.fontMetrics().height()
        return QSize(side, side)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the icon."""
        parent = self.parentWidget()
        palette = self.palette() if parent is None else parent.palette()
        painter = QPainter(self)
        draw_icon(painter, self._icon, self.rect().toRectF(), palette.color(_INK))
        painter.end()
