"""File > Earlier runs: the latest of them in a menu, and all of them in a dialog."""

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from dinogui.library.earlier_run import EarlierRun
from dinogui.library.earlier_runs import EarlierRuns
from dinogui.window.earlier_runs_dialog import EarlierRunsDialog

_MAX_IN_MENU = 8


class EarlierRunsMenu(QObject):
    """Fills a menu with the earlier runs, and opens the one that is chosen.

    Lives in the GUI thread.

    Parameters
    ----------
    menu : QMenu
    earlier : EarlierRuns
    parent : QWidget
        A part of the window over which the dialog is shown.
    """

    def __init__(self, menu: QMenu, earlier: EarlierRuns, parent: QWidget) -> None:
        super().__init__(parent)
        self._menu, self._earlier, self._parent = menu, earlier, parent
        self._dialog: EarlierRunsDialog | None = None
        menu.aboutToShow.connect(earlier.refresh)
        menu.triggered.connect(self._choose)
        earlier.changed.connect(self._fill)
        self._fill()

    @Slot()
    def show_all(self) -> None:
        """Show the dialog."""
        if self._dialog is None:
            self._dialog = EarlierRunsDialog(self._earlier, self._parent.window())
        self._dialog.show()
        self._dialog.raise_()
        self._dialog.activateWindow()
        self._earlier.refresh()

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
        show_all = self._menu.addAction("&All earlier runs…")
        show_all.setToolTip("A list, in which runs can be starred and deleted")
        self._menu.setEnabled(bool(self._earlier.runs) or self._earlier.can_restore)

    @Slot(QAction)
    def _choose(self, action: QAction) -> None:
        run = action.data()
        if isinstance(run, EarlierRun):
            self._earlier.open(run)
        else:
            self.show_all()
