"""The worker that trains: it runs the trainer of one run at a time, slice by slice."""

import logging
import math
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace

from PySide6.QtCore import Signal

from dinogui.startup.shared_processor import SharedProcessor
from dinogui.workers.batch_helper import BatchHelper
from dinogui.workers.run_copy import RunCopy
from dinogui.workers.service import Order, RefusedError, Worker
from dinogui.workers.step_rate import StepRate
from engine.data.corpus import Corpus
from engine.nn.memory import explain_memory_error
from engine.sampling.names import logged_names
from engine.training.ending import Ended, Until
from engine.training.messages import (
    Chunk,
    Divergence,
    LogEntry,
    Progress,
    RunRequest,
    SetHyperparameters,
)
from engine.training.record import EventKind
from engine.training.trainer import Trainer

SLICE_SECONDS = 0.0236
"""Length of a slice of training: short enough for an order to wait, long enough to cost nothing."""

PROGRESS_SECONDS = 2 * SLICE_SECONDS
"""From one `Progress` to the next: more than 20 a second, each of which the plot draws."""
SNAPSHOT_SECONDS = 1 / 5

_MANY_STEPS = 1_000_000_000
_log = logging.getLogger(__name__)


@dataclass(eq=False)
class _HeldRun:
    """A run that the worker holds: its trainer, and what has not been done or sent yet."""

    run_id: int
    trainer: Trainer
    seconds: float = 0.0
    wanted: SetHyperparameters | None = None
    chunks: list[Chunk] = field(default_factory=list)


