"""The chip that says which step is looked at, and what exports say of it."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication

from dinogui.panels.export_place import suggested_place
from dinogui.panels.past_chip import PastChip

PANELS = ("clipping", "flow", "states", "next_letter", "weights", "steps", "write_together")


@pytest.fixture
def looking(window, train_until, qtbot):
    """Return a window that shows step 40 of 100."""
    train_until(window.session, 100)
    window.session.past.look(40)
    qtbot.waitUntil(lambda: window.session.past.is_reached)
    return window


def chips(part):
    return [chip for chip in part.findChildren(PastChip) if chip.isVisible()]


def test_the_head_of_the_names_says_so_and_a_click_leads_back(looking, qtbot):
    (chip,) = chips(looking.arrangement.samples_card)
    assert chip.words == "Step 40 · Now"
    qtbot.mouseClick(chip, Qt.MouseButton.LeftButton)
    assert not looking.session.past.is_on
    assert chips(looking) == []


def test_the_chip_moves_no_name(window, train_until, qtbot):
    train_until(window.session, 100)
    place = window.names.form.mapTo(window, QPoint())
    window.session.past.look(40)
    qtbot.waitUntil(lambda: window.session.past.is_reached)
    QApplication.processEvents()
    assert window.names.form.mapTo(window, QPoint()) == place


def test_every_panel_that_looks_inside_says_so(looking, qtbot):
    for key in PANELS:
        panel = looking.docks.show(key)
        qtbot.waitUntil(panel.isVisible)
        assert len(chips(panel)) == 1, key
    looking.session.past.leave()
    assert chips(looking) == []


def test_panels_show_the_network_of_the_step(looking, qtbot):
    looking.session.units_off.switch_all_on()
    weights = looking.docks.show("weights")
    qtbot.waitUntil(lambda: weights.result is not None and weights.result.step == 40)
    flow = looking.docks.show("flow")
    qtbot.waitUntil(lambda: flow.result is not None)
    looking.session.past.leave()
    looking.docks.show("weights")
    qtbot.waitUntil(lambda: weights.result.step == 100)


def test_clipping_is_by_the_value_that_was_in_force(window, train_until, qtbot):
    session = window.session
    train_until(session, 100)
    session.set_hyperparameters(clip=0.5)
    train_until(session, 200)
    clipping = window.docks.show("clipping")
    qtbot.waitUntil(lambda: clipping.result is not None)
    session.past.look(50)
    qtbot.waitUntil(lambda: session.past.is_reached)
    assert session.viewed_hyperparameters.clip == 5.0
    assert clipping.chart.bound == pytest.approx(0.69897, abs=1e-4)


def test_a_step_of_the_arithmetic_is_that_of_the_time(looking):
    steps = looking.docks.show("steps")
    looking.session.set_hyperparameters(learning_rate=0.9)
    request = steps._possible_step()
    assert request.before.step == 40
    assert request.hyperparameters.learning_rate == 0.01


def test_exports_name_the_step(looking):
    assert suggested_place(looking.session, ".txt").endswith("generated at step 40.txt")
    flow = looking.docks.show("flow")
    flow.export.copy()
    assert QApplication.clipboard().text().splitlines()[-1] == "network of step,40"
    looking.session.past.leave()
    assert suggested_place(looking.session, ".txt").endswith("generated.txt")
    flow.export.copy()
    assert "network of step" not in QApplication.clipboard().text()


def test_the_meter_and_the_measuring_stay_with_the_present(looking, train_until, qtbot):
    session, generation = looking.session, looking.session.name_generation
    qtbot.waitUntil(lambda: bool(generation.measurements) and not generation._measuring)
    generation._measure_again_at = 0.0
    train_until(session, 150)
    qtbot.waitUntil(lambda: session.run.full_held_out is not None, timeout=20_000)
    assert session.run.full_held_out.step == 150
    qtbot.waitUntil(lambda: [found.step for found in generation.measurements[-1:]] > [40])
    assert 40 not in [measured.step for measured in generation.measurements]
    assert session.viewed_snapshot.step == 40
