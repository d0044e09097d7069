"""Flows: parts go on in the next line, and the row of buttons drops its key first."""

import pytest
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QPushButton, QSizePolicy, QVBoxLayout, QWidget

from dinogui.widgets.buttons.action_button import ActionButton
from dinogui.widgets.buttons.check_chip import CheckChip
from dinogui.widgets.cards.flow import ButtonRow, PartsFlow


def holder_of(qtbot, part, width):
    holder = QWidget()
    part.setParent(holder)
    qtbot.addWidget(holder)
    part.resize(width, 10)
    holder.show()
    return holder


def test_parts_that_do_not_fit_go_on_in_the_next_line_and_the_height_follows(qtbot):
    chips = [CheckChip(text, text) for text in ("Only new", "No repeats", "Same seed")]
    flow = PartsFlow(*chips)
    holder = holder_of(qtbot, flow, flow.sizeHint().width())
    assert holder.isVisible()
    assert len({chip.y() for chip in chips}) == 1
    line = flow.height()
    flow.resize(flow.sizeHint().width() - 1, line)
    assert [chip.y() > 0 for chip in chips] == [False, False, True]
    assert flow.height() > 2 * line
    flow.resize(flow.minimumSizeHint().width(), line)
    assert len({chip.y() for chip in chips}) == 3
    for chip in chips:
        assert flow.rect().contains(chip.geometry())


def test_a_part_that_grows_moves_into_the_next_line(qtbot):
    first, second = CheckChip("a", "a"), CheckChip("b", "b")
    flow = PartsFlow(first, second)
    holder = holder_of(qtbot, flow, flow.sizeHint().width())
    assert holder.isVisible()
    second.setText("much longer than before")
    second.updateGeometry()
    qtbot.waitUntil(lambda: second.y() > 0)


def test_the_first_button_shows_its_key_where_there_is_room_and_the_last_stands_right(qtbot):
    generate = QAction("Generate")
    generate.setShortcut("Ctrl+G")
    first, other, last = map(ActionButton, (generate, QAction("Export"), QAction("★ 12 kept")))
    row = ButtonRow(first, other, last=last)
    wide = row.sizeHint().width() + 50
    holder = holder_of(qtbot, row, wide)
    assert holder.isVisible()
    with_key = first.width()
    assert last.geometry().right() == wide - 1
    row.resize(wide - 60, row.height())
    assert first.width() == with_key - first.key_room()
    assert last.geometry().right() == wide - 61
    assert first.y() == last.y() == 0
    row.resize(row.minimumSizeHint().width(), row.height())
    assert last.y() > 0
    row.resize(wide, row.height())
    assert first.width() == with_key


@pytest.fixture
def in_layout(qtbot):
    """Return a row of five buttons of 100 pixels in a window of adjustable width."""
    window = QWidget()
    qtbot.addWidget(window)
    parts = [QPushButton(str(place)) for place in range(5)]
    for part in parts:
        part.setFixedSize(100, 20)
    layout = QVBoxLayout(window)
    layout.setContentsMargins(0, 0, 0, 0)
    row = PartsFlow(*parts)
    layout.addWidget(row)
    layout.addStretch(1)
    window.show()
    yield row
    window.close()


def parts_of(row):
    """Return the buttons of a row, in order."""
    return row.findChildren(QPushButton)


@pytest.mark.parametrize(("width", "lines"), [(600, 1), (330, 2), (220, 3), (110, 5)])
def test_parts_that_have_no_room_go_on_in_the_next_line(in_layout, width, lines):
    in_layout.window().resize(width, 300)
    parts = parts_of(in_layout)
    tops = [part.y() for part in parts]
    assert tops == sorted(tops)
    assert len(set(tops)) == lines
    assert all(part.x() + part.width() <= width for part in parts)
    assert in_layout.height() == lines * 20 + (lines - 1) * 6
    places = [(part.x(), part.y()) for part in parts]
    assert len(set(places)) == 5, "none lies on another"


def test_a_part_that_expands_takes_the_room_that_is_left_up_to_its_maximum(in_layout):
    first = parts_of(in_layout)[0]
    first.setFixedSize(100, 20)
    first.setMaximumWidth(150)
    first.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
    in_layout.window().resize(700, 300)
    assert first.width() == 150
    in_layout.window().resize(544, 300)
    assert 100 <= first.width() <= 120


def test_hidden_parts_take_no_room(in_layout):
    parts_of(in_layout)[1].hide()
    in_layout.window().resize(600, 300)
    assert parts_of(in_layout)[2].x() == 106
