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


def test_a_hint_waits_while_a_message_stands_in_its_place(open_window, qtbot):
    knob, generate, _ = HINTS
    window = open_window()
    window.banner.say("Is each file a kind of names?", topic=window)
    train_and_pause(window, qtbot)
    assert bubble(window).message == ""
    window.banner.clear()
    assert bubble(window).message == knob.text
    window.banner.say("Is each file a kind of names?", topic=window)
    assert bubble(window).message == ""
    window.banner.clear()
    assert bubble(window).message == knob.text, "it was covered, and not withdrawn"
    window.banner.say("Is each file a kind of names?", topic=window)
    train_and_pause(window, qtbot)
    train_and_pause(window, qtbot)
    window.banner.clear()
    assert bubble(window).message == generate.text, "the hint that nobody has seen"


def test_a_hint_lies_above_the_plot_and_takes_no_focus(open_window, qtbot):
    window = open_window()
    train_and_pause(window, qtbot)
    part, canvas = bubble(window), window.loss_plot.canvas
    assert canvas.rect().contains(part.geometry())
    assert part.geometry().right() > canvas.width() * 2 // 3
    focus = window.focusWidget()
    assert focus is None or not part.isAncestorOf(focus)


@pytest.mark.layout
def test_a_hint_covers_nothing_of_the_plot_also_while_one_looks_back(open_window, qtbot):
    window = open_window()
    plot = window.loss_plot.plot

    def area(part):
        return part.rect().translated(part.mapTo(window, QPoint()))

    for size in ((1600, 1000), (940, 560)):
        window.resize(*size)
        train_and_pause(window, qtbot)
        shown = bubble(window)
        assert shown.message
        window.session.past.look(0)
        qtbot.waitUntil(lambda: window.loss_plot.pane.past is not None)
        qtbot.waitUntil(lambda shown=shown: not area(shown).intersects(area(plot)))
        height = plot.height()
        window.session.past.leave()
        qtbot.keyClick(window, Qt.Key.Key_Space)
        qtbot.waitUntil(lambda height=height: plot.height() > height)
        qtbot.keyClick(window, Qt.Key.Key_Space)
