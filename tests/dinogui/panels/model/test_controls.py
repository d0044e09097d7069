import math

import pytest
from PySide6.QtCore import QPoint, Qt

from dinogui.panels.model.controls import ControlsPanel
from engine.evaluation.units import Unit
from engine.training.ending import ENDLESS, Until
from engine.training.messages import ResizeCost, ResizeReport
from engine.training.recipes import DEFAULT, NOTEBOOK
from engine.training.settings import DEFAULT_DECAY, Hyperparameters, default_hyperparameters


@pytest.fixture
def panel(qtbot, qapp):
    panel = ControlsPanel(Hyperparameters())
    qtbot.addWidget(panel)
    return panel


def narrower(before, after, cost):
    return ResizeReport(100, (before,), (after,), ResizeCost(20.0, 20.0 + cost, held_out=True))


def test_costs_of_one_drag_are_added(panel):
    panel.show_resize(narrower(50, 40, 0.5))
    panel.show_resize(narrower(40, 30, 1.0))
    assert "50 → 30 units: it cost 1.50 nats per name" in panel.resize_message


def test_a_change_of_direction_starts_a_new_sentence(panel):
    panel.show_resize(narrower(50, 40, 0.5))
    panel.show_resize(ResizeReport(100, (40,), (60,), None))
    assert panel.resize_message.startswith(
        "At step 100, 40 → 60 units: at first it computed the same"
    )
    panel.show_resize(narrower(60, 55, 0.25))
    assert "60 → 55 units: it cost 0.25" in panel.resize_message


def test_a_cost_says_which_names_it_was_measured_on(panel):
    panel.show_resize(ResizeReport(1, (9,), (8,), ResizeCost(20.0, 21.0, held_out=False)))
    assert "on training names (then 21.00)." in panel.resize_message


def test_a_negative_cost_is_a_gain(panel):
    panel.show_resize(narrower(50, 40, -0.5))
    assert "50 → 40 units: it gained 0.50 nats per name" in panel.resize_message


@pytest.mark.parametrize(
    ("unit", "says"),
    [
        (
            Unit.NATS_PER_NAME,
            "it cost 2.00 nats per name on held-out names (then 22.00).",
        ),
        (
            Unit.NATS_PER_CHARACTER,
            "it cost 0.200 nats per character on held-out names (then 2.200).",
        ),
        (
            Unit.BITS_PER_CHARACTER,
            "it cost 0.289 bits per character on held-out names (then 3.174).",
        ),
        (Unit.PERPLEXITY, "it raised the perplexity by 1.64 on held-out names, to 9.03."),
    ],
)
def test_a_cost_is_given_in_the_unit_of_the_plot(panel, unit, says):
    cost = ResizeCost(20.0, 22.0, held_out=True, characters=10.0)
    panel.show_resize(ResizeReport(1, (9,), (8,), cost))
    panel.show_unit(unit)
    assert panel.resize_message == f"At step 1, 9 → 8 units: {says}"
    panel.show_resize(ResizeReport(2, (8,), (7,), cost))
    assert panel.resize_message.startswith("At step 2, 9 → 7 units: it ")
    assert unit.value in panel.resize_message


def test_an_undo_of_what_is_no_longer_known_says_so(panel):
    panel.show_resize(ResizeReport(1, (8,), (9,), None, is_forgotten=True))
    assert "8 → 9 units: the removed units are no longer known" in panel.resize_message
    cost = ResizeCost(20.0, 20.5, held_out=True)
    panel.show_resize(ResizeReport(1, (9, 9), (9,), cost, is_forgotten=True))
    assert "9 + 9 → 9 units: it cost 0.50 nats per name" in panel.resize_message
    assert panel.resize_message.endswith("no longer known, so the rest was fitted to it.")


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


# The rate in force, and advice, in the window.


def test_a_falling_rate_is_shown_changed_live_and_undone(window, qtbot, train_until):
    controls, session, model = window.controls, window.session, window.model
    assert controls.rate_message == ""
    train_until(session, 400)
    epoch = session.progress.epoch
    assert epoch > 0.2
    falling = f"now {0.01 * math.exp(-DEFAULT_DECAY * epoch):.2g}, falling"
    assert controls.rate_message == falling
    place = controls.clip.mapTo(window, QPoint(0, 0))
    window.left.show_settings()
    model.schedule.setFocus()
    qtbot.keyClick(model.schedule, Qt.Key.Key_Up)
    assert session.hyperparameters.schedule == "inverse"
    assert controls.rate_message == "", "the rate that was set holds again"
    model.decay.setFocus()
    model.decay.selectAll()
    qtbot.keyClicks(model.decay, "0\t")
    assert session.hyperparameters.decay == 0.0
    assert controls.rate_message == ""
    window.left.show_cards()
    assert controls.clip.mapTo(window, QPoint(0, 0)) == place, "nothing moves"
    window.actions_.undo.trigger()
    window.actions_.undo.trigger()
    assert session.hyperparameters == default_hyperparameters(DEFAULT)
    qtbot.waitUntil(lambda: controls.rate_message == falling)


