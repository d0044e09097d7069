"""What the loss plot shows of the held-out data besides its curve."""

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QAction

from dinogui.panels.loss.loss_plot import LossPlot
from dinogui.session.session import Session


class HeldOutView(QObject):
    """Shows the held-out loss in full, and the n-gram lines of the same names or symbols.

    Lives in the GUI thread. The lines are those of what the curve is measured on. While the loss
    on everything is shown, so are the lines of everything.

    Parameters
    ----------
    session : Session
    loss_plot : LossPlot
        The parent.
    measure : QAction
        Has the latest network measured in full. It is disabled if nothing is held out.
    """

    def __init__(self, session: Session, loss_plot: LossPlot, measure: QAction) -> None:
        super().__init__(loss_plot)
        self._session, self._plot, self._measure = session, loss_plot, measure
        measure.triggered.connect(session.held_out_measuring.measure)
        session.baselines_counted.connect(self._show)
        session.held_out_measuring.changed.connect(self._show)
        session.racing.begun.connect(self._show)
        session.racing.ended.connect(self._show)
        session.held_out_measuring.advanced.connect(loss_plot.show_measuring)
        session.state_changed.connect(self._enable)
        session.run_begun.connect(self._enable)
        self._enable()

    @Slot()
    def _show(self) -> None:
        run = self._session.run
        in_full, baselines = run.full_held_out, run.baselines
        if self._session.racing.is_on:  # the lanes are measured on a part
            in_full = None
        self._plot.show_full_held_out(in_full)
        if in_full:
            self._plot.show_baselines(baselines.in_full, baselines.largest_kind_in_full)
        else:
            self._plot.show_baselines(baselines.measured, baselines.largest_kind)

    @Slot()
    def _enable(self) -> None:
        self._measure.setEnabled(self._session.run.held_out_size is not None)
