"""The row below the plot while somebody looks back: the buttons, and what is shown."""

from PySide6.QtCore import QEvent, QSize, Signal, Slot
from PySide6.QtGui import QAction, QActionGroup, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QSizePolicy, QWidget

from dinogui.common.actions.past_actions import PastActions
from dinogui.common.theme import SPACE
from dinogui.panels.loss.head.fitting_line import FittingLine
from dinogui.panels.loss.past.replay import Replay, ReplaySpeed
from dinogui.panels.loss.past.step_box import StepBox
from dinogui.widgets.buttons.action_button import ActionButton
from dinogui.widgets.buttons.menu_button import MenuButton

_GAP = 2 * SPACE
_LEAST_HEIGHT, _AROUND_TEXT = 32, 6
"""Pixels: the height of the row, and what larger text needs beside its own height."""


class PlaybackRow(QWidget):
    """Shows as many of its parts as fit; what matters least goes first.

    Lives in the GUI thread.

    Parameters
    ----------
    actions : PastActions
    replay : Replay
        Its speed can be chosen.

    Attributes
    ----------
    step_box : StepBox
    speed_button : MenuButton
    sentence : FittingLine

    Signals
    -------
    asked(int)
        A step was typed.
    """

    asked = Signal(object)

    def __init__(self, actions: PastActions, replay: Replay, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._replay, self._is_slim = replay, False
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.go_on = ActionButton(actions.go_on_from_here)
        self.best = ActionButton(actions.look_at_best)
        self.now = ActionButton(actions.leave)
        for button in (self.go_on, self.best, self.now):
            button.show_key(False)
        self.step_box = StepBox()
        self.step_box.valueChanged.connect(self._take_step)
        self.speed_button = self._make_speed_button()
        self.sentence = FittingLine("What is shown")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(_GAP)
        for part in (self.go_on, self.best, self.now, self.step_box, self.speed_button):
            row.addWidget(part)
        row.addWidget(self.sentence, 1)
        self._fit()

    def _make_speed_button(self) -> MenuButton:
        button = MenuButton()
        menu = QMenu(button)
        menu.setToolTipsVisible(True)
        group = QActionGroup(menu)
        for speed in ReplaySpeed:
            action = menu.addAction(speed.sentence)
            action.setCheckable(True)
            action.setChecked(speed is self._replay.speed)
            action.setData(speed)
            group.addAction(action)
        group.triggered.connect(self._choose_speed)
        button.setMenu(menu)
        button.setText(self._replay.speed.label)
        button.setAccessibleName("Speed of the replay")
        button.setToolTip("How fast the run is played")
        return button

    def show_step(self, step: int, last: int) -> None:
        """Show the step that is looked at, of a run of so many."""
        self.step_box.show_step(step, last)

    def say(self, *sentences: str) -> None:
        """Show a sentence, or the first shorter one that fits."""
        self.sentence.show_texts((*sentences, ""))
        self.sentence.setToolTip(sentences[0])

    @Slot(QAction)
    def _choose_speed(self, action: QAction) -> None:
        speed: ReplaySpeed = action.data()
        self._replay.choose_speed(speed)
        self.speed_button.setText(speed.label)
        self._fit()

    @Slot(float)
    def _take_step(self, step: float) -> None:
        self.asked.emit(round(step))

    def show_slim(self, is_slim: bool) -> None:
        """Be only as high as the text needs, where height is scarce, or as high as usual."""
        if is_slim != self._is_slim:
            self._is_slim = is_slim
            self._fit()
            self.updateGeometry()

    def sizeHint(self) -> QSize:
        """Return the height of the buttons, and no width."""
        height = self.fontMetrics().height() + _AROUND_TEXT
        return QSize(0, height if self._is_slim else max(_LEAST_HEIGHT, height))

    def minimumSizeHint(self) -> QSize:
        """Return the same."""
        return self.sizeHint()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show what fits."""
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        """Show what fits in another font."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit()

    def _fit(self) -> None:
        room, height = self.width(), self.sizeHint().height()
        for part in (self.now, self.go_on, self.step_box, self.best, self.speed_button):
            needed = part.sizeHint().width() + _GAP
            part.setVisible(needed - _GAP <= room)
            part.setFixedHeight(height)
            room = room - needed if needed - _GAP <= room else 0
