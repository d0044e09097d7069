"""Every action of the window: its text, its keys, and the menu it is in."""

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar

from dinogui.common.actions.action_words import explain, make_action
from dinogui.common.actions.melody_actions import MelodyActions
from dinogui.common.actions.past_actions import PastActions
from dinogui.common.actions.plot_actions import PlotActions
from dinogui.common.actions.race_actions import RaceActions
from dinogui.common.icons import Icon, make_icon
from dinogui.common.speed import Speed
from engine.data.training_data import DataKind
from engine.evaluation.units import Unit
from engine.training.recipes import DEFAULT, NOTEBOOK, Recipe

TRAIN_TEXT = "&Train"
PAUSE_TEXT = "&Pause"
UNDO_TEXT = "&Undo"
REDO_TEXT = "&Redo"

_SPEEDS = {
    Speed.ONE: ("&1 step per second", "Train slowly enough to read each name"),
    Speed.TEN: ("1&0 steps per second", "Train slowly, and show every step"),
    Speed.HUNDRED: ("100 s&teps per second", "Train slowly enough to see the curve grow"),
    Speed.FULL: ("&Full speed", "Train as fast as this computer can"),
}
"""The text of each speed in the menu, and its tooltip."""

NO_DATA = "No data are open. Open a list of names or a text first"
"""Why what needs a run is disabled."""
_IS_TRAINING = "The run trains now. Pause it first"


