"""The trainer: a network, the order of its lessons, and the knobs that are turned meanwhile."""

import math
import time

import numpy as np

from engine.architecture import Architecture
from engine.baselines import uniform_loss
from engine.corpus import Corpus
from engine.lessons import lessons_for
from engine.messages import (
    Divergence,
    HeldOutLoss,
    Hyperparameters,
    ResizeReport,
    RunSettings,
    Snapshot,
    Stretch,
    check_recipe,
)
from engine.name_lessons import NameLessons
from engine.network import NamesLoss, Network
from engine.optimizers import OPTIMIZERS, Optimizer, clip_entries, clip_norm
from engine.parameters import Array, Normal, Parameters
from engine.rebuilding import carry_moments, cost_of_rebuilding, rebuild
from engine.recipes import DEFAULT, Recipe
from engine.single_name import SingleName
from engine.smoothing import averages
from engine.text import Text
from engine.vocabulary import EncodedNames, Vocabulary

LOG_EVERY = 2_000
"""Iterations from one log entry to the next, as in the course."""

_KEEP_EVERY = 250
"""Steps from one copy of good parameters to the next."""

_HOPELESS = 2.0
"""Parameters that do worse than this many times guessing are not worth going back to."""

_LOST = 1e12
"""A loss above this, in nats, or one that is no number: there is nothing left to learn from."""


