"""Copies the comparison of the runs on the plot, also where the panel is not open."""

from PySide6.QtCore import QObject, Slot

from dinogui.common.actions.plot_actions import PlotActions
from dinogui.panels.compare.run_comparison import copy_comparison
from dinogui.session.session import Session


class ComparisonCopy(QObject):
    """Carries out the actions that copy the comparison. Lives in the GUI thread.

    Parameters
    ----------
    session : Session
    actions : PlotActions
    parent : QObject
    """

    def __init__(self, session: Session, actions: PlotActions, parent: QObject) -> None:
        super().__init__(parent)
        self._session, self._actions = session, actions
        actions.copy_markdown.triggered.connect(self._copy_markdown)
        actions.copy_csv.triggered.connect(self._copy_csv)
        session.on_plot.changed.connect(self._enable)
        session.racing.state_changed.connect(self._enable)
        self._enable()

    @Slot()
    def _enable(self) -> None:
        has_runs = self._session.racing.is_on or bool(self._session.on_plot.overlaid)
        self._actions.copy_markdown.setEnabled(has_runs)
        self._actions.copy_csv.setEnabled(has_runs)

    @Slot()
    def _copy_markdown(self) -> None:
        copy_comparison(self._session, "markdown")

    @Slot()
    def _copy_csv(self) -> None:
        copy_comparison(self._session, "csv")
