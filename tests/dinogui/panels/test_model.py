"""The model panel, in the window: what acts at once, and what begins another run."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QTabWidget

from dinogui.session import RunState
from engine.presets import PRESETS
from engine.recipes import NOTEBOOK


@pytest.fixture
def model(window):
    """Return the panel, in front."""
    window.controls.findChild(QTabWidget).setCurrentIndex(1)
    return window.model


def begin(window, qtbot, button):
    """Press a button that begins a run, and wait for its network."""
    with qtbot.waitSignal(window.session.network_made):
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def test_it_says_how_many_numbers_the_network_learns(window, model):
    assert model.size_message == "RNN, 1 layer: 5,277 parameters."
    window.controls.hidden.box.setValue(100)
    # Wax, Waa, Wya, ba, by.
    assert f"{27 * 100 + 100 * 100 + 27 * 100 + 100 + 27:,}" in model.size_message


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.name)
def test_every_preset_trains(window, model, qtbot, train_until, preset):
    model.preset.setCurrentText(preset.name)
    begin(window, qtbot, model.begin_preset)
    session = window.session
    assert (session.recipe, session.hyperparameters) == (preset.recipe, preset.hyperparameters)
    assert model.cell.currentText() == preset.settings.cell
    assert model.batch.value() == preset.hyperparameters.batch
    assert window.controls.learning_rate.value == preset.hyperparameters.learning_rate
    train_until(session, 20)
    assert session.progress.smoothed_loss < 45
    assert window.session.generate(3, 1.0, "")


def test_what_acts_at_once_acts_while_it_trains(window, model, qtbot):
    session = window.session
    session.train()
    qtbot.waitUntil(lambda: session.progress.step > 50)
    model.optimizer.setCurrentText("adam")
    model.batch.setValue(16)
    model.dropout.setValue(0.2)
    model.clipping.setCurrentText("norm")
    knobs = session.hyperparameters
    assert (knobs.optimizer, knobs.batch, knobs.dropout, knobs.clipping) == (
        "adam",
        16,
        0.2,
        "norm",
    )
    step = session.progress.step
    qtbot.waitUntil(lambda: session.progress.step > step + 20)
    assert session.state is RunState.TRAINING


def test_a_layer_is_added_to_a_network_that_learns_and_its_cost_is_said(window, model, qtbot):
    session = window.session
    session.train()
    qtbot.waitUntil(lambda: session.progress.step > 300)
    model.widths.setFocus()
    model.widths.selectAll()
    qtbot.keyClicks(model.widths, "50, 30")
    qtbot.keyClick(model.widths, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "50 → 50 + 30 units: it costs" in window.controls.resize_message)
    assert "2 layers" in model.size_message
    step = session.progress.step
    qtbot.waitUntil(lambda: session.progress.step > step)


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("many", "whole numbers with commas"),
        ("3", "whole numbers from 4 to 512"),
        ("50, 50, 50, 50, 50", "1 to 4 layers"),
    ],
)
def test_widths_that_make_no_sense_are_refused_in_words(window, model, qtbot, typed, says):
    model.widths.setFocus()
    model.widths.selectAll()
    qtbot.keyClicks(model.widths, typed)
    qtbot.keyClick(model.widths, Qt.Key.Key_Return)
    assert says in model.error
    assert model.widths.text() == "50"
    assert window.session.hyperparameters.widths == (50,)


def test_layers_are_taken_away_by_a_new_run_only(window, model, qtbot):
    window.session.turn(widths=(50, 20))
    model.widths.setText("50")
    model.widths.editingFinished.emit()
    assert "Begin a new run" in model.error


def test_what_begins_a_new_run_waits_for_the_button(window, model, qtbot, train_until):
    session = window.session
    assert not model.begin.isEnabled()
    model.cell.setCurrentText("gru")
    model.dtype.setCurrentText("float32")
    model.embedding.setValue(8)
    model.held_out.setValue(20)
    model.seed.setValue(3)
    assert session.settings.cell == "rnn"
    assert model.begin.isEnabled()
    begin(window, qtbot, model.begin)
    settings = session.settings
    assert (settings.cell, settings.dtype, settings.embedding) == ("gru", "float32", 8)
    assert (settings.held_out, settings.seed) == (0.2, 3)
    assert "Held out: 281." in window.controls.data_message
    assert not model.begin.isEnabled()
    train_until(session, 30)


def test_the_notebook_refuses_what_the_course_has_not(window, model, qtbot):
    window.actions_.recipes[NOTEBOOK].trigger()
    model.batch.setValue(32)
    assert "The notebook recipe is the course's" in model.error
    assert model.batch.value() == 1
    model.cell.setCurrentText("lstm")
    qtbot.mouseClick(model.begin, Qt.MouseButton.LeftButton)
    assert "The notebook recipe is the course's" in model.error
    assert window.session.settings.cell == "rnn"


def test_n_gram_lines_are_drawn_and_named(window, qtbot):
    qtbot.waitUntil(lambda: len(window.session.baselines) == 5)
    window.loss_plot.draw()
    lines = window.loss_plot.baseline_lines
    assert [line.label.toPlainText() for line in lines] == [f"{n}-gram" for n in range(1, 6)]
    expected = [loss.nats_a_name for loss in window.session.baselines]
    assert [line.value() for line in lines] == pytest.approx(expected)
    window.actions_.recipes[NOTEBOOK].trigger()
    assert window.loss_plot.baseline_lines == [], "nothing is held out, so nothing is compared"
