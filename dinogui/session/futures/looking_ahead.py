"""Looking ahead: what the next steps of the run shown would be with one of its knobs turned."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from dinogui.session.futures.future import Future
from dinogui.session.run import Run, unchecked_clip_of
from dinogui.session.shown_run import ShownRun
from dinogui.session.training import Training
from dinogui.workers.futures_worker import (
    FutureCopy,
    FuturesReport,
    FuturesRequest,
    FuturesWorker,
)
from dinogui.workers.run_copy import RunCopy
from dinogui.workers.service import Refusal, WorkerClient
from engine.training.curves.run_curves import Curves
from engine.training.messages import Progress
from engine.training.record import Event
from engine.training.settings import Hyperparameters

if TYPE_CHECKING:
    from engine.runs.futures import KnobName, Turn

SEEN_FOR = 50
"""The futures go away when the run has made so many times their steps since they began.

They would be no longer than a fiftieth of the plot then.
"""

ShowFuture = Callable[[Run, int, FutureCopy, Curves], None]
"""Shows a future of a run, which begins at a step, as a run of its own."""


class LookingAhead(QObject):
    """Makes futures of the run shown. The training goes on, or stands, as it was.

    They begin at the latest step, or at the earlier one that is looked at. There is one set of
    futures at a time. It goes away when another set is asked for and when another run is shown.
    Those that begin at the latest step also go away when the course of the run is changed, and when
    the run has long passed them; see `SEEN_FOR`.

    Lives in the GUI thread; the thread of the futures, which is started when they are first asked
    for, has the work.

    Parameters
    ----------
    session : ShownRun
    training : Training
        Copies the run.
    show_future : callable
        See `ShowFuture`.

    Attributes
    ----------
    knob : str or None
        What is turned in them; see `engine.runs.futures.KnobName`. None if there are none.
    begin, end : int
        The steps between which they lie.
    are_of_past : bool
        Whether they begin at an earlier step that was looked at.
    futures : tuple of Future
        Empty until their values are known.

    Signals
    -------
    changed()
        Other futures were asked for, or are there, or there are none any more.
    approached(float)
        The share of the way to the earlier step at which they begin that is done.
    grown()
        They have made steps, or one of them has stopped.
    taken()
        A future has become the run shown.
    refused(str)
        A sentence says why there are no futures, or why one cannot be taken.
    """

    changed = Signal()
    approached = Signal(float)
    grown = Signal()
    taken = Signal()
    refused = Signal(str)

    def __init__(self, session: ShownRun, training: Training, show_future: ShowFuture) -> None:
        super().__init__(session)
        self._session, self._training, self._show_future = session, training, show_future
        self._client: WorkerClient | None = None
        self._number = 0  # of the set of futures that counts
        self._n_events: int | None = None  # of the run, where the futures begin, once it is known
        self._hyperparameters: Hyperparameters | None = None  # of the run, since then
        self.knob: KnobName | None = None
        self.begin = self.end = 0
        self.are_of_past = False
        self.futures: tuple[Future, ...] = ()
        session.run_begun.connect(self.clear)
        session.failed.connect(self.clear)
        session.hyperparameters_changed.connect(self._take_hyperparameters)
        session.events_changed.connect(self._take_events)
        session.progressed.connect(self._take_progress)

    @property
    def is_growing(self) -> bool:
        """Whether futures are being made."""
        if self.knob is None:
            return False
        return not self.futures or not all(future.is_over for future in self.futures)

    def look(self, knob: KnobName, turns: Sequence[Turn], n_steps: int) -> None:
        """Make futures of the run shown, as it is after its latest step, or the one looked at.

        Parameters
        ----------
        knob : str
            See `engine.runs.futures.KnobName`.
        turns : sequence of Turn
            Multiples of a clip value that is off are those of the one that was last in force.
        n_steps : int
            Of each future.
        """
        run = self._session.run
        if run.corpus is None:
            return
        self._drop()
        self.knob, self._hyperparameters = knob, run.hyperparameters
        self._n_events = None
        step = self._session.past.step
        self.are_of_past = step is not None
        self.begin = self.end = run.steps_made if step is None else step
        number = self._number
        done = partial(self._make, number, run, tuple(turns), n_steps)
        if step is None:
            self._training.copy(run.id, done, self._take_refusal)
        else:
            self._session.past.copy(
                run,
                step,
                done,
                partial(self._take_past_refusal, number),
                partial(self._take_share, number),
            )
        self.changed.emit()

    def _multiplied(self, run: Run, copy: RunCopy, turns: tuple[Turn, ...]) -> tuple[Turn, ...]:
        """Replace multiples of a clip value that is off where the futures begin."""
        from engine.runs.futures import Turn

        if self.knob != "clip" or copy.state.hyperparameters.clip is not None:
            return turns
        clip = unchecked_clip_of(copy.state.events) if self.are_of_past else run.unchecked_clip
        return tuple(
            turn if turn.factor in (None, 1.0) else Turn(value=float(f"{clip * turn.factor:.3g}"))
            for turn in turns
        )

    def _make(
        self, number: int, run: Run, turns: tuple[Turn, ...], n_steps: int, copy: RunCopy
    ) -> None:
        if number != self._number or self.knob is None or run.corpus is None:
            return
        self.begin, self.end = copy.state.step, copy.state.step + n_steps
        self._n_events = len(copy.state.events)
        if self._client is None:
            thread = self._session.threads.start("futures")
            self._client = WorkerClient(FuturesWorker(), thread, self)
        self._client.order(
            FuturesWorker.make,
            FuturesRequest(
                run.corpus, copy, self.knob, self._multiplied(run, copy, turns), n_steps
            ),
            refused=self._take_refusal,
            reported=partial(self._take_report, number),
            supersedes=True,
        )

    def _take_report(self, number: int, report: FuturesReport) -> None:
        if number != self._number or self.knob is None:
            return
        if not self.futures:
            self.futures = tuple(Future(self.knob, value) for value in report.values)
            self.changed.emit()
        for growth in report.grown:
            self.futures[growth.index].grow(growth)
        if report.grown:
            self.grown.emit()

    def _take_refusal(self, refusal: Refusal) -> None:
        self.clear()
        self.refused.emit(refusal.sentence)

    def _take_share(self, number: int, share: float) -> None:
        if number == self._number:
            self.approached.emit(share)

    def _take_past_refusal(self, number: int, refusal: Refusal) -> None:
        if number == self._number:
            self._take_refusal(refusal)

    @Slot()
    def clear(self) -> None:
        """Remove all futures, and make no more."""
        if self.knob is None:
            return
        self._drop()
        if self._client is not None:
            self._client.order(FuturesWorker.forget)
        self.changed.emit()

    def _drop(self) -> None:
        self._number += 1
        if self._client is not None:
            self._client.cancel(FuturesWorker.make)
        self.knob, self.futures = None, ()

    # What makes them go away

    @Slot(object)
    def _take_hyperparameters(self, hyperparameters: Hyperparameters) -> None:
        if hyperparameters != self._hyperparameters and not self.are_of_past:
            self.clear()

    @Slot(object)
    def _take_events(self, events: tuple[Event, ...]) -> None:
        if self._n_events is None or self.are_of_past:  # all of them happened before
            return
        if any(event.kind != "set end" for event in events[self._n_events :]):
            self.clear()

    @Slot(object)
    def _take_progress(self, progress: Progress) -> None:
        passed = progress.step - self.begin >= SEEN_FOR * (self.end - self.begin)
        if self.futures and passed and not self.are_of_past:
            self.clear()

    # What becomes of one

    def take(self, index: int) -> None:
        """Begin a new run with a future as its latest steps.

        It shares the past of the run shown up to the step at which the futures begin, and has the
        steps that were made since. It is paused. The run shown until now stays open as it is.
        """
        if self._client is None or not 0 <= index < len(self.futures):
            return
        self._client.cancel(FuturesWorker.make)
        self._client.order(
            FuturesWorker.copy,
            index,
            done=partial(self._show, self._number, self._session.run, self.begin),
            refused=self._take_refusal,
            supersedes=True,
        )

    def _show(self, number: int, run: Run, begin: int, future: FutureCopy) -> None:
        if number != self._number or run is not self._session.run:
            return
        curves = run.curves.up_to(begin)
        for growth in future.grown:
            curves.take(*(growth.chunk, growth.step, growth.epoch, growth.examples, growth.seconds))
        self._show_future(run, begin, future, curves)
        self.taken.emit()
