"""The hints after the first run: each is shown once in a lifetime, and none is in the way."""

import pytest
from PySide6.QtCore import QPoint, Qt

from dinogui.app import make_window
from dinogui.common.preferences import Preferences
from dinogui.session.run import RunState
from dinogui.window.offers.hints import HINTS, Hints


@pytest.fixture
def open_window(qapp, qtbot):
    """Return a function that opens the window with the user's preferences."""
    windows = []

    def open_one():
        window = make_window(qapp, preferences=Preferences())
        window.closing_rule = None
        windows.append(window)
        qtbot.addWidget(window)
        with qtbot.waitActive(window):
            window.show()
            window.activateWindow()
        qtbot.waitUntil(lambda: window.session.has_network)
        return window

    yield open_one
    for window in windows:
        window.close()


def bubble(window):
    return window.findChild(Hints).bubble


def train_and_pause(window, qtbot):
    qtbot.keyClick(window, Qt.Key.Key_Space)
    assert bubble(window).message == ""
    steps = window.session.steps_made
    qtbot.waitUntil(lambda: window.session.steps_made > steps)
    qtbot.keyClick(window, Qt.Key.Key_Space)
    assert window.session.state is RunState.PAUSED


def test_each_hint_is_shown_once_in_a_lifetime(open_window, qtbot):
    window = open_window()
    assert bubble(window).message == ""
    shown = []
    train_and_pause(window, qtbot)
    shown.append(bubble(window).message)
    qtbot.mouseClick(bubble(window).close_button, Qt.MouseButton.LeftButton)
    shown.append(bubble(window).message)
    train_and_pause(window, qtbot)
    shown.append(bubble(window).message)
    assert shown == [hint.text for hint in HINTS]
    qtbot.mouseClick(bubble(window).close_button, Qt.MouseButton.LeftButton)
    assert bubble(window).message == ""
    window.close()
    window = open_window()
    train_and_pause(window, qtbot)
    assert bubble(window).message == ""


def test_what_was_done_needs_no_hint(open_window, qtbot):
    _, generate, inside = HINTS
    window = open_window()
    qtbot.keyClick(window.controls.learning_rate.slider, Qt.Key.Key_Left)
    train_and_pause(window, qtbot)
    assert bubble(window).message == generate.text
    qtbot.keyClick(window, Qt.Key.Key_G, Qt.KeyboardModifier.ControlModifier)
    assert bubble(window).message == inside.text
    window.panels_card.row.chosen.emit("flow")
    assert bubble(window).message == ""


def test_a_hint_lies_in_the_corner_of_the_plot_and_takes_no_focus(open_window, qtbot):
    window = open_window()
    train_and_pause(window, qtbot)
    part, canvas = bubble(window), window.loss_plot.canvas
    assert canvas.rect().contains(part.geometry())
    assert part.geometry().right() > canvas.width() * 2 // 3
    focus = window.focusWidget()
    assert focus is None or not part.isAncestorOf(focus)


@pytest.mark.layout
def test_over_a_low_plot_a_hint_has_a_room_of_its_own(open_window, qtbot):
    window = open_window()
    pane = window.loss_plot.pane

    def overlap():
        shown = bubble(window)
        place = shown.rect().translated(shown.mapTo(window, QPoint()))
        return place.intersects(pane.rect().translated(pane.mapTo(window, QPoint())))

    train_and_pause(window, qtbot)
    assert overlap(), "a tall plot leaves the corner free"
    window.resize(940, 560)
    qtbot.waitUntil(lambda: not overlap())
    height = pane.height()
    qtbot.keyClick(window, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: pane.height() > height)
