"""The worker that trains: it holds runs, trains one of them, and leads it back when told to."""

import logging
import math
from collections.abc import Callable

from dinogui.workers.run_copy import RunCopy
from dinogui.workers.service import Order, RefusedError
from dinogui.workers.training.batch_helper import BatchHelper
from dinogui.workers.training.reports import HeldRun
from dinogui.workers.training.slices import SlicedTraining
from dinogui.workers.training.step_rate import StepRate
from engine.nn.memory import explain_memory_error
from engine.training.ending import Until
from engine.training.history.checkpoints import Checkpoints
from engine.training.history.run_history import RunHistory
from engine.training.messages import RunRequest
from engine.training.record import EventKind
from engine.training.trainer import Trainer

_log = logging.getLogger(__name__)


class TrainingWorker(SlicedTraining):
    """Holds runs by id, and trains one of them in slices, between which it takes orders.

    Lives in the training thread. The run that was begun, resumed or switched to last is the
    current one; the others wait. `TrainingReports` describes the signals.
    """

    def __init__(self) -> None:
        super().__init__()
        self._runs: dict[int, HeldRun] = {}
        self._helper = BatchHelper()

    # Runs

    def begin(self, request: RunRequest) -> None:
        """Make a new run the current one."""
        self._leave_run(request.run_id)
        what = request.corpus, request.hyperparameters, request.recipe, request.settings
        trainer = Trainer(
            *what,
            helper=self._helper,
            until=request.until,
            measures_later=True,
            checkpoints=Checkpoints(),
        )
        self._enter(HeldRun(request.run_id, trainer), is_new=True)

    def resume(self, request: RunRequest, copy: RunCopy) -> None:
        """Make a run the current one that was copied before."""
        self._leave_run(request.run_id)
        checkpoints = Checkpoints(copy.checkpoints)
        trainer = Trainer.restored(request.corpus, copy.state, self._helper, checkpoints)
        self._enter(HeldRun(request.run_id, trainer, copy.seconds))

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

    def _enter(self, run: HeldRun, *, is_new: bool = False) -> None:
        """Make a run the current one, and report its state."""
        trainer = run.trainer
        trainer.call_while_measuring(self.stop_if_closing)
        self._run = self._runs[run.run_id] = run
        self._rate = StepRate(run.seconds, trainer.step)
        self._apply_wanted()
        self._send_snapshot()
        if is_new:
            # The window shows and uses the network while its held-out loss is being measured.
            trainer.measure_at_start()
        # A chunk of no steps, so that there is something to send in any case.
        run.chunks.append(trainer.opening())
        self._send_progress()
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
            checkpoints = tuple(run.trainer.checkpoints or ())
            return RunCopy(run.trainer.state(), run.seconds, checkpoints)
        except Exception as error:  # nothing was changed, so training can go on
            _log.exception("Copying the run failed.")
            raise RefusedError(
                f"The run could not be copied ({type(error).__name__}: {error}), so it is not "
                "saved. Help > Show log file has the details."
            ) from error

    def history(self, run_id: int) -> RunHistory:
        """Return what is needed to reach any earlier step of a run.

        Raises
        ------
        RefusedError
            If the run is not held.
        """
        run = self._runs.get(run_id)
        if run is None:
            raise RefusedError("The training was stopped by an error, so its past is not known.")
        if run is self._run:
            self._apply_wanted()
        return run.trainer.history

    # The network and the end of the current run

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
        events = run.trainer.n_events
        try:
            replace_it(run.trainer)
        except ValueError as error:  # the record is full, and nothing was changed
            self._tell_refused(run, error)
        if run.trainer.n_events > events:
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
        else:
            run.chunks.append(run.trainer.opening())  # there is something to send in any case
            self._send_progress()

    # After an error, and at the end

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
