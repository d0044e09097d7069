"""Where a thing lies that lies over a part of the window."""

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QWidget

from dinogui.widgets.overlay import OverlaidStrip, Overlay

_Align = Qt.AlignmentFlag


class Note(Overlay):
    wanted = QSize(100, 40)

    def size_within(self, width, height):
        self.room = width, height
        return self.wanted


class Strip(OverlaidStrip):
    def height_for(self, width):
        return 30


@pytest.fixture
def parent(qtbot):
    parent = QWidget()
    qtbot.addWidget(parent)
    parent.resize(300, 200)
    with qtbot.waitExposed(parent):
        parent.show()
    return parent


def shown(overlay):
    overlay.show()
    overlay.settle()
    return overlay


@pytest.mark.parametrize(
    ("alignment", "corner"),
    [
        (_Align.AlignCenter, (100, 80)),
        (_Align.AlignTop | _Align.AlignRight, (192, 8)),
        (_Align.AlignBottom | _Align.AlignLeft, (8, 152)),
    ],
)
def test_it_lies_where_it_is_meant_to_and_stays_there(parent, alignment, corner):
    note = shown(Note(parent, alignment))
    assert note.geometry().getRect() == (*corner, 100, 40)
    assert note.room == (284, 200)
    before = note.geometry()
    parent.resize(400, 300)
    shifted = {0: 0, 8: 0}.get(corner[0], 100), {8: 0}.get(corner[1], 100)
    if alignment == _Align.AlignCenter:
        shifted = 50, 50
    assert note.pos().toTuple() == (before.x() + shifted[0], before.y() + shifted[1])


@pytest.mark.parametrize(
    ("edge", "top"), [(_Align.AlignTop, 68), (_Align.AlignBottom, 60 + 100 - 30 - 8)]
)
def test_a_strip_is_as_wide_as_the_parent_and_at_the_edge_of_the_part(parent, edge, top):
    part, other = QWidget(parent), QWidget(parent)
    part.setGeometry(50, 60, 200, 100)
    part.show()
    strip = shown(Strip(parent, edge, over=part))
    assert strip.geometry().getRect() == (8, top, 284, 30)
    part.move(50, 80)
    assert strip.y() == top + 20
    other.show()
    other.raise_()
    strip.settle()
    assert parent.children()[-1] is strip, "it is in front"


@pytest.mark.parametrize(("height", "top"), [(56, 8), (50, 8), (44, 4), (40, 0), (20, 0)])
@pytest.mark.parametrize("vertical", [_Align.AlignTop, _Align.AlignVCenter, _Align.AlignBottom])
def test_it_stays_within_a_low_parent(parent, height, top, vertical):
    note = shown(Note(parent, vertical | _Align.AlignHCenter))
    parent.resize(300, height)
    assert note.y() == top


def test_it_grows_with_the_text(parent):
    note = shown(Note(parent, _Align.AlignCenter))
    before = note.width_of(100)
    font = note.font()
    font.setPointSizeF(2 * font.pointSizeF())
    note.wanted = QSize(120, 60)
    parent.setFont(font)
    assert note.size() == note.wanted
    assert 1.8 < note.width_of(100) / before < 2.2


def test_at_the_upper_edge_it_asks_for_room_until_it_is_hidden(parent):
    strip = Strip(parent, _Align.AlignTop)
    rooms = []
    strip.room_changed.connect(lambda: rooms.append(strip.wanted_room))
    shown(strip)
    strip.hide()
    assert rooms == [8 + 30 + 8, 0]
    assert shown(Strip(parent, _Align.AlignBottom)).wanted_room == 0


def test_it_leaves_others_some_lines_even_if_it_covers_them(parent):
    note = Note(parent, _Align.AlignTop)
    note.wanted = QSize(100, 190)
    lines = 4 * note.fontMetrics().height()
    assert shown(note).wanted_room == 200 - lines
