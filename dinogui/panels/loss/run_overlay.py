"""Hands the loss plot the runs that are shown beside the present one, and fills their menu."""

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QAction

from dinogui.common.actions.plot_actions import PlotActions
from dinogui.common.theme import Theme
from dinogui.panels.loss.loss_plot import LossPlot
from dinogui.panels.loss.overlay.plotted_run import PlottedRun
from dinogui.session.overlay.overlaid_run import OverlaidRun
from dinogui.session.session import Session
from engine.training.recipes import RECIPES

_MOST_IN_MENU = 12


class RunOverlay(QObject):
    """Draws the runs on the plot in their colours, and lets a menu show and hide them.

    Lives in the GUI thread.

    Parameters
    ----------
    session : Session
    loss_plot : LossPlot
        The parent.
    actions : PlotActions
    theme : Theme
    """

    def __init__(
        self, session: Session, loss_plot: LossPlot, actions: PlotActions, theme: Theme
    ) -> None:
        super().__init__(loss_plot)
        self._session, self._plot, self._theme = session, loss_plot, theme
        self._actions = actions
        on_plot = session.on_plot
        actions.hide_runs.triggered.connect(on_plot.hide_all)
        actions.previous_run.toggled.connect(on_plot.add_previous)
        self._menu, self._end = actions.runs_menu, actions.previous_run
        self._menu.triggered.connect(self._choose)
        on_plot.changed.connect(self._show)
        on_plot.changed.connect(self._fill)
        session.run_begun.connect(self._show)
        theme.changed.connect(self._show)
        self._show()

    @Slot()
    def _show(self) -> None:
        runs = self._session.on_plot.overlaid
        self._actions.hide_runs.setEnabled(bool(runs))
        self._plot.show_runs([self._plotted(run) for run in runs if self._is_comparable(run)])

    def _is_comparable(self, run: OverlaidRun) -> bool:
        """Whether its losses have the same units: those of a text are not losses of names."""
        return run.kind == self._session.kind

    def _plotted(self, run: OverlaidRun) -> PlottedRun:
        colours = self._theme.colours.runs
        return PlottedRun(
            run.title, colours[run.colour % len(colours)], run.curves, self._note(run)
        )

    def _note(self, run: OverlaidRun) -> str:
        """Say if its training loss is not smoothed like that of the present run."""
        session, record = self._session, run.record
        now = session.recipe.is_legacy, session.settings.smoothing
        if now == (RECIPES[record.recipe].is_legacy, record.settings.smoothing):
            return ""
        return "smoothed in another way"

    @Slot()
    def _fill(self) -> None:
        on_plot, menu = self._session.on_plot, self._menu
        for action in menu.actions()[: menu.actions().index(self._end)]:
            menu.removeAction(action)
            action.deleteLater()
        for key, text in on_plot.choices[:_MOST_IN_MENU]:
            action = QAction(text.replace("&", "&&"), menu)  # an ampersand is not a mnemonic
            action.setCheckable(True)
            action.setChecked(on_plot.is_shown(key))
            action.setToolTip("Draw the losses of this run beside the present one")
            action.setData(key)
            menu.insertAction(self._end, action)
        if on_plot.choices:
            menu.insertSeparator(self._end)

    @Slot(QAction)
    def _choose(self, action: QAction) -> None:
        key = action.data()
        if not isinstance(key, str):
            return
        if action.isChecked():
            self._session.on_plot.show(key)
        else:
            self._session.on_plot.hide(key)
