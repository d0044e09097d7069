"""The GUI thread's end of the training thread: orders out, what came of them back."""

import logging
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal, Slot

from dinogui.workers.run_copy import RunCopy
from dinogui.workers.threads import named_thread, wait_for_end
from dinogui.workers.training_worker import TrainingWorker
from engine.training.messages import (
    Divergence,
    LogEntry,
    Progress,
    ResizeReport,
    RunRequest,
    SetHyperparameters,
    Snapshot,
)
from engine.training.record import EventKind

_log = logging.getLogger(__name__)


class Training(QObject):
    """Hands orders to the worker, and leaves out what it still says of earlier runs.

    Lives in the GUI thread. Orders are queued, and carried out between two slices of training.

    Attributes
    ----------
    generation : int
        The number of the present run among all that there were.

    Signals
    -------
    progressed(Progress)
    late_progressed(int, Progress)
        Of an earlier run, which its generation tells: what was still on its way.
    snapshot_taken(Snapshot)
    log_entry_written(LogEntry)
    text_entry_due(Snapshot)
    resized(ResizeReport)
    copied(int, RunCopy or None)
        The number of the order to copy, and the run; None where an error has ended it.
    stopped(Divergence or None)
        Training has stopped by itself, as no later order has asked for; None means that the steps
        asked for are made.
    failed(str)
        An exception that nobody expected; the run is over.
    """

    progressed = Signal(object)
    late_progressed = Signal(int, object)
    snapshot_taken = Signal(object)
    log_entry_written = Signal(object)
    text_entry_due = Signal(object)
    resized = Signal(object)
    copied = Signal(int, object)
    stopped = Signal(object)
    failed = Signal(str)

    _begin = Signal(object, bool)
    _resume = Signal(object, object, bool)
    _exchange = Signal(int)
    _copy = Signal(int)
    _recover = Signal(int, str)
    _train = Signal(int, object)
    _step = Signal(int)
    _pause = Signal(int)
    _turn = Signal(object)
    _measure_updates = Signal(bool)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.run_id = 0
        self._order = 0
        self._worker = TrainingWorker()
        self._thread = named_thread("training", self)
        self._worker.moveToThread(self._thread)
        self._connect_orders()
        self._connect_answers()
        self._thread.start()

    def _connect_orders(self) -> None:
        worker = self._worker
        # Emitted by the thread itself as it ends: timers may be stopped in their own thread only.
        self._thread.finished.connect(worker.end, Qt.ConnectionType.DirectConnection)
        self._begin.connect(worker.begin)
        self._resume.connect(worker.resume)
        self._exchange.connect(worker.exchange)
        self._copy.connect(worker.copy)
        self._recover.connect(worker.recover)
        self._train.connect(worker.train)
        self._step.connect(worker.step)
        self._pause.connect(worker.pause)
        self._turn.connect(worker.set_hyperparameters)
        self._measure_updates.connect(worker.measure_updates)

    def _connect_answers(self) -> None:
        worker = self._worker
        worker.progressed.connect(self._take_progress)
        worker.snapshot_taken.connect(self._take_snapshot)
        worker.log_entry_written.connect(self._take_log_entry)
        worker.text_entry_due.connect(self._take_text_entry)
        worker.resized.connect(self._take_resize)
        worker.copied.connect(self.copied)
        worker.stopped.connect(self._take_stop)
        worker.failed.connect(self._take_failure)

    # Orders

    def begin(self, request: RunRequest, *, keeps: bool) -> None:
        """Begin a run, and keep the one there is to be gone back to, or drop it."""
        self._begin.emit(request, keeps)

    def resume(self, request: RunRequest, copy: RunCopy, *, keeps: bool) -> None:
        """Make ready to go on with a run that was copied, and keep or drop the one there is."""
        self._resume.emit(request, copy, keeps)

    def exchange(self) -> None:
        """Go on with the run that was kept, under the present generation, and keep the other."""
        self._exchange.emit(self.run_id)

    def copy(self, number: int) -> None:
        """Copy the run as it is between two steps; `copied` brings it."""
        self._copy.emit(number)

    def train(self, until_step: int | None) -> None:
        """Train until so many steps are made in all, or without end."""
        self._train.emit(self._next_order(), until_step)

    def pause(self) -> None:
        """Stop training."""
        self._pause.emit(self._next_order())

    def step(self) -> None:
        """Make one step."""
        self._step.emit(self._next_order())

    def recover(self, how: EventKind) -> None:
        """Go back, or go on, after a divergence."""
        self._recover.emit(self._next_order(), how)

    def set_hyperparameters(self, set_hyperparameters: SetHyperparameters) -> None:
        """Set knobs, before the next step."""
        self._turn.emit(set_hyperparameters)

    def measure_updates(self, on: bool) -> None:
        """Let snapshots come with how far the latest step went, or spare the work."""
        self._measure_updates.emit(on)

    def _next_order(self) -> int:
        """Return the number of another order, by which the answer to an earlier one is known."""
        self._order += 1
        return self._order

    def stop(self) -> None:
        """End the thread, after the slice that is being trained; `close` waits for it."""
        self._thread.quit()

    def close(self, milliseconds: int) -> None:
        """End the thread, and wait for it, but no longer than that."""
        self.stop()
        wait_for_end(self._thread, milliseconds)

    @property
    def has_ended(self) -> bool:
        """Whether the thread is at an end."""
        return self._thread.isFinished()

    # Answers

    def _pass_on(self, signal: Any, run_id: int, message: object) -> None:
        if run_id == self.run_id:
            signal.emit(message)

    @Slot(int, object)
    def _take_progress(self, run_id: int, progress: Progress) -> None:
        if run_id == self.run_id:
            self.progressed.emit(progress)
        else:
            self.late_progressed.emit(run_id, progress)

    @Slot(int, object)
    def _take_snapshot(self, run_id: int, snapshot: Snapshot) -> None:
        self._pass_on(self.snapshot_taken, run_id, snapshot)

    @Slot(int, object)
    def _take_log_entry(self, run_id: int, entry: LogEntry) -> None:
        self._pass_on(self.log_entry_written, run_id, entry)

    @Slot(int, object)
    def _take_text_entry(self, run_id: int, snapshot: Snapshot) -> None:
        self._pass_on(self.text_entry_due, run_id, snapshot)

    @Slot(int, object)
    def _take_resize(self, run_id: int, report: ResizeReport) -> None:
        self._pass_on(self.resized, run_id, report)

    @Slot(int, int, object)
    def _take_stop(self, run_id: int, order: int, divergence: Divergence | None) -> None:
        if order == self._order:
            self._pass_on(self.stopped, run_id, divergence)

    @Slot(int, str)
    def _take_failure(self, run_id: int, message: str) -> None:
        self._pass_on(self.failed, run_id, message)
