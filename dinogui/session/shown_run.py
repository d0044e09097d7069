"""The run that a session shows: its values, and the signals about it."""

from dataclasses import replace

from PySide6.QtCore import QElapsedTimer, QObject, Signal, Slot

from dinogui.common.data_nouns import DATA_NOUNS
from dinogui.common.run_plan import RunPlan
from dinogui.session.ablation.units_off import UnitsOff
from dinogui.session.blend.chosen_blend import ChosenBlend
from dinogui.session.looking_back import LookingBack
from dinogui.session.open_runs import OpenRuns
from dinogui.session.run import Run, RunState
from dinogui.session.training import Training
from dinogui.workers.baselines_counter import Baselines
from dinogui.workers.service import Threads
from engine.data.corpus import Corpus
from engine.data.text import Text
from engine.data.training_data import DataKind
from engine.evaluation.units import Unit
from engine.nn.architecture import Architecture
from engine.training.curves.run_curves import Curves
from engine.training.ending import Ended, Until
from engine.training.messages import (
    AnyLogEntry,
    Divergence,
    LogEntry,
    LossRise,
    Progress,
    ResizeReport,
    Snapshot,
)
from engine.training.recipes import Recipe
from engine.training.record import Event
from engine.training.settings import Hyperparameters, RunSettings

_READABLE_MILLISECONDS = 190
"""The shortest time from one `progress_told` to the next while a run trains."""


