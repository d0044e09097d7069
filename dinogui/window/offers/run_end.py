"""What the window says, quietly, when a run has ended or its held-out loss rises."""

from dataclasses import replace

from PySide6.QtCore import QElapsedTimer, QObject, Slot

from dinogui.common.actions.window_actions import Actions
from dinogui.panels.run_end.action_line import ActionLine
from dinogui.panels.run_end.until_button import UntilButton
from dinogui.session.run import Run, RunState
from dinogui.session.session import Session
from engine.evaluation.units import Unit
from engine.training.ending import Until
from engine.training.messages import HeldOutLoss, HeldOutTrend
from engine.training.record import network_step

_READABLE_MILLISECONDS = 330


class RunEnd(QObject):
    """Connects the end of a run, and the way back to its best network, with the session.

    Lives in the GUI thread.

    Parameters
    ----------
    session : Session
    actions : Actions
    button : UntilButton
    line : ActionLine
    """

    def __init__(
        self, session: Session, actions: Actions, button: UntilButton, line: ActionLine
    ) -> None:
        super().__init__(line)  # nothing is written there once it is gone
        self._session, self._actions = session, actions
        self._button, self._line = button, line
        self._unit = Unit.NATS_PER_NAME
        self._written = QElapsedTimer()
        button.form.until_changed.connect(session.set_until)
        button.menu_.aboutToShow.connect(self._prepare_form)
        actions.until.triggered.connect(button.open)
        actions.go_to_best.triggered.connect(session.go_to_best)
        session.until_changed.connect(self._show_until)
        session.run_begun.connect(self._show_run)
        session.progress_told.connect(self._note_progress)
        session.state_changed.connect(self._write)
        session.ended.connect(self._write)
        session.held_out_measuring.changed.connect(self._write)
        self._show_until(session.until)

    def show_unit(self, unit: Unit) -> None:
        """Write losses in another unit."""
        self._unit = unit
        self._write()

    @Slot()
    def _prepare_form(self) -> None:
        self._button.form.suggest_steps(self._session.steps_made)

    @Slot(object)
    def _show_until(self, until: Until) -> None:
        self._button.show_until(until)
        self._write()

    @Slot()
    def _show_run(self) -> None:
        session = self._session
        self._button.form.show_run(
            session.kind, has_held_out=session.recipe.holds_out, tells=session.run.tells
        )
        self._write()

    @Slot()
    def _note_progress(self) -> None:
        is_training = self._session.state is RunState.TRAINING
        # Figures that change faster cannot be read.
        if not is_training or self._written.hasExpired(_READABLE_MILLISECONDS):
            self._write()

    @Slot()
    def _write(self) -> None:
        run = self._session.run
        can_go_back = run.can_go_to_best
        trend = _trend(run)
        is_worse = trend is not None and (
            trend.has_risen or (run.ended is not None and run.ended.reason == "patience")
        )
        offers = is_worse and can_go_back
        ended = "" if run.ended is None else run.ended.sentence()
        texts: tuple[str, ...] = ("",)
        if trend is not None and offers:
            compared, *shorter = self._compare(trend)
            texts = (f"{ended} {compared}".lstrip(), compared, *shorter)
        elif run.ended is not None:
            step = f"Ended at step {run.ended.step:,}."
            texts = (f"{ended} Train goes on from here.", ended, step)
        self._line.say(texts[0], offers_action=offers, shorter=texts[1:])
        self._button.show_standing(run.until_left, run.ended)
        self._actions.go_to_best.setEnabled(can_go_back)
        self._written.start()

    def _compare(self, trend: HeldOutTrend) -> tuple[str, ...]:
        """Compare the newest loss with the best one, in fewer and fewer words."""
        best, now = self._in_unit(trend.best), self._in_unit(trend.latest)
        label = self._unit.label(self._session.kind)
        return (
            f"Best {best} at step {trend.best.step:,}; now {now} {label}.",
            f"Best {best} at step {trend.best.step:,}; now {now}.",
            f"Best {best}; now {now}.",
        )

    def _in_unit(self, loss: HeldOutLoss) -> str:
        characters = loss.nats_per_name / loss.nats_per_character
        return self._unit.write(self._unit.of(loss.nats_per_name, characters))


def _trend(run: Run) -> HeldOutTrend | None:
    """Return the best held-out loss of a run beside that of its present network, if it is known.

    After the run has gone back, the latest loss is that of a network that it has left.
    """
    trend = run.progress.held_out if run.progress is not None else None
    if trend is None or network_step(run.steps_made, run.events) == run.steps_made:
        return trend
    if run.full_held_out is None:
        return None
    return replace(trend, latest=run.full_held_out)
