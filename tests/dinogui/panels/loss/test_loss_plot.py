import math

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QImage, QWheelEvent
from PySide6.QtWidgets import QApplication

from dinogui.common.theme import DARK, LIGHT
from dinogui.panels.loss.loss_plot import MOST_POINTS
from dinogui.panels.loss.pane.band import MOST_GROUPS
from engine.evaluation.units import UNITS, Unit
from engine.training.curves.run_curves import Curves
from engine.training.messages import Chunk, HeldOutLoss


@pytest.fixture
def plot(window, train_until):
    """Return the plot of a run of 3,000 steps."""
    train_until(window.session, 3000)
    window.loss_plot.draw()
    return window.loss_plot


def view(plot):
    return np.array(plot.plot.getViewBox().viewRange())


def pixels_of(widget, colour):
    """Return which pixels of a widget have a colour: (height, width)."""
    image = widget.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    shown = np.frombuffer(image.constBits(), np.uint32).reshape(image.height(), -1)
    return shown[:, : image.width()] == QColor(colour).rgb()


def wheel(plot, notches):
    """Turn the wheel over the middle of the plot."""
    viewport = plot.plot.viewport()
    middle = QPointF(viewport.rect().center())
    event = QWheelEvent(
        middle,
        QPointF(viewport.mapToGlobal(middle.toPoint())),
        QPoint(0, 0),
        QPoint(0, 120 * notches),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(viewport, event)


def step_read(plot):
    """Return the step under the pointer, as the window shows it."""
    step = plot.reading.split("  ·  ")[0].removeprefix("step ").replace(",", "")
    return int(step) if step else -1


def hover(plot, qtbot):
    """Move the pointer to the middle of the plot, and return the readout."""
    viewport = plot.plot.viewport()
    middle = viewport.rect().center()
    qtbot.mouseMove(viewport, middle + QPoint(30, 0))
    qtbot.wait(30)  # pyqtgraph handles a hundred moves per second, and drops the others
    qtbot.mouseMove(viewport, middle)
    qtbot.waitUntil(lambda: plot.reading != "")
    return plot.plot.getViewBox().mapSceneToView(plot.plot.mapToScene(middle))


def plot_history(steps):
    """Return curves of a run whose names cost 10, 11, 12 and 13 nats in turn."""
    curves = Curves()
    loss = 10.0 + np.arange(steps) % 4
    ones = np.ones(steps)
    curves.append(steps, Chunk(loss, ones, 11.5 * ones, ones, ()))
    return curves


def test_it_follows_the_run(plot, window, train_until):
    (first, last), (low, high) = view(plot)
    assert first == 0
    assert last >= 3000
    smoothed = window.session.progress.smoothed_loss
    assert low < smoothed < high
    train_until(window.session, 6000)
    plot.draw()
    assert view(plot)[0][1] >= 6000


def test_the_values_follow_the_pointer_when_the_view_moves(plot, qtbot):
    hover(plot, qtbot)
    for notches in (4, -2):
        wheel(plot, notches)
        plot.plot.getViewBox().translateBy(x=150)
        viewport = plot.plot.viewport()
        here = plot.plot.mapToScene(viewport.rect().center())
        step = plot.plot.getViewBox().mapSceneToView(here).x()
        assert abs(step_read(plot) - step) <= 1


def test_the_wheel_zooms_a_drag_pans_and_show_all_resets_the_view(plot, window, qtbot):
    whole = view(plot)
    wheel(plot, 3)
    zoomed = view(plot)
    assert np.ptp(zoomed[0]) < np.ptp(whole[0])
    assert not plot.is_following
    viewport = plot.plot.viewport()
    middle = viewport.rect().center()
    qtbot.mousePress(viewport, Qt.MouseButton.LeftButton, pos=middle)
    for dx in (5, 20, 40):
        qtbot.mouseMove(viewport, middle + QPoint(dx, 0))
        qtbot.wait(20)
    qtbot.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=middle + QPoint(40, 0))
    panned = view(plot)
    assert panned[0][0] < zoomed[0][0]
    assert np.ptp(panned[0]) == pytest.approx(np.ptp(zoomed[0]))
    window.actions_.show_all.trigger()
    plot.draw()
    assert plot.is_following
    np.testing.assert_allclose(view(plot)[0], whole[0])
    low, high = window.session.curves.smoothed(plot.unit).extent
    assert view(plot)[1][0] < low < high < view(plot)[1][1]


def test_a_zoomed_view_stays_while_the_run_goes_on(plot, window, train_until):
    wheel(plot, 3)
    zoomed = view(plot)
    train_until(window.session, 5000)
    plot.draw()
    np.testing.assert_array_equal(view(plot), zoomed)


