"""Which hidden units of the run shown are switched off in the network that is looked at."""

from PySide6.QtCore import QObject, Signal, Slot

from engine.data.training_data import counted
from engine.nn.ablation import HiddenUnit, has_unit
from engine.nn.architecture import Architecture
from engine.training.messages import Snapshot


def units_off_in_words(count: int) -> str:
    """Return "1 unit off" or "2 units off"."""
    return f"{counted(count, 'unit')} off"


class UnitsOff(QObject):
    """Switches hidden units off and on. The training is never touched.

    Lives in the GUI thread. All units are switched on when another run is shown, and when the
    network gets another shape.

    Attributes
    ----------
    units : frozenset of HiddenUnit

    Signals
    -------
    changed()
    """

    changed = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.units: frozenset[HiddenUnit] = frozenset()
        self._architecture: Architecture | None = None
        self._whole: Snapshot | None = None  # what `_taken` was made from
        self._taken: Snapshot | None = None

    @property
    def summary(self) -> str:
        """How many units are off: "2 units off"."""
        return units_off_in_words(len(self.units))

    @property
    def listing(self) -> str:
        """Which units are off: "units 3 and 17 of layer 1"; empty if all are on."""
        by_layer: dict[int, list[int]] = {}
        for unit in sorted(self.units):
            by_layer.setdefault(unit.layer, []).append(unit.index)
        return "; ".join(
            f"{'unit' if len(found) == 1 else 'units'} {_listed(found)} of layer {layer}"
            for layer, found in by_layer.items()
        )

    def switch(self, unit: HiddenUnit, *, off: bool) -> None:
        """Switch a unit off or on. Nothing happens if the network has no such unit."""
        if self._architecture is None or not has_unit(self._architecture, unit):
            return
        self._set(self.units | {unit} if off else self.units - {unit})

    @Slot()
    def switch_all_on(self) -> None:
        """Switch all units on."""
        self._set(frozenset())

    def _set(self, units: frozenset[HiddenUnit]) -> None:
        if units != self.units:
            self.units = units
            self._whole = self._taken = None
            self.changed.emit()

    def fit(self, architecture: Architecture) -> None:
        """Switch all units on if the network has got another shape."""
        if architecture != self._architecture:
            self._architecture = architecture
            self.switch_all_on()

    def taken_from(self, snapshot: Snapshot) -> Snapshot:
        """Return a network without the units that are off.

        Parameters
        ----------
        snapshot : Snapshot
            With all its units.
        """
        if not self.units or snapshot.parameters.architecture != self._architecture:
            return snapshot
        if self._taken is None or self._whole is not snapshot:
            self._whole, self._taken = snapshot, snapshot.without(self.units)
        return self._taken


def _listed(numbers: list[int]) -> str:
    words = list(map(str, numbers))
    return " and ".join([*filter(None, [", ".join(words[:-1])]), words[-1]])
