"""Other runs beside the present one on the plot, as people show, read and hide them."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QImage

from dinogui.common.theme import DARK, LIGHT
from dinogui.panels.loss.overlay.plotted_run import PlottedRun
from dinogui.session.overlay.overlaid_run import OverlaidRun
from engine.evaluation.units import Unit
from engine.training.curves.axis_quantity import AxisQuantity
from engine.training.recipes import NOTEBOOK


@pytest.fixture
def restarted(window, train_until):
    """Return a window in which a GRU was begun after 600 steps of an RNN."""
    train_until(window.session, 600)
    restart(window, cell="gru")
    return window


def restart(window, **settings):
    session = window.session
    session.restart(settings=replace(session.settings, **settings))
    window.loss_plot.draw()


def pixels_of(window, colour):
    """Return how many pixels of the curves have a colour, or nearly so at the edges of a line."""
    image = window.loss_plot.pane.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    data = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1, 4)
    blue, green, red, _ = data[:, : image.width()].astype(int).transpose(2, 0, 1)
    wanted = QColor(colour)
    apart = abs(red - wanted.red()) + abs(green - wanted.green()) + abs(blue - wanted.blue())
    return int((apart < 100).sum())


def point_at(window, step):
    """Move the pointer to a step of the present run's axis; return what is read."""
    plot, across = window.loss_plot.plot, window.loss_plot.across
    box = plot.getViewBox()
    position = float(across.position(np.array([step], float))[0])
    middle = sum(box.viewRange()[1]) / 2
    plot.scene().sigMouseMoved.emit(box.mapViewToScene(QPointF(position, middle)))
    return window.loss_plot.reading


def entries(window):
    """Return the runs in View > Other runs, by their text."""
    actions = window.actions_.plot.runs_menu.actions()
    return {action.text(): action for action in actions if action.data() is not None}


def test_a_restart_leaves_the_run_before_on_the_plot(restarted, qtbot):
    plot, (before,) = restarted.loss_plot, restarted.session.on_plot.overlaid
    assert (before.title, before.step) == ("RNN 50", 600)
    assert pixels_of(restarted, LIGHT.runs[before.colour]) > 100
    (first, last), _ = plot.plot.getViewBox().viewRange()
    assert first == 0
    assert last >= 600, "the view takes it in"
    assert "RNN 50" in plot.legend
    qtbot.keyClick(
        restarted,
        Qt.Key.Key_H,
        Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier,
    )
    plot.draw()
    assert pixels_of(restarted, LIGHT.runs[before.colour]) == 0
    assert "RNN 50" not in plot.legend


def test_the_menu_shows_and_hides_a_run(restarted):
    (action,) = entries(restarted).values()
    assert action.isChecked()
    action.trigger()
    assert restarted.session.on_plot.overlaid == ()
    (action,) = entries(restarted).values()
    assert not action.isChecked()
    action.trigger()
    assert [run.title for run in restarted.session.on_plot.overlaid] == ["RNN 50"]


def test_the_run_before_is_not_added_if_that_is_turned_off(window, train_until):
    train_until(window.session, 50)
    window.actions_.plot.previous_run.trigger()
    window.actions_.restart.trigger()
    assert window.session.on_plot.overlaid == ()
    assert window.actions_.plot.hide_runs.isEnabled() is False


def test_the_pointer_reads_all_runs_at_a_step(restarted, train_until):
    session = restarted.session
    assert point_at(restarted, 400).startswith("step 400"), "before the present run's first step"
    train_until(session, 200)
    restarted.loss_plot.draw()
    before = session.on_plot.overlaid[0].curves
    loss = before.smoothed(restarted.loss_plot.unit).nearest(150)[1]
    text = point_at(restarted, 150)
    assert text.startswith("step 150")
    assert f"RNN 50: {restarted.loss_plot.unit.write(loss)}" in text
    text = point_at(restarted, 500)
    loss = before.smoothed(restarted.loss_plot.unit).nearest(500)[1]
    assert text.startswith(f"step 500\nRNN 50: {restarted.loss_plot.unit.write(loss)}")
    assert point_at(restarted, 605).startswith("step 200"), "neither run is so long"


def test_the_keys_read_what_lies_beyond_the_present_run(restarted, train_until, qtbot):
    train_until(restarted.session, 100)
    restarted.loss_plot.draw()
    plot = restarted.loss_plot.plot
    plot.setFocus()
    qtbot.keyClick(plot, Qt.Key.Key_End)
    assert restarted.loss_plot.reading.startswith("step 600\nRNN 50: ")


