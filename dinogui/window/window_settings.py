"""Restores the window as it was left, and stores how it is left."""

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDockWidget

from dinogui.common.actions.plot_actions import PlotActions
from dinogui.common.motion import GnomeSwitch, is_less_motion_wanted
from dinogui.common.preferences import Preferences
from dinogui.common.speed import Speed
from dinogui.common.theme import TEXT_SCALES
from dinogui.session.blend.shares import Shares
from dinogui.widgets.tables.column_widths import ColumnMemory
from dinogui.window.main_window import MainWindow
from dinogui.window.recent_menu import RecentMenu
from engine.data.sources.places import are_there
from engine.training.curves.axis_quantity import AxisQuantity

_SOON_MILLISECONDS = 1_000
_STATE_VERSION = 1
_SEEN = 60
"""Pixels of the window's upper edge that must lie on a screen."""


class WindowSettings(QObject):
    """Restores the window from the preferences, and keeps these up to date.

    Lives in the GUI thread. It writes when the window closes, and a second after a change, so that
    little is lost in a crash.

    Parameters
    ----------
    window : MainWindow
        The parent; not shown yet, and without a run.
    preferences : Preferences
    seed : int or None
        The seed of the first run, instead of the stored one.
    """

    def __init__(self, window: MainWindow, preferences: Preferences, seed: int | None) -> None:
        super().__init__(window)
        self._window, self._preferences = window, preferences
        self._is_less_motion_wanted = is_less_motion_wanted()
        self._gnome = GnomeSwitch(self)
        self._gnome.answered.connect(self._note_desktop)
        window.session.closing.connect(self._gnome.stop)
        if not self._is_less_motion_wanted:  # with the first run, the window has been painted
            once = Qt.ConnectionType.SingleShotConnection
            window.session.run_begun.connect(self._gnome.ask, once)
        self.recent = RecentMenu(window.actions_.recent_menu, preferences, self)
        self.recent.chosen.connect(window.open_file)
        self.recent.missed.connect(window.banner.say)
        self._columns = ColumnMemory(window, preferences.column_widths)
        self._restore_choices()
        self._restore_layout()
        window.session.use_plan(preferences.run, seed, preferences.run_is_on)
        self._soon = QTimer(self, singleShot=True, interval=_SOON_MILLISECONDS)
        self._soon.timeout.connect(self._store_now)
        window.session.run_begun.connect(self._note_data)
        window.library.saving.saved.connect(self._note_run)
        window.library.saving.opened.connect(self._note_run)
        window.session.run_begun.connect(self._soon.start)
        window.session.hyperparameters_changed.connect(self._start_soon)
        window.session.blend.changed.connect(self._start_soon)
        self._watch_layout()
        window.installEventFilter(self)

    @property
    def file_to_reopen(self) -> str | None:
        """The file of the last run, or else the place of its data, if it still exists."""
        path = self._preferences.last_file
        return path if path is not None and are_there(path) else None

    def _watch_layout(self) -> None:
        """Notice changes of the layout and of what is chosen, except for the window itself."""
        window, actions = self._window, self._window.actions_
        for splitter in window.arrangement.splitters:
            splitter.splitterMoved.connect(self._start_soon)
        self._columns.changed.connect(self._start_soon)
        window.left.turned.connect(self._start_soon)
        window.presentation.text_scaled.connect(self._start_soon)
        window.command_search.used.connect(self._start_soon)
        for dock in window.findChildren(QDockWidget):
            dock.installEventFilter(self)  # docks have no signal for a change of size
            dock.visibilityChanged.connect(self._start_soon)
            dock.dockLocationChanged.connect(self._start_soon)
            dock.topLevelChanged.connect(self._start_soon)
        for action in (
            *actions.units.values(),
            *actions.speeds.values(),
            *actions.schemes.values(),
            actions.live_names,
            actions.reduce_motion,
            actions.lower_case,
            actions.show_raw,
            *actions.plot.remembered,
        ):
            action.toggled.connect(self._start_soon)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Store everything when the window is hidden, and soon after it or a dock was moved."""
        is_hidden = watched is self._window and event.type() == QEvent.Type.Hide
        if is_hidden and not self._window.isMinimized():
            self.store()
        elif event.type() in (QEvent.Type.Move, QEvent.Type.Resize):
            self._soon.start()
        return super().eventFilter(watched, event)

    def store(self) -> None:
        """Store how everything is now."""
        window, preferences = self._window, self._preferences
        if not window.presentation.is_plot_alone:
            self._store_layout()
        preferences.set_text("text/scale", str(window.presentation.text_scale))
        actions = window.actions_
        preferences.unit = actions.unit_group.checkedAction().data()
        preferences.set_choice("speed", window.session.speed)
        preferences.set_flag("names/live", actions.live_names.isChecked())
        wanted = window.session.blend.wanted
        preferences.set_text("names/blend", "" if wanted is None else wanted.to_text())
        self._store_motion()
        preferences.set_choice("colours", actions.scheme_group.checkedAction().data())
        preferences.set_flag("lower_case", actions.lower_case.isChecked())
        preferences.set_flag("plot/single_losses", actions.show_raw.isChecked())
        self._store_plot(actions.plot)
        preferences.recent_commands = window.command_search.recent
        self._store_run()

    def _store_motion(self) -> None:
        """Store what somebody chose other than the system, which may want something else later."""
        is_reduced = self._window.actions_.reduce_motion.isChecked()
        if is_reduced == self._is_less_motion_wanted:
            self._preferences.set_text("motion/reduced", "")
        else:
            self._preferences.set_flag("motion/reduced", is_reduced)

    @Slot(bool)
    def _note_desktop(self, is_less_wanted: bool) -> None:
        """Reduce motion where the desktop wants it, unless somebody has chosen otherwise."""
        self._is_less_motion_wanted = is_less_wanted
        if is_less_wanted and not self._preferences.text("motion/reduced"):
            self._window.actions_.reduce_motion.setChecked(True)

    def _store_layout(self) -> None:
        window, preferences = self._window, self._preferences
        preferences.set_blob("window/geometry", window.saveGeometry())
        preferences.set_blob("panels/state", window.panels_card.area.saveState(_STATE_VERSION))
        chosen = window.arrangement.chosen_sizes
        for key, _ in window.arrangement.size_keys:
            preferences.set_sizes(f"sizes/{key}", chosen.get(key, []))
        preferences.set_flag("settings/open", window.left.shows_settings)
        preferences.column_widths = self._columns.chosen

    def _store_plot(self, actions: PlotActions) -> None:
        preferences = self._preferences
        preferences.set_choice("plot/across", actions.quantity_group.checkedAction().data())
        preferences.set_flag("plot/logarithmic_x", actions.logarithmic_x.isChecked())
        preferences.set_flag("plot/logarithmic_y", actions.logarithmic_y.isChecked())
        for number, action in actions.baselines.items():
            preferences.set_flag(f"plot/baseline_{number}", action.isChecked())

    def _restore_plot(self, actions: PlotActions) -> None:
        """Choose what was chosen; where that is usual already, nothing is laid out anew."""
        preferences = self._preferences
        quantity = actions.quantities[preferences.choice("plot/across", AxisQuantity.STEP)]
        if not quantity.isChecked():
            quantity.trigger()
        actions.logarithmic_x.setChecked(preferences.flag("plot/logarithmic_x", False))
        actions.logarithmic_y.setChecked(preferences.flag("plot/logarithmic_y", False))
        for number, action in actions.baselines.items():
            action.setChecked(preferences.flag(f"plot/baseline_{number}", True))

    def _restore_choices(self) -> None:
        preferences, actions = self._preferences, self._window.actions_
        actions.units[preferences.unit].trigger()
        self._window.session.set_speed(preferences.choice("speed", Speed.FULL))
        actions.live_names.setChecked(preferences.flag("names/live", True))
        self._window.session.blend.wanted = Shares.of_text(preferences.text("names/blend") or "")
        is_reduced = preferences.flag("motion/reduced", self._is_less_motion_wanted)
        actions.reduce_motion.setChecked(is_reduced)
        scheme = actions.schemes[preferences.choice("colours", Qt.ColorScheme.Unknown)]
        if not scheme.isChecked():  # applying the style again would slow down every start
            scheme.trigger()
        actions.lower_case.setChecked(preferences.flag("lower_case", True))
        actions.show_raw.setChecked(preferences.flag("plot/single_losses", True))
        self._restore_plot(actions.plot)
        self._window.command_search.recall(preferences.recent_commands)
        stored = preferences.text("text/scale")
        for scale in TEXT_SCALES:
            if stored == str(scale):
                self._window.presentation.scale_text(scale)
        if preferences.flag("settings/open", False):
            self._window.left.show_settings()

    def _restore_layout(self) -> None:
        window, preferences = self._window, self._preferences
        usual = window.geometry()
        window.restoreGeometry(preferences.blob("window/geometry"))
        if not self._can_be_reached():
            window.setWindowState(Qt.WindowState.WindowNoState)
            window.setGeometry(usual)
        window.panels_card.area.restoreState(preferences.blob("panels/state"), _STATE_VERSION)
        window.docks.withdraw()
        found = {}
        for key, count in window.arrangement.size_keys:
            sizes = preferences.sizes(f"sizes/{key}", count)
            if sizes is not None:
                found[key] = sizes
        window.arrangement.use_sizes(found)

    def _can_be_reached(self) -> bool:
        """Whether enough of the window's upper edge is on a screen to drag it by."""
        frame = self._window.frameGeometry()
        frame.setHeight(_SEEN)
        seen = (screen.availableGeometry() & frame for screen in QGuiApplication.screens())
        return any(part.width() >= _SEEN and part.height() >= _SEEN // 2 for part in seen)

    @Slot()
    def _note_data(self) -> None:
        self._note_file(self._window.session.path)

    @Slot(str)
    def _note_run(self, path: str) -> None:
        self._note_file(path)

    def _note_file(self, path: str | None) -> None:
        self._preferences.last_file = path
        if path is not None:
            self._preferences.note_recent(path)
        self.recent.fill()

    @Slot()
    def _start_soon(self) -> None:
        self._soon.start()

    @Slot()
    def _store_now(self) -> None:
        """Store everything, or only the run while the window has no layout."""
        if self._window.isVisible() and not self._window.isMinimized():
            self.store()
        else:
            self._store_run()

    def _store_run(self) -> None:
        session = self._window.session
        self._soon.stop()
        self._preferences.run = session.run.plan_elsewhere
        self._preferences.run_is_on = session.run.plan_data
        self._preferences.write_to_disk()
