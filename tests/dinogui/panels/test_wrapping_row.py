import pytest
from PySide6.QtWidgets import QPushButton, QSizePolicy, QVBoxLayout, QWidget

from dinogui.panels.wrapping_row import WrappingRow


@pytest.fixture
def row(qtbot):
    """Return a row of five buttons of 100 pixels in a window of adjustable width."""
    window = QWidget()
    qtbot.addWidget(window)
    parts = [QPushButton(str(place)) for place in range(5)]
    for part in parts:
        part.setFixedSize(100, 20)
    layout = QVBoxLayout(window)
    layout.setContentsMargins(0, 0, 0, 0)
    row = WrappingRow(parts)
    layout.addWidget(row)
    layout.addStretch(1)
    window.show()
    yield row
    window.close()


def parts_of(row):
    """Return the buttons of a row, in order."""
    return row.findChildren(QPushButton)


@pytest.mark.parametrize(("width", "lines"), [(600, 1), (330, 2), (220, 3), (110, 5)])
def test_parts_that_have_no_room_go_on_in_the_next_line(row, width, lines):
    row.window().resize(width, 300)
    parts = parts_of(row)
    tops = [part.y() for part in parts]
    assert tops == sorted(tops)
    assert len(set(tops)) == lines
    assert all(part.x() + part.width() <= width for part in parts)
    assert row.height() == lines * 20 + (lines - 1) * 6
    places = [(part.x(), part.y()) for part in parts]
    assert len(set(places)) == 5, "none lies on another"


def test_a_part_that_expands_takes_the_room_that_is_left_up_to_its_maximum(row):
    first = parts_of(row)[0]
    first.setFixedSize(100, 20)
    first.setMaximumWidth(150)
    first.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
    row.window().resize(700, 300)
    assert first.width() == 150
    row.window().resize(544, 300)
    assert 100 <= first.width() <= 120


def test_hidden_parts_take_no_room(row):
    parts_of(row)[1].hide()
    row.window().resize(600, 300)
    assert parts_of(row)[2].x() == 106