def test_a_run_ends_where_its_own_clock_says(restarted):
    actions, plot = restarted.actions_.plot, restarted.loss_plot
    (before,) = restarted.session.on_plot.overlaid
    for _ in ("linear", "logarithmic"):
        for quantity in AxisQuantity:
            actions.quantities[quantity].trigger()
            plot.draw()
            used = before.curves.clock.amounts(quantity, np.array([600]))[0]
            if quantity is AxisQuantity.WORK:
                assert used == 600 * before.parameters.flat.size
            end = np.log10(used) if plot.across.is_logarithmic else used
            (first, last), _ = plot.plot.getViewBox().viewRange()
            assert first < end <= last
            assert end - first >= 0.799 * (last - first)
            overlay, view = plot.pane._overlay, plot.pane._measured()
            curve = before.curves.smoothed(plot.unit)
            width = plot.pane.width()
            across, _ = overlay.pixels(overlay.runs[0], curve, view, width)
            assert across[-1] == pytest.approx((end - first) / (last - first) * width, abs=1)
        actions.logarithmic_x.trigger()


def test_the_pointer_reads_what_the_axis_counts(restarted):
    restarted.actions_.plot.quantities[AxisQuantity.EPOCH].trigger()
    restarted.loss_plot.draw()
    assert point_at(restarted, 0.25).startswith("epoch 0.25\nRNN 50: "), "there is no step yet"


def test_a_frame_with_many_runs_costs_as_much_as_with_one(restarted, train_until, count_operations):
    train_until(restarted.session, 300)
    plot = restarted.loss_plot
    (before,) = restarted.session.on_plot.overlaid
    run = PlottedRun(before.title, LIGHT.runs[0], before.curves)
    costs = []
    for count in (1, 10):
        plot.show_runs([run] * count)
        plot.draw()
        plot.pane.repaint()

        def frame():
            plot.draw()
            plot.pane.repaint()

        costs.append(count_operations(frame, "dinogui"))
    assert costs[1] <= 1.02 * costs[0]


def test_a_run_with_another_smoothing_says_so(window, train_until):
    train_until(window.session, 50)
    window.session.restart(recipe=NOTEBOOK)
    window.loss_plot.draw()
    assert "smoothed in another way" in window.loss_plot.legend


def test_a_run_on_a_text_is_not_drawn_beside_names(window, train_until, names_file, verse, qtbot):
    train_until(window.session, 50)
    window.open_file(str(names_file(verse, "verse.txt")))
    qtbot.waitUntil(lambda: window.session.kind == "text")
    assert window.session.on_plot.overlaid == (), "it is no longer shown by itself"
    key, _ = window.session.on_plot.choices[0]
    window.session.on_plot.show(key)
    assert len(window.session.on_plot.overlaid) == 1
    window.loss_plot.draw()
    assert "RNN" not in window.loss_plot.legend


def test_a_spike_of_another_run_does_not_ruin_the_scale(restarted):
    plot, session = restarted.loss_plot, restarted.session
    _, (_, usual) = plot.plot.getViewBox().viewRange()
    (before,) = session.on_plot.overlaid
    curve = before.curves.smoothed(Unit.NATS_PER_NAME)
    curve.append(np.array([601]), np.array([5_000.0]))
    before.curves.last_step = 601
    plot.show_all()
    plot.draw()
    assert plot.plot.getViewBox().viewRange()[1][1] <= 1.3 * usual


def test_the_colours_of_runs_can_be_read():
    def brightness(colour):
        parts = [QColor(colour).redF(), QColor(colour).greenF(), QColor(colour).blueF()]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return float(np.dot(linear, (0.2126, 0.7152, 0.0722)))

    for colours in (LIGHT, DARK):
        assert len({*colours.runs, colours.smoothed, colours.held_out}) == len(colours.runs) + 2
        for colour in colours.runs:
            dark, bright = sorted((brightness(colour), brightness(colours.base)))
            assert (bright + 0.05) / (dark + 0.05) >= 4.5


def test_what_is_overlaid_is_what_the_run_was(restarted):
    (before,) = restarted.session.on_plot.overlaid
    run = restarted.session.runs.get(before.run_id)
    assert isinstance(before, OverlaidRun)
    assert before.curves is run.curves
    assert before.record.settings == run.settings
