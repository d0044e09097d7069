"""The actions of the loss plot: its axes, its baselines, and its export."""

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu

from dinogui.common.actions.action_words import explain, make_action
from engine.training.curves.axis_quantity import AxisQuantity

N_GRAM_ORDERS = range(1, 6)
"""The orders of the n-gram models that have a line. 0 stands for what needs no reading."""


class PlotActions(QObject):
    """The actions, each an attribute. Whoever carries them out connects them.

    Attributes
    ----------
    quantities : dict of AxisQuantity to QAction
        What the horizontal axis shows.
    quantity_group : QActionGroup
        The same actions; each one's data is its key above.
    baselines : dict of int to QAction
        Whether the line of guessing, 0, and of each n-gram model is shown.
    runs_menu : QMenu or None
        Which other runs are drawn. Made by `fill_view_menu`.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.runs_menu: QMenu | None = None
        tips = {
            AxisQuantity.STEP: "Draw the loss over the steps",
            AxisQuantity.EPOCH: "Draw the loss over the passes through the data",
            AxisQuantity.EXAMPLES: "Draw the loss over the names seen, or the symbols of a text",
            AxisQuantity.TIME: "Draw the loss over the time spent training",
            AxisQuantity.WORK: "Draw the loss over the steps times the size of the network, which "
            "is about what they cost",
        }
        texts = ("&Step", "&Epoch", "&Names seen", "&Time", "&Parameters × steps")
        self.quantities: dict[AxisQuantity, QAction] = {}
        self.quantity_group = QActionGroup(self)
        for (quantity, tip), text in zip(tips.items(), texts, strict=True):
            action = self.quantities[quantity] = make_action(self, text, tip, checkable=True)
            action.setData(quantity)
            self.quantity_group.addAction(action)
        self.quantities[AxisQuantity.STEP].setChecked(True)
        self.logarithmic_x = make_action(
            self,
            "Logarithmic &horizontal axis",
            "Give the beginning more room",
            "Ctrl+Shift+X",
            checkable=True,
        )
        self.logarithmic_y = make_action(
            self,
            "Logarithmic &vertical axis",
            "Give low losses more room",
            "Ctrl+Shift+Y",
            checkable=True,
        )
        self.set_range = make_action(
            self,
            "Set &range…",
            "Say in numbers which part of the run, and which losses, the plot shows",
            "Ctrl+Shift+A",
        )
        self.fixed_range = make_action(
            self,
            "Keep the ran&ge of the loss",
            "Keep the vertical axis as it is while the plot follows the run. A turn of the wheel "
            "or a drag on the axis changes it",
            checkable=True,
        )
        self.baselines: dict[int, QAction] = {}
        for order in (0, *N_GRAM_ORDERS):
            name = f"&{order}-gram" if order else "&Guessing"
            action = self.baselines[order] = make_action(
                self, name, "Show this line and its name", checkable=True
            )
            action.setData(order)
            action.setChecked(True)
        self.previous_run = make_action(
            self,
            "&Run before beside a new one",
            "When another run on the same data begins, go on showing the one before as thin lines",
            checkable=True,
        )
        self.previous_run.setChecked(True)
        self.hide_runs = make_action(
            self,
            "&Hide other runs",
            "Show the present run alone",
            "Ctrl+Shift+H",
        )
        self.copy_markdown = make_action(
            self,
            "Copy the comparison as &Markdown",
            "Copy what differs between the runs on the plot, for a report",
        )
        self.copy_csv = make_action(
            self,
            "Copy the comparison as CS&V",
            "Copy what differs between the runs on the plot, for a spreadsheet",
        )
        for action in (self.hide_runs, self.copy_markdown, self.copy_csv):
            explain(action, "No other run is on the plot")
        self.save = make_action(
            self, "Save &plot…", "Save the plot as a picture, or its values as CSV"
        )
        self.copy = make_action(self, "Copy pl&ot", "Copy the plot as a picture")

    def name_floor(self, name: str) -> None:
        """Call the baseline that needs no reading as the plot calls it: "guessing", for example."""
        self.baselines[0].setText(f"&{name[0].upper()}{name[1:]}")

    @property
    def remembered(self) -> tuple[QAction, ...]:
        """What is chosen with them is remembered from one start to the next."""
        axes = self.logarithmic_x, self.logarithmic_y
        return (*self.quantities.values(), *axes, *self.baselines.values(), self.previous_run)

    def fill_view_menu(self, menu: QMenu) -> None:
        """Put the actions of the view into a menu; the first one owns their submenu of runs."""
        axes = menu.addMenu("A&xes of the plot")
        axes.addActions(list(self.quantities.values()))
        axes.addSeparator()
        axes.addActions([self.logarithmic_x, self.logarithmic_y])
        axes.addSeparator()
        axes.addActions([self.set_range, self.fixed_range])
        if self.runs_menu is None:
            self.runs_menu = menu.addMenu("Ot&her runs")
            self.runs_menu.addActions([self.previous_run, self.hide_runs])
            self.runs_menu.addSeparator()
            self.runs_menu.addActions([self.copy_markdown, self.copy_csv])
        else:
            menu.addMenu(self.runs_menu)
        menu.addMenu("&Baselines").addActions(list(self.baselines.values()))
