"""The range of the plot set in numbers, by keys: what it shows, keeps, refuses and gives back."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialogButtonBox

from dinogui.panels.loss.range_dialog import RangeDialog
from engine.training.curves.axis_quantity import AxisQuantity

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def plot(window, train_until):
    """Return the plot of a run of 600 steps."""
    train_until(window.session, 600)
    window.loss_plot.draw()
    return window.loss_plot


@pytest.fixture
def ask(window, qtbot):
    """Return a function that opens the dialog by its key."""

    def open_dialog():
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow)
        qtbot.keyClick(window, Qt.Key.Key_A, CTRL | SHIFT)
        (dialog,) = window.loss_plot.findChildren(RangeDialog)
        qtbot.waitUntil(dialog.isVisible)
        return dialog

    return open_dialog


@pytest.fixture
def set_range(ask, window, qtbot):
    """Return a function that types the ends that are given by name, and presses Enter."""

    def type_ends(**ends):
        dialog = ask()
        for name, text in ends.items():
            dialog.fields[name].selectAll()
            qtbot.keyClicks(dialog.fields[name], text)
        qtbot.keyClick(dialog.fields["high"], Qt.Key.Key_Return)
        if not dialog.message.is_error:
            qtbot.waitUntil(lambda: not window.loss_plot.findChildren(RangeDialog))
        window.loss_plot.draw()
        return dialog

    return type_ends


def view(plot):
    return plot.plot.getViewBox().viewRange()


def test_all_four_ends_stay_while_the_run_goes_on(plot, window, set_range, train_until):
    set_range(left="100", right="400", low="20", high="30.5")
    train_until(window.session, 900)
    plot.draw()
    assert view(plot) == [[100, 400], [20, 30.5]]
    assert plot._head.show_all.isVisible()
    window.actions_.show_all.trigger()
    plot.draw()
    (first, last), (low, high) = view(plot)
    assert first == 0
    assert last >= 900
    assert low < 30.5 < high, "the range is chosen again"
    assert not plot._head.show_all.isVisible()


def test_open_ends_follow_the_run(plot, window, set_range, train_until):
    before = view(plot)
    set_range(left="200", low="0")
    assert view(plot)[0] == [200, before[0][1]]
    assert view(plot)[1][0] == 0
    train_until(window.session, 2_000)
    plot.draw()
    (first, last), (low, high) = view(plot)
    assert (first, low) == (200, 0)
    assert last >= 2_000
    assert high == pytest.approx(before[1][1], rel=0.1)


def test_an_end_beyond_the_run_is_no_error(plot, set_range):
    set_range(left="50 k", high="3")
    (first, last), (low, high) = view(plot)
    assert first == 50_000 < last
    assert low < 3 == high


def test_a_range_survives_a_logarithmic_axis_and_not_another_quantity(plot, window, set_range):
    set_range(left="10", right="100", low="10", high="40")
    actions = window.actions_.plot
    actions.logarithmic_x.trigger()
    actions.logarithmic_y.trigger()
    plot.draw()
    across, upwards = view(plot)
    assert across == pytest.approx([1, 2])
    assert upwards == pytest.approx([1, 1.60206])
    actions.quantities[AxisQuantity.TIME].trigger()
    plot.draw()
    across, upwards = view(plot)
    assert across != pytest.approx([1, 2])
    assert upwards == pytest.approx([1, 1.60206])


def test_times_are_typed_as_the_axis_shows_them(plot, window, set_range, ask):
    window.actions_.plot.quantities[AxisQuantity.TIME].trigger()
    set_range(left="0:01", right="1:30")
    assert view(plot)[0] == [1, 90]
    dialog = ask()
    assert dialog.fields["right"].text() == "1:30", "it begins with what is set"
    dialog.reject()


def test_a_view_that_was_zoomed_is_offered(plot, window, ask, qtbot):
    dialog = ask()
    assert {field.text() for field in dialog.fields.values()} == {""}
    dialog.reject()
    qtbot.waitUntil(lambda: not plot.findChildren(RangeDialog))
    window.actions_.zoom_in.trigger()
    dialog = ask()
    shown = [float(field.text()) for field in dialog.fields.values()]
    across, upwards = view(plot)
    assert shown == pytest.approx([*across, *upwards], rel=1e-3, abs=0.5)
    dialog.findChild(QDialogButtonBox).button(QDialogButtonBox.StandardButton.Reset).click()
    qtbot.keyClick(dialog.fields["left"], Qt.Key.Key_Return)
    assert plot.is_following
    assert not plot._head.show_all.isVisible()


def test_what_has_no_place_on_the_axes_is_refused_in_a_sentence(plot, set_range):
    before = view(plot)
    dialog = set_range(left="400", right="100")
    assert dialog.isVisible()
    assert "100 is not above 400" in dialog.message.message
    assert dialog.focusWidget() is dialog.fields["right"]
    assert view(plot) == before
    dialog.reject()


def test_another_run_has_its_own_range(plot, window, set_range):
    set_range(left="100", right="400")
    window.session.restart()
    plot.draw()
    assert view(plot)[0][0] == 0
    assert not plot._head.show_all.isVisible()
