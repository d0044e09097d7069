"""The trainer: a network, the order of its lessons, and the knobs that are turned meanwhile."""

import math
import time
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from engine.baselines import uniform_loss
from engine.corpus import Corpus
from engine.messages import (
    Divergence,
    HeldOutLoss,
    Hyperparameters,
    ResizeCost,
    ResizeReport,
    Snapshot,
    Stretch,
)
from engine.network import Network, loss_of_names
from engine.optimizers import clip_entries, sgd
from engine.parameters import Array, Normal, Parameters
from engine.recipes import DEFAULT, Recipe
from engine.resizing import Resized, narrow, widen
from engine.smoothing import DebiasedAverage, NotebookAverage
from engine.vocabulary import EncodedNames, Vocabulary

LOG_EVERY = 2_000
"""Iterations from one log entry to the next, as in the course."""

HELD_OUT_EVERY = 1_000
"""Steps from one measurement of the held-out loss to the next."""

MAX_HELD_OUT_MEASURED = 1_000
"""Held-out names that are measured on the way, at the most, so that long lists train as fast."""

_PROBE_NAMES = 200
"""Names that a narrower network is judged by."""

_KEEP_EVERY = 250
"""Steps from one copy of good parameters to the next."""

_HOPELESS = 2.0
"""Parameters that do worse than this many times guessing are not worth going back to."""


_LOST = 1e12
"""A loss above this, in nats, or one that is no number: there is nothing left to learn from."""


class _Average(Protocol):
    def add(self, value: float) -> float: ...


class _Lessons:
    """The names to learn from, in the order in which a recipe takes them, and those held out."""

    def __init__(self, corpus: Corpus, recipe: Recipe, seed: int) -> None:
        self.held_out: EncodedNames | None = None
        if recipe.holds_out:
            training, held_out = corpus.split(seed)
            self.held_out = corpus.vocabulary.encode_all(held_out)
        else:
            training = list(corpus.names)
        self._reshuffles = recipe.reshuffles
        if recipe.is_legacy:
            np.random.RandomState(seed).shuffle(training)
        self.training = corpus.vocabulary.encode_all(training)
        self._random = np.random.default_rng((seed, 1))
        # Lists of Python numbers: to index an array for one number takes three times as long.
        self._bounds = self.training.bounds.tolist()
        self._order: list[int] = []

    def __len__(self) -> int:
        return len(self._bounds) - 1

    def __getitem__(self, step: int) -> NDArray[np.intp]:
        """Return the name of a step; steps are asked for in their order."""
        place = step % len(self)
        if place == 0 or not self._order:
            self._order = self._order_of_next_epoch()
        index = self._order[place]
        return self.training.symbols[self._bounds[index] : self._bounds[index + 1]]

    def _order_of_next_epoch(self) -> list[int]:
        if self._reshuffles:
            return [int(index) for index in self._random.permutation(len(self))]
        return list(range(len(self)))


