import string

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage

from dinogui.widgets.letter_bars import BarColours, LetterBars


@pytest.fixture
def bars(qtbot):
    """Return bars for the letters, all equally high."""
    bars = LetterBars()
    qtbot.addWidget(bars)
    bars.show_bars(string.ascii_lowercase, [1 / 26] * 26)
    bars.show_colours(BarColours("#3557d6", "#e07a1f", "#1b1f27", "#e3e6ea"))
    bars.resize(900, 200)
    with qtbot.waitActive(bars):
        bars.show()
        bars.activateWindow()
    return bars


@pytest.mark.parametrize("width", [900, 280, 150])
def test_every_bar_can_be_seen_and_hit_in_any_width(bars, qtbot, width):
    bars.resize(width, bars.heightForWidth(width))
    chosen = []
    bars.chosen.connect(chosen.append)
    for letter in string.ascii_lowercase:
        place = bars.place_of(letter)
        assert bars.rect().contains(place)
        qtbot.mouseClick(bars, Qt.MouseButton.LeftButton, pos=place)
    assert chosen == list(range(26))
    rows = {bars.place_of(letter).y() for letter in string.ascii_lowercase}
    assert len(rows) == bars.rows_in(width)
    assert (len(rows) == 1) == (width == 900)


def test_a_narrow_place_needs_more_height(bars):
    assert bars.heightForWidth(900) < bars.heightForWidth(280) < bars.heightForWidth(150)
    assert bars.minimumSizeHint().width() < 150


def test_the_arrow_keys_move_through_all_rows(bars, qtbot):
    bars.resize(280, bars.heightForWidth(280))
    bars.setFocus()
    qtbot.keyClick(bars, Qt.Key.Key_Home)
    chosen = []
    bars.chosen.connect(chosen.append)
    qtbot.keyClick(bars, Qt.Key.Key_Down)
    qtbot.keyClick(bars, Qt.Key.Key_Return)
    below = bars.labels[chosen[0]]
    assert bars.place_of(below).x() == bars.place_of("a").x()
    assert bars.place_of(below).y() > bars.place_of("a").y()
    qtbot.keyClick(bars, Qt.Key.Key_Up)
    assert bars.accessibleDescription().startswith("a:")


def test_the_focus_can_be_seen_even_on_a_bar_without_height(bars, qtbot):
    bars.show_bars("ab", [0.0, 1.0])
    bars.setFocus()
    qtbot.keyClick(bars, Qt.Key.Key_Home)
    image = bars.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    place = bars.place_of("a")
    colours = {image.pixelColor(x, place.y()).name() for x in range(place.x() + 1)}
    assert "#e07a1f" in colours
