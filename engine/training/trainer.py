"""The trainer: makes steps, measures the loss, and changes hyperparameters between steps."""

import math
import time
from dataclasses import replace
from types import MappingProxyType
from typing import Protocol

import numpy as np

from engine.data.corpus import Corpus
from engine.data.text import Text
from engine.data.vocabulary import EncodedNames, Vocabulary
from engine.nn.fast.split_batches import Helper
from engine.nn.network import NamesLoss
from engine.nn.parameters import Parameters
from engine.storage.validated_mapping import StateDict, ValidatedMapping
from engine.training.divergence_guard import LOST, DivergenceGuard, is_hopeless, is_sound
from engine.training.held_out_schedule import HeldOutSchedule
from engine.training.learner import Learner
from engine.training.loaders.name_loader import NameLoader
from engine.training.machine_history import MachineHistory
from engine.training.messages import Chunk, Divergence, ResizeReport, Snapshot
from engine.training.recipes import DEFAULT, Recipe
from engine.training.record import (
    Change,
    Event,
    EventKind,
    Record,
    WarmStart,
    changes_between,
    check_room,
    room_of,
)
from engine.training.settings import Hyperparameters, RunSettings, check_recipe
from engine.training.smoothing import SmoothedLoss
from engine.training.step_memory import check_step_memory
from engine.training.trainer_state import TrainerState

LOG_EVERY = 2_000
"""Iterations between two log entries, as in the course."""

LOG_TEXT_EVERY = 250
"""The same for a text, where each step reads hundreds of symbols."""

_KEEP_EVERY = 250
"""Steps between two copies of good parameters."""


class _Stateful(Protocol):
    def state(self) -> StateDict: ...


