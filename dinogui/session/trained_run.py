"""What can be done to the run that is shown: it is trained, changed, and led back."""

from dataclasses import replace
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from dinogui.common.run_plan import RunPlan
from dinogui.common.speed import Speed
from dinogui.session.run import RunState
from dinogui.session.shown_run import ShownRun
from dinogui.session.undo import Undo
from dinogui.workers.service import Threads
from engine.nn.backends import check_backend
from engine.training.ending import Until
from engine.training.messages import SetHyperparameters
from engine.training.record import EventKind
from engine.training.settings import Hyperparameters
from engine.training.step_memory import check_step_memory


class TrainedRun(ShownRun):
    """The run shown, with every order that concerns its training.

    Lives in the GUI thread. `dinogui.session.session.Session` describes the parameters.

    Attributes
    ----------
    undo : Undo
        Records every change that is ordered here.
    speed : Speed
        How fast runs train; one for all.

    Signals
    -------
    Besides those of `ShownRun`:

    refused(str)
        A file could not be used, or a change of the run not be made; a sentence says why. The run
        shown goes on.
    backend_replaced(str)
        The run goes on with another backend, as its own is not ready here; sentences say so.
    speed_changed(Speed)
    """

    refused = Signal(str)
    backend_replaced = Signal(str)
    speed_changed = Signal(object)

    def __init__(
        self, plan: RunPlan, threads: Threads | None = None, parent: QObject | None = None
    ) -> None:
        super().__init__(plan, threads, parent)
        self.undo = Undo(self)
        self.speed = Speed.FULL
        self.run_forgotten.connect(self.undo.forget)
        self._training.change_refused.connect(self._take_refused_change)
        self._training.backend_replaced.connect(self._take_other_backend)

    def train(self, until_step: int | None = None) -> None:
        """Train until so many steps have been made in all, or without end."""
        if self.run.can_train:
            self.run.ended = None
            self._set_state(RunState.TRAINING)
            self._training.train(until_step)

    @Slot()
    def pause(self) -> None:
        """Stop training. It can go on later as if nothing had happened."""
        if self.run.state is RunState.TRAINING:
            self._set_state(RunState.PAUSED)
            self._training.pause()

    @Slot()
    def train_or_pause(self) -> None:
        """Pause during training, and train otherwise."""
        if self.run.state is RunState.TRAINING:
            self.pause()
        else:
            self.train()

    @Slot()
    def step(self) -> None:
        """Make one step."""
        if self.run.can_train:
            self._set_state(RunState.PAUSED)
            self._training.step()

    def set_speed(self, speed: Speed) -> None:
        """Train at another speed from the next step on. It changes no number of a run."""
        if speed is not self.speed:
            self.speed = speed
            self._training.set_speed(speed)
            self.speed_changed.emit(speed)

    def give_way(self, milliseconds: int) -> None:
        """Let the training make no step for so long, because somebody waits; 0 ends this."""
        if self.run.state is RunState.TRAINING:
            self._training.give_way(milliseconds)

    def set_until(self, until: Until) -> None:
        """Set when the run ends by itself; `undo` can take this back."""
        before = self.run.until
        if until != before:
            self._apply_until(until)
            self.undo.record(
                "end of the run",
                lambda: self._apply_until(before),
                lambda: self._apply_until(until),
            )

    def _apply_until(self, until: Until) -> bool:
        self.run.until = until
        self.run.ended = None
        self._training.set_until(until)
        self.until_changed.emit(until)
        return True

    @Slot()
    def go_to_best(self) -> None:
        """Pause, and go back to the network with the lowest held-out loss; `undo` takes it back."""
        if not self.run.can_go_to_best:
            return
        number = self._order_best()

        def undo() -> bool:
            # The trainer knows only the network that was left last.
            if number != self.run.times_gone_to_best:
                return False
            self._set_state(RunState.PAUSED)
            self._training.undo_go_to_best()
            return True

        def redo() -> bool:
            nonlocal number
            number = self._order_best()
            return True

        self.undo.record("going back to the best network", undo, redo)

    def _order_best(self) -> int:
        """Go to the best network, and return how often the run has done so."""
        self._set_state(RunState.PAUSED)
        self._training.go_to_best()
        self.run.times_gone_to_best += 1
        return self.run.times_gone_to_best

    def recover(self, how: EventKind) -> None:
        """Go back to the last good network after a divergence, or on with the diverged one.

        Parameters
        ----------
        how : {"roll back", "roll back and halve the rate", "go on"}
            After "roll back" the run is paused; after the others it trains on.
        """
        if self.run.state is not RunState.DIVERGED:
            return
        if how == "roll back and halve the rate":
            self._note_halved_rate()
        self._set_state(RunState.PAUSED if how == "roll back" else RunState.TRAINING)
        self._training.recover(how)

    def go_back(self, *, halve_rate: bool = False) -> None:
        """Continue from the last network whose loss was healthy; `undo` takes it back.

        Parameters
        ----------
        halve_rate : bool
            Whether to halve the learning rate. Then a run that trains goes on training from there;
            else it is paused.
        """
        if self.run.state not in (RunState.TRAINING, RunState.PAUSED):
            return
        rate = self.run.hyperparameters.learning_rate
        number = self._order_go_back(halve_rate)

        def undo() -> bool:
            # The trainer knows only the network that was left last.
            if number != self.run.times_gone_back:
                return False
            self._set_state(RunState.PAUSED)
            self._training.undo_go_back()
            return self._apply_undo({"learning_rate": rate}, self.undo.new_group())

        def redo() -> bool:
            nonlocal number
            number = self._order_go_back(halve_rate)
            return True

        what = "going back and halving the rate" if halve_rate else "going back"
        self.undo.record(what, undo, redo)

    def _order_go_back(self, halve_rate: bool) -> int:
        """Go to the last healthy network, and return how often the run has done so."""
        trains_on = halve_rate and self.run.state is RunState.TRAINING
        if halve_rate:
            self._note_hyperparameters(self.run.hyperparameters.at_half_rate())
        self._set_state(RunState.TRAINING if trains_on else RunState.PAUSED)
        self._training.go_back(halve_rate=halve_rate, trains_on=trains_on)
        self.run.times_gone_back += 1
        return self.run.times_gone_back

    def _note_halved_rate(self) -> None:
        """Note that the worker is about to halve the learning rate. `undo` can take it back."""
        now = self.run.hyperparameters
        halved = now.at_half_rate()
        before, after = ({"learning_rate": each.learning_rate} for each in (now, halved))
        self.undo.end_gesture()
        undo_group = self.undo.group_for(before, after)
        self._note_hyperparameters(halved)
        self.undo.record_hyperparameters(before, after, undo_group, self._apply_undo)

    def set_hyperparameters(self, **changes: Any) -> None:
        """Set hyperparameters; they act at the next step, and `undo` can take the change back.

        A learning rate that has fallen can be set to the same value again: it holds from the next
        step on. This is the only way by which the window changes a hyperparameter.

        Parameters
        ----------
        **changes
            The new values, named as in `Hyperparameters`.

        Raises
        ------
        ValueError
            If a value is outside its limits, or a layer would be taken away, or the backend is not
            ready; nothing is changed.
        """
        now = self.run.hyperparameters
        if changes.get("learning_rate") == now.learning_rate and self.run.has_fallen_rate:
            self.undo.end_gesture()
        else:
            changes = {name: new for name, new in changes.items() if new != getattr(now, name)}
        before = {name: getattr(now, name) for name in changes}
        undo_group = self.undo.group_for(before, changes)
        self._apply(changes, undo_group, undo=False)
        if changes:
            self.undo.record_hyperparameters(before, changes, undo_group, self._apply_undo)

    def _apply(self, changes: dict[str, Any], undo_group: int, *, undo: bool) -> None:
        run = self.run
        wanted = run.changed(changes, undo=undo)
        if run.corpus is not None:
            check_step_memory(run.corpus, wanted, run.settings, run.hyperparameters)
        if wanted.backend != run.hyperparameters.backend:
            check_backend(wanted.backend)
        sets_rate = changes.get("learning_rate") == run.hyperparameters.learning_rate
        if wanted != run.hyperparameters:
            self._note_hyperparameters(wanted)
        elif not sets_rate:
            return
        self._training.set_hyperparameters(SetHyperparameters(wanted, undo_group, undo, sets_rate))

    def _apply_undo(self, values: dict[str, Any], undo_group: int) -> bool:
        """Set hyperparameters by undo or redo; return False if they are no longer allowed."""
        try:
            self._apply(values, undo_group, undo=True)
        except ValueError:
            return False
        return True

    def _note_hyperparameters(self, hyperparameters: Hyperparameters) -> None:
        self.run.set_hyperparameters(hyperparameters)
        self.hyperparameters_changed.emit(hyperparameters)

    def measure_updates(self, on: bool) -> None:
        """Let snapshots measure how far the latest step moved the parameters, or stop that."""
        self._training.measure_updates(on)

    @Slot(int, object, str)
    def _take_other_backend(self, run_id: int, in_force: Hyperparameters, why: str) -> None:
        run = self.runs.get(run_id)
        if run is not None:
            run.hyperparameters = replace(run.hyperparameters, backend=in_force.backend)
        if run is self.run:
            self.hyperparameters_changed.emit(run.hyperparameters)
            self.backend_replaced.emit(why)

    @Slot(int, object, str)
    def _take_refused_change(self, run_id: int, in_force: Hyperparameters, why: str) -> None:
        run = self.runs.get(run_id)
        if run is not None:
            run.hyperparameters = in_force
        if run is self.run:
            self.hyperparameters_changed.emit(in_force)
            self.refused.emit(why)
