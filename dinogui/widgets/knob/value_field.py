"""The large number of a knob, which is a field to type in."""

import sys

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette, QPen, QValidator
from PySide6.QtWidgets import QWidget

from dinogui.common.theme import SPACE
from dinogui.widgets.knob.scale import Scale
from dinogui.widgets.number_box import NumberBox

OFF_WORD = "off"
_OFF = sys.float_info.max
_SMALL = 1e-4
"""A smaller number is written as 1e-5, because its digits would not fit."""
_FOUR_DIGITS = 1.2345
_RADIUS = 4.0


class ValueField(NumberBox):
    """A number box without buttons, whose frame shows only under the pointer or with the focus.

    Parameters
    ----------
    scale : Scale
        Its last value is the highest that can be typed, and its first the lowest.
    whole : bool
    lowest : float, optional
        The lowest value that can be typed, if not the first of the scale.
    """

    def __init__(
        self,
        scale: Scale,
        *,
        whole: bool = False,
        lowest: float | None = None,
        parent: QWidget | None = None,
    ) -> None:
        self._scale = scale
        stops = scale.stops if lowest is None else (lowest, *scale.stops)
        self._typed = self._bounds = stops[0], stops[-1]
        super().__init__((*stops, _OFF) if scale.can_be_off else stops, whole=whole, parent=parent)
        self.setButtonSymbols(NumberBox.ButtonSymbols.NoButtons)
        self.setAlignment(Qt.AlignmentFlag.AlignRight)

    @property
    def shown(self) -> float | None:
        """The value. None means off."""
        return None if self.value() == _OFF else self.value()

    def show_value(self, value: float | None) -> None:
        """Show a value, or None for off.

        A run from a file may have a value that could not be set here; it is shown as it is.
        """
        low, high = self._typed
        if value is not None:
            low, high = min(value, low), max(value, high)
        self._bounds = low, high
        self.setRange(low, _OFF if self._scale.can_be_off else high)
        self.setValue(_OFF if value is None else value)

    def text_of(self, value: float | None) -> str:
        """Return how the field writes a value."""
        return self.textFromValue(_OFF if value is None else value)

    @property
    def room(self) -> int:
        """The width in pixels of the longest number that is usually shown, with the frame."""
        scale = self._scale
        numbers = [scale.stops[-1]]
        if self.decimals():
            finest = (scale.stops[0], *scale.decades)
            numbers += [number * _FOUR_DIGITS for number in finest]
            if not scale.decades:  # from 0 on, in equal steps: the first of them has all decimals
                numbers.append(scale.stops[1])
        texts = [self.textFromValue(number) for number in numbers]
        metrics = self.fontMetrics()
        return max(map(metrics.horizontalAdvance, [*texts, OFF_WORD])) + 3 * SPACE

    def textFromValue(self, value: float) -> str:
        """Return four significant digits, 1e-5 for small numbers, or the word for off."""
        if value == _OFF and self._scale.can_be_off:
            return OFF_WORD
        if 0 < abs(value) < _SMALL:
            mantissa, exponent = f"{value:.3e}".split("e")
            return f"{mantissa.rstrip('0').rstrip('.')}e{int(exponent)}"
        return super().textFromValue(value)

    def valueFromText(self, text: str) -> float:
        """Return the number, within the bounds; the word for off works where there is one."""
        if self._scale.can_be_off and text.strip().lower() == OFF_WORD:
            return _OFF
        low, high = self._bounds
        return min(max(super().valueFromText(text), low), high)

    def validate(self, text: str, position: int) -> tuple[QValidator.State, str, int]:
        """Accept whatever may become a number or the word for off."""
        typed = text.strip().lower()
        if self._scale.can_be_off and typed and OFF_WORD.startswith(typed):
            whole = typed == OFF_WORD
            state = QValidator.State.Acceptable if whole else QValidator.State.Intermediate
            return state, text, position
        return super().validate(text, position)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the ground, and the frame where it is wanted; the text is drawn by the line edit."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        palette, role = self.palette(), QPalette.ColorRole
        is_refused = self.property("role") == "refused"
        line = QColor(Qt.GlobalColor.transparent)
        if self.hasFocus():
            line = palette.color(QPalette.ColorGroup.Active, role.Highlight)
        elif self.underMouse() and self.isEnabled():
            line = palette.color(role.PlaceholderText)
        ground = palette.color(role.Base) if is_refused else QColor(Qt.GlobalColor.transparent)
        painter.setPen(QPen(line, 1.6 if self.hasFocus() else 1.0))
        painter.setBrush(ground)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), _RADIUS, _RADIUS)
        painter.end()
