"""The play-head under the plot: dragged, by key, and always where the plot has its step."""

from itertools import product

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication

from engine.training.curves.axis_quantity import AxisQuantity

LEFT = Qt.MouseButton.LeftButton
SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def head(past_window):
    """Return the play-head of a run of 600 steps."""
    return past_window.loss_plot.play_head


def in_plot(window, step):
    """Return where a step is in the plot, in pixels of the window."""
    pane = window.loss_plot.pane
    return pane.mapTo(window, QPoint(round(pane.x_of(step)), 0)).x()


def at_knob(window):
    head = window.loss_plot.play_head
    return head.mapTo(window, head.knob).x()


def test_a_drag_of_the_knob_shows_the_networks_of_earlier_steps(past_window, head, qtbot):
    past = past_window.session.past
    qtbot.mousePress(head, LEFT, pos=head.knob)
    for step in (400, 200, 150):
        qtbot.mouseMove(head, QPoint(head.x_of(step), head.height() // 2))
        assert abs(past.step - step) <= 2  # a pixel is more than a step
    qtbot.mouseRelease(head, LEFT, pos=QPoint(head.x_of(150), head.height() // 2))
    qtbot.waitUntil(lambda: past.is_reached)
    assert past_window.session.viewed_snapshot.step == past.step
    assert past_window.session.name_generation.snapshot.step == past.step
    assert past_window.session.snapshot_step == 600


def test_a_drag_to_the_end_of_the_curve_is_the_present(past_window, head, qtbot):
    qtbot.mousePress(head, LEFT, pos=QPoint(head.x_of(100), head.height() // 2))
    assert past_window.session.past.is_on
    qtbot.mouseMove(head, QPoint(head.x_of(600), head.height() // 2))
    assert not past_window.session.past.is_on
    qtbot.mouseRelease(head, LEFT, pos=QPoint(head.x_of(600), head.height() // 2))
    assert not past_window.session.past.is_on


def test_the_knob_stands_below_its_step_on_every_axis(past_window, head, look):
    plot = past_window.loss_plot
    for quantity, is_logarithmic in product(AxisQuantity, (False, True)):
        plot.show_axes(quantity, logarithmic_x=is_logarithmic)
        plot.draw()
        assert abs(at_knob(past_window) - in_plot(past_window, 600)) <= 1
        look(past_window, 150)
        assert abs(at_knob(past_window) - in_plot(past_window, 150)) <= 1
        past_window.session.past.leave()


def test_the_knob_follows_zoom_and_pan_and_stays_on_its_line(past_window, head, look):
    plot = past_window.loss_plot
    look(past_window, 150)
    plot.plot.getViewBox().setXRange(100, 200, padding=0)
    assert abs(at_knob(past_window) - in_plot(past_window, 150)) <= 1
    plot.plot.getViewBox().setXRange(300, 400, padding=0)
    left = plot.pane.mapTo(past_window, QPoint()).x()
    assert at_knob(past_window) == left


def test_the_knob_follows_the_training(past_window, head, train_until):
    plot = past_window.loss_plot
    plot.plot.getViewBox().setXRange(0, 2000, padding=0)
    before = at_knob(past_window)
    train_until(past_window.session, 1200)
    plot.draw()  # the plot follows the run in frames
    assert at_knob(past_window) > before
    assert abs(at_knob(past_window) - in_plot(past_window, 1200)) <= 1


def test_keys_lead_back(past_window, head, qtbot):
    for key, modifier, step in [
        (Qt.Key.Key_Left, Qt.KeyboardModifier.NoModifier, 599),
        (Qt.Key.Key_Left, SHIFT, 590),
        (Qt.Key.Key_PageDown, Qt.KeyboardModifier.NoModifier, 594),
        (Qt.Key.Key_Home, Qt.KeyboardModifier.NoModifier, 0),
    ]:
        head.setFocus()
        qtbot.keyClick(head, key, modifier)
        assert past_window.session.past.step == step
        qtbot.waitUntil(lambda: past_window.session.past.is_reached)
        assert past_window.session.viewed_snapshot.step == step
        past_window.session.past.leave()


def test_keys_lead_on_from_an_earlier_step(past_window, head, look, qtbot):
    for key, modifier, step in [
        (Qt.Key.Key_Right, Qt.KeyboardModifier.NoModifier, 101),
        (Qt.Key.Key_Right, SHIFT, 110),
        (Qt.Key.Key_PageUp, Qt.KeyboardModifier.NoModifier, 106),
        (Qt.Key.Key_End, Qt.KeyboardModifier.NoModifier, None),
        (Qt.Key.Key_Escape, Qt.KeyboardModifier.NoModifier, None),
    ]:
        look(past_window, 100)
        head.setFocus()
        qtbot.keyClick(head, key, modifier)
        assert past_window.session.past.step == step


def test_a_screen_reader_hears_where_it_stands(past_window, head, look):
    head.setFocus()
    QApplication.processEvents()
    assert head.accessibleDescription() == "Step 600 of 600, the present"
    look(past_window, 100)
    assert head.accessibleDescription() == "Step 100 of 600"
    assert (head.value(), head.maximum()) == (100, 600)
