import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QToolButton

from engine.nn.cells import CELLS


@pytest.fixture
def panel(open_panel):
    return open_panel("steps")


@pytest.fixture
def listed(qtbot):
    """Return a function that does something, and waits for the step that the panel then lists."""

    def wait(panel, do):
        qtbot.waitUntil(lambda: panel.result is not None)  # it opens filled
        before = panel.result
        do()
        qtbot.waitUntil(lambda: panel.result is not None and panel.result is not before)
        return panel.result.found

    return wait


@pytest.fixture
def press(bench, listed):
    """Return a function that makes a step, as the window's Step does, and waits for its list."""
    return lambda panel: listed(panel, bench.session.step)


@pytest.fixture
def compute(qtbot, listed):
    """Return a function that presses Compute a step, and waits for its list."""

    def click(panel):
        button = panel.compute_button
        return listed(panel, lambda: qtbot.mouseClick(button, Qt.MouseButton.LeftButton))

    return click


def test_the_windows_step_is_listed(window, qtbot, listed):
    panel = window.docks.show("steps")
    qtbot.waitUntil(lambda: panel.result is not None)
    button = next(
        part for part in window.top_bar.findChildren(QToolButton) if part.text() == "Step"
    )
    ways = (
        lambda: qtbot.keyClick(window, Qt.Key.Key_F8),
        lambda: qtbot.mouseClick(button, Qt.MouseButton.LeftButton),
    )
    for made, way in enumerate(ways, 1):
        listed(panel, way)
        assert window.session.steps_made == made
        assert f"step {made}, as the network made it" in panel.reading.text()


def test_a_label_is_used_for_one_thing_only(window):
    for key in window.docks.docks:
        window.docks.panel(key)
    labels = [part.text() for part in window.findChildren(QAbstractButton) if part.text()]
    assert [label for label in labels if "Step" in label] == ["Step"]


def test_a_single_step_is_listed_whatever_is_typed(bench, panel, press, type_name, qtbot):
    type_name(panel, "rex")
    qtbot.waitUntil(lambda: "rex⏎" in panel.reading.text())
    press(panel)
    assert "rex" not in panel.reading.text()
    assert "step 1, as the network made it" in panel.reading.text()


def test_a_single_step_after_training_is_listed(bench, panel, listed, train_until, qtbot):
    before = panel.result
    train_until(bench.session, 50)
    qtbot.waitUntil(lambda: bench.session.snapshot_step == 50)
    assert panel.result is before, "training lists nothing"
    found = listed(panel, bench.session.step)
    assert "step 51, as the network made it" in panel.reading.text()
    assert found.loss == pytest.approx(bench.session.progress.chunk.loss[-1])


def test_a_step_is_listed_with_the_rate_that_was_set_just_before(bench, panel, press, train_until):
    session = bench.session
    session.set_hyperparameters(decay=20.0)
    train_until(session, 200)
    session.set_hyperparameters(learning_rate=0.05)
    found = press(panel)
    assert "step 201, as the network made it" in panel.reading.text()
    (rate,) = [float(line.value) for line in found.lines if line.symbol == "α"]
    assert rate == 0.05


def test_each_step_is_listed(bench, panel, press):
    session = bench.session
    for made in (1, 2, 3):
        before = session.snapshot.parameters.flat
        found = press(panel)
        assert session.snapshot.step == made
        np.testing.assert_array_equal(found.before.flat, before)
        np.testing.assert_allclose(found.after.flat, session.snapshot.parameters.flat, atol=1e-14)
        assert f"step {made}, as the network made it" in panel.reading.text()
        assert found.loss == pytest.approx(session.progress.chunk.loss[-1])


def test_all_stages_are_listed_with_equations_shapes_and_numbers(
    bench, networks, begin, panel, press
):
    tree = panel.tree
    for cell, widths in networks:
        begin(cell, widths)
        press(panel)
        stages = [tree.topLevelItem(k) for k in range(tree.topLevelItemCount())]
        titles = [item.text(0) for item in stages]
        assert titles == ["forward", "loss", "backward", "clip", "update"]
        wanted = CELLS[cell].EQUATIONS.forward[0]
        item = stages[0].child(1).child(1)
        layer = "[1]" if len(widths) > 1 else ""
        assert item.text(0).startswith(wanted.left.format(l=layer) + " = ")
        assert item.text(1) == str(widths[0])
        assert len(item.text(2).split()) >= 4
        assert "as the network made it" in panel.reading.text()


def test_the_selected_line_is_drawn(bench, panel, press, hover, qtbot):
    found = press(panel)
    update = panel.tree.topLevelItem(4)
    item = next(
        update.child(k) for k in range(update.childCount()) if "Waa" in update.child(k).text(0)
    )
    panel.tree.setCurrentItem(item)
    assert panel.map.shape == (50, 50)
    hover(panel.map, 2, 9)
    qtbot.waitUntil(lambda: panel.reading.text().startswith("Waa[2, 9]"))
    shown = float(panel.reading.text().split("= ")[1])
    assert shown == pytest.approx(found.after.named["Waa"][2, 9], rel=0.01)


def test_it_opens_filled_with_what_a_step_would_do(bench, panel):
    assert bench.session.steps_made == 0
    assert "what a step from 0 would do; nothing has changed" in panel.reading.text()
    assert panel.line is not None
    assert panel.map.shape == (50, 1)


def test_a_step_on_a_typed_name_is_only_computed(bench, panel, compute, type_name, qtbot):
    before = bench.session.snapshot
    type_name(panel, "rex")
    qtbot.waitUntil(lambda: "rex⏎" in panel.reading.text())
    found = compute(panel)
    assert bench.session.snapshot is before
    assert "nothing has changed" in panel.reading.text()
    assert "rex⏎" in panel.reading.text()
    assert not np.array_equal(found.before.flat, found.after.flat)


def test_a_step_can_be_computed_during_training(bench, panel, compute, qtbot):
    bench.session.train()
    qtbot.waitUntil(lambda: bench.session.steps_made > 10)
    compute(panel)
    assert bench.session.state.value == "Training"
    assert "nothing has changed" in panel.reading.text()


def test_the_panel_says_when_the_networks_own_step_did_more(bench, panel, press):
    bench.session.set_hyperparameters(batch=4)
    press(panel)
    assert "had more to it" in panel.reading.text()


def test_another_run_is_listed_from_its_start(bench, panel, press, begin, qtbot):
    press(panel)
    begin("gru", (6,))
    qtbot.waitUntil(lambda: panel.result is not None)
    assert "what a step from 0 would do" in panel.reading.text()
    assert panel.result.found.before.architecture.widths == (6,)
