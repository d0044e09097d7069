"""Shows a race on the loss plot, in place of the run that stands."""

from PySide6.QtCore import QElapsedTimer, QObject, Slot

from dinogui.panels.loss.head.head_writer import READABLE_MILLISECONDS
from dinogui.panels.loss.head.statement import Statement
from dinogui.panels.loss.loss_plot import LossPlot
from dinogui.session.racing.raced_lane import RacedLane
from dinogui.session.session import Session
from engine.evaluation.units import Unit
from engine.training.curves.run_curves import Curves


class RaceOnPlot(QObject):
    """Empties the plot for a race, says who leads, and shows the run again when the race ends.

    The curves of the lanes are drawn like those of other runs; see
    `dinogui.panels.loss.run_overlay`. Lives in the GUI thread.

    Parameters
    ----------
    session : Session
    loss_plot : LossPlot
        The parent.
    """

    def __init__(self, session: Session, loss_plot: LossPlot) -> None:
        super().__init__(loss_plot)
        self._session, self._plot = session, loss_plot
        self._written = QElapsedTimer()
        racing = session.racing
        racing.begun.connect(self._begin)
        racing.ended.connect(self._end)
        racing.progressed.connect(self._show_progress)
        racing.state_changed.connect(self.show_unit)

    @Slot()
    def _begin(self) -> None:
        self._show_curves(Curves())
        self._plot.show_events(())
        self._show_standing()

    @Slot()
    def _end(self) -> None:
        plot, session = self._plot, self._session
        plot.show_race(None)
        if plot.kind == session.kind:  # otherwise the window is about to show another run
            self._show_curves(session.curves)
            plot.show_events(session.run.events, session.run.rate_changes)

    def _show_curves(self, curves: Curves) -> None:
        plot, session = self._plot, self._session
        run, unit = session.run, plot.unit
        plot.show_history(
            curves,
            session.guessing_loss,
            held_out=run.held_out_size,
            held_out_since=run.held_out_since,
            kind=session.kind,
            units=run.units,
            tells=run.tells,
        )
        plot.show_unit(unit)

    @Slot()
    def _show_progress(self) -> None:
        self._plot.note_grown_runs()
        # Figures that change faster cannot be read.
        if self._written.hasExpired(READABLE_MILLISECONDS):
            self._show_standing()

    @Slot()
    def show_unit(self) -> None:
        """Write the loss of the leader in the unit of the plot."""
        if self._session.racing.is_on:
            self._show_standing()

    def _show_standing(self) -> None:
        racing = self._session.racing
        self._written.start()
        self._plot.show_race(standing(racing.lanes, racing.leader, self._plot.unit))


def standing(lanes: tuple[RacedLane, ...], leader: RacedLane | None, unit: Unit) -> Statement:
    """Return what the head of the plot says of a race."""
    loss = None if leader is None else leader.loss(unit)
    if leader is None or loss is None:
        return Statement("", ("no lane has been measured yet", ""))
    source = "training" if leader.best is None else "held out"
    sentences = f"{leader.title} leads, {source}", f"{leader.title} leads", ""
    lines = []
    for lane in lanes:
        reached = lane.loss(unit)
        words = "not measured" if reached is None else unit.write(reached)
        diverged = ", diverged" if lane.has_diverged else ""
        lines.append(f"{lane.title}: {words} after {lane.step:,} steps{diverged}.")
    return Statement(unit.write(loss), sentences, "\n".join(lines))
