"""The trainer: makes the steps of a run, measures its loss, and copies its state."""

import math
import time
from types import MappingProxyType
from typing import Protocol

import numpy as np

from engine.data.corpus import Corpus
from engine.data.text import Text
from engine.data.training_data import OnProgress
from engine.nn.fast.split_batches import Helper
from engine.storage.validated_mapping import StateDict, ValidatedMapping
from engine.training.ending import ENDLESS, Until
from engine.training.history.checkpoints import Checkpoints
from engine.training.history.event_log import EventLog
from engine.training.history.run_history import RunHistory
from engine.training.history.trainer_state import TrainerState
from engine.training.live_run.returning_run import ReturningRun
from engine.training.messages import Chunk
from engine.training.recipes import DEFAULT, Recipe
from engine.training.record import WarmStart
from engine.training.settings import Hyperparameters, RunSettings
from engine.training.steps_ahead import StepsAhead
from engine.training.watching.chunk_steps import ChunkSteps
from engine.training.watching.divergence_guard import is_sound

_KEEP_EVERY = 250
"""Steps between two copies of good parameters."""


class _Stateful(Protocol):
    def state(self) -> StateDict: ...


class Trainer(ReturningRun):
    """Trains one network on one corpus.

    The same arguments and calls give the same numbers, however steps are divided among `run`s.

    Parameters
    ----------
    corpus : Corpus or Text
    hyperparameters : Hyperparameters, optional
        The initial ones; see `engine.training.settings.default_hyperparameters` if absent.
    recipe : Recipe
    settings : RunSettings, optional
        With seed 0 the notebook recipe reproduces the course's published figures.
    state : TrainerState, optional
        To continue from; see `restored`.
    warm_start : WarmStart, optional
        Initial parameters, for the vocabulary of the corpus; drawn at random if absent.
    helper : Helper, optional
        Computes half of each large batch in another thread. It does not change the numbers.
    until : Until, optional
        When the run ends by itself; never if absent.
    measures_later : bool
        Whether to leave the first measurement of the held-out loss to `measure_at_start`, which
        must then be called before anything but `snapshot`. On a large network it takes seconds.
    checkpoints : Checkpoints, optional
        Takes copies of the run's state on the way, from which any step can be reached again.

    Attributes
    ----------
    step : int
        Steps made.
    hyperparameters : Hyperparameters
        Now in force. `set_hyperparameters` changes them.
    learner : Learner
        The network, its optimizer and its data loader.
    warm_start : WarmStart or None
        The initial parameters, if they were not drawn at random.
    checkpoints : Checkpoints or None

    Raises
    ------
    ValueError
        If the recipe does not allow the network, or the initial parameters have another
        architecture, or there is not enough memory for a step.
    """

    def __init__(
        self,
        corpus: Corpus | Text,
        hyperparameters: Hyperparameters | None = None,
        recipe: Recipe = DEFAULT,
        settings: RunSettings | None = None,
        state: TrainerState | None = None,
        warm_start: WarmStart | None = None,
        helper: Helper | None = None,
        until: Until = ENDLESS,
        *,
        measures_later: bool = False,
        checkpoints: Checkpoints | None = None,
    ) -> None:
        super().__init__(
            corpus, hyperparameters, recipe, settings, state, warm_start, helper, until
        )
        self.checkpoints = checkpoints
        self._checkpointed_events = 0  # events of the record at the last look for new ones
        self._ahead = StepsAhead()
        if state is not None:
            self._restore(state)
        elif not measures_later:
            self.measure_at_start()

    def measure_at_start(self) -> None:
        """Measure the network that the run begins with, and keep it to go back to."""
        self._measure()
        self._guard.keep(self.step, self.parameters)

    def call_while_measuring(self, function: OnProgress) -> None:
        """Call a function between the parts of each measurement of the held-out loss.

        It may raise an exception, so that nobody waits for a long measurement. The trainer is of no
        use then.
        """
        self._held_out.on_progress = function

    @classmethod
    def restored(
        cls,
        corpus: Corpus | Text,
        state: TrainerState,
        helper: Helper | None = None,
        checkpoints: Checkpoints | None = None,
    ) -> "Trainer":
        """Return a trainer that continues from `state` as the original trainer would have.

        Raises
        ------
        ValueError
            If it is not a state of a run on this corpus; the message names what does not fit.
        """
        return cls(
            corpus,
            state.hyperparameters,
            state.recipe,
            state.settings,
            state,
            helper=helper,
            checkpoints=checkpoints,
        )

    def run(
        self,
        max_steps: int,
        seconds: float = math.inf,
        seconds_before: float | None = None,
        *,
        ends_when_measured: bool = False,
    ) -> Chunk:
        """Make steps until their number, the time or a log entry is reached, or the run ends.

        It ends as `until` says, or because it diverges. If it has ended already, it goes on. It
        returns sooner if `rise` changes.

        Parameters
        ----------
        max_steps : int
            1 or more.
        seconds : float
            Time limit. At least one step is made.
        seconds_before : float, optional
            Time spent on the run before. Without it, `Until.minutes` is not looked at.
        ends_when_measured : bool
            Whether it also ends with a held-out loss, which is then that of the network as it is.

        Returns
        -------
        Chunk
            The results of the steps. A step that diverges is not in it; it sets `divergence`.

        Raises
        ------
        RecordFullError
            If the record has no room for a divergence. No step is made then.
        """
        seconds = self._go_on(seconds, seconds_before)
        self._take_checkpoint_of_events()
        hyperparameters, loader, clock = (
            self.hyperparameters,
            self.learner.loader,
            time.perf_counter,
        )
        learner, begin = self.learner, clock()
        steps = ChunkSteps(self._smoothed, self._watch, hyperparameters.batch, loader.taken)
        end = self.step + min(max_steps, self._ending.steps_left(self.step))
        goes_ahead = learner.can_learn_ahead(hyperparameters)
        # Overflow shows below as a loss that is not a number; NumPy need not warn as well.
        with np.errstate(all="ignore"), steps:
            while self.step < end:
                if goes_ahead:
                    left = min(end - self.step, self._steps_to_check())
                    losses, sizes = self._learn_ahead(left, seconds - (clock() - begin))
                    self.step = steps.add(self.step, losses, sizes, loader.taken)
                else:
                    loss, size = learner.learn(hyperparameters)
                    self.step = steps.add_one(self.step, loss, size, loader.taken)
                if steps.has_lost:
                    steps.smooth()
                    self._diverge()
                    break
                is_logged = self.is_at_log_entry
                is_measured = self._held_out.is_due
                is_check_due = not self.step % _KEEP_EVERY or is_measured
                if is_logged or is_check_due:
                    steps.smooth()
                    if not self._check():
                        break
                is_kept = is_check_due and self._is_checkpoint_due
                spent = clock() - begin
                is_asked_for = is_logged or (ends_when_measured and is_measured)
                if is_asked_for or steps.is_told or is_kept or spent >= seconds:
                    break
        if len(steps) and self.divergence is None:
            steps.close_block()
            self._ending.take_progress(self.step, clock() - begin, seconds_before)
            if self.checkpoints is not None and self._is_checkpoint_due:
                self.checkpoints.take(self.state())
        return steps.chunk(self._held_out.take())

    def _learn_ahead(self, most: int, seconds: float) -> tuple[list[float], list[float]]:
        """Make at most so many steps in one call, fewer if the time left is shorter."""
        begin, ahead = time.perf_counter(), self._ahead
        count = min(most, ahead.most(self.parameters.flat.size, seconds))
        losses, sizes = self.learner.learn_ahead(self.hyperparameters, count)
        ahead.note(len(losses), time.perf_counter() - begin)
        return losses, sizes

    def _steps_to_check(self) -> int:
        """Return after how many steps something is logged, measured or kept; 1 or more."""
        to_keep = _KEEP_EVERY - self.step % _KEEP_EVERY
        return max(1, min(to_keep, self.steps_to_log_entry, self._held_out.examples_left))

    @property
    def _is_checkpoint_due(self) -> bool:
        """Whether this step is one to keep: by the spacing, or because no loss was lower before."""
        checkpoints = self.checkpoints
        if checkpoints is None:
            return False
        n_parameters = self.parameters.flat.size
        if self.best is not None and self.best.step == self.step:
            return checkpoints.has_room_for(n_parameters)
        is_quick = self.learner.can_learn_ahead(self.hyperparameters)
        return checkpoints.is_due(self.step, n_parameters, is_quick=is_quick)

    def _take_checkpoint_of_events(self) -> None:
        """Keep the state at the beginning, and after events; a step follows."""
        if self.checkpoints is None:
            return
        is_new = self.step == 0 or len(self._log) > self._checkpointed_events
        self._checkpointed_events = len(self._log)
        if is_new and self.checkpoints.has_room_for(self.parameters.flat.size):
            self.checkpoints.take(self.state(), is_marked=True)

    def _go_on(self, seconds: float, seconds_before: float | None) -> float:
        """Go on after a divergence or an end; return how long steps may be made, in seconds."""
        self._log.check_room(ordered=False)
        self._guard.settle()
        self._ending.go_on()
        if seconds_before is None:
            return seconds
        return min(seconds, self._ending.seconds_left(seconds_before))

    def opening(self) -> Chunk:
        """Return what was measured since the last chunk, such as before the first step.

        The chunk has no steps.
        """
        return Chunk.of((), (), (), (), held_out=self._held_out.take())

    @property
    def history(self) -> RunHistory:
        """What is needed to reach any step of the run again."""
        return RunHistory(self.record, self.step, tuple(self.checkpoints or ()))

    def state(self) -> TrainerState:
        """Copy everything that `restored` needs to continue exactly as this trainer does."""
        values: StateDict = {}
        for prefix, part in self._parts().items():
            values |= {prefix + name: value for name, value in part.state().items()}
        for value in values.values():
            if isinstance(value, np.ndarray):
                value.flags.writeable = False
        return TrainerState(
            self.step,
            self.recipe,
            self.settings,
            self._initial_hyperparameters,
            self.hyperparameters,
            self._log.events,
            self.parameters.frozen_copy(),
            MappingProxyType(values),
            self.warm_start,
            self._initial_until,
        )

    def _restore(self, state: TrainerState) -> None:
        """Continue from a state whose parameters the learner already has."""
        self.step = state.step
        self._initial_hyperparameters = state.initial_hyperparameters
        self._log = EventLog(state.events)
        self._checkpointed_events = len(self._log)
        values = ValidatedMapping(state.values)
        self.learner.restore(values.part("learner."))
        self._guard.restore(values.part("divergence_guard."), self.parameters)
        self._watch.restore(values.part("loss_watch."))
        self._smoothed.restore(values.part("smoothing."))
        self._held_out.restore(values.part("held_out."))
        self._best.restore(values.part("best."), self.parameters)
        self._ending.restore(values.part("ending."))
        self._initial_until = state.initial_until
        self._machines.restore(values.part("made_by."), self.step)

    def _parts(self) -> dict[str, _Stateful]:
        """Return the parts whose state outlives a step, by the prefix of their values' names."""
        return {
            "learner.": self.learner,
            "divergence_guard.": self._guard,
            "loss_watch.": self._watch,
            "smoothing.": self._smoothed,
            "held_out.": self._held_out,
            "best.": self._best,
            "ending.": self._ending,
            "made_by.": self._machines,
        }

    def _check(self) -> bool:
        """Measure or copy what is due after this step.

        Returns
        -------
        bool
            Whether the run goes on: it has neither diverged nor ended.
        """
        if not is_sound(self.parameters):
            self._diverge()
            return False
        if self._held_out.is_due:
            self._measure()
        if self.step % _KEEP_EVERY == 0 and self._learns():
            watch = self._watch
            self._guard.keep(
                self.step,
                self.parameters,
                is_healthy=watch.is_healthy,
                healthy_step=watch.healthy_step,
            )
        if self.held_out_trend is None and self.smoothed_loss and self.smoothed_characters:
            self._ending.take_loss(self.step, self.smoothed_loss / self.smoothed_characters)
        return self.ended is None
