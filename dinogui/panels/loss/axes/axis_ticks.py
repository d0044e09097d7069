"""The ticks of the loss plot, with short texts (5 k, 1.5 M, 2:30), and the names of its axes."""

import math
from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QFont, QFontMetrics
from PySide6.QtWidgets import QLabel

from dinogui.panels.loss.axes.scales import HorizontalScale, VerticalScale
from dinogui.startup.lean_pyqtgraph import pg
from dinogui.widgets.charts.axis import nice_step
from engine.training.curves.axis_quantity import AxisQuantity

Ticks = Sequence[tuple[float, str]]
"""Positions on an axis, and their texts."""

_SHORT = ((1e12, " T"), (1e9, " G"), (1e6, " M"), (1e3, " k"))
_SECONDS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 10_800, 21_600)
_DAY = 86_400
_ACROSS, _UPWARDS = 60, 45
"""Pixels from tick to tick, at least."""
_SLACK, _LEAST = 1e-9, 1e-100
_MANTISSAS = ((1.0,), (1.0, 3.0), (1.0, 2.0, 5.0))
"""Ticks in each decade of a logarithmic axis: as many of them as there is room for."""

_MORE_DECADES = 0.25
"""Ticks of decades may stand closer by so much of a decade, as their texts are short."""


_USUAL, _BESIDE_TICKS = "888", 12
"""What the vertical axis has room for at least, and the pixels between its ticks and the plot."""
_BELOW_TICKS = 8
"""Pixels above and below the texts of the horizontal axis."""
_TICK_REACH, _TICK_DISTANCE = 28, 2
"""Pixels: how far the text of the last tick reaches beyond the plot, and where ticks begin."""


def write_amount(amount: float) -> str:
    """Write a number in few characters."""
    for size, sign in _SHORT:
        if abs(amount) >= size * (1 - _SLACK):
            return f"{amount / size:.6g}{sign}"
    return f"{amount:.6g}"


