"""What the parts of the window show of the run, of its state, and in which unit."""

from dataclasses import dataclass

from PySide6.QtCore import QObject, Slot

from dinogui.session.racing.shown_race import RaceState
from dinogui.session.run import RunState
from dinogui.window.layout.arrangement import Arrangement
from dinogui.window.layout.left_column import LeftColumn
from dinogui.window.layout.model_card import ModelCard
from dinogui.window.layout.runs_card import RunsCard
from dinogui.window.parts.window_parts import WindowParts
from dinogui.window.runs.runs_menu import RunsMenu
from engine.data.text import Text
from engine.evaluation.units import DOCUMENT_UNITS, TELLING_UNITS, UNITS, Unit
from engine.training.settings import Hyperparameters


@dataclass(frozen=True)
class Places:
    """Where the window shows things of the run besides its parts; see each class."""

    arrangement: Arrangement
    left: LeftColumn
    model_card: ModelCard
    runs_card: RunsCard
    runs_menu: RunsMenu


class RunDisplay(QObject):
    """Brings the parts of the window up to date when its run, or the run's state, is another.

    Lives in the GUI thread.

    Parameters
    ----------
    parts : WindowParts
    places : Places
    parent : QObject
    """

    def __init__(self, parts: WindowParts, places: Places, parent: QObject) -> None:
        super().__init__(parent)
        self._parts, self._places = parts, places
        self._unit_for: dict[tuple[Unit, ...], Unit] = {
            UNITS["names"]: Unit.NATS_PER_NAME,
            UNITS["text"]: Unit.NATS_PER_CHARACTER,
            UNITS["melodies"]: Unit.NATS_PER_NOTE,
            DOCUMENT_UNITS: Unit.NATS_PER_CHARACTER,
            TELLING_UNITS: Unit.NATS_PER_NAME,
        }
        session = parts.session
        session.state_changed.connect(self.show_state)
        session.racing.state_changed.connect(self._show_racing)
        session.run_begun.connect(self._show_run)
        session.hyperparameters_changed.connect(parts.controls.show_knobs)
        session.hyperparameters_changed.connect(self._show_knobs)
        session.past.asked.connect(self._show_past)
        session.failed.connect(self._say_failed)

    @Slot()
    def _show_run(self) -> None:
        """Show another run, or the same one anew."""
        session = self._parts.session
        if session.corpus is None:
            return
        self._parts.banner.clear()
        self._parts.status.forget()
        kind, corpus, settings = session.kind, session.corpus, session.settings
        if isinstance(corpus, Text):
            self._parts.controls.show_text(corpus, settings)
        else:
            self._parts.controls.show_corpus(corpus, session.recipe, settings)
        self._places.arrangement.show_kind(session.run.shown_output, tells=session.run.tells)
        self._parts.model.show_run(settings, session.recipe, kind, n_kinds=corpus.n_kinds)
        self._show_knobs(session.hyperparameters)
        self._parts.controls.show_unchecked_clip(session.run.unchecked_clip)
        self._parts.loss_plot.show_history(
            session.curves,
            session.guessing_loss,
            held_out=session.run.held_out_size,
            held_out_since=session.run.held_out_since,
            kind=kind,
            units=session.run.units,
            tells=session.run.tells,
        )
        self._parts.actions.plot.name_floor(self._parts.loss_plot.baselines.words.floor)
        self.show_unit(self._unit_for[session.run.units])
        self._parts.actions.recipes[session.recipe].setChecked(True)

    @Slot(object)
    def _show_knobs(self, hyperparameters: Hyperparameters) -> None:
        self._parts.model.show_knobs(hyperparameters)
        if self._parts.session.architecture is not None:
            self._parts.model.show_size(self._parts.session.architecture)
        self._places.model_card.refresh()

    @Slot(object)
    def show_state(self, state: RunState) -> None:
        """Show what can be done with a run in a state."""
        actions, session = self._parts.actions, self._parts.session
        is_training = state is RunState.TRAINING
        self._parts.status.show_state(state)
        if session.racing.is_on:  # the first button is that of the race
            actions.show_race(session.racing.state is not RaceState.OVER)
            actions.show_training(session.racing.state is RaceState.RACING)
            return
        actions.show_training(is_training)
        actions.explain_training(
            has_data=state is not RunState.EMPTY, has_failed=state is RunState.FAILED
        )
        actions.train.setEnabled(is_training or session.can_train)
        actions.step.setEnabled(session.can_train)
        actions.restart.setEnabled(state is not RunState.EMPTY)
        actions.generate.setEnabled(state is not RunState.EMPTY and not session.run.tells)
        if is_training:
            self._parts.banner.withdraw(None)  # a message without a topic is about a run at rest

    @Slot()
    def _show_racing(self) -> None:
        """Show that there is a race, or that it is over."""
        session = self._parts.session
        is_on = session.racing.is_on
        self._places.left.show_race(is_on)
        self._places.arrangement.show_race(is_on, session.run.shown_output, tells=session.run.tells)
        self.show_state(self._parts.session.state)

    def show_unit(self, unit: Unit) -> None:
        """Show all losses of the run in another unit.

        Where only losses are known, they stay losses if the unit is that of an accuracy.
        """
        losses = unit.of_losses
        self._parts.actions.units[unit].setChecked(True)
        self._unit_for[self._parts.session.run.units] = unit
        self._parts.loss_plot.show_unit(unit)
        self._places.runs_card.show_unit(losses)
        self._places.runs_menu.show_unit(losses)
        self._parts.controls.show_unit(losses)
        if self._parts.model.cost_message:
            self._parts.model.show_cost(self._parts.controls.resize_message)
        self._parts.status.show_unit(losses, self._parts.session.kind)
        self._parts.run_end.show_unit(losses)
        self._parts.race_card.show_unit(losses)
        self._parts.race_on_plot.show_unit()
        self._parts.learned.show_unit(losses)
        self._parts.opening_sentence.show_unit(unit)

    @Slot(str)
    def _say_failed(self, message: str) -> None:
        self._parts.banner.say(
            f"{message} Restart to go on. Help > Show log file has the details.",
            self._parts.actions.restart,
        )

    @Slot()
    def _show_past(self) -> None:
        self._parts.status.show_past(self._parts.session.past.step)
