"""The row below a knob that asks for futures, and lists them."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QColor, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from dinogui.common.documented_keys import DocumentedKeys
from dinogui.common.icons import Icon
from dinogui.common.theme import SPACE
from dinogui.common.value_ranges import ValueRange
from dinogui.panels.what_if.future_list import FutureList
from dinogui.panels.what_if.typed_turns import USUAL, read_turns
from dinogui.widgets.buttons.icon_button import IconButton
from dinogui.widgets.cards.quiet_field import QuietField
from dinogui.widgets.message_line import MessageLine
from dinogui.widgets.number_box import NumberBox
from engine.runs.futures import MAX_STEPS, STEPS

KEYS = DocumentedKeys(
    "What if?",
    (
        ("Enter", "Look ahead"),
        ("Esc", "Remove the futures, or close the row if there are none"),
    ),
)

_STEPS = (10.0, 100.0, 500.0, 1_000.0, 2_000.0, 5_000.0, 10_000.0, 20_000.0, 50_000.0, MAX_STEPS)
_MOST_LINES = 6
_USE = "The run itself is not touched. A click on its line in the plot, or Enter, takes one."


class WhatIfRow(QWidget):
    """Asks what a knob is to be turned to in the futures, and lists what becomes of them.

    Lives in the GUI thread.

    Signals
    -------
    requested(tuple of Turn, int)
        Futures of so many steps are wanted.
    chosen(int)
        The future that is the current one in the list; -1 if there is none.
    taken(int)
        A new run is to begin with this future.
    cleared()
        The futures are to be removed.
    closed()
        The row is to be hidden, and the futures are to be removed.
    """

    requested = Signal(object, int)
    chosen = Signal(int)
    taken = Signal(int)
    cleared = Signal()
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._allowed: ValueRange | None = None
        self._title = QLabel()
        self._title.setProperty("role", "heading")
        self._title.setWordWrap(True)
        self.turns = QuietField(
            USUAL,
            "What the knob is turned to",
            "Multiples such as 0.5×, and values such as 0.02, with commas between them. 1× is the "
            "run as it is",
        )
        self.turns.setText(USUAL)
        self.steps = NumberBox(_STEPS, whole=True)
        self.steps.setValue(STEPS)
        self.steps.setAccessibleName("Steps of each future")
        self.steps.setToolTip("How many steps each future makes")
        self.run = QToolButton()
        self.clear = QToolButton()
        self.close_row = IconButton(Icon.CLOSE, "Close What if?", "Remove the futures, and close")
        self.list = FutureList()
        self._message = MessageLine(2, "What if?", most=_MOST_LINES)
        for button, text, tip in (
            (self.run, "Run", "Make the next steps with each of these values, beside the training"),
            (self.clear, "Clear", "Remove the futures"),
        ):
            button.setText(text)
            button.setToolTip(tip)
            button.setAccessibleName(f"{text} the futures" if text == "Clear" else "Run futures")
        for button in (self.run, self.clear, self.close_row):
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._lay_out()
        self._connect()
        self.show_futures(())

    def _lay_out(self) -> None:
        head, buttons = QHBoxLayout(), QHBoxLayout()
        head.addWidget(self._title, 1)
        head.addWidget(self.close_row, 0, Qt.AlignmentFlag.AlignTop)
        buttons.addWidget(self.steps)
        buttons.addWidget(QLabel("steps"))
        buttons.addStretch(1)
        buttons.addWidget(self.clear)
        buttons.addWidget(self.run)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * SPACE, SPACE, 0, SPACE)
        layout.setSpacing(SPACE)
        layout.addLayout(head)
        layout.addWidget(self.turns)
        layout.addLayout(buttons)
        layout.addWidget(self.list)
        layout.addWidget(self._message)

    def _connect(self) -> None:
        self.turns.returnPressed.connect(self._request)
        self.steps.lineEdit().returnPressed.connect(self._request)
        self.run.clicked.connect(self._request)
        self.clear.clicked.connect(self.cleared)
        self.close_row.clicked.connect(self.closed)
        self.list.chosen.connect(self.chosen)
        self.list.taken.connect(self.taken)

    @property
    def message(self) -> str:
        """What is said below the list."""
        return self._message.message

    def show_knob(self, allowed: ValueRange) -> None:
        """Ask about another knob."""
        self._allowed = allowed
        self._title.setText(f"What if the {allowed.title} were:")
        self.setAccessibleName(f"What if? {allowed.title.capitalize()}")
        self._message.say(_USE)

    def show_futures(self, rows: Sequence[tuple[str, QColor]]) -> None:
        """List the futures, each with the colour of its line; an empty list is hidden."""
        is_new, had_focus = bool(rows) and not self.list.count(), self.list.hasFocus()
        self.list.show_rows(rows)
        self.list.setVisible(bool(rows))
        self.clear.setEnabled(bool(rows))
        if is_new and any(part.hasFocus() for part in (self.turns, self.run)):
            self.list.setCurrentRow(0)
            self.list.setFocus(Qt.FocusReason.OtherFocusReason)
        if not rows and had_focus:
            self.turns.setFocus(Qt.FocusReason.OtherFocusReason)

    def say(self, sentence: str, *, is_error: bool = False) -> None:
        """Say something below the list; what can be done there if it is empty."""
        self._message.say(sentence or _USE, is_error=is_error)

    @Slot()
    def _request(self) -> None:
        if self._allowed is None:
            return
        try:
            turns = read_turns(self.turns.text(), self._allowed)
        except ValueError as error:
            self.say(str(error), is_error=True)
            return
        self.steps.interpretText()
        self.requested.emit(turns, round(self.steps.value()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Remove the futures with Escape, and close the row when there are none."""
        if event.key() != Qt.Key.Key_Escape:
            super().keyPressEvent(event)
        elif self.list.count():
            self.cleared.emit()
        else:
            self.closed.emit()