class Trainer:
    """Trains one network on one corpus, one name a step.

    The same arguments and the same calls give the same numbers, however the steps are divided
    into calls of `run`.

    Parameters
    ----------
    corpus : Corpus
    hyperparameters : Hyperparameters
        To begin with.
    recipe : Recipe
    seed : int
        0 or more. With 0 the notebook recipe gives the course's published figures.

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
    """

    def __init__(
        self,
        corpus: Corpus,
        hyperparameters: Hyperparameters | None = None,
        recipe: Recipe = DEFAULT,
        seed: int = 0,
    ) -> None:
        if seed < 0:
            raise ValueError(f"seed must be 0 or more, got {seed}.")
        self.hyperparameters = hyperparameters or Hyperparameters()
        self.recipe = recipe
        self.vocabulary: Vocabulary = corpus.vocabulary
        self.step = 0
        self.divergence: Divergence | None = None
        self._lessons = _Lessons(corpus, recipe, seed)
        self._measured = self._choose_measured(seed)
        self._random: Normal = np.random.default_rng((seed, 2))
        n_y = len(self.vocabulary)
        start: Normal = np.random.RandomState(seed + 1) if recipe.is_legacy else self._random
        self._take_over(Parameters.initial(n_y, self.hyperparameters.hidden, n_y, start))
        self._carried: Array | None = (
            np.zeros(self.hyperparameters.hidden) if recipe.carries_state else None
        )
        self._loss_average: _Average = DebiasedAverage()
        self._character_average: _Average = DebiasedAverage()
        if recipe.is_legacy:
            self._loss_average = NotebookAverage.of_loss(n_y)
            self._character_average = NotebookAverage.of_characters()
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
        """All held-out names, or None where the recipe holds none out."""
        return self._lessons.held_out

    @property
    def training_names(self) -> EncodedNames:
        """The names that are trained on."""
        return self._lessons.training

    @property
    def epoch(self) -> float:
        """How often the training names have been gone through."""
        return self.step / len(self._lessons)

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
            What it did if the hidden size changed.
        """
        report = None
        if hyperparameters.hidden != self.hyperparameters.hidden:
            report = self._resize(hyperparameters.hidden)
        self.hyperparameters = hyperparameters
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
        columns: tuple[list[float], list[float], list[float], list[float]] = ([], [], [], [])
        end = time.perf_counter() + seconds
        # Too large a number is met below, as a loss that is none; NumPy need not warn as well.
        with np.errstate(all="ignore"):
            for _ in range(max_steps):
                Y = self._lessons[self.step]
                loss = self._learn(Y)
                if not loss < _LOST:
                    self._go_back()
                    break
                self.step += 1
                characters = float(len(Y))
                self.smoothed_loss = self._loss_average.add(loss)
                self.smoothed_characters = self._character_average.add(characters)
                row = (loss, characters, self.smoothed_loss, self.smoothed_characters)
                for column, value in zip(columns, row, strict=True):
                    column.append(value)
                if self._is_time_to_look() and not self._look():
                    self._go_back()
                    break
                if self.is_at_log_entry or time.perf_counter() >= end:
                    break
        return self._stretch(*columns)

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
        )

    def _stretch(self, *columns: list[float]) -> Stretch:
        measured = tuple(self._held_out_measured)
        self._held_out_measured.clear()
        loss, characters, smoothed_loss, smoothed_characters = map(_read_only, columns)
        return Stretch(loss, characters, smoothed_loss, smoothed_characters, measured)

    def _learn(self, Y: NDArray[np.intp]) -> float:
        """Make one step of stochastic gradient descent and return the loss before it."""
        network, knobs = self._network, self.hyperparameters
        loss = network.loss_and_gradients(Y, self._carried)
        if self._carried is not None:
            self._carried[:] = network.a_last
        gradients = network.gradients.flat
        if knobs.clip is not None:
            clip_entries(gradients, knobs.clip)
        sgd(network.parameters.flat, gradients, knobs.learning_rate)
        return loss

    def _is_time_to_look(self) -> bool:
        step = self.step
        return not step % _KEEP_EVERY or not step % HELD_OUT_EVERY or self.is_at_log_entry

    def _look(self) -> bool:
        """Do what is due at this step; return False if the parameters are past it."""
        if not self._is_sound():
            return False
        if self.step % HELD_OUT_EVERY == 0:
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

    def _resize(self, hidden: int) -> ResizeReport:
        if not self._is_sound():  # a ruinous step was made, and no loss has shown it yet
            self._go_back()
        before, names = self.parameters, self._probe()
        resized = self._resized(before, hidden)
        cost = None
        if hidden < before.n_a:
            cost = ResizeCost(
                loss_of_names(before, names).nats_a_name,
                loss_of_names(resized.parameters, names).nats_a_name,
                held_out=self._measured is not None,
            )
        self._take_over(resized.parameters)
        if self._carried is not None:
            self._carried = resized.carry(self._carried)
        if self._learns():
            self._keep()
        return ResizeReport(self.step, before.n_a, hidden, cost)

    def _resized(self, parameters: Parameters, hidden: int) -> Resized:
        if hidden > parameters.n_a:
            return widen(parameters, hidden, self._random)
        return narrow(
            parameters, hidden, self._training_probe(), carries_state=self.recipe.carries_state
        )

    def _choose_measured(self, seed: int) -> EncodedNames | None:
        held_out = self.held_out
        if held_out is None:
            return None
        chosen = np.random.default_rng((seed, 3)).permutation(len(held_out))
        return held_out.take(np.sort(chosen[:MAX_HELD_OUT_MEASURED]))

    def _measure_held_out(self) -> None:
        if self._measured is not None:
            loss = loss_of_names(self.parameters, self._measured)
            self._held_out_measured.append(
                HeldOutLoss(self.step, loss.nats_a_name, loss.nats_a_character)
            )

    def _training_probe(self) -> EncodedNames:
        count = min(_PROBE_NAMES, len(self.training_names))
        # Spread over the list, which may be sorted.
        return self.training_names.take(
            np.linspace(0, len(self.training_names) - 1, count).astype(np.intp)
        )

    def _probe(self) -> EncodedNames:
        """Return names to tell the cost of a resize by: held-out ones, where there are any."""
        if self._measured is None:
            return self._training_probe()
        return self._measured.take(np.arange(min(_PROBE_NAMES, len(self._measured))))

    def _is_sound(self) -> bool:
        """Whether the parameters are numbers, and small enough to give a loss that is one."""
        return bool(np.abs(self.parameters.flat).max() < _LOST)

    def _keep(self) -> None:
        self._good = (self.step, self.parameters.copy())

    def _go_back(self) -> None:
        hidden = self.parameters.n_a
        step, parameters = self._good
        self.divergence = Divergence(self.step, step, self.hyperparameters.learning_rate)
        parameters = parameters.copy()
        if parameters.n_a != hidden:
            parameters = self._resized(parameters, hidden).parameters
        self._take_over(parameters)
        if self._carried is not None:
            self._carried = np.zeros(hidden)


def _read_only(values: list[float]) -> Array:
    array = np.array(values)
    array.flags.writeable = False
    return array
