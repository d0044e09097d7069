"""The worker: it lives in a thread of its own and runs the trainer there, a slice at a time."""

import logging
import math
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import wraps

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from dinogui.startup.shared_processor import SharedProcessor
from dinogui.workers.batch_helper import BatchHelper
from dinogui.workers.run_copy import RunCopy
from dinogui.workers.step_rate import StepRate
from engine.data.corpus import Corpus
from engine.sampling.names import logged_names
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
"""A slice of training: short enough for an order to wait, long enough to cost nothing."""

PROGRESS_SECONDS = 2 * SLICE_SECONDS
"""More than 20 a second, with which the plot draws its frames."""
SNAPSHOT_SECONDS = 1 / 5

_MANY_STEPS = 1_000_000_000
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _ParkedTraining:
    """A run that stands aside: its trainer, and what was not done or sent yet."""

    trainer: Trainer
    wanted: SetHyperparameters | None
    chunks: tuple[Chunk, ...]
    seconds: float


def _reported(slot: Callable[..., None]) -> Callable[..., None]:
    """Turn an exception that a slot lets out into the `failed` signal: the one catch there is."""

    @wraps(slot)
    def run(self: "TrainingWorker", *arguments: object) -> None:
        try:
            slot(self, *arguments)
        except Exception as error:
            _log.exception("The training failed.")
            self.halt()
            self._trainer = None
            self.failed.emit(self.run_id, f"{type(error).__name__}: {error}")

    return run


