"""A slider over a list of values, with a number box beside it."""

import bisect
import math
from collections.abc import Iterable

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QCheckBox, QGridLayout, QLabel, QSlider, QWidget

from dinogui.widgets.number_box import NumberBox


def logarithmic_stops(low: float, high: float, per_decade: int) -> tuple[float, ...]:
    """Return values that grow by about a constant factor, with two digits, both ends included."""
    return _distinct(float(f"{value:.2g}") for value in _growing(low, high, per_decade))


def whole_stops(low: int, high: int, per_decade: int) -> tuple[float, ...]:
    """Return whole numbers that grow by a constant factor, but by at least one."""
    return _distinct(float(round(value)) for value in _growing(low, high, per_decade))


def _growing(low: float, high: float, per_decade: int) -> list[float]:
    count = math.ceil(per_decade * math.log10(high / low))
    return [low * (high / low) ** (place / count) for place in range(count + 1)]


def _distinct(stops: Iterable[float]) -> tuple[float, ...]:
    return tuple(sorted(set(stops)))


class ValueSlider(QWidget):
    """A label, a slider and a number box for one value; a check box where it can be off.

    Signals
    -------
    value_changed(float or None)
        Only after a change by the user. None means off.

    Parameters
    ----------
    label : str
        With its mnemonic, such as "&Learning rate".
    stops : tuple of float
        The values of the slider's positions. The box takes any number between the ends.
    value : float
    tip : str
        What the value does, for the tooltip and for screen readers.
    whole : bool
        Whether only whole numbers are allowed.
    can_be_off : bool
    """

    value_changed = Signal(object)

    def __init__(
        self,
        label: str,
        stops: tuple[float, ...],
        value: float,
        tip: str,
        *,
        whole: bool = False,
        can_be_off: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._stops = stops
        self.box = NumberBox(stops, whole=whole)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, len(stops) - 1)
        self.slider.setPageStep(max(len(stops) // 10, 1))
        self.check_box: QCheckBox | None = None
        if can_be_off:
            self.check_box = QCheckBox()
            self.check_box.setChecked(True)
            self.check_box.toggled.connect(self._switch)
            self._heading: QCheckBox | QLabel = self.check_box
        else:
            self._heading = QLabel()
            self._heading.setBuddy(self.box)
        self.set_label(label)
        for part in (self._heading, self.slider, self.box):
            part.setToolTip(tip)
        for part in (self.slider, self.box):
            part.setAccessibleDescription(tip)
        self._lay_out(self._heading)
        self.set_value(value)
        self.slider.valueChanged.connect(self._take_slider)
        self.box.valueChanged.connect(self._take_box)

    def _lay_out(self, heading: QWidget) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setVerticalSpacing(2)
        grid.addWidget(heading, 0, 0)
        grid.addWidget(self.box, 0, 1)
        grid.addWidget(self.slider, 1, 0, 1, 2)
        grid.setColumnStretch(0, 1)
        self.box.setFixedWidth(self.box.fontMetrics().horizontalAdvance("0.0000000") + 32)
        if self.check_box is not None:
            QWidget.setTabOrder(self.check_box, self.slider)
        QWidget.setTabOrder(self.slider, self.box)

    def set_label(self, label: str) -> None:
        """Change the label, given with its mnemonic."""
        name = label.replace("&", "")
        self._heading.setText(label)
        self.slider.setAccessibleName(f"{name}, slider")
        self.box.setAccessibleName(name)
        if self.check_box is not None:
            self.check_box.setAccessibleName(f"{name} on or off")

    @property
    def value(self) -> float | None:
        """The value. None means off."""
        off = self.check_box is not None and not self.check_box.isChecked()
        return None if off else self.box.value()

    def set_value(self, value: float | None, *, when_on: float | None = None) -> None:
        """Show a value, or None for off, without a signal.

        Parameters
        ----------
        value : float or None
        when_on : float, optional
            The value that switching on would set; if absent, the one shown until now.
        """
        if self.check_box is not None:
            self.check_box.blockSignals(True)
            self.check_box.setChecked(value is not None)
            self.check_box.blockSignals(False)
            self.slider.setEnabled(value is not None)
            self.box.setEnabled(value is not None)
        value = when_on if value is None else value
        if value is None:
            return
        for part in (self.slider, self.box):
            part.blockSignals(True)
        # A run from a file may have a value that could not be set here; it is shown as it is.
        self.box.setRange(min(value, self._stops[0]), max(value, self._stops[-1]))
        self.box.setValue(value)
        self.slider.setValue(self._nearest(value))
        for part in (self.slider, self.box):
            part.blockSignals(False)

    def _nearest(self, value: float) -> int:
        above = bisect.bisect_left(self._stops, value)
        near = range(max(above - 1, 0), min(above + 1, len(self._stops)))
        return min(near, key=lambda place: abs(self._stops[place] - value))

    @Slot(int)
    def _take_slider(self, place: int) -> None:
        self.set_value(self._stops[place])
        self.value_changed.emit(self.value)

    @Slot(float)
    def _take_box(self, value: float) -> None:
        self.set_value(value)
        self.value_changed.emit(self.value)

    @Slot(bool)
    def _switch(self, on: bool) -> None:
        self.slider.setEnabled(on)
        self.box.setEnabled(on)
        self.value_changed.emit(self.value)
