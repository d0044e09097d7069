"""The advice row: a sentence about hyperparameters that are known to hurt, and a way out."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QToolButton, QWidget

from dinogui.common.advice import Advice
from dinogui.widgets.message_line import MessageLine


class AdviceRow(QWidget):
    """A message with reserved room, and a button that sets the better value.

    Where the window is low, room is taken only while there is advice.

    Lives in the GUI thread.

    Signals
    -------
    taken(dict)
        The better value, by the name of its hyperparameter.
    """

    taken = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._advice: Advice | None = None
        self._is_tight = False
        self._sentence = MessageLine(2, "Advice", most=4)
        self.button = QToolButton()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._sentence, 1)
        layout.addWidget(self.button)
        self.button.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.button.hide()
        self.button.clicked.connect(self._take)

    @property
    def message(self) -> str:
        """The sentence that is shown; empty if nothing is wrong."""
        return self._sentence.message

    def show_advice(self, advice: Advice | None) -> None:
        """Show advice, or nothing."""
        if advice == self._advice:
            return
        self._advice = advice
        self._sentence.say("" if advice is None else advice.sentence)
        self.button.setText("" if advice is None else advice.button_text)
        self.button.setToolTip("" if advice is None else "Set this value at once")
        self.button.setAccessibleName(self.button.text())
        self.button.setVisible(advice is not None)
        self._show_or_hide()

    def show_tight(self, is_tight: bool) -> None:
        """Take no room for a missing message, or reserve it."""
        self._is_tight = is_tight
        self._show_or_hide()

    def _show_or_hide(self) -> None:
        self._sentence.setVisible(self._advice is not None or not self._is_tight)

    @Slot()
    def _take(self) -> None:
        if self._advice is not None:
            self.taken.emit({self._advice.name: self._advice.value})
