"""Training in slices: between two of them, orders are carried out and messages sent.

At full speed a slice is as many steps as fit into its time. At a slow speed it is one step, and the
timer waits for the next one, so that the thread is free for orders meanwhile.
"""

import math
import time
from contextlib import suppress

from PySide6.QtCore import Qt

from dinogui.common.speed import Speed
from dinogui.workers.training.reports import HeldRun, TrainingReports
from engine.training.ending import Ended
from engine.training.messages import Divergence, SetHyperparameters
from engine.training.trainer import Trainer

SLICE_SECONDS = 0.0236
"""Length of a slice of training: short enough for an order to wait, long enough to cost nothing."""

PROGRESS_SECONDS = 2 * SLICE_SECONDS
"""From one `Progress` to the next: more than 20 a second, each of which the plot draws."""
SNAPSHOT_SECONDS = 1 / 5

_MANY_STEPS = 1_000_000_000


class SlicedTraining(TrainingReports):
    """Trains the current run until it is to pause, has reached its goal, ends or diverges.

    Lives in the training thread.
    """

    def __init__(self) -> None:
        super().__init__()
        self._started_by = 0
        self._goal: int | None = None
        self._is_starting = False
        self._measures_updates = False
        # An interval of zero fires when all that was queued has been done: so orders come first.
        self._slices = self.timer(SlicedTraining._train_a_slice)
        self._slices.setTimerType(Qt.TimerType.PreciseTimer)  # others are up to 5 % late
        self._waits_since: float | None = None  # for the next step of a slow training
        self._setting = self.timer(SlicedTraining._apply_wanted, single_shot=True)

    # Orders

    def train(self, goal: int | None) -> None:
        """Train until `goal` steps have been made in all, or without end if it is None."""
        self._started_by = self.order.number
        if self._run is not None:
            self._start(goal)

    def step(self) -> None:
        """Make one step at once: as many steps as there are orders."""
        self._started_by = self.order.number
        self._apply_wanted()
        if self._run is not None:
            self._use_ready_backend(self._run)
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
        if self._is_between_steps:
            self._setting.start(0)

    @property
    def _is_between_steps(self) -> bool:
        """Whether a change can be shown now, because the next step may be long in coming."""
        return not self._slices.isActive() or self._pace.is_slow

    def set_speed(self, speed: Speed) -> None:
        """Train at another speed from the next step on."""
        now = time.perf_counter()
        self._pace.set_speed(speed, now)
        if self._slices.isActive():
            self._count_waiting(now)
            self._wait_for_step()

    def give_way(self, milliseconds: int) -> None:
        """Make no step for so long, because somebody waits for another thread; 0 ends this.

        Threads take turns at the interpreter, and the steps of a training would take most of it.
        The course of the run stays the same.
        """
        if self._slices.isActive() and not self._pace.is_slow:
            self._slices.start(milliseconds)

    def measure_updates(self, on: bool) -> None:
        """Choose whether each snapshot carries the size of the latest update."""
        self._measures_updates = on

    def halt(self) -> None:
        """Stop without a message."""
        super().halt()
        self._count_waiting(time.perf_counter())

    # Slices

    def _start(self, goal: int | None) -> None:
        self._goal, self._is_starting = goal, True
        self._pace.begin(time.perf_counter())
        self._wait_for_step()

    def _wait_for_step(self) -> None:
        """Let the timer begin the next slice when it is due: at full speed, at once."""
        if not self._pace.is_slow:
            self._slices.start(0)
            return
        now = time.perf_counter()
        self._slices.start(math.ceil(1_000 * self._pace.seconds_left(now)))
        self._waits_since = now

    def _count_waiting(self, now: float) -> None:
        """Count the time between two steps of a slow training as time spent on the run."""
        since, self._waits_since = self._waits_since, None
        if since is not None and self._run is not None:
            self._run.seconds += now - since

    def _train_a_slice(self) -> None:
        run = self._run
        if run is None:
            return
        is_slow = self._pace.is_slow
        if is_slow:
            now = time.perf_counter()
            self._count_waiting(now)
            self._pace.note_step(now)
        self._prepare_steps(run)
        trainer = run.trainer
        left = _MANY_STEPS if self._goal is None else self._goal - trainer.step
        if left > 0 and self._slices.isActive():
            left -= self._make_step(run) if is_slow else self._make_steps(run, left)
        if not self._slices.isActive():  # it has diverged or ended
            return
        if left <= 0:
            self._stop()
            self.stopped.emit(run.run_id, self._started_by, None)
            return
        if is_slow:
            self._send_progress()
            self._send_snapshot()
            self._wait_for_step()
            return
        self._slices.setInterval(0)  # it may have given way
        now = time.perf_counter()
        if now - self._progress_at >= PROGRESS_SECONDS:
            self._send_progress()
        if now - self._snapshot_at >= SNAPSHOT_SECONDS:
            if self._measures_updates:
                self._make_step(run)
            self._send_snapshot()

    def _make_steps(self, run: HeldRun, steps: int) -> int:
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

    def _make_step(self, run: HeldRun) -> int:
        """Make one step, measure its update if that is wanted, and return how many were made."""
        trainer = run.trainer
        before = trainer.parameters.copy() if self._measures_updates else None
        made = self._make_steps(run, 1)
        after = trainer.parameters
        if before is not None and trainer.divergence is None:
            # Imported here, so that a start does not pay for what few ask for.
            from engine.insight import update_ratios

            self._update_ratios = update_ratios(before, after)
        return made

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
            if self._is_between_steps:
                self._send_progress()
        found = run.trainer.divergence
        if found is not None and found is not divergence:
            self._find_diverged(run.trainer)

    def _prepare_steps(self, run: HeldRun) -> None:
        """Put into force what the next steps are made with."""
        self._apply_wanted()
        if self._is_starting:
            self._is_starting = False
            self._use_ready_backend(run)

    def _use_ready_backend(self, run: HeldRun) -> None:
        """Let a run that was made with the faster step go on with NumPy if that is not ready."""
        try:
            change = run.trainer.use_ready_backend()
        except ValueError as error:  # the record is full, and nothing was changed
            self._tell_refused(run, error)
            return
        if change:
            run.chunks.append(run.trainer.opening())  # there is something to send in any case
            self.backend_replaced.emit(run.run_id, run.trainer.hyperparameters, change)

    def _find_diverged(self, trainer: Trainer) -> None:
        """Stop a run that has just diverged, at a network from before its loss went up."""
        if trainer.has_healthier:
            with suppress(ValueError):  # the record is full: the last good network has to do
                trainer.go_back()
                self.network_replaced.emit(self.run_id, trainer.hyperparameters)
        if trainer.divergence is not None:
            self._stop_because(trainer.divergence)

    def _stop_because(self, outcome: Divergence | Ended) -> None:
        self._stop()
        self.stopped.emit(self.run_id, self._started_by, outcome)

    def _stop(self) -> None:
        self.halt()
        self._send_progress()
        self._send_snapshot()
