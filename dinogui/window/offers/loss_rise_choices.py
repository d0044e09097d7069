"""What a person can do when the loss has risen and stays high, offered in the banner."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QAction

from dinogui.session.session import Session
from dinogui.widgets.banner import Banner
from engine.evaluation.units import Unit
from engine.training.messages import LossRise
from engine.training.watching.loss_watch import advice_for


class LossRiseChoices(QObject):
    """Says what happened, and passes the choice on to the session. Training goes on meanwhile.

    Lives in the GUI thread.

    Parameters
    ----------
    session : Session
    banner : Banner
    unit : callable
        Returns the unit in which the window shows the loss.
    """

    def __init__(self, session: Session, banner: Banner, unit: Callable[[], Unit]) -> None:
        super().__init__(session)
        self._session, self._banner, self._unit = session, banner, unit
        self._halve = self._action("Go back, halve the rate")
        self._halve.triggered.connect(self._go_back_slower)
        self._go_back = self._action("Go back")
        self._go_back.triggered.connect(self._go_back_and_wait)
        self._go_on = self._action("Go on")
        self._go_on.setToolTip("Close this message, and go on with the network as it is")
        session.loss_rose.connect(self._offer)
        session.loss_recovered.connect(self._withdraw)

    def _action(self, text: str) -> QAction:
        return QAction(text, self)

    @Slot(object)
    def _offer(self, rise: LossRise) -> None:
        place = f"the last good network, that of step {rise.good_step:,}"
        self._halve.setToolTip(f"Go on from {place}, with half the learning rate")
        self._go_back.setToolTip(f"Return to {place}, and pause there")
        unit, session = self._unit().of_losses, self._session
        before, now, guessing = (
            unit.write(session.loss_in(unit, loss))
            for loss in (rise.before, rise.now, rise.guessing)
        )
        verdict = (
            f"That is worse than guessing ({guessing}), and it has not come down since."
            if rise.is_worse_than_guessing
            else "That is far above its best, and it has not come down since."
        )
        self._banner.say(
            f"After step {rise.since:,} the loss rose from {before} to {now} "
            f"{unit.label(session.kind)} (step {rise.step:,}). {verdict} "
            f"The last good network is that of step {rise.good_step:,}. "
            f"{advice_for(session.hyperparameters)}",
            self._halve,
            self._go_back,
            self._go_on,
            topic=self,
        )

    @Slot()
    def _withdraw(self) -> None:
        self._banner.withdraw(self)

    @Slot()
    def _go_back_slower(self) -> None:
        self._session.go_back(halve_rate=True)

    @Slot()
    def _go_back_and_wait(self) -> None:
        self._session.go_back()
