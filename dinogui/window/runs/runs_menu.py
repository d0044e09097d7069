"""File > Runs: the latest of them in a menu, and all of them in a dialog."""

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from dinogui.common.theme import Theme
from dinogui.library.earlier.earlier_run import EarlierRun
from dinogui.session.overlay.runs_on_plot import RunsOnPlot
from dinogui.window.runs.list_commands import ListCommands
from dinogui.window.runs.runs_dialog import RunsDialog
from engine.evaluation.units import Unit

_MAX_IN_MENU = 8


class RunsMenu(QObject):
    """Fills a menu with the runs, and opens the one that is chosen.

    Lives in the GUI thread.

    Parameters
    ----------
    menu : QMenu
    commands : ListCommands
    on_plot : RunsOnPlot
    theme : Theme
    parent : QWidget
        A part of the window over which the dialog is shown.

    Signals
    -------
    said(str)
        A message that is not in the dialog, as that is not open.
    """

    said = Signal(str)

    def __init__(
        self,
        menu: QMenu,
        commands: ListCommands,
        on_plot: RunsOnPlot,
        theme: Theme,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        earlier = commands.earlier
        self._menu, self._earlier, self._parent = menu, earlier, parent
        self._commands, self._on_plot, self._theme = commands, on_plot, theme
        self._dialog: RunsDialog | None = None
        self._unit = Unit.NATS_PER_NAME
        menu.aboutToShow.connect(earlier.refresh)
        menu.triggered.connect(self._choose)
        earlier.changed.connect(self._fill)
        self._fill()

    @Slot()
    def show_all(self) -> None:
        """Show the dialog."""
        if self._dialog is None:
            self._dialog = RunsDialog(
                self._commands, self._on_plot, self._theme, self._parent.window()
            )
            self._dialog.list.show_unit(self._unit)
        self._dialog.show()
        self._dialog.raise_()
        self._dialog.activateWindow()
        self._earlier.refresh()

    @Slot(str)
    def say(self, message: str) -> None:
        """Show a message about the runs where it can be seen: the dialog lies over the window."""
        if self._dialog is not None and self._dialog.isVisible():
            self._dialog.say(message)
        else:
            self.said.emit(message)

    def show_unit(self, unit: Unit) -> None:
        """Show losses in another unit; see `listed_unit`."""
        self._unit = unit
        if self._dialog is not None:
            self._dialog.list.show_unit(unit)

    @Slot()
    def _fill(self) -> None:
        self._menu.clear()
        for number, run in enumerate(self._earlier.runs[:_MAX_IN_MENU], start=1):
            # An ampersand in a name is not a mnemonic.
            text = f"{run.title}, {run.details}".replace("&", "&&")
            action = self._menu.addAction(f"&{number}  {text}")
            action.setToolTip("Show this run again. The present one becomes an earlier run")
            action.setData(run)
        if self._earlier.runs:
            self._menu.addSeparator()
        show_all = self._menu.addAction("A&ll runs…")
        show_all.setToolTip("A list, in which runs can be named, starred, compared and deleted")
        show_all.triggered.connect(self.show_all)
        add = self._menu.addAction("A&dd runs…")
        add.setToolTip("Add files of runs to the list, such as those of the command line")
        add.triggered.connect(self._commands.choose_files)

    @Slot(QAction)
    def _choose(self, action: QAction) -> None:
        run = action.data()
        if isinstance(run, EarlierRun):
            self._earlier.open(run)
