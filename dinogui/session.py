"""The session: the window's only door to the training."""

import logging
import math
from dataclasses import replace
from enum import Enum
from typing import Any

from PySide6.QtCore import QObject, Qt, QThread, Signal, Slot

from dinogui.baselines_counter import BaselinesCounter
from dinogui.history import History
from dinogui.kept_run import KeptRun
from dinogui.loader import Loader, LoadRequest
from dinogui.preferences import RunChoice
from dinogui.run_copy import RunCopy
from dinogui.run_plans import RunPlan, RunPlans
from dinogui.worker import TrainWorker
from dinogui.workshop import Workshop
from engine.architecture import Architecture
from engine.baselines import uniform_loss
from engine.corpus import Corpus, unify
from engine.lessons import check_run
from engine.messages import Divergence, LogEntry, Progress, ResizeReport, RunRequest, Snapshot, Turn
from engine.network import NamesLoss
from engine.presets import Preset
from engine.recipes import DEFAULT, Recipe
from engine.record import Deed
from engine.sampling import MAX_LENGTH, SamplingError, logged_names, sample_names
from engine.settings import Hyperparameters, RunSettings, check_recipe
from engine.text import Kind, Text
from engine.units import Unit
from engine.workshop import Found

_CLOSING_MILLISECONDS = 5_000
_log = logging.getLogger(__name__)


class RunState(Enum):
    """What the run is doing. The value is the word for it in the window."""

    EMPTY = "Nothing loaded"
    READY = "Ready"
    TRAINING = "Training"
    PAUSED = "Paused"
    DIVERGED = "Diverged"
    FAILED = "Stopped by an error"


