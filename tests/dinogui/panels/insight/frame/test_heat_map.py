import numpy as np
import pytest
from PySide6.QtCore import Qt

from dinogui.common.theme import DARK, LIGHT
from dinogui.panels.insight.frame.colours import colour_maps, luminance
from dinogui.panels.insight.frame.heat_map import HeatMap


@pytest.fixture
def make_map(qtbot):
    """Return a function that makes a map of a size, with numbers from 0 to 1 in its cells."""

    def make(rows, columns, colours=LIGHT, **more):
        heat_map = HeatMap("A map")
        qtbot.addWidget(heat_map)
        heat_map.show_colours(colours)
        values = np.linspace(0, 1, rows * columns).reshape(rows, columns)
        heat_map.show_cells(colour_maps(colours).sequential(values, 0.0, 1.0), **more)
        heat_map.resize(400, 300)
        return heat_map

    return make


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_text_can_be_read_on_every_cell(make_map, qtbot, colours):
    heat_map = make_map(4, 5, colours, texts=[["█"] * 5] * 4)
    image = heat_map.grab().toImage()
    for row in range(4):
        for column in range(5):
            place = heat_map.cell_centre(row, column).toPoint()
            written = luminance(np.array(image.pixelColor(place).getRgb(), np.uint8))
            ground = luminance(heat_map.pixels[row, column])
            low, high = sorted((float(written), float(ground)))
            assert (high + 0.05) / (low + 0.05) >= 4.5


def test_enter_is_a_click_on_the_current_cell(make_map, qtbot):
    heat_map = make_map(3, 3)
    clicked = []
    heat_map.clicked.connect(lambda *cell: clicked.append(cell))
    for key in (Qt.Key.Key_Right, Qt.Key.Key_End, Qt.Key.Key_Down, Qt.Key.Key_Return):
        qtbot.keyClick(heat_map, key)
    qtbot.mouseClick(heat_map, Qt.MouseButton.LeftButton, pos=heat_map.cell_centre(2, 1).toPoint())
    qtbot.keyClick(heat_map, Qt.Key.Key_Home)
    qtbot.keyClick(heat_map, Qt.Key.Key_Return)
    assert clicked == [(1, 2), (2, 1), (2, 0)]


def test_the_keys_stay_on_the_map(make_map, qtbot):
    heat_map = make_map(2, 2)
    for key in (Qt.Key.Key_Up, Qt.Key.Key_Up, Qt.Key.Key_Left, Qt.Key.Key_Left):
        qtbot.keyClick(heat_map, key)
    assert heat_map.current == (0, 0)
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Right) * 3:
        qtbot.keyClick(heat_map, key)
    assert heat_map.current == (1, 1)


def test_other_cells_have_no_current_one(make_map, qtbot):
    heat_map = make_map(3, 3)
    qtbot.keyClick(heat_map, Qt.Key.Key_Right)
    heat_map.mark_row(2)
    heat_map.show_cells(heat_map.pixels[:2])
    assert (heat_map.current, heat_map.marked_row) == (None, None)


def test_large_cells_stand_apart_in_the_colour_of_the_card(make_map):
    heat_map = make_map(3, 4)
    heat_map.show_cells(colour_maps(LIGHT).sequential(np.ones((3, 4)), 0.0, 1.0))
    image = heat_map.grab().toImage()
    colours = [image.pixelColor(x, 40).name() for x in range(400)]
    assert colours.count(LIGHT.base) >= 3
    heat_map.show_cells(colour_maps(LIGHT).sequential(np.ones((3, 300)), 0.0, 1.0))
    image = heat_map.grab().toImage()
    assert LIGHT.base not in [image.pixelColor(x, 40).name() for x in range(400)]


def test_labels_of_narrow_rows_do_not_lie_on_each_other(make_map):
    heat_map = make_map(50, 3, row_names=list(map(str, range(50))))
    heat_map.resize(400, 120)
    places = heat_map._layout
    assert places.side_by_side * 120 >= 50 * places.line or places.side_by_side == 8


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_the_frame_of_a_row_goes_around_all_its_cells(make_map, colours):
    heat_map = make_map(3, 4, colours)
    before = heat_map.grab().toImage()
    heat_map.mark_row(1)
    after = heat_map.grab().toImage()
    changed = [
        (x, y)
        for x in range(400)
        for y in range(300)
        if before.pixelColor(x, y) != after.pixelColor(x, y)
    ]
    xs, ys = zip(*changed, strict=True)
    assert (min(xs), max(xs)) == pytest.approx((0, 399), abs=3)
    assert (min(ys), max(ys)) == pytest.approx((100, 200), abs=3)
    # Only a frame: the middle of each cell is as before.
    centres = [heat_map.cell_centre(1, column).toPoint() for column in range(4)]
    assert not {(place.x(), place.y()) for place in centres} & set(changed)


def test_a_line_crosses_out_a_row(make_map):
    heat_map = make_map(3, 4)
    heat_map.cross_rows([2])
    image = heat_map.grab().toImage()
    assert {image.pixelColor(x, 250).name() for x in range(5, 395)} == {LIGHT.text}
    heat_map.cross_rows([])
    assert LIGHT.text not in {
        heat_map.grab().toImage().pixelColor(x, 250).name() for x in range(5, 395, 40)
    }


@pytest.mark.parametrize("width", [300, 700])
def test_long_and_many_row_labels_leave_room_for_the_cells(make_map, width):
    titles = [f"a kind whose title has some sixty characters, number {n}" for n in range(18)]
    heat_map = make_map(18, 18, row_names=titles)
    heat_map.resize(width, 60)
    assert heat_map.cells_area.width() > 0.2 * width
