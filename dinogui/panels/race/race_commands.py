"""The commands of races: what begins and ends them, and what waits until they are over."""

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QWidget

from dinogui.common.actions.held_actions import HeldActions
from dinogui.common.actions.window_actions import Actions
from dinogui.panels.race.race_card import RaceCard
from dinogui.session.run import RunState
from dinogui.session.session import Session
from dinogui.widgets.banner import Banner
from engine.training.curves.axis_quantity import AxisQuantity

_REASON = "A race is shown, and the run stands. End the race first"


class RaceCommands(QObject):
    """Opens the dialog of races, and disables meanwhile what would change the run that stands.

    Lives in the GUI thread.

    Parameters
    ----------
    session : Session
    actions : Actions
    card : RaceCard
    banner : Banner
        Says why there is no race.
    parent : QWidget
        The dialog opens over it.
    """

    def __init__(
        self, session: Session, actions: Actions, card: RaceCard, banner: Banner, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._session, self._actions, self._card = session, actions, card
        self._parent = parent
        self._quantity: AxisQuantity | None = None  # what the axis showed before the race
        self._held = HeldActions(
            (
                *(actions.step, actions.restart, actions.until, actions.go_to_best),
                *(actions.undo, actions.redo, actions.measure_held_out, actions.generate),
                *(actions.past.replay, actions.past.look_at_best, actions.past.go_on_from_here),
                *(*actions.recipes.values(), *actions.what_if.values()),
            ),
            _REASON,
            self,
        )
        racing = session.racing
        actions.races.race.triggered.connect(self._ask)
        actions.races.end.triggered.connect(racing.end)
        actions.plot.quantity_group.triggered.connect(self._show_axis)
        card.axis_chosen.connect(self._choose_axis)
        racing.begun.connect(self._begin)
        racing.ended.connect(self._end)
        racing.refused.connect(banner.say)
        racing.said.connect(banner.say)
        session.state_changed.connect(self._enable)
        self._enable(session.state)

    @Slot(object)
    def _enable(self, state: RunState) -> None:
        self._actions.races.race.setEnabled(state is not RunState.EMPTY)

    @Slot()
    def _ask(self) -> None:
        from dinogui.panels.race.race_dialog import RaceDialog  # only when it is asked for

        dialog = RaceDialog(self._session.run, self._parent)
        dialog.chosen.connect(self._session.racing.begin)
        dialog.open()

    @Slot()
    def _begin(self) -> None:
        self._session.ahead.clear()
        self._held.hold()
        self._actions.races.end.setEnabled(True)
        self._quantity = self._actions.plot.quantity_group.checkedAction().data()
        plan = self._session.racing.plan
        if plan is not None and plan.pace == "seconds":
            self._choose_axis(AxisQuantity.TIME)
        self._show_axis()

    @Slot()
    def _end(self) -> None:
        self._held.release()
        self._actions.races.end.setEnabled(False)
        quantity, self._quantity = self._quantity, None
        if quantity is not None:
            self._choose_axis(quantity)

    @Slot(object)
    def _choose_axis(self, quantity: AxisQuantity) -> None:
        action = self._actions.plot.quantities[quantity]
        if not action.isChecked():
            action.trigger()

    @Slot()
    def _show_axis(self) -> None:
        self._card.show_axis(self._actions.plot.quantity_group.checkedAction().data())
