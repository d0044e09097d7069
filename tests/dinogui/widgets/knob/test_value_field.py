import pytest
from PySide6.QtCore import Qt

from dinogui.widgets.knob.scale import Scale
from dinogui.widgets.knob.value_field import ValueField


@pytest.fixture
def field(qtbot):
    field = ValueField(Scale((0.01, 0.1, 1.0, 50.0), can_be_off=True))
    qtbot.addWidget(field)
    field.show_value(1.0)
    field.show()
    return field


def enter(qtbot, field, text):
    field.selectAll()
    qtbot.keyClicks(field, text)
    qtbot.keyClick(field, Qt.Key.Key_Return)


@pytest.mark.parametrize(
    ("typed", "shown", "text"),
    [
        ("off", None, "off"),
        ("OFF", None, "off"),
        ("0.037", 0.037, "0.037"),
        ("1000", 50.0, "50"),
        ("0", 0.01, "0.01"),
        ("of", 1.0, "1"),
    ],
)
def test_numbers_up_to_the_limits_and_the_word_off_can_be_typed(qtbot, field, typed, shown, text):
    enter(qtbot, field, typed)
    assert (field.shown, field.text()) == (shown, text)


def test_without_off_the_word_is_refused(qtbot):
    field = ValueField(Scale((4.0, 512.0)), whole=True)
    qtbot.addWidget(field)
    field.show_value(50.0)
    enter(qtbot, field, "off")
    assert field.shown == 50.0
    enter(qtbot, field, "9999")
    assert field.shown == 512.0


def test_arrow_keys_lead_to_off_and_back(qtbot, field):
    field.show_value(50.0)
    qtbot.keyClick(field, Qt.Key.Key_Up)
    assert field.text() == "off"
    qtbot.keyClick(field, Qt.Key.Key_Down)
    assert field.shown == 50.0


@pytest.mark.parametrize(
    ("value", "text"), [(1e-5, "1e-5"), (0.00002345, "2.345e-5"), (1e-4, "0.0001"), (0.25, "0.25")]
)
def test_very_small_numbers_are_short(qtbot, value, text):
    field = ValueField(Scale((1e-5, 1.0)))
    qtbot.addWidget(field)
    field.show_value(value)
    assert field.text() == text
    enter(qtbot, field, text)
    assert field.shown == pytest.approx(value)


@pytest.mark.parametrize("value", [5.0, 1e200, 0.001])
def test_a_value_beyond_the_limits_is_shown_as_it_is(qtbot, field, value):
    field.show_value(value)
    assert field.shown == value
    field.show_value(1.0)
    enter(qtbot, field, "1e9")
    assert field.shown == 50.0


def test_the_room_holds_the_longest_number_in_both_sizes(qtbot):
    field = ValueField(Scale((1e-5, 1.0)))
    qtbot.addWidget(field)
    for points in (13, 26):
        font = field.font()
        font.setPixelSize(points)
        field.setFont(font)
        field.resize(field.room, field.sizeHint().height())
        for value in (0.0001234, 0.00002345, 0.06543):
            field.show_value(value)
            edit = field.lineEdit()
            inside = edit.contentsRect().width() - 4  # pixels that Qt leaves at both sides
            assert edit.fontMetrics().horizontalAdvance(field.text()) <= inside
