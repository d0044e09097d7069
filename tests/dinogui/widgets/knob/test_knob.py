import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QAccessible, QPalette, QWheelEvent
from PySide6.QtWidgets import QApplication, QLabel, QVBoxLayout, QWidget

from dinogui.common.motion import reduce_motion
from dinogui.widgets.knob.knob import Knob
from dinogui.widgets.knob.scale import Scale, logarithmic_stops

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def knob(qtbot):
    scale = Scale(logarithmic_stops(0.01, 50.0, per_decade=40), can_be_off=True)
    knob = Knob("&Clip value", scale, 5.0, "How far.")
    qtbot.addWidget(knob)
    knob.resize(240, knob.heightForWidth(240))
    with qtbot.waitActive(knob):
        knob.show()
        knob.activateWindow()
    return knob


@pytest.fixture
def heard(knob):
    heard = []
    knob.value_changed.connect(heard.append)
    return heard


def at(knob, value):
    """Return the point of the track where a value lies."""
    return QPoint(round(knob.slider.x_of(value)), knob.slider.height() // 2)


def turn(part, notches):
    """Turn the wheel over a part, and return whether it took the event."""
    middle = QPointF(part.rect().center())
    event = QWheelEvent(
        middle,
        QPointF(part.mapToGlobal(middle)),
        QPoint(),
        QPoint(0, round(120 * notches)),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    event.ignore()
    QApplication.sendEvent(part, event)
    return event.isAccepted()


# Values


def test_setting_a_value_sends_no_signal(knob, heard):
    knob.set_value(0.0412)
    assert knob.value == 0.0412
    assert knob.box.text() == "0.0412"
    assert heard == []


def test_keys_of_the_track(knob, heard, qtbot):
    knob.set_value(1.0)
    for key in (Qt.Key.Key_End, Qt.Key.Key_Left, Qt.Key.Key_Home, Qt.Key.Key_Up):
        qtbot.keyClick(knob.slider, key)
    assert heard == [None, 50.0, 0.01, 0.011]
    assert knob.box.text() == "0.011"
    qtbot.keyClick(knob.slider, Qt.Key.Key_PageUp)
    assert heard[-1] > 0.015
    qtbot.keyClick(knob.slider, Qt.Key.Key_PageDown)
    assert heard[-1] == 0.011


def test_from_between_two_stops_a_key_goes_to_the_next_one(knob, heard, qtbot):
    for typed, key, stop in (
        (0.0412, Qt.Key.Key_Right, 0.042),
        (0.0412, Qt.Key.Key_Left, 0.04),
        (0.0418, Qt.Key.Key_Right, 0.042),
        (0.0418, Qt.Key.Key_Left, 0.04),
    ):
        knob.set_value(typed)
        qtbot.keyClick(knob.slider, key)
        assert heard[-1] == stop


def test_typed_numbers_and_dragged_ones_are_the_same_knob(knob, heard, qtbot):
    knob.box.setFocus()
    knob.box.selectAll()
    qtbot.keyClicks(knob.box, "0.5")
    assert heard == []
    qtbot.keyClick(knob.box, Qt.Key.Key_Return)
    assert heard == [0.5]
    qtbot.mousePress(knob.slider, LEFT, pos=at(knob, 0.5))
    assert heard == [0.5], "a press on the handle does not move it"
    qtbot.mouseMove(knob.slider, at(knob, 2.0))
    qtbot.mouseRelease(knob.slider, LEFT, pos=at(knob, 2.0))
    assert knob.value == heard[-1] == pytest.approx(2.0, rel=0.06)
    assert float(knob.box.text()) == knob.value


def test_dragged_beyond_the_right_end_it_is_off(knob, heard, qtbot):
    qtbot.mousePress(knob.slider, LEFT, pos=at(knob, 5.0))
    qtbot.mouseMove(knob.slider, QPoint(knob.slider.width() + 50, 5))
    qtbot.mouseRelease(knob.slider, LEFT, pos=QPoint(knob.slider.width() + 50, 5))
    assert heard[-1] is None
    assert knob.value is None
    assert knob.box.text() == "off"


def test_a_click_beside_the_handle_brings_it_there(knob, heard, qtbot):
    pressed = []
    knob.slider.sliderPressed.connect(lambda: pressed.append(1))
    qtbot.mouseClick(knob.slider, LEFT, pos=at(knob, 0.1))
    assert heard == [pytest.approx(0.1, rel=0.06)]
    assert pressed == [], "it is no drag, so that a double click can be one undo"


def test_a_double_click_sets_the_default(knob, heard, qtbot):
    knob.set_value(0.3)
    qtbot.mouseDClick(knob.slider, LEFT, pos=at(knob, 0.3))
    assert (heard, knob.value) == ([5.0], 5.0)
    qtbot.mouseDClick(knob.slider, LEFT, pos=at(knob, 5.0))
    assert heard == [5.0], "the default again is no change"
    knob.set_default(1.0)
    assert "the default, 1." in knob.slider.toolTip()
    qtbot.mouseDClick(knob.slider, LEFT, pos=at(knob, 5.0))
    assert knob.value == 1.0


def test_escape_restores_the_number_while_another_is_typed(knob, heard, qtbot):
    knob.box.setFocus()
    knob.box.selectAll()
    qtbot.keyClicks(knob.box, "7")
    qtbot.keyClick(knob.box, Qt.Key.Key_Escape)
    assert knob.box.text() == "5"
    qtbot.keyClick(knob.box, Qt.Key.Key_Return)
    assert heard == []


# The last change


def test_the_value_before_the_last_change_is_marked(knob, qtbot):
    assert not knob.slider.has_former
    knob.set_value(1.0)
    assert knob.slider.former == 5.0, "also if something else than the knob made the change"
    qtbot.mousePress(knob.slider, LEFT, pos=at(knob, 1.0))
    assert knob.slider.former == 5.0, "nothing has changed yet"
    for value in (2.0, 3.0, 4.0):
        qtbot.mouseMove(knob.slider, at(knob, value))
    qtbot.mouseRelease(knob.slider, LEFT, pos=at(knob, 4.0))
    assert knob.slider.former == 1.0, "a drag is one change"
    dragged = knob.value
    for _ in range(3):
        qtbot.keyClick(knob.slider, Qt.Key.Key_Left)
    assert knob.slider.former == dragged, "keys without a pause are one change"
    qtbot.wait(1_100)
    before = knob.value
    qtbot.keyClick(knob.slider, Qt.Key.Key_Left)
    assert knob.slider.former == before
    knob.forget_change()
    assert not knob.slider.has_former


def test_a_click_on_the_mark_of_the_last_change_goes_back_to_it(knob, heard, qtbot):
    knob.set_value(0.4321)
    knob.set_value(30.0)
    qtbot.mouseClick(knob.slider, LEFT, pos=at(knob, 0.4321) + QPoint(2, 0))
    assert heard == [0.4321]
    assert knob.slider.former == 30.0


# The wheel


def test_the_wheel_turns_a_knob_only_with_the_focus(knob, heard):
    for part in (knob.slider, knob.box):
        knob.set_value(1.0)
        knob.box.setFocus() if part is knob.slider else knob.slider.setFocus()
        assert not turn(part, 1)
        assert heard == []
        part.setFocus()
        assert turn(part, 1)
        assert heard.pop() == 1.1
        assert turn(part, -2)
        assert heard.pop() == 0.94
        heard.clear()


def test_half_turns_of_a_fine_wheel_add_up(knob, heard):
    knob.set_value(1.0)
    knob.slider.setFocus()
    for _ in range(4):
        turn(knob.slider, 0.5)
    assert heard == [1.1, 1.2]


# What is read out, and what is shown


def colour_at(knob, value, above=0):
    """Return the colour of a point of the track, so many pixels above its middle."""
    place = at(knob, value) - QPoint(0, above)
    return knob.slider.grab().toImage().pixelColor(place)


def test_the_track_is_filled_up_to_the_handle(knob):
    accent = knob.palette().color(QPalette.ColorRole.Highlight)
    knob.set_value(1.0)
    assert colour_at(knob, 0.3) == accent
    assert colour_at(knob, 4.0) != accent
    knob.set_value(20.0)
    assert colour_at(knob, 4.0) == accent


def test_default_decades_last_change_and_focus_are_drawn(knob):
    knob.set_value(0.02)
    knob.forget_change()
    knob.box.setFocus()
    plain = knob.slider.grab().toImage()
    assert colour_at(knob, 5.0, -6) != colour_at(knob, 4.0, -6), "the dot of the default"
    for decade in (0.1, 1.0, 10.0):
        assert colour_at(knob, decade, -6) != colour_at(knob, 4.0, -6)
    knob.set_default(1.0)
    assert colour_at(knob, 5.0, -6) == colour_at(knob, 4.0, -6)
    knob.set_default(5.0)
    assert knob.slider.grab().toImage() == plain
    knob.mark_change_from(0.3)
    assert knob.slider.grab().toImage() != plain, "the ring of the last change"
    knob.forget_change()
    assert knob.slider.grab().toImage() == plain
    knob.slider.setFocus()
    assert knob.slider.grab().toImage() != plain, "the focus"
    knob.box.setFocus()
    assert knob.slider.grab().toImage() == plain
    with_focus = knob.box.grab().toImage()
    knob.slider.setFocus()
    assert knob.box.grab().toImage() != with_focus


def test_a_screen_reader_gets_names_and_values(knob):
    knob.set_value(0.5)
    assert knob.slider.accessibleName() == "Clip value, slider: 0.5"
    assert "How far." in knob.slider.accessibleDescription()
    box = QAccessible.queryAccessibleInterface(knob.box)
    assert box.role() == QAccessible.Role.SpinBox
    assert (box.text(QAccessible.Text.Name), box.text(QAccessible.Text.Value)) == (
        "Clip value",
        "0.5",
    )
    knob.set_value(None)
    assert knob.slider.accessibleName() == "Clip value, slider: off"


def test_a_remark_stands_between_the_ends_and_moves_nothing(knob):
    before = [(part, part.geometry()) for part in (*labels(knob), knob.box, knob.slider)]
    height = knob.heightForWidth(240)
    knob.set_remark("now 4.9, falling")
    assert knob.remark in [label.text() for label in labels(knob)]
    assert [(part, part.geometry()) for part, _ in before] == before
    assert knob.heightForWidth(240) == height
    knob.set_remark("")
    assert [(part, part.geometry()) for part in (*labels(knob), knob.box, knob.slider)] == before


def labels(knob):
    return [label for label in knob.findChildren(QLabel) if label.isVisibleTo(knob)]


@pytest.mark.parametrize("pixels", [13, 26])
@pytest.mark.parametrize("width", [200, 236, 300, 400])
def test_nothing_is_cut_or_covered_in_any_width_and_size(qtbot, width, pixels):
    page = QWidget()
    qtbot.addWidget(page)
    font = page.font()
    font.setPixelSize(pixels)
    page.setFont(font)
    layout = QVBoxLayout(page)
    layout.setContentsMargins(0, 0, 0, 0)
    scale = Scale(logarithmic_stops(1e-5, 1.0, per_decade=40))
    knobs = [
        Knob("Hidden &units, layer 1", scale, 0.01, "…"),
        Knob("&Temperature", scale, 0.01, "…", ends=("cold: the usual", "hot: daring")),
    ]
    knobs[0].set_note("each entry")
    knobs[0].set_remark("now 0.0093, falling")
    for knob in knobs:
        layout.addWidget(knob)
    page.resize(max(width, page.minimumSizeHint().width()), 10)
    page.show()
    page.resize(page.width(), layout.heightForWidth(page.width()))
    assert page.width() <= (width if pixels == 13 else max(width, 280))
    for knob in knobs:
        shown = [*labels(knob), knob.box, knob.slider]
        for label in labels(knob):
            if label.wordWrap():
                assert label.heightForWidth(label.width()) <= label.height()
            else:
                assert label.sizeHint().width() <= label.width()
                assert label.sizeHint().height() <= label.height()
        for part in shown:
            assert knob.rect().contains(part.geometry())
            others = [other for other in shown if other is not part]
            assert not any(part.geometry().intersects(other.geometry()) for other in others)


def test_the_handle_goes_to_a_value_that_is_set_from_elsewhere(knob, qtbot):
    track = knob.slider
    reduce_motion(False)
    before, after = track.x_of(5.0), track.x_of(0.1)
    knob.set_value(0.1)
    assert knob.value == 0.1, "the value is the new one at once"
    assert knob.box.text() == "0.1"
    assert track.handle_x == before
    qtbot.waitUntil(lambda: after < track.handle_x < before)
    qtbot.waitUntil(lambda: track.handle_x == after)
    qtbot.mouseDClick(track, LEFT, pos=at(knob, 0.5))
    assert knob.value == 5.0
    assert track.handle_x == after
    qtbot.waitUntil(lambda: after < track.handle_x < before)
    qtbot.waitUntil(lambda: track.handle_x == before)


def test_the_handle_is_under_the_pointer_that_drags_it_and_at_its_end_once_it_is_pressed(
    knob, qtbot
):
    track = knob.slider
    reduce_motion(False)
    knob.set_value(0.1)
    qtbot.mousePress(track, LEFT, pos=at(knob, 0.1))
    assert track.handle_x == track.x_of(0.1), "it is at its end first"
    for value in (1.0, 20.0):
        qtbot.mouseMove(track, at(knob, value))
        assert abs(track.handle_x - at(knob, value).x()) < 3
    qtbot.mouseRelease(track, LEFT, pos=at(knob, 20.0))
    assert track.handle_x == track.x_of(knob.value)


def test_with_less_motion_the_handle_is_there_at_once(knob):
    knob.set_value(0.1)
    assert knob.slider.handle_x == knob.slider.x_of(0.1)