class TrainingWorker(Worker):
    """Holds runs by id, and trains one of them in slices, between which it takes orders.

    Lives in the training thread. The run that was begun, resumed or switched to last is the
    current one; the others wait. Every message starts with the id of the run that it is about.

    Signals
    -------
    progressed(int, Progress)
        Some 21 a second, with every loss since the last.
    snapshot_taken(int, Snapshot)
        At most 5 a second while training, and after every other change of the network.
    log_entry_written(int, LogEntry)
        After the steps that the course logs, with names that the network has written.
    text_entry_due(int, Snapshot)
        The same for a text. Another worker writes the entry, as that takes longer.
    resized(int, ResizeReport)
    change_refused(int, Hyperparameters, str)
        A change was refused, and nothing was changed: the hyperparameters in force, and why.
    network_replaced(int, Hyperparameters)
        The run has gone back to an earlier network, or this was undone; the widths may be others.
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
    stopped = Signal(int, int, object)
    failed = Signal(int, str)

    task = "The training"

    def __init__(self) -> None:
        super().__init__()
        self.run_id = 0
        self._runs: dict[int, _HeldRun] = {}
        self._run: _HeldRun | None = None
        self._started_by = 0
        self._goal: int | None = None
        self._rate = StepRate()
        self._progress_at = self._snapshot_at = -math.inf
        self._measures_updates = False
        self._update_ratios: dict[str, float] | None = None
        self._processor = SharedProcessor()  # with the GUI thread, which makes this
        self._helper = BatchHelper()
        # An interval of zero fires when all that was queued has been done: so orders come first.
        self._slices = self.timer(TrainingWorker._train_a_slice)
        self._setting = self.timer(TrainingWorker._apply_wanted, single_shot=True)

    # Runs

    def begin(self, request: RunRequest) -> None:
        """Make a new run the current one."""
        self._leave_run(request.run_id)
        what = request.corpus, request.hyperparameters, request.recipe, request.settings
        trainer = Trainer(*what, helper=self._helper, until=request.until)
        self._enter(_HeldRun(request.run_id, trainer))

    def resume(self, request: RunRequest, copy: RunCopy) -> None:
        """Make a run the current one that was copied before."""
        self._leave_run(request.run_id)
        trainer = Trainer.restored(request.corpus, copy.state, self._helper)
        self._enter(_HeldRun(request.run_id, trainer, copy.seconds))

    def switch_to(self, run_id: int) -> None:
        """Make a run the current one that is held already."""
        self._leave_run(run_id)
        if run_id not in self._runs:
            raise RuntimeError(f"there is no run {run_id}")
        self._enter(self._runs[run_id])

    def forget(self, run_id: int) -> None:
        """Hold a run no longer, and stop it if it is the current one."""
        if self._runs.pop(run_id, None) is self._run and self._run is not None:
            self.halt()
            self._run = None

    def _leave_run(self, next_id: int) -> None:
        """Stop the current run, which stays held; the next one answers for itself from now on."""
        self.halt()
        self._send_progress()
        self.run_id, self._run = next_id, None
        self._started_by = self.order.number
        self._progress_at = self._snapshot_at = -math.inf
        self._update_ratios = None

    def _enter(self, run: _HeldRun) -> None:
        """Make a run the current one, and report its state."""
        trainer = run.trainer
        self._run = self._runs[run.run_id] = run
        self._rate = StepRate(run.seconds, trainer.step)
        # A chunk of no steps, so that there is something to send in any case.
        run.chunks.append(trainer.opening())
        self._apply_wanted()
        self._send_progress()
        self._send_snapshot()
        outcome = trainer.divergence or trainer.ended
        if outcome is not None:
            self._stop_because(outcome)

    def copy(self, run_id: int) -> RunCopy:
        """Return a copy of a run; all its losses are sent before.

        The current run takes on the hyperparameters that wait first. Those of another run go on
        waiting until it is switched to.

        Raises
        ------
        RefusedError
            If the run is not held, or cannot be copied. It goes on in any case.
        """
        run = self._runs.get(run_id)
        if run is None:
            raise RefusedError("The training was stopped by an error, so there is no run to save.")
        if run is self._run:
            self._apply_wanted()
            self._send_progress()
        try:
            return RunCopy(run.trainer.state(), run.seconds)
        except Exception as error:  # nothing was changed, so training can go on
            _log.exception("Copying the run failed.")
            raise RefusedError(
                f"The run could not be copied ({type(error).__name__}: {error}), so it is not "
                "saved. Help > Show log file has the details."
            ) from error

    # Training

    def recover(self, how: EventKind) -> None:
        """Go on after a divergence; for "roll back", only restore the last good network."""
        self._started_by = self.order.number
        self._apply_wanted()
        if self._run is None:
            return
        trainer = self._run.trainer
        divergence = trainer.divergence
        if divergence is None:
            return
        if how == "go on" and not divergence.can_go_on:
            # The network was resized after the question was asked.
            self._stop_because(divergence)
            return
        try:
            if how == "go on":
                trainer.go_on()
            else:
                trainer.roll_back(halve_rate=how != "roll back")
        except ValueError as error:  # the record is full, and nothing was changed
            self._tell_refused(self._run, error)
            self._stop_because(divergence)
            return
        if how == "go on":
            self._send_snapshot()
        if how != "roll back":
            self._start(None)

    def go_back(self, halve_rate: bool, trains_on: bool) -> None:
        """Continue from the last healthy network: train on from there, or pause."""
        self._started_by = self.order.number
        self._apply_wanted()
        run = self._run
        if run is None:
            return
        try:
            run.trainer.go_back(halve_rate=halve_rate)
        except ValueError as error:  # the record is full, and nothing was changed
            self._tell_refused(run, error)
        else:
            self.network_replaced.emit(run.run_id, run.trainer.hyperparameters)
        run.chunks.append(run.trainer.opening())  # there is something to send in any case
        if trains_on:
            self._start(self._goal)
        else:
            self._stop()

    def undo_go_back(self) -> None:
        """Pause, and return to the network that `go_back` has left, if it is still known."""
        if self._run is not None and self._run.trainer.can_undo_go_back:
            self._replace_network(Trainer.undo_go_back)

    def go_to_best(self) -> None:
        """Pause, and go back to the network with the lowest held-out loss."""
        self._replace_network(Trainer.go_to_best)

    def undo_go_to_best(self) -> None:
        """Pause, and return to the network that `go_to_best` has left, if it is still known."""
        if self._run is not None and self._run.trainer.can_undo_go_to_best:
            self._replace_network(Trainer.undo_go_to_best)

    def _replace_network(self, replace_it: Callable[[Trainer], None]) -> None:
        self.pause()
        run = self._run
        if run is None:
            return
        events = len(run.trainer.record.events)
        try:
            replace_it(run.trainer)
        except ValueError as error:  # the record is full, and nothing was changed
            self._tell_refused(run, error)
        if len(run.trainer.record.events) > events:
            run.chunks.append(run.trainer.opening())
            self.network_replaced.emit(run.run_id, run.trainer.hyperparameters)
            self._send_progress()
            self._send_snapshot()

    def set_until(self, until: Until) -> None:
        """Set when the run ends by itself."""
        run = self._run
        if run is None:
            return
        try:
            run.trainer.set_until(until)
        except ValueError as error:  # the record is full, and nothing was changed
            self._tell_refused(run, error)

    def train(self, goal: int | None) -> None:
        """Train until `goal` steps have been made in all, or without end if it is None."""
        self._started_by = self.order.number
        if self._run is not None:
            self._start(goal)

    def _start(self, goal: int | None) -> None:
        self._goal = goal
        self._processor.begin()
        self._slices.start(0)

    def step(self) -> None:
        """Make one step at once: as many steps as there are orders."""
        self._started_by = self.order.number
        self._apply_wanted()
        if self._run is not None:
            self._make_step(self._run)
            self._send_progress()
            self._send_snapshot()

    def pause(self) -> None:
        """Stop training, and send what has not been sent."""
        self._started_by = self.order.number
        self._apply_wanted()
        if self._slices.isActive():
            self._stop()

    def set_hyperparameters(self, wanted: SetHyperparameters) -> None:
        """Let other hyperparameters take effect before the next step.

        Of several in one undo group the latest counts. Before one that undoes a change, the change
        itself takes effect.
        """
        run = self._run
        if run is None:
            return
        waiting = run.wanted
        if waiting is not None and (
            wanted.undo or waiting.undo or wanted.undo_group != waiting.undo_group
        ):
            self._apply_wanted()
        run.wanted = wanted
        if not self._slices.isActive():
            self._setting.start(0)

    def measure_updates(self, on: bool) -> None:
        """Choose whether each snapshot carries the size of the latest update."""
        self._measures_updates = on

    def halt(self) -> None:
        """Stop without a message."""
        super().halt()
        self._processor.end()

    def recover_from(self, error: Exception, order: Order | None) -> None:
        """End the current run: nobody knows what state it is in."""
        self.halt()
        self._runs.pop(self.run_id, None)
        self._run = None
        if isinstance(error, MemoryError):
            message = f"Training has stopped. {explain_memory_error(error)}"
        else:
            message = f"Training was stopped by an error ({type(error).__name__}: {error})."
        self.failed.emit(self.run_id, message)

    def end(self) -> None:
        """Stop for good, and end the helper's thread."""
        super().end()
        self._helper.end()

    def _train_a_slice(self) -> None:
        run = self._run
        if run is None:
            return
        self._apply_wanted()
        trainer = run.trainer
        left = _MANY_STEPS if self._goal is None else self._goal - trainer.step
        if left > 0 and self._slices.isActive():
            left -= self._make_steps(run, left)
        if not self._slices.isActive():  # it has diverged or ended
            return
        if left <= 0:
            self._stop()
            self.stopped.emit(run.run_id, self._started_by, None)
            return
        now = time.perf_counter()
        if now - self._progress_at >= PROGRESS_SECONDS:
            self._send_progress()
        if now - self._snapshot_at >= SNAPSHOT_SECONDS:
            if self._measures_updates:
                self._make_step(run)
            self._send_snapshot()

    def _make_steps(self, run: _HeldRun, steps: int) -> int:
        """Train for a slice, act on the outcome, and return the number of steps made."""
        trainer = run.trainer
        start = time.perf_counter()
        # No longer than until the next `Progress` is due: the window's frames keep their pace.
        to_progress = max(self._progress_at + PROGRESS_SECONDS - start, 0.0)
        chunk = trainer.run(steps, min(SLICE_SECONDS, to_progress), run.seconds)
        run.seconds += time.perf_counter() - start
        run.chunks.append(chunk)
        if trainer.divergence is None and len(chunk) and trainer.is_at_log_entry:
            self._log_entry(trainer)
        if trainer.divergence is not None:
            self._find_diverged(trainer)
        elif trainer.ended is not None:
            self._stop_because(trainer.ended)
        return len(chunk)

    def _log_entry(self, trainer: Trainer) -> None:
        """Have the log entry written that the course prints at this step."""
        if not isinstance(trainer.corpus, Corpus):
            self.text_entry_due.emit(self.run_id, trainer.snapshot())
        elif trainer.smoothed_loss is not None:
            names = logged_names(
                trainer.parameters,
                trainer.vocabulary,
                is_legacy=trainer.recipe.is_legacy,
                seed=trainer.step,
            )
            entry = LogEntry(trainer.step - 1, trainer.smoothed_loss, tuple(names))
            self.log_entry_written.emit(self.run_id, entry)

    def _make_step(self, run: _HeldRun) -> None:
        """Make one step, and measure its update if that is wanted."""
        trainer = run.trainer
        before = trainer.parameters.copy() if self._measures_updates else None
        self._make_steps(run, 1)
        after = trainer.parameters
        if before is not None and trainer.divergence is None:
            # Imported here, so that a start does not pay for what few ask for.
            from engine.insight import update_ratios

            self._update_ratios = update_ratios(before, after)

    def _apply_wanted(self) -> None:
        """Put into force the hyperparameters that wait, if there are any."""
        run = self._run
        if run is None or run.wanted is None:
            return
        wanted, run.wanted = run.wanted, None
        divergence, before = run.trainer.divergence, run.trainer.hyperparameters
        try:
            report = run.trainer.set_hyperparameters(
                wanted.hyperparameters,
                wanted.undo_group,
                undo=wanted.undo,
                sets_rate=wanted.sets_rate,
            )
        except ValueError as error:  # nothing was changed
            self._tell_refused(run, error)
            return
        if report is not None:
            self.resized.emit(run.run_id, report)
            self._send_snapshot()
        if wanted.sets_rate or wanted.hyperparameters.rate_settings != before.rate_settings:
            # The learning rate falls from another place, which only the trainer knows.
            run.chunks.append(run.trainer.opening())
            if not self._slices.isActive():
                self._send_progress()
        found = run.trainer.divergence
        if found is not None and found is not divergence:
            self._find_diverged(run.trainer)

    def _find_diverged(self, trainer: Trainer) -> None:
        """Stop a run that has just diverged, at a network from before its loss went up."""
        if trainer.has_healthier:
            with suppress(ValueError):  # the record is full: the last good network has to do
                trainer.go_back()
                self.network_replaced.emit(self.run_id, trainer.hyperparameters)
        if trainer.divergence is not None:
            self._stop_because(trainer.divergence)

    def _tell_refused(self, run: _HeldRun, error: ValueError) -> None:
        self.change_refused.emit(run.run_id, run.trainer.hyperparameters, str(error))

    def _stop_because(self, outcome: Divergence | Ended) -> None:
        self._stop()
        self.stopped.emit(self.run_id, self._started_by, outcome)

    def _stop(self) -> None:
        self.halt()
        self._send_progress()
        self._send_snapshot()

    # Messages

    def _send_progress(self) -> None:
        run = self._run
        if run is None or not run.chunks:
            return
        trainer = run.trainer
        progress = Progress(
            step=trainer.step,
            epoch=trainer.epoch,
            chunk=Chunk.join(run.chunks),
            seconds=run.seconds,
            steps_per_second=self._rate.at(run.seconds, trainer.step),
            smoothed_loss=trainer.smoothed_loss,
            smoothed_characters=trainer.smoothed_characters,
            rise=trainer.rise,
            spikes=trainer.spikes,
            decay_epoch=trainer.decay_epoch,
            hyperparameters=trainer.hyperparameters,
            held_out=trainer.held_out_trend,
        )
        run.chunks.clear()
        self._progress_at = time.perf_counter()
        self.progressed.emit(run.run_id, progress)

    def _send_snapshot(self) -> None:
        # Parameters that are not finite write no names: the receivers keep the last good ones.
        run = self._run
        if run is not None and run.trainer.parameters.is_finite():
            self._snapshot_at = time.perf_counter()
            snapshot = replace(run.trainer.snapshot(), update_ratios=self._update_ratios)
            self._update_ratios = None  # they belong to the latest step only
            self.snapshot_taken.emit(run.run_id, snapshot)
