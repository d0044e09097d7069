"""The session: the window's only door to the training."""

from collections.abc import Callable
from dataclasses import replace
from enum import Enum
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from dinogui.common.preferences import RunChoice
from dinogui.session.curves import Curves
from dinogui.session.data_reader import DataReader
from dinogui.session.name_generation import NameGeneration
from dinogui.session.previous_run import PreviousRun
from dinogui.session.run_plans import RunPlan, RunPlans
from dinogui.session.training import Training
from dinogui.workers.run_copy import RunCopy
from dinogui.workers.service import Refusal, Threads
from engine.data.corpus import Corpus
from engine.data.text import Text
from engine.data.training_data import DataKind
from engine.evaluation.baselines import uniform_loss
from engine.evaluation.units import Unit
from engine.nn.architecture import Architecture
from engine.nn.network import NamesLoss
from engine.sampling.candidates import SearchResult
from engine.training.data_loader import check_run
from engine.training.messages import (
    Divergence,
    LogEntry,
    Progress,
    ResizeReport,
    RunRequest,
    SetHyperparameters,
    Snapshot,
)
from engine.training.presets import Preset
from engine.training.recipes import DEFAULT, Recipe
from engine.training.record import EventKind
from engine.training.settings import Hyperparameters, RunSettings, check_recipe


class RunState(Enum):
    """What the run is doing. The value is the word for it in the window."""

    EMPTY = "Nothing loaded"
    READY = "Ready"
    TRAINING = "Training"
    PAUSED = "Paused"
    DIVERGED = "Diverged"
    FAILED = "Stopped by an error"


