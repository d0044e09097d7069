"""What a run on data with kinds learns: to write in a kind, or to tell the kind."""

from dataclasses import replace

from PySide6.QtCore import QSignalBlocker, Signal, Slot
from PySide6.QtWidgets import QCheckBox, QGridLayout, QVBoxLayout, QWidget

from dinogui.common.words import task_words
from dinogui.panels.model.form import choice, choose, fill_row
from dinogui.widgets.knob.knob import Knob
from dinogui.widgets.knob.scale import Scale
from engine.data.training_data import DataKind
from engine.training.settings import RunSettings

_BALANCES = Scale(tuple(round(0.05 * n, 2) for n in range(21)), is_linear=True)
_BOTH_TIP = (
    "Read from the beginning and from the end. A network that writes cannot: it would read what it "
    "is to predict"
)


def balance_knob() -> Knob:
    """Return a slider for how evenly the kinds are drawn, which shows 0."""
    return Knob(
        "Balance",
        _BALANCES,
        0.0,
        "How often small kinds are drawn in training. By size: every example is drawn alike, and "
        "a large kind often. Evenly: every kind is drawn alike.",
        ends=("by size", "evenly"),
    )


class KindSettings(QWidget):
    """The settings of a run that only data with kinds have. Lives in the GUI thread.

    Attributes
    ----------
    task : QComboBox
    both : QCheckBox
        Whether the network reads in both directions; enabled where the kind is told.
    balance : Knob
        From 0, where kinds are drawn by their size, to 1, where they are drawn evenly. It acts at
        once, as a hyperparameter.

    Signals
    -------
    changed()
        The settings were changed. They take a new run.
    """

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.task = choice(
            task_words("names"),
            "The network is told the kind, and writes in it; or it reads, and tells of which kind "
            "it is",
        )
        self.both = QCheckBox("Read in both directions")
        self.both.setAccessibleName("Read in both directions")
        self.both.setToolTip(_BOTH_TIP)
        self.balance = balance_knob()
        grid = QGridLayout()
        grid.setHorizontalSpacing(4)
        grid.setColumnStretch(1, 1)
        fill_row(grid, 0, (("&Task", self.task),))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(grid)
        layout.addWidget(self.both)
        layout.addWidget(self.balance)
        self.task.currentIndexChanged.connect(self._show_task)
        self.both.toggled.connect(self.changed)
        self._show_task()
        self.hide()

    def show_kind(self, kind: DataKind) -> None:
        """Call the tasks as they are called for another kind of data."""
        for place, words in enumerate(task_words(kind).values()):
            self.task.setItemText(place, words)

    def show_settings(self, settings: RunSettings) -> None:
        """Show those of the current run."""
        blocker = QSignalBlocker(self)
        choose(self.task, settings.task)
        self.both.setChecked(settings.both_directions)
        self.balance.forget_change()
        blocker.unblock()
        self._show_task()

    def applied_to(self, settings: RunSettings) -> RunSettings:
        """Return settings with those shown here."""
        tells = self.task.currentData() == "tell"
        return replace(
            settings,
            task=self.task.currentData(),
            both_directions=tells and self.both.isChecked(),
        )

    @Slot()
    def _show_task(self) -> None:
        self.both.setEnabled(self.task.currentData() == "tell")
        self.changed.emit()
