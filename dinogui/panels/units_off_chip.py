"""Says that hidden units are switched off, and switches all of them on again."""

from collections.abc import Sequence

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from dinogui.session.ablation.units_off import UnitsOff
from dinogui.widgets.buttons.chip import Chip


class UnitsOffChip(Chip):
    """Shows how many units are off; a click switches all on. It is hidden while none is off.

    Lives in the GUI thread.

    Parameters
    ----------
    units_off : UnitsOff
    parent : QWidget
    """

    def __init__(self, units_off: UnitsOff, parent: QWidget) -> None:
        super().__init__("Hidden units", "", parent)
        self._units_off = units_off
        self.clicked.connect(units_off.switch_all_on)
        units_off.changed.connect(self._show)
        self._show()

    @Slot()
    def _show(self) -> None:
        if self._units_off.units:
            self.say(self._units_off.summary, "Switch all on")
            self.setToolTip(
                f"Off: {self._units_off.listing}. What you see and generate comes from the network "
                "without them; the training has them all. Click to switch all on"
            )
        self.setVisible(bool(self._units_off.units))


def units_off_rows(units_off: UnitsOff) -> Sequence[Sequence[object]]:
    """Return what to add to a table that is exported: which units are off, if there are any."""
    if not units_off.units:
        return []
    return [[], [units_off.summary, units_off.listing]]


def units_off_note(units_off: UnitsOff) -> str:
    """Return what to write below a picture that is saved; empty if no unit is off."""
    return f"{units_off.summary}: {units_off.listing}" if units_off.units else ""
