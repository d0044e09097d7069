"""The GUI thread's side of the training: orders go out, and messages come back."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal, Slot

from dinogui.common.speed import Speed
from dinogui.workers.run_copy import RunCopy
from dinogui.workers.service import Refusal, Threads, WorkerClient
from dinogui.workers.training.training_worker import TrainingWorker
from engine.training.ending import Ended, Until
from engine.training.history.run_history import RunHistory
from engine.training.messages import Divergence, RunRequest, SetHyperparameters
from engine.training.record import EventKind


class Training(QObject):
    """Sends orders to the training worker, and passes on its messages.

    Lives in the GUI thread. Orders are queued, and carried out between two slices of training.
    The worker holds runs by id. Orders without an id are about the current run: the one that was
    begun, resumed or switched to last.

    Parameters
    ----------
    threads : Threads
        It gets a thread named "training".
    parent : QObject

    Signals
    -------
    Each starts with the id of the run that it is about, which need not be the current one: a
    message may have been under way when another run took its place.

    progressed(int, Progress)
    snapshot_taken(int, Snapshot)
    log_entry_written(int, LogEntry)
    text_entry_due(int, Snapshot)
    resized(int, ResizeReport)
    change_refused(int, Hyperparameters, str)
        A change was refused, and nothing was changed: the hyperparameters in force, and why.
    backend_replaced(int, Hyperparameters, str)
        See `dinogui.workers.training.reports.TrainingReports`.
    network_replaced(int, Hyperparameters)
    recorded(int, tuple of Event)
        All events of the run's record; there is another.
    stopped(int, Divergence or Ended or None)
        Training has stopped without an order to pause, and no order has followed that changes
        this. None means that the requested steps are done.
    failed(int, str)
        An unforeseen exception has ended the run.
    """

    progressed = Signal(int, object)
    snapshot_taken = Signal(int, object)
    log_entry_written = Signal(int, object)
    text_entry_due = Signal(int, object)
    resized = Signal(int, object)
    change_refused = Signal(int, object, str)
    network_replaced = Signal(int, object)
    backend_replaced = Signal(int, object, str)
    recorded = Signal(int, object)
    stopped = Signal(int, object)
    failed = Signal(int, str)

    def __init__(self, threads: Threads, parent: QObject) -> None:
        super().__init__(parent)
        self._started_by = 0
        worker = TrainingWorker()
        self._client = WorkerClient(worker, threads.start("training"), self)
        worker.progressed.connect(self.progressed)
        worker.snapshot_taken.connect(self.snapshot_taken)
        worker.log_entry_written.connect(self.log_entry_written)
        worker.text_entry_due.connect(self.text_entry_due)
        worker.resized.connect(self.resized)
        worker.change_refused.connect(self.change_refused)
        worker.network_replaced.connect(self.network_replaced)
        worker.backend_replaced.connect(self.backend_replaced)
        worker.recorded.connect(self.recorded)
        worker.stopped.connect(self._take_stop)
        worker.failed.connect(self.failed)

    # Runs

    def history(
        self,
        run_id: int,
        done: Callable[[RunHistory], None],
        refused: Callable[[Refusal], None],
        *,
        supersedes: bool,
    ) -> None:
        """Ask for the history of a run as it is between two steps.

        Parameters
        ----------
        run_id : int
        done, refused : callable
            One of them is called with the answer.
        supersedes : bool
            Whether earlier orders that supersede others are no longer answered.
        """
        self._client.order(
            TrainingWorker.history, run_id, done=done, refused=refused, supersedes=supersedes
        )

    def begin(self, request: RunRequest) -> None:
        """Make a new run the current one; the one before stays held until `forget`."""
        self._started_by = self._client.order(TrainingWorker.begin, request)

    def resume(self, request: RunRequest, copy: RunCopy) -> None:
        """Make a run the current one that was copied before, as it was then."""
        self._started_by = self._client.order(TrainingWorker.resume, request, copy)

    def switch_to(self, run_id: int) -> None:
        """Make a run the current one that is held already."""
        self._started_by = self._client.order(TrainingWorker.switch_to, run_id)

    def forget(self, run_id: int) -> None:
        """Hold a run no longer; its memory is freed."""
        self._client.order(TrainingWorker.forget, run_id)

    def copy(
        self,
        run_id: int,
        done: Callable[[RunCopy], None],
        refused: Callable[[Refusal], None] | None = None,
    ) -> int:
        """Copy a run as it is between two steps.

        Parameters
        ----------
        run_id : int
        done : callable
            Takes the copy. All progress of the run up to then has been sent before.
        refused : callable, optional
            Takes a `Refusal` if that run no longer exists or cannot be copied.

        Returns
        -------
        number : int
            Of the order.
        """
        return self._client.order(TrainingWorker.copy, run_id, done=done, refused=refused)

    # Orders for the current run

    def train(self, until_step: int | None) -> None:
        """Train until so many steps have been made in all, or without end."""
        self._started_by = self._client.order(TrainingWorker.train, until_step)

    def pause(self) -> None:
        """Stop training."""
        self._started_by = self._client.order(TrainingWorker.pause)

    def step(self) -> None:
        """Make one step."""
        self._started_by = self._client.order(TrainingWorker.step)

    def recover(self, how: EventKind) -> None:
        """Roll back, or go on, after a divergence."""
        self._started_by = self._client.order(TrainingWorker.recover, how)

    def go_back(self, *, halve_rate: bool, trains_on: bool) -> None:
        """Continue from the last healthy network: train on from there, or pause."""
        self._started_by = self._client.order(TrainingWorker.go_back, halve_rate, trains_on)

    def undo_go_back(self) -> None:
        """Stop training, and return to the network that was left for the last healthy one."""
        self._started_by = self._client.order(TrainingWorker.undo_go_back)

    def go_to_best(self) -> None:
        """Stop training, and go back to the network with the lowest held-out loss."""
        self._started_by = self._client.order(TrainingWorker.go_to_best)

    def undo_go_to_best(self) -> None:
        """Stop training, and return to the network that was left for the best one."""
        self._started_by = self._client.order(TrainingWorker.undo_go_to_best)

    def set_until(self, until: Until) -> None:
        """Set when the run ends by itself."""
        self._client.order(TrainingWorker.set_until, until)

    def set_hyperparameters(self, wanted: SetHyperparameters) -> None:
        """Set hyperparameters before the next step."""
        self._client.order(TrainingWorker.set_hyperparameters, wanted)

    def set_speed(self, speed: Speed) -> None:
        """Train at another speed from the next step on: this run, and all others."""
        self._client.order(TrainingWorker.set_speed, speed)

    def give_way(self, milliseconds: int) -> None:
        """Make no step for so long; 0 ends this. See `SlicedTraining.give_way`."""
        self._client.order(TrainingWorker.give_way, milliseconds)

    def measure_updates(self, on: bool) -> None:
        """Choose whether snapshots carry the size of the latest update, which costs time."""
        self._client.order(TrainingWorker.measure_updates, on)

    @Slot(int, int, object)
    def _take_stop(self, run_id: int, started_by: int, outcome: Divergence | Ended | None) -> None:
        if started_by == self._started_by:
            self.stopped.emit(run_id, outcome)
