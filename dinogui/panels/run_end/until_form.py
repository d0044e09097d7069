"""The form that says when a run ends by itself."""

from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QCheckBox, QGridLayout, QLabel, QWidget

from dinogui.widgets.knob.scale import logarithmic_stops, whole_stops
from dinogui.widgets.number_box import NumberBox
from engine.data.training_data import DataKind
from engine.evaluation.units import nats_unit
from engine.training.ending import ENDLESS, MAX_LOSS, MAX_MINUTES, MAX_PATIENCE, Until
from engine.training.ranges import MAX_STEPS

_COURSE_STEPS = 35_000
_FIRST_VALUES = {"steps": _COURSE_STEPS, "minutes": 10.0, "loss": 1.7, "patience": 50}
"""What a condition begins with when it is ticked."""


@dataclass(frozen=True)
class _Row:
    """A condition: whether it holds, and its value."""

    tick: QCheckBox
    box: NumberBox


class UntilForm(QWidget):
    """Shows the conditions that end a run, and reports their changes at once.

    Lives in the GUI thread.

    Signals
    -------
    until_changed(Until)
        Somebody has changed it.
    """

    until_changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._until = ENDLESS
        self._is_showing = False
        self._layout = QGridLayout(self)
        title = QLabel("The run ends by itself")
        title.setProperty("role", "heading")
        self._layout.addWidget(title, 0, 0, 1, 2)
        self.rows = {
            "steps": self._row(
                "after &steps",
                NumberBox(whole_stops(1, MAX_STEPS, per_decade=9), whole=True),
                "Steps in all. Train goes on from there when it is pressed again.",
            ),
            "minutes": self._row(
                "after &minutes",
                NumberBox(logarithmic_stops(0.01, MAX_MINUTES, per_decade=9)),
                "Minutes of training in all, without pauses.",
            ),
            "loss": self._row(
                "at a &loss of",
                NumberBox(logarithmic_stops(0.01, MAX_LOSS, per_decade=90)),
                "",
            ),
            "patience": self._row(
                "after measurements without a &better loss",
                NumberBox(whole_stops(1, MAX_PATIENCE, per_decade=9), whole=True),
                "So many measurements of the held-out loss in a row, none of them better than the "
                "best one.",
            ),
        }
        for name, row in self.rows.items():
            row.box.setValue(_FIRST_VALUES[name])
        self.show_run("names", has_held_out=True)
        self.unit = nats_unit("names")
        self.show_until(ENDLESS)

    def _row(self, text: str, box: NumberBox, tip: str) -> _Row:
        tick = QCheckBox(text)
        words = text.replace("&", "")
        box.setAccessibleName(f"The run ends {words}")
        for part in (tick, box):
            part.setToolTip(tip)
        line = self._layout.rowCount()
        self._layout.addWidget(tick, line, 0)
        self._layout.addWidget(box, line, 1)
        tick.toggled.connect(self._take_change)
        box.valueChanged.connect(self._take_change)
        return _Row(tick, box)

    @property
    def until(self) -> Until:
        """What the form says."""
        return self._until

    def show_run(self, kind: DataKind, *, has_held_out: bool, tells: bool = False) -> None:
        """Name the loss of a run, and offer only what its recipe allows.

        Parameters
        ----------
        kind : str
            Of the data.
        has_held_out : bool
        tells : bool
            Whether the run tells the kinds of names.
        """
        what = "held-out" if has_held_out else "smoothed"
        self.unit = unit = nats_unit(kind, tells=tells)
        loss = self.rows["loss"]
        loss.tick.setText(f"at a {what} &loss of, in {unit}")
        loss.box.setAccessibleName(f"The run ends at a {what} loss of, in {unit}")
        tip = f"The {what} loss, as the plot shows it in {unit}."
        for part in (loss.tick, loss.box):
            part.setToolTip(tip)
        self.rows["patience"].tick.setEnabled(has_held_out)
        self._enable_boxes()

    def show_until(self, until: Until) -> None:
        """Show the conditions in force."""
        self._until = until
        self._is_showing = True
        for name, row in self.rows.items():
            value = getattr(until, name)
            row.tick.setChecked(value is not None)
            if value is not None:
                row.box.setValue(value)
        self._is_showing = False
        self._enable_boxes()

    def suggest_steps(self, made: int) -> None:
        """Begin with more steps than the run has made, if its steps are not limited."""
        row = self.rows["steps"]
        if not row.tick.isChecked():
            self._is_showing = True
            row.box.setValue(_COURSE_STEPS if made < _COURSE_STEPS else 2 * made)
            self._is_showing = False

    def _enable_boxes(self) -> None:
        for row in self.rows.values():
            row.box.setEnabled(row.tick.isChecked() and row.tick.isEnabled())

    @Slot()
    def _take_change(self) -> None:
        if self._is_showing:
            return
        self._enable_boxes()
        values: dict[str, Any] = {
            name: row.box.value() for name, row in self.rows.items() if row.tick.isChecked()
        }
        for name in ("steps", "patience"):
            if name in values:
                values[name] = round(values[name])
        until = Until(**values)
        if until != self._until:
            self._until = until
            self.until_changed.emit(until)