class Actions(QObject):
    """The actions, each an attribute. Whoever carries them out connects them.

    Attributes
    ----------
    read_as : dict of str to QAction
        "names", "text" and "melodies".
    units : dict of Unit to QAction
    recipes : dict of Recipe to QAction
    plot : PlotActions
        Those of the loss plot.
    past : PastActions
        Those that go back in time.
    what_if : dict of str to QAction
        Asks for futures with a knob turned; each one's data is its key, a hyperparameter.
    races : RaceActions
    melody : MelodyActions
        Those of the melody that is shown.
    speeds : dict of Speed to QAction
    schemes : dict of Qt.ColorScheme to QAction
        `Unknown` stands for the system's.
    read_as_group, unit_group, recipe_group, speed_group, scheme_group : QActionGroup
        The same actions; each one's data is its key above.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._make_data_actions()
        self._make_file_actions()
        self._make_edit_actions()
        self._make_run_actions()
        self._make_view_actions()
        self.plot = PlotActions(self)
        self.past = PastActions(self)
        self.races = RaceActions(self)
        self.melody = MelodyActions(self)
        self.show_log = self._make("Show &log file", "", "What DinoGUI has logged")
        self.help = self._make(
            "&Handbook", QKeySequence.StandardKey.HelpContents, "How to use DinoGUI", icon=Icon.HELP
        )
        self.about = self._make("&About DinoGUI", "", "Version and purpose")
        self.search_commands = self._make(
            "Search &commands",
            "Ctrl+K",
            "Find any command, panel, preset, data set or page of the handbook, or set a value",
            icon=Icon.SEARCH,
        )
        self.show_keys = self._make("&Keys", "", "All keys, and what they do")
        _name_actions(self)

    def _make_data_actions(self) -> None:
        self.open = self._make(
            "&Open…",
            "Ctrl+Shift+O",
            "Open a file, or several together: names, one per line, or running text",
            icon=Icon.OPEN,
        )
        self.open_folder = self._make(
            "Open &folder…", "", "Open all texts in a folder together, as one list or one text"
        )
        self.open_with_options = self._make(
            "Open &with options…",
            "",
            "Open a file, and say how to read it: the encoding, the column, the case, and more",
        )
        self.open_dinosaurs = self._make("Open the &dinosaurs", "", "Train on DinoGUI's own list")
        self.open_dinosaur_endings = self._make(
            "Open the dinosaurs by &kind",
            "",
            "Train on those of DinoGUI's own list whose names have a usual ending, such as raptor: "
            "each ending is a kind of names",
        )
        self.open_tunes = self._make(
            "Open the tunes", "", "Train on twelve traditional tunes that come with DinoGUI"
        )
        self.get_data = self._make(
            "&Get data…", "", "Download the course's dinosaurs, the Sonnets, jazz solos, and more"
        )
        self.lower_case = self._make(
            "Lower-case na&mes when opening", "", "Read A and a as the same letter", checkable=True
        )
        self.lower_case.setChecked(True)
        self.lower_case_text = self._make(
            "Lower-&case text when opening", "", "Read A and a as the same symbol", checkable=True
        )
        self.read_as: dict[DataKind, QAction] = {
            "names": self._make("&Names", "", "Read the file again, one name per line"),
            "text": self._make("Running &text", "", "Read the file again, as running text"),
            "melodies": self._make("&Melodies", "", "Read the file again, as notes"),
        }
        self.read_as_group = self._exclusive(self.read_as)
        self.read_with_options = self._make(
            "With other &options…",
            "",
            "See how the file was read, and read it again in another way",
        )
        self.read_with_options.setEnabled(False)

    def _make_file_actions(self) -> None:
        self.export_names = self._make(
            "&Export names…", "Ctrl+Shift+E", "Write the names shown to a file", icon=Icon.EXPORT
        )
        self.export_names.setIconText("Export…")
        self.export_data = self._make(
            "E&xport data…",
            "",
            "Write the names or the text that the network learns from to a file",
        )
        self.export_data.setEnabled(False)
        explain(self.export_data, NO_DATA)
        self.open_run = self._make("Open r&un…", "Ctrl+O", "Open a saved run and go on training it")
        self.save_run = self._make(
            "&Save run", "Ctrl+S", "Save the run to its file", icon=Icon.SAVE
        )
        self.save_run_as = self._make(
            "Save run &as…", "Ctrl+Shift+S", "Save the run to another file"
        )
        self.quit = self._make("&Quit", "Ctrl+Q", "End DinoGUI")

    def _make_edit_actions(self) -> None:
        self.undo = self._make(
            UNDO_TEXT,
            "Ctrl+Z",
            "Set hyperparameters back. Pruned units return with their weights, and an added layer "
            "goes, beside what the others have learned since. Changes from before a run was saved "
            "and opened again cannot be undone",
            icon=Icon.UNDO,
        )
        self.redo = self._make(REDO_TEXT, "Ctrl+Shift+Z", "Redo what was undone", icon=Icon.REDO)
        self.redo.setShortcuts([QKeySequence("Ctrl+Shift+Z"), QKeySequence("Ctrl+Y")])
        explain(self.undo, "There is no change to undo")
        explain(self.redo, "No change has been undone")
        self.paste_data = self._make(
            "&Paste data…",
            QKeySequence.StandardKey.Paste,
            "Train on the names, the text or the files on the clipboard",
        )
        self.copy_names = self._make(
            "&Copy generated names",
            "Ctrl+Shift+C",
            "Copy the selected names, or all of them",
            icon=Icon.COPY,
        )
        self.copy_log = self._make("Copy the &log", "Ctrl+Shift+L", "Copy the whole training log")
        self.keep_names = self._make(
            "&Keep, or stop keeping",
            "Ctrl+D",
            "Star the selected names, or remove their stars",
            icon=Icon.STAR,
        )
        self.find_in_log = self._make("&Find in the log", "Ctrl+F", "Search the training log")
        self.clear_names = self._make("Clear &generated names", "", "Empty the list of names")

    def _make_run_actions(self) -> None:
        self.train = self._make(TRAIN_TEXT, "Space", "Train, or pause", icon=Icon.PLAY)
        self.step = self._make("&Step", "F8", "Make one step", icon=Icon.STEP)
        self.restart = self._make(
            "&Restart",
            "Ctrl+R",
            "The same again: begin a new run with the settings of the current one",
            icon=Icon.RESTART,
        )
        self.measure_held_out = self._make(
            "&Measure all held-out data",
            "",
            "Measure the latest network on all that is held out. At a pause this is done by itself",
        )
        for action in (self.train, self.restart):
            action.setAutoRepeat(False)  # a key that is held down counts once
        self.until = self._make("&Until…", "", "Say when the run ends by itself")
        self.go_to_best = self._make(
            "Go back to the &best network",
            "",
            "Pause, and go back to the network with the lowest held-out loss",
        )
        self.go_to_best.setEnabled(False)
        explain(
            self.go_to_best,
            "The network is the best one that was measured so far, or none was measured",
        )
        explain(self.measure_held_out, "The run holds nothing out")
        self._make_futures_actions()
        self.generate = self._make("&Generate names", "Ctrl+G", "Let the network generate names")
        self.generate.setIconText("Generate")  # on its button
        for action in (self.restart, self.generate):
            explain(action, NO_DATA)
        self.recipes: dict[Recipe, QAction] = {
            DEFAULT: self._make("&Default recipe", "", f"Restart. {DEFAULT.summary}"),
            NOTEBOOK: self._make("The course's &notebook", "", f"Restart. {NOTEBOOK.summary}"),
        }
        self.recipe_group = self._exclusive(self.recipes)
        self.speeds = {
            speed: self._make(text, f"Ctrl+{place}", tip)
            for place, (speed, (text, tip)) in enumerate(_SPEEDS.items(), 1)
        }
        self.speed_group = self._exclusive(self.speeds)
        self.speeds[Speed.FULL].setChecked(True)
        self.live_names = self._make(
            "&Live names",
            "",
            "While the network trains, let it write the names again every second",
            checkable=True,
        )
        self.live_names.setChecked(True)

    def _make_futures_actions(self) -> None:
        tip = "See what the next steps would be with other values, beside the training"
        self.what_if = {
            "learning_rate": self._make("&Learning rate…", "Ctrl+I", tip, icon=Icon.FUTURES),
            "clip": self._make("&Clip value…", "", tip, icon=Icon.FUTURES),
            "widths": self._make("Hidden &units…", "", tip, icon=Icon.FUTURES),
        }
        for knob, action in self.what_if.items():
            action.setData(knob)
        self.clear_futures = self._make("&Remove the futures", "", "Remove them from the plot")
        explain(self.clear_futures, "There are no futures. Ask for some beside a knob first")

    def _make_view_actions(self) -> None:
        standard = QKeySequence.StandardKey
        self.show_all = self._make("Show &all", "Ctrl+0", "Show the whole run, and follow it")
        self.zoom_in = self._make("Zoom &in", standard.ZoomIn, "Magnify the plot")
        # Where + needs Shift, Ctrl and + is Ctrl+Shift+=, which is another action.
        self.zoom_in.setShortcuts([*self.zoom_in.shortcuts(), QKeySequence("Ctrl+=")])
        self.zoom_out = self._make("Zoom &out", standard.ZoomOut, "Show more of the plot")
        self.show_raw = self._make(
            "Loss of each &name",
            "",
            "Draw the loss of every name, in a faint colour",
            checkable=True,
        )
        self.show_raw.setChecked(True)
        self.larger_text = self._make("&Larger text", "Ctrl+Shift+=", "Write all text larger")
        self.smaller_text = self._make(
            "S&maller text", "Ctrl+Shift+-", "Write all text smaller, down to the system's size"
        )
        explain(self.larger_text, "The text has its largest size")
        explain(self.smaller_text, "The text has the system's size, which is the smallest")
        self.plot_alone = self._make(
            "Plot alon&e",
            "F11",
            "Show only the plot, on the whole screen; Escape leaves",
            checkable=True,
        )
        self.reset_layout = self._make(
            "&Reset layout", "", "Give all columns, cards and panels their usual places and sizes"
        )
        self.reduce_motion = self._make(
            "Reduce mo&tion",
            "",
            "Show folded cards, opened panels and turned knobs in their new place at once",
            checkable=True,
        )
        self.reduce_motion.setChecked(True)
        self.units = {unit: self._make(unit.value, "", "Unit of the loss") for unit in Unit}
        self.unit_group = self._exclusive(self.units)
        self.schemes = {
            scheme: self._make(text, "", "Colours of the window")
            for scheme, text in (
                (Qt.ColorScheme.Unknown, "As the &system"),
                (Qt.ColorScheme.Light, "&Light"),
                (Qt.ColorScheme.Dark, "&Dark"),
            )
        }
        self.scheme_group = self._exclusive(self.schemes)

    @property
    def all(self) -> list[QAction]:
        """All of them."""
        return self.findChildren(QAction)

    def fill(self, bar: QMenuBar) -> None:
        """Put every action into a menu."""
        file = bar.addMenu("&File")
        file.addActions([self.open, self.open_folder, self.open_with_options])
        self.recent_menu = file.addMenu("Open recen&t")
        explain(self.recent_menu.menuAction(), "No file has been opened yet")
        file.addActions([self.open_dinosaurs, self.open_dinosaur_endings, self.open_tunes])
        file.addAction(self.get_data)
        file.addSeparator()
        read_as = file.addMenu("&Read as")
        read_as.addActions([*self.read_as.values(), self.read_with_options])
        file.addActions([self.lower_case, self.lower_case_text])
        file.addSeparator()
        file.addActions([self.export_names, self.export_data, self.plot.save])
        self.melody.fill_file_menu(file)
        file.addSeparator()
        file.addAction(self.open_run)
        self.runs_menu = file.addMenu("Ru&ns")
        file.addActions([self.save_run, self.save_run_as])
        file.addSeparator()
        file.addActions(self.races.of_file_menu)
        file.addSeparator()
        file.addAction(self.quit)
        edit = bar.addMenu("&Edit")
        edit.addActions([self.undo, self.redo])
        edit.addSeparator()
        edit.addActions([self.paste_data, self.copy_names, self.copy_log, self.plot.copy])
        edit.addSeparator()
        edit.addActions([self.keep_names, self.find_in_log])
        edit.addSeparator()
        edit.addAction(self.clear_names)
        run = bar.addMenu("&Run")
        run.addActions([self.train, self.step, self.until, self.restart])
        run.addMenu("S&peed").addActions(list(self.speeds.values()))
        run.addMenu("Restart &with").addActions(list(self.recipes.values()))
        run.addAction(self.go_to_best)
        self.past.fill_run_menu(run)
        what_if = run.addMenu("What &if")
        what_if.addActions(list(self.what_if.values()))
        what_if.addSeparator()
        what_if.addAction(self.clear_futures)
        run.addSeparator()
        run.addActions(self.races.of_run_menu)
        run.addSeparator()
        run.addActions([self.generate, self.live_names, self.melody.play, self.measure_held_out])
        view = bar.addMenu("&View")
        view.addActions([self.show_all, self.zoom_in, self.zoom_out])
        view.addSeparator()
        view.addAction(self.show_raw)
        view.addAction(self.past.show_events)
        self.plot.fill_view_menu(view)
        view.addSeparator()
        view.addActions([self.larger_text, self.smaller_text, self.plot_alone])
        view.addActions([self.reset_layout, self.reduce_motion])
        view.addSeparator()
        self.panels_menu = view.addMenu("&Panels")
        view.addMenu("&Unit of the loss").addActions(list(self.units.values()))
        view.addMenu("&Colours").addActions(list(self.schemes.values()))
        help_menu = bar.addMenu("&Help")
        help_menu.addActions([self.help, self.search_commands, self.show_keys])
        help_menu.addSeparator()
        help_menu.addActions([self.show_log, self.about])
        for menu in bar.findChildren(QMenu):
            menu.setToolTipsVisible(True)

    def show_training(self, is_training: bool) -> None:
        """Let the first button of the window pause, or train."""
        self.train.setText(PAUSE_TEXT if is_training else TRAIN_TEXT)
        self.train.setIcon(make_icon(Icon.PAUSE if is_training else Icon.PLAY))

    def show_race(self, goes_on: bool) -> None:
        """Let the first button of the window pause a race, unless it is over."""
        self.train.setEnabled(goes_on)
        explain(self.train, "The race is over. Race further, or go on with one of its lanes")

    def explain_training(self, *, has_data: bool, has_failed: bool) -> None:
        """Say why the run cannot be trained, or not make a single step.

        Parameters
        ----------
        has_data : bool
        has_failed : bool
            Whether the training was stopped by an error.
        """
        stopped = "The training was stopped by an error. Restart to go on" if has_failed else ""
        reason = stopped if has_data else NO_DATA
        explain(self.train, reason)
        explain(self.step, reason or _IS_TRAINING)

    def _make(
        self,
        text: str,
        shortcut: str | QKeySequence.StandardKey,
        tip: str,
        *,
        checkable: bool = False,
        icon: Icon | None = None,
    ) -> QAction:
        return make_action(self, text, tip, shortcut, checkable=checkable, icon=icon)

    def _exclusive(self, choices: Mapping[Any, QAction]) -> QActionGroup:
        """Make a group in which one action at a time is checked; its data is its key."""
        group = QActionGroup(self)
        for choice, action in choices.items():
            action.setCheckable(True)
            action.setData(choice)
            group.addAction(action)
        group.actions()[0].setChecked(True)
        return group


def _name_actions(owner: QObject, prefix: str = "") -> None:
    """Give each action the name of its attribute, by which it is remembered from start to start."""
    for name, value in vars(owner).items():
        if isinstance(value, QAction):
            value.setObjectName(prefix + name)
        elif isinstance(value, dict):
            for place, action in enumerate(value.values()):
                action.setObjectName(f"{prefix}{name}/{place}")
        elif isinstance(value, QObject) and value.parent() is owner:
            _name_actions(value, f"{prefix}{name}/")
