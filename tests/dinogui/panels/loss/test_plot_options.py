"""What is chosen in the menus, by keys and by the mouse, as the plot then shows it."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication

from dinogui.panels.loss.axes.fixed_range import FixedRange
from engine.training.curves.axis_quantity import AxisQuantity
from engine.training.recipes import NOTEBOOK


@pytest.fixture
def plot(window, train_until):
    """Return the plot of a run of 600 steps."""
    train_until(window.session, 600)
    window.loss_plot.draw()
    return window.loss_plot


def view(plot):
    return plot.plot.getViewBox().viewRange()


def tick_texts(plot, name):
    (ticks,) = plot.plot.getAxis(name)._tickLevels
    return [text for _, text in ticks]


def test_the_horizontal_axis_shows_what_is_chosen(plot, window):
    session, actions = window.session, window.actions_.plot
    used = {
        AxisQuantity.EPOCH: session.progress.epoch,
        AxisQuantity.EXAMPLES: session.progress.examples,
        AxisQuantity.TIME: session.progress.seconds,
        AxisQuantity.STEP: session.progress.step,
    }
    assert used[AxisQuantity.EXAMPLES] >= 600, "one name a step"
    for quantity, amount in used.items():
        actions.quantities[quantity].trigger()
        plot.draw()
        (first, last), _ = view(plot)
        assert first == 0
        assert 0.799 * last <= amount <= last
        assert quantity.value in plot.plot.getAxis("bottom").labelText
    actions.quantities[AxisQuantity.TIME].trigger()
    plot.draw()
    assert tick_texts(plot, "bottom")[0] == "0:00"


def test_logarithmic_axes_by_keys(plot, window, qtbot):
    modifiers = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    (_, last), (low, high) = view(plot)
    for key in (Qt.Key.Key_X, Qt.Key.Key_Y):
        qtbot.keyClick(window, key, modifiers)
    plot.draw()
    (first, log_last), (log_low, log_high) = view(plot)
    assert first == 0, "at step 1"
    assert np.log10(600) <= log_last <= np.log10(last) + 0.1
    assert (log_low, log_high) == pytest.approx(np.log10([low, high]), abs=0.05)
    assert tick_texts(plot, "bottom")[-1] == "100"
    for key in (Qt.Key.Key_X, Qt.Key.Key_Y):
        qtbot.keyClick(window, key, modifiers)
    plot.draw()
    assert view(plot)[0] == [0, last]


def test_the_readout_says_what_the_axis_shows(plot, window, qtbot):
    window.actions_.plot.quantities[AxisQuantity.TIME].trigger()
    plot.draw()
    viewport = plot.plot.viewport()
    middle = plot.pane.geometry().center()
    qtbot.mouseMove(viewport, middle + QPoint(20, 0))
    qtbot.wait(30)  # pyqtgraph handles a hundred moves per second, and drops the others
    qtbot.mouseMove(viewport, middle)
    qtbot.waitUntil(lambda: " trained" in plot.reading)
    step = int(plot.reading.split("step ")[1].split()[0].replace(",", ""))
    (_, last), _ = view(plot)
    seconds = window.session.curves.clock.amounts(AxisQuantity.TIME, np.array([step]))[0]
    assert seconds == pytest.approx(last / 2, rel=0.1)
    for part in ("smoothed ", "this name "):
        assert part in plot.reading


def test_a_turn_of_the_wheel_over_the_axis_keeps_the_range(plot, window, train_until):
    viewport = plot.plot.viewport()
    axis = plot.plot.getAxis("left")
    place = QPointF(plot.plot.mapFromScene(axis.sceneBoundingRect().center()))
    turn = QWheelEvent(
        place,
        QPointF(viewport.mapToGlobal(place.toPoint())),
        QPoint(0, 0),
        QPoint(0, 360),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    before = view(plot)
    QApplication.sendEvent(viewport, turn)
    _, kept = view(plot)
    assert np.ptp(kept) < np.ptp(before[1])
    assert plot.is_following
    assert window.actions_.plot.fixed_range.isChecked()
    train_until(window.session, 1_200)
    plot.draw()
    assert view(plot)[0][1] >= 1_200, "the steps go on"
    assert view(plot)[1] == kept
    window.actions_.plot.fixed_range.trigger()
    plot.draw()
    assert np.ptp(view(plot)[1]) > np.ptp(kept)


def test_each_baseline_can_be_hidden(plot, window, qtbot):
    qtbot.waitUntil(lambda: len(window.session.baselines.measured) == 5)
    actions, names = window.actions_.plot.baselines, plot.baselines.names
    assert any("guessing" in name for name in names.names)
    right = plot.plot.mapFromScene(plot.plot.getViewBox().sceneBoundingRect().bottomRight()).x()
    assert names.x() >= right - 1, "outside, so that they cover no curve"
    actions[0].trigger()
    plot.draw()
    assert "guessing" not in plot.legend
    assert not any("guessing" in name for name in names.names)
    for order in range(1, 6):
        assert plot.baselines.levels
        actions[order].trigger()
    assert not plot.baselines.levels
    assert "n-grams" not in plot.legend
    actions[3].trigger()
    assert plot.baselines.levels == pytest.approx(
        [window.session.baselines.measured[2].nats_per_name]
    )


def test_the_plot_keeps_its_size_when_the_n_grams_have_been_counted(window, qtbot):
    widths = {window.loss_plot.pane.width()}
    qtbot.waitUntil(lambda: len(window.session.baselines.measured) == 5)
    window.loss_plot.draw()
    QApplication.processEvents()
    widths.add(window.loss_plot.pane.width())
    assert len(widths) == 1
    assert window.loss_plot.baselines.names.width() > 80


def test_in_little_room_no_name_and_no_label_is_cut(window, qtbot):
    qtbot.waitUntil(lambda: len(window.session.baselines.measured) == 5)
    plot, names = window.loss_plot, window.loss_plot.baselines.names
    plot.draw()
    for height in (60, 400):
        plot.plot.setFixedHeight(height)
        QApplication.processEvents()
        assert names.names
        widths = [names.fontMetrics().horizontalAdvance(name) for name in names.names]
        assert max(widths) <= names.width()
        assert not plot.plot.getAxis("left").label.isVisible()  # the head says the unit


def test_no_text_of_the_vertical_axis_is_cut_at_the_upper_edge(plot, window):
    metrics, left_out = plot.fontMetrics(), 0
    box, axis = plot.plot.getViewBox(), plot.plot.getAxis("left")
    for high in np.linspace(30, 31, 40):
        plot.fix_range(FixedRange(low=20.0, high=float(high)))
        plot.draw()
        (ticks,) = axis._tickLevels
        for place, text in ticks:
            above = (high - place) / (high - 20.0) * box.height()
            assert not text or above >= metrics.height() / 2 - 2
            left_out += not text
    assert left_out > 0


def test_a_plot_that_becomes_lower_leaves_out_the_texts_that_its_edge_would_cut(plot):
    least, box = plot.fontMetrics().height() / 2, plot.plot.getViewBox()
    plot.plot.setFixedHeight(310)
    QApplication.processEvents()
    just_enough = least + 1
    high = 30 + 10 * just_enough / (box.height() - just_enough)  # so far above the tick at 30
    plot.fix_range(FixedRange(low=20.0, high=high))
    texts = set()
    for height in range(310, 150, -10):
        plot.plot.setFixedHeight(height)
        QApplication.processEvents()
        (ticks,) = plot.plot.getAxis("left")._tickLevels
        for place, text in ticks:
            above = (high - place) / (high - 20.0) * box.height()
            assert not text or above >= least - 2
            texts |= {text} if place == 30 else set()
    assert texts == {"30", ""}


@pytest.mark.parametrize("kind", ["default", "notebook", "Adam"])
def test_at_most_a_fifth_of_the_view_is_empty(window, train_until, kind):
    plot, session, unit = window.loss_plot, window.session, window.loss_plot.unit
    if kind == "notebook":
        session.restart(recipe=NOTEBOOK)
    if kind == "Adam":
        session.set_hyperparameters(optimizer="adam", batch=8)
    for step in (10, 100, 450):
        train_until(session, step)
        for logarithmic in (False, True):
            window.actions_.plot.logarithmic_x.setChecked(logarithmic)
            plot.draw()
            (first, last), (low, high) = view(plot)
            end = float(plot.across.position(np.array([max(step, 10)], float))[0])
            assert end - first >= 0.799 * (last - first)
            curves = session.curves.smoothed(unit), session.curves.held_out(unit)
            losses = [nats for curve in curves if curve.extent for nats in curve.extent]
            shown = [*plot.baselines.levels, *plot.vertical.position(np.array(losses))]
            filled = min(max(shown), high) - max(min(shown), low)
            assert filled >= 0.799 * (high - low) or filled < 0.05 * max(shown)
        window.actions_.plot.logarithmic_x.setChecked(False)
