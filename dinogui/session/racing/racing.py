"""Racing: several runs on the data of the run shown, which stands meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import Enum
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from dinogui.session.curves.run_curves import Curves
from dinogui.session.overlay.overlaid_run import OverlaidRun
from dinogui.session.racing.raced_lane import RacedLane
from dinogui.session.run import Run, RunState
from dinogui.session.trained_run import TrainedRun
from dinogui.workers.race_worker import OpenedRace, RaceReport, RaceRequest, RaceWorker
from dinogui.workers.run_copy import RunCopy
from dinogui.workers.service import Refusal, WorkerClient
from engine.data.corpus import Corpus
from engine.data.text import Text
from engine.evaluation.units import Unit

if TYPE_CHECKING:
    from engine.racing.lane import Lane
    from engine.racing.race import RacePlan

# `engine.racing` is imported when somebody first races: no start needs to wait for it.

_CURVE = "curve."
"""What the names of the curves begin with, in the file of a lane as in that of a run."""

ShowLane = Callable[[Corpus | Text, str | None, RunCopy, Curves], Run]
"""Shows a lane as a run of its own; see `dinogui.session.session.Session.resume`."""


class RaceState(Enum):
    """What a race is doing. The value is the word for it in the window."""

    OFF = ""
    RACING = "Racing"
    PAUSED = "Race paused"
    OVER = "Race over"


class Racing(QObject):
    """Orders races, one at a time, and takes over one of the lanes if asked.

    The run shown is paused when a race begins, and nothing of it is changed. The race ends when
    another run is shown, or when the run is trained after all.

    Lives in the GUI thread; the thread of the races, which is started when there is first one, has
    the work.

    Parameters
    ----------
    session : TrainedRun
        The parent.
    show_lane : callable
        See `ShowLane`.
    use : callable
        Begins a run on the data of a race that is opened.

    Attributes
    ----------
    state : RaceState
    lanes : tuple of RacedLane
        Empty while there is no race.
    plan : RacePlan or None
    saved_at : int or None
        The steps of all lanes together when the race was saved; None if it never was.

    Signals
    -------
    begun()
        There is a race.
    ended()
        There is none any more.
    state_changed(RaceState)
    progressed()
        The lanes have made steps, or one of them has diverged.
    lanes_shown()
        Other lanes are drawn.
    names_written(tuple of tuple of str)
        The names of each lane that were asked for last.
    saved(str)
        The race is saved in a folder.
    refused(str)
        A sentence says why there is no race, or why it or a lane of it cannot be had.
    """

    begun = Signal()
    ended = Signal()
    state_changed = Signal(object)
    progressed = Signal()
    lanes_shown = Signal()
    names_written = Signal(object)
    saved = Signal(str)
    refused = Signal(str)

    def __init__(
        self, session: TrainedRun, show_lane: ShowLane, use: Callable[[Corpus | Text], None]
    ) -> None:
        super().__init__(session)
        self._session, self._show_lane, self._use = session, show_lane, use
        self._made: WorkerClient | None = None
        self._number = 0  # of the race that counts
        self._runs_ordered = 0  # the latest order to run decides on the state
        self.state = RaceState.OFF
        self.lanes: tuple[RacedLane, ...] = ()
        self.plan: RacePlan | None = None
        self.saved_at: int | None = None
        session.run_begun.connect(self.end)
        session.state_changed.connect(self._note_training)

    @property
    def is_on(self) -> bool:
        """Whether there is a race: it goes on, stands, or is over."""
        return self.state is not RaceState.OFF

    @property
    def _steps(self) -> int:
        return sum(lane.step for lane in self.lanes)

    @property
    def is_unsaved(self) -> bool:
        """Whether the lanes have made steps since the race was saved."""
        return self._steps != (self.saved_at or 0)

    @property
    def leader(self) -> RacedLane | None:
        """The lane with the lowest loss, as `RacedLane.loss` says; None before there is one."""
        losses = {lane: lane.loss(Unit.NATS_PER_CHARACTER) for lane in self.lanes}
        known = {lane: loss for lane, loss in losses.items() if loss is not None}
        return min(known, key=known.__getitem__) if known else None

    @property
    def overlaid(self) -> list[OverlaidRun]:
        """The lanes as runs that can be compared; without those that have not been reported."""
        corpus = self._session.run.corpus
        if corpus is None:
            return []
        lanes = (lane.overlaid(corpus) for lane in self.lanes)
        return [lane for lane in lanes if lane is not None]

    @property
    def _client(self) -> WorkerClient:
        if self._made is None:
            self._made = WorkerClient(RaceWorker(), self._session.threads.start("race"), self)
        return self._made

    def begin(self, lanes: Sequence[Lane], plan: RacePlan) -> None:
        """Begin a race on the data of the run shown, in place of the one before.

        Parameters
        ----------
        lanes : sequence of Lane
            With titles.
        plan : RacePlan
        """
        corpus = self._session.run.corpus
        if corpus is None:
            return
        self.end()
        self._client.order(
            RaceWorker.begin,
            RaceRequest(corpus, tuple(lanes), plan),
            done=partial(self._take_report, self._number + 1),
            refused=partial(self._take_failure, self._number + 1),
        )
        raced = [RacedLane(lane, place) for place, lane in enumerate(lanes)]
        self._show(raced, plan, RaceState.RACING)
        self._run()

    def _show(self, lanes: Sequence[RacedLane], plan: RacePlan, state: RaceState) -> None:
        self._session.pause()
        self._session.past.hold(True)
        self._number += 1
        self.lanes, self.plan, self.state = tuple(lanes), plan, state
        self.saved_at = None
        self.begun.emit()
        self.state_changed.emit(state)

    # While it goes on

    @Slot()
    def pause_or_go_on(self) -> None:
        """Pause the race, or go on with it."""
        if self.state is RaceState.RACING:
            self.pause()
        elif self.state is RaceState.PAUSED:
            self._run()
            self._set_state(RaceState.RACING)

    @Slot()
    def pause(self) -> None:
        """Let the race stand. It can go on later as if nothing had happened."""
        if self.state is RaceState.RACING:
            self._client.order(RaceWorker.pause)
            self._set_state(RaceState.PAUSED)

    def show_lane(self, lane: RacedLane, is_shown: bool) -> None:
        """Draw the curves of a lane, or do not."""
        if lane.is_shown != is_shown:
            lane.is_shown = is_shown
            self.lanes_shown.emit()

    def ask_for_names(self, count: int, seed: int) -> None:
        """Let each lane write names for the same random numbers; `names_written` follows.

        Lanes that learn a text write none.
        """
        if self.is_on and isinstance(self._session.run.corpus, Corpus):
            self._client.order(
                RaceWorker.names,
                count,
                seed,
                done=partial(self._take_names, self._number),
                supersedes=True,
            )

    # How it ends

    @Slot()
    def end(self) -> None:
        """End the race for good. The run that stands is shown again."""
        if not self.is_on:
            return
        for method in (RaceWorker.begin, RaceWorker.run, RaceWorker.names, RaceWorker.copy):
            self._client.cancel(method)
        self._client.order(RaceWorker.forget)
        self._leave()

    def _leave(self) -> None:
        self._number += 1
        self._session.past.hold(False)
        self.lanes, self.plan = (), None
        self.state = RaceState.OFF
        self.ended.emit()
        self.state_changed.emit(self.state)

    def take(self, lane: RacedLane) -> None:
        """End the race, and show a lane as a run, paused where it stands.

        The run that stood meanwhile stays open as it is.
        """
        if lane not in self.lanes:
            return
        self.pause()  # then all steps of the lane are reported before it is copied
        self._client.order(
            RaceWorker.copy,
            self.lanes.index(lane),
            done=partial(self._show_taken, self._number, lane),
            refused=self._tell_refusal,
            supersedes=True,
        )

    def _show_taken(self, number: int, lane: RacedLane, copy: RunCopy) -> None:
        run = self._session.run
        if number != self._number or run.corpus is None:
            return
        self.end()
        self._show_lane(run.corpus, run.path, copy, lane.curves)

    # Its folder

    def save(self, folder: str) -> None:
        """Save the race in a folder. It goes on, or stands, as it did."""
        if not self.is_on:
            return
        was_racing = self.state is RaceState.RACING
        number = self._number

        def write(_answer: object) -> None:
            # By now all steps of the lanes have been reported.
            if number != self._number:
                return
            extras = [
                {_CURVE + name: value for name, value in lane.curves.state().items()}
                for lane in self.lanes
            ]
            done = partial(self._tell_saved, number, self._steps)
            with_data = True if self._session.path is None else None  # it is nowhere else
            self._client.order(
                RaceWorker.save, folder, extras, with_data, done=done, refused=self._tell_refusal
            )
            if was_racing:
                self.pause_or_go_on()

        self.pause()
        self._client.order(RaceWorker.pause, done=write)

    def _tell_saved(self, number: int, steps: int, folder: str) -> None:
        if number == self._number:
            self.saved_at = steps
        self.saved.emit(folder)

    def open(self, folder: str) -> None:
        """Show a race that was saved, paused where it stood. A race that is shown ends."""
        self._client.order(
            RaceWorker.open,
            folder,
            self._session.run.corpus,
            done=self._show_opened,
            refused=self._tell_refusal,
            supersedes=True,
        )

    def _show_opened(self, opened: OpenedRace) -> None:
        corpus, now = opened.corpus, self._session.run.corpus
        length = corpus.mean_length if isinstance(corpus, Corpus) else 1.0
        about = zip(opened.lanes, opened.curves, opened.points, strict=True)
        try:
            lanes = [
                RacedLane.opened(lane, place, stored, points, length)
                for place, (lane, stored, points) in enumerate(about)
            ]
        except ValueError as error:
            self.end()
            self._client.order(RaceWorker.forget)
            self.refused.emit(f"The curve of a lane is damaged: {error}")
            return
        if self.is_on:  # the worker has taken the new one in its place
            self._leave()
        if now is None or now.fingerprint != corpus.fingerprint:
            try:
                self._use(corpus)
            except ValueError as error:  # the text is too short for the window's own run
                self._client.order(RaceWorker.forget)
                self.refused.emit(str(error))
                return
        self._show(lanes, opened.plan, RaceState.PAUSED)
        self._take_report(self._number, opened.report)
        self.saved_at = self._steps
        if opened.report.is_over:
            self._set_state(RaceState.OVER)

    # What the worker says

    def _run(self) -> None:
        self._runs_ordered += 1
        self._client.order(
            RaceWorker.run,
            done=partial(self._take_stop, self._number, self._runs_ordered),
            refused=partial(self._take_failure, self._number),
            reported=partial(self._take_report, self._number),
        )

    def _take_report(self, number: int, report: RaceReport) -> None:
        if number != self._number:
            return
        for lane, grown in zip(self.lanes, report.lanes, strict=True):
            lane.take(grown)
        self.progressed.emit()

    def _take_stop(self, number: int, order: int, report: RaceReport) -> None:
        if number != self._number:
            return
        self._take_report(number, report)
        if report.is_over:
            self._set_state(RaceState.OVER)
        elif order == self._runs_ordered:
            self._set_state(RaceState.PAUSED)

    def _take_names(self, number: int, names: tuple[tuple[str, ...], ...]) -> None:
        if number == self._number:
            self.names_written.emit(names)

    def _take_failure(self, number: int, refusal: Refusal) -> None:
        if number == self._number:
            self.end()
            self.refused.emit(refusal.sentence)

    def _tell_refusal(self, refusal: Refusal) -> None:
        self.refused.emit(refusal.sentence)

    def _set_state(self, state: RaceState) -> None:
        if state is not self.state:
            self.state = state
            self.state_changed.emit(state)

    @Slot(object)
    def _note_training(self, state: RunState) -> None:
        """End the race when the run that stood is trained after all."""
        if state is RunState.TRAINING:
            self.end()
