"""A spin box that shows only significant digits and accepts all common ways to write a number."""

import bisect
import math
import re
from collections.abc import Sequence

from PySide6.QtCore import QEvent, QLocale, Qt, Signal
from PySide6.QtGui import QKeyEvent, QValidator, QWheelEvent
from PySide6.QtWidgets import QDoubleSpinBox, QWidget

from dinogui.common.documented_keys import DocumentedKeys
from dinogui.widgets.keys import is_claim_of_escape, is_claim_of_space, is_claim_of_undo

KEYS = DocumentedKeys(
    "Numbers",
    (
        ("Up, Down, PgUp, PgDown", "Go to the next or a further value"),
        ("Enter", "Take the number that was typed"),
        ("Esc", "Show the number in force again"),
    ),
)

_DIGITS = 4
_DECIMALS = 8
_LONG = 1e9
"""From here on, a number is written as 1e+09, because its digits would not fit."""
_PART_OF_A_NUMBER = re.compile(r"[-+0-9.,eE]*")


class NumberBox(QDoubleSpinBox):
    """A spin box whose arrows follow `stops`, and which leaves the space bar to the window.

    Escape restores the number while another one is being typed. The wheel turns it only while it
    has the focus, so that a page is scrolled by a pointer that comes over it.

    Parameters
    ----------
    stops : sequence of float
        Increasing. The first and the last bound the value; an arrow moves to the next one.
    whole : bool
        Whether only whole numbers are allowed.

    Signals
    -------
    confirmed(float)
        Enter was pressed, and the value is the same as before.
    """

    confirmed = Signal(object)  # a float; connected to signals of this type

    def __init__(
        self, stops: Sequence[float], *, whole: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._stops = stops
        # Numbers look the same in boxes and in plots: 0.01.
        self.setLocale(QLocale.c())
        self.setDecimals(0 if whole else _DECIMALS)
        self.setRange(stops[0], stops[-1])
        # Half-typed numbers ("0." on the way to 0.05) do not count.
        self.setKeyboardTracking(False)
        self.setAccelerated(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # Qt's own also takes it by the wheel
        self._was_refused = False  # something that is no part of a number was typed

    def textFromValue(self, value: float) -> str:
        """Return four significant digits: 0.01, not 0.01000000 or 1e-02."""
        if value == 0:
            return "0"
        if abs(value) >= _LONG:
            return f"{value:.{_DIGITS}g}"
        places = max(_DIGITS - 1 - math.floor(math.log10(abs(value))), 0)
        text = f"{value:.{min(places, self.decimals())}f}"
        return text.rstrip("0").rstrip(".") if "." in text else text

    def valueFromText(self, text: str) -> float:
        """Return the number; 1e-3 and 0,001 work too. A number beyond a bound becomes the bound."""
        if text and text == self.specialValueText():
            return self.minimum()
        number = _read(text)
        if number is None:
            return self.value()
        return min(max(round(number, self.decimals()), self.minimum()), self.maximum())

    def validate(self, text: str, position: int) -> tuple[QValidator.State, str, int]:
        """Accept whatever may become a number, so that typing is never changed on the way."""
        number = _read(text)
        if number is not None and self.minimum() <= number <= self.maximum():
            return QValidator.State.Acceptable, text, position
        if text and text == self.specialValueText():
            return QValidator.State.Acceptable, text, position
        is_part_of_word = bool(text) and self.specialValueText().startswith(text)
        if is_part_of_word or _PART_OF_A_NUMBER.fullmatch(text.strip()):
            return QValidator.State.Intermediate, text, position
        return QValidator.State.Invalid, text, position

    def fixup(self, text: str) -> str:
        """Return the number that was meant when the typing ends."""
        return self.textFromValue(self.valueFromText(text))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Report Enter also if it leaves the value as it is, and restore the number with Escape."""
        if event.key() == Qt.Key.Key_Escape and self.is_being_typed:
            self.lineEdit().setText(self.textFromValue(self.value()))
            self.selectAll()
            return
        before, is_number, text = self.value(), self.hasAcceptableInput(), self.text()
        super().keyPressEvent(event)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if self.value() == before and is_number and not self._was_refused:
                self.confirmed.emit(before)
            self._was_refused = False
        elif self.text() != text:
            self._was_refused = False
        elif not _PART_OF_A_NUMBER.fullmatch(event.text()):
            self._was_refused = True

    def stepBy(self, steps: int) -> None:
        """Go to the next stops."""
        self.setValue(self._stops[place_beside(self._stops, self.value(), steps)])

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Go to the next stop, but only with the focus."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    def event(self, event: QEvent) -> bool:
        """Leave the space bar to the window, and undo as well unless a number is being typed."""
        if event.type() != QEvent.Type.ShortcutOverride:
            return super().event(event)
        if is_claim_of_escape(event) and self.is_being_typed:
            event.accept()
            return True
        if is_claim_of_space(event) or (is_claim_of_undo(event) and not self.is_being_typed):
            event.ignore()
            return False
        return super().event(event)

    @property
    def is_being_typed(self) -> bool:
        """Whether another text than the number in force stands in the box."""
        word = self.specialValueText()
        taken = {self.textFromValue(self.value()), *((word,) if word else ())}
        return self.text() not in taken


def _read(text: str) -> float | None:
    try:
        number = float(text.strip().replace(",", "."))
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def place_beside(stops: Sequence[float], value: float, steps: int) -> int:
    """Return the index of the stop that is `steps` stops away from a value."""
    above = bisect.bisect_left(stops, value)
    is_on_a_stop = above < len(stops) and math.isclose(stops[above], value, rel_tol=1e-9)
    # From between two stops, the first step up only reaches the one above.
    place = above + steps - (1 if steps > 0 and not is_on_a_stop else 0)
    return min(max(place, 0), len(stops) - 1)