class Trainer:
    """Trains one network on one corpus.

    The same arguments and the same calls give the same numbers, however the steps are divided
    into calls of `run`.

    Parameters
    ----------
    corpus : Corpus or Text
    hyperparameters : Hyperparameters
        To begin with.
    recipe : Recipe
    settings : RunSettings
        With seed 0 the notebook recipe gives the course's published figures.

    Attributes
    ----------
    step : int
        Steps made.
    hyperparameters : Hyperparameters
        In force now. `turn` changes them.
    smoothed_loss, smoothed_characters : float or None
        The recipe's moving averages, in nats a name and characters a name; None before step 1.
    divergence : Divergence or None
        Set when a loss was no number, or parameters were found that give none; the parameters are
        then the last good ones again. The next `run` clears it.

    Raises
    ------
    ValueError
        If the recipe is the notebook's, and anything but a single tanh layer is wanted.
    """

    def __init__(
        self,
        corpus: Corpus | Text,
        hyperparameters: Hyperparameters | None = None,
        recipe: Recipe = DEFAULT,
        settings: RunSettings | None = None,
    ) -> None:
        self.hyperparameters = hyperparameters or Hyperparameters()
        self.recipe = recipe
        self.settings = settings or RunSettings()
        check_recipe(recipe, self.hyperparameters, self.settings)
        self.vocabulary: Vocabulary = corpus.vocabulary
        self.step = 0
        self.divergence: Divergence | None = None
        seed = self.settings.seed
        self._lessons = lessons_for(corpus, recipe, self.settings)
        self._random = np.random.default_rng((seed, 2))
        start: Normal = np.random.RandomState(seed + 1) if recipe.is_legacy else self._random
        architecture = Architecture(
            len(self.vocabulary),
            self.settings.cell,
            self.hyperparameters.widths,
            self.settings.embedding,
            self.settings.dtype,
        )
        self._take_over(Parameters.initial(architecture, start))
        self._optimizer = self._new_optimizer()
        zero = np.zeros(architecture.widths[0])
        self._carried: Array | None = zero if recipe.carries_state else None
        both = averages(len(self.vocabulary), is_legacy=recipe.is_legacy)
        self._loss_average, self._character_average = both
        self.smoothed_loss: float | None = None
        self.smoothed_characters: float | None = None
        self._held_out_measured: list[HeldOutLoss] = []
        self._measure_held_out()
        self._good: tuple[int, Parameters]
        self._keep()

    @property
    def parameters(self) -> Parameters:
        """The live parameters: they change with every step."""
        return self._network.parameters

    @property
    def held_out(self) -> EncodedNames | None:
        """All held-out names; None where the recipe holds none out, or a text is learned."""
        return self._lessons.held_out if isinstance(self._lessons, NameLessons) else None

    @property
    def training_names(self) -> EncodedNames:
        """The names that are trained on; of a text, pieces from all over it."""
        lessons = self._lessons
        return lessons.training if isinstance(lessons, NameLessons) else lessons.training_probe()

    def held_out_loss(self) -> NamesLoss | None:
        """Measure all that is held out; None where nothing is."""
        return self._lessons.held_out_loss(self.parameters, in_full=True)

    @property
    def epoch(self) -> float:
        """How often the training data has been gone through."""
        return self._lessons.taken / len(self._lessons)

    @property
    def is_at_log_entry(self) -> bool:
        """Whether the step just made is one that the course logs: iterations 0, 2000, 4000, ...

        The course counts from 0, so its iteration 2000 is the 2,001st step.
        """
        return self.step % LOG_EVERY == 1

    def turn(self, hyperparameters: Hyperparameters) -> ResizeReport | None:
        """Put other hyperparameters in force, from the next step on.

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
        report = None
        if hyperparameters.widths != before.widths:
            report = self._resize(hyperparameters.widths)
        self.hyperparameters = hyperparameters
        if hyperparameters.optimizer != before.optimizer:
            self._optimizer = self._new_optimizer()
        return report

    def run(self, max_steps: int, seconds: float = math.inf) -> Stretch:
        """Make steps until their number, the time or a log entry is reached, or the loss is lost.

        Parameters
        ----------
        max_steps : int
            1 or more. Fewer are made if one of the following comes first.
        seconds : float
            Time to use, at least one step long.

        Returns
        -------
        Stretch
            What the steps cost. A step whose loss is no number is not in it: it ends the run and
            sets `divergence`.
        """
        self.divergence = None
        losses: list[float] = []
        sizes: list[float] = []
        smoothed_losses: list[float] = []
        smoothed_sizes: list[float] = []
        names = self.hyperparameters.batch
        end = time.perf_counter() + seconds
        # Too large a number is met below, as a loss that is none; NumPy need not warn as well.
        with np.errstate(all="ignore"):
            for _ in range(max_steps):
                loss, characters = self._learn()
                if not loss < _LOST:
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
        return self._stretch(losses, sizes, smoothed_losses, smoothed_sizes)

    def opening(self) -> Stretch:
        """Return what was measured before the first step: a stretch of no steps."""
        return self._stretch([], [], [], [])

    def snapshot(self) -> Snapshot:
        """Copy the network as it is now."""
        return Snapshot(
            step=self.divergence.last_good_step if self.divergence else self.step,
            parameters=self.parameters.frozen_copy(),
            vocabulary=self.vocabulary,
            smoothed_loss=self.smoothed_loss,
            latest_name=self._lessons.latest,
        )

    def _stretch(self, *columns: list[float]) -> Stretch:
        measured = tuple(self._held_out_measured)
        self._held_out_measured.clear()
        loss, characters, smoothed_loss, smoothed_characters = map(_read_only, columns)
        return Stretch(loss, characters, smoothed_loss, smoothed_characters, measured)

    def _learn(self) -> tuple[float, float]:
        """Make one step; return the loss before it and the characters, both means over names."""
        knobs = self.hyperparameters
        learning_rate = knobs.learning_rate
        if knobs.decay:
            learning_rate /= 1.0 + knobs.decay * math.floor(self.epoch)
        lessons, alone = self._lessons, knobs.batch == 1 and not knobs.dropout
        single = self._single if alone else None
        if single is not None and isinstance(lessons, NameLessons):
            Y = lessons.next_name()
            loss, characters = single.loss_and_gradients(Y, self._carried), float(len(Y))
            if self._carried is not None:
                self._carried[:] = single.a_last
            gradients = single.gradients.flat
        else:
            batch = lessons.next_batch(knobs.batch)
            loss = self._network.loss_and_gradients(
                batch, knobs.dropout, self._random, lessons.states(self.parameters)
            )
            predicted = len(batch.targets)
            # The mean is taken over names; a text has none, and its symbols count one by one.
            parts = batch.n_names if isinstance(lessons, NameLessons) else predicted
            loss, characters = loss / parts, predicted / parts
            gradients = self._network.gradients.flat
            gradients /= parts
        if knobs.clip is not None:
            if knobs.clipping == "norm":
                clip_norm(gradients, knobs.clip)
            elif single is not None:
                single.clip_entries(knobs.clip)
            else:
                clip_entries(gradients, knobs.clip)
        self._optimizer.step(self.parameters.flat, gradients, learning_rate, knobs.l2)
        return loss, characters

    def _is_time_to_look(self) -> bool:
        return not self.step % _KEEP_EVERY or self._lessons.taken >= self._measure_at

    def _look(self) -> bool:
        """Do what is due at this step; return False if the parameters are past it."""
        if not self._is_sound():
            return False
        if self._lessons.taken >= self._measure_at:
            self._measure_held_out()
        if self.step % _KEEP_EVERY == 0 and self._learns():
            self._keep()
        return True

    def _learns(self) -> bool:
        """Whether the network is worth going back to."""
        if self.smoothed_loss is None or self.smoothed_characters is None:
            return True
        guessing = uniform_loss(len(self.vocabulary)) * self.smoothed_characters
        return self.smoothed_loss < _HOPELESS * guessing

    def _take_over(self, parameters: Parameters) -> None:
        self._network = Network(parameters)
        serves = isinstance(self._lessons, NameLessons) and SingleName.serves(
            parameters.architecture
        )
        self._single = SingleName(parameters) if serves else None

    def _new_optimizer(self) -> Optimizer:
        return OPTIMIZERS[self.hyperparameters.optimizer](self.parameters.flat)

    def _resize(self, widths: tuple[int, ...]) -> ResizeReport:
        if not self._is_sound():  # a ruinous step was made, and no loss has shown it yet
            self._go_back()
        before = self.parameters
        after, resized = rebuild(before, widths, self._random, self._lessons)
        cost = cost_of_rebuilding(before, after, self._lessons, held_out=self.recipe.holds_out)
        self._take_over(after)
        if len(after.layers) > len(before.layers):
            # The output layer has nothing to do with what it was, and averages that begin at zero
            # in the middle of a run make for steps that are too long.
            self._optimizer = self._new_optimizer()
        else:
            carry_moments(self._optimizer, before, resized)
        if self._carried is not None:
            self._carried = resized.carry(self._carried)
        self._lessons.resize_states(resized, after)
        if self._learns():
            self._keep()
        return ResizeReport(self.step, before.architecture.widths, widths, cost)

    def _measure_held_out(self) -> None:
        every = self._lessons.measure_every
        self._measure_at = (self._lessons.taken // every + 1) * every
        loss = self._lessons.held_out_loss(self.parameters)
        if loss is not None:
            self._held_out_measured.append(
                HeldOutLoss(self.step, loss.nats_a_name, loss.nats_a_character)
            )

    def _is_sound(self) -> bool:
        """Whether the parameters are numbers, and small enough to give a loss that is one."""
        return bool(np.abs(self.parameters.flat).max() < _LOST)

    def _keep(self) -> None:
        self._good = (self.step, self.parameters.copy())

    def _go_back(self) -> None:
        widths = self.parameters.architecture.widths
        step, parameters = self._good
        self.divergence = Divergence(self.step, step, self.hyperparameters.learning_rate)
        parameters = parameters.copy()
        if parameters.architecture.widths != widths:
            parameters, _ = rebuild(parameters, widths, self._random, self._lessons)
        self._take_over(parameters)
        # What the optimiser remembers may be what led astray.
        self._optimizer = self._new_optimizer()
        self._lessons.forget_states()
        if self._carried is not None:
            self._carried = np.zeros(widths[0])


def _read_only(values: list[float]) -> Array:
    array = np.array(values)
    array.flags.writeable = False
    return array