class Session(QObject):
    """Owns the threads, the latest of what they sent, and the state of the run.

    Lives in the GUI thread. Orders go out as queued signals, frozen values come back.

    Parameters
    ----------
    seed : int
        Of the first run, of presets that have none of their own, and of generated names.

    Attributes
    ----------
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
    history : History
        The curves of this run.
    progress : Progress or None
        The latest.
    snapshot : Snapshot or None
        The latest.
    workshop : Workshop
        Lets the latest network write names.

    Signals
    -------
    state_changed(RunState)
    knobs_turned(Hyperparameters)
    run_begun()
        There is another run: another corpus, recipe, or the same once more.
    progressed(Progress)
    snapshot_taken(Snapshot)
        The network as it is now: five a second while it trains, and after whatever else changed it.
    log_entry_written(LogEntry)
    text_entry_due(Snapshot)
        The same for a text: what is to write an entry is the network as it was then.
    network_made()
        The run's first network is there: `generate` works from now on.
    resized(ResizeReport)
    baselines_counted()
    diverged(Divergence)
    copied(int, RunCopy or None)
        What `copy_run` asked for; all progress up to it was told before.
    failed(str)
        The training met an exception; the log has the details.
    loading_advanced(float)
        Share of a file that is read; 1 when it is done, read or refused.
    refused(str)
        A file could not be used; a sentence says why. The run goes on.
    names_written(list of str)
        What the network was asked to write.
    closing()
        The threads are about to end; whoever has others ends them too.
    """

    state_changed = Signal(object)
    knobs_turned = Signal(object)
    run_begun = Signal()
    progressed = Signal(object)
    snapshot_taken = Signal(object)
    log_entry_written = Signal(object)
    text_entry_due = Signal(object)
    network_made = Signal()
    resized = Signal(object)
    baselines_counted = Signal()
    diverged = Signal(object)
    copied = Signal(int, object)
    failed = Signal(str)
    loading_advanced = Signal(float)
    refused = Signal(str)
    names_written = Signal(object)
    closing = Signal()

    _begin = Signal(object, bool)
    _resume = Signal(object, object, bool)
    _exchange = Signal(int)
    _copy = Signal(int)
    _recover = Signal(int, str)
    _train = Signal(int, object)
    _step = Signal(int)
    _pause = Signal(int)
    _turn = Signal(object)
    _measure_updates = Signal(bool)
    _load = Signal(object)
    _count = Signal(object)

    def __init__(self, seed: int = 0, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._seed = seed
        self.settings = RunSettings(seed=seed)
        self.state = RunState.EMPTY
        self.corpus: Corpus | Text | None = None
        self.path: str | None = None
        self._kept: KeptRun | None = None
        self.recipe: Recipe = DEFAULT
        self.hyperparameters = Hyperparameters()
        self.history = History()
        self.baselines: tuple[NamesLoss, ...] = ()
        self.progress: Progress | None = None
        self.snapshot: Snapshot | None = None
        self.begun_with = self.plan
        self._generation = 0
        self._order = 0
        self._generated = 0
        self._load_request = 0
        self._load_path = ""
        self._load_plan: RunPlan | None = None
        self._plans = RunPlans()
        self._training_thread, self._loading_thread = QThread(self), QThread(self)
        self._worker, self._loader = TrainWorker(), Loader()
        self._counter = BaselinesCounter()
        self.workshop = Workshop(self)
        self.snapshot_taken.connect(self.workshop.take_snapshot)
        self.workshop.found.connect(self._tell_written)
        self._connect_worker()
        self._connect_loader()
        for thread, name in (
            (self._training_thread, "training"),
            (self._loading_thread, "loading"),
        ):
            thread.setObjectName(name)
            thread.start()

    def _connect_worker(self) -> None:
        worker, thread = self._worker, self._training_thread
        worker.moveToThread(thread)
        # Emitted by the thread itself as it ends: timers may be stopped in their own thread only.
        thread.finished.connect(worker.halt, Qt.ConnectionType.DirectConnection)
        self._begin.connect(worker.begin)
        self._resume.connect(worker.resume)
        self._copy.connect(worker.copy)
        self._recover.connect(worker.recover)
        self._exchange.connect(worker.exchange)
        self._train.connect(worker.train)
        self._step.connect(worker.step)
        self._pause.connect(worker.pause)
        self._turn.connect(worker.turn)
        self._measure_updates.connect(worker.measure_updates)
        worker.progressed.connect(self._take_progress)
        worker.snapshot_taken.connect(self._take_snapshot)
        worker.log_entry_due.connect(self._write_log_entry)
        worker.resized.connect(self._take_resize)
        worker.stopped.connect(self._take_stop)
        worker.copied.connect(self.copied)
        worker.failed.connect(self._take_failure)

    def _connect_loader(self) -> None:
        loader = self._loader
        loader.moveToThread(self._loading_thread)
        self._load.connect(loader.load)
        loader.advanced.connect(self._take_loading)
        loader.loaded.connect(self._take_corpus)
        loader.refused.connect(self._take_refusal)
        counter = self._counter
        counter.moveToThread(self._loading_thread)
        self._count.connect(counter.count)
        counter.counted.connect(self._take_baselines)

    # Orders

    def load(
        self,
        path: str,
        *,
        kind: Kind | None = None,
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
        self._abandon_loading()
        self._load_path, self._load_plan = path, plan
        self.loading_advanced.emit(0.0)
        request = LoadRequest(self._load_request, path, kind, lower_case, lower_case_text)
        self._load.emit(request)

    @Slot()
    def give_up_loading(self) -> None:
        """Let a file that is still being read be; the run goes on."""
        self._abandon_loading()
        self.loading_advanced.emit(1.0)

    def _abandon_loading(self) -> None:
        self._load_request += 1
        self._loader.abandon_before(self._load_request)

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
        kind: Kind = "text" if isinstance(corpus, Text) else "names"
        if plan is None:
            is_same = kind == self.kind
            plan = self.plan if is_same else self._plans.plan_for(kind, self.settings)
        check_run(corpus, plan.recipe, plan.hyperparameters, plan.settings)
        self._plans.keep(self.kind, self.plan)
        self._begin_run(corpus, path, plan)

    def restore(self, run: RunChoice | None, seed: int | None) -> None:
        """Let the first run begin with what is remembered of an earlier one, and with a seed."""
        if run is not None:
            self.recipe, knobs, self.settings = run
            self._set_knobs(knobs)
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
        keeps = self._put_aside()
        self._turn_to(KeptRun(self._generation, corpus, path, plan, plan), RunState.READY)
        self._begin.emit(self._request(corpus), keeps)
        self._tell_run(corpus)

    def resume(
        self, corpus: Corpus | Text, path: str | None, copy: RunCopy, curve: History
    ) -> None:
        """Go on with a run that was saved, its data read from `path`, where `curve` ends."""
        self.give_up_loading()
        self._plans.keep(self.kind, self.plan)
        state = copy.state
        plan = RunPlan(state.recipe, state.hyperparameters, state.settings)
        keeps = self._put_aside()
        self._turn_to(
            KeptRun(self._generation, corpus, path, plan, plan, curve),
            RunState.PAUSED if state.step else RunState.READY,
        )
        self._resume.emit(self._request(corpus), copy, keeps)
        self._tell_run(corpus)

    def _put_aside(self) -> bool:
        """Keep the present run, if there is anything in it to go back to; return whether."""
        present = KeptRun.of(self)
        keeps = self.state is not RunState.FAILED and present.is_worth_keeping(self._kept)
        if keeps:
            self._kept = present
        return keeps

    @property
    def has_earlier_run(self) -> bool:
        """Whether there is a run for `exchange_runs` to go back to."""
        return self._kept is not None

    def exchange_runs(self) -> None:
        """Go back to the run before this one, which is kept to be gone back to in its turn.

        A run that was stopped by an error is not kept: there is nothing left of it.
        """
        kept = self._kept
        if kept is None or kept.corpus is None:
            return
        self._kept = None if self.state is RunState.FAILED else KeptRun.of(self)
        self._plans.keep(self.kind, self.plan)
        self._turn_to(kept, RunState.PAUSED if kept.has_learned else RunState.READY)
        self._exchange.emit(self._generation)
        self._tell_run(kept.corpus)
        self.workshop.recall(kept.measurements)
        if kept.snapshot is not None:
            self._take_snapshot(self._generation, kept.snapshot)

    def _turn_to(self, run: KeptRun, state: RunState) -> None:
        """Make a run the present one, under another generation."""
        self._generation += 1
        self._counter.abandon_before(self._generation)
        run.put_into(self)
        self._set_knobs(run.plan.hyperparameters)
        self._set_state(state)

    def _tell_run(self, corpus: Corpus | Text) -> None:
        """Tell everybody that there is another run, and let its baselines be counted."""
        if isinstance(corpus, Corpus):
            self.workshop.begin(corpus, self.recipe, self.settings)
        else:
            self.workshop.rest()
        self.run_begun.emit()
        if self.baselines:
            self.baselines_counted.emit()
        elif self.recipe.holds_out:
            self._count.emit(self._request(corpus))

    def _request(self, corpus: Corpus | Text) -> RunRequest:
        return RunRequest(
            self._generation, corpus, self.recipe, self.hyperparameters, self.settings
        )

    @property
    def generation(self) -> int:
        """The number of this run among all that there were."""
        return self._generation

    @property
    def plan(self) -> RunPlan:
        """What this run is built on, and its knobs as they are now."""
        return RunPlan(self.recipe, self.hyperparameters, self.settings)

    def copy_run(self, number: int) -> None:
        """Order a copy of the run as it is between two steps; `copied` brings it."""
        self._copy.emit(number)

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
    def kind(self) -> Kind:
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
            self._train.emit(self._next_order(), until_step)

    @Slot()
    def pause(self) -> None:
        """Stop training; it can go on later as if nothing had been."""
        if self.state is RunState.TRAINING:
            self._set_state(RunState.PAUSED)
            self._pause.emit(self._next_order())

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
            self._step.emit(self._next_order())

    def recover(self, how: Deed) -> None:
        """Go back to the last good network, or on with the lost one, after a divergence.

        Parameters
        ----------
        how : {"roll back", "roll back and halve the rate", "go on"}
            The first leaves it at that; the others train on.
        """
        if self.state is not RunState.DIVERGED:
            return
        if how == "roll back and halve the rate":
            knobs = self.hyperparameters
            self._set_knobs(replace(knobs, learning_rate=knobs.learning_rate / 2))
        self._set_state(RunState.PAUSED if how == "roll back" else RunState.TRAINING)
        self._recover.emit(self._next_order(), how)

    def _next_order(self) -> int:
        """Return the number of another order, by which the answer to an earlier one is known."""
        self._order += 1
        return self._order

    def turn(self, mark: int | None = None, *, back: bool = False, **changes: Any) -> None:
        """Turn knobs, named as in `Hyperparameters`. They act at the next step.

        Parameters
        ----------
        mark : int, optional
            By which a change of widths can be taken back; see `engine.trainer.Trainer.turn`.
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
            self._set_knobs(wanted)
            self._turn.emit(Turn(wanted, mark, back))

    def _set_knobs(self, hyperparameters: Hyperparameters) -> None:
        self.hyperparameters = hyperparameters
        self.knobs_turned.emit(hyperparameters)

    def measure_updates(self, on: bool) -> None:
        """Let snapshots come with how far the latest step went, or spare the work."""
        self._measure_updates.emit(on)

    def generate(self, count: int, temperature: float, beginning: str) -> list[str]:
        """Let the network write names, as it was at the latest snapshot.

        Raises
        ------
        SamplingError, UnknownSymbolError
            With a sentence for people.
        """
        if self.snapshot is None or not isinstance(self.corpus, Corpus):
            raise SamplingError("There is no network yet. Open a file of names, or wait for it.")
        names = sample_names(
            self.snapshot.parameters,
            self.snapshot.vocabulary,
            count,
            # Another seed for every press, and the same ones in every session.
            seed=self.settings.seed + self._generated,
            temperature=temperature,
            beginning=unify(beginning, lower_case=self.corpus.lower_case),
            max_length=max(MAX_LENGTH, len(self.corpus.longest)),
        )
        self._generated += 1
        self.names_written.emit(names)
        return names

    @Slot(object)
    def _tell_written(self, found: Found) -> None:
        if found.is_over:
            self.names_written.emit([proposal.name for proposal in found.proposals])

    def guessing_loss(self, unit: Unit) -> float:
        """Return what uniform guessing of the distinct names, or the text, costs, in a unit."""
        if self.corpus is None:
            return 0.0
        length = self.corpus.mean_length if isinstance(self.corpus, Corpus) else 1.0
        return unit.of(uniform_loss(len(self.corpus.vocabulary)) * length, length)

    @property
    def has_network(self) -> bool:
        """Whether there is a network that `generate` can let write."""
        return self.snapshot is not None

    @property
    def snapshot_step(self) -> int:
        """The steps that the network had made that `generate` writes with."""
        return self.snapshot.step if self.snapshot else 0

    def close(self) -> None:
        """End both threads, and wait for it; a slice of training takes 20 ms.

        A single step of a very large network on a very large batch takes longer than anybody
        waits for: then `has_ended` stays False.
        """
        self.closing.emit()
        self._loader.abandon_before(math.inf)
        self._counter.abandon_before(math.inf)
        self.workshop.close()
        for thread in (self._training_thread, self._loading_thread):
            thread.quit()
        for thread in (self._training_thread, self._loading_thread):
            if not thread.wait(_CLOSING_MILLISECONDS):
                _log.error("The %s thread did not end.", thread.objectName())

    @property
    def has_ended(self) -> bool:
        """Whether both threads are at an end."""
        threads = (self._training_thread, self._loading_thread)
        return all(thread.isFinished() for thread in threads)

    # What comes back

    def _is_late(self, generation: int) -> bool:
        return generation != self._generation

    def _set_state(self, state: RunState) -> None:
        if state is not self.state:
            self.state = state
            self.state_changed.emit(state)

    @Slot(int, object)
    def _take_progress(self, generation: int, progress: Progress) -> None:
        if self._is_late(generation):
            if self._kept is not None and generation == self._kept.generation:
                self._kept.take_progress(progress)
            return
        self.progress = progress
        self.history.append(progress.step, progress.stretch)
        self.progressed.emit(progress)

    @Slot(int, object)
    def _take_snapshot(self, generation: int, snapshot: Snapshot) -> None:
        if self._is_late(generation):
            return
        is_first = self.snapshot is None
        self.snapshot = snapshot
        self.snapshot_taken.emit(snapshot)
        if is_first:
            self.network_made.emit()

    @Slot(int, object)
    def _write_log_entry(self, generation: int, snapshot: Snapshot) -> None:
        if self._is_late(generation) or snapshot.smoothed_loss is None:
            return
        if self.kind == "text":
            self.text_entry_due.emit(snapshot)
            return
        names = logged_names(
            snapshot.parameters,
            snapshot.vocabulary,
            is_legacy=self.recipe.is_legacy,
            seed=snapshot.step,
        )
        self.log_entry_written.emit(
            LogEntry(snapshot.step - 1, snapshot.smoothed_loss, tuple(names))
        )

    @Slot(int, object)
    def _take_resize(self, generation: int, report: ResizeReport) -> None:
        if not self._is_late(generation):
            self.resized.emit(report)

    @Slot(int, int, object)
    def _take_stop(self, generation: int, order: int, divergence: Divergence | None) -> None:
        if self._is_late(generation) or order != self._order:
            return
        self._set_state(RunState.PAUSED if divergence is None else RunState.DIVERGED)
        if divergence is not None:
            self.diverged.emit(divergence)

    @Slot(int, object)
    def _take_baselines(self, generation: int, losses: tuple[NamesLoss, ...]) -> None:
        if not self._is_late(generation):
            self.baselines = losses
            self.baselines_counted.emit()

    @Slot(int, str)
    def _take_failure(self, generation: int, message: str) -> None:
        if not self._is_late(generation):
            self._set_state(RunState.FAILED)
            self.failed.emit(message)

    @Slot(int, float)
    def _take_loading(self, request: int, share: float) -> None:
        if request == self._load_request:
            self.loading_advanced.emit(share)

    @Slot(int, object)
    def _take_corpus(self, request: int, corpus: Corpus | Text) -> None:
        if request != self._load_request:
            return
        self.loading_advanced.emit(1.0)
        try:
            self._begin_on(corpus, self._load_path, self._load_plan)
        except ValueError as error:
            self.refused.emit(str(error))

    @Slot(int, str)
    def _take_refusal(self, request: int, message: str) -> None:
        if request == self._load_request:
            self.loading_advanced.emit(1.0)
            self.refused.emit(message)
