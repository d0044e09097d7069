"""The control of the speed: by mouse, by key and by menu, also while the network trains."""

import pytest
from PySide6.QtCore import Qt

from dinogui.common.speed import Speed


@pytest.fixture
def speed(window):
    return window.top_bar.speed


def key(qtbot, window, key_, modifiers=Qt.KeyboardModifier.NoModifier):
    qtbot.keyClick(window, key_, modifiers)


def test_a_click_sets_the_speed_while_the_network_trains(window, qtbot, speed):
    session = window.session
    key(qtbot, window, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: session.steps_made > 50)
    qtbot.mouseClick(speed.segments.segments["TEN"], Qt.MouseButton.LeftButton)
    assert session.speed is Speed.TEN
    assert window.actions_.speeds[Speed.TEN].isChecked()
    told = []
    session.progressed.connect(lambda progress: told.append(len(progress.chunk)))
    # Longer chunks from before the click may still be on their way.
    qtbot.waitUntil(lambda: told[-2:] == [1, 1])
    key(qtbot, window, Qt.Key.Key_Space)
    assert window.status.message.startswith("Paused")


def test_each_speed_has_a_key_and_an_entry_in_the_run_menu(window, qtbot, speed):
    for place, each in enumerate(Speed):
        key(qtbot, window, Qt.Key(Qt.Key.Key_1 + place), Qt.KeyboardModifier.ControlModifier)
        assert window.session.speed is each
        assert speed.segments.value == each.name
        assert window.actions_.speeds[each].isChecked()
    window.actions_.speeds[Speed.ONE].trigger()
    assert speed.segments.value == "ONE"


def test_where_room_is_scarce_the_speeds_are_in_a_menu(window, qtbot, speed):
    assert not speed.is_compact
    wide = speed.sizeHint().width()
    window.actions_.larger_text.trigger()
    window.actions_.larger_text.trigger()
    window.actions_.larger_text.trigger()
    window.resize(940, 560)
    qtbot.waitUntil(lambda: speed.is_compact)
    assert speed.sizeHint().width() < wide
    assert speed.button.text() == "Full speed"
    entries = speed.button.menu().actions()
    assert entries == list(window.actions_.speeds.values())
    entries[1].trigger()
    assert window.session.speed is Speed.TEN
    assert speed.button.text() == "10/s"


def test_the_menu_has_room_for_its_text_and_the_arrow(window, qtbot, speed):
    window.resize(940, 560)
    qtbot.waitUntil(lambda: speed.is_compact)
    for each in Speed:
        window.actions_.speeds[each].trigger()
        qtbot.waitUntil(lambda: speed.button.width() == speed.button.sizeHint().width())
    assert speed.button.height() == window.top_bar.restart.height()


def test_the_speed_outlasts_the_run(window, qtbot):
    window.session.set_speed(Speed.TEN)
    with qtbot.waitSignal(window.session.run_begun):
        key(qtbot, window, Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier)
    chunks = []
    window.session.progressed.connect(lambda progress: chunks.append(len(progress.chunk)))
    key(qtbot, window, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: chunks.count(1) >= 3)
    assert max(chunks) == 1
    assert window.status.message.startswith("Training")
