"""Three small hints after the first run: what else can be done. Each is shown once."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, QSize, Qt, SignalInstance, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from dinogui.common.icons import Icon
from dinogui.common.preferences import Preferences
from dinogui.common.theme import SPACE
from dinogui.session.run import RunState
from dinogui.session.session import Session
from dinogui.widgets.buttons.icon_button import IconButton
from dinogui.widgets.overlay import Overlay


@dataclass(frozen=True)
class _Hint:
    key: str
    text: str


_KNOB = _Hint(
    "knob", "Turn a knob: move Learning rate, even while it trains. It acts at the next step."
)
_GENERATE = _Hint(
    "generate", "Generate: Ctrl+G writes other names. A higher Temperature takes more risks."
)
_INSIDE = _Hint("inside", "Look inside: the tabs below the plot show what the network does.")
HINTS = (_KNOB, _GENERATE, _INSIDE)


class HintBubble(Overlay):
    """A few words above the plot, at its right end. The curves leave room for it.

    It does not lie over the plot: there it would cover the names of lines, the values under the
    pointer, and the label of the step that is looked at.

    Lives in the GUI thread.

    Parameters
    ----------
    parent : QWidget

    Attributes
    ----------
    close_button : IconButton
    """

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignRight)
        self.setProperty("role", "card")
        self._text = QLabel()
        self._text.setWordWrap(True)
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self.close_button = IconButton(
            Icon.CLOSE, "Close hint", "Close this hint. It does not come back"
        )
        layout = QHBoxLayout(self)
        layout.setContentsMargins(3 * SPACE, 2 * SPACE, SPACE, 2 * SPACE)
        layout.addWidget(self._text, 1)
        layout.addWidget(self.close_button, 0, Qt.AlignmentFlag.AlignTop)

    @property
    def message(self) -> str:
        """What it says; empty while it is hidden."""
        return "" if self.isHidden() else self._text.text()

    def say(self, text: str) -> None:
        """Show a hint."""
        self._text.setText(text)
        self.setAccessibleName(text)
        self.show()
        self.settle()
        self.raise_()

    def size_within(self, width: int, _height: int) -> QSize:
        """Return the room of the text, in one line where there is width for it, and the button."""
        layout = self.layout()
        assert layout is not None
        layout.activate()
        words = self._text.fontMetrics().horizontalAdvance(self._text.text())
        around = layout.sizeHint().width() - self._text.sizeHint().width()
        width = min(words + around + SPACE, width)
        return QSize(width, layout.totalHeightForWidth(width))


class Hints(QObject):
    """Shows a hint when the training rests, one at a time, and none that is not needed any more.

    A hint goes when it is closed, when somebody does what it says, and when the training goes on.
    What somebody has already done needs no hint. While a message stands above the plot, the hint
    waits. Lives in the GUI thread.

    Parameters
    ----------
    session : Session
    canvas : QWidget
        The parent, over which the hints lie.
    preferences : Preferences
        They know which hints were shown.
    deeds : sequence of sequence of SignalInstance
        For each of `HINTS`, the signals that somebody has done what it says.
    messages : sequence of Overlay
        What else may stand above the plot.

    Attributes
    ----------
    bubble : HintBubble
    """

    def __init__(
        self,
        session: Session,
        canvas: QWidget,
        preferences: Preferences,
        deeds: Sequence[Sequence[SignalInstance]],
        messages: Sequence[Overlay],
    ) -> None:
        super().__init__(canvas)
        self._preferences, self._messages = preferences, messages
        self.bubble = HintBubble(canvas)
        self._shown: _Hint | None = None
        self.bubble.close_button.clicked.connect(self._show_next)
        session.state_changed.connect(self._show_state)
        session.run_begun.connect(self._withdraw)
        slots = (self._note_knob, self._note_generate, self._note_panel)
        for signals, slot in zip(deeds, slots, strict=True):
            for signal in signals:
                signal.connect(slot)
        for message in messages:
            message.room_changed.connect(self._show)

    def _needs(self, hint: _Hint) -> bool:
        return not self._preferences.flag(f"hints/{hint.key}", False)

    def _note_shown(self, hint: _Hint) -> None:
        self._preferences.set_flag(f"hints/{hint.key}", True)

    @Slot(object)
    def _show_state(self, state: RunState) -> None:
        if state is RunState.PAUSED:
            self._show_next()
        else:
            self._withdraw()

    @Slot()
    def _show_next(self) -> None:
        """Show the first hint that is needed, or none."""
        self._shown = next(filter(self._needs, HINTS), None)
        self._show()

    @Slot()
    def _show(self) -> None:
        """Show the hint that is due, unless a message is in its place."""
        hint = self._shown
        if hint is None or any(message.wanted_room for message in self._messages):
            self.bubble.hide()
        elif self.bubble.message != hint.text:
            self._note_shown(hint)
            self.bubble.say(hint.text)

    @Slot()
    def _withdraw(self) -> None:
        self._shown = None
        self.bubble.hide()

    @Slot()
    def _note_knob(self) -> None:
        self._note_done(_KNOB)

    @Slot()
    def _note_generate(self) -> None:
        self._note_done(_GENERATE)

    @Slot()
    def _note_panel(self) -> None:
        self._note_done(_INSIDE)

    def _note_done(self, hint: _Hint) -> None:
        self._note_shown(hint)
        if self._shown is hint:
            self._show_next()
