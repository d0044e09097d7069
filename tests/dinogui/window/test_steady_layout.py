"""No message moves a control: whatever is about to be clicked stays under the pointer."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QScrollArea,
    QSlider,
)

from dinogui.session.run import RunState

pytestmark = pytest.mark.layout

COMES_AND_GOES = ("Cancel the search", "Stop reading", "Close message", "")
CONTROLS = (QAbstractButton, QAbstractSpinBox, QComboBox, QLineEdit, QSlider)
LONG = "A message that is much longer than any line in this window. " * 4


def places(window):
    """Return where each visible control lies in the window, and how large it is."""
    QApplication.processEvents()
    return {
        part: (part.mapTo(window, QPoint()).toTuple(), part.size().toTuple())
        for kind in CONTROLS
        for part in window.findChildren(kind)
        # What belongs to the message itself may come and go with it.
        if part.isVisible() and part.accessibleName() not in COMES_AND_GOES
    }


def pressed(window, text):
    return next(b for b in window.top_bar.findChildren(QAbstractButton) if b.text() == text)


def assert_steady(window, before):
    now = places(window)
    moved = {
        part.accessibleName(): (place, now.get(part))
        for part, place in before.items()
        if now.get(part) != place
    }
    assert not moved


@pytest.fixture(params=[(940, 560), (1100, 700)], ids=["small", "usual"])
def sized(window, request, qtbot):
    """Return the window in a size."""
    window.resize(*request.param)
    qtbot.waitUntil(lambda: window.size().toTuple() == request.param)
    before = {}
    for _ in range(50):  # a scroll area takes several turns of the event loop to settle
        before, seen = places(window), before
        if before == seen:
            break
        qtbot.wait(60)
    return window


def test_messages_about_names_move_nothing(sized, qtbot):
    window, names = sized, sized.names
    qtbot.waitUntil(lambda: len(names.generated) == 10)  # the untrained network has written
    window.actions_.clear_names.trigger()
    before = places(window)
    names.choose_export()
    assert names.note
    assert_steady(window, before)
    names.form.prefix.setText("ß")
    qtbot.waitUntil(lambda: "“ß”" in names.form.error_of("prefix"))
    assert_steady(window, before)
    names.form.prefix.clear()
    names.form.suffix.setText("qqqq")
    qtbot.waitUntil(lambda: names.is_waiting, timeout=30_000)
    assert_steady(window, before)
    qtbot.mouseClick(names.cancel, Qt.MouseButton.LeftButton)
    assert names.note
    assert_steady(window, before)
    names.form.show_error(LONG, "longest")
    assert_steady(window, before)
    names.table.filter.setText("no such name")
    names.form.suffix.clear()
    qtbot.waitUntil(lambda: "None of the 10 names" in names.table.legend, timeout=30_000)
    assert_steady(window, before)


def test_the_state_of_the_run_moves_nothing(sized, qtbot):
    window = sized
    before = places(window)
    train = pressed(window, "Train").mapTo(window, QPoint())
    qtbot.keyClick(window, Qt.Key.Key_Space)
    assert window.session.state is RunState.TRAINING
    qtbot.waitUntil(lambda: window.session.steps_made > 50)
    assert_steady(window, before)
    assert pressed(window, "Pause").mapTo(window, QPoint()) == train
    qtbot.keyClick(window, Qt.Key.Key_Space)
    window.status.show_reading(0.5)
    assert window.status.reading_is_shown
    assert_steady(window, before)
    window.status.show_reading(1.0)
    window.status.say(LONG)
    assert_steady(window, before)
    window.banner.say(LONG, window.actions_.restart)
    assert_steady(window, before)


def test_looking_back_moves_nothing(sized, train_until):
    window = sized
    train_until(window.session, 100)
    before = places(window)
    pane = window.loss_plot.pane.geometry()
    window.session.past.look(40)
    # The row below the plot takes the place of what is said about the present.
    foot = window.arrangement._parts.foot
    kept = {part: place for part, place in before.items() if not foot._present.isAncestorOf(part)}
    assert_steady(window, kept)
    assert window.loss_plot.pane.geometry() == pane
    window.session.past.leave()
    assert_steady(window, before)


def test_messages_about_the_network_move_nothing(sized, qtbot):
    window = sized
    window.session.set_hyperparameters(widths=(60,))
    qtbot.waitUntil(lambda: bool(window.controls.resize_message))
    before = places(window)
    window.session.set_hyperparameters(widths=(40,))
    qtbot.waitUntil(lambda: "→ 40 units" in window.controls.resize_message)
    assert_steady(window, before)
    window.left.show_settings()
    qtbot.wait(50)  # the columns have other widths now, and settle as above
    before = places(window)
    window.model.show_error(LONG)
    assert window.model.error
    assert_steady(window, before)
    window.session.set_hyperparameters(widths=(50,))
    qtbot.waitUntil(lambda: "→ 50 units" in window.model.cost_message)
    assert_steady(window, before)


def test_a_message_that_goes_away_moves_no_setting(sized, qtbot):
    window = sized
    window.docks.show("kept_names")  # takes height, so that the settings scroll
    window.left.show_settings()
    window.model.show_error(LONG)
    qtbot.wait(50)  # a scroll area takes several turns of the event loop to settle
    for scroll in window.model.findChildren(QScrollArea):
        scroll.verticalScrollBar().setValue(scroll.verticalScrollBar().maximum())
    before = places(window)
    window.session.set_hyperparameters(learning_rate=0.02)
    qtbot.wait(50)
    assert window.model.error == ""
    assert_steady(window, before)


def test_the_first_message_about_a_resize_moves_nothing(sized, qtbot):
    before = places(sized)
    sized.session.set_hyperparameters(widths=(40,))
    qtbot.waitUntil(lambda: "→ 40 units" in sized.controls.resize_message)
    assert_steady(sized, before)


def test_messages_in_a_panel_move_nothing(window, qtbot):
    window.resize(1100, 900)
    for key in ("flow", "weights", "write_together", "kept_names"):
        panel = window.docks.show(key)
        qtbot.waitUntil(panel.isVisible)
        if key == "flow":
            qtbot.waitUntil(lambda: window.docks.panel("flow").result is not None)
        before = places(window)
        if key == "write_together":
            panel.line.setText("tyr")
            qtbot.waitUntil(lambda: "nats" in window.docks.panel("write_together").score)
            assert_steady(window, before)
            panel.line.setText("tyrannosaurus" * 3 + "ß")
            qtbot.waitUntil(lambda: "“ß”" in window.docks.panel("write_together").error)
        elif key == "kept_names":
            window.session.name_generation.kept_not_exported.emit(LONG)
            assert panel.note == LONG
        else:
            panel.say(LONG)
            assert panel.note.message == LONG
        assert_steady(window, before)


def test_messages_in_a_narrow_panel_move_nothing(window, qtbot):
    panel = window.docks.show("flow")
    dock = window.docks.docks["flow"]
    dock.setFloating(True)
    dock.resize(420, 640)
    qtbot.waitUntil(lambda: panel.result is not None)
    before = places(dock)
    panel.say(LONG)
    assert_steady(dock, before)


def test_messages_about_a_text_move_nothing(text_window, qtbot):
    window = text_window
    before = places(window)
    window.writing.show_error(LONG)
    assert_steady(window, before)
    qtbot.mouseClick(window.writing.button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.writing.button.text() == "Stop")
    assert_steady(window, before)
    window.text_generation.stop()


def test_a_search_that_finds_nothing_moves_nothing(window, qtbot):
    qtbot.keyClick(window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    before = places(window)
    line = QApplication.focusWidget()
    line.setText("no such text")
    qtbot.keyClick(line, Qt.Key.Key_Return)
    assert window.names.log.search.outcome == "not found"
    assert_steady(window, before)
