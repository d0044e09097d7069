"""The colours of the dot."""

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QColor

from dinogui.common.theme import DARK, LIGHT
from dinogui.widgets.cards.state_dot import Sign, StateDot


def least_distance(colour, names):
    """Return the largest difference of a channel, 0 to 255, to the most similar colour."""
    return min(
        max(abs(a - b) for a, b in zip(colour.getRgb(), QColor(name).getRgb(), strict=True))
        for name in names
    )


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
        assert least_distance(QColor(colour), pixels(dot)) < 12, sign  # thin lines are smoothed
    assert dot.rect().contains(QPoint(9, dot.height() // 2))
