"""The dialog that sets the range of the loss plot in numbers."""

from dataclasses import astuple

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QGridLayout,
    QLabel,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from dinogui.panels.loss.axes.axis_ticks import write_time
from dinogui.panels.loss.axes.fixed_range import FixedRange, RangeError, read_range
from dinogui.panels.loss.axes.scales import HorizontalScale, VerticalScale
from dinogui.widgets.message_line import MessageLine
from engine.data.training_data import DataKind
from engine.training.curves.axis_quantity import AxisQuantity

_FIELDS = ("left", "right", "low", "high")
_FIELD_CHARACTERS = 12
_WIDEST_CHARACTERS = 60
"""The width of a field, and of the dialog, in characters."""


class RangeDialog(QDialog):
    """Asks for the ends of both axes, in what they show.

    It refuses what has no place on them in a sentence. Lives in the GUI thread.

    Parameters
    ----------
    offered : FixedRange
        What stands in the fields at first.
    across : HorizontalScale
    vertical : VerticalScale
    kind : str
        The kind of data: "names" or "text".

    Signals
    -------
    chosen(FixedRange)
    """

    chosen = Signal(object)

    def __init__(
        self,
        offered: FixedRange,
        across: HorizontalScale,
        vertical: VerticalScale,
        kind: DataKind,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._across, self._vertical = across, vertical
        self.setWindowTitle("Set range")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        is_time = across.quantity is AxisQuantity.TIME
        names = across.quantity.label(kind), vertical.unit.label(kind)
        amounts = astuple(offered)
        self.fields: dict[str, QLineEdit] = {}
        rows = QGridLayout()
        for row, name in enumerate(names):
            unit = " (seconds, or minutes : seconds)" if is_time and not row else ""
            rows.addWidget(QLabel(f"{name[0].upper()}{name[1:]}{unit}"), row, 0)
            for column, end in enumerate(("from", "to")):
                place = 2 * row + column
                text = "" if amounts[place] is None else _written(amounts[place], is_time, row)
                field = self.fields[_FIELDS[place]] = self._field(text, f"{name}, {end}")
                label = QLabel(end)
                label.setBuddy(field)
                rows.addWidget(label, row, 1 + 2 * column)
                rows.addWidget(field, row, 2 + 2 * column)
        self.message = MessageLine(2, "What is wrong with the range", most=3)
        self.message.say("An empty field leaves that end to the plot.")
        layout = QVBoxLayout(self)
        layout.addLayout(rows)
        layout.addWidget(self.message)
        layout.addWidget(self._make_buttons())
        self.setMinimumWidth(_WIDEST_CHARACTERS * self.fontMetrics().averageCharWidth())

    def _field(self, text: str, name: str) -> QLineEdit:
        field = QLineEdit(text)
        field.setPlaceholderText("automatic")
        field.setAccessibleName(name)
        field.setMinimumWidth(_FIELD_CHARACTERS * field.fontMetrics().averageCharWidth())
        return field

    def _make_buttons(self) -> QDialogButtonBox:
        kinds = QDialogButtonBox.StandardButton
        buttons = QDialogButtonBox(kinds.Ok | kinds.Cancel | kinds.Reset)
        reset = buttons.button(kinds.Reset)
        reset.setText("&Clear")
        reset.setToolTip("Empty all fields: the plot chooses its range")
        reset.clicked.connect(self._clear)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        return buttons

    @Slot()
    def _clear(self) -> None:
        for field in self.fields.values():
            field.clear()
        self.fields["left"].setFocus()

    def accept(self) -> None:
        """Pass the range on, or say what is wrong with it."""
        texts = [field.text() for field in self.fields.values()]
        try:
            chosen = read_range(texts, self._across, self._vertical)
        except RangeError as error:
            self.message.say(str(error), is_error=True)
            field = self.fields[error.field]
            field.setFocus()
            field.selectAll()
            return
        self.chosen.emit(chosen)
        super().accept()


def _written(amount: float, is_time: bool, row: int) -> str:
    """Return an end of an axis as somebody would type it."""
    if is_time and not row and amount == round(amount):
        return write_time(amount)
    return f"{amount:.15g}"
