"""The trainer: makes steps, measures the loss, and changes hyperparameters between steps."""

import math
import time
from dataclasses import replace
from types import MappingProxyType
from typing import Protocol

import numpy as np

from engine.data.corpus import Corpus
from engine.data.text import Text
from engine.nn.fast.split_batches import Helper
from engine.nn.resizing.undo import Resizings
from engine.storage.validated_mapping import StateDict, ValidatedMapping
from engine.training.ending import ENDLESS, Until
from engine.training.event_log import EventLog
from engine.training.learner import NetworkCopy
from engine.training.messages import Chunk, ResizeReport
from engine.training.observed_run import LeftNetwork, ObservedRun
from engine.training.recipes import DEFAULT, Recipe
from engine.training.record import Change, Event, EventKind, WarmStart, changes_between
from engine.training.settings import (
    Hyperparameters,
    RunSettings,
    check_recipe,
)
from engine.training.step_memory import check_step_memory
from engine.training.trainer_state import TrainerState
from engine.training.watching.divergence_guard import LOST, is_hopeless, is_sound

_KEEP_EVERY = 250
"""Steps between two copies of good parameters."""


class _Stateful(Protocol):
    def state(self) -> StateDict: ...


class Trainer(ObservedRun):
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
    ) -> None:
        super().__init__(
            corpus, hyperparameters, recipe, settings, state, warm_start, helper, until
        )
        if state is not None:
            self._restore(state)
        elif not measures_later:
            self.measure_at_start()

    def measure_at_start(self) -> None:
        """Measure the network that the run begins with, and keep it to go back to."""
        self._measure()
        self._guard.keep(self.step, self.parameters)

    @classmethod
    def restored(
        cls, corpus: Corpus | Text, state: TrainerState, helper: Helper | None = None
    ) -> "Trainer":
        """Return a trainer that continues from `state` as the original trainer would have.

        Raises
        ------
        ValueError
            If it is not a state of a run on this corpus; the message names what does not fit.
        """
        return cls(
            corpus, state.hyperparameters, state.recipe, state.settings, state, helper=helper
        )

    def set_hyperparameters(
        self,
        hyperparameters: Hyperparameters,
        undo_group: int | None = None,
        *,
        undo: bool = False,
        sets_rate: bool = False,
        decay_start: int | None = None,
    ) -> ResizeReport | None:
        """Put other hyperparameters in force, from the next step on.

        A learning rate holds from that step on, and falls from there.

        Parameters
        ----------
        hyperparameters : Hyperparameters
        undo_group : int, optional
            Identifies a change, so that it can be undone. All changes of one group, such as those
            of a dragged slider, count as one.
        undo : bool
            Whether to undo the change of that group. The learning rate is then what it would have
            been without it. Units that it took away come back, beside what the others have learned
            since; a layer that it added is taken away (`engine.nn.resizing.undo.restore`). Undoing
            is a change of the same group itself, and can be undone. If a change of widths or layers
            is no longer known, the network is resized as well as possible, and the report says so.
            Such changes are forgotten when they take too much memory, when a run is resumed, and
            when it goes back to a network from before them.
        sets_rate : bool
            Whether the learning rate counts as set even if it is the same.
        decay_start : int, optional
            Where the decay of the learning rate starts, in examples taken; if absent, as
            `engine.training.decay_start.DecayStarts` has it.

        Returns
        -------
        ResizeReport or None
            What a change of widths or layers did; None if there was none.

        Raises
        ------
        ValueError
            If layers would be removed without an undo, or the recipe does not allow the
            hyperparameters, or there is not enough memory for them, or the record is full, or
            the decay would start later than now. Nothing is changed then.
        """
        before = self.hyperparameters
        removes_layers = len(hyperparameters.widths) < len(before.widths)
        undo = undo and undo_group is not None
        self._check_change(hyperparameters, may_remove_layers=undo)
        if hyperparameters != before or sets_rate or decay_start is not None:
            self._log.check_room(ordered=True)
        if decay_start is None:
            decay_start = self._decay_starts.after(
                (before, hyperparameters),
                self.learner.decay_start,
                self.learner.loader.taken,
                undo_group,
                undo=undo,
                sets_rate=sets_rate,
            )
        decay_start = self._start_decay(decay_start)
        resize, here = None, len(self._log)
        if undo_group is not None and hyperparameters.widths != before.widths:
            resize = self.learner.resizings.place_of(undo_group, here, undo=undo)
        undo = undo and resize is not None
        is_known = resize != here
        if hyperparameters != before or decay_start is not None:
            changes = changes_between(before, hyperparameters)
            is_undo = undo and (is_known or removes_layers)
            kind: EventKind = "undo resize" if is_undo else "set hyperparameters"
            self._add_event(kind, *changes, resize=resize, decay_start=decay_start)
        report = None
        if hyperparameters.widths != before.widths:
            report = self._resize(hyperparameters.widths, resize, undo)
            report = replace(report, is_forgotten=undo and not is_known)
            self._watch.expect_jump()
        elif hyperparameters.dropout > before.dropout:
            self._watch.expect_jump()
        self.hyperparameters = hyperparameters
        if hyperparameters.optimizer != before.optimizer:
            self.learner.renew_optimizer(hyperparameters)
        return report

    def _start_decay(self, start: int) -> int | None:
        """Let the decay of the learning rate start there; return that if it is another place."""
        learner = self.learner
        before, taken = learner.decay_start, learner.loader.taken
        if not 0 <= start <= taken:
            raise ValueError(f"decay_start must be from 0 to {taken:,}, got {start:,}.")
        learner.decay_start = start
        return None if start == before else start

    def _check_change(self, after: Hyperparameters, *, may_remove_layers: bool) -> None:
        """Check that other hyperparameters can be put in force; see `set_hyperparameters`."""
        before = self.hyperparameters
        if len(after.widths) < len(before.widths) and not may_remove_layers:
            raise ValueError(
                f"widths must name at least {len(before.widths)} layers, "
                f"got {after.widths!r}. Undo the layer, or restart the run."
            )
        check_recipe(self.recipe, after, self.settings)
        check_step_memory(self.corpus, after, self.settings, before)

    def roll_back(self, *, halve_rate: bool = False) -> None:
        """Record that the run continues from the last good parameters, which are in place already.

        Parameters
        ----------
        halve_rate : bool
            Whether to halve the learning rate in force as well. It falls on from there.

        Raises
        ------
        ValueError
            If the run has not just diverged, or the record is full.
        """
        self._guard.check()
        self._log.check_room(ordered=True)
        if not halve_rate:
            self._add_event("roll back")
            return
        halved = self.hyperparameters.at_half_rate()
        changes = changes_between(self.hyperparameters, halved)
        self._add_event("roll back and halve the rate", *changes)
        self.hyperparameters = halved

    def go_back(self, *, halve_rate: bool = False) -> None:
        """Continue from the last network whose loss was healthy.

        The optimizer and the moving average of the loss start over. The learning rate in force
        stays what it is now, and does not become again what it was at that network.

        Parameters
        ----------
        halve_rate : bool
            Whether to halve the learning rate in force. It falls on from there.

        Raises
        ------
        RecordFullError
            If the record has no room for it. Nothing is changed then.
        """
        before = self.hyperparameters
        after = before.at_half_rate() if halve_rate else before
        kind: EventKind = "go back and halve the rate" if halve_rate else "go back"
        self._log.check_room(ordered=True)
        step, parameters = self._last_healthy()
        self._left_for_healthy = self._leave_network()
        # Undoing a later resize would bring back units of another network.
        if self._log.has_resized_since(step):
            self.learner.resizings = Resizings()
        self._add_event(kind, Change("step", self.step, step), *changes_between(before, after))
        self.hyperparameters = after
        self.learner.go_to(parameters, after)
        self._guard.go_to(step, parameters)
        self._watch.begin_again()
        self._ending.wait_anew()
        self._smoothed = self._new_average()

    @property
    def can_undo_go_back(self) -> bool:
        """Whether the network that `go_back` has left last is still known."""
        return self._left_for_healthy is not None

    def undo_go_back(self) -> None:
        """Return to the network that `go_back` has left last; it can be undone once.

        The hyperparameters, but for the widths, stay as they are. `go_back` still leads to the
        network that it has led to.

        Raises
        ------
        ValueError
            If that network is no longer known; a run that was resumed does not know it.
        """
        self._log.check_room(ordered=True)
        left = _known(self._left_for_healthy)
        self._left_for_healthy = None
        self._go_to_copy("undo go back", left.step, left.network)
        self.learner.resizings = left.resizings
        self._smoothed = left.smoothed

    def go_on(self) -> None:
        """Continue from the parameters that the run diverged with.

        The optimizer starts over. If the loss is still not a number, the run diverges again.

        Raises
        ------
        ValueError
            If the run has not just diverged, or those parameters are not finite or have other
            widths, or the record is full.
        """
        diverged = self._guard.diverged(self.parameters.architecture)
        self._log.check_room(ordered=True)
        self._add_event("go on")
        self.learner.go_to(diverged, self.hyperparameters)
        self._guard.settle()
        self._watch.begin_again()

    def go_to_best(self) -> None:
        """Go back to the network with the lowest held-out loss, and go on from there.

        Its widths come back as well, and its moments if the optimizer is the same. The data and
        the steps go on from where they are, and so does the learning rate, which falls on. Nothing
        happens if the network is the best already.

        Raises
        ------
        ValueError
            If nothing is held out.
        """
        best = self.best
        if best is None:
            raise ValueError("Nothing is held out, so there is no best network.")
        if self.is_at_best:
            return
        self._log.check_room(ordered=True)
        self._left_for_best = self._leave_network()
        self._go_to_copy("go to best", best.step, best.network)
        self._guard.keep(self.step, self.parameters)
        self.learner.resizings = Resizings()

    @property
    def can_undo_go_to_best(self) -> bool:
        """Whether the network that `go_to_best` has left last is still known."""
        return self._left_for_best is not None

    def undo_go_to_best(self) -> None:
        """Return to the network that `go_to_best` has left last; it can be undone once.

        Raises
        ------
        ValueError
            If that network is no longer known; a run that was resumed does not know it.
        """
        self._log.check_room(ordered=True)
        left = _known(self._left_for_best)
        self._left_for_best = None
        self._go_to_copy("undo go to best", left.step, left.network)
        self._guard.keep(self.step, self.parameters)
        self.learner.resizings = left.resizings

    def set_until(self, until: Until, *, expects_loss: bool = False) -> None:
        """Set when the run ends by itself, from the next step on.

        Parameters
        ----------
        until : Until
        expects_loss : bool
            Whether its loss ends the run even if it has done so before.
        """
        if until != self.until:
            self._log.check_room(ordered=True)
            self._add_event("set end", *changes_between(self.until, until))
        if expects_loss or until != self.until:
            self._ending.set(until, expects_loss=expects_loss)

    def run(
        self, max_steps: int, seconds: float = math.inf, seconds_before: float | None = None
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
        losses: list[float] = []
        sizes: list[float] = []
        smoothed: list[tuple[float, float]] = []
        hyperparameters, loader, watch = self.hyperparameters, self.learner.loader, self._watch
        learn, add, clock = self.learner.learn, self._smoothed.add, time.perf_counter
        begin, batch, taken = clock(), hyperparameters.batch, loader.taken
        block, block_end, is_told = 0, watch.steps_left, False  # indices in the lists above
        # Overflow shows below as a loss that is not a number; NumPy need not warn as well.
        with np.errstate(all="ignore"):
            for _ in range(min(max_steps, self._ending.steps_left(self.step))):
                loss, characters = learn(hyperparameters)
                if not loss < LOST:
                    self._diverge()
                    break
                self.step += 1
                before, taken = taken, loader.taken
                smoothed.append(add(loss, characters, batch, before, taken))
                losses.append(loss)
                sizes.append(characters)
                if len(losses) == block_end:
                    is_told = watch.add_block(self.step, losses[block:], sizes[block:], batch)
                    block, block_end = block_end, block_end + watch.steps_left
                is_logged = self.is_at_log_entry
                is_check_due = not self.step % _KEEP_EVERY or self._held_out.is_due
                if (is_logged or is_check_due) and not self._check():
                    break
                if is_logged or is_told or clock() - begin >= seconds:
                    break
        if losses and self.divergence is None:
            watch.add(losses[block:], sizes[block:])
            self._ending.take_progress(self.step, clock() - begin, seconds_before)
        return self._chunk(losses, sizes, smoothed)

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
        return self._chunk([], [], [])

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

    def _chunk(
        self, losses: list[float], sizes: list[float], smoothed: list[tuple[float, float]]
    ) -> Chunk:
        smoothed_losses, smoothed_sizes = zip(*smoothed, strict=True) if smoothed else ((), ())
        return Chunk.of(
            losses, sizes, smoothed_losses, smoothed_sizes, held_out=self._held_out.take()
        )

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

    def _measure(self) -> None:
        """Measure the held-out loss, and compare it with the best."""
        measured = self._held_out.measure(self.step, self.parameters)
        if measured is None:
            return
        is_better = self._best.take(
            measured, lambda: self.learner.copy_network(self.hyperparameters)
        )
        if self.step:  # the network that a run begins with cannot end it
            self._ending.take_comparison(self.step, is_better=is_better)
            self._ending.take_loss(self.step, measured.nats_per_character)

    def _leave_network(self) -> LeftNetwork:
        """Return what is needed to come back to the present network."""
        network = self.learner.copy_network(self.hyperparameters)
        return LeftNetwork(self.step, network, self.learner.resizings, self._smoothed)

    def _go_to_copy(self, kind: EventKind, step: int, copy: NetworkCopy) -> None:
        """Continue from an earlier network of the run, and measure it again."""
        before = self.hyperparameters
        after = replace(before, widths=copy.parameters.architecture.widths)
        self._add_event(kind, Change("step", self.step, step), *changes_between(before, after))
        self.learner.go_to_copy(copy, after)
        self.hyperparameters = after
        self._guard.settle()
        self._watch.begin_again()
        self._measure()
        self._ending.wait_anew()

    def _learns(self) -> bool:
        """Whether the network is good enough for a rollback."""
        loss, characters = self.smoothed_loss, self.smoothed_characters
        return not is_hopeless(loss, characters, len(self.vocabulary))

    def _resize(self, widths: tuple[int, ...], resize: int | None, undo: bool) -> ResizeReport:
        if not is_sound(self.parameters):  # the last step diverged, and no loss has shown it yet
            self._diverge()
        before = self.parameters.architecture.widths
        cost = self.learner.resize(self.hyperparameters, widths, resize, undo=undo)
        self._guard.note_resize()
        if self._learns():
            self._guard.keep(self.step, self.parameters)
        return ResizeReport(self.step, before, widths, cost)

    def _diverge(self) -> None:
        guard = self._guard
        guard.diverge(self.step, self.parameters, self.learning_rate)
        self._add_event("diverged", Change("step", self.step, guard.good_step))
        if guard.is_resized_since:  # undoing a resize would bring back units of another network
            self.learner.resizings = Resizings()
        self.learner.go_to(guard.good, self.hyperparameters)
        self._watch.begin_again()

    def _add_event(
        self,
        kind: EventKind,
        *changes: Change,
        resize: int | None = None,
        decay_start: int | None = None,
    ) -> None:
        self._log.add(Event(self.step, kind, changes, self.smoothed_loss, resize, decay_start))


def _known(left: LeftNetwork | None) -> LeftNetwork:
    """Return a network that a run has left.

    Raises
    ------
    ValueError
        If it is no longer known.
    """
    if left is None:
        raise ValueError("The network that the run has left is no longer known.")
    return left