def write_time(seconds: float) -> str:
    """Write a time as minutes and seconds, or as hours, minutes and seconds."""
    whole = round(seconds, 3)
    if whole != int(whole):
        return f"{whole:g} s"
    minutes, rest = divmod(int(whole), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def linear_ticks(
    low: float,
    high: float,
    most: int,
    write: Callable[[float], str] = write_amount,
    steps: Sequence[float] = (),
) -> Ticks:
    """Return at most `most` ticks of a linear axis, 2 or more.

    Parameters
    ----------
    low, high : float
    most : int
    write : callable
    steps : sequence of float
        Distances to choose from before all others.
    """
    least = (high - low) / max(most - 1, 1)
    if not 0 < least < math.inf:
        return []
    step = next((step for step in steps if step >= least >= steps[0] / 2), nice_step(least))
    first, last = math.ceil(low / step - _SLACK), math.floor(high / step + _SLACK)
    return [(place * step, write(place * step)) for place in range(first, last + 1)]


def logarithmic_ticks(
    low: float, high: float, most: int, write: Callable[[float], str] = write_amount
) -> Ticks:
    """Return about `most` ticks of an axis whose positions are logarithms to base 10."""
    if high - low < 0.7:  # too short for decades: round numbers that are evenly spaced
        ticks = linear_ticks(10.0**low, 10.0**high, most, write)
        return [(math.log10(amount), text) for amount, text in ticks if amount > 0]
    mantissas: Sequence[float] = _MANTISSAS[0]
    for more in _MANTISSAS:
        if len(more) * (high - low) <= most:
            mantissas = more
    every = max(math.ceil((high - low) / most - _MORE_DECADES), 1)
    powers = range(math.floor(low), math.ceil(high) + 1)
    amounts = [
        mantissa * 10.0**power for power in powers if power % every == 0 for mantissa in mantissas
    ]
    seen = ((math.log10(amount), amount) for amount in amounts)
    return [(place, write(amount)) for place, amount in seen if low - _SLACK <= place <= high]


def horizontal_ticks(scale: HorizontalScale, low: float, high: float, most: int) -> Ticks:
    """Return the ticks of a horizontal axis between two positions."""
    is_time = scale.quantity is AxisQuantity.TIME
    write = write_time if is_time else write_amount
    if scale.is_logarithmic:
        return logarithmic_ticks(low, high, most, write)
    days = [days * _DAY for days in (0.5, 1, 2, 5, 10)]
    steps: Sequence[float] = (*_SECONDS, *days) if is_time else ()
    return [tick for tick in linear_ticks(low, high, most, write, steps) if tick[0] >= 0]


def vertical_ticks(scale: VerticalScale, low: float, high: float, most: int) -> Ticks:
    """Return the ticks of a vertical axis between two positions."""
    find = logarithmic_ticks if scale.is_logarithmic else linear_ticks
    return find(low, high, most)


class AxisTicks(QObject):
    """Gives the axes of a plot their ticks whenever its view changes, and their names.

    Lives in the GUI thread.

    Parameters
    ----------
    plot : PlotWidget
        The parent.

    Attributes
    ----------
    across, upwards : sequence of (float, str)
        The ticks of the two axes.
    """

    def __init__(self, plot: pg.PlotWidget) -> None:
        super().__init__(plot)
        self._plot, self._box = plot, plot.getViewBox()
        self._horizontal, self._vertical = HorizontalScale(), VerticalScale()
        self.across: Ticks = ()
        self.upwards: Ticks = ()
        self._metrics = plot.fontMetrics()
        self._axis_width = 0
        self._name = QLabel(plot.viewport())
        self._name.setProperty("role", "label")
        self._box.sigRangeChanged.connect(self._lay_out)
        self._box.sigResized.connect(self._lay_out)
        self._box.sigResized.connect(self._place_name)

    def show_scales(self, horizontal: HorizontalScale, vertical: VerticalScale) -> None:
        """Show the ticks of other scales."""
        self._horizontal, self._vertical = horizontal, vertical
        self._lay_out()

    def show_font(self, font: QFont) -> None:
        """Write the ticks and the names of the axes in a font."""
        self._metrics, self._axis_width = QFontMetrics(font), 0
        for name in ("left", "bottom"):
            axis = self._plot.getAxis(name)
            axis.setTickFont(font)
            axis.label.setFont(font)
        self.across = ()
        self._lay_out()
        self._place_name()

    def name_axes(self, across: str, upwards: str) -> None:
        """Name the axes. The name of the vertical one stands above the plot, in its head.

        Where there is room to the right of the horizontal axis, its name stands there, else below.
        """
        self._plot.setLabel("bottom", across)
        self._plot.setLabel("left", upwards)
        self._plot.getAxis("left").showLabel(False)
        self._name.setText(across)
        self._place_name()

    @Slot()
    def _place_name(self) -> None:
        name, bottom = self._name, self._plot.getAxis("bottom")
        inside = self._plot.viewportTransform().mapRect(self._box.sceneBoundingRect()).toRect()
        name.adjustSize()
        room = self._plot.viewport().width() - inside.right() - _TICK_REACH
        is_beside = name.width() <= room
        name.setVisible(is_beside)
        name.move(self._plot.viewport().width() - name.width(), inside.bottom() + _TICK_DISTANCE)
        if bottom.label.isVisible() == is_beside:
            bottom.showLabel(not is_beside)
        # pyqtgraph does not notice a larger font of its own.
        height = self._metrics.height() * (1 if is_beside else 2) + _BELOW_TICKS
        if bottom.height() != height:
            bottom.setHeight(height)
        bottom.resizeEvent()  # puts the label into the middle

    @Slot()
    def _lay_out(self) -> None:
        (left, right), (low, high) = self._box.viewRange()
        width, height = self._box.width(), self._box.height()
        metrics = self._metrics
        most = max(int(width / max(_ACROSS, 7 * metrics.averageCharWidth())), 3)
        across = horizontal_ticks(self._horizontal, left, right, most)
        upwards = vertical_ticks(self._vertical, low, high, max(int(height / _UPWARDS), 2))
        widest = max((metrics.horizontalAdvance(text) for _, text in upwards), default=0)
        widest = max(widest, metrics.horizontalAdvance(_USUAL)) + _BESIDE_TICKS
        if widest > self._axis_width:  # it never shrinks, so the plot does not move to and fro
            self._axis_width = widest
            self._plot.getAxis("left").setWidth(widest)
        # The same ticks may come closer to the edge: a lower plot leaves out more of their texts.
        upwards = self._uncut(upwards, high, height / max(high - low, _LEAST))
        if (across, upwards) != (self.across, self.upwards):
            self.across, self.upwards = across, upwards
            self._plot.getAxis("bottom").setTicks([across])
            self._plot.getAxis("left").setTicks([upwards])

    def _uncut(self, ticks: Ticks, high: float, per_unit: float) -> Ticks:
        """Leave out the texts of ticks that the upper edge of the plot would cut."""
        least = self._metrics.height() / 2
        return [
            (place, text if (high - place) * per_unit >= least else "") for place, text in ticks
        ]
