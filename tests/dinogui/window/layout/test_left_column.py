"""The left column: its three cards, their folding, and all settings in their place."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from dinogui.common.motion import reduce_motion
from dinogui.session.run import RunState


def click(qtbot, part):
    qtbot.mouseClick(part, Qt.MouseButton.LeftButton)


@pytest.mark.layout
def test_cards_are_folded_where_the_window_is_short_and_open_where_it_is_tall(window, qtbot):
    knobs, model, runs = window.left.cards
    window.resize(1100, 560)
    qtbot.waitUntil(lambda: model.is_folded and runs.is_folded)
    assert not knobs.is_folded
    assert model.note.text() == "RNN 50"
    window.session.set_hyperparameters(widths=(50, 8))
    qtbot.waitUntil(lambda: model.note.text() == "RNN 50 + 8")
    assert window.controls.hidden.isVisible()
    window.resize(1100, 1000)
    qtbot.waitUntil(lambda: not model.is_folded)
    assert window.model_card.cells.isVisible()
    click(qtbot, model.fold_button)
    window.resize(1100, 990)
    qtbot.wait(20)
    assert model.is_folded, "somebody has folded it"


@pytest.mark.layout
def test_the_values_of_an_opened_card_keep_clear_of_its_border(window, qtbot):
    window.resize(1100, 700)
    card = window.model_card
    reduce_motion(False)
    qtbot.waitUntil(lambda: card.is_folded)
    click(qtbot, card.note)
    assert not card.is_folded
    value = card.values["Optimiser"]
    edge = card.layout().contentsMargins().right()
    qtbot.waitUntil(lambda: card.maximumHeight() > 10_000)
    right = value.mapTo(card, value.rect().topRight()).x()
    assert card.rect().right() - right == edge


def test_the_head_of_a_card_is_reached_and_pressed_by_key(window, qtbot):
    card = window.model_card
    card.fold(True)
    window.controls.hidden.slider.setFocus()
    for _ in range(20):
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        if card.fold_button.hasFocus():
            break
    qtbot.keyClick(card.fold_button, Qt.Key.Key_Return)
    assert not card.is_folded


def test_all_settings_stand_in_place_of_the_cards_until_done(window, qtbot):
    window.model_card.fold(False)
    click(qtbot, window.model_card.all_settings)
    assert window.model.isVisible()
    assert not window.controls.isVisible()
    assert window.left.width() >= window.left.minimumSizeHint().width()
    qtbot.keyClick(window, Qt.Key.Key_Space)
    assert window.session.state is RunState.TRAINING, "the keys of the run still work"
    qtbot.keyClick(window, Qt.Key.Key_Space)
    click(qtbot, window.left.back)
    assert window.controls.isVisible()


def test_the_model_card_shows_what_is_in_force_and_begins_another_cell(window, qtbot):
    card = window.model_card
    card.fold(False)
    values = {name: label.text() for name, label in card.values.items()}
    assert values == {"Layers": "1", "Optimiser": "SGD", "Names a step": "1", "Dropout": "0"}
    window.session.set_hyperparameters(optimizer="adam", batch=32, dropout=0.2, widths=(40, 20))
    values = [label.text() for label in card.values.values()]
    assert values == ["2", "Adam", "32", "0.2"]
    assert not card.begin.isVisible()
    click(qtbot, card.cells.segments["gru"])
    assert window.session.settings.cell == "rnn", "it waits for a new run"
    assert card.begin.isVisible()
    with qtbot.waitSignal(window.session.run_begun):
        click(qtbot, card.begin)
    assert window.session.settings.cell == "gru"
    assert not card.begin.isVisible()
    assert card.cells.value == "gru"


def test_the_runs_card_lists_earlier_runs_and_opens_them(window, qtbot, train_until):
    card = window.runs_card
    card.fold(False)
    assert card.note.text() == "no earlier ones"
    train_until(window.session, 50)
    first = window.session.run.id
    window.actions_.restart.trigger()
    qtbot.waitUntil(lambda: bool(card.rows) and card.rows[0].isVisible())
    assert card.note.text() == "1 earlier"
    assert "RNN 50" in card.rows[0].accessibleName()
    assert "nats per name" in card.rows[0].toolTip()
    click(qtbot, card.rows[0])
    qtbot.waitUntil(lambda: window.session.run.id == first)
    assert window.session.steps_made == 50


@pytest.mark.layout
def test_in_a_low_window_missing_advice_takes_no_room(window, qtbot):
    advice = window.controls.advice
    window.resize(1600, 1000)
    qtbot.waitUntil(lambda: advice.height() > 0)
    window.resize(940, 560)
    qtbot.waitUntil(lambda: not advice.height())
    before = window.left.height()
    window.session.set_hyperparameters(learning_rate=1.0, clip=None)
    qtbot.waitUntil(lambda: bool(advice.message) and advice.height() > 0)
    assert advice.button.visibleRegion().boundingRect() == advice.button.rect()
    assert window.left.height() == before
    window.session.set_hyperparameters(learning_rate=0.01, clip=5.0)
    qtbot.waitUntil(lambda: not advice.message and not advice.height())
