"""The ground of cards and messages."""

import pytest
from PySide6.QtGui import QColor

from dinogui.common.theme import DARK, LIGHT
from dinogui.widgets.cards.rounded_frame import RoundedFrame


@pytest.mark.parametrize("colours", [LIGHT, DARK])
def test_a_frame_paints_all_of_its_ground_and_rounds_its_corners(show, colours, coloured):
    frame = RoundedFrame(12)
    frame.setFixedSize(80, 60)
    frame.setPalette(coloured(colours))
    show(frame)
    image = frame.parentWidget().grab(frame.geometry()).toImage()
    ground, line = QColor(colours.base), QColor(colours.border)
    for place in ((40, 30), (1, 30), (40, 1), (12, 12), (5, 8)):
        assert image.pixelColor(*place) == ground, place
    for place in ((40, 0), (0, 30), (79, 30), (40, 59)):
        assert image.pixelColor(*place) == line, place
    assert image.pixelColor(0, 0) not in (ground, line), "the corner is outside"
    corner = [image.pixelColor(3, 3).name()]
    mirrored = [image.pixelColor(x, y).name() for x, y in ((76, 3), (3, 56), (76, 56))]
    assert mirrored == corner * 3, "all corners are alike"
