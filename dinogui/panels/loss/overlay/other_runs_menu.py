"""View > Other runs: every run that can be drawn beside the present one, to show and hide."""

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from dinogui.session.overlay.runs_on_plot import RunsOnPlot

_MOST = 12


class OtherRunsMenu(QObject):
    """Lists the runs above the entries that a menu has already.

    Lives in the GUI thread.

    Parameters
    ----------
    menu : QMenu
        The parent.
    on_plot : RunsOnPlot
    """

    def __init__(self, menu: QMenu, on_plot: RunsOnPlot) -> None:
        super().__init__(menu)
        self._menu, self._on_plot = menu, on_plot
        self._end = menu.actions()[0]
        menu.triggered.connect(self._choose)
        on_plot.changed.connect(self._fill)
        self._fill()

    @Slot()
    def _fill(self) -> None:
        menu = self._menu
        for action in menu.actions()[: menu.actions().index(self._end)]:
            menu.removeAction(action)
            action.deleteLater()
        choices = self._on_plot.choices[:_MOST]
        for key, text in choices:
            action = QAction(text.replace("&", "&&"), menu)  # an ampersand is not a mnemonic
            action.setCheckable(True)
            action.setChecked(self._on_plot.is_shown(key))
            action.setToolTip("Draw the losses of this run beside the present one")
            action.setData(key)
            menu.insertAction(self._end, action)
        if choices:
            menu.insertSeparator(self._end)

    @Slot(QAction)
    def _choose(self, action: QAction) -> None:
        key = action.data()
        if not isinstance(key, str):
            return
        if action.isChecked():
            self._on_plot.show(key)
        else:
            self._on_plot.hide(key)
