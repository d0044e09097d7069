"""What can be read of a run while it is trained."""

from dataclasses import dataclass, replace

import numpy as np

from engine.data.corpus import Corpus
from engine.data.text import Text
from engine.data.vocabulary import EncodedNames, Vocabulary
from engine.evaluation.held_out.size import HeldOutSize
from engine.nn.fast.split_batches import Helper
from engine.nn.network import NamesLoss
from engine.nn.parameters import Parameters
from engine.nn.resizing.undo import Resizings
from engine.training.decay_start import DecayStarts
from engine.training.ending import Ended, Ending, Until
from engine.training.history.event_log import EventLog
from engine.training.history.machine_history import MachineHistory
from engine.training.history.trainer_state import TrainerState
from engine.training.learner import Learner, NetworkCopy
from engine.training.loaders.data_loader import check_run
from engine.training.loaders.example_loader import ExampleLoader
from engine.training.messages import Divergence, HeldOutTrend, LossRise, LossSpike, Snapshot
from engine.training.recipes import Recipe
from engine.training.record import Event, Record, WarmStart
from engine.training.settings import (
    Hyperparameters,
    RunSettings,
    default_hyperparameters,
)
from engine.training.step_memory import check_step_memory
from engine.training.watching.best_network import BestKeeper, BestNetwork
from engine.training.watching.divergence_guard import DivergenceGuard
from engine.training.watching.held_out_schedule import HeldOutSchedule
from engine.training.watching.loss_watch import LossWatch
from engine.training.watching.smoothing import (
    NAMES_HORIZON,
    SYMBOLS_HORIZON,
    SmoothedLoss,
    make_smoothed_loss,
)

LOG_EVERY = 2_000
"""Iterations between two log entries, as in the course."""

LOG_TEXT_EVERY = 250
"""The same for a text, and for passages of tunes: each step reads hundreds of symbols."""


@dataclass(frozen=True)
class LeftNetwork:
    """The network that was left for an earlier one."""

    step: int
    network: NetworkCopy
    resizings: Resizings
    smoothed: SmoothedLoss


