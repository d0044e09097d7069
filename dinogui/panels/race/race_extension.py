"""The row of a race that is over: for how much further it is to go on."""

from PySide6.QtCore import Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from dinogui.common.actions.action_words import plain_text
from dinogui.common.theme import SPACE
from dinogui.session.racing.racing import Racing
from dinogui.session.racing.shown_race import RaceState
from dinogui.widgets.knob.scale import whole_stops
from dinogui.widgets.number_box import NumberBox
from engine.training.ending import MAX_SECONDS
from engine.training.ranges import MAX_STEPS


class RaceExtension(QWidget):
    """Asks for a number of steps, or of seconds, and goes on with the race.

    It is hidden unless the race is over and a lane can go on. At first it shows as much as the race
    was to have. Lives in the GUI thread.

    Parameters
    ----------
    racing : Racing
    extend : QAction
        Goes on; it is enabled and carried out here.

    Attributes
    ----------
    amount : NumberBox
    button : QPushButton
    """

    def __init__(self, racing: Racing, extend: QAction, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._racing, self._extend = racing, extend
        most = max(MAX_STEPS, int(MAX_SECONDS))
        self.amount = NumberBox(whole_stops(1, most, per_decade=9), whole=True)
        self._unit = QLabel()
        self.button = QPushButton(plain_text(extend.text()))
        self.button.setToolTip(extend.toolTip())
        self.button.clicked.connect(extend.trigger)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE)
        layout.addWidget(self.amount, 1)
        layout.addWidget(self._unit)
        layout.addWidget(self.button)
        extend.triggered.connect(self._go_on)
        racing.begun.connect(self._suggest)
        racing.state_changed.connect(self._show_state)
        racing.ended.connect(self._show_state)
        self._show_state()

    @Slot()
    def _suggest(self) -> None:
        plan = self._racing.plan
        if plan is None:
            return
        by_seconds = plan.pace == "seconds"
        self._unit.setText(plan.pace)
        self.amount.setAccessibleName(f"Further {plan.pace}")
        wanted = plan.seconds if by_seconds else plan.steps
        if wanted is not None:
            self.amount.setValue(max(round(wanted), 1))

    @Slot()
    def _show_state(self) -> None:
        racing = self._racing
        is_possible = racing.state is RaceState.OVER and not all(
            lane.has_diverged for lane in racing.lanes
        )
        self._extend.setEnabled(is_possible)
        self.setVisible(is_possible)

    @Slot()
    def _go_on(self) -> None:
        self.amount.interpretText()
        self._racing.extend(self.amount.value())
