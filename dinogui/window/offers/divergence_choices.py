"""What a person can do when a run has diverged, offered in the banner."""

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QAction

from dinogui.session.run import RunState
from dinogui.session.session import Session
from dinogui.widgets.banner import Banner
from engine.training.messages import Divergence
from engine.training.record import EventKind


class DivergenceChoices(QObject):
    """Says what happened, and passes the choice on to the session.

    Lives in the GUI thread.

    Parameters
    ----------
    session : Session
    banner : Banner
    restart : QAction
        Offered as well.
    """

    def __init__(self, session: Session, banner: Banner, restart: QAction) -> None:
        super().__init__(session)
        self._session, self._banner, self._restart = session, banner, restart
        self._halve = self._action(
            "Roll back, halve the rate",
            "Train on from the last good network, with half the learning rate",
            "roll back and halve the rate",
        )
        self._roll_back = self._action(
            "Roll back", "Stay at the last good network until you press Train", "roll back"
        )
        self._go_on = self._action(
            "Go on anyway", "Train on from the network that diverged", "go on"
        )
        session.diverged.connect(self._offer)
        session.state_changed.connect(self._take_state)

    def _action(self, text: str, tip: str, kind: EventKind) -> QAction:
        action = QAction(text, self)
        action.setToolTip(tip)
        action.setData(kind)
        action.triggered.connect(self._recover)
        return action

    @Slot(object)
    def _offer(self, divergence: Divergence) -> None:
        choices = [self._halve, self._roll_back]
        if divergence.can_go_on:
            choices.append(self._go_on)
        self._banner.say(
            f"After step {divergence.step:,} the loss was no longer a number, so training was "
            f"paused. The network is back to what it was after step "
            f"{divergence.last_good_step:,}. "
            f"Lower the learning rate (it is {divergence.learning_rate:.3g}) or the clip value and "
            "press Train, or restart.",
            *choices,
            self._restart,
            topic=self,
        )

    @Slot(object)
    def _take_state(self, state: RunState) -> None:
        if state is RunState.TRAINING:
            self._banner.withdraw(self)

    @Slot()
    def _recover(self) -> None:
        action = self.sender()
        if isinstance(action, QAction):
            self._session.recover(action.data())
