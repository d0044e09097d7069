"""One run: its data, what it is built on, and everything that is known of its training."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from itertools import takewhile
from pathlib import Path
from typing import Any

from dinogui.common.advice import USUAL_CLIP, advice, with_usual_steps
from dinogui.common.run_plan import PlanData, RunPlan
from dinogui.common.sampling_messages import Measurement
from dinogui.workers.baselines_counter import Baselines
from engine.data.corpus import Corpus
from engine.data.text import Text
from engine.data.training_data import DataKind
from engine.evaluation.baselines import uniform_loss
from engine.evaluation.held_out.size import HeldOutSize
from engine.evaluation.units import DOCUMENT_UNITS, TELLING_UNITS, UNITS, Unit
from engine.nn.architecture import Architecture
from engine.training.curves.network_sizes import network_sizes
from engine.training.curves.run_curves import Curves
from engine.training.ending import Ended, Until
from engine.training.history.trainer_state import TrainerState
from engine.training.messages import (
    AnyLogEntry,
    HeldOutLoss,
    Progress,
    RunRequest,
    Snapshot,
)
from engine.training.rate_changes import RateChange, initial_hyperparameters, rate_course_of
from engine.training.recipes import Recipe
from engine.training.record import REPLACEMENTS, Event
from engine.training.settings import Hyperparameters, RunSettings, check_recipe

Mark = tuple[int, Hyperparameters, Until, int]
"""How a run stands: its steps, hyperparameters and end, and how often its network was replaced."""


def mark_of(state: TrainerState) -> Mark:
    """Return how a run stood when it was copied."""
    replacements = sum(event.kind in REPLACEMENTS for event in state.events)
    return state.step, state.hyperparameters, state.until, replacements


MAX_NOTE = 1_000
"""Characters of the longest note on an event."""


class RunState(Enum):
    """What a run is doing. The value is the word for it in the window."""

    EMPTY = "Nothing loaded"
    READY = "Ready"
    TRAINING = "Training"
    PAUSED = "Paused"
    DIVERGED = "Diverged"
    FAILED = "Stopped by an error"


def _new_library_id() -> str:
    """Return what identifies a new run in the list of runs."""
    return os.urandom(8).hex()


@dataclass(eq=False)
class Run:
    """A run, as the GUI thread knows it.

    The trainer and the record of events stay in the training thread, which knows the run by the
    same id. Other objects read the attributes; `Session` changes them, except for what is marked
    otherwise.

    Attributes
    ----------
    id : int
        Unique in a session and never used again. Messages of the training thread carry it.
    begun_with : RunPlan
        The recipe, the hyperparameters and the settings at the beginning.
    corpus : Corpus or Text or None
        The data. None only for the run of a session into which nothing was loaded.
    path : str or None
        The file the data was read from. None for data that comes with DinoGUI, or that is known
        only from the file of the run.
    state : RunState
    hyperparameters : Hyperparameters
        As last set. The trainer applies them at its next step.
    until : Until
        As last set.
    unchecked_clip : float
        The clip value that turning clipping on would set, while it is off.
    went_bad_with : Hyperparameters or None
        Those with which the loss last rose and stayed high, or the run diverged.
    resized_from : tuple or None
        The steps made when the network was last resized, and its widths before the first resize
        after that step.
    ended : Ended or None
        Why it has ended by itself, until it trains on.
    times_gone_to_best, times_gone_back : int
        How often it was sent back in this session to its best network, and to its last healthy one.
    replacements : int
        How often an earlier network has taken the place of a later one, or the other way round.
    resumed_at : int
        The steps it had made when it was opened from a file.
    curves : Curves
    baselines : Baselines
        Losses of n-gram models on the held-out data.
    full_held_out : HeldOutLoss or None
        The network's loss on everything that is held out, if it was measured since the training
        stopped. Written by `HeldOutMeasuring`.
    events : tuple of Event
        What has changed its course so far, as in its record.
    event_notes : dict of int to str
        What a person has written on an event, by its place in `events`.
    progress : Progress or None
        The latest.
    snapshot : Snapshot or None
        The latest.
    measurements : list of Measurement
        What the memory meter measured, in the order of steps. `NameGeneration` appends to it.
    log : list of AnyLogEntry
        What the network wrote during training. `RunLog` appends the entries of a text.
    library_id : str
        Identifies it in the list of runs, also in another session. Written by the library when the
        run is opened from a file.
    file : str or None
        The file the run is saved in. Written by `Saving`.
    saved : Mark or None
        How the run stood when it was saved there. Written by `Saving`.
    autosaved : Mark or None
        How the run stood when it was last autosaved. Written by `Autosave`.
    """

    id: int
    begun_with: RunPlan
    corpus: Corpus | Text | None = None
    path: str | None = None
    state: RunState = RunState.EMPTY
    resumed_at: int = 0
    curves: Curves = field(default_factory=Curves)
    baselines: Baselines = field(default_factory=Baselines)
    full_held_out: HeldOutLoss | None = None
    events: tuple[Event, ...] = ()
    event_notes: dict[int, str] = field(default_factory=dict)
    progress: Progress | None = None
    snapshot: Snapshot | None = None
    measurements: list[Measurement] = field(default_factory=list)
    log: list[AnyLogEntry] = field(default_factory=list)
    library_id: str = field(default_factory=_new_library_id)
    file: str | None = None
    saved: Mark | None = None
    autosaved: Mark | None = None
    resized_from: tuple[int, tuple[int, ...]] | None = None
    ended: Ended | None = None
    times_gone_to_best: int = 0
    times_gone_back: int = 0
    replacements: int = 0
    unchecked_clip: float = USUAL_CLIP
    went_bad_with: Hyperparameters | None = None
    hyperparameters: Hyperparameters = field(init=False)
    until: Until = field(init=False)

    def __post_init__(self) -> None:
        if self.corpus is not None:
            is_of_kinds = self.corpus.kinds is not None
            self.begun_with = replace(self.begun_with, is_of_kinds=is_of_kinds)
        self.hyperparameters = self.begun_with.hyperparameters
        self.until = self.begun_with.until
        self.take_events(self.events)

    def take_events(self, events: tuple[Event, ...]) -> None:
        """Note all that has changed its course, and with it the size of its network over time."""
        self.events, now = events, self.architecture
        if now is not None:
            self.curves.clock.sizes = network_sizes(now, events)

    @property
    def name(self) -> str:
        """The name of the file that it is saved in; empty if there is none."""
        return Path(self.file).name if self.file else ""

    @property
    def recipe(self) -> Recipe:
        """How the run trains."""
        return self.begun_with.recipe

    @property
    def settings(self) -> RunSettings:
        """What stays the same for the whole run: the cell, the seed, and so on."""
        return self.begun_with.settings

    @property
    def plan(self) -> RunPlan:
        """What a run that begins from here would be built on."""
        now = (self.recipe, self.hyperparameters, self.settings, self.until)
        return RunPlan(*now, is_of_kinds=self.begun_with.is_of_kinds)

    @property
    def has_gone_bad(self) -> bool:
        """Whether the run went bad, and its rate and clipping are still the same or known to hurt.

        Half of a rate that is far too high is too high as well.
        """
        bad, now = self.went_bad_with, self.hyperparameters
        if bad is None:
            return False
        return _step_rule(now) == _step_rule(bad) or advice(now, self.kind) is not None

    @property
    def plan_elsewhere(self) -> RunPlan:
        """What a run on other data, or the first run after the next start, would be built on.

        After a run that has gone bad, it has a usual learning rate and clip value.
        """
        if not self.has_gone_bad:
            return self.plan
        usual = with_usual_steps(self.hyperparameters, self.kind)
        return replace(self.plan, hyperparameters=usual)

    @property
    def kind(self) -> DataKind:
        """The kind of its data; "names" if there is none."""
        return "names" if self.corpus is None else self.corpus.kind

    @property
    def plan_data(self) -> PlanData:
        """What its plan is for; without data, that which the plan was last used for."""
        if self.kind != "names":
            return self.kind
        return "kinds" if self.begun_with.is_of_kinds else "names"

    @property
    def tells(self) -> bool:
        """Whether its network tells the kinds of names or tunes, and writes none."""
        return self.settings.task == "tell"

    @property
    def shown_output(self) -> DataKind:
        """What is shown of its output: what it writes, or else names or tunes that it tells."""
        return "names" if self.tells else self.kind

    @property
    def kind_counts(self) -> dict[str, int]:
        """The kinds that its network is told, in their order, and the names or tunes of each."""
        kinds = None if self.corpus is None else self.corpus.kinds
        if kinds is None or self.tells:
            return {}
        return dict(zip(kinds.titles, kinds.counts, strict=True))

    @property
    def held_out_size(self) -> HeldOutSize | None:
        """How much is held out, and how much of it the curve is measured on; None if nothing is."""
        if self.corpus is None or not self.recipe.holds_out:
            return None
        settings = self.settings
        return HeldOutSize.of(
            self.corpus, settings.held_out, settings.window, settings.seed, settings.task
        )

    @property
    def held_out_since(self) -> int:
        """The step from which on the held-out curve is measured on what `held_out_size` says.

        Earlier versions measured a text in streams on the beginning of the held-out part.
        """
        is_in_streams = self.kind != "names" and self.settings.window is None
        return self.curves.held_out_since if is_in_streams else 0

    @property
    def architecture(self) -> Architecture | None:
        """The network as the hyperparameters describe it; None without data."""
        if self.corpus is None:
            return None
        corpus, widths = self.corpus, self.hyperparameters.widths
        return self.settings.architecture(len(corpus.vocabulary), widths, corpus.n_kinds)

    @property
    def steps_made(self) -> int:
        """The steps made, according to the latest progress."""
        return self.resumed_at if self.progress is None else self.progress.step

    @property
    def trained_widths(self) -> tuple[int, ...]:
        """The widths of the network at the last step, to which its losses belong."""
        if self.resized_from is not None and self.resized_from[0] == self.steps_made:
            return self.resized_from[1]
        # A resize that was ordered last may not have been made yet.
        in_force = self.progress.hyperparameters if self.progress is not None else None
        return (in_force or self.hyperparameters).widths

    def note_resize(self, step: int, widths_before: tuple[int, ...]) -> None:
        """Note that the network was resized after so many steps."""
        if self.resized_from is None or self.resized_from[0] != step:
            self.resized_from = step, widths_before

    @property
    def has_fallen_rate(self) -> bool:
        """Whether the learning rate in force is another than the one that is set."""
        now, progress = self.hyperparameters, self.progress
        epoch = progress.decay_epoch_of(now) if progress is not None else 0.0
        return now.rate_at(epoch) != now.learning_rate

    @property
    def initial_hyperparameters(self) -> Hyperparameters:
        """Those at the very beginning of the run, which may have been opened later."""
        return initial_hyperparameters(self.begun_with.hyperparameters, self.events)

    def rate_changes(self) -> Mapping[int, RateChange]:
        """Return how events changed the learning rate, by their places in `events`."""
        course = rate_course_of(
            *(self.initial_hyperparameters, self.events, self.steps_made, self.curves.clock),
            *(self.kind, self.settings.window),
        )
        return {} if course is None else course.changes

    @property
    def until_left(self) -> Until:
        """The conditions that can still end the run; it may have gone on beyond the others."""
        now = self.progress
        if now is None:
            return self.until
        return self.until.left(now.step, now.seconds, is_loss_met=now.is_loss_met)

    @property
    def can_train(self) -> bool:
        """Whether the run can go on training from the state that it is in."""
        return self.state in (RunState.READY, RunState.PAUSED, RunState.DIVERGED)

    @property
    def can_go_to_best(self) -> bool:
        """Whether there is a better network than the present one to go back to."""
        trend = self.progress.held_out if self.progress is not None else None
        if trend is None or self.state not in (
            RunState.TRAINING,
            RunState.PAUSED,
            RunState.DIVERGED,
        ):
            return False
        is_best_now = trend.latest.nats_per_character == trend.best.nats_per_character
        return not (is_best_now and trend.latest.step == self.steps_made)

    def changed(self, changes: Mapping[str, Any], *, undo: bool = False) -> Hyperparameters:
        """Return the hyperparameters with some of them changed.

        Parameters
        ----------
        changes : mapping of str to value
        undo : bool
            Whether an earlier change is undone. Only that may take a layer away.

        Raises
        ------
        ValueError
            If a value is outside its limits, or a layer would be taken away.
        """
        wanted = replace(self.hyperparameters, **changes)
        if len(wanted.widths) < len(self.hyperparameters.widths) and not undo:
            raise ValueError(
                "Layers can be added to a network that is being trained, and Undo takes them away "
                "again. For fewer layers than that, begin a new run."
            )
        check_recipe(self.recipe, wanted, self.settings)
        return wanted

    def guessing_loss(self, unit: Unit) -> float:
        """Return what guessing uniformly among the symbols, or the kinds, costs; 0 without data.

        In the unit of an accuracy, it is how often that is right.
        """
        architecture = self.architecture
        if architecture is None:
            return 0.0
        if unit.is_accuracy:
            return float(unit.from_nats(1.0 / architecture.n_outputs))
        return self.loss_in(unit, uniform_loss(architecture.n_outputs))

    def loss_in(self, unit: Unit, nats_per_character: float) -> float:
        """Convert a loss to a unit, for names of mean length; see `Unit.of`."""
        return unit.of(nats_per_character * self.mean_length, self.mean_length)

    @property
    def mean_length(self) -> float:
        """The symbols of a name or of a document, with its end; of melodies, those of a note.

        It is 1 for a running text, and where kinds are told.
        """
        corpus = self.corpus
        if self.tells:
            return 1.0
        has_notes = self.kind == "melodies"
        is_running = isinstance(corpus, Text) and not self.reads_documents and not has_notes
        if corpus is None or is_running:
            return 1.0
        return corpus.mean_length

    @property
    def reads_documents(self) -> bool:
        """Whether it reads a text document by document: windows reach over their ends."""
        corpus, window = self.corpus, self.settings.window
        return isinstance(corpus, Text) and corpus.documents is not None and window is None

    @property
    def units(self) -> tuple[Unit, ...]:
        """The units that its losses can be shown in."""
        if self.tells:
            return TELLING_UNITS
        reads_texts = self.reads_documents and self.kind == "text"
        return DOCUMENT_UNITS if reads_texts else UNITS[self.kind]

    def request(self) -> RunRequest:
        """Return what the training thread needs to begin this run.

        Raises
        ------
        ValueError
            If the run has no data.
        """
        if self.corpus is None:
            raise ValueError("a run needs data to train on.")
        return RunRequest(
            self.id, self.corpus, self.recipe, self.hyperparameters, self.settings, self.until
        )

    def take_progress(self, progress: Progress) -> None:
        """Add what was trained since the last message."""
        was_high = self.progress is not None and self.progress.rise is not None
        if progress.rise is not None and not was_high:
            self.went_bad_with = self.hyperparameters
        self.progress = progress
        self.curves.take(
            *(progress.chunk, progress.step, progress.epoch, progress.examples, progress.seconds)
        )
        if progress.smoothed_loss is not None and not self.curves.has_losses:
            # Earlier versions of the command line saved no curves: the run goes on where its
            # record stands.
            characters = progress.smoothed_characters or 1.0
            self.curves.begin_smoothed(progress.step, progress.smoothed_loss, characters)
        self.curves.spikes = progress.spikes

    def set_hyperparameters(self, hyperparameters: Hyperparameters) -> None:
        """Take on other hyperparameters, and remember a clip value that was turned off."""
        if hyperparameters.clip is None and self.hyperparameters.clip is not None:
            self.unchecked_clip = self.hyperparameters.clip
        self.hyperparameters = hyperparameters

    def share_past(self, past: SharedPast) -> None:
        """Take over what is known of the past that this run shares with another."""
        run, step = past.run, past.step
        self.baselines = run.baselines
        pairs = zip(self.events, run.events, strict=False)
        shared = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
        self.event_notes = {at: note for at, note in run.event_notes.items() if at < shared}
        self.log.extend(entry for entry in run.log if entry.steps_made <= step)
        self.measurements.extend(each for each in run.measurements if each.step <= step)

    def note_event(self, index: int, note: str) -> None:
        """Write a note on an event. No file has it yet."""
        note = note.encode(errors="ignore").decode()[:MAX_NOTE]  # what a file can hold
        if note:
            self.event_notes[index] = note
        else:
            self.event_notes.pop(index, None)
        self.saved = self.autosaved = None

    def renew_library_id(self) -> None:
        """Be another run in the list of runs from now on: the list has this one already."""
        self.library_id = _new_library_id()

    def stand_still(self) -> None:
        """Note that the training thread has turned to another run."""
        if self.state is RunState.TRAINING:
            self.state = self.state_at_rest

    @property
    def state_at_rest(self) -> RunState:
        """The state of the run when it does not train: before its first step, it is ready."""
        return RunState.PAUSED if self.steps_made else RunState.READY

    def is_worth_keeping(self, rather_than: Run | None) -> bool:
        """Return whether this run holds something that a person would miss.

        Steps are worth more than changed hyperparameters: a run that has only those does not take
        the place of a run that has made steps.
        """
        if self.corpus is None or self.state is RunState.FAILED:
            return False
        if self.steps_made:
            return True
        return self.plan != self.begun_with and not (rather_than and rather_than.steps_made)

    @property
    def mark(self) -> Mark:
        """How the run stands now, to be compared with `saved`."""
        return self.steps_made, self.hyperparameters, self.until, self.replacements

    @property
    def is_unsaved(self) -> bool:
        """Whether the run has changed since it was saved; if it never was, whether it has steps."""
        if self.saved is None:
            return self.steps_made > 0
        return self.mark != self.saved

    @property
    def is_on_disk(self) -> bool:
        """Whether all of the run is saved or autosaved, or there is nothing to save."""
        return not self.is_unsaved or self.mark == self.autosaved


@dataclass(frozen=True)
class SharedPast:
    """The past that a new run shares with an open one on the same data.

    Attributes
    ----------
    run : Run
    step : int
        Up to which they are the same.
    """

    run: Run
    step: int


def _step_rule(hyperparameters: Hyperparameters) -> tuple[float, float | None, str, str]:
    """Return what decides how long the steps are."""
    now = hyperparameters
    return now.learning_rate, now.clip, now.clipping, now.optimizer


def unchecked_clip_of(events: Sequence[Event]) -> float:
    """Return the clip value that was in force before clipping was last turned off in a record."""
    for event in reversed(events):
        for change in event.changes:
            if change.name == "clip" and change.after is None:
                return float(change.before)
    return USUAL_CLIP