def test_zooming_by_keys(plot, window, qtbot):
    whole = view(plot)
    window.actions_.zoom_in.trigger()
    assert np.ptp(view(plot)[0]) < np.ptp(whole[0])
    window.actions_.zoom_out.trigger()
    assert np.ptp(view(plot)[0]) == pytest.approx(np.ptp(whole[0]))


def test_hovering_shows_step_and_values(plot, window, qtbot):
    place = hover(plot, qtbot)
    qtbot.waitUntil(lambda: abs(step_read(plot) - place.x()) <= 1)
    words = plot.reading
    for part in ("step ", "smoothed ", "this name ", "held out ", "names here ", "half ", "80 % "):
        assert part in words
    lowest, highest = words.split("names here ")[1].split(",")[0].split(" to ")
    tenth, ninetieth = words.split("80 % ")[1].split(" to ")
    assert float(lowest) < float(tenth) < float(ninetieth) < float(highest)
    shown = float(words.split("smoothed ")[1].split("  ·")[0])
    curves = window.session.curves
    assert shown == pytest.approx(curves.smoothed(plot.unit).nearest(step_read(plot))[1], abs=0.01)


def test_the_readout_follows_the_pointer_the_unit_and_the_run(plot, window, qtbot):
    hover(plot, qtbot)
    assert "nats per name" in plot.reading
    window.actions_.units[Unit.PERPLEXITY].trigger()
    assert "perplexity" in plot.reading
    window.actions_.restart.trigger()
    assert plot.reading == ""


def test_where_single_losses_are_not_kept_the_readout_shows_their_distribution(plot, qtbot):
    curves = plot_history(200_000)
    plot.show_history(curves, None, held_out=None)
    plot.draw()
    hover(plot, qtbot)
    assert "names here 10.00 to 13.00, half 10.50 to 12.50, 80 % 10.00 to 13.00" in plot.reading
    assert "this name" not in plot.reading


def test_the_loss_of_guessing_is_a_dashed_line_in_every_unit(plot, window):
    for unit in UNITS["names"]:
        window.actions_.units[unit].trigger()
        plot.draw()
        corpus = window.session.corpus
        length = 1 + sum(map(len, corpus.distinct)) / len(corpus.distinct)
        expected = {
            Unit.NATS_PER_NAME: length * math.log(27),
            Unit.NATS_PER_CHARACTER: math.log(27),
            Unit.BITS_PER_CHARACTER: math.log2(27),
            Unit.PERPLEXITY: 27,
        }[unit]
        assert plot.baselines.guessing == pytest.approx(expected)
        low, high = view(plot)[1]
        assert low < expected < high
        row = round((high - expected) / (high - low) * plot.pane.height())
        colours = DARK if window.palette().window().color().lightness() < 128 else LIGHT
        dashes = pixels_of(plot.pane, colours.guessing)[max(row - 1, 0) : row + 2].any(axis=0)
        assert 0.3 < dashes.mean() < 0.9


def test_the_number_of_drawn_points_does_not_grow_with_the_run(plot, window, train_until):
    counts = []
    for step in (2_000, 4_000, 8_000):
        train_until(window.session, step)
        plot.draw()
        counts.append(plot.points_drawn)
    # Two curves and a band of bounded size, and the incomplete groups at their ends.
    assert max(counts) <= 2 * (MOST_POINTS + 4) + MOST_GROUPS + 4


def test_the_loss_of_each_name_can_be_hidden(plot, window):
    shown = plot.points_drawn
    window.actions_.show_raw.trigger()
    plot.draw()
    assert plot.points_drawn < shown


# Marks of peaks.


@pytest.fixture
def spiked(window, train_until):
    """Return a window whose run had a short spike soon after step 1,000."""
    session = window.session
    train_until(session, 1_000)
    session.set_hyperparameters(learning_rate=0.2, clip=None)
    train_until(session, 1_005)
    session.set_hyperparameters(learning_rate=0.01, clip=5.0)
    train_until(session, 1_600)
    assert session.progress.rise is None
    window.loss_plot.draw()
    return window


def mark_columns(plot):
    """Return the columns of the plot's upper edge that are drawn in the marks' colour."""
    edge = pixels_of(plot.pane, LIGHT.error)[1] | pixels_of(plot.pane, DARK.error)[1]
    return np.flatnonzero(edge)


