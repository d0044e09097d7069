"""Looking back: the panels show an earlier step of the run."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
from PySide6.QtCore import QElapsedTimer, QObject, Signal, Slot

from dinogui.session.run import Run
from dinogui.session.training import Training
from dinogui.workers.past_worker import PastMoment, PastWorker
from dinogui.workers.run_copy import RunCopy
from dinogui.workers.service import Refusal, Threads, WorkerClient
from engine.training.curves.axis_quantity import AxisQuantity
from engine.training.history.run_history import RunHistory

PATIENCE_MILLISECONDS = 300
"""A step that takes longer to reach is given up for one that was asked for later."""


class LookingBack(QObject):
    """Shows the run as it was at an earlier step. The training goes on, or stands, as it was.

    Lives in the GUI thread; the thread of the past has the work. Of several steps that were asked
    for, the latest counts. The one that is on its way is still shown if it takes no longer than
    `PATIENCE_MILLISECONDS`, so that something is seen while the play-head is dragged.

    Parameters
    ----------
    shown : callable
        Returns the run shown.
    training : Training
        Knows the history of each run.
    threads : Threads
        It gets a thread named "past" when somebody first looks back.
    parent : QObject

    Attributes
    ----------
    step : int or None
        The step that was asked for; None while the present is shown.
    moment : PastMoment or None
        What is shown of it; None until it has been reached.

    Signals
    -------
    asked()
        `step` has changed.
    reached()
        `moment` has changed: there is another, or the present is shown again.
    advanced(float)
        The share of the way to the step that is done.
    refused(str)
        A sentence says why the step cannot be shown.
    """

    asked = Signal()
    reached = Signal()
    advanced = Signal(float)
    refused = Signal(str)

    def __init__(
        self, shown: Callable[[], Run], training: Training, threads: Threads, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._shown, self._training, self._threads = shown, training, threads
        self._client: WorkerClient | None = None
        self.step: int | None = None
        self.moment: PastMoment | None = None
        self._number = 0  # of the latest order
        self._sought: int | None = None  # the step that is on its way
        self._answered: int | None = None  # the step that `moment` was asked for
        self._since = QElapsedTimer()
        self._is_held = False

    @property
    def _worker(self) -> WorkerClient:
        if self._client is None:
            self._client = WorkerClient(PastWorker(), self._threads.start("past"), self)
        return self._client

    @property
    def is_on(self) -> bool:
        """Whether an earlier step was asked for."""
        return self.step is not None

    @property
    def is_reached(self) -> bool:
        """Whether what was asked for is shown.

        It is the step itself, or the nearest one before it if that cannot be reached again.
        """
        return self.moment is not None and self._answered == self.step

    def hold(self, is_held: bool) -> None:
        """Show the present until this is taken back."""
        self._is_held = is_held
        if is_held:
            self.leave()

    def look(self, step: int) -> None:
        """Show the run as it was after a step. From the last step on, that is the present."""
        run = self._shown()
        if run.corpus is None or self._is_held:
            return
        step = max(step, 0)
        if step >= run.steps_made:
            self.leave()
        elif step != self.step:
            self.step = step
            self.asked.emit()
            self._seek()

    def _seek(self) -> None:
        """Order the step that was asked for, unless another one will soon be reached."""
        step = self.step
        if step is None or step == self._sought:
            return
        if self._sought is not None and self._since.elapsed() < PATIENCE_MILLISECONDS:
            return
        run = self._shown()
        self._number += 1
        self._sought = step
        self._since.start()
        self._training.history(
            run.id,
            partial(self._reach, run, step, self._number),
            self._take_refusal,
            supersedes=True,
        )

    @Slot()
    def look_at_best(self) -> None:
        """Show the network with the lowest held-out loss, if one was measured."""
        progress = self._shown().progress
        if progress is not None and progress.held_out is not None:
            self.look(progress.held_out.best.step)

    @Slot()
    def leave(self) -> None:
        """Show the present again."""
        if self._client is not None:
            self._client.cancel(PastWorker.look)
        self._number += 1
        self._sought = None
        was_on, had_moment = self.is_on, self.moment is not None
        self.step = self.moment = self._answered = None
        if was_on:
            self.asked.emit()
        if had_moment:
            self.reached.emit()

    def copy(
        self,
        run: Run,
        step: int,
        done: Callable[[RunCopy], None],
        refused: Callable[[Refusal], None] | None = None,
        advanced: Callable[[float], None] | None = None,
    ) -> None:
        """Reach a step of a run, so that training can go on from there.

        Parameters
        ----------
        run : Run
        step : int
        done : callable
            Takes the copy.
        refused : callable, optional
            Takes the reason why there is none. If absent, the present is shown, and `refused` says
            why.
        advanced : callable, optional
            Takes the share of the way that is done. If absent, `advanced` says it.
        """
        refuse = self._take_refusal if refused is None else refused
        report = self.advanced.emit if advanced is None else advanced
        reach = partial(self._copy, run, step, done, refuse, report)
        self._training.history(run.id, reach, refuse, supersedes=False)

    def _copy(
        self,
        run: Run,
        step: int,
        done: Callable[[RunCopy], None],
        refused: Callable[[Refusal], None],
        advanced: Callable[[float], None],
        history: RunHistory,
    ) -> None:
        if run.corpus is None:
            return
        seconds = run.curves.clock.amounts(AxisQuantity.TIME, np.array([step]))
        self._worker.order(
            PastWorker.copy,
            history,
            run.corpus,
            min(step, history.step),
            float(seconds[0]),
            done=done,
            refused=refused,
            reported=advanced,
            supersedes=True,
        )

    def _reach(self, run: Run, step: int, number: int, history: RunHistory) -> None:
        if run is not self._shown() or number != self._number or run.corpus is None:
            return
        self._worker.order(
            PastWorker.look,
            run.id,
            history,
            run.corpus,
            min(step, history.step),
            done=partial(self._take_moment, step),
            refused=self._take_refusal,
            reported=self._report,
            supersedes=True,
        )

    def _report(self, share: float) -> None:
        # Whoever has asked for another step meanwhile waits no longer for this one.
        self._seek()
        self.advanced.emit(share)

    def _take_moment(self, step: int, moment: PastMoment) -> None:
        if step == self._sought:
            self._sought = None
        if moment.run_id == self._shown().id and self.is_on:
            self.moment, self._answered = moment, step
            self.reached.emit()
        if step != self.step:
            self._seek()

    def _take_refusal(self, refusal: Refusal) -> None:
        self.leave()
        self.refused.emit(refusal.sentence)