class ShownRun(QObject):
    """What panels read of a session and listen to; `Session` adds the commands.

    Lives in the GUI thread. A message of the training thread belongs to the run whose id it
    carries. It is noted in that run, and passed on as a signal if that run is shown. The signals
    and the properties are about the run shown; the properties are those of `Run`.

    Parameters
    ----------
    plan : RunPlan
        What the first run begins with.
    threads : Threads, optional
        If absent, it makes its own.
    parent : QObject, optional

    Attributes
    ----------
    runs : OpenRuns
        The run shown, and the one that was shown before it.
    threads : Threads
    past : LookingBack
        Shows an earlier step of the run.
    units_off : UnitsOff
        The hidden units that are switched off in the network that is looked at.
    blend : ChosenBlend
        The kinds of names at which a network that is told kinds is looked at.

    Signals
    -------
    state_changed(RunState)
    hyperparameters_changed(Hyperparameters)
    run_begun()
        Another run is shown: a new one, or one that was shown before.
    run_forgotten(int)
        The run of that id can no longer be shown.
    events_changed(tuple of Event)
        `Run.events` has another event, or one of them another note.
    progressed(Progress)
    progress_told(Progress)
        The same for what is read: no more than five a second while the run trains.
    snapshot_taken(Snapshot)
        The network as it is now: five a second during training, at a slow speed after each step,
        and after every other change.
    view_changed(Snapshot)
        The network that is looked at is another: after each `snapshot_taken`, when units are
        switched off or on, and when another blend of kinds is chosen.
    log_entry_written(LogEntry or MelodyLogEntry)
    text_entry_due(Snapshot)
        It is time for a log entry of a run on a text or on melodies, written by the network of this
        snapshot.
    network_made()
        The run's first network is there, and can generate names or text.
    resized(ResizeReport)
    baselines_counted()
        `Run.baselines` are there, or more of them.
    diverged(Divergence)
    loss_rose(LossRise)
        The smoothed loss is far too high. Training goes on.
    loss_recovered()
        It no longer is.
    ended(Ended)
        The run has ended by itself, as `until` says.
    until_changed(Until)
    failed(str)
        The training met an exception; the log file has the details.
    """

    state_changed = Signal(object)
    hyperparameters_changed = Signal(object)
    run_begun = Signal()
    run_forgotten = Signal(int)
    events_changed = Signal(object)
    progressed = Signal(object)
    progress_told = Signal(object)
    snapshot_taken = Signal(object)
    view_changed = Signal(object)
    log_entry_written = Signal(object)
    text_entry_due = Signal(object)
    network_made = Signal()
    resized = Signal(object)
    baselines_counted = Signal()
    diverged = Signal(object)
    loss_rose = Signal(object)
    loss_recovered = Signal()
    ended = Signal(object)
    until_changed = Signal(object)
    failed = Signal(str)

    def __init__(
        self, plan: RunPlan, threads: Threads | None = None, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.threads = threads or Threads(self)
        training = self._training = Training(self.threads, self)
        self._told_rise: LossRise | None = None
        self._since_told = QElapsedTimer()
        self._is_untold = False  # the latest progress
        self._is_closed = False
        self.runs = OpenRuns(plan, self._forget_run)
        self.past = LookingBack(lambda: self.run, training, self.threads, self)
        self.blend = ChosenBlend(self)
        self.blend.changed.connect(self._show_view)
        self.run_begun.connect(self._show_kinds)
        self.run_begun.connect(self.past.leave)
        self.past.reached.connect(self._show_view)
        self.units_off = UnitsOff(self)
        self.units_off.changed.connect(self._show_view)
        self.snapshot_taken.connect(self._show_latest)
        self.run_begun.connect(self.units_off.switch_all_on)
        self.resized.connect(self.units_off.switch_all_on)
        training.recorded.connect(self._take_events)
        training.progressed.connect(self._take_progress)
        training.snapshot_taken.connect(self._take_snapshot)
        training.log_entry_written.connect(self._take_log_entry)
        training.text_entry_due.connect(self._take_text_entry)
        training.resized.connect(self._take_resize)
        training.network_replaced.connect(self._take_replacement)
        training.stopped.connect(self._take_stop)
        training.failed.connect(self._take_failure)

    # The run shown

    @property
    def run(self) -> Run:
        """The run shown."""
        return self.runs.shown

    @property
    def state(self) -> RunState:
        """What the run is doing."""
        return self.run.state

    @property
    def can_train(self) -> bool:
        """Whether `train` and `step` would do something."""
        return self.run.can_train

    @property
    def corpus(self) -> Corpus | Text | None:
        """The run's data."""
        return self.run.corpus

    @property
    def kind(self) -> DataKind:
        """The kind of the data: "names" or "text"."""
        return self.run.kind

    @property
    def path(self) -> str | None:
        """The file the data was read from."""
        return self.run.path

    @property
    def recipe(self) -> Recipe:
        """How the run trains."""
        return self.run.recipe

    @property
    def settings(self) -> RunSettings:
        """What stays the same for the whole run."""
        return self.run.settings

    @property
    def hyperparameters(self) -> Hyperparameters:
        """As last set."""
        return self.run.hyperparameters

    @property
    def until(self) -> Until:
        """When the run ends by itself, as last set."""
        return self.run.until

    @property
    def plan(self) -> RunPlan:
        """Recipe, hyperparameters, settings and end together."""
        return self.run.plan

    @property
    def architecture(self) -> Architecture | None:
        """The network as the hyperparameters describe it."""
        return self.run.architecture

    @property
    def curves(self) -> Curves:
        """The loss curves."""
        return self.run.curves

    @property
    def baselines(self) -> Baselines:
        """Losses of n-gram models on the held-out data."""
        return self.run.baselines

    @property
    def progress(self) -> Progress | None:
        """The latest progress."""
        return self.run.progress

    @property
    def steps_made(self) -> int:
        """The steps made, according to the latest progress."""
        return self.run.steps_made

    @property
    def snapshot(self) -> Snapshot | None:
        """The latest snapshot."""
        return self.run.snapshot

    @property
    def viewed_snapshot(self) -> Snapshot | None:
        """The network that is looked at, at the chosen kinds and without the units that are off.

        It is the latest one, or that of an earlier step. The panels show it, and it writes names
        and text.
        """
        snapshot = self.viewed_whole_snapshot
        return None if snapshot is None else self.units_off.taken_from(snapshot)

    @property
    def viewed_whole_snapshot(self) -> Snapshot | None:
        """The network that is looked at, at the chosen kinds and with all of its units."""
        snapshot = self.viewed_trained_snapshot
        return None if snapshot is None else self.blend.taken_from(snapshot)

    @property
    def viewed_trained_snapshot(self) -> Snapshot | None:
        """The network that is looked at as it is trained, so that it is still told kinds."""
        moment = self.past.moment
        return self.run.snapshot if moment is None else moment.snapshot

    @property
    def viewed_hyperparameters(self) -> Hyperparameters:
        """The hyperparameters that were in force at the network that is looked at."""
        moment = self.past.moment
        return self.run.hyperparameters if moment is None else moment.hyperparameters

    @property
    def viewed_decay_epoch(self) -> float:
        """The epoch by which the learning rate had decayed at the network that is looked at."""
        moment, progress = self.past.moment, self.run.progress
        if moment is not None:
            return moment.decay_epoch
        return 0.0 if progress is None else progress.decay_epoch_of(self.run.hyperparameters)

    @property
    def has_network(self) -> bool:
        """Whether there is a network that can generate names or text."""
        return self.run.snapshot is not None

    @property
    def snapshot_step(self) -> int:
        """The steps that the latest network had made; 0 if there is none."""
        return self.run.snapshot.step if self.run.snapshot else 0

    def guessing_loss(self, unit: Unit) -> float:
        """Return the loss of guessing uniformly among the symbols."""
        return self.run.guessing_loss(unit)

    def loss_in(self, unit: Unit, nats_per_character: float) -> float:
        """Convert a loss to a unit, for names of mean length."""
        return self.run.loss_in(unit, nats_per_character)

    # Messages of the training thread

    @Slot()
    def _show_kinds(self) -> None:
        self.blend.show_kinds(self.run.kind_counts, DATA_NOUNS[self.kind].example)

    def _forget_run(self, run_id: int) -> None:
        self._training.forget(run_id)
        self.run_forgotten.emit(run_id)

    def _set_state(self, state: RunState) -> None:
        if state is not self.run.state:
            self.run.state = state
            self.state_changed.emit(state)
            if self._is_untold and self.run.progress is not None:
                self._tell_progress(self.run.progress)

    @Slot(int, object)
    def _take_events(self, run_id: int, events: tuple[Event, ...]) -> None:
        run = self.runs.get(run_id)
        if run is None:
            return
        run.take_events(events)
        if run is self.run:
            self.events_changed.emit(events)

    @Slot(int, object)
    def _take_progress(self, run_id: int, progress: Progress) -> None:
        run = self.runs.get(run_id)
        # What is on its way when the session closes would reach widgets that are gone.
        if run is None or self._is_closed:
            return
        run.take_progress(progress)
        if run is self.run:
            self.progressed.emit(progress)
            self._tell_if_readable(progress)
            self._tell_rise(progress.rise)

    def _tell_if_readable(self, progress: Progress) -> None:
        since = self._since_told
        is_training = self.run.state is RunState.TRAINING
        if is_training and since.isValid() and not since.hasExpired(_READABLE_MILLISECONDS):
            self._is_untold = True
        else:
            self._tell_progress(progress)

    def _tell_progress(self, progress: Progress) -> None:
        self._is_untold = False
        self._since_told.start()
        self.progress_told.emit(progress)

    def _tell_rise(self, rise: LossRise | None) -> None:
        if rise == self._told_rise:
            return
        self._told_rise = rise
        if rise is None:
            self.loss_recovered.emit()
        else:
            self.loss_rose.emit(rise)

    @Slot(int, object)
    def _take_snapshot(self, run_id: int, snapshot: Snapshot) -> None:
        run = self.runs.get(run_id)
        if run is None:
            return
        is_first, run.snapshot = run.snapshot is None, snapshot
        if run is self.run:
            self._show_snapshot(snapshot, is_first=is_first)

    def _show_snapshot(self, snapshot: Snapshot, *, is_first: bool) -> None:
        self.snapshot_taken.emit(snapshot)
        if is_first:
            self.network_made.emit()

    @Slot()
    def _show_latest(self) -> None:
        if self.past.moment is None:
            self._show_view()

    @Slot()
    def _show_view(self) -> None:
        snapshot = self.viewed_whole_snapshot
        if snapshot is not None:
            self.units_off.fit(snapshot.parameters.architecture)
            self.view_changed.emit(self.viewed_snapshot)

    @Slot(int, object)
    def _take_log_entry(self, run_id: int, entry: LogEntry) -> None:
        run = self.runs.get(run_id)
        if run is None:
            return
        self.note_entry(run, entry)

    def note_entry(self, run: Run, entry: AnyLogEntry) -> None:
        """Add an entry to the log of a run."""
        run.log.append(entry)
        if run is self.run:
            self.log_entry_written.emit(entry)

    @Slot(int, object)
    def _take_text_entry(self, run_id: int, snapshot: Snapshot) -> None:
        if run_id == self.run.id:
            self.text_entry_due.emit(snapshot)

    @Slot(int, object)
    def _take_resize(self, run_id: int, report: ResizeReport) -> None:
        run = self.runs.get(run_id)
        if run is not None:
            run.note_resize(report.step, report.widths_before)
        if run is self.run:
            self.resized.emit(report)

    @Slot(int, object)
    def _take_stop(self, run_id: int, outcome: Divergence | Ended | None) -> None:
        # A run in the background reports it again when it is shown.
        if run_id != self.run.id:
            return
        has_diverged = isinstance(outcome, Divergence)
        self.run.ended = outcome if isinstance(outcome, Ended) else None
        if has_diverged:
            self.run.went_bad_with = self.run.hyperparameters
        self._set_state(RunState.DIVERGED if has_diverged else self.run.state_at_rest)
        if has_diverged:
            self.diverged.emit(outcome)
        elif outcome is not None:
            self.ended.emit(outcome)

    @Slot(int, object)
    def _take_replacement(self, run_id: int, hyperparameters: Hyperparameters) -> None:
        run = self.runs.get(run_id)
        if run is None:
            return
        run.replacements += 1
        # Only the widths: others may have been set while the message was under way.
        run.hyperparameters = replace(run.hyperparameters, widths=hyperparameters.widths)
        if run is self.run:
            self.hyperparameters_changed.emit(run.hyperparameters)

    @Slot(int, str)
    def _take_failure(self, run_id: int, message: str) -> None:
        if run_id == self.run.id:
            self._set_state(RunState.FAILED)
            self.failed.emit(message)
        else:
            self.runs.forget(self.runs.get(run_id))