@pytest.fixture
def fallen(window, train_until):
    """Return a window whose run has fallen from a rate of 0.01 to less than 0.0001."""
    window.session.set_hyperparameters(decay=8.0)
    train_until(window.session, 1_000)
    epoch = window.session.progress.epoch
    assert rate_in_force(window) == pytest.approx(0.01 * math.exp(-8 * epoch))
    assert rate_in_force(window) < 1e-4
    return window


def rate_in_force(window):
    session = window.session
    return session.hyperparameters.rate_at(session.progress.decay_epoch_of(session.hyperparameters))


def type_rate(window, qtbot, rate):
    box = window.controls.learning_rate.box
    box.setFocus()
    box.selectAll()
    qtbot.keyClicks(box, rate)
    qtbot.keyClick(box, Qt.Key.Key_Return)


def test_a_rate_that_is_set_holds_from_that_step_and_falls_from_there(fallen, qtbot, train_until):
    controls, session = fallen.controls, fallen.session
    before, epoch = rate_in_force(fallen), session.progress.epoch
    assert controls.rate_message == f"now {before:.2g}, falling"
    type_rate(fallen, qtbot, "0.03")
    assert (controls.rate_message, rate_in_force(fallen)) == ("", 0.03)
    train_until(session, 1_050)
    found = 0.03 * math.exp(-8 * (session.progress.epoch - epoch))
    assert rate_in_force(fallen) == pytest.approx(found)
    assert controls.rate_message == f"now {found:.2g}, falling"
    fallen.actions_.undo.trigger()
    would_be = 0.01 * math.exp(-8 * session.progress.epoch)
    qtbot.waitUntil(lambda: rate_in_force(fallen) == pytest.approx(would_be))
    assert controls.rate_message == f"now {would_be:.2g}, falling"
    fallen.actions_.redo.trigger()
    qtbot.waitUntil(lambda: rate_in_force(fallen) == pytest.approx(found))
    assert controls.rate_message == f"now {found:.2g}, falling"


def test_a_rate_that_has_fallen_to_almost_nothing_is_said_to_be_too_low(fallen, qtbot, train_until):
    train_until(fallen.session, 1_600)
    assert 0 < rate_in_force(fallen) < 1e-5
    assert fallen.controls.rate_message == f"now {rate_in_force(fallen):.1g}, too low"
    type_rate(fallen, qtbot, "0.02")
    assert fallen.controls.rate_message == ""


def test_the_rate_that_the_slider_shows_can_be_entered_again(fallen, qtbot, train_until):
    controls = fallen.controls
    before, said = rate_in_force(fallen), controls.rate_message
    qtbot.keyClick(controls.learning_rate.box, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: rate_in_force(fallen) == 0.01)
    assert controls.rate_message == ""
    fallen.actions_.undo.trigger()
    qtbot.waitUntil(lambda: controls.rate_message == said)
    assert rate_in_force(fallen) == before
    fallen.actions_.redo.trigger()
    qtbot.waitUntil(lambda: rate_in_force(fallen) == 0.01)
    told = fallen.session.undo.undo_text
    qtbot.keyClick(controls.learning_rate.box, Qt.Key.Key_Return)
    assert fallen.session.undo.undo_text == told, "it has not fallen since"
    fallen.actions_.undo.trigger()
    qtbot.waitUntil(lambda: rate_in_force(fallen) == before)


def test_a_run_that_is_begun_anew_begins_with_the_rate_that_the_slider_shows(fallen, qtbot):
    session = fallen.session
    with qtbot.waitSignal(session.network_made):
        fallen.actions_.restart.trigger()
    qtbot.waitUntil(lambda: session.progress is not None)  # it is measured after it is shown
    assert (fallen.controls.rate_message, session.progress.decay_epoch) == ("", 0.0)
    assert rate_in_force(fallen) == session.hyperparameters.learning_rate == 0.01


def test_a_run_that_is_opened_again_has_the_rate_that_it_had(fallen, qtbot, train_until, tmp_path):
    controls, session = fallen.controls, fallen.session
    type_rate(fallen, qtbot, "0.03")
    train_until(session, 1_100)
    said, rate = controls.rate_message, rate_in_force(fallen)
    assert 0 < rate < 0.03
    with qtbot.waitSignal(fallen.library.saving.saved):
        fallen.library.saving.save_to(str(tmp_path / "run.npz"))
    with qtbot.waitSignal(session.network_made):
        fallen.actions_.restart.trigger()
    with qtbot.waitSignal(session.network_made):
        fallen.open_file(str(tmp_path / "run.npz"))
    qtbot.waitUntil(lambda: controls.rate_message == said)
    assert rate_in_force(fallen) == rate