class Trainer:
    """Trains one network on one corpus.

    The same arguments and calls give the same numbers, however steps are divided among `run`s.

    Parameters
    ----------
    corpus : Corpus or Text
    hyperparameters : Hyperparameters, optional
        The initial ones.
    recipe : Recipe
    settings : RunSettings, optional
        With seed 0 the notebook recipe reproduces the course's published figures.
    state : TrainerState, optional
        To continue from; see `restored`.
    warm_start : WarmStart, optional
        Initial parameters, for the vocabulary of the corpus; drawn at random if absent.
    helper : Helper, optional
        Computes half of each large batch in another thread. It does not change the numbers.

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
    ) -> None:
        self.hyperparameters = hyperparameters or Hyperparameters()
        self._initial_hyperparameters = self.hyperparameters
        self.recipe = recipe
        self.settings = settings or RunSettings()
        check_recipe(recipe, self.hyperparameters, self.settings)
        check_step_memory(corpus, self.hyperparameters, self.settings)
        self.corpus = corpus
        self.vocabulary: Vocabulary = corpus.vocabulary
        self.step = 0
        self._log_every = LOG_EVERY if isinstance(corpus, Corpus) else LOG_TEXT_EVERY
        self._events: list[Event] = []
        self._room_taken = 0
        self.warm_start = state.warm_start if state else warm_start
        given = state or warm_start
        initial = given.parameters.copy() if given and given.parameters else None
        self.learner = Learner(corpus, self.hyperparameters, recipe, self.settings, initial, helper)
        self._guard = DivergenceGuard()
        self._smoothed = SmoothedLoss(len(self.vocabulary), is_legacy=recipe.is_legacy)
        self._held_out = HeldOutSchedule(self.learner.loader)
        self._machines = MachineHistory()
        if state is None:
            self._held_out.measure(self.step, self.parameters)
            self._guard.keep(self.step, self.parameters)
        else:
            self._restore(state)

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

    @property
    def parameters(self) -> Parameters:
        """The live parameters: they change with every step."""
        return self.learner.parameters

    @property
    def smoothed_loss(self) -> float | None:
        """The recipe's moving average of the loss, in nats per name; None before the first step."""
        return self._smoothed.loss

    @property
    def smoothed_characters(self) -> float | None:
        """The same average of the characters per name; None before the first step."""
        return self._smoothed.characters

    @property
    def divergence(self) -> Divergence | None:
        """Set when the run diverges; the parameters are then the last good ones again.

        The next `run` clears it. Before that, `roll_back` or `go_on` may choose how to continue.
        """
        return self._guard.divergence

    @property
    def record(self) -> Record:
        """What the run began with, and all events so far."""
        return Record(
            self.corpus.source,
            self.corpus.fingerprint,
            self.recipe.name,
            self.settings,
            self._initial_hyperparameters,
            tuple(self._events),
            self.warm_start,
        )

    @property
    def held_out(self) -> EncodedNames | None:
        """All held-out names; None for a text, or if the recipe holds none out."""
        return self.learner.loader.held_out if isinstance(self.learner.loader, NameLoader) else None

    @property
    def training_names(self) -> EncodedNames:
        """The training names; for a text, pieces from all over its training part."""
        loader = self.learner.loader
        return loader.training if isinstance(loader, NameLoader) else loader.training_probe()

    def held_out_loss(self) -> NamesLoss | None:
        """Return the loss on all held-out data; None if nothing is held out."""
        return self.learner.loader.held_out_loss(self.parameters, in_full=True)

    @property
    def epoch(self) -> float:
        """Passes over the training data so far."""
        return self.learner.loader.taken / len(self.learner.loader)

    @property
    def is_at_log_entry(self) -> bool:
        """Whether the course logs the step just made: iterations 0, 2000, 4000, ...

        The course counts from 0, so its iteration 2000 is the 2,001st step. For a text, it is the
        first step and every `LOG_TEXT_EVERY`-th after it.
        """
        return self.step % self._log_every == 1

    def set_hyperparameters(
        self,
        hyperparameters: Hyperparameters,
        undo_group: int | None = None,
        *,
        undo: bool = False,
    ) -> ResizeReport | None:
        """Put other hyperparameters in force, from the next step on.

        Parameters
        ----------
        hyperparameters : Hyperparameters
        undo_group : int, optional
            Identifies a change of widths, so that it can be undone. All changes of one group, such
            as those of a dragged slider, count as one.
        undo : bool
            Whether to undo the change of that group. The units that it pruned are brought back,
            and keep what the others have learned since (`engine.nn.resizing.undo.restore_pruned`).
            Undoing is a change of the same group itself, and can be undone. If the change is no
            longer known, new units are added instead. Changes are forgotten when a layer is added,
            when a run is resumed, and when the network is too bad for a rollback.

        Returns
        -------
        ResizeReport or None
            What a change of widths or layers did; None if there was none.

        Raises
        ------
        ValueError
            If layers would be removed, or the recipe does not allow the hyperparameters, or there
            is not enough memory for them, or the record is full. Nothing is changed then.
        """
        before = self.hyperparameters
        if len(hyperparameters.widths) < len(before.widths):
            raise ValueError(
                f"widths must name at least {len(before.widths)} layers, "
                f"got {hyperparameters.widths!r}. Restart the run to remove layers."
            )
        check_recipe(self.recipe, hyperparameters, self.settings)
        check_step_memory(self.corpus, hyperparameters, self.settings, before)
        if hyperparameters != before:
            check_room(self._room_taken, ordered=True)
        resize = None
        added = len(hyperparameters.widths) - len(before.widths)
        if undo_group is not None and not added and hyperparameters.widths != before.widths:
            resize = self.learner.resizings.place_of(undo_group, len(self._events))
        undo = undo and resize is not None and resize < len(self._events)
        if hyperparameters != before:
            changes = changes_between(before, hyperparameters)
            kind: EventKind = "undo resize" if undo else "set hyperparameters"
            self._add_event(kind, *changes, resize=resize)
        report = None
        if hyperparameters.widths != before.widths:
            report = self._resize(hyperparameters.widths, resize, undo)
        self.hyperparameters = hyperparameters
        if hyperparameters.optimizer != before.optimizer:
            self.learner.renew_optimizer(hyperparameters)
        return report

    def roll_back(self, *, halve_rate: bool = False) -> None:
        """Record that the run continues from the last good parameters, which are in place already.

        Parameters
        ----------
        halve_rate : bool
            Whether to halve the learning rate as well.

        Raises
        ------
        ValueError
            If the run has not just diverged, or the record is full.
        """
        self._guard.check()
        check_room(self._room_taken, ordered=True)
        if not halve_rate:
            self._add_event("roll back")
            return
        hyperparameters = self.hyperparameters
        halved = replace(hyperparameters, learning_rate=hyperparameters.learning_rate / 2)
        self._add_event("roll back and halve the rate", *changes_between(hyperparameters, halved))
        self.hyperparameters = halved

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
        check_room(self._room_taken, ordered=True)
        self._add_event("go on")
        self.learner.go_to(diverged, self.hyperparameters)
        self._guard.settle()

    def run(self, max_steps: int, seconds: float = math.inf) -> Chunk:
        """Make steps until their number, the time or a log entry is reached, or the run diverges.

        Parameters
        ----------
        max_steps : int
            1 or more.
        seconds : float
            Time limit. At least one step is made.

        Returns
        -------
        Chunk
            The results of the steps. A step that diverges is not in it; it sets `divergence`.

        Raises
        ------
        RecordFullError
            If the record has no room for a divergence. No step is made then.
        """
        check_room(self._room_taken, ordered=False)
        self._guard.settle()
        losses: list[float] = []
        sizes: list[float] = []
        smoothed_losses: list[float] = []
        smoothed_sizes: list[float] = []
        names = self.hyperparameters.batch
        end = time.perf_counter() + seconds
        add = self._smoothed.add
        # Overflow shows below as a loss that is not a number; NumPy need not warn as well.
        with np.errstate(all="ignore"):
            for _ in range(max_steps):
                loss, characters = self.learner.learn(self.hyperparameters)
                if not loss < LOST:
                    self._go_back()
                    break
                self.step += 1
                smoothed_loss, smoothed_size = add(loss, characters, names)
                losses.append(loss)
                sizes.append(characters)
                smoothed_losses.append(smoothed_loss)
                smoothed_sizes.append(smoothed_size)
                is_logged = self.is_at_log_entry
                is_check_due = not self.step % _KEEP_EVERY or self._held_out.is_due
                if (is_logged or is_check_due) and not self._check():
                    self._go_back()
                    break
                if is_logged or time.perf_counter() >= end:
                    break
        return self._chunk(losses, sizes, smoothed_losses, smoothed_sizes)

    def opening(self) -> Chunk:
        """Return what was measured since the last chunk, such as before the first step.

        The chunk has no steps.
        """
        return self._chunk([], [], [], [])

    def snapshot(self) -> Snapshot:
        """Copy the network as it is now."""
        return Snapshot(
            step=self.divergence.last_good_step if self.divergence else self.step,
            parameters=self.parameters.frozen_copy(),
            vocabulary=self.vocabulary,
            smoothed_loss=self.smoothed_loss,
            latest_name=self.learner.loader.latest,
        )

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
            tuple(self._events),
            self.parameters.frozen_copy(),
            MappingProxyType(values),
            self.warm_start,
        )

    def _restore(self, state: TrainerState) -> None:
        """Continue from a state whose parameters the learner already has."""
        self.step = state.step
        self._initial_hyperparameters = state.initial_hyperparameters
        self._events = list(state.events)
        self._room_taken = sum(map(room_of, self._events))
        values = ValidatedMapping(state.values)
        self.learner.restore(values.part("learner."))
        self._guard.restore(values.part("divergence_guard."), self.parameters)
        self._smoothed.restore(values.part("smoothing."))
        self._held_out.restore(values.part("held_out."))
        self._machines.restore(values.part("made_by."), self.step)

    def _parts(self) -> dict[str, _Stateful]:
        """Return the parts whose state outlives a step, by the prefix of their values' names."""
        return {
            "learner.": self.learner,
            "divergence_guard.": self._guard,
            "smoothing.": self._smoothed,
            "held_out.": self._held_out,
            "made_by.": self._machines,
        }

    def _chunk(self, *columns: list[float]) -> Chunk:
        return Chunk.of(*columns, held_out=self._held_out.take())

    def _check(self) -> bool:
        """Measure or copy what is due after this step; return False if the run has diverged."""
        if not is_sound(self.parameters):
            return False
        if self._held_out.is_due:
            self._held_out.measure(self.step, self.parameters)
        if self.step % _KEEP_EVERY == 0 and self._learns():
            self._guard.keep(self.step, self.parameters)
        return True

    def _learns(self) -> bool:
        """Whether the network is good enough for a rollback."""
        loss, characters = self.smoothed_loss, self.smoothed_characters
        return not is_hopeless(loss, characters, len(self.vocabulary))

    def _resize(self, widths: tuple[int, ...], resize: int | None, undo: bool) -> ResizeReport:
        if not is_sound(self.parameters):  # the last step diverged, and no loss has shown it yet
            self._go_back()
        before = self.parameters.architecture.widths
        cost = self.learner.resize(self.hyperparameters, widths, resize, undo=undo)
        self._guard.forget_diverged()  # their widths no longer fit
        if self._learns():
            self._guard.keep(self.step, self.parameters)
        else:  # a rollback would bring back other units than the resizings describe
            self.learner.resizings.forget()
        return ResizeReport(self.step, before, widths, cost)

    def _go_back(self) -> None:
        guard = self._guard
        guard.diverge(self.step, self.parameters, self.hyperparameters.learning_rate)
        self._add_event("diverged", Change("step", self.step, guard.good_step))
        self.learner.go_to(guard.good, self.hyperparameters)

    def _add_event(self, kind: EventKind, *changes: Change, resize: int | None = None) -> None:
        self._events.append(Event(self.step, kind, changes, self.smoothed_loss, resize))
        self._room_taken += room_of(self._events[-1])
