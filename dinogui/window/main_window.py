"""The main window: it lays out and connects, and computes nothing."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, Qt, Slot
from PySide6.QtGui import QAction, QCloseEvent, QDragEnterEvent, QDropEvent, QPixmap
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QApplication,
    QMainWindow,
    QSplitter,
    QStackedWidget,
)

import resources
from dinogui.common.actions import PAUSE_TEXT, TRAIN_TEXT, Actions
from dinogui.common.dialogs import show_about, show_log
from dinogui.common.theme import Theme
from dinogui.panels.loss.loss_plot import LossPlot
from dinogui.panels.model.controls import ControlsPanel
from dinogui.panels.model.model import ModelPanel
from dinogui.panels.model.widths import WidthsBox
from dinogui.panels.names.names import NamesPanel
from dinogui.panels.panel import Panel
from dinogui.panels.registry import PANELS
from dinogui.panels.status import StatusLine
from dinogui.panels.text.writing import WritingPanel
from dinogui.session.session import RunState, Session
from dinogui.session.text_generation import TextGeneration
from dinogui.session.undo import Undo
from dinogui.startup.log_file import users_log_path
from dinogui.widgets.banner import Banner
from dinogui.widgets.keys import SpaceKeeper
from dinogui.window.closing import ClosingRule
from dinogui.window.divergence_choices import DivergenceChoices
from dinogui.window.docks import Docks
from dinogui.window.library import Library
from dinogui.window.opening import Opening
from dinogui.window.run_commands import RunCommands
from dinogui.window.run_log import RunLog
from dinogui.window.run_view import RunView
from engine.data.text import Text
from engine.data.training_data import CorpusError, DataKind
from engine.evaluation.units import Unit
from engine.training.settings import Hyperparameters

if TYPE_CHECKING:
    from dinogui.datasets.data_dialog import DataDialog

_SMALLEST = (940, 560)
_USUAL = (1100, 700)
_WIDTHS = (300, 500, 300)


class MainWindow(QMainWindow):
    """The window of one session.

    Parameters
    ----------
    session : Session
        Closed with the window.
    theme : Theme
    panels : sequence of Panel
        The panels that can be docked, in the order of the View menu.

    Attributes
    ----------
    closing_rule : ClosingRule or None
        Is asked whether the window may close; without one it may.
    """

    def __init__(self, session: Session, theme: Theme, panels: Sequence[Panel] = PANELS) -> None:
        super().__init__()
        self.session = session
        self._theme = theme
        self.actions_ = Actions(self)
        self.model = ModelPanel()
        self.controls = ControlsPanel(self.actions_, session.hyperparameters, self.model)
        self.loss_plot = LossPlot(self.actions_)
        self.names = NamesPanel(self.actions_, session.name_generation, theme)
        self.text_generation = TextGeneration(session, self)
        self.writing = WritingPanel(self.actions_, session, self.text_generation)
        self.log = RunLog(session, self.text_generation, self.names.log, self.writing.log, self)
        self.right = QStackedWidget()
        self.status = StatusLine()
        self.banner = Banner(self.loss_plot)
        self.undo = Undo(session, self.actions_, self.controls.sliders, self.names, self)
        view = RunView(session, self.actions_, self.log, self.names, self.writing)
        self.library = Library(self, view)
        self.opening = Opening(self, session, self.actions_, self.library.saving)
        self.run_commands = RunCommands(
            session, self.undo, self.opening, self.model, self.banner, self
        )
        DivergenceChoices(session, self.banner, self.actions_.restart)
        self._space_keeper = SpaceKeeper(self)
        units: dict[DataKind, Unit] = {"names": Unit.NATS_PER_NAME, "text": Unit.NATS_PER_CHARACTER}
        self._unit_for = units
        self._data_dialog: DataDialog | None = None
        self.closing_rule: ClosingRule | None = None
        self._lay_out()
        self._connect_actions()
        self._connect_panels()
        self._connect_session()
        self.docks = Docks(self, self.actions_.panels_menu, panels, session, theme)
        theme.changed.connect(self.loss_plot.show_colours)
        self.loss_plot.show_colours(theme.colours)
        self._show_unit(Unit.NATS_PER_NAME)
        self._show_state(session.state)

    def _lay_out(self) -> None:
        self.setWindowTitle("DinoGUI")
        self.setAcceptDrops(True)
        columns = QSplitter(Qt.Orientation.Horizontal)
        columns.setObjectName("columns")
        self.right.addWidget(self.names)
        self.right.addWidget(self.writing)
        for panel in (self.controls, self.loss_plot, self.right):
            columns.addWidget(panel)
        columns.setChildrenCollapsible(False)
        columns.setStretchFactor(1, 1)
        columns.setSizes(_WIDTHS)
        self.setCentralWidget(columns)
        self.setStatusBar(self.status)
        self.actions_.fill(self.menuBar())
        self._space_keeper.keep(self)
        self.setMinimumSize(*_SMALLEST)
        self.resize(*_USUAL)

    def _connect_actions(self) -> None:
        actions, session = self.actions_, self.session
        typed = (actions.train, actions.step, actions.restart, actions.generate)
        for action in (*typed, actions.save_run, actions.save_run_as):
            action.triggered.connect(self._end_typing)
        actions.open_dinosaurs.triggered.connect(self.open_dinosaurs)
        actions.get_data.triggered.connect(self.show_data)
        actions.quit.triggered.connect(self.close)
        actions.copy_log.triggered.connect(self.log.copy)
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

    def _connect_panels(self) -> None:
        self.controls.learning_rate_changed.connect(self.run_commands.set_learning_rate)
        self.controls.clip_changed.connect(self.run_commands.set_clip)
        self.controls.hidden_changed.connect(self.run_commands.set_hidden)
        self.controls.resize_described.connect(self.model.show_cost)
        self.model.hyperparameters_changed.connect(self.run_commands.set_hyperparameters)
        self.model.run_requested.connect(self.run_commands.begin_run)
        self.model.preset_requested.connect(self.run_commands.begin_preset)
        self.loss_plot.unit_box.activated.connect(self._take_unit_box)

    def _connect_session(self) -> None:
        session = self.session
        session.state_changed.connect(self._show_state)
        session.run_begun.connect(self._show_run)
        session.hyperparameters_changed.connect(self.controls.show_knobs)
        session.hyperparameters_changed.connect(self._show_knobs)
        session.baselines_counted.connect(self._show_baselines)
        session.progressed.connect(self.status.show_progress)
        session.progressed.connect(self.loss_plot.note_progress)
        session.name_generation.kept.said.connect(self.banner.say)
        session.resized.connect(self.controls.show_resize)
        session.failed.connect(self._say_failed)
        session.refused.connect(self.banner.say)
        session.loading_advanced.connect(self.status.show_reading)
        self.status.reading_given_up.connect(session.give_up_loading)
        self.text_generation.failed.connect(self.banner.say)

    def put_on_icon(self) -> None:
        """Show the icon in the title bar, once the window is there: all this takes 10 ms."""
        from PySide6.QtGui import QIcon

        icon = QPixmap()
        icon.loadFromData(QByteArray(resources.icon_bytes()))
        self.setWindowIcon(QIcon(icon))

    # What people do

    def open_file(self, path: str) -> None:
        """Open a file of names, a text or a run; the present run goes on until it is read."""
        self.opening.open_file(path)

    @Slot()
    def open_dinosaurs(self) -> None:
        """Open the list that comes with DinoGUI."""
        try:
            self.opening.open_dinosaurs()
        except CorpusError as error:  # somebody has emptied the file
            self.banner.say(str(error))

    @Slot()
    def show_data(self) -> None:
        """Open the data shelf beside the window."""
        if self._data_dialog is None:
            # Here, because Qt's network classes would make every start slower.
            from dinogui.datasets.catalogue import CATALOGUE
            from dinogui.datasets.data_dialog import DataDialog
            from dinogui.datasets.data_folder import DataFolder, users_data_folder

            self._data_dialog = DataDialog(CATALOGUE, DataFolder(users_data_folder()), self)
            self._data_dialog.chosen.connect(self.opening.open_file)
        self._data_dialog.show()
        self._data_dialog.raise_()
        self._data_dialog.activateWindow()

    @Slot()
    def generate(self) -> None:
        """Let the network write, names or text, or stop what it writes of a text."""
        if self.session.kind == "text":
            self.writing.write_or_stop()
        else:
            self.names.generate()

    @Slot()
    def _end_typing(self) -> None:
        """Take numbers that are still being typed as they stand."""
        box = QApplication.focusWidget()
        if isinstance(box, QAbstractSpinBox | WidthsBox):
            box.interpretText()

    @Slot(QAction)
    def _choose_unit(self, action: QAction) -> None:
        self._show_unit(action.data())

    @Slot(int)
    def _take_unit_box(self, row: int) -> None:
        self._show_unit(self.loss_plot.unit_box.itemData(row))

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

    # What the session says

    @Slot()
    def _show_run(self) -> None:
        session = self.session
        if session.corpus is None:
            return
        self.banner.hide()
        self.status.forget()
        kind, corpus, settings = session.kind, session.corpus, session.settings
        if isinstance(corpus, Text):
            self.controls.show_text(corpus, settings)
        else:
            self.controls.show_corpus(corpus, session.recipe, settings.held_out)
        self.right.setCurrentWidget(self.writing if kind == "text" else self.names)
        self.model.show_run(settings, session.recipe, kind)
        self._show_knobs(session.hyperparameters)
        self.loss_plot.show_history(
            session.curves,
            session.guessing_loss,
            has_held_out=session.recipe.holds_out,
            kind=kind,
        )
        self._show_unit(self._unit_for[kind])
        self.actions_.recipes[session.recipe].setChecked(True)

    @Slot(object)
    def _show_knobs(self, hyperparameters: Hyperparameters) -> None:
        self.model.show_knobs(hyperparameters)
        if self.session.architecture is not None:
            self.model.show_size(self.session.architecture)

    @Slot()
    def _show_baselines(self) -> None:
        self.loss_plot.show_baselines(self.session.baselines)

    @Slot(object)
    def _show_state(self, state: RunState) -> None:
        actions, session = self.actions_, self.session
        is_training = state is RunState.TRAINING
        actions.train.setText(PAUSE_TEXT if is_training else TRAIN_TEXT)
        actions.train.setEnabled(is_training or session.can_train)
        actions.step.setEnabled(session.can_train)
        actions.restart.setEnabled(state is not RunState.EMPTY)
        actions.generate.setEnabled(state is not RunState.EMPTY)
        self.status.show_state(state)
        if is_training:
            self.banner.hide()  # what it says is of a run that stood still

    def _show_unit(self, unit: Unit) -> None:
        self.actions_.units[unit].setChecked(True)
        self._unit_for[self.session.kind] = unit
        self.loss_plot.show_unit(unit)
        self.status.show_unit(unit, self.session.kind)

    @Slot(str)
    def _say_failed(self, message: str) -> None:
        self.banner.say(
            f"The training was stopped by an error ({message}). Restart to go on; the log file "
            "has the details (Help > Show log file).",
            self.actions_.restart,
        )

    # Qt's own events

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Let files in."""
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Open the first file that was dropped."""
        paths = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
        if not paths:
            self.banner.say("Only files on this computer can be opened. Save it here first.")
            return
        if len(paths) > 1:
            self.banner.say(f"These are {len(paths)} files. Drop the one that you want to open.")
            return
        event.acceptProposedAction()
        self.open_file(paths[0])

    def closeEvent(self, event: QCloseEvent) -> None:
        """End the downloads and the training, then the window, if nothing speaks against it."""
        if self.closing_rule is not None and not self.closing_rule.allows(self):
            event.ignore()
            return
        if self._data_dialog is not None:
            self._data_dialog.cancel_all()
            self._data_dialog.close()
        self.session.close()
        super().closeEvent(event)
