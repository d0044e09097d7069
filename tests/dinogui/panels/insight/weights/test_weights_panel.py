import numpy as np
import pytest

from dinogui.panels.insight.weights.ratio_history import MOST, RatioHistory


def choose(panel, name):
    """Choose a matrix."""
    place = panel.weight_box.findText(name)
    panel.weight_box.setCurrentIndex(place)
    panel.weight_box.activated.emit(place)


def test_every_matrix_can_be_chosen(bench, networks, begin, open_panel, qtbot):
    panel = open_panel("weights")
    box = panel.weight_box
    for network in networks:
        begin(*network)
        qtbot.waitUntil(lambda: panel.result is not None)
        named = bench.session.snapshot.parameters.named
        assert [box.itemText(k) for k in range(box.count())] == list(named)
        for name, array in named.items():
            choose(panel, name)
            assert panel.map.shape == (len(array), array.size // len(array))


def test_hovering_shows_an_entry(bench, open_panel, hover, qtbot):
    panel = open_panel("weights")
    choose(panel, "Waa")
    hover(panel.map, 3, 7)
    qtbot.waitUntil(lambda: panel.reading.text().startswith("Waa[3, 7]"))
    shown = float(panel.reading.text().split("= ")[1])
    assert shown == pytest.approx(bench.session.snapshot.parameters.named["Waa"][3, 7], rel=0.01)


@pytest.mark.parametrize("optimizer", ["sgd", "adam"])
def test_the_ratio_of_a_step_is_that_of_the_networks_own_step(bench, open_panel, qtbot, optimizer):
    session = bench.session
    session.set_hyperparameters(optimizer=optimizer, learning_rate=0.002)
    panel = open_panel("weights")
    for _ in range(3):
        before = session.snapshot.parameters.named
        with qtbot.waitSignal(session.snapshot_taken):
            session.step()
    after = session.snapshot.parameters.named
    expected = np.linalg.norm(after["Waa"] - before["Waa"]) / np.linalg.norm(before["Waa"])
    assert panel.ratios.latest("Waa") == pytest.approx(expected)
    choose(panel, "Waa")
    assert f"moved it by {expected:.3g} of its size" in panel.reading.text()


def test_ratios_are_measured_only_while_the_panel_is_visible(bench, open_panel, qtbot):
    session = bench.session
    open_panel("weights")
    session.train()
    qtbot.waitUntil(lambda: session.snapshot.update_ratios is not None)
    bench.docks.docks["weights"].close()
    with qtbot.waitSignals([session.snapshot_taken] * 2):
        pass
    assert session.snapshot.update_ratios is None
    steps = session.steps_made
    qtbot.waitUntil(lambda: session.steps_made > steps)


def test_measuring_does_not_change_the_training(bench, open_panel, train_until, begin):
    open_panel("weights")
    train_until(bench.session, 2_500)
    measured = bench.session.snapshot.parameters.flat
    bench.docks.docks["weights"].close()
    begin("rnn", (50,))
    train_until(bench.session, 2_500)
    np.testing.assert_array_equal(bench.session.snapshot.parameters.flat, measured)


def test_the_guide_line_is_at_one_thousandth(open_panel):
    panel = open_panel("weights")
    assert 10**panel.ratio_chart.guide == pytest.approx(1e-3)


def test_a_long_run_is_shown_completely_in_bounded_memory():
    curves = RatioHistory()
    for step in range(20 * MOST):
        curves.append(step, {"Waa": 10.0 ** -(step % 3), "ba": 0.0 if step % 2 else np.inf})
    steps, ratio, _ = curves.curves("Waa")
    assert len(steps) < MOST
    assert steps[0] < 64
    assert steps[-1] > 20 * MOST - 64
    np.testing.assert_allclose(ratio, -(steps % 3))
    assert np.isnan(curves.curves("ba")[1]).all(), "no logarithm, so a gap"


def test_a_layer_added_later_starts_with_a_gap():
    curves = RatioHistory()
    curves.append(1, {"Waa": 0.1})
    curves.append(2, {"Waa": 0.01, "2.Waa": 0.001})
    np.testing.assert_array_equal(curves.curves("2.Waa")[1], [np.nan, -3.0])
    assert curves.nearest(0.8, "Waa") == (1, 0.1)
    assert curves.nearest(5.0, "2.Waa") == (2, 0.001)
    assert curves.nearest(5.0, "Wy") is None


def test_all_curves_together_are_drawn_with_few_points_up_to_the_latest():
    curves = RatioHistory()
    for step in range(MOST - 1):
        curves.append(step, dict.fromkeys("abc", 0.001))
    _, _, (x, y) = curves.curves("a")
    assert 3 * 100 < len(x) < 3 * 200
    assert np.isnan(x).sum() == np.isnan(y).sum() == 3
    assert np.nanmax(x) == MOST - 2


def test_hovering_shows_a_bar_and_a_step(bench, open_panel, qtbot):
    panel = open_panel("weights")
    with qtbot.waitSignal(bench.session.snapshot_taken):
        bench.session.step()
    choose(panel, "Waa")
    Waa = bench.session.snapshot.parameters.named["Waa"]
    largest = np.abs(Waa).max()
    qtbot.waitUntil(lambda: panel.histogram.x_axis.high == pytest.approx(largest))
    chart = panel.histogram
    qtbot.mouseMove(chart, chart.place_of(0.0, chart.y_axis.high / 2).toPoint())
    middle = np.count_nonzero(np.abs(Waa) < largest / 41)
    assert panel.reading.text().startswith(f"{middle:,} entries of Waa from ")
    ratios = panel.ratio_chart
    qtbot.mouseMove(ratios, ratios.area.center().toPoint())
    assert panel.reading.text().startswith("step 1 moved Waa by ")
