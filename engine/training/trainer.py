"""The trainer: steps and what they cost, in slices, and the knobs that are turned meanwhile."""

import math
import time
from dataclasses import replace

import numpy as np

from engine.data.corpus import Corpus
from engine.data.text import Text
from engine.data.vocabulary import EncodedNames, Vocabulary
from engine.nn.fast.split_batches import Helper
from engine.nn.network import NamesLoss
from engine.nn.parameters import Parameters
from engine.training.divergence_guard import LOST, DivergenceGuard, is_hopeless, is_sound
from engine.training.learner import Learner
from engine.training.messages import Chunk, Divergence, HeldOutLoss, ResizeReport, Snapshot
from engine.training.name_loader import NameLoader
from engine.training.recipes import DEFAULT, Recipe
from engine.training.record import Change, Event, EventKind, Record, Start, changes_between
from engine.training.settings import Hyperparameters, RunSettings, check_recipe
from engine.training.smoothing import averages
from engine.training.trainer_state import TrainerState, restore, state_of

LOG_EVERY = 2_000
"""Iterations from one log entry to the next, as in the course."""

LOG_TEXT_EVERY = 250
"""The same for a text, whose steps read hundreds of symbols each."""

_KEEP_EVERY = 250
"""Steps from one copy of good parameters to the next."""


