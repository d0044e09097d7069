"""Connects what is looked at with the plot: its play-head, its marks, and the row below it."""

from PySide6.QtCore import QElapsedTimer, QObject, Signal, Slot
from PySide6.QtGui import QAction

from dinogui.common.actions.past_actions import PAUSE_REPLAY_TEXT, REPLAY_TEXT, PastActions
from dinogui.common.icons import Icon, make_icon
from dinogui.panels.loss.loss_plot import LossPlot
from dinogui.panels.loss.past.playback_row import PlaybackRow
from dinogui.panels.loss.past.plot_click import PlotClick
from dinogui.panels.loss.past.replay import Replay
from dinogui.session.session import Session

SILENT_MILLISECONDS = 300
"""The way to a step that takes no longer than this is not shown."""


class PastView(QObject):
    """Lets a person look back by play-head, click, key and button, and shows where they are.

    Lives in the GUI thread.

    Parameters
    ----------
    session : Session
    loss_plot : LossPlot
        The parent.
    row : PlaybackRow
    replay : Replay
    actions : PastActions
    live_names : QAction
        Whether the names are written again with each network.

    Signals
    -------
    said(str)
        Why a step cannot be shown, or what is not as it was.
    gone_on(str)
        A new run goes on from an earlier step; the sentence says how to find the former run.
    """

    said = Signal(str)
    gone_on = Signal(str)

    def __init__(
        self,
        session: Session,
        loss_plot: LossPlot,
        row: PlaybackRow,
        replay: Replay,
        actions: PastActions,
        live_names: QAction,
    ) -> None:
        super().__init__(loss_plot)
        self._session, self._plot, self._row = session, loss_plot, row
        self._replay, self._actions, self._live_names = replay, actions, live_names
        self._note = ""
        self._forked_at: int | None = None
        self._waiting = QElapsedTimer()
        past = session.past
        past.asked.connect(self._show_asked)
        past.reached.connect(self._show_reached)
        past.advanced.connect(self._show_share)
        past.refused.connect(self._say_refused)
        session.progressed.connect(self._follow)
        session.run_begun.connect(self._begin)
        session.events_changed.connect(self._mark_events)
        session.gone_on.connect(self._say_gone_on)
        replay.changed.connect(self._show_replay)
        loss_plot.play_head.asked.connect(self._look)
        row.asked.connect(self._look)
        PlotClick(session, loss_plot).asked.connect(self._look)
        actions.replay.triggered.connect(replay.play_or_pause)
        actions.look_at_best.triggered.connect(past.look_at_best)
        actions.leave.triggered.connect(self._leave)
        actions.go_on_from_here.triggered.connect(self._go_on)
        actions.show_events.triggered.connect(self._show_events)
        self._begin()

    # What a person does

    @Slot(object)
    def _look(self, step: int) -> None:
        self._session.past.look(step)

    @Slot()
    def _leave(self) -> None:
        self._replay.pause()
        if self._row.isAncestorOf(self._row.window().focusWidget()):
            self._plot.play_head.setFocus()  # the row with the button goes
        self._session.past.leave()

    @Slot()
    def _go_on(self) -> None:
        step = self._session.past.step
        if step is not None:
            self._replay.pause()
            self._forked_at = step
            self._session.go_on_from(step)

    @Slot()
    def _show_events(self) -> None:
        from dinogui.panels.loss.past.events_window import EventsWindow  # only when asked for

        window = self._plot.window()
        for shown in window.findChildren(EventsWindow):
            shown.raise_()
            shown.activateWindow()
            return
        events = EventsWindow(self._session, self._plot.unit.of_losses, window)
        events.asked.connect(self._look)
        events.show()

    # What the session says

    @Slot()
    def _show_asked(self) -> None:
        """Show the step at once; what the network of it writes follows."""
        step = self._session.past.step
        self._waiting.start()
        self._plot.play_head.show_share(None)
        self._plot.show_past(step)
        self._follow()
        if step is not None:
            self._row.say(*self._sentences(step))

    @Slot()
    def _show_reached(self) -> None:
        moment = self._session.past.moment
        note = "" if moment is None else moment.note
        if moment is not None and self._session.past.is_reached:
            self._plot.play_head.show_share(None)
            self._row.say(*self._sentences(moment.step))
        if note and note != self._note:
            self.said.emit(note)
        self._note = note

    def _sentences(self, step: int) -> tuple[str, str, str]:
        long = f"Panels show the network of step {step:,}. Generate writes names with it."
        if self._session.kind == "melodies":
            long = f"Panels show the network of step {step:,}, and melodies are improvised with it."
        elif self._session.kind == "text":
            long = f"Panels show the network of step {step:,}, and text is written with it."
        elif self._live_names.isChecked():
            long = f"Names and panels show the network of step {step:,}."
        return (
            long,
            f"Shows the network of step {step:,}.",
            f"Shows step {step:,}.",
        )

    @Slot(float)
    def _show_share(self, share: float) -> None:
        step = self._forked_at if self._session.past.step is None else self._session.past.step
        if step is not None and self._waiting.elapsed() >= SILENT_MILLISECONDS:
            self._plot.play_head.show_share(share)
            done = f"{share:.0%}"
            self._row.say(f"Going to step {step:,}: {done} done.", f"Step {step:,}: {done}", done)

    @Slot(str)
    def _say_refused(self, sentence: str) -> None:
        self._forked_at = None
        self.said.emit(sentence)

    @Slot()
    def _follow(self) -> None:
        """Show how long the run is now, and what can be done."""
        session, actions = self._session, self._actions
        past, last = session.past, session.steps_made
        self._plot.play_head.show_step(past.step, last)
        if past.step is not None:
            self._row.show_step(past.step, last)
        trend = None if session.progress is None else session.progress.held_out
        actions.replay.setEnabled(last > 0)
        actions.look_at_best.setEnabled(trend is not None and trend.best.step < last)
        actions.leave.setEnabled(past.is_on)
        actions.go_on_from_here.setEnabled(past.is_on)

    @Slot()
    def _show_replay(self) -> None:
        is_playing = self._replay.is_playing
        action = self._actions.replay
        action.setText(PAUSE_REPLAY_TEXT if is_playing else REPLAY_TEXT)
        action.setIcon(make_icon(Icon.PAUSE if is_playing else Icon.PLAY))
        action.setIconText("Pause" if is_playing else "Replay")

    @Slot()
    def _mark_events(self) -> None:
        run = self._session.run
        self._plot.show_events(run.events, run.rate_changes)

    @Slot()
    def _begin(self) -> None:
        """Show another run."""
        self._forked_at = None
        self._mark_events()
        self._follow()

    @Slot(int, int)
    def _say_gone_on(self, wanted: int, step: int) -> None:
        why = f"Step {wanted:,} cannot be repeated exactly here. " if step != wanted else ""
        if self._session.runs.earlier is not None:
            self.gone_on.emit(
                f"{why}This new run goes on from step {step:,}. The former one is in Runs, as it "
                "was."
            )
