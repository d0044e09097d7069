"""The session: the window's only way to the training."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import cached_property, partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from dinogui.common.run_plan import PlanData, RunPlan
from dinogui.session.data.data_export import DataExport
from dinogui.session.data.data_preview import DataPreview
from dinogui.session.data_reader import DataReader
from dinogui.session.futures.looking_ahead import LookingAhead
from dinogui.session.generation.name_generation import NameGeneration
from dinogui.session.held_out_measuring import HeldOutMeasuring
from dinogui.session.overlay.runs_on_plot import RunsOnPlot
from dinogui.session.playing import Playing
from dinogui.session.racing.racing import Racing
from dinogui.session.run import Run, RunState, SharedPast, mark_of, unchecked_clip_of
from dinogui.session.run_plans import RunPlans, plan_data_of
from dinogui.session.trained_run import TrainedRun
from dinogui.workers.baselines_counter import Baselines
from dinogui.workers.file_reader import ReadRequest
from dinogui.workers.futures_worker import FutureCopy
from dinogui.workers.run_copy import RunCopy
from dinogui.workers.service import Refusal, Threads
from engine.data.corpus import Corpus
from engine.data.reading.choices import AUTOMATIC, ReadingChoices
from engine.data.sources.data_source import DataSource
from engine.data.sources.places import key_of_places
from engine.data.text import Text
from engine.data.training_data import DataKind
from engine.nn.backends import best_backend
from engine.sampling.candidates import SearchResult
from engine.training.curves.run_curves import Curves
from engine.training.ending import Until
from engine.training.loaders.data_loader import check_run
from engine.training.messages import AnyLogEntry
from engine.training.presets import Preset
from engine.training.recipes import DEFAULT, Recipe
from engine.training.record import widths_at_last_step
from engine.training.settings import Hyperparameters, RunSettings, default_hyperparameters
from engine.training.step_memory import check_step_memory

if TYPE_CHECKING:
    from dinogui.session.melody_generation import MelodyGeneration


class Session(TrainedRun):
    """The open runs, with everything that can be done to them.

    Lives in the GUI thread. Orders to the other threads go out as queued signals, and frozen values
    come back.

    Parameters
    ----------
    seed : int
        The seed of the first run, of presets that have none of their own, and of generated names.
    parent : QObject, optional
    threads : Threads, optional
        Where everything is done that takes time; if absent, the session makes its own.

    Attributes
    ----------
    undo : Undo
        Records changes of hyperparameters, for each run apart.
    name_generation : NameGeneration
        Generates names with the network that is looked at.
    held_out_measuring : HeldOutMeasuring
        Measures the latest network on everything that is held out.
    on_plot : RunsOnPlot
        The runs that are drawn beside the present one.
    ahead : LookingAhead
        Shows what the next steps would be with a knob turned.
    racing : Racing
        Races on the data of the run shown.
    reader : DataReader
        Reads data; what it cannot read, it tells besides with what could be done.
    data_preview : DataPreview
        Looks at the beginning of data.
    data_export : DataExport
        Writes the data of the run shown to files.
    playing : Playing
        Plays melodies.

    Signals
    -------
    Besides those of `TrainedRun`:

    loading_advanced(float)
        The share of a file that has been read; 1 when it was read, refused or given up.
    left_out(str)
        A run has begun on data, of which some files were left out; a sentence says which.
    run_file_found(str, str)
        A file that was to be read as names or a text is a saved run: its path, and a sentence.
    names_written(list of str)
        The names that were asked for last.
    run_left(Run)
        Another run is about to be shown. Orders that follow still reach this one as it is.
    run_lost(Run)
        An earlier run had to be forgotten, although it could not be written to the disk.
    gone_on(int, int)
        The run shown is a new one that shares its past with the one before it. It was to go on from
        the first step, and goes on from the second one, as the first may not be reached again.
    closing()
        All threads have ended, or were not waited for any longer.
    """

    loading_advanced = Signal(float)
    left_out = Signal(str)
    run_file_found = Signal(str, str)
    names_written = Signal(object)
    run_left = Signal(object)
    run_lost = Signal(object)
    gone_on = Signal(int, int)
    closing = Signal()

    def __init__(
        self, seed: int = 0, parent: QObject | None = None, threads: Threads | None = None
    ) -> None:
        plan = RunPlan(DEFAULT, default_hyperparameters(DEFAULT), RunSettings(seed=seed))
        super().__init__(plan, threads, parent)
        self._plans = RunPlans(seed)
        self._load_path: str | None = None
        self._load_plan: RunPlan | None = None
        self._load_held_out: float | None = None
        self._load_balance: float | None = None
        self.name_generation = NameGeneration(self.threads, self.blend, self)
        self.view_changed.connect(self.name_generation.take_snapshot)
        self.snapshot_taken.connect(self.name_generation.measure_if_due)
        self.name_generation.found.connect(self._tell_written)
        self.reader = DataReader(self.threads, self)
        self.reader.advanced.connect(self.loading_advanced)
        self.reader.read.connect(self._take_data)
        self.reader.refused.connect(self.refused)
        self.reader.found_run.connect(self._tell_run_file)
        self.reader.counted.connect(self._take_baselines)
        self.held_out_measuring = HeldOutMeasuring(self)
        self.on_plot = RunsOnPlot(self.runs, self)
        self.run_left.connect(self.on_plot.note_left)
        self.run_begun.connect(self.on_plot.show_previous)
        # The last steps of the run before are reported just before the first of this one.
        self.progressed.connect(self.on_plot.settle)
        self.ahead = LookingAhead(self, self._training, self._show_future)
        self.racing = Racing(self, self.resume, self.use)
        self.data_preview = DataPreview(self.threads, self)
        self.data_export = DataExport(self.threads, self)
        self.playing = Playing(self.threads, self)

    @cached_property
    def melody_generation(self) -> "MelodyGeneration":
        """Has the network that is looked at improvise melodies; made on first use."""
        from dinogui.session.melody_generation import MelodyGeneration

        return MelodyGeneration(self)

    @Slot()
    def train_or_pause(self) -> None:
        """Pause during training, and train otherwise; the same for a race while there is one."""
        if self.racing.is_on:
            self.racing.pause_or_go_on()
        else:
            super().train_or_pause()

    # Data

    def load(
        self,
        source: str | DataSource,
        *,
        kind: DataKind | None = None,
        lower_case: bool = True,
        lower_case_text: bool = False,
        plan: RunPlan | None = None,
        choices: ReadingChoices = AUTOMATIC,
        asks: bool = False,
        held_out: float | None = None,
        balance: float | None = None,
    ) -> None:
        """Read data, and begin a run on them; until they are read, the run shown goes on.

        Parameters
        ----------
        source : str or DataSource
            A path; or several, as `engine.data.sources.places` writes them; or another source.
        kind : str, optional
            What to read it as: "names" or "text". If absent, the beginning of the file decides.
        lower_case, lower_case_text : bool
            Whether to lower-case names, and text.
        plan : RunPlan, optional
            What to begin with; if absent, what was last used for this kind of data, or for names
            with kinds, with a usual learning rate and clip value if that has gone bad.
        choices : ReadingChoices
            How to read the data.
        asks : bool
            Whether the reader is to emit `questioned`, and not to read the data, if they leave a
            question.
        held_out : float, optional
            Share of the data to hold out, instead of that of the plan.
        balance : float, optional
            How evenly kinds of names are drawn, instead of as the plan says.
        """
        places = () if isinstance(source, str) else source.places
        self._load_path = source if isinstance(source, str) else None
        if places:
            self._load_path = key_of_places(places)
        self._load_plan, self._load_held_out, self._load_balance = plan, held_out, balance
        self.reader.load(ReadRequest(source, kind, lower_case, lower_case_text, choices, asks))

    @Slot()
    def give_up_loading(self) -> None:
        """Stop reading a file; the run shown goes on."""
        self.reader.give_up()

    def understand(
        self,
        source: DataSource,
        *,
        kind: DataKind | None,
        lower_case: bool,
        lower_case_text: bool,
        done: Callable[[Corpus | Text], None],
        refused: Callable[[str], None],
    ) -> None:
        """Read data as `load` does, without beginning a run.

        Parameters
        ----------
        source, kind, lower_case, lower_case_text
            As in `load`.
        done : callable
            Takes the data, unless other data are to be understood by then.
        refused : callable
            Takes a sentence that says why they cannot be read.
        """
        self.reader.understand(
            ReadRequest(source, kind, lower_case, lower_case_text), done, refused
        )

    def give_up_understanding(self) -> None:
        """Stop reading what was to be understood."""
        self.reader.give_up_understanding()

    def use(self, corpus: Corpus | Text, plan: RunPlan | None = None) -> None:
        """Begin a run on data that is in memory, and stop reading a file.

        Parameters
        ----------
        corpus : Corpus or Text
        plan : RunPlan, optional
            What to begin with. If absent, what was used last for such data.

        Raises
        ------
        ValueError
            If a text is too short for the run; the run shown goes on.
        """
        self.give_up_loading()
        self._begin_on(corpus, None, plan)

    # Runs

    def use_plan(self, plan: RunPlan | None, seed: int | None, data: PlanData = "names") -> None:
        """Set what the first run begins with: a plan, or the default, with a seed of its own.

        A plan for a text or for tunes waits until such data are opened.
        """
        if plan is not None and data in ("text", "melodies"):
            self._plans.keep(data, plan)
            plan = None
        plan = plan or self.run.plan
        if seed is not None:
            plan = replace(plan, settings=replace(plan.settings, seed=seed))
        self.runs.shown = Run(0, plan)
        self.hyperparameters_changed.emit(plan.hyperparameters)
        self.until_changed.emit(plan.until)

    def restart(
        self,
        recipe: Recipe | None = None,
        hyperparameters: Hyperparameters | None = None,
        settings: RunSettings | None = None,
        until: Until | None = None,
    ) -> None:
        """Begin a new run on the same data. What is not given is taken from the run shown.

        Raises
        ------
        ValueError
            If the recipe does not suit the network or the data, or a text is too short; the run
            shown goes on.
        """
        now = self.run.plan
        plan = RunPlan(
            recipe or now.recipe,
            hyperparameters or now.hyperparameters,
            settings or now.settings,
            now.until if until is None else until,
        )
        if self.run.corpus is not None:
            self._begin(self.run.corpus, self.run.path, plan)

    def begin_on(self, corpus: Corpus | Text, path: str | None, plan: RunPlan) -> None:
        """Begin a new run on data that is in memory; `path` is the file that it was read from.

        Raises
        ------
        ValueError
            If the recipe does not suit the network or the data, or a text is too short; the run
            shown goes on.
        """
        self.give_up_loading()
        self._begin(corpus, path, plan)

    def begin_preset(self, preset: Preset) -> None:
        """Begin a new run on the same data, as a preset describes it.

        Raises
        ------
        ValueError
            If a text is too short for it; the run shown goes on.
        """
        plan = self.plan_of(preset)
        self.restart(plan.recipe, plan.hyperparameters, plan.settings, plan.until)

    def plan_of(self, preset: Preset) -> RunPlan:
        """Return the plan of a preset; see `RunPlans.plan_of`."""
        return self._plans.plan_of(preset)

    def resume(
        self,
        corpus: Corpus | Text,
        path: str | None,
        copy: RunCopy,
        curves: Curves,
        log: Iterable[AnyLogEntry] = (),
        past: SharedPast | None = None,
    ) -> Run:
        """Show a run that was saved, and make ready to train it from there.

        Parameters
        ----------
        corpus : Corpus or Text
            Its data.
        path : str or None
            The file the data was read from.
        copy : RunCopy
        curves : Curves
            Up to the step of the copy.
        log : iterable of AnyLogEntry
            What the network has written during the training, after the past that is shared.
        past : SharedPast, optional
            What it shares with another open run.

        Returns
        -------
        Run
        """
        self.give_up_loading()
        state_before, saved = self._leave_run(), copy.state
        run = self.runs.show_new(
            RunPlan(saved.recipe, saved.hyperparameters, saved.settings, saved.until),
            corpus,
            path,
            saved.step,
            curves,
        )
        run.replacements = mark_of(saved)[-1]
        widths = saved.hyperparameters.widths
        run.note_resize(saved.step, widths_at_last_step(saved.events, saved.step, widths))
        run.unchecked_clip = unchecked_clip_of(saved.events)
        run.take_events(saved.events)
        if past is not None:
            run.share_past(past)
        run.log.extend(log)
        self._tell_change(state_before)
        self._training.resume(run.request(), copy)
        self._tell_shown()
        return run

    def show_run(self, run_id: int) -> bool:
        """Show an open run again; the run shown until now moves to the background.

        Returns
        -------
        bool
            Whether there is a run of that id.
        """
        run = self.runs.get(run_id)
        if run is None:
            return False
        if run is not self.run:
            state_before = self._leave_run()
            self.runs.show(run)
            self._tell_change(state_before)
            self._training.switch_to(run_id)
            self._tell_shown()
            if run.snapshot is not None:
                self._show_snapshot(run.snapshot, is_first=True)
        return True

    def plan_on(self, data: PlanData) -> RunPlan:
        """Return what a run on other data would begin with, unless another plan is given."""
        now = self.run
        is_alike = data == now.plan_data
        return now.plan_elsewhere if is_alike else self._plans.plan_for(data, now.settings)

    def _begin_on(
        self,
        corpus: Corpus | Text,
        path: str | None,
        plan: RunPlan | None,
        held_out: float | None = None,
        balance: float | None = None,
    ) -> None:
        """Begin a run on other data."""
        if plan is None:
            plan = self.plan_on(plan_data_of(corpus))
        if held_out is not None:
            plan = replace(plan, settings=replace(plan.settings, held_out=held_out))
        if balance is not None and corpus.kinds is not None:
            drawn = replace(plan.hyperparameters, balance=balance)
            plan = replace(plan, hyperparameters=drawn)
        if corpus.kinds is None and plan.settings.task == "tell":  # there is nothing to tell
            writing = replace(plan.settings, task="write", both_directions=False)
            plan = replace(plan, settings=writing)
        self._begin(corpus, path, plan)

    def _begin(self, corpus: Corpus | Text, path: str | None, plan: RunPlan) -> None:
        best = replace(plan.hyperparameters, backend=best_backend())
        plan = replace(plan, hyperparameters=best)
        check_run(corpus, plan.recipe, plan.hyperparameters, plan.settings)
        check_step_memory(corpus, plan.hyperparameters, plan.settings)
        state_before, unchecked_clip = self._leave_run(), self.run.unchecked_clip
        run = self.runs.show_new(plan, corpus, path)
        run.unchecked_clip = unchecked_clip
        self._tell_change(state_before)
        self._training.begin(run.request())
        self._tell_shown()

    @Slot()
    def trim_runs(self) -> None:
        """Let go of the earlier runs that are too many to stay open."""
        for run in self.runs.trim():
            self.run_lost.emit(run)

    def _leave_run(self) -> RunState:
        """Note how the run shown is left, before another one is shown, and return its state."""
        run = self.run
        self._plans.keep(run.plan_data, run.plan_elsewhere)
        if run.corpus is not None:
            self.run_left.emit(run)
        return run.state

    def _tell_change(self, state_before: RunState) -> None:
        """Emit signals for everything that differs in the run shown now."""
        self.reader.give_up_counting()
        self.hyperparameters_changed.emit(self.run.hyperparameters)
        self.until_changed.emit(self.run.until)
        if self.run.state is not state_before:
            self.state_changed.emit(self.run.state)

    def _tell_shown(self) -> None:
        """Tell everybody that another run is shown, and count its baselines if need be."""
        run = self.run
        self._told_rise = None
        self.undo.show(run.id)
        if isinstance(run.corpus, Corpus) and not run.tells:
            self.name_generation.begin(
                run.id, run.corpus, run.recipe, run.settings, run.measurements
            )
        else:
            self.name_generation.rest()
        self.run_begun.emit()
        self.trim_runs()
        if run.baselines.measured:
            self.baselines_counted.emit()
        if not run.baselines.in_full and run.recipe.holds_out:
            self.reader.count(run.request())

    def go_on_from(self, step: int) -> None:
        """Begin a new run that shares the past of the run shown up to a step.

        It is paused at that step. The run shown until now stays open as it is.
        """
        run = self.run
        if run.corpus is None:
            return
        step = min(max(step, 0), run.steps_made)
        self.past.copy(run, step, partial(self._show_fork, run, step))

    def _show_fork(self, run: Run, step: int, copy: RunCopy) -> None:
        if run is not self.run or run.corpus is None:
            return
        curves = run.curves.up_to(copy.state.step)
        past = SharedPast(run, copy.state.step)
        self.resume(run.corpus, run.path, copy, curves, past=past)
        self.gone_on.emit(step, copy.state.step)

    def _show_future(self, run: Run, step: int, future: FutureCopy, curves: Curves) -> None:
        """Show a future of a run as a run of its own; they share their past up to a step."""
        if run.corpus is None:
            return
        past = SharedPast(run, step)
        self.resume(run.corpus, run.path, future.run, curves, future.log, past)

    def note_event(self, index: int, note: str) -> None:
        """Write a note on an event of the run shown, by its place in `Run.events`."""
        self.run.note_event(index, note)
        self.events_changed.emit(self.run.events)

    def recall_notes(self, notes: Iterable[tuple[int, str]]) -> None:
        """Take over the notes on events that are stored in the file of the run shown."""
        self.run.event_notes = dict(notes)
        self.events_changed.emit(self.run.events)

    def copy_run(
        self, run: Run, done: Callable[[RunCopy], None], refused: Callable[[Refusal], None]
    ) -> None:
        """Copy an open run as it is between two steps.

        Parameters
        ----------
        run : Run
        done : callable
            Takes the copy. All progress of the run up to then has been reported before.
        refused : callable
            Takes the reason why there is no copy.
        """
        self._training.copy(run.id, done, refused)

    def close(self) -> None:
        """End all threads, and wait for them; a slice of training takes 24 ms.

        A single step of a very large network on a very large batch takes longer than anybody would
        wait for: then `has_ended` stays False.
        """
        self.threads.close()
        self._is_closed = True
        self.closing.emit()

    @property
    def has_ended(self) -> bool:
        """Whether all threads have ended."""
        return self.threads.have_ended

    # Answers of the other threads

    @Slot(object)
    def _take_data(self, data: Corpus | Text) -> None:
        try:
            self._begin_on(
                *(data, self._load_path, self._load_plan),
                *(self._load_held_out, self._load_balance),
            )
        except ValueError as error:
            self.refused.emit(str(error))
            return
        if data.report is not None and data.report.left_out:
            self.left_out.emit(" ".join(data.report.left_out))

    @Slot(str)
    def _tell_run_file(self, sentence: str) -> None:
        self.run_file_found.emit(self._load_path or "", sentence)

    @Slot(int, object)
    def _take_baselines(self, run_id: int, baselines: Baselines) -> None:
        run = self.runs.get(run_id)
        if run is None:
            return
        run.baselines = baselines
        if run is self.run:
            self.baselines_counted.emit()

    @Slot(object)
    def _tell_written(self, found: SearchResult) -> None:
        if found.is_over:
            self.names_written.emit([candidate.name for candidate in found.candidates])
