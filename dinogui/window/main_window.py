"""The main window: it lays out what it is given, and connects it."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QEvent, Qt, QThread, Slot
from PySide6.QtGui import QAction, QCloseEvent, QDragEnterEvent, QDropEvent, QPixmap
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QApplication,
    QMainWindow,
    QToolButton,
)
from shiboken6 import delete, isValid

import resources
from dinogui.common.actions.window_actions import Actions
from dinogui.common.dialogs import show_about, show_log
from dinogui.common.motion import reduce_motion
from dinogui.common.theme import Theme
from dinogui.library.library import Library
from dinogui.panels.learned_line import LearnedLine
from dinogui.panels.loss.loss_plot import LossPlot
from dinogui.panels.loss.overlay.other_runs_menu import OtherRunsMenu
from dinogui.panels.loss.past.playback_row import PlaybackRow
from dinogui.panels.model.controls import ControlsPanel
from dinogui.panels.model.model import ModelPanel
from dinogui.panels.model.widths import WidthsBox
from dinogui.panels.names.names import NamesPanel
from dinogui.panels.opening_sentence import OpeningSentence
from dinogui.panels.panel import Panel
from dinogui.panels.past_chip import PastChip
from dinogui.panels.race.lane_names import LaneNames
from dinogui.panels.race.race_card import RaceCard
from dinogui.panels.race.race_on_plot import RaceOnPlot
from dinogui.panels.run_end.action_line import ActionLine
from dinogui.panels.run_end.until_button import UntilButton
from dinogui.panels.status import StatusLine
from dinogui.panels.text.writing import WritingPanel
from dinogui.panels.what_if.what_if import WhatIf
from dinogui.session.racing.shown_race import RaceState
from dinogui.session.run import RunState
from dinogui.session.session import Session
from dinogui.session.text_generation import TextGeneration
from dinogui.startup.log_file import users_log_path
from dinogui.widgets.banner import Banner
from dinogui.widgets.buttons.action_button import ActionButton
from dinogui.widgets.cards.card import Card
from dinogui.widgets.keys import ButtonKeys, clear_lost_focus
from dinogui.window.closing import ClosingRule
from dinogui.window.docks import Docks
from dinogui.window.layout.arrangement import Arrangement, LaidOut
from dinogui.window.layout.card_keys import CardKeys
from dinogui.window.layout.left_column import LeftColumn
from dinogui.window.layout.model_card import ModelCard
from dinogui.window.layout.panels_card import PanelsCard
from dinogui.window.layout.plot_foot import PlotFoot
from dinogui.window.layout.presentation import Presentation
from dinogui.window.layout.runs_card import RunsCard
from dinogui.window.layout.top_bar import TopBar
from dinogui.window.offers.left_behind import LeftBehindList
from dinogui.window.offers.run_end import RunEnd
from dinogui.window.opening import Opening
from dinogui.window.palette.command_search import CommandSearch, Searched
from dinogui.window.run_commands import RunCommands
from dinogui.window.run_log import RunLog
from dinogui.window.runs.list_commands import ListCommands
from dinogui.window.runs.run_dot import RunDots
from dinogui.window.runs.run_export import RunExport
from dinogui.window.runs.runs_menu import RunsMenu
from engine.data.text import Text
from engine.data.training_data import CorpusError
from engine.evaluation.units import DOCUMENT_UNITS, UNITS, Unit
from engine.training.settings import Hyperparameters

if TYPE_CHECKING:
    from dinogui.datasets.data_dialog import DataDialog

_SMALLEST = (940, 560)
_USUAL = (1100, 700)


@dataclass(frozen=True)
class WindowParts:
    """What the main window is given. `dinogui.app` makes it; see each class for what it does."""

    session: Session
    theme: Theme
    actions: Actions
    model: ModelPanel
    controls: ControlsPanel
    loss_plot: LossPlot
    names: NamesPanel
    writing: WritingPanel
    status: StatusLine
    banner: Banner
    text_generation: TextGeneration
    log: RunLog
    library: Library
    opening: Opening
    run_commands: RunCommands
    left_behind: LeftBehindList
    end_line: ActionLine
    learned: LearnedLine
    opening_sentence: OpeningSentence
    until_button: UntilButton
    playback_row: PlaybackRow
    what_if: WhatIf
    run_end: RunEnd
    race_card: RaceCard
    race_on_plot: RaceOnPlot
    lane_names: LaneNames
    panels: Sequence[Panel]


class MainWindow(QMainWindow):
    """The window of one session.

    Lives in the GUI thread. It closes the session when it is closed.

    Parameters
    ----------
    parts : WindowParts
        Each of them is also an attribute of the window, under the same name.

    Attributes
    ----------
    actions_ : Actions
        The part `actions`, as Qt has a method of that name.
    docks : Docks
    top_bar : TopBar
    left : LeftColumn
    panels_card : PanelsCard
    arrangement : Arrangement
    presentation : Presentation
    command_search : CommandSearch
    closing_rule : ClosingRule or None
        Decides whether the window may close; without one it may.
    """

    def __init__(self, parts: WindowParts) -> None:
        super().__init__()
        self.session, self._theme, self.actions_ = parts.session, parts.theme, parts.actions
        self.model, self.controls, self.loss_plot = parts.model, parts.controls, parts.loss_plot
        self.names, self.writing = parts.names, parts.writing
        self.status, self.banner = parts.status, parts.banner
        self.text_generation, self.log = parts.text_generation, parts.log
        self.library, self.opening = parts.library, parts.opening
        self.run_commands, self.left_behind = parts.run_commands, parts.left_behind
        self.end_line, self.run_end = parts.end_line, parts.run_end
        self.what_if = parts.what_if
        self.learned, self.opening_sentence = parts.learned, parts.opening_sentence
        self.race_card, self.race_on_plot = parts.race_card, parts.race_on_plot
        self._button_keys = ButtonKeys(self)
        self._unit_for: dict[tuple[Unit, ...], Unit] = {
            UNITS["names"]: Unit.NATS_PER_NAME,
            UNITS["text"]: Unit.NATS_PER_CHARACTER,
            DOCUMENT_UNITS: Unit.NATS_PER_CHARACTER,
        }
        self._data_dialog: DataDialog | None = None
        self.closing_rule: ClosingRule | None = None
        self._lay_out(parts)
        self.command_search = CommandSearch(
            self,
            Searched(
                self.actions_,
                self.session,
                self.docks,
                self.run_commands,
                self.opening,
                self.names,
                self.writing,
            ),
        )
        self._connect_actions()
        self._connect_panels()
        self._connect_session()
        self._connect_library()
        self._theme.changed.connect(self.loss_plot.show_colours)
        self.loss_plot.show_colours(self._theme.colours)
        self._show_unit(Unit.NATS_PER_NAME)
        self._show_state(self.session.state)

    def _lay_out(self, parts: WindowParts) -> None:
        self.actions_.setParent(self)
        self.setWindowTitle("DinoGUI")
        self.setAcceptDrops(True)
        self.actions_.fill(self.menuBar())
        self.addActions(self.actions_.all)  # so that their keys work without the menu bar, too
        export = RunExport(self.library.copying, self._theme, self)
        commands = ListCommands(self.library, export, self.loss_plot)
        on_plot = self.session.on_plot
        self._runs_menu = RunsMenu(
            self.actions_.runs_menu, commands, on_plot, self._theme, self.loss_plot
        )
        export.said.connect(self._runs_menu.say)
        self._runs_menu.said.connect(self.banner.say)
        if self.actions_.plot.runs_menu is not None:
            OtherRunsMenu(self.actions_.plot.runs_menu, self.session.on_plot)
        self.top_bar = TopBar(self.actions_, self.session, self.controls.facts)
        knobs = Card("Knobs", "Knobs")
        knobs.note.show_text("act at the next step")
        knobs.body.addWidget(self.controls)
        search = self.actions_.search_commands
        self.top_bar.add_at_the_end(ActionButton(search, is_muted=True, short_text="Search"))
        self.model_card = ModelCard(self.model, self.session)
        self.runs_card = RunsCard(commands, self.session, RunDots(on_plot, self._theme))
        self.race_button = QToolButton()
        self.race_button.setDefaultAction(self.actions_.races.race)
        self.race_button.setAutoRaise(True)
        self.race_button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.runs_card.body.addWidget(self.race_button, 0, Qt.AlignmentFlag.AlignLeft)
        self.left = LeftColumn(
            (knobs, self.model_card, self.runs_card),
            self.model,
            self.controls.advice,
            self.race_card,
        )
        self.left.tightened.connect(self.controls.show_tight)
        self.panels_card = PanelsCard()
        self.docks = Docks(
            self.panels_card.area,
            self.actions_.panels_menu,
            parts.panels,
            self.session,
            self._theme,
        )
        self.panels_card.add_panels(self.docks)
        self.arrangement = Arrangement(
            LaidOut(
                self.top_bar,
                self.left,
                self.loss_plot,
                PlotFoot(
                    self.session,
                    self.end_line,
                    self.learned,
                    parts.until_button,
                    parts.playback_row,
                    self.actions_.past,
                ),
                self.panels_card,
                (self.names, self.writing),
                (self.names.page, self.writing.page),
                (self.names.log, self.writing.log),
                parts.lane_names,
            ),
            self._theme,
        )
        self.arrangement.samples_card.add_to_head(self.names.live_switch)
        self.arrangement.samples_card.add_to_head(PastChip(self.session.past))
        self.setCentralWidget(self.arrangement)
        self.setStatusBar(self.status)
        self.presentation = Presentation(
            self,
            self.actions_,
            self._theme,
            (self.menuBar(), self.status, *self.arrangement.around_the_plot),
        )
        CardKeys(self, lambda: (*self.arrangement.cards, *self.docks.floating))
        self.setMinimumSize(*_SMALLEST)
        self.resize(*_USUAL)

    def _connect_actions(self) -> None:
        actions, session = self.actions_, self.session
        typed = (actions.train, actions.step, actions.restart, actions.generate)
        for action in (*typed, actions.save_run, actions.save_run_as):
            action.triggered.connect(self._end_typing)
        actions.open_dinosaurs.triggered.connect(self.open_dinosaurs)
        actions.open_dinosaur_endings.triggered.connect(self.open_dinosaur_endings)
        actions.get_data.triggered.connect(self.show_data)
        actions.quit.triggered.connect(self.close)
        actions.copy_log.triggered.connect(self.log.copy)
        actions.find_in_log.triggered.connect(self.arrangement.show_log)
        actions.find_in_log.triggered.connect(self.log.find)
        actions.train.triggered.connect(session.train_or_pause)
        actions.step.triggered.connect(session.step)
        actions.restart.triggered.connect(self.run_commands.restart)
        actions.generate.triggered.connect(self.generate)
        actions.show_all.triggered.connect(self.loss_plot.show_all)
        actions.zoom_in.triggered.connect(self.loss_plot.zoom_in)
        actions.zoom_out.triggered.connect(self.loss_plot.zoom_out)
        actions.show_raw.toggled.connect(self.loss_plot.show_raw)
        actions.help.triggered.connect(self._help)
        actions.about.triggered.connect(self._about)
        actions.show_log.triggered.connect(self._show_log)
        actions.unit_group.triggered.connect(self._choose_unit)
        actions.recipe_group.triggered.connect(self.run_commands.choose_recipe)
        actions.scheme_group.triggered.connect(self._choose_scheme)
        actions.generate.triggered.connect(self.arrangement.show_samples)
        actions.reset_layout.triggered.connect(self._reset_layout)
        actions.reduce_motion.toggled.connect(self._reduce_motion)
        self._reduce_motion(actions.reduce_motion.isChecked())
        self.top_bar.settings_requested.connect(self.left.turn)
        self.model_card.settings_requested.connect(self.left.show_settings)
        for action in actions.what_if.values():
            action.triggered.connect(self.left.show_cards)
        self.names.kept_requested.connect(self._show_kept_names)
        self.runs_card.all_requested.connect(self._runs_menu.show_all)

    def _connect_panels(self) -> None:
        self.controls.learning_rate_changed.connect(self.run_commands.set_learning_rate)
        self.controls.clip_changed.connect(self.run_commands.set_clip)
        self.controls.hidden_changed.connect(self.run_commands.set_hidden)
        self.controls.resize_described.connect(self.model.show_cost)
        self.controls.advice_taken.connect(self.run_commands.set_hyperparameters)
        self.model.hyperparameters_changed.connect(self.run_commands.set_hyperparameters)
        self.model.run_requested.connect(self.run_commands.begin_run)
        self.model.preset_requested.connect(self.run_commands.begin_preset)
        self.loss_plot.unit_box.activated.connect(self._take_unit_box)

    def _connect_session(self) -> None:
        session = self.session
        session.state_changed.connect(self._show_state)
        session.racing.state_changed.connect(self._show_racing)
        session.run_begun.connect(self._show_run)
        session.hyperparameters_changed.connect(self.controls.show_knobs)
        session.hyperparameters_changed.connect(self._show_knobs)
        session.past.asked.connect(self._show_past)
        session.progressed.connect(self.status.show_progress)
        session.progressed.connect(self.controls.show_progress)
        session.progressed.connect(self.loss_plot.note_progress)
        session.state_changed.connect(self.loss_plot.show_state)
        session.name_generation.kept.said.connect(self.banner.say)
        session.resized.connect(self.controls.show_resize)
        session.failed.connect(self._say_failed)
        session.refused.connect(self.banner.say)
        session.left_out.connect(self.banner.say)
        session.loading_advanced.connect(self.status.show_reading)
        self.status.reading_given_up.connect(session.give_up_loading)
        self.text_generation.failed.connect(self.banner.say)

    def _connect_library(self) -> None:
        actions, library = self.actions_, self.library
        actions.open_run.triggered.connect(library.saving.choose_run)
        actions.save_run.triggered.connect(library.saving.save)
        actions.save_run_as.triggered.connect(library.saving.save_as)
        library.opening_changed.connect(self.status.show_opening)
        library.saving.changed.connect(self._show_title)
        library.saving.saved.connect(self._say_saved)
        library.failed.connect(self.banner.say)
        library.said.connect(self._runs_menu.say)
        library.recovered.connect(self.banner.say)
        library.removed.connect(self.banner.say)

    def put_on_icon(self) -> None:
        """Show the icon in the title bar. It takes 10 ms, so it is done after the first paint."""
        from PySide6.QtGui import QIcon

        icon = QPixmap()
        icon.loadFromData(QByteArray(resources.icon_bytes()))
        self.setWindowIcon(QIcon(icon))

    # What people do

    def open_file(self, path: str) -> None:
        """Open names, a text or a run; the run shown goes on until it is read."""
        self.opening.open_file(path)

    @Slot()
    def open_dinosaurs(self) -> None:
        """Open the list that comes with DinoGUI."""
        try:
            self.opening.open_dinosaurs()
        except CorpusError as error:  # the file has been emptied
            self.banner.say(str(error))

    @Slot()
    def open_dinosaur_endings(self) -> None:
        """Open the dinosaurs whose names have a usual ending, with the endings as kinds."""
        try:
            self.opening.open_dinosaur_endings()
        except CorpusError as error:  # the file has been changed
            self.banner.say(str(error))

    @Slot()
    def show_data(self) -> None:
        """Open the dialog with the data that can be downloaded."""
        if self._data_dialog is None:
            # Imported here, because Qt's network classes would slow down every start.
            from dinogui.datasets.catalogue import CATALOGUE
            from dinogui.datasets.data_dialog import DataDialog
            from dinogui.datasets.data_folder import DataFolder, users_data_folder

            self._data_dialog = DataDialog(CATALOGUE, DataFolder(users_data_folder()), self)
            self._data_dialog.chosen.connect(self.opening.open_downloaded)
        self._data_dialog.show()
        self._data_dialog.raise_()
        self._data_dialog.activateWindow()

    @Slot()
    def _show_kept_names(self) -> None:
        self.docks.show("kept_names")

    @Slot()
    def generate(self) -> None:
        """Let the network generate names or text, or stop it if it is generating text."""
        if self.session.kind == "text":
            self.writing.write_or_stop()
        else:
            self.names.generate()

    @Slot()
    def _end_typing(self) -> None:
        """Accept a number that is still being typed as it stands."""
        box = QApplication.focusWidget()
        if isinstance(box, QAbstractSpinBox | WidthsBox):
            box.interpretText()

    @Slot(QAction)
    def _choose_unit(self, action: QAction) -> None:
        if action.data() in self.session.run.units:  # the settings may have another one
            self._show_unit(action.data())

    @Slot(int)
    def _take_unit_box(self, row: int) -> None:
        self._show_unit(self.loss_plot.unit_box.itemData(row))

    @Slot()
    def _reset_layout(self) -> None:
        """Put everything back to where it is in a new window."""
        self.left.show_cards()
        self.docks.reset()
        self.arrangement.reset()

    @Slot(bool)
    def _reduce_motion(self, is_reduced: bool) -> None:
        reduce_motion(is_reduced)
        self.panels_card.area.setAnimated(not is_reduced)  # Qt moves docks by itself

    @Slot(QAction)
    def _choose_scheme(self, action: QAction) -> None:
        self._theme.choose(action.data())

    @Slot()
    def _help(self) -> None:
        from dinogui.handbook.handbook_window import show_handbook  # only when it is asked for

        show_handbook(self)

    @Slot()
    def _about(self) -> None:
        show_about(self)

    @Slot()
    def _show_log(self) -> None:
        show_log(self, users_log_path())

    # What the session and the library report

    @Slot()
    def _show_run(self) -> None:
        session = self.session
        if session.corpus is None:
            return
        self.banner.clear()
        self.status.forget()
        kind, corpus, settings = session.kind, session.corpus, session.settings
        if isinstance(corpus, Text):
            self.controls.show_text(corpus, settings)
        else:
            self.controls.show_corpus(corpus, session.recipe, settings)
        self.arrangement.show_kind(is_text=kind == "text")
        self.model.show_run(settings, session.recipe, kind, n_kinds=corpus.n_kinds)
        self._show_knobs(session.hyperparameters)
        self.controls.show_unchecked_clip(session.run.unchecked_clip)
        self.loss_plot.show_history(
            session.curves,
            session.guessing_loss,
            held_out=session.run.held_out_size,
            held_out_since=session.run.held_out_since,
            kind=kind,
            units=session.run.units,
        )
        self._show_unit(self._unit_for[session.run.units])
        self.actions_.recipes[session.recipe].setChecked(True)

    @Slot(object)
    def _show_knobs(self, hyperparameters: Hyperparameters) -> None:
        self.model.show_knobs(hyperparameters)
        if self.session.architecture is not None:
            self.model.show_size(self.session.architecture)
        self.model_card.refresh()

    @Slot(object)
    def _show_state(self, state: RunState) -> None:
        actions, session = self.actions_, self.session
        is_training = state is RunState.TRAINING
        self.status.show_state(state)
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
            self.banner.withdraw(None)  # a message without a topic is about a run at rest

    @Slot()
    def _show_racing(self) -> None:
        is_on = self.session.racing.is_on
        self.left.show_race(is_on)
        self.arrangement.show_race(is_on, is_text=self.session.kind == "text")
        self._show_state(self.session.state)

    def _show_unit(self, unit: Unit) -> None:
        self.actions_.units[unit].setChecked(True)
        self._unit_for[self.session.run.units] = unit
        self.loss_plot.show_unit(unit)
        self.runs_card.show_unit(unit)
        self._runs_menu.show_unit(unit)
        self.controls.show_unit(unit)
        if self.model.cost_message:
            self.model.show_cost(self.controls.resize_message)
        self.status.show_unit(unit, self.session.kind)
        self.run_end.show_unit(unit)
        self.race_card.show_unit(unit)
        self.race_on_plot.show_unit()
        self.learned.show_unit(unit)
        self.opening_sentence.show_unit(unit)

    @Slot(str)
    def _say_failed(self, message: str) -> None:
        self.banner.say(
            f"{message} Restart to go on. Help > Show log file has the details.",
            self.actions_.restart,
        )

    @Slot()
    def _show_past(self) -> None:
        self.status.show_past(self.session.past.step)

    @Slot()
    def _show_title(self) -> None:
        corpus, saving = self.session.corpus, self.library.saving
        if corpus is not None:
            name = Path(saving.path).name if saving.path else corpus.source
            # Qt shows the unsaved sign in place of [*], in the way of each system.
            self.setWindowTitle(f"{name}[*] — DinoGUI")
            self.setWindowModified(saving.is_unsaved)
            self.status.show_saved(is_unsaved=saving.is_unsaved, is_saved=bool(saving.path))

    @Slot(str)
    def _say_saved(self, path: str) -> None:
        self.status.say(f"Saved to “{path}”.")

    # Qt's own events

    def event(self, event: QEvent) -> bool:
        """Take the focus when activated, where Qt would give it to the first control.

        At the start, nothing looks chosen, and Enter presses nothing.
        """
        if event.type() == QEvent.Type.WindowActivate and self.focusWidget() is None:
            self.setFocus(Qt.FocusReason.ActiveWindowFocusReason)
        return super().event(event)

    def focusNextPrevChild(self, next: bool) -> bool:
        """Move the focus for Tab, but not because the focused part was hidden or disabled."""
        if clear_lost_focus(self):
            return False
        first = self.focusWidget()
        while super().focusNextPrevChild(next):
            now = self.focusWidget()
            if now is first or not self.docks.is_covered(now):
                return True
        return False

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Accept files and folders."""
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Open the files and folders that were dropped."""
        paths = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
        if not paths:
            self.banner.say(
                "Only files on this computer can be opened. Save the file first, then drop it here."
            )
            return
        event.acceptProposedAction()
        self.opening.open_files(paths)

    def __del__(self) -> None:
        """Destroy the window while the attributes of its parts are there.

        The garbage collector would clear them first. Qt still asks the parts for their sizes, and
        sends them events, while it destroys the window.
        """
        if isValid(self) and self.thread() == QThread.currentThread():
            delete(self)

    def closeEvent(self, event: QCloseEvent) -> None:
        """End the downloads and the training, unless the closing rule forbids it."""
        if self.closing_rule is not None and not self.closing_rule.allows(self):
            event.ignore()
            return
        if self._data_dialog is not None:
            self._data_dialog.cancel_all()
            self._data_dialog.close()
        self.library.finish_writing()
        self.session.close()
        super().closeEvent(event)
