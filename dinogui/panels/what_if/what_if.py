"""What if: connects the buttons beside the knobs, the row below them, the plot and the session."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtGui import QAction

from dinogui.common.actions.action_words import explain
from dinogui.common.actions.window_actions import NO_DATA, Actions
from dinogui.panels.loss.loss_plot import LossPlot
from dinogui.panels.loss.readout import written
from dinogui.panels.model.controls import ControlsPanel
from dinogui.panels.what_if.futures_view import FuturesView
from dinogui.session.futures.future import KNOB_RANGES, Future
from dinogui.session.run import RunState
from dinogui.session.session import Session

if TYPE_CHECKING:
    from dinogui.panels.what_if.what_if_row import WhatIfRow
    from engine.runs.futures import KnobName, Turn


class WhatIf(QObject):
    """Opens the row below a knob, and passes on what is asked for there.

    Lives in the GUI thread.

    Parameters
    ----------
    session : Session
    controls : ControlsPanel
        Has the buttons, and room for the row.
    view : FuturesView
    plot : LossPlot
        Its unit is that of the list.
    actions : Actions
        `what_if` and `clear_futures`.

    Attributes
    ----------
    row : WhatIfRow or None
        None until it is opened first.
    """

    def __init__(
        self,
        session: Session,
        controls: ControlsPanel,
        view: FuturesView,
        plot: LossPlot,
        actions: Actions,
    ) -> None:
        super().__init__(plot)
        self._session, self._ahead, self._controls = session, session.ahead, controls
        self._view, self._plot, self._actions = view, plot, actions
        self._knob: KnobName | None = None
        self.row: WhatIfRow | None = None
        for action in actions.what_if.values():
            action.triggered.connect(self._open_for_action)
        controls.what_if_requested.connect(self._turn_row)
        actions.clear_futures.triggered.connect(self._ahead.clear)
        self._ahead.changed.connect(self._show)
        self._ahead.changed.connect(self._say_use)
        self._ahead.grown.connect(self._show)
        self._ahead.approached.connect(self._say_share)
        self._ahead.taken.connect(self._say_taken)
        self._ahead.refused.connect(self._say_refused)
        session.past.asked.connect(self._say_use)
        plot.unit_shown.connect(self._show)
        session.state_changed.connect(self._show_state)
        self._show_state(session.state)
        actions.clear_futures.setEnabled(False)

    # The row

    @Slot()
    def _open_for_action(self) -> None:
        action = self.sender()
        if isinstance(action, QAction):
            self.open(action.data())

    @Slot(str)
    def _turn_row(self, knob: KnobName) -> None:
        """Open the row below a knob, or close it if it is open there."""
        if self._knob == knob and self.row is not None and not self.row.isHidden():
            self.close()
        else:
            self.open(knob)

    def open(self, knob: KnobName) -> None:
        """Open the row below a knob, ready to type into."""
        if self.row is None:
            self.row = self._make_row()
        if knob != self._knob:
            self._ahead.clear()
            self.row.show_knob(KNOB_RANGES[knob])
        self._knob = knob
        self._say_use()
        self._controls.show_below(knob, self.row)
        self.row.show()
        self.row.turns.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.row.turns.selectAll()
        self._show()
        self._controls.bring_into_view(self.row)

    def _make_row(self) -> WhatIfRow:
        from dinogui.panels.what_if.what_if_row import WhatIfRow  # with the engine's futures

        row = WhatIfRow()
        row.requested.connect(self._look)
        row.chosen.connect(self._choose)
        row.taken.connect(self._ahead.take)
        row.cleared.connect(self._ahead.clear)
        row.closed.connect(self.close)
        return row

    @Slot()
    def close(self) -> None:
        """Close the row, and remove the futures."""
        self._ahead.clear()
        if self.row is not None and self._knob is not None:
            had_focus = self.row.isAncestorOf(self.row.window().focusWidget() or self._plot)
            self.row.hide()
            if had_focus:
                self._controls.what_if[self._knob].setFocus(Qt.FocusReason.OtherFocusReason)

    # Orders

    @Slot(object, int)
    def _look(self, turns: tuple[Turn, ...], n_steps: int) -> None:
        if self._knob is not None and self.row is not None:
            self._ahead.look(self._knob, turns, n_steps)
            self.row.say(self._where(self._session.past.step))

    @Slot(int)
    def _choose(self, index: int) -> None:
        self._view.choose(index if index >= 0 else None)

    # What is shown

    @Slot()
    def _show(self) -> None:
        self._actions.clear_futures.setEnabled(self._ahead.knob is not None)
        if self.row is not None:
            futures = self._ahead.futures
            is_new = bool(futures) and self.row.list.isHidden()
            self.row.show_futures([(self._text(each), self._view.tint(each)) for each in futures])
            if is_new:
                if self._ahead.are_of_past:
                    self.row.say(self._where(self._ahead.begin))
                self._controls.bring_into_view(self.row)

    def _text(self, future: Future) -> str:
        """Describe a future in a line: 0.02: 21.3, held out 22.1."""
        unit = self._plot.unit.of_losses
        last, held_out = future.smoothed(unit).last_point, future.held_out
        if last is None:
            return future.label
        text = f"{future.label}: {written(last[1], unit)}"
        if held_out is None:
            return text
        return f"{text}, held out {written(unit.base_of(held_out), unit)}"

    @Slot()
    def _say_use(self) -> None:
        """Say where futures would begin, as long as there are none."""
        if self.row is not None and self._ahead.knob is None:
            self.row.say(self._where(self._session.past.step))

    @Slot(float)
    def _say_share(self, share: float) -> None:
        """Say how much of the way to the step at which the futures begin is done."""
        if self.row is not None:
            self.row.say(f"Going to step {self._ahead.begin:,}: {share:.0%} done.")

    def _where(self, step: int | None) -> str:
        """Say where futures begin, if that is not the latest step of the run."""
        if step is None:
            return ""
        return f"The futures begin at step {step:,}, the one that is looked at."

    @Slot()
    def _say_taken(self) -> None:
        if self.row is not None:
            self.row.say("This future is the run now. The run before it is in the card Runs.")

    @Slot(str)
    def _say_refused(self, sentence: str) -> None:
        if self.row is not None:
            self.row.say(sentence, is_error=True)

    @Slot(object)
    def _show_state(self, state: RunState) -> None:
        """Allow to look ahead where there is a run."""
        has_run = state not in (RunState.EMPTY, RunState.FAILED)
        for action in self._actions.what_if.values():
            action.setEnabled(has_run)
            explain(action, NO_DATA)
        for button in self._controls.what_if.values():
            button.setEnabled(has_run)