class Session(QObject):
    """Knows the run in hand, its state, and the latest of what the threads sent.

    Lives in the GUI thread. Orders go out as queued signals, frozen values come back.

    Parameters
    ----------
    seed : int
        Of the first run, of presets that have none of their own, and of generated names.
    parent : QObject, optional
    threads : Threads, optional
        In which all work is done that takes time; its own if absent.

    Attributes
    ----------
    threads : Threads
    run_id : int
        The number of this run among all that there were.
    state : RunState
    corpus : Corpus, Text or None
    path : str or None
        Where it was read; None for what comes with DinoGUI, or out of the file of a run.
    recipe : Recipe
    settings : RunSettings
        Of this run.
    begun_with : RunPlan
        What this run began with.
    baselines : tuple of NamesLoss
        What n-gram models of this run's names cost, order 1 first; empty until they are counted.
    hyperparameters : Hyperparameters
        As they were asked for last; they act at the next step.
    history : Curves
        The curves of this run.
    progress : Progress or None
        The latest.
    snapshot : Snapshot or None
        The latest.
    workshop : NameGeneration
        Lets the latest network write names.

    Signals
    -------
    state_changed(RunState)
    hyperparameters_changed(Hyperparameters)
    run_begun()
        There is another run: another corpus, recipe, or the same once more.
    progressed(Progress)
    snapshot_taken(Snapshot)
        The network as it is now: five a second while it trains, and after whatever else changed it.
    log_entry_written(LogEntry)
    text_entry_due(Snapshot)
        The same for a text: what is to write an entry is the network as it was then.
    network_made()
        The run's first network is there, and can write.
    resized(ResizeReport)
    baselines_counted()
    diverged(Divergence)
    failed(str)
        The training met an exception; the log has the details.
    loading_advanced(float)
        Share of a file that is read; 1 when it is done, read or refused.
    refused(str)
        A file could not be used; a sentence says why. The run goes on.
    names_written(list of str)
        What the network was asked to write.
    closing()
        All threads have ended, as far as they were waited for.
    """

    state_changed = Signal(object)
    hyperparameters_changed = Signal(object)
    run_begun = Signal()
    progressed = Signal(object)
    snapshot_taken = Signal(object)
    log_entry_written = Signal(object)
    text_entry_due = Signal(object)
    network_made = Signal()
    resized = Signal(object)
    baselines_counted = Signal()
    diverged = Signal(object)
    failed = Signal(str)
    loading_advanced = Signal(float)
    refused = Signal(str)
    names_written = Signal(object)
    closing = Signal()

    def __init__(
        self, seed: int = 0, parent: QObject | None = None, threads: Threads | None = None
    ) -> None:
        super().__init__(parent)
        self.threads = threads or Threads(self)
        self.run_id = 0
        self._latest_run_id = 0
        self._seed = seed
        self.settings = RunSettings(seed=seed)
        self.state = RunState.EMPTY
        self.corpus: Corpus | Text | None = None
        self.path: str | None = None
        self._kept: PreviousRun | None = None
        self.recipe: Recipe = DEFAULT
        self.hyperparameters = Hyperparameters()
        self.curves = Curves()
        self.baselines: tuple[NamesLoss, ...] = ()
        self.progress: Progress | None = None
        self.snapshot: Snapshot | None = None
        self.begun_with = self.plan
        self._load_path = ""
        self._load_plan: RunPlan | None = None
        self._plans = RunPlans()
        self._training = Training(self.threads, self)
        self._reader = DataReader(self.threads, self)
        self.name_generation = NameGeneration(self.threads, self)
        self.snapshot_taken.connect(self.name_generation.take_snapshot)
        self.name_generation.found.connect(self._tell_written)
        self._connect_training()
        self._connect_reader()

    def _connect_training(self) -> None:
        training = self._training
        training.progressed.connect(self._take_progress)
        training.snapshot_taken.connect(self._take_snapshot)
        training.log_entry_written.connect(self._take_log_entry)
        training.text_entry_due.connect(self._take_text_entry)
        training.resized.connect(self._take_resize)
        training.stopped.connect(self._take_stop)
        training.failed.connect(self._take_failure)

    def _connect_reader(self) -> None:
        reader = self._reader
        reader.advanced.connect(self.loading_advanced)
        reader.read.connect(self._take_data)
        reader.refused.connect(self.refused)
        reader.counted.connect(self._take_baselines)

    # Orders

    def load(
        self,
        path: str,
        *,
        kind: DataKind | None = None,
        lower_case: bool = True,
        lower_case_text: bool = False,
        plan: RunPlan | None = None,
    ) -> None:
        """Read a file, and begin a run on it once it is read; until then nothing changes.

        Parameters
        ----------
        path : str
        kind : str, optional
            What to read it as: "names" or "text"; told by how it begins where absent.
        lower_case, lower_case_text : bool
            Whether to lower-case names, and text.
        plan : RunPlan, optional
            What to begin with; what was last in force for this kind of data where absent.
        """
        self._load_path, self._load_plan = path, plan
        self._reader.load(path, kind, lower_case, lower_case_text)

    @Slot()
    def give_up_loading(self) -> None:
        """Let a file that is still being read be; the run goes on."""
        self._reader.give_up()

    def use(self, corpus: Corpus | Text) -> None:
        """Begin a run on a corpus; a file that is still being read is not wanted any more.

        Raises
        ------
        ValueError
            If a text is too short for its run; the present run goes on.
        """
        self.give_up_loading()
        self._begin_on(corpus, None, None)

    def _begin_on(self, corpus: Corpus | Text, path: str | None, plan: RunPlan | None) -> None:
        kind: DataKind = "text" if isinstance(corpus, Text) else "names"
        if plan is None:
            is_same = kind == self.kind
            plan = self.plan if is_same else self._plans.plan_for(kind, self.settings)
        check_run(corpus, plan.recipe, plan.hyperparameters, plan.settings)
        self._plans.keep(self.kind, self.plan)
        self._begin_run(corpus, path, plan)

    def restore(self, run: RunChoice | None, seed: int | None) -> None:
        """Let the first run begin with what is remembered of an earlier one, and with a seed."""
        if run is not None:
            self.recipe, hyperparameters, self.settings = run
            self._note_hyperparameters(hyperparameters)
        if seed is not None:
            self.settings = replace(self.settings, seed=seed)

    def restart(
        self,
        recipe: Recipe | None = None,
        hyperparameters: Hyperparameters | None = None,
        settings: RunSettings | None = None,
    ) -> None:
        """Begin anew with the same data, and with what is not given as it is now.

        Raises
        ------
        ValueError
            If the recipe does not go with the network or the data, or a text is too short; the
            present run goes on.
        """
        recipe = recipe or self.recipe
        hyperparameters = hyperparameters or self.hyperparameters
        settings = settings or self.settings
        if self.corpus is None:
            return
        plan = RunPlan(recipe, hyperparameters, settings)
        check_run(self.corpus, plan.recipe, plan.hyperparameters, plan.settings)
        self._begin_run(self.corpus, self.path, plan)

    def _begin_run(self, corpus: Corpus | Text, path: str | None, plan: RunPlan) -> None:
        self._put_aside()
        run = PreviousRun(self._next_run_id(), corpus, path, plan, plan)
        self._turn_to(run, RunState.READY)
        self._training.begin(self._request(corpus))
        self._tell_run(corpus)

    def resume(self, corpus: Corpus | Text, path: str | None, copy: RunCopy, curve: Curves) -> None:
        """Go on with a run that was saved, its data read from `path`, where `curve` ends."""
        self.give_up_loading()
        self._plans.keep(self.kind, self.plan)
        state = copy.state
        plan = RunPlan(state.recipe, state.hyperparameters, state.settings)
        self._put_aside()
        self._turn_to(
            PreviousRun(self._next_run_id(), corpus, path, plan, plan, curve),
            RunState.PAUSED if state.step else RunState.READY,
        )
        self._training.resume(self._request(corpus), copy)
        self._tell_run(corpus)

    def _put_aside(self) -> None:
        """Keep the present run, if there is anything in it to go back to; forget it otherwise."""
        dropped = present = PreviousRun.of(self)
        if self.state is not RunState.FAILED and present.is_worth_keeping(self._kept):
            dropped, self._kept = self._kept or dropped, present
        if dropped is not self._kept:
            self._training.forget(dropped.run_id)

    def _next_run_id(self) -> int:
        self._latest_run_id += 1
        return self._latest_run_id

    @property
    def steps_made(self) -> int:
        """Steps of this run, by the latest progress; 0 until there is one."""
        return 0 if self.progress is None else self.progress.step

    @property
    def has_earlier_run(self) -> bool:
        """Whether there is a run for `exchange_runs` to go back to."""
        return self._kept is not None

    @property
    def earlier_curves(self) -> Curves | None:
        """The curves of that run."""
        return None if self._kept is None else self._kept.curves

    def exchange_runs(self) -> None:
        """Go back to the run before this one, which is kept to be gone back to in its turn.

        A run that was stopped by an error is not kept: there is nothing left of it.
        """
        kept = self._kept
        if kept is None or kept.corpus is None:
            return
        self._kept = None if self.state is RunState.FAILED else PreviousRun.of(self)
        self._plans.keep(self.kind, self.plan)
        self._turn_to(kept, RunState.PAUSED if kept.has_learned else RunState.READY)
        self._training.switch_to(self.run_id)
        self._tell_run(kept.corpus)
        self.name_generation.recall(kept.measurements)
        if kept.snapshot is not None:
            self._take_snapshot(self.run_id, kept.snapshot)

    def _turn_to(self, run: PreviousRun, state: RunState) -> None:
        """Make a run the present one."""
        self.run_id = run.run_id
        self._reader.give_up_counting()
        run.put_into(self)
        self._note_hyperparameters(run.plan.hyperparameters)
        self._set_state(state)

    def _tell_run(self, corpus: Corpus | Text) -> None:
        """Tell everybody that there is another run, and let its baselines be counted."""
        if isinstance(corpus, Corpus):
            self.name_generation.begin(corpus, self.recipe, self.settings)
        else:
            self.name_generation.rest()
        self.run_begun.emit()
        if self.baselines:
            self.baselines_counted.emit()
        elif self.recipe.holds_out:
            self._reader.count(self._request(corpus))

    def _request(self, corpus: Corpus | Text) -> RunRequest:
        return RunRequest(self.run_id, corpus, self.recipe, self.hyperparameters, self.settings)

    @property
    def plan(self) -> RunPlan:
        """What this run is built on, and its knobs as they are now."""
        return RunPlan(self.recipe, self.hyperparameters, self.settings)

    def copy_run(self, done: Callable[[RunCopy], None], refused: Callable[[Refusal], None]) -> None:
        """Copy the run as it is between two steps; see `Training.copy`."""
        self._training.copy(self.run_id, done, refused)

    def begin_preset(self, preset: Preset) -> None:
        """Begin anew as a preset describes it; the data stays as it was read.

        Raises
        ------
        ValueError
            If a text is too short for it; the present run goes on.
        """
        plan = self.plan_of(preset)
        self.restart(plan.recipe, plan.hyperparameters, plan.settings)

    def plan_of(self, preset: Preset) -> RunPlan:
        """Return what a preset says, with the seed that the session was opened with.

        The course's notebook has its own seed, as without it the figures are not the course's.
        """
        plan = RunPlan.of(preset)
        if preset.recipe.is_legacy:
            return plan
        return replace(plan, settings=replace(plan.settings, seed=self._seed))

    @property
    def kind(self) -> DataKind:
        """What is learned: "names", also before there are any, or "text"."""
        return "text" if isinstance(self.corpus, Text) else "names"

    @property
    def architecture(self) -> Architecture | None:
        """What this run's network is built of, once the knobs have acted; None without names."""
        if self.corpus is None:
            return None
        return Architecture(
            len(self.corpus.vocabulary),
            self.settings.cell,
            self.hyperparameters.widths,
            self.settings.embedding,
            self.settings.dtype,
        )

    @property
    def can_train(self) -> bool:
        """Whether `train` and `step` would do something."""
        return self.state in (RunState.READY, RunState.PAUSED, RunState.DIVERGED)

    def train(self, until_step: int | None = None) -> None:
        """Train on: until so many steps are made in all, or without end."""
        if self.can_train:
            self._set_state(RunState.TRAINING)
            self._training.train(until_step)

    @Slot()
    def pause(self) -> None:
        """Stop training; it can go on later as if nothing had been."""
        if self.state is RunState.TRAINING:
            self._set_state(RunState.PAUSED)
            self._training.pause()

    @Slot()
    def train_or_pause(self) -> None:
        """Pause while training, train otherwise."""
        if self.state is RunState.TRAINING:
            self.pause()
        else:
            self.train()

    @Slot()
    def step(self) -> None:
        """Learn from one name."""
        if self.can_train:
            self._set_state(RunState.PAUSED)
            self._training.step()

    def recover(self, how: EventKind) -> None:
        """Go back to the last good network, or on with the lost one, after a divergence.

        Parameters
        ----------
        how : {"roll back", "roll back and halve the rate", "go on"}
            The first leaves it at that; the others train on.
        """
        if self.state is not RunState.DIVERGED:
            return
        if how == "roll back and halve the rate":
            hyperparameters = self.hyperparameters
            self._note_hyperparameters(
                replace(hyperparameters, learning_rate=hyperparameters.learning_rate / 2)
            )
        self._set_state(RunState.PAUSED if how == "roll back" else RunState.TRAINING)
        self._training.recover(how)

    def set_hyperparameters(
        self, mark: int | None = None, *, back: bool = False, **changes: Any
    ) -> None:
        """Set knobs, named as in `Hyperparameters`. They act at the next step.

        Parameters
        ----------
        mark : int, optional
            By which a change of widths can be undone: see `Trainer.set_hyperparameters`.
        back : bool
            Whether this takes back the change under that mark.
        **changes
            The new values.

        Raises
        ------
        ValueError
            If a value lies outside what is allowed; nothing is changed.
        """
        wanted = replace(self.hyperparameters, **changes)
        if len(wanted.widths) < len(self.hyperparameters.widths):
            raise ValueError(
                "Layers can be added to a network that learns, but not taken away. "
                "Begin a new run with fewer."
            )
        check_recipe(self.recipe, wanted, self.settings)
        if wanted != self.hyperparameters:
            self._note_hyperparameters(wanted)
            self._training.set_hyperparameters(SetHyperparameters(wanted, mark, back))

    def _note_hyperparameters(self, hyperparameters: Hyperparameters) -> None:
        self.hyperparameters = hyperparameters
        self.hyperparameters_changed.emit(hyperparameters)

    def measure_updates(self, on: bool) -> None:
        """Let snapshots come with how far the latest step went, or spare the work."""
        self._training.measure_updates(on)

    @Slot(object)
    def _tell_written(self, found: SearchResult) -> None:
        if found.is_over:
            self.names_written.emit([candidate.name for candidate in found.candidates])

    def guessing_loss(self, unit: Unit) -> float:
        """Return what uniform guessing of the distinct names, or the text, costs, in a unit."""
        if self.corpus is None:
            return 0.0
        length = self.corpus.mean_length if isinstance(self.corpus, Corpus) else 1.0
        return unit.of(uniform_loss(len(self.corpus.vocabulary)) * length, length)

    @property
    def has_network(self) -> bool:
        """Whether there is a network that can write."""
        return self.snapshot is not None

    @property
    def snapshot_step(self) -> int:
        """The steps that the latest network had made; 0 where there is none."""
        return self.snapshot.step if self.snapshot else 0

    def close(self) -> None:
        """End the threads, and wait for it; a slice of training takes 24 ms.

        A single step of a very large network on a very large batch takes longer than anybody
        waits for: then `has_ended` stays False.
        """
        self.threads.close()
        self.closing.emit()

    @property
    def has_ended(self) -> bool:
        """Whether all threads are at an end."""
        return self.threads.have_ended

    # What comes back

    def _set_state(self, state: RunState) -> None:
        if state is not self.state:
            self.state = state
            self.state_changed.emit(state)

    @Slot(int, object)
    def _take_progress(self, run_id: int, progress: Progress) -> None:
        if run_id == self.run_id:
            self.progress = progress
            self.curves.append(progress.step, progress.chunk)
            self.progressed.emit(progress)
        elif self._kept is not None and run_id == self._kept.run_id:
            self._kept.take_progress(progress)

    @Slot(int, object)
    def _take_snapshot(self, run_id: int, snapshot: Snapshot) -> None:
        if run_id == self.run_id:
            is_first = self.snapshot is None
            self.snapshot = snapshot
            self.snapshot_taken.emit(snapshot)
            if is_first:
                self.network_made.emit()

    @Slot(int, object)
    def _take_log_entry(self, run_id: int, entry: LogEntry) -> None:
        if run_id == self.run_id:
            self.log_entry_written.emit(entry)

    @Slot(int, object)
    def _take_text_entry(self, run_id: int, snapshot: Snapshot) -> None:
        if run_id == self.run_id:
            self.text_entry_due.emit(snapshot)

    @Slot(int, object)
    def _take_resize(self, run_id: int, report: ResizeReport) -> None:
        if run_id == self.run_id:
            self.resized.emit(report)

    @Slot(int, object)
    def _take_stop(self, run_id: int, divergence: Divergence | None) -> None:
        if run_id != self.run_id:
            return
        self._set_state(RunState.PAUSED if divergence is None else RunState.DIVERGED)
        if divergence is not None:
            self.diverged.emit(divergence)

    @Slot(int, str)
    def _take_failure(self, run_id: int, message: str) -> None:
        if run_id == self.run_id:
            self._set_state(RunState.FAILED)
            self.failed.emit(message)

    @Slot(object)
    def _take_data(self, data: Corpus | Text) -> None:
        try:
            self._begin_on(data, self._load_path, self._load_plan)
        except ValueError as error:
            self.refused.emit(str(error))

    @Slot(int, object)
    def _take_baselines(self, run_id: int, losses: tuple[NamesLoss, ...]) -> None:
        if run_id == self.run_id:
            self.baselines = losses
            self.baselines_counted.emit()
