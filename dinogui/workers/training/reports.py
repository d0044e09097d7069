"""What the other threads are told of the current run: progress, snapshots, log entries."""

import math
import time
from dataclasses import dataclass, field, replace

from PySide6.QtCore import Signal

from dinogui.workers.service import Worker
from dinogui.workers.training.step_pace import StepPace
from dinogui.workers.training.step_rate import StepRate
from engine.data.corpus import Corpus
from engine.sampling.log_entries import name_log_entry
from engine.training.messages import Chunk, Progress, SetHyperparameters
from engine.training.trainer import Trainer


@dataclass(eq=False)
class HeldRun:
    """A run that the worker holds: its trainer, and what has not been done or sent yet."""

    run_id: int
    trainer: Trainer
    seconds: float = 0.0
    wanted: SetHyperparameters | None = None
    chunks: list[Chunk] = field(default_factory=list)
    told_events: int = 0


class TrainingReports(Worker):
    """Sends messages about the current run.

    Lives in the training thread. Every message starts with the id of the run that it is about.

    Attributes
    ----------
    run_id : int
        Of the current run, or of the one that an error has ended.

    Signals
    -------
    progressed(int, Progress)
        Some 21 a second, with every loss since the last; at a slow speed, after each step.
    snapshot_taken(int, Snapshot)
        At most 5 a second while training, at a slow speed after each step, and after every other
        change of the network.
    log_entry_written(int, LogEntry)
        After the steps that the course logs, with names that the network has written.
    text_entry_due(int, Snapshot)
        The same for a text. Another worker writes the entry, as that takes longer.
    resized(int, ResizeReport)
    change_refused(int, Hyperparameters, str)
        A change was refused, and nothing was changed: the hyperparameters in force, and why.
    network_replaced(int, Hyperparameters)
        The run has gone back to an earlier network, or this was undone; the widths may be others.
    backend_replaced(int, Hyperparameters, str)
        The run goes on with another backend, as its own is not ready here: the hyperparameters in
        force, and sentences that say so.
    recorded(int, tuple of Event)
        All events of the run's record; there is another.
    stopped(int, int, Divergence or Ended or None)
        Training has stopped without an order to pause. The second number is that of the order
        that started it. None means that the requested steps are done.
    failed(int, str)
        An unforeseen exception has ended the run. The sentence says which.
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
    stopped = Signal(int, int, object)
    failed = Signal(int, str)

    task = "The training"

    def __init__(self) -> None:
        super().__init__()
        self.run_id = 0
        self._run: HeldRun | None = None
        self._rate = StepRate()
        self._pace = StepPace()
        self._progress_at = self._snapshot_at = -math.inf
        self._update_ratios: dict[str, float] | None = None

    def _send_progress(self) -> None:
        run = self._run
        if run is None or not run.chunks:
            return
        trainer = run.trainer
        self._send_events(run)
        progress = Progress(
            step=trainer.step,
            epoch=trainer.epoch,
            chunk=Chunk.join(run.chunks),
            seconds=run.seconds,
            steps_per_second=self._steps_per_second(run),
            smoothed_loss=trainer.smoothed_loss,
            smoothed_characters=trainer.smoothed_characters,
            rise=trainer.rise,
            spikes=trainer.spikes,
            decay_epoch=trainer.decay_epoch,
            examples=trainer.learner.loader.taken,
            hyperparameters=trainer.hyperparameters,
            held_out=trainer.held_out_trend,
            is_loss_met=trainer.is_loss_met,
        )
        run.chunks.clear()
        self._progress_at = time.perf_counter()
        self.progressed.emit(run.run_id, progress)

    def _send_events(self, run: HeldRun) -> None:
        n_events = run.trainer.n_events
        if n_events != run.told_events:
            run.told_events = n_events
            self.recorded.emit(run.run_id, run.trainer.record.events)

    def _steps_per_second(self, run: HeldRun) -> float:
        """Return the rate, which a slow speed bounds: its first steps say little about it."""
        measured, most = self._rate.at(run.seconds, run.trainer.step), self._pace.speed.value
        return measured if most is None else min(measured, most)

    def _send_snapshot(self) -> None:
        # Parameters that are not finite write no names: the receivers keep the last good ones.
        run = self._run
        if run is not None and run.trainer.parameters.is_finite():
            self._snapshot_at = time.perf_counter()
            snapshot = replace(run.trainer.snapshot(), update_ratios=self._update_ratios)
            self._update_ratios = None  # they belong to the latest step only
            self.snapshot_taken.emit(run.run_id, snapshot)

    def _log_entry(self, trainer: Trainer) -> None:
        """Have the log entry written that the course prints at this step."""
        if not isinstance(trainer.corpus, Corpus) and trainer.settings.task == "write":
            self.text_entry_due.emit(self.run_id, trainer.snapshot())
        elif (entry := name_log_entry(trainer)) is not None:
            self.log_entry_written.emit(self.run_id, entry)

    def _tell_refused(self, run: HeldRun, error: ValueError) -> None:
        self.change_refused.emit(run.run_id, run.trainer.hyperparameters, str(error))
