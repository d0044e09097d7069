"""Before the first step, the plot says which key begins and what its lines mean."""

import pytest
from PySide6.QtCore import Qt

from dinogui.session.racing.shown_race import RaceState
from engine.evaluation.units import Unit
from engine.racing.lane import Lane, titled
from engine.racing.lane_text import lanes_of_text
from engine.racing.race import RacePlan
from engine.training.recipes import NOTEBOOK


@pytest.mark.parametrize("key", [Qt.Key.Key_Space, Qt.Key.Key_F8])
def test_the_sentence_goes_at_the_first_step_and_returns_with_a_new_run(window, qtbot, key):
    sentence = window.opening_sentence
    assert sentence.isVisible()
    assert "Press Space and watch it learn to spell." in sentence.message
    assert "27 symbols for equally likely" in sentence.message
    assert "dashed lines" in sentence.message
    qtbot.keyClick(window, key)
    qtbot.waitUntil(lambda: not sentence.isVisible())
    window.session.pause()
    with qtbot.waitSignal(window.session.run_begun):
        window.actions_.restart.trigger()
    assert sentence.isVisible()


def test_a_race_has_the_plot_for_itself(window, qtbot):
    session, sentence = window.session, window.opening_sentence
    base = Lane(session.hyperparameters, session.settings, session.recipe)
    lanes = titled(lanes_of_text("hidden=5; hidden=6", base))
    session.racing.begin(lanes, RacePlan(steps=5))
    assert not sentence.isVisible()
    qtbot.waitUntil(lambda: session.racing.state is RaceState.OVER, timeout=20_000)
    assert not sentence.isVisible()
    session.racing.end()
    assert sentence.isVisible()


def test_it_writes_the_loss_of_guessing_in_the_unit_of_the_plot(window):
    for unit in (Unit.NATS_PER_CHARACTER, Unit.NATS_PER_NAME):
        window.actions_.units[unit].trigger()
        guessing = window.session.guessing_loss(unit)
        assert f" {guessing:.2f} {unit.value}." in window.opening_sentence.message


def test_lines_that_are_not_drawn_are_not_explained(window, qtbot):
    with qtbot.waitSignal(window.session.run_begun):
        window.actions_.recipes[NOTEBOOK].trigger()
    assert "dashed" not in window.opening_sentence.message


def test_a_text_is_learned_to_be_written(text_window):
    assert "watch it learn to write." in text_window.opening_sentence.message
    assert "nats per symbol" in text_window.opening_sentence.message


def test_it_lies_within_the_plot_and_lets_the_mouse_through(window, qtbot):
    for size in [(940, 560), (1100, 700), (1600, 1000)]:
        window.resize(*size)
        qtbot.wait(50)
        sentence, canvas = window.opening_sentence, window.loss_plot.canvas
        assert canvas.rect().contains(sentence.geometry())
        assert sentence.height() <= 0.6 * canvas.height(), "the lines can be seen"
        middle = sentence.mapTo(window, sentence.rect().center())
        below = window.childAt(middle)
        assert below is not sentence
        assert not sentence.isAncestorOf(below)
        assert canvas.isAncestorOf(below)


@pytest.mark.layout
def test_it_covers_no_name_of_a_line(window, qtbot):
    sentence, pane = window.opening_sentence, window.loss_plot.pane
    for size in [(940, 560), (1100, 700), (1600, 1000)]:
        window.resize(*size)
        qtbot.waitUntil(
            lambda: (
                sentence.mapTo(window, sentence.rect().topRight()).x()
                < pane.mapTo(window, pane.rect().topRight()).x()
            )
        )