def test_momentum_at_the_rate_of_sgd_is_met_with_advice_that_can_be_taken(window, qtbot):
    controls, session, model = window.controls, window.session, window.model
    window.left.show_settings()
    parts = (model.begin, model.seed, model.optimizer)
    places = [part.mapTo(window, QPoint(0, 0)) for part in parts]
    assert (controls.advice.message, controls.advice.button.isVisible()) == ("", False)
    model.optimizer.setFocus()
    qtbot.keyClick(model.optimizer, Qt.Key.Key_Down)
    assert session.hyperparameters.optimizer == "momentum"
    assert "ten times as long as SGD" in controls.advice.message
    assert controls.advice.button.text() == "Use 0.001"
    assert [part.mapTo(window, QPoint(0, 0)) for part in parts] == places, "nothing moves"
    qtbot.mouseClick(controls.advice.button, Qt.MouseButton.LeftButton)
    assert session.hyperparameters.learning_rate == 0.001
    assert controls.learning_rate.value == 0.001
    assert (controls.advice.message, controls.advice.button.isVisible()) == ("", False)
    window.actions_.undo.trigger()
    assert session.hyperparameters.learning_rate == 0.01
    assert controls.advice.button.isVisible()


def test_a_rate_without_clipping_is_met_with_advice(window, qtbot):
    controls = window.controls
    track = controls.clip.slider
    end = QPoint(track.width() - 2, track.height() // 2)
    qtbot.mouseClick(track, Qt.MouseButton.LeftButton, pos=end)
    assert window.session.hyperparameters.clip is None
    assert controls.advice.message == "Without clipping, one odd name can undo all training."
    qtbot.mouseClick(controls.advice.button, Qt.MouseButton.LeftButton)
    assert window.session.hyperparameters.clip == 5.0
    assert controls.advice.message == ""


def test_a_high_rate_is_met_with_advice_until_it_has_fallen_but_clipping_stays(
    window, qtbot, train_until
):
    session, controls = window.session, window.controls
    session.set_hyperparameters(decay=20.0)
    train_until(session, 400)
    session.set_hyperparameters(learning_rate=0.5)
    assert "seldom learns at a rate as high as 0.5" in controls.advice.message
    train_until(session, 650)
    assert rate_in_force(window) < 0.05
    assert controls.advice.message == ""
    session.set_hyperparameters(clip=None)
    assert controls.advice.message == "Without clipping, one odd name can undo all training."
    session.set_hyperparameters(decay=0.0)
    assert "seldom learns at a rate as high as 0.5" in controls.advice.message


def test_the_course_s_recipe_keeps_its_rate_and_the_default_one_gets_its_decay_back(window, qtbot):
    session, controls = window.session, window.controls
    for recipe, until in ((NOTEBOOK, Until(steps=35_000)), (DEFAULT, ENDLESS)):
        with qtbot.waitSignal(session.network_made):
            window.actions_.recipes[recipe].trigger()
        assert session.hyperparameters == default_hyperparameters(recipe)
        assert controls.rate_message == "", "it has not fallen yet"
        assert session.until == until


def test_the_defaults_are_what_is_usual_for_the_optimizer_and_the_clipping(panel):
    assert (panel.learning_rate.slider.default, panel.clip.slider.default) == (0.01, 5.0)
    assert panel.hidden.slider.default == 50
    panel.show_knobs(Hyperparameters(optimizer="adam", clipping="norm"))
    assert (panel.learning_rate.slider.default, panel.clip.slider.default) == (0.003, 1.0)
    panel.show_knobs(Hyperparameters(batch=8))
    assert panel.learning_rate.slider.default == 0.1, "gradients of batches are means"


def test_a_double_click_is_one_change_for_undo_and_for_the_mark(window, qtbot):
    session, knob = window.session, window.controls.learning_rate
    session.set_hyperparameters(learning_rate=0.0004)
    session.undo.end_gesture()
    beside = QPoint(knob.slider.width() - 30, knob.slider.height() // 2)
    qtbot.mouseClick(knob.slider, Qt.MouseButton.LeftButton, pos=beside)
    assert session.hyperparameters.learning_rate > 0.1
    qtbot.mouseDClick(knob.slider, Qt.MouseButton.LeftButton, pos=beside)
    assert session.hyperparameters.learning_rate == 0.01
    assert knob.slider.former == 0.0004
    window.actions_.undo.trigger()
    assert session.hyperparameters.learning_rate == knob.value == 0.0004
    assert knob.slider.former == 0.01, "an undo is a change, too"


def test_a_new_run_has_no_last_change(window, qtbot):
    knob = window.controls.hidden
    window.session.set_hyperparameters(widths=(20,))
    assert knob.slider.former == 50
    with qtbot.waitSignal(window.session.network_made):
        window.actions_.restart.trigger()
    assert knob.value == 20
    assert not knob.slider.has_former
