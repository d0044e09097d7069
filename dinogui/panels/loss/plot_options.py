"""Connects the actions of the loss plot with the plot."""

from PySide6.QtCore import QObject, Slot

from dinogui.common.actions.plot_actions import PlotActions
from dinogui.panels.loss.loss_plot import LossPlot
from engine.training.curves.axis_quantity import AxisQuantity


class PlotOptions(QObject):
    """Carries out what is chosen in the menus for the loss plot. Lives in the GUI thread.

    Parameters
    ----------
    actions : PlotActions
    loss_plot : LossPlot
        The parent.
    """

    def __init__(self, actions: PlotActions, loss_plot: LossPlot) -> None:
        super().__init__(loss_plot)
        self._actions, self._plot = actions, loss_plot
        actions.quantity_group.triggered.connect(self._choose_axes)
        actions.logarithmic_x.toggled.connect(self._choose_axes)
        actions.logarithmic_y.toggled.connect(self._choose_axes)
        actions.fixed_range.toggled.connect(loss_plot.keep_range)
        actions.set_range.triggered.connect(self._ask_for_range)
        loss_plot.view.range_kept.connect(actions.fixed_range.setChecked)
        for action in actions.baselines.values():
            action.toggled.connect(self._show_baselines)

    @Slot()
    def _choose_axes(self) -> None:
        actions = self._actions
        quantity: AxisQuantity = actions.quantity_group.checkedAction().data()
        self._plot.show_axes(
            quantity,
            logarithmic_x=actions.logarithmic_x.isChecked(),
            logarithmic_y=actions.logarithmic_y.isChecked(),
        )

    @Slot()
    def _ask_for_range(self) -> None:
        from dinogui.panels.loss.range_dialog import RangeDialog  # only when it is asked for

        plot = self._plot
        dialog = RangeDialog(plot.view.offered, plot.across, plot.vertical, plot.kind, plot)
        dialog.chosen.connect(plot.fix_range)
        dialog.open()

    @Slot()
    def _show_baselines(self) -> None:
        shown = {number for number, action in self._actions.baselines.items() if action.isChecked()}
        self._plot.show_lines(shown)
