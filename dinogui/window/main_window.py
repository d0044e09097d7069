"""The main window: it lays out what it is given, and connects it."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QEvent, Qt, QThread, Slot
from PySide6.QtGui import QAction, QCloseEvent, QDragEnterEvent, QDropEvent, QPixmap
from PySide6.QtWidgets import QAbstractSpinBox, QApplication, QMainWindow, QToolButton
from shiboken6 import delete, isValid

import resources
from dinogui.common.dialogs import show_about, show_log
from dinogui.common.motion import reduce_motion
from dinogui.panels.loss.overlay.other_runs_menu import OtherRunsMenu
from dinogui.panels.model.widths import WidthsBox
from dinogui.panels.past_chip import PastChip
from dinogui.startup.log_file import users_log_path
from dinogui.widgets.buttons.action_button import ActionButton
from dinogui.widgets.cards.card import Card
from dinogui.widgets.keys import ButtonKeys, clear_lost_focus
from dinogui.window.closing import ClosingRule
from dinogui.window.docks import Docks
from dinogui.window.layout.arrangement import Arrangement, LaidOut
from dinogui.window.layout.card_keys import CardKeys
from dinogui.window.layout.left_column import LeftColumn
from dinogui.window.layout.model_card import ModelCard
from dinogui.window.layout.named_cards import NamedCards
from dinogui.window.layout.panels_card import PanelsCard
from dinogui.window.layout.plot_foot import PlotFoot
from dinogui.window.layout.presentation import Presentation
from dinogui.window.layout.runs_card import RunsCard
from dinogui.window.layout.top_bar import TopBar
from dinogui.window.palette.command_search import CommandSearch, Searched
from dinogui.window.parts.run_display import Places, RunDisplay
from dinogui.window.parts.window_parts import WindowParts
from dinogui.window.runs.list_commands import ListCommands
from dinogui.window.runs.run_dot import RunDots
from dinogui.window.runs.run_export import RunExport
from dinogui.window.runs.runs_menu import RunsMenu
from engine.data.training_data import CorpusError
from engine.evaluation.units import Unit

if TYPE_CHECKING:
    from dinogui.datasets.data_dialog import DataDialog

_SMALLEST = (940, 560)
_USUAL = (1100, 700)


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
    columns : Columns
    top_bar : TopBar
    left : LeftColumn
    panels_card : PanelsCard
    arrangement : Arrangement
    presentation : Presentation
    run_display : RunDisplay
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
        self.columns = parts.columns
        self.library, self.opening = parts.library, parts.opening
        self.run_commands, self.left_behind = parts.run_commands, parts.left_behind
        self.end_line, self.run_end = parts.end_line, parts.run_end
        self.what_if = parts.what_if
        self.learned, self.opening_sentence = parts.learned, parts.opening_sentence
        self.race_card, self.race_on_plot = parts.race_card, parts.race_on_plot
        self._button_keys = ButtonKeys(self)
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
                self.columns,
                NamedCards(self.arrangement, self.left, self.presentation),
            ),
        )
        self._connect_actions()
        self._connect_panels()
        places = Places(
            *(self.arrangement, self.left, self.model_card, self.runs_card, self._runs_menu)
        )
        self.run_display = RunDisplay(parts, places, self)
        self._connect_session()
        self._connect_library()
        self._theme.changed.connect(self.loss_plot.show_colours)
        self.loss_plot.show_colours(self._theme.colours)
        self.run_display.show_unit(Unit.NATS_PER_NAME)
        self.run_display.show_state(self.session.state)

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
                parts.columns,
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
        actions.open_tunes.triggered.connect(self.opening.open_tunes)
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
        session.progress_told.connect(self.status.show_progress)
        session.progress_told.connect(self.controls.show_progress)
        session.progressed.connect(self.loss_plot.note_progress)
        session.state_changed.connect(self.loss_plot.show_state)
        session.name_generation.kept.said.connect(self.banner.say)
        session.resized.connect(self.controls.show_resize)
        session.refused.connect(self.banner.say)
        session.left_out.connect(self.banner.say)
        session.backend_replaced.connect(self.banner.say)
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
        """Let the network write or improvise, or stop it if it is writing a text."""
        self.columns.of(self.session.kind).generate()

    @Slot()
    def _end_typing(self) -> None:
        """Accept a number that is still being typed as it stands."""
        box = QApplication.focusWidget()
        if isinstance(box, QAbstractSpinBox | WidthsBox):
            box.interpretText()

    @Slot(QAction)
    def _choose_unit(self, action: QAction) -> None:
        if action.data() in self.session.run.units:  # the settings may have another one
            self.run_display.show_unit(action.data())

    @Slot(int)
    def _take_unit_box(self, row: int) -> None:
        self.run_display.show_unit(self.loss_plot.unit_box.itemData(row))

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

    # What the library reports

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

    def changeEvent(self, event: QEvent) -> None:
        """Take the focus when activated, where Qt would give it to the first control.

        At the start, nothing looks chosen, and Enter presses nothing.
        """
        super().changeEvent(event)
        is_activated = event.type() == QEvent.Type.ActivationChange and self.isActiveWindow()
        if is_activated and self.focusWidget() is None:
            self.setFocus(Qt.FocusReason.ActiveWindowFocusReason)

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
        """End the downloads and the training, unless the closing rule forbids it.

        The window is hidden first: to end a long step, or to write a run, can take some seconds.
        """
        if self.closing_rule is not None and not self.closing_rule.allows(self):
            event.ignore()
            return
        if self._data_dialog is not None:
            self._data_dialog.cancel_all()
            self._data_dialog.close()
        self.hide()
        self.library.finish_writing()
        self.session.close()
        super().closeEvent(event)
