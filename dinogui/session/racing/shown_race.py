"""The race that is shown: its lanes, how far they are, and the orders while it goes on."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from enum import Enum
from functools import partial
from itertools import count
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from dinogui.session.overlay.overlaid_run import OverlaidRun
from dinogui.session.racing.raced_lane import RacedLane
from dinogui.session.run import RunState
from dinogui.session.trained_run import TrainedRun
from dinogui.workers.race_worker import RaceReport, RaceRequest, RaceWorker
from dinogui.workers.service import Refusal, WorkerClient
from engine.data.corpus import Corpus
from engine.evaluation.units import Unit
from engine.nn.backends import best_backend

if TYPE_CHECKING:
    from engine.racing.lane import Lane
    from engine.racing.race import RacePlan

# `engine.racing` is imported when somebody first races: no start needs to wait for it.


class RaceState(Enum):
    """What a race is doing. The value is the word for it in the window."""

    OFF = ""
    RACING = "Racing"
    PAUSED = "Race paused"
    OVER = "Race over"


class ShownRace(QObject):
    """Begins a race, lets it stand and go on, and knows how far its lanes are.

    `dinogui.session.racing.racing.Racing`, which is made of it, ends races and has their folders.

    Lives in the GUI thread; the thread of the races, which is started when there is first one, has
    the work.

    Parameters
    ----------
    session : TrainedRun
        The parent.

    Attributes
    ----------
    state : RaceState
    lanes : tuple of RacedLane
        Empty while there is no race.
    plan : RacePlan or None
    saved_at : int or None
        The steps of all lanes together when the race was saved; None if it never was.
    kept_at : int or None
        The same of the window's own copy; see `Racing.keep`.
    keep_in : str or None
        The folder of that copy. If it is None when a race has begun, the library sets it; if it
        stays None, no copy is kept.

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
    refused(str)
        A sentence says why there is no race, or why it or a lane of it cannot be had.
    said(str)
        A sentence says how the lanes go on in another way than before.
    """

    begun = Signal()
    ended = Signal()
    state_changed = Signal(object)
    progressed = Signal()
    lanes_shown = Signal()
    names_written = Signal(object)
    refused = Signal(str)
    said = Signal(str)

    def __init__(self, session: TrainedRun) -> None:
        super().__init__(session)
        self._session = session
        self._made: WorkerClient | None = None
        self._number = 0  # grows when a race begins or ends: an answer to another one is late
        self._race_numbers = count(1)
        self._race_number = 0  # by which the worker knows the race
        self._runs_ordered = 0  # the latest order to run decides on the state
        self._times_run = 0
        self.state = RaceState.OFF
        self.lanes: tuple[RacedLane, ...] = ()
        self.plan: RacePlan | None = None
        self.saved_at: int | None = None
        self.kept_at: int | None = None
        self.keep_in: str | None = None
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
        backend = best_backend()
        lanes = tuple(lane.changed(backend=backend) for lane in lanes)
        raced = tuple(RacedLane(lane, place) for place, lane in enumerate(lanes))
        number = next(self._race_numbers)
        self._client.order(
            RaceWorker.begin,
            RaceRequest(corpus, lanes, plan, number),
            done=partial(self._take_report, raced),
            refused=partial(self._take_failure, self._number + 1),
        )
        self._show(raced, plan, number, RaceState.RACING)
        self._run()

    def _show(
        self, lanes: tuple[RacedLane, ...], plan: RacePlan, number: int, state: RaceState
    ) -> None:
        self._session.pause()
        self._session.past.hold(True)
        self._number += 1
        self._race_number = number
        self.lanes, self.plan, self.state = lanes, plan, state
        self.saved_at = self.kept_at = None
        self.begun.emit()
        self.state_changed.emit(state)

    @abstractmethod
    def end(self) -> None:
        """End the race for good."""

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

    def extend(self, amount: float) -> None:
        """Let a race that is over go on for further steps, or seconds if it goes by seconds."""
        if self.state is RaceState.OVER:
            self._client.order(
                RaceWorker.extend,
                amount,
                done=partial(self._take_extension, self._number),
                refused=self._tell_refusal,
                supersedes=True,
            )

    def _take_extension(self, number: int, plan: RacePlan) -> None:
        if number == self._number and self.state is RaceState.OVER:
            self.plan = plan
            self._run()
            self._set_state(RaceState.RACING)

    def show_lane(self, lane: RacedLane, is_shown: bool) -> None:
        """Draw the curves of a lane, or do not."""
        if lane.is_shown != is_shown:
            lane.is_shown = is_shown
            self.lanes_shown.emit()

    def ask_for_names(self, count: int, seed: int) -> None:
        """Let each lane write names for the same random numbers; `names_written` follows.

        Lanes that are told kinds write at the chosen blend. Lanes that learn a text write none.
        """
        if self.is_on and isinstance(self._session.run.corpus, Corpus):
            self._client.order(
                RaceWorker.names,
                count,
                seed,
                self._session.blend.weights,
                done=partial(self._take_names, self._number),
                supersedes=True,
            )

    # What the worker says

    def _run(self) -> None:
        self._runs_ordered += 1
        self._times_run += 1
        self._client.order(
            RaceWorker.run,
            self._race_number,
            done=partial(self._take_stop, self.lanes, self._runs_ordered),
            refused=partial(self._take_failure, self._number),
            reported=partial(self._take_report, self.lanes),
        )

    def _take_report(self, lanes: tuple[RacedLane, ...], report: RaceReport) -> None:
        # A race that was left still takes its last steps, with which it is kept.
        for lane, grown in zip(lanes, report.lanes, strict=True):
            lane.take(grown)
        if lanes is self.lanes:
            self.progressed.emit()
            if report.note:
                self.said.emit(report.note)

    def _take_stop(self, lanes: tuple[RacedLane, ...], order: int, report: RaceReport) -> None:
        self._take_report(lanes, report)
        if lanes is not self.lanes:
            return
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
