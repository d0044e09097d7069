"""A box for a number that shows as many digits as matter."""

import math

from PySide6.QtCore import QEvent, QLocale, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDoubleSpinBox, QWidget

_DIGITS = 4
_DECIMALS = 8


class NumberBox(QDoubleSpinBox):
    """A spin box whose arrows follow `stops`, and which leaves the space bar to the window.

    Parameters
    ----------
    stops : sequence of float
        Increasing. The first and the last bound the value; an arrow goes to the next one.
    whole : bool
        Whether only whole numbers are allowed.
    """

    def __init__(
        self, stops: tuple[float, ...], *, whole: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._stops = stops
        # One way of writing numbers, in boxes as in plots: 0.01.
        self.setLocale(QLocale.c())
        self.setDecimals(0 if whole else _DECIMALS)
        self.setRange(stops[0], stops[-1])
        # Half-typed numbers ("0." on the way to 0.05) are no wish.
        self.setKeyboardTracking(False)
        self.setAccelerated(True)

    def textFromValue(self, value: float) -> str:
        """Write four significant digits: 0.01 and neither 0.01000000 nor 1e-02."""
        if value == 0:
            return "0"
        places = max(_DIGITS - 1 - math.floor(math.log10(abs(value))), 0)
        text = f"{value:.{min(places, self.decimals())}f}"
        return text.rstrip("0").rstrip(".") if "." in text else text

    def stepBy(self, steps: int) -> None:
        """Go to the next stops."""
        place = _place(self._stops, self.value(), steps)
        self.setValue(self._stops[place])

    def event(self, event: QEvent) -> bool:
        """Refuse the space bar, which is no part of a number and trains or pauses."""
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Space
        ):
            event.ignore()
            return False
        return super().event(event)


def _place(stops: tuple[float, ...], value: float, steps: int) -> int:
    """Return the index of the stop that lies `steps` beyond a value between stops."""
    near = [i for i, stop in enumerate(stops) if math.isclose(stop, value, rel_tol=1e-9)]
    if near:
        place = near[0] + steps
    else:
        above = sum(stop < value for stop in stops)
        place = above + steps - (1 if steps > 0 else 0)
    return min(max(place, 0), len(stops) - 1)
