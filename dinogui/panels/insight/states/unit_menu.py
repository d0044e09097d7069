"""The context menu of a hidden unit: it is switched off and on."""

from PySide6.QtCore import QPoint, Slot
from PySide6.QtWidgets import QMenu, QWidget

from dinogui.session.ablation.units_off import UnitsOff
from engine.nn.ablation import HiddenUnit


class UnitMenu(QMenu):
    """Switches one unit off or on, or all units on.

    Lives in the GUI thread.

    Parameters
    ----------
    units_off : UnitsOff
    parent : QWidget
    """

    def __init__(self, units_off: UnitsOff, parent: QWidget) -> None:
        super().__init__(parent)
        self._units_off = units_off
        self._unit = HiddenUnit(1, 0)
        self._switch = self.addAction("")
        self._switch.triggered.connect(self._switch_unit)
        self._all_on = self.addAction("Switch all on")
        self._all_on.triggered.connect(units_off.switch_all_on)

    def open_for(self, unit: HiddenUnit, place: QPoint) -> None:
        """Open the menu of a unit at a place on the screen."""
        self._unit, off = unit, self._units_off.units
        self._switch.setText(f"Switch unit {unit.index} {'on' if unit in off else 'off'}")
        self._all_on.setVisible(bool(off - {unit}))
        self.popup(place)

    @Slot()
    def _switch_unit(self) -> None:
        unit = self._unit
        self._units_off.switch(unit, off=unit not in self._units_off.units)
