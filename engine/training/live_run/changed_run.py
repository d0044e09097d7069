"""Changes of a run between two steps: of its hyperparameters, its widths, and its end."""

from dataclasses import replace

from engine.nn.backends import load_backend
from engine.nn.fast.compiled.kernel_store import KernelsNotReadyError
from engine.nn.resizing.undo import Resizings
from engine.training.ending import Until
from engine.training.live_run.observed_run import ObservedRun
from engine.training.messages import ResizeReport
from engine.training.record import Change, Event, EventKind, changes_between
from engine.training.settings import Hyperparameters, check_recipe
from engine.training.step_memory import check_step_memory
from engine.training.watching.divergence_guard import is_hopeless, is_sound


class ChangedRun(ObservedRun):
    """A run whose hyperparameters and end can be changed while it goes on.

    Every change is an event in its record; `engine.training.trainer.Trainer` makes the steps.
    """

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
            the decay would start later than now, or the backend is not ready. Nothing is changed
            then.
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
        if hyperparameters.backend != before.backend:
            self.learner.set_backend(hyperparameters.backend)
            self._machines.backend = hyperparameters.backend
        if hyperparameters.widths != before.widths:
            report = self._resize(hyperparameters.widths, resize, undo)
            report = replace(report, is_forgotten=undo and not is_known)
            self._watch.expect_jump()
        elif hyperparameters.dropout > before.dropout or hyperparameters.balance != before.balance:
            self._watch.expect_jump()
        self.hyperparameters = hyperparameters
        if hyperparameters.balance != before.balance:
            self.learner.set_balance(hyperparameters.balance)
        if hyperparameters.optimizer != before.optimizer:
            self.learner.renew_optimizer(hyperparameters)
        return report

    def use_ready_backend(self) -> str:
        """Go on with NumPy, as an event, if the run's own backend is not ready here.

        Whoever lets a run go on that may have been made elsewhere calls this before the next step.

        Returns
        -------
        str
            Sentences for people that say so, and what to do; empty if nothing was changed.

        Raises
        ------
        RecordFullError
            If the record has no room for the event. Nothing is changed then.
        """
        if self.hyperparameters.backend == "numpy":
            return ""
        try:
            load_backend(self.hyperparameters.backend)
        except KernelsNotReadyError as error:
            self.set_hyperparameters(replace(self.hyperparameters, backend="numpy"))
            return (
                "This run was made with the faster step, which is not ready here: it goes on with "
                f"NumPy, and may differ in the last bits. {error}"
            )
        return ""

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
        if after.backend != before.backend:
            load_backend(after.backend)
        check_recipe(self.recipe, after, self.settings)
        check_step_memory(self.corpus, after, self.settings, before)

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

    def _learns(self) -> bool:
        """Whether the network is good enough for a rollback."""
        loss, characters = self.smoothed_loss, self.smoothed_characters
        return not is_hopeless(loss, characters, len(self.vocabulary))

    def _add_event(
        self,
        kind: EventKind,
        *changes: Change,
        resize: int | None = None,
        decay_start: int | None = None,
    ) -> None:
        self._log.add(Event(self.step, kind, changes, self.smoothed_loss, resize, decay_start))