def test_a_short_spike_is_marked_and_named(spiked, qtbot):
    plot = spiked.loss_plot
    (spike,) = spiked.session.progress.spikes
    assert 1_000 < spike.step <= 1_020
    assert "▼</span>&nbsp;peak of the loss" in plot.legend
    (first, last), _ = view(plot)
    x = (spike.step - first) / (last - first) * plot.pane.width()
    columns = mark_columns(plot)
    assert len(columns) >= 4
    assert abs(columns.mean() - x) < 3
    viewport = plot.plot.viewport()
    place = QPoint(plot.pane.x() + round(x), plot.pane.y() + plot.pane.height() // 2)
    qtbot.mouseMove(viewport, place + QPoint(40, 0))
    qtbot.waitUntil(lambda: plot.reading != "")
    assert "peak" not in plot.reading
    qtbot.wait(30)  # pyqtgraph handles a hundred moves per second, and drops the others
    qtbot.mouseMove(viewport, place)
    loss = Unit.NATS_PER_NAME.write(spike.loss)
    qtbot.waitUntil(lambda: f"peak of {loss} at {spike.step:,}" in plot.reading)


def test_the_marks_are_saved_with_the_run(spiked, qtbot, tmp_path):
    path, marked = str(tmp_path / "run.npz"), mark_columns(spiked.loss_plot)
    spikes = spiked.session.progress.spikes
    with qtbot.waitSignal(spiked.library.saving.saved):
        spiked.library.saving.save_to(path)
    spiked.session.restart()
    qtbot.waitUntil(lambda: spiked.session.progress is not None)
    spiked.loss_plot.draw()
    assert "peak" not in spiked.loss_plot.legend
    assert not len(mark_columns(spiked.loss_plot))
    with qtbot.waitSignal(spiked.session.progressed):
        spiked.open_file(path)
    assert spiked.session.progress.spikes == spikes
    spiked.loss_plot.draw()
    # The axes of a run that was opened may end a little further to the right.
    assert np.median(mark_columns(spiked.loss_plot)) == pytest.approx(np.median(marked), abs=5)


# The keyboard, and the best held-out loss.


def test_arrow_keys_walk_along_the_curves_and_read_the_values(plot, window, qtbot):
    plot.plot.setFocus(Qt.FocusReason.TabFocusReason)
    accent = plot.palette().highlight().color()
    qtbot.waitUntil(lambda: pixels_of(plot.pane, accent)[1].mean() > 0.9)
    last = window.session.curves.last_step
    qtbot.keyClick(plot.plot, Qt.Key.Key_Left)
    assert step_read(plot) == last
    steps = [last]
    for key in (Qt.Key.Key_Left, Qt.Key.Key_Left, Qt.Key.Key_Right):
        qtbot.keyClick(plot.plot, key)
        steps.append(step_read(plot))
        assert plot.reading == plot.plot.accessibleDescription()
    assert steps[0] > steps[1] > steps[2] < steps[3]
    assert "smoothed " in plot.reading
    qtbot.keyClick(plot.plot, Qt.Key.Key_Left, Qt.KeyboardModifier.ControlModifier)
    assert steps[3] - step_read(plot) > 3 * (steps[3] - steps[2])
    qtbot.keyClick(plot.plot, Qt.Key.Key_Home)
    assert step_read(plot) == 1
    qtbot.keyClick(plot.plot, Qt.Key.Key_End)
    assert step_read(plot) == last
    qtbot.keyClick(plot.plot, Qt.Key.Key_Escape)
    assert plot.reading == ""
    window.top_bar.setFocus()
    window.controls.setFocus()
    plot.plot.clearFocus()
    qtbot.waitUntil(lambda: pixels_of(plot.pane, accent)[1].mean() < 0.5)


def test_walking_stays_in_view_and_goes_from_step_to_step_where_it_is_zoomed_in(plot, qtbot):
    box = plot.plot.getViewBox()
    box.setRange(xRange=(1_000, 1_020), padding=0)
    plot.plot.setFocus()
    qtbot.keyClick(plot.plot, Qt.Key.Key_Home)
    assert step_read(plot) == 1_000
    qtbot.keyClick(plot.plot, Qt.Key.Key_Right)
    assert step_read(plot) == 1_001
    qtbot.keyClick(plot.plot, Qt.Key.Key_End)
    assert step_read(plot) == 1_020
    qtbot.keyClick(plot.plot, Qt.Key.Key_Right)
    assert step_read(plot) == 1_020


def test_the_values_lie_over_the_plot_away_from_the_step(plot, window, qtbot):
    window.resize(1600, 1000)
    qtbot.waitUntil(lambda: plot.canvas.width() > 700)
    plot.plot.setFocus()
    for key in (Qt.Key.Key_Home, Qt.Key.Key_End):
        qtbot.keyClick(plot.plot, key)
        place = plot._reading.geometry()
        assert plot.canvas.rect().contains(place)
        is_left = place.center().x() < plot.canvas.width() / 2
        assert is_left == (key == Qt.Key.Key_End)
        assert place.height() >= plot._reading.heightForWidth(place.width())


def rising(curves, steps, values):
    """Add steps whose names cost 20 nats, and held-out losses, to some curves."""
    first = curves.last_step
    last, ones = steps[-1], np.ones(steps[-1] - first)
    losses = tuple(
        HeldOutLoss(step, nats, nats / 10) for step, nats in zip(steps, values, strict=True)
    )
    curves.append(last, Chunk(20 * ones, 10 * ones, 20 * ones, 10 * ones, losses))


def test_the_best_held_out_loss_has_a_ring_and_its_value(window, qtbot):
    plot, curves = window.loss_plot, Curves()
    size = window.session.run.held_out_size
    good = {QColor(colours.good).rgb() for colours in (LIGHT, DARK)}

    def ring():
        image = plot.pane.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
        shown = np.frombuffer(image.constBits(), np.uint32).reshape(image.height(), -1)
        return np.argwhere(np.isin(shown[:, : image.width()], list(good)))

    rising(curves, [100], [18.0])
    plot.show_history(curves, window.session.guessing_loss, held_out=size)
    plot.draw()
    assert not len(ring())  # one value is not the best of several
    rising(curves, [200, 300, 400], [16.0, 14.0, 15.0])
    for step, nats in ((300, 14.0), (600, 13.0)):
        if step == 600:
            rising(curves, [500, 600, 700], [15.0, nats, 14.0])
        plot.draw()
        plot.write_newest()
        (first, last), (low, high) = view(plot)
        x = (step - first) / (last - first) * plot.pane.width()
        y = (high - nats) / (high - low) * plot.pane.height()
        marked = ring()
        assert len(marked) > 20
        assert abs(marked[:, 1].mean() - x) < 40
        assert np.hypot(marked[:, 0] - y, marked[:, 1] - x).min() < 7
        assert plot.pane.best.text == f"best {nats:.2f}"


def test_the_head_is_written_no_oftener_than_it_can_be_read(window, qtbot):
    plot, curves, size = window.loss_plot, Curves(), window.session.run.held_out_size
    figure = plot._head.figure
    plot.show_history(curves, window.session.guessing_loss, held_out=size)
    shown = []
    for step, nats in ((100, 18.0), (200, 17.0), (300, 16.0)):
        rising(curves, [step], [nats])
        plot.draw()
        shown.append(figure.text())
    assert shown == ["18.00", "18.00", "18.00"]  # the first one at once
    qtbot.waitUntil(lambda: figure.text() == "16.00")
    assert plot.pane.best.text == "best 16.00"
    rising(curves, [400], [15.0])
    plot.draw()
    assert figure.text() == "16.00"
    window.session.state_changed.emit(window.session.run.state)  # as when a run pauses
    assert figure.text() == "15.00"


def test_names_of_axes_take_no_room_from_the_curves(plot, window):
    axis = plot.plot.getAxis("left")
    assert not axis.label.isVisible()  # the head says the unit
    assert axis.labelText == "nats per name"
    assert not plot.plot.getAxis("bottom").label.isVisible()
    assert plot._ticks._name.isVisible()
    assert plot._ticks._name.text() == "step"
    for action in window.actions_.plot.baselines.values():
        action.setChecked(False)
    QApplication.processEvents()
    assert plot.plot.getAxis("bottom").label.isVisible() != plot._ticks._name.isVisible()


def test_lines_are_as_thick_on_a_screen_of_high_resolution(window):
    plot, curves = window.loss_plot, plot_history(300)
    plot.show_raw(False)
    plot.show_history(curves, None, held_out=None)
    plot.draw()
    counts = []
    for ratio in (1, 2):
        image = QImage(plot.pane.size() * ratio, QImage.Format.Format_RGB32)
        image.setDevicePixelRatio(ratio)
        plot.pane.render(image)
        shown = np.frombuffer(image.constBits(), np.uint32).reshape(image.height(), -1)
        blue = [QColor(colours.smoothed).rgb() for colours in (LIGHT, DARK)]
        counts.append(np.isin(shown[:, : image.width()], blue).sum())
    assert counts[0] > 100
    assert counts[1] > 3 * counts[0]  # four times the pixels