class ObservedRun:
    """A run as others see it: its network, its losses, its record, and what its watches found.

    Nothing here changes the run; `engine.training.trainer.Trainer` adds what does, and describes
    the parameters and attributes.
    """

    def __init__(
        self,
        corpus: Corpus | Text,
        hyperparameters: Hyperparameters | None,
        recipe: Recipe,
        settings: RunSettings | None,
        state: TrainerState | None,
        warm_start: WarmStart | None,
        helper: Helper | None,
        until: Until,
    ) -> None:
        self.hyperparameters = hyperparameters or default_hyperparameters(recipe)
        self._initial_hyperparameters = self.hyperparameters
        self.recipe = recipe
        self.settings = settings or RunSettings()
        check_run(corpus, recipe, self.hyperparameters, self.settings)
        check_step_memory(corpus, self.hyperparameters, self.settings)
        self.corpus = corpus
        self.vocabulary: Vocabulary = corpus.vocabulary
        self.step = 0
        tells_tunes = corpus.kind == "melodies" and self.settings.task == "tell"
        self._log_every = LOG_TEXT_EVERY if corpus.kind == "text" or tells_tunes else LOG_EVERY
        self._log = EventLog()
        self.warm_start = state.warm_start if state else warm_start
        given = state or warm_start
        initial = given.parameters.copy() if given and given.parameters else None
        self.learner = Learner(corpus, self.hyperparameters, recipe, self.settings, initial, helper)
        self._guard = DivergenceGuard()
        self._watch = LossWatch(self.n_outputs, _symbols_per_example(corpus, self.settings))
        self._smoothed = self._new_average()
        self._held_out = HeldOutSchedule(self.learner.loader)
        self._best = BestKeeper()
        self._left_for_best: LeftNetwork | None = None
        self._left_for_healthy: LeftNetwork | None = None
        self._decay_starts = DecayStarts()
        self._ending = Ending(until)
        self._initial_until = self._ending.until
        self._machines = MachineHistory(self.hyperparameters.backend)

    @property
    def parameters(self) -> Parameters:
        """The live parameters: they change with every step."""
        return self.learner.parameters

    @property
    def kinds(self) -> tuple[str, ...]:
        """The titles of the kinds that the network is told or tells; empty if it knows none."""
        return () if self.corpus.kinds is None else self.corpus.kinds.titles

    @property
    def n_outputs(self) -> int:
        """What the network chooses from: the symbols, or the kinds where it tells them."""
        return self.parameters.architecture.n_outputs

    @property
    def smoothed_loss(self) -> float | None:
        """The recipe's moving average of the loss, as in `Chunk`; None before the first step."""
        return self._smoothed.loss

    @property
    def smoothed_characters(self) -> float | None:
        """The same average of the characters; None before the first step."""
        return self._smoothed.characters

    @property
    def divergence(self) -> Divergence | None:
        """Set when the run diverges; the parameters are then the last good ones again.

        The next `run` clears it. Before that, `roll_back` or `go_on` may choose how to continue.
        """
        return self._guard.divergence

    @property
    def best(self) -> BestNetwork | None:
        """The network with the lowest held-out loss so far; None if nothing is held out."""
        return self._best.best

    @property
    def is_at_best(self) -> bool:
        """Whether the network is the best one."""
        best, now = self.best, self.parameters
        return (
            best is not None
            and best.parameters.architecture == now.architecture
            and np.array_equal(best.parameters.flat, now.flat)
        )

    @property
    def held_out_trend(self) -> HeldOutTrend | None:
        """The best held-out loss beside the latest one; None if nothing is held out."""
        return self._best.trend

    @property
    def until(self) -> Until:
        """When the run ends by itself. `set_until` changes it."""
        return self._ending.until

    @property
    def ended(self) -> Ended | None:
        """Set when the run has ended by itself. The next `run` clears it, and goes on."""
        return self._ending.ended

    @property
    def is_loss_met(self) -> bool:
        """Whether the loss in `until` has ended the run, and no longer does."""
        return self._ending.is_loss_met

    @property
    def rise(self) -> LossRise | None:
        """Set while the smoothed loss is far too high; `go_back` leads out of it."""
        rise = self._watch.rise
        return rise and replace(rise, good_step=self.good_step)

    @property
    def watched_loss(self) -> float | None:
        """The smoothed loss that `rise` is judged by, in nats per character, if there is one."""
        return self._watch.loss

    @property
    def spikes(self) -> tuple[LossSpike, ...]:
        """Peaks of a loss that was far too high and came down, in the order of the steps."""
        return self._watch.spikes

    @property
    def good_step(self) -> int:
        """The step of the network that `go_back` would continue from."""
        return self._last_healthy()[0]

    @property
    def has_healthier(self) -> bool:
        """Whether `go_back` would lead further back than a divergence has led already."""
        return self.good_step < self._guard.good_step

    @property
    def record(self) -> Record:
        """What the run began with, and all events so far."""
        return Record(
            self.corpus.source,
            self.corpus.fingerprint,
            self.recipe.name,
            self.settings,
            self._initial_hyperparameters,
            self._log.events,
            self.warm_start,
            self._initial_until,
        )

    @property
    def n_events(self) -> int:
        """How many events the record has so far."""
        return len(self._log)

    def events_since(self, place: int) -> tuple[Event, ...]:
        """Return the events of the record from a place on, counted from 0."""
        return self._log.since(place)

    @property
    def held_out(self) -> EncodedNames | None:
        """All held-out names or passages; None for a text, or if the recipe holds none out."""
        loader = self.learner.loader
        return loader.held_out if isinstance(loader, ExampleLoader) else None

    def held_out_title(self, place: int) -> str:
        """Return what to call one of `held_out`: the name, or a passage's tune and bars."""
        loader = self.learner.loader
        assert isinstance(loader, ExampleLoader)  # only these hold out names or passages
        return loader.held_out_title(place)

    @property
    def training_names(self) -> EncodedNames:
        """The training names or passages; for a text, pieces from all over its training part."""
        loader = self.learner.loader
        return loader.training if isinstance(loader, ExampleLoader) else loader.training_probe()

    def held_out_loss(self) -> NamesLoss | None:
        """Return the loss on all held-out data; None if nothing is held out."""
        data = self.learner.loader.held_out_data
        return None if data is None else data.loss(self.parameters, in_full=True)

    @property
    def held_out_size(self) -> HeldOutSize | None:
        """How much is held out, and measured during training; None if nothing is held out."""
        data = self.learner.loader.held_out_data
        return None if data is None else data.size

    @property
    def epoch(self) -> float:
        """Passes over the training data so far."""
        return self.learner.loader.taken / len(self.learner.loader)

    @property
    def decay_epoch(self) -> float:
        """Passes over the data since the learning rate was last set, as its decay counts them."""
        return self.learner.decay_epoch(self.hyperparameters.schedule)

    @property
    def learning_rate(self) -> float:
        """The learning rate in force: that of the next step."""
        return self.hyperparameters.rate_at(self.decay_epoch)

    @property
    def is_at_log_entry(self) -> bool:
        """Whether the course logs the step just made: iterations 0, 2000, 4000, ...

        The course counts from 0, so its iteration 2000 is the 2,001st step. For a text, and for
        passages of tunes, it is the first step and every `LOG_TEXT_EVERY`-th after it.
        """
        return self.step % self._log_every == 1

    @property
    def steps_to_log_entry(self) -> int:
        """How many steps are made up to the next log entry; 1 or more."""
        return self._log_every - (self.step - 1) % self._log_every

    def snapshot(self) -> Snapshot:
        """Copy the network as it is now."""
        loss, characters = self.smoothed_loss, self.smoothed_characters
        if isinstance(self.corpus, Text) and loss is not None and characters is not None:
            loss /= characters
        return Snapshot(
            step=self._log.network_step(self.step),
            parameters=self.parameters.frozen_copy(),
            vocabulary=self.vocabulary,
            smoothed_loss=loss,
            latest_name=self.learner.loader.latest,
            kinds=self.kinds,
        )

    def _new_average(self) -> SmoothedLoss:
        has_examples = isinstance(self.learner.loader, ExampleLoader)
        return make_smoothed_loss(
            self.n_outputs,
            is_legacy=self.recipe.is_legacy,
            smoothing=self.settings.smoothing,
            horizon=NAMES_HORIZON if has_examples else SYMBOLS_HORIZON,
        )

    def _last_healthy(self) -> tuple[int, Parameters]:
        return self._guard.last_healthy(self._watch.healthy_step)


def _symbols_per_example(corpus: Corpus | Text, settings: RunSettings) -> float:
    """Return how many predictions the loss of an example covers, on average."""
    if settings.task == "tell":
        return 1
    if isinstance(corpus, Corpus):
        return corpus.mean_length
    return settings.length if settings.window is None else 1
