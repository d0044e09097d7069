import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QLabel

from dinogui.panels.temperature import TemperatureKnob


def drag_to(qtbot, knob, value):
    """Drag the handle to a value."""
    track, left = knob.slider, Qt.MouseButton.LeftButton
    start, end = (
        QPoint(round(track.x_of(place)), track.height() // 2) for place in (knob.value, value)
    )
    qtbot.mousePress(track, left, pos=start)
    qtbot.mouseMove(track, end)
    qtbot.mouseRelease(track, left, pos=end)


def test_words_stand_at_its_ends_and_it_goes_up_to_3(qtbot):
    knob = TemperatureKnob("&Temperature", "letters")
    qtbot.addWidget(knob)
    knob.resize(240, knob.heightForWidth(240))
    knob.show()
    shown = [label.text() for label in knob.findChildren(QLabel) if label.isVisibleTo(knob)]
    assert shown == ["&Temperature", "cold: the usual", "hot: daring"]
    qtbot.keyClick(knob.slider, Qt.Key.Key_Home)
    assert knob.value == 0.1, "it cannot be dragged to 0, which is refused"
    qtbot.keyClick(knob.slider, Qt.Key.Key_End)
    assert knob.value == 3.0
    knob.box.selectAll()
    qtbot.keyClicks(knob.box, "0.07")
    qtbot.keyClick(knob.box, Qt.Key.Key_Return)
    assert knob.value == 0.07


def test_dragging_it_samples_other_names(window, qtbot, train_until):
    train_until(window.session, 300)
    window.actions_.generate.trigger()
    qtbot.waitUntil(lambda: len(window.names.generated) == 10)
    knob = window.names.findChild(TemperatureKnob)
    drag_to(qtbot, knob, 2.0)
    assert window.names.form.temperature.value() == pytest.approx(2.0, rel=0.1)
    table = window.names.table
    qtbot.waitUntil(lambda: table.shown[0].temperature == knob.value)
    qtbot.mouseDClick(knob.slider, Qt.MouseButton.LeftButton, pos=QPoint(40, 5))
    qtbot.waitUntil(lambda: table.shown[0].temperature == 1.0)


def test_a_text_is_written_at_the_dragged_temperature(text_window, qtbot):
    knob = text_window.writing.findChild(TemperatureKnob)
    drag_to(qtbot, knob, 0.5)
    assert knob.value == pytest.approx(0.5, rel=0.1)
    assert text_window.writing.temperature.value() == knob.value
