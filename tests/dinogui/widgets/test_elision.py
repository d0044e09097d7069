"""Texts that are cut where there is no room for them."""

import pytest
from PySide6.QtGui import QFont, QFontMetrics

from dinogui.widgets.elision import elided_around, elided_text

TEXT = "to be or not to be§ that is the question"


@pytest.fixture
def metrics(qapp):
    return QFontMetrics(QFont(qapp.font()))


def test_a_part_is_seen_however_narrow_the_room_is(metrics):
    needed = metrics.horizontalAdvance(TEXT)
    assert elided_around(TEXT, "§", metrics, needed) == TEXT
    for width in range(metrics.horizontalAdvance("…§…"), needed, 7):
        shown = elided_around(TEXT, "§", metrics, width)
        assert "§" in shown
        assert metrics.horizontalAdvance(shown) <= width
        assert shown.strip("…") in TEXT
    assert elided_around(TEXT, "§", metrics, needed - 1).startswith("to be"), "no more than needed"


@pytest.mark.parametrize("part", ["", "¶", "to"])
def test_without_such_a_part_the_beginning_is_shown(metrics, part):
    width = metrics.horizontalAdvance(TEXT) // 2
    assert elided_around(TEXT, part, metrics, width) == elided_text(TEXT, metrics, width)
