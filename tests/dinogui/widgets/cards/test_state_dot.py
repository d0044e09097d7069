"""The colours of the dot."""

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QColor

from dinogui.common.theme import DARK, LIGHT
from dinogui.widgets.cards.state_dot import Sign, StateDot


@pytest.mark.parametrize("colours", [LIGHT, DARK])
def test_a_dot_has_the_colour_of_its_sign(show, colours, coloured, pixels):
    dot = show(StateDot())
    dot.setPalette(coloured(colours))
    for sign, colour in (
        (Sign.ACTIVE, colours.good),
        (Sign.BAD, colours.error),
        (Sign.PAST, colours.accent),
        (Sign.IDLE, colours.faint_text),
    ):
        dot.show_sign(sign)
        assert QColor(colour).name() in pixels(dot), sign
    assert dot.rect().contains(QPoint(9, dot.height() // 2))
