"""Hands the loss plot the runs that are shown beside the present one."""

from PySide6.QtCore import QObject, Slot

from dinogui.common.actions.plot_actions import PlotActions
from dinogui.common.theme import Theme
from dinogui.panels.loss.loss_plot import LossPlot
from dinogui.panels.loss.overlay.plotted_run import PlottedRun
from dinogui.session.overlay.overlaid_run import OverlaidRun
from dinogui.session.session import Session
from engine.evaluation.units import Unit
from engine.training.recipes import RECIPES


class RunOverlay(QObject):
    """Draws the runs on the plot in their colours, and carries out the actions about them.

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
        self._actions, self._is_showing = actions, False
        on_plot = session.on_plot
        actions.hide_runs.triggered.connect(on_plot.hide_all)
        actions.previous_run.toggled.connect(on_plot.add_previous)
        on_plot.changed.connect(self._show)
        loss_plot.unit_shown.connect(self._show)
        racing = session.racing
        for signal in (racing.begun, racing.ended, racing.lanes_shown):
            signal.connect(self._show)
        theme.changed.connect(self._show)
        self._show()

    @Slot()
    def _show(self) -> None:
        if self._session.racing.is_on:
            self._plot.show_runs(self._lanes())
            self._is_showing = True
            return
        runs = self._session.on_plot.overlaid
        self._actions.hide_runs.setEnabled(bool(runs))
        if runs or self._is_showing:  # else the plot would be laid out anew for nothing
            self._plot.show_runs([self._plotted(run) for run in runs if self._is_comparable(run)])
        self._is_showing = bool(runs)

    def _lanes(self) -> list[PlottedRun]:
        """Return the lanes of the race, which are drawn in place of all runs."""
        colours = self._theme.colours.runs
        return [
            PlottedRun(lane.title, colours[lane.colour % len(colours)], lane.curves)
            for lane in self._session.racing.lanes
            if lane.is_shown
        ]

    def _is_comparable(self, run: OverlaidRun) -> bool:
        """Whether its losses have the unit that is shown: those of a text are not those of names.

        Only runs that read documents have losses per document. And a name that is written is not a
        kind that is told.
        """
        if (run.record.settings.task == "tell") != self._session.run.tells:
            return False
        has_unit = run.reads_documents or self._plot.unit is not Unit.NATS_PER_DOCUMENT
        return run.kind == self._session.kind and has_unit

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
