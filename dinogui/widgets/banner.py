"""A strip over a part of the window that shows messages until they are closed."""

from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtGui import QAction, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from dinogui.common.icons import Icon, draw_icon
from dinogui.common.theme import SPACE
from dinogui.widgets.buttons.icon_button import IconButton
from dinogui.widgets.cards.flow import PartsFlow
from dinogui.widgets.overlay import OverlaidStrip
from dinogui.widgets.vertical_scroll import VerticalScroll

_MARGINS = (8, 6, 4, 6)
_GAP = 3 * SPACE // 2
_LEAST_WORDS = 24
"""Characters of a line of the text, beside which the buttons may stand."""

_LEAST_PLOT = 4
"""Where less than so many lines of text would be left, it covers a part of the plot."""
_NO_LIMIT = 16_777_215
"""Qt's greatest height of a widget, in pixels."""

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

    It lies over the upper edge of its parent, or of a part of it, and asks for room there. Its
    buttons stand beside the text where that is lower, else below it. A text that is too long for
    the parent scrolls.

    A message with actions is a question, and one without is a notice; an icon tells them apart. A
    notice replaces the notice before it. A question that is covered by a later message comes back
    when that one is closed or answered. A label says how many are waiting.

    Parameters
    ----------
    parent, over : QWidget, optional
        See `Overlay`.
    """

    def __init__(self, parent: QWidget | None = None, over: QWidget | None = None) -> None:
        super().__init__(parent, Qt.AlignmentFlag.AlignTop, over)
        self._text = QLabel()
        self._text.setWordWrap(True)
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._text.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self._scroll = VerticalScroll(self._text)
        self._scroll.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._buttons: list[QPushButton] = []
        self._messages: list[_Message] = []  # the last one is shown
        self._waiting = QLabel()
        self._waiting.setProperty("role", "faint")
        self._close_button = IconButton(Icon.CLOSE, "Close message", "Close this message")
        self._close_button.clicked.connect(self._close)
        self._sign = _Sign()
        self._row = PartsFlow(gap=_GAP)
        self._top = QHBoxLayout()
        self._top.setSpacing(_GAP)
        self._top.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignTop)
        self._top.addWidget(self._scroll, 1, Qt.AlignmentFlag.AlignVCenter)
        self._top.addWidget(self._waiting, 0, Qt.AlignmentFlag.AlignTop)
        self._top.addWidget(self._close_button, 0, Qt.AlignmentFlag.AlignTop)
        self._lines = QVBoxLayout(self)
        self._lines.setContentsMargins(*_MARGINS)
        self._lines.setSpacing(_GAP)
        self._lines.addLayout(self._top)
        self._lines.addWidget(self._row)

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

    def withdraw(self, topic: object) -> bool:
        """Take back the messages about a topic, or those without one: they no longer apply.

        Returns
        -------
        bool
            Whether there were any.
        """
        others = [message for message in self._messages if message.topic is not topic]
        has_any = len(others) < len(self._messages)
        self._keep(others)
        return has_any

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
        button = QPushButton()
        button.clicked.connect(self._act)
        self._row.add(button)
        self._buttons.append(button)

    def height_for(self, width: int) -> int:
        """Put the buttons beside the text or below it, and return the height of both."""
        left, above, right, below = _MARGINS
        inner = width - left - right
        fixed = [self._sign, self._close_button, *([self._waiting] if self._has_waiting else [])]
        heads = [part.sizeHint() for part in fixed]
        words = inner - sum(size.width() + _GAP for size in heads)
        least = max(size.height() for size in heads)
        parent = self.parentWidget()
        most = parent.height() - 2 * self.MARGIN if parent is not None else _NO_LIMIT
        text = self._text.heightForWidth(words)
        buttons = 0
        if self._messages and self._messages[-1].actions:
            beside = words - self._row.sizeHint().width() - _GAP
            row = self._row.sizeHint().height()
            buttons = self._row.heightForWidth(inner) + _GAP
            can_stand = beside >= _LEAST_WORDS * self.fontMetrics().averageCharWidth()
            narrow = self._text.heightForWidth(beside) if can_stand else 0
            is_beside = can_stand and max(narrow, row, least) <= max(text, least) + buttons
            self._put_buttons(is_beside=is_beside)
            if is_beside:
                text, least, buttons = narrow, max(least, row), 0
        room = max(most - buttons - above - below, self.fontMetrics().height())
        # Qt would keep a bar that it has once shown: it makes the text narrower, and thus higher.
        bar = Qt.ScrollBarPolicy
        fits = text <= room
        self._scroll.setVerticalScrollBarPolicy(
            bar.ScrollBarAlwaysOff if fits else bar.ScrollBarAsNeeded
        )
        self._scroll.setFixedHeight(min(text, room))
        return min(max(text, least), max(room, least)) + buttons + above + below

    @property
    def _has_waiting(self) -> bool:
        return len(self._messages) > 1

    def _put_buttons(self, *, is_beside: bool) -> None:
        """Put the buttons between the text and what is at its right, or below the text."""
        place = self._top.indexOf(self._row)
        if is_beside == (place >= 0):
            return
        if is_beside:
            self._lines.removeWidget(self._row)
            self._top.insertWidget(2, self._row, 0, Qt.AlignmentFlag.AlignTop)
        else:
            self._top.removeWidget(self._row)
            self._lines.addWidget(self._row)

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
