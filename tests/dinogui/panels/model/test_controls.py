import pytest
from PySide6.QtWidgets import QWidget

from dinogui.common.actions import Actions
from dinogui.panels.model.controls import ControlsPanel
from engine.training.messages import ResizeCost, ResizeReport
from engine.training.settings import Hyperparameters


@pytest.fixture
def panel(qtbot, qapp):
    panel = ControlsPanel(Actions(qapp), Hyperparameters(), QWidget())
    qtbot.addWidget(panel)
    return panel


def narrower(before, after, cost):
    return ResizeReport(100, (before,), (after,), ResizeCost(20.0, 20.0 + cost, held_out=True))


def test_costs_of_one_drag_are_added(panel):
    panel.show_resize(narrower(50, 40, 0.5))
    panel.show_resize(narrower(40, 30, 1.0))
    assert "50 → 30 units: it costs 1.50 nats per name" in panel.resize_message


def test_a_change_of_direction_starts_a_new_sentence(panel):
    panel.show_resize(narrower(50, 40, 0.5))
    panel.show_resize(ResizeReport(100, (40,), (60,), None))
    assert panel.resize_message.startswith("40 → 60 units: the network computes the same")
    panel.show_resize(narrower(60, 55, 0.25))
    assert "60 → 55 units: it costs 0.25" in panel.resize_message


def test_a_cost_says_which_names_it_was_measured_on(panel):
    panel.show_resize(ResizeReport(1, (9,), (8,), ResizeCost(20.0, 21.0, held_out=False)))
    assert "on training names, which now cost 21.00" in panel.resize_message


def test_a_negative_cost_is_a_gain(panel):
    panel.show_resize(narrower(50, 40, -0.5))
    assert "50 → 40 units: it gains 0.50 nats per name" in panel.resize_message


def test_with_several_layers_the_slider_says_which_one_it_changes(panel):
    panel.show_knobs(Hyperparameters(widths=(40, 30)))
    assert panel.hidden.box.accessibleName() == "Hidden units, layer 1"
    assert panel.hidden.value == 40
    panel.show_knobs(Hyperparameters(widths=(40,)))
    assert panel.hidden.box.accessibleName() == "Hidden units"


@pytest.mark.parametrize(("rate", "shown"), [(5.0, "5"), (1e200, "1e+200"), (0.25, "0.25")])
def test_a_rate_from_a_file_is_shown_as_it_is(panel, rate, shown):
    panel.learning_rate.set_value(rate)
    assert panel.learning_rate.value == rate
    assert panel.learning_rate.box.text() == shown
