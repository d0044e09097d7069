"""The widget of the Hidden states panel: what the units do while a name is read."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPoint, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QComboBox, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from dinogui.common.theme import Colours, Theme
from dinogui.panels.insight.frame.colour_scale import ColourScale
from dinogui.panels.insight.frame.colours import Pixels, reach_of
from dinogui.panels.insight.frame.heat_map import HeatMap
from dinogui.panels.insight.frame.insight_panel import InsightPanel
from dinogui.panels.insight.frame.name_box import NameBox
from dinogui.panels.insight.frame.name_choice import NameChoice, read_symbols
from dinogui.panels.insight.frame.notation import START, write_number
from dinogui.panels.insight.states.unit_menu import UnitMenu
from dinogui.panels.insight.states.unit_search import UnitRequest
from dinogui.panels.insight.states.unit_view import UnitView
from dinogui.panels.panel import Panel
from dinogui.session.background import Work
from dinogui.session.session import Session
from dinogui.widgets.buttons.check_chip import CheckChip
from dinogui.widgets.choice_box import ChoiceBox
from dinogui.widgets.number_box import NumberBox
from engine.data.visible_symbols import joined
from engine.insight import States, quantities, states
from engine.nn.ablation import HiddenUnit
from engine.nn.architecture import MAX_HIDDEN
from engine.nn.cell_protocol import Quantity
from engine.nn.parameters import Array


@dataclass(frozen=True)
class _Result:
    letters: list[str]
    first_read: int  # index of the first letter that is read: 1 after the START of a name
    cell: str
    step: int
    off: frozenset[HiddenUnit]
    found: States


class StatesPanel(InsightPanel):
    """Shows a quantity of every unit of a layer after each letter.

    What drives a unit stands beside the map, or below it in a narrow panel, once a unit is chosen.
    A click on the chosen unit takes it away again. The unit in the box, and any unit by its context
    menu, can be switched off. Lives in the GUI thread.
    """

    leaves_units_out = True

    def __init__(self, panel: Panel, session: Session, theme: Theme) -> None:
        super().__init__(panel, session, theme)
        self.choice = NameChoice.of(session)
        self.name_box = NameBox(self.choice)
        self.layer_box, self.quantity_box = ChoiceBox(), ChoiceBox()
        self.unit_box = NumberBox(tuple(float(n) for n in range(MAX_HIDDEN)), whole=True)
        self.off_chip = CheckChip(
            "Switched off",
            "Hold this unit at zero in what you look at and generate. The training keeps it",
        )
        self.result: _Result | None = None
        self._cell = ""
        self._quantities: dict[str, Quantity] = {}
        self.map = HeatMap("What each unit does after each letter", names_every_row=False)
        self.scale = ColourScale(self.map)
        self.unit_view = UnitView(session, self)
        self.menu = UnitMenu(session.units_off, self)
        left = QVBoxLayout()
        left.addWidget(self.map, 1)
        left.addWidget(self.scale)
        self._parts = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._parts.addLayout(left, 3)
        self._parts.addWidget(self.unit_view, 2)
        self.watch(self.map)
        self.map.clicked.connect(self._click)
        self.map.menu_requested.connect(self._open_menu)
        self.off_chip.clicked.connect(self._switch_unit)
        self.unit_box.valueChanged.connect(self._show_whether_off)
        session.units_off.changed.connect(self._show_whether_off)
        self.unit_box.valueChanged.connect(self._choose_unit)
        self.layer_box.activated.connect(self._show_choice)
        self.quantity_box.activated.connect(self._show_choice)
        self.choice.changed.connect(self.refresh_now)
        # Not as wide as its widest entry, so that it has room in a narrow panel.
        adjust = QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        self.quantity_box.setSizeAdjustPolicy(adjust)
        self.quantity_box.setMinimumContentsLength(14)
        choices = (
            ("Layer", self.layer_box, "Which layer to show; layer 1 reads the letters"),
            ("Shows", self.quantity_box, "The state, or one of the gates"),
            ("Unit", self.unit_box, "The unit whose drivers are listed; or click a unit"),
        )
        parts = [_labelled(*choice) for choice in choices]
        self.finish([self.name_box, *parts, self.off_chip], self._parts)

    @property
    def layer(self) -> int:
        """The layer that is shown, from 1."""
        return self.layer_box.currentIndex() + 1

    @property
    def quantity(self) -> str:
        """What is shown: the name of one of the cell's `quantities`."""
        return str(self.quantity_box.currentData())

    def work(self) -> Work | None:
        """Read the chosen name."""
        snapshot = self.session.viewed_snapshot
        assert snapshot is not None  # the base class calls this only with a snapshot
        architecture = snapshot.parameters.architecture
        self._offer(architecture.cell, architecture.widths)
        reading = self.choice.reading(snapshot)
        if reading is None:
            self.say(self.choice.error)
            return None
        # Each state is labelled with the letter just read; for a name, the first has read nothing.
        letters = read_symbols(snapshot.vocabulary, reading)
        first_read = 1 if reading.first is None else 0
        return lambda: _Result(
            letters,
            first_read,
            architecture.cell,
            snapshot.step,
            snapshot.units_off,
            states(snapshot, reading.predicted, first=reading.first),
        )

    def _offer(self, cell: str, widths: tuple[int, ...]) -> None:
        """Offer the layers, quantities and units of this network."""
        if cell != self._cell:
            self._cell = cell
            self.quantity_box.clear()
            self._quantities = {quantity.name: quantity for quantity in quantities(cell)}
            for name, quantity in self._quantities.items():
                self.quantity_box.addItem(f"{quantity.symbol}, {quantity.meaning}", name)
        if len(widths) != self.layer_box.count():
            before = max(self.layer_box.currentIndex(), 0)
            self.layer_box.clear()
            self.layer_box.addItems([str(place) for place in range(1, len(widths) + 1)])
            self.layer_box.setCurrentIndex(min(before, len(widths) - 1))
        highest = widths[self.layer - 1] - 1
        if highest != self.unit_box.maximum():  # setting it lays out the whole window again
            self.unit_box.setMaximum(highest)

    def show_result(self, result: _Result) -> None:
        """Draw the activations of the units."""
        self.result = result
        values = self._values
        if values is None:  # the network was resized in the meantime
            return
        pixels, table, low, high = self._coloured(values.T)
        self.map.show_cells(pixels, list(map(str, range(len(pixels)))), result.letters)
        self.map.cross_rows(unit.index for unit in result.off if unit.layer == self.layer)
        self.scale.show_scale(table, low, high, self._quantities[self.quantity].symbol)
        self._mark_unit()
        self._show_whether_off()
        self.summarise(
            f"{values.shape[1]} units from top to bottom, after each letter from left to right"
            + (f"; {START} is the start." if result.first_read else ".")
        )
        self.say_not_finite(result.found.not_finite, "the units' values")
        self.unit_view.refresh()

    def _coloured(self, values: Array) -> tuple[Pixels, Pixels, str, str]:
        """Return the colours of the cells, and the colour map with the values of its ends."""
        quantity, maps = self._quantities[self.quantity], self.maps
        if quantity.low == 0.0:  # a gate has no sign
            return maps.sequential(values, 0.0, 1.0), maps.one_sided, "0", "1"
        reach = reach_of(values) if quantity.high is None else quantity.high
        ends = f"{-reach:.3g}", f"{reach:.3g}"
        return maps.diverging(values, reach), maps.diverging_table, *ends

    @property
    def _values(self) -> Array | None:
        """The values that are shown: (T, n_a)."""
        layers = self.result.found.layers if self.result is not None else ()
        if not 0 < self.layer <= len(layers):
            return None
        return layers[self.layer - 1].get(self.quantity)

    def describe(self, row: int, column: int) -> str:
        """Describe a unit's value after a letter."""
        values, unit, step = self._values, row, column
        if self.result is None or values is None:
            return ""
        if step >= values.shape[0] or unit >= values.shape[1]:
            return ""
        read = self._letters_read(step) or "nothing"
        symbol = self._quantities[self.quantity].symbol
        state = ", switched off" if HiddenUnit(self.layer, unit) in self.result.off else ""
        value = write_number(float(values[step, unit]))
        return f"unit {unit}{state}, after “{read}”: {symbol} = {value}"

    def _letters_read(self, step: int) -> str:
        """Return all letters that have been read at a step."""
        if self.result is None:
            return ""
        return joined(self.result.letters[self.result.first_read : step + 1])

    def show_nothing(self) -> None:
        """Draw one empty cell."""
        self.result = None
        self.map.show_cells(self.maps.diverging(np.zeros((1, 1)), 1.0))
        self.map.mark([])
        self._choose(None)
        self.summarise("")

    def show_colours(self, colours: Colours) -> None:
        """Draw in other colours."""
        self.map.show_colours(colours)

    def table(self) -> Iterable[Iterable[object]]:
        """Return a row for each letter, and below them what drives the unit."""
        values = self._values
        if self.result is None or values is None:
            return []
        return [
            ["letters read", *(f"unit {unit}" for unit in range(values.shape[1]))],
            *([self._letters_read(step), *row.tolist()] for step, row in enumerate(values)),
            *self.unit_view.table(),
        ]

    @Slot()
    def _show_choice(self) -> None:
        if self.result is not None:
            self.show_result(self.result)
        self.refresh_now()
        if self.unit_view.request is not None:
            self._choose_unit()

    @Slot(int, int)
    def _click(self, unit: int, _step: int) -> None:
        request = self.unit_view.request
        if request is not None and request.unit == unit:
            self._choose(None)
        elif round(self.unit_box.value()) == unit:
            self._choose_unit()
        self.unit_box.setValue(unit)

    @property
    def _unit(self) -> HiddenUnit:
        """The unit in the box."""
        return HiddenUnit(self.layer, round(self.unit_box.value()))

    @Slot()
    def _switch_unit(self) -> None:
        """Switch the unit in the box off or on, and show what drives it."""
        self.session.units_off.switch(self._unit, off=self.off_chip.isChecked())
        self._choose_unit()

    @Slot()
    def _show_whether_off(self) -> None:
        """Show whether the unit in the box is switched off."""
        self.off_chip.setChecked(self._unit in self.session.units_off.units)

    @Slot(int, int, QPoint)
    def _open_menu(self, unit: int, _step: int, place: QPoint) -> None:
        if self.result is not None:
            self.menu.open_for(HiddenUnit(self.layer, unit), place)

    @Slot()
    def _choose_unit(self) -> None:
        """List what drives the unit."""
        if self.result is not None:
            unit = round(self.unit_box.value())
            self._choose(UnitRequest(self.layer, unit, self.quantity))

    def _choose(self, request: UnitRequest | None) -> None:
        self.unit_view.choose(request)
        self._mark_unit()

    def _mark_unit(self) -> None:
        """Frame the chosen unit, and show what drives it."""
        request, (units, _) = self.unit_view.request, self.map.shape
        self.unit_view.setVisible(request is not None)
        is_there = request is not None and request.unit < units
        self.map.mark_row(request.unit if is_there and request is not None else None)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put what drives a unit beside the map, or below it in a narrow panel."""
        super().resizeEvent(event)
        is_wide, direction = self.width() > self.height(), QBoxLayout.Direction
        self._parts.setDirection(direction.LeftToRight if is_wide else direction.TopToBottom)


def _labelled(text: str, box: QWidget, tip: str) -> QWidget:
    """Return a box beside its label."""
    part, label = QWidget(), QLabel(text)
    label.setBuddy(box)
    box.setAccessibleName(text)
    box.setToolTip(tip)
    row = QHBoxLayout(part)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(4)
    row.addWidget(label)
    row.addWidget(box)
    return part
