import pytest
from PySide6.QtGui import QColor

from dinogui.common.theme import DARK, LIGHT
from dinogui.widgets.letters import Letters, LettersLine, Tint


def luminance(colour):
    """Return the relative luminance of a colour, as WCAG 2.1 defines it."""
    channels = QColor(colour).getRgbF()[:3]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_letters_can_be_read_on_every_tint(colours):
    tint = Tint(colours.base, colours.surprise, colours.accent)
    for step in range(17):
        low, high = sorted((luminance(colours.text), luminance(tint.shade(step / 16))))
        assert (high + 0.05) / (low + 0.05) >= 4.5


def test_a_long_name_asks_for_the_room_it_needs(qtbot):
    line = LettersLine()
    qtbot.addWidget(line)
    line.show_letters(Letters(tuple("Archaeornithomimusaurustitanop"), (0.0,) * 30))
    assert line.sizeHint().width() > 30 * line.fontMetrics().horizontalAdvance("i")
    assert line.sizeHint().width() >= line.fontMetrics().horizontalAdvance(line.accessibleName())