class TrainingWorker(QObject):
    """Runs a `Trainer` in slices, between which it takes orders.

    Lives in the worker thread; its slots are reached by queued signals only. Every signal begins
    with the generation of the run it speaks of.

    Signals
    -------
    progressed(int, Progress)
        Some 21 a second, with every loss since the last.
    snapshot_taken(int, Snapshot)
        At most 5 a second while training, and after whatever changed the network otherwise.
    log_entry_written(int, LogEntry)
        After the steps that the course logs, with the names that the network writes.
    text_entry_due(int, Snapshot)
        The same for a text, which is written elsewhere, as it takes its time.
    resized(int, ResizeReport)
    stopped(int, int, Divergence or None)
        Training has stopped by itself: the order it followed, and why; None means that the steps
        asked for are made.
    copied(int, RunCopy or None)
        What was ordered under a number; None if there is no run. All losses were sent before.
    failed(int, str)
        An exception that nobody expected; the run is over.
    """

    progressed = Signal(int, object)
    snapshot_taken = Signal(int, object)
    log_entry_written = Signal(int, object)
    text_entry_due = Signal(int, object)
    resized = Signal(int, object)
    stopped = Signal(int, int, object)
    copied = Signal(int, object)
    failed = Signal(int, str)

    def __init__(self) -> None:
        super().__init__()
        self.run_id = 0
        self._trainer: Trainer | None = None
        self._order = 0
        self._goal: int | None = None
        self._wanted: SetHyperparameters | None = None
        self._kept: _ParkedTraining | None = None
        self._chunks: list[Chunk] = []
        self._seconds = 0.0
        self._rate = StepRate()
        self._progress_at = self._snapshot_at = -math.inf
        self._measures_updates = False
        self._update_ratios: dict[str, float] | None = None
        self._processor = SharedProcessor()  # with the GUI thread, which makes this
        self._helper = BatchHelper()
        # An interval of zero fires when all that was queued has been done: so orders come first.
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._train_a_slice)
        self._turning = QTimer(self, singleShot=True)
        self._turning.timeout.connect(self._turn)

    @Slot(object, bool)
    @_reported
    def begin(self, request: RunRequest, keeps: bool) -> None:
        """Make ready for another run, and keep the one there is or drop it."""
        self._make_room(request.run_id, keeps=keeps)
        what = request.corpus, request.hyperparameters, request.recipe, request.settings
        self._go_on_with(Trainer(*what, helper=self._helper))

    @Slot(object, object, bool)
    @_reported
    def resume(self, request: RunRequest, copy: RunCopy, keeps: bool) -> None:
        """Make ready to go on with a run that was copied, and keep the one there is or drop it."""
        self._make_room(request.run_id, keeps=keeps)
        trainer = Trainer.restored(request.corpus, copy.state, self._helper)
        self._go_on_with(trainer, copy.seconds)

    @Slot(int)
    @_reported
    def exchange(self, run_id: int) -> None:
        """Go on with the run that was kept, under another generation, and keep the present one."""
        taken = self._kept
        if taken is None:
            raise RuntimeError("there is no earlier run.")
        self._make_room(run_id, keeps=True)
        self._wanted, self._chunks = taken.wanted, [*taken.chunks]
        self._go_on_with(taken.trainer, taken.seconds)

    def _make_room(self, run_id: int, *, keeps: bool) -> None:
        """Keep the run there is, or drop it: it must not answer for one that fails to begin."""
        self.halt()
        if keeps:
            self._kept = self._put_away()
        self.run_id = run_id
        self._trainer = None
        self._forget()

    def _put_away(self) -> _ParkedTraining | None:
        """Return all that the present run needs to go on later; None if an error has ended it."""
        if self._trainer is None:
            return None
        return _ParkedTraining(self._trainer, self._wanted, tuple(self._chunks), self._seconds)

    def _go_on_with(self, trainer: Trainer, seconds: float = 0.0) -> None:
        """Make a run the present one, which was trained for so long, and say how it stands."""
        self._trainer, self._seconds = trainer, seconds
        self._rate = StepRate(seconds, trainer.step)
        # It may be of no steps, but then there is something to tell in any case.
        self._chunks.append(trainer.opening())
        self._turn()
        self._send_progress()
        self._send_snapshot()
        if trainer.divergence is not None:
            self._say_diverged(trainer.divergence)

    @Slot(int)
    @_reported
    def copy(self, number: int) -> None:
        """Send a copy of the run, with the knobs as they are wanted, and go on."""
        self._turn()
        trainer = self._trainer
        if trainer is None:
            self.copied.emit(number, None)
            return
        self._send_progress()
        self.copied.emit(number, RunCopy(trainer.state(), self._seconds))

    @Slot(int, str)
    @_reported
    def recover(self, order: int, how: EventKind) -> None:
        """Go on where the run has diverged, or, if only "roll back" is wanted, be ready to."""
        self._order = order
        self._turn()
        trainer = self._trainer
        divergence = trainer.divergence if trainer is not None else None
        if trainer is None or divergence is None:
            return
        if how == "go on":
            if not divergence.can_go_on:  # since it was asked for, the network was resized
                self._say_diverged(divergence)
                return
            trainer.go_on()
            self._send_snapshot()
        else:
            trainer.roll_back(halve_rate=how != "roll back")
        if how != "roll back":
            self._go(None)

    @Slot(int, object)
    @_reported
    def train(self, order: int, goal: int | None) -> None:
        """Train on, until `goal` steps are made in all, or without end if it is None."""
        self._order = order
        if self._trainer is not None:
            self._go(goal)

    def _go(self, goal: int | None) -> None:
        self._goal = goal
        self._processor.begin()
        self._timer.start(0)

    @Slot(int)
    @_reported
    def step(self, order: int) -> None:
        """Make one step, at once: as many orders, as many steps."""
        self._order = order
        self._turn()
        if self._trainer is not None:
            self._run_one(self._trainer)
            self._send_progress()
            self._send_snapshot()

    @Slot(int)
    @_reported
    def pause(self, order: int) -> None:
        """Stop training, and send what there is."""
        self._order = order
        self._turn()
        if self._timer.isActive():
            self._stop()

    @Slot(object)
    @_reported
    def set_hyperparameters(self, set_hyperparameters: SetHyperparameters) -> None:
        """Put other hyperparameters in force before the next step.

        Of wishes under one mark the latest counts; what is undone was done before.
        """
        waiting = self._wanted
        if waiting is not None and (
            set_hyperparameters.back or waiting.back or set_hyperparameters.mark != waiting.mark
        ):
            self._turn()
        self._wanted = set_hyperparameters
        if not self._timer.isActive():
            self._turning.start(0)

    @Slot(bool)
    def measure_updates(self, on: bool) -> None:
        """Send with each snapshot how far the step before it went, or do not."""
        self._measures_updates = on

    def halt(self) -> None:
        """Stop whatever goes on, without a word."""
        self._timer.stop()
        self._turning.stop()
        self._processor.end()

    @Slot()
    def end(self) -> None:
        """Stop for good, and end the helper's thread."""
        self.halt()
        self._helper.end()

    @Slot()
    @_reported
    def _train_a_slice(self) -> None:
        trainer = self._trainer
        if trainer is None:
            return
        self._turn()
        left = _MANY_STEPS if self._goal is None else self._goal - trainer.step
        if left > 0 and self._timer.isActive():
            left -= self._run(trainer, left)
        if not self._timer.isActive():  # it has diverged
            return
        if left <= 0:
            self._stop()
            self.stopped.emit(self.run_id, self._order, None)
            return
        now = time.perf_counter()
        if now - self._progress_at >= PROGRESS_SECONDS:
            self._send_progress()
        if now - self._snapshot_at >= SNAPSHOT_SECONDS:
            if self._measures_updates:
                self._run_one(trainer)
            self._send_snapshot()

    def _run(self, trainer: Trainer, steps: int) -> int:
        """Train for a slice, see to what came of it, and return the steps that were made."""
        start = time.perf_counter()
        # Not beyond the time at which the window is told how it goes: its frames keep their pace.
        to_progress = max(self._progress_at + PROGRESS_SECONDS - start, 0.0)
        chunk = trainer.run(steps, min(SLICE_SECONDS, to_progress))
        self._seconds += time.perf_counter() - start
        self._chunks.append(chunk)
        if trainer.divergence is not None:
            self._say_diverged(trainer.divergence)
        elif len(chunk) and trainer.is_at_log_entry:
            self._log_entry(trainer)
        return len(chunk)

    def _log_entry(self, trainer: Trainer) -> None:
        """Let the network write what the course prints."""
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

    def _run_one(self, trainer: Trainer) -> None:
        """Make one step, and measure it if that is wanted."""
        before = trainer.parameters.copy() if self._measures_updates else None
        self._run(trainer, 1)
        after = trainer.parameters
        if before is not None and trainer.divergence is None:
            # Here, because what few ask for need not make every start slower.
            from engine.insight import update_ratios

            self._update_ratios = update_ratios(before, after)

    def _say_diverged(self, divergence: Divergence) -> None:
        self._stop()
        self.stopped.emit(self.run_id, self._order, divergence)

    @Slot()
    @_reported
    def _turn(self) -> None:
        wanted, self._wanted = self._wanted, None
        if wanted is None or self._trainer is None:
            return
        divergence = self._trainer.divergence
        report = self._trainer.set_hyperparameters(
            wanted.hyperparameters, wanted.mark, back=wanted.back
        )
        if report is not None:
            self.resized.emit(self.run_id, report)
            self._send_snapshot()
        found = self._trainer.divergence
        if found is not None and found is not divergence:
            self._say_diverged(found)

    def _forget(self) -> None:
        """Set back all that belongs to one run, but for the trainer."""
        self._wanted = None
        self._chunks.clear()
        self._seconds = 0.0
        self._update_ratios = None
        self._rate = StepRate()
        self._progress_at = self._snapshot_at = -math.inf

    def _stop(self) -> None:
        self.halt()
        self._send_progress()
        self._send_snapshot()

    def _send_progress(self) -> None:
        trainer = self._trainer
        if trainer is None or not self._chunks:
            return
        progress = Progress(
            step=trainer.step,
            epoch=trainer.epoch,
            chunk=Chunk.join(self._chunks),
            seconds=self._seconds,
            steps_per_second=self._rate.at(self._seconds, trainer.step),
            smoothed_loss=trainer.smoothed_loss,
            smoothed_characters=trainer.smoothed_characters,
        )
        self._chunks.clear()
        self._progress_at = time.perf_counter()
        self.progressed.emit(self.run_id, progress)

    def _send_snapshot(self) -> None:
        # Parameters that are no numbers write no names: whoever listens keeps the last good ones.
        if self._trainer is not None and self._trainer.parameters.is_finite():
            self._snapshot_at = time.perf_counter()
            snapshot = replace(self._trainer.snapshot(), update_ratios=self._update_ratios)
            self._update_ratios = None  # they are those of the step just made, and of no other
            self.snapshot_taken.emit(self.run_id, snapshot)