class Trainer:
    """Trains one network on one corpus.

    The same arguments and calls give the same numbers, however steps are divided among `run`s.

    Parameters
    ----------
    corpus : Corpus or Text
    hyperparameters : Hyperparameters
        To begin with.
    recipe : Recipe
    settings : RunSettings
        With seed 0 the notebook recipe gives the course's published figures.
    state : TrainerState, optional
        To go on from; see `restored`.
    start : Start, optional
        Parameters to begin with, for the corpus' symbols; drawn if absent.
    helper : Helper, optional
        Takes a half of large batches beside the caller. The numbers are the same without.

    Attributes
    ----------
    step : int
        Steps made.
    hyperparameters : Hyperparameters
        In force now. `turn` changes them.
    smoothed_loss, smoothed_characters : float or None
        The recipe's moving averages, in nats per name and characters a name; None before step 1.
    learner : Learner
        The network and what it learns with.

    Raises
    ------
    ValueError
        If the recipe is the notebook's, and anything but a single tanh layer is wanted, or the
        start is another network's.
    """

    def __init__(
        self,
        corpus: Corpus | Text,
        hyperparameters: Hyperparameters | None = None,
        recipe: Recipe = DEFAULT,
        settings: RunSettings | None = None,
        state: TrainerState | None = None,
        start: Start | None = None,
        helper: Helper | None = None,
    ) -> None:
        self.hyperparameters = self._started_with = hyperparameters or Hyperparameters()
        self.recipe = recipe
        self.settings = settings or RunSettings()
        check_recipe(recipe, self.hyperparameters, self.settings)
        self.corpus = corpus
        self.vocabulary: Vocabulary = corpus.vocabulary
        self.step = 0
        self._log_every = LOG_EVERY if isinstance(corpus, Corpus) else LOG_TEXT_EVERY
        self._guard = DivergenceGuard()
        self._entries: list[Event] = []
        self.start = state.start if state else start
        given = state or start
        begun = given.parameters.copy() if given and given.parameters else None
        self.learner = Learner(corpus, self.hyperparameters, recipe, self.settings, begun, helper)
        both = averages(len(self.vocabulary), is_legacy=recipe.is_legacy)
        self._loss_average, self._character_average = both
        self.smoothed_loss: float | None = None
        self.smoothed_characters: float | None = None
        self._held_out_measured: list[HeldOutLoss] = []
        self._measure_at = 0
        if state is None:
            self._measure_held_out()
            self._guard.keep(self.step, self.parameters)
        else:
            restore(self, state)

    @classmethod
    def restored(
        cls, corpus: Corpus | Text, state: TrainerState, helper: Helper | None = None
    ) -> "Trainer":
        """Return a trainer that goes on from `state` as the one would have that it was taken of.

        Raises
        ------
        ValueError
            If the state is not that of a run on this corpus; the message names what does not fit.
        """
        return cls(
            corpus, state.hyperparameters, state.recipe, state.settings, state, helper=helper
        )

    @property
    def parameters(self) -> Parameters:
        """The live parameters: they change with every step."""
        return self.learner.parameters

    @property
    def divergence(self) -> Divergence | None:
        """Set when a loss was no number, or parameters were found that give none.

        The parameters are then the last good ones again. The next `run` clears it; before that,
        `roll_back` or `go_on` may say how.
        """
        return self._guard.divergence

    @property
    def record(self) -> Record:
        """What the run was started with, and all that was done to it so far."""
        corpus, entries = self.corpus, tuple(self._entries)
        started = (self.recipe.name, self.settings, self._started_with)
        return Record(corpus.source, corpus.fingerprint, *started, entries, self.start)

    @property
    def held_out(self) -> EncodedNames | None:
        """All held-out names; None where the recipe holds none out, or a text is learned."""
        return self.learner.loader.held_out if isinstance(self.learner.loader, NameLoader) else None

    @property
    def training_names(self) -> EncodedNames:
        """The names that are trained on; of a text, pieces from all over it."""
        loader = self.learner.loader
        return loader.training if isinstance(loader, NameLoader) else loader.training_probe()

    def held_out_loss(self) -> NamesLoss | None:
        """Measure all that is held out; None where nothing is."""
        return self.learner.loader.held_out_loss(self.parameters, in_full=True)

    @property
    def epoch(self) -> float:
        """How often the training data has been gone through."""
        return self.learner.loader.taken / len(self.learner.loader)

    @property
    def is_at_log_entry(self) -> bool:
        """Whether the step just made is one that the course logs: iterations 0, 2000, 4000, ...

        The course counts from 0, so its iteration 2000 is the 2,001st step. Of a text, it is the
        first step and every `LOG_TEXT_EVERY` steps from there.
        """
        return self.step % self._log_every == 1

    def set_hyperparameters(
        self, hyperparameters: Hyperparameters, mark: int | None = None, *, back: bool = False
    ) -> ResizeReport | None:
        """Put other hyperparameters in force, from the next step on.

        Parameters
        ----------
        hyperparameters : Hyperparameters
        mark : int, optional
            By which a change of widths can be taken back; several under one mark become one.
        back : bool
            Whether to take back the change under that mark: the units that it has dropped come
            back beside what was learned since (`resizing.undo.restore_pruned`). That is such a
            change itself, under the same mark. If it is not known any more, new units come.
            What is known ends with a layer on top, with a state that the run goes on from, and
            where the network is past all hope.

        Returns
        -------
        ResizeReport or None
            What it did if widths or layers changed.

        Raises
        ------
        ValueError
            If layers are taken away, or the recipe does not go with them; nothing is changed.
        """
        before = self.hyperparameters
        if len(hyperparameters.widths) < len(before.widths):
            raise ValueError(
                f"widths must name {len(before.widths)} layers or more, "
                f"got {hyperparameters.widths!r}: layers are taken away by a restart."
            )
        check_recipe(self.recipe, hyperparameters, self.settings)
        place = None
        added = len(hyperparameters.widths) - len(before.widths)
        if mark is not None and not added and hyperparameters.widths != before.widths:
            place = self.learner.resizings.place_of(mark, len(self._entries))
        back = back and place is not None and place < len(self._entries)
        if hyperparameters != before:
            changes = changes_between(before, hyperparameters)
            self._note("turn back" if back else "turn", *changes, mark=place)
        report = None
        if hyperparameters.widths != before.widths:
            report = self._resize(hyperparameters.widths, place, back)
        self.hyperparameters = hyperparameters
        if hyperparameters.optimizer != before.optimizer:
            self.learner.renew_optimizer(hyperparameters)
        return report

    def roll_back(self, *, halve_rate: bool = False) -> None:
        """Go on from the last good parameters, where a divergence has led; the record tells it.

        Parameters
        ----------
        halve_rate : bool
            Whether to halve the learning rate, too.

        Raises
        ------
        ValueError
            If the run has not just diverged.
        """
        self._guard.check()
        if not halve_rate:
            self._note("roll back")
            return
        hyperparameters = self.hyperparameters
        halved = replace(hyperparameters, learning_rate=hyperparameters.learning_rate / 2)
        self._note("roll back and halve the rate", *changes_between(hyperparameters, halved))
        self.hyperparameters = halved

    def go_on(self) -> None:
        """Go on from the parameters as they were when the run diverged.

        The optimiser begins anew all the same. If their loss is still none, the run diverges again.

        Raises
        ------
        ValueError
            If the run has not just diverged, or they are no numbers or of other widths.
        """
        lost = self._guard.lost(self.parameters.architecture)
        self._note("go on")
        self.learner.go_to(lost, self.hyperparameters)
        self._guard.settle()

    def run(self, max_steps: int, seconds: float = math.inf) -> Chunk:
        """Make steps until their number, the time or a log entry is reached, or the loss is lost.

        Parameters
        ----------
        max_steps : int
            1 or more. Fewer are made if one of the following comes first.
        seconds : float
            Time to use, at least one step long.

        Returns
        -------
        Chunk
            What the steps cost. A step whose loss is no number is not in it: it ends the run and
            sets `divergence`.
        """
        self._guard.settle()
        losses: list[float] = []
        sizes: list[float] = []
        smoothed_losses: list[float] = []
        smoothed_sizes: list[float] = []
        names = self.hyperparameters.batch
        end = time.perf_counter() + seconds
        # Too large a number is met below, as a loss that is none; NumPy need not warn as well.
        with np.errstate(all="ignore"):
            for _ in range(max_steps):
                loss, characters = self.learner.learn(self.hyperparameters)
                if not loss < LOST:
                    self._go_back()
                    break
                self.step += 1
                self.smoothed_loss = self._loss_average.add(loss, names)
                self.smoothed_characters = self._character_average.add(characters, names)
                losses.append(loss)
                sizes.append(characters)
                smoothed_losses.append(self.smoothed_loss)
                smoothed_sizes.append(self.smoothed_characters)
                is_logged = self.is_at_log_entry
                if (is_logged or self._is_time_to_look()) and not self._look():
                    self._go_back()
                    break
                if is_logged or time.perf_counter() >= end:
                    break
        return self._chunk(losses, sizes, smoothed_losses, smoothed_sizes)

    def opening(self) -> Chunk:
        """Return what was measured before the first step: a stretch of no steps."""
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
        """Copy all that `restored` needs to go on from here as this trainer does."""
        return state_of(self)

    def _chunk(self, *columns: list[float]) -> Chunk:
        measured, self._held_out_measured = self._held_out_measured, []
        return Chunk.of(*columns, held_out=measured)

    def _is_time_to_look(self) -> bool:
        return not self.step % _KEEP_EVERY or self.learner.loader.taken >= self._measure_at

    def _look(self) -> bool:
        """Do what is due at this step; return False if the parameters are past it."""
        if not is_sound(self.parameters):
            return False
        if self.learner.loader.taken >= self._measure_at:
            self._measure_held_out()
        if self.step % _KEEP_EVERY == 0 and self._learns():
            self._guard.keep(self.step, self.parameters)
        return True

    def _learns(self) -> bool:
        """Whether the network is worth going back to."""
        loss, characters = self.smoothed_loss, self.smoothed_characters
        return not is_hopeless(loss, characters, len(self.vocabulary))

    def _resize(self, widths: tuple[int, ...], place: int | None, back: bool) -> ResizeReport:
        if not is_sound(self.parameters):  # a ruinous step was made, and no loss has shown it yet
            self._go_back()
        before = self.parameters.architecture.widths
        cost = self.learner.resize(self.hyperparameters, widths, place, back=back)
        self._guard.forget_lost()  # it is of other widths
        if self._learns():
            self._guard.keep(self.step, self.parameters)
        else:  # a divergence would lead to other units than those that the resizings speak of
            self.learner.resizings.forget()
        return ResizeReport(self.step, before, widths, cost)

    def _measure_held_out(self) -> None:
        every = self.learner.loader.measure_every
        self._measure_at = (self.learner.loader.taken // every + 1) * every
        loss = self.learner.loader.held_out_loss(self.parameters)
        if loss is not None:
            measured = HeldOutLoss(self.step, loss.nats_per_name, loss.nats_per_character)
            self._held_out_measured.append(measured)

    def _go_back(self) -> None:
        guard = self._guard
        guard.diverge(self.step, self.parameters, self.hyperparameters.learning_rate)
        self._note("diverged", Change("step", self.step, guard.good_step))
        self.learner.go_to(guard.good, self.hyperparameters)

    def _note(self, what: EventKind, *changes: Change, mark: int | None = None) -> None:
        self._entries.append(Event(self.step, what, changes, self.smoothed_loss, mark))
