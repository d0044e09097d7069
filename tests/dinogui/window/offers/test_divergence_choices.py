"""Divergence in the window: the choices that the banner offers, and their effects."""

import numpy as np
import pytest
from PySide6.QtGui import QPalette

from dinogui.session.run import RunState
from engine.runs.replay import replay


@pytest.fixture
def diverged(window, qtbot, train_until):
    """Return a window whose run has diverged, while its parameters are still finite."""
    train_until(window.session, 600)
    window.session.set_hyperparameters(learning_rate=1e20, clip=None)
    with qtbot.waitSignal(window.session.diverged):
        window.session.train()
    assert window.session.state is RunState.DIVERGED
    return window


def event_kinds(run):
    """Return what happened to a run, in order.

    Before the question is asked, the window may go back further by itself: if the loss had risen
    already when the last good network was copied, which depends on when the rate was changed.
    """
    kinds = [event.kind for event in run.record.events]
    after_divergence = [at for at in range(1, len(kinds)) if kinds[at - 1] == "diverged"]
    return [
        kind for at, kind in enumerate(kinds) if kind != "go back" or at not in after_divergence
    ]


def test_rolling_back_and_halving_the_rate_continues_training(diverged, choose, saved):
    choose(diverged, "Roll back, halve the rate")
    assert diverged.banner.isHidden()
    assert diverged.session.state is RunState.TRAINING
    assert diverged.session.hyperparameters.learning_rate == 5e19
    diverged.session.pause()
    run = saved(diverged)
    assert event_kinds(run)[:3] == [
        "set hyperparameters",
        "diverged",
        "roll back and halve the rate",
    ]
    assert run.state.hyperparameters.learning_rate == diverged.session.hyperparameters.learning_rate


def test_rolling_back_pauses_until_train_is_pressed(diverged, train_until, choose, saved):
    choose(diverged, "Roll back")
    assert diverged.session.state is RunState.PAUSED
    run = saved(diverged)
    assert event_kinds(run) == ["set hyperparameters", "diverged", "roll back"]
    diverged.session.set_hyperparameters(learning_rate=0.01, clip=5.0)
    train_until(diverged.session, diverged.session.steps_made + 100)
    assert diverged.session.state is RunState.PAUSED
    assert np.isfinite(diverged.session.progress.smoothed_loss)


def test_going_on_anyway_keeps_the_diverged_network(diverged, qtbot, choose, saved):
    choose(diverged, "Go on anyway")
    qtbot.waitUntil(lambda: diverged.session.state is RunState.DIVERGED, timeout=20_000)
    run = saved(diverged)
    assert event_kinds(run)[:4] == ["set hyperparameters", "diverged", "go on", "diverged"]


@pytest.mark.parametrize("choice", ["Roll back, halve the rate", "Roll back", "Go on anyway"])
def test_each_choice_replays_to_the_bit(diverged, qtbot, choice, choose, saved):
    choose(diverged, choice)
    diverged.session.set_hyperparameters(learning_rate=0.01, clip=5.0)
    diverged.session.train()
    qtbot.wait(100)
    diverged.session.pause()
    run = saved(diverged)
    found = replay(run.record, run.corpus, run.network.parameters, run.state.step)
    assert found.difference is None


def test_a_rollback_that_is_not_possible_is_not_offered(diverged, qtbot, choose, banner_buttons):
    assert "Go on anyway" in [b.text() for b in banner_buttons(diverged)]
    with qtbot.waitSignal(diverged.session.diverged):
        diverged.session.set_hyperparameters(widths=(30,))
    assert "Go on anyway" not in [b.text() for b in banner_buttons(diverged)]
    diverged.session.recover("go on")
    qtbot.waitUntil(lambda: diverged.session.state is RunState.DIVERGED)
    choose(diverged, "Restart")
    assert diverged.session.state is RunState.READY


def test_a_run_saved_after_divergence_opens_as_diverged(diverged, qtbot, tmp_path, choose, saved):
    saved(diverged)
    diverged.session.restart()
    assert diverged.banner.isHidden()
    with qtbot.waitSignal(diverged.session.diverged):
        diverged.open_file(str(tmp_path / "run.npz"))
    assert diverged.session.state is RunState.DIVERGED
    choose(diverged, "Roll back, halve the rate")
    assert diverged.session.hyperparameters.learning_rate == 5e19


@pytest.mark.layout
@pytest.mark.parametrize("size", [(940, 560), (1100, 700)])
def test_the_buttons_are_inside_the_banner_and_the_banner_is_inside_the_plot(
    diverged, qtbot, size, banner_buttons
):
    diverged.resize(*size)
    qtbot.wait(50)
    banner = diverged.banner
    assert diverged.loss_plot.rect().contains(banner.geometry())
    assert len(banner_buttons(diverged)) == 4
    for button in banner_buttons(diverged):
        assert banner.rect().contains(button.geometry())
        assert button.width() >= button.sizeHint().width()


def ink(widget):
    return widget.palette().color(widget.foregroundRole())


def test_the_headline_says_so_in_the_warning_colour_until_it_is_rolled_back(diverged, choose):
    head = diverged.loss_plot._head
    usual = head.figure.palette().color(QPalette.ColorRole.WindowText)
    assert head.figure.text() == "Diverged"
    assert ink(head.figure).name() == diverged._theme.colours.error != usual.name()
    assert "roll back or restart" in head.sentence.text
    assert "no longer a number" in head.figure.toolTip()
    assert not head.unit_box.isVisible()
    assert head.figure.width() >= head.figure.fontMetrics().horizontalAdvance("Diverged")
    choose(diverged, "Roll back")
    assert diverged.session.state is RunState.PAUSED
    assert ink(head.figure) == usual
    assert float(head.figure.text()) > 0
    assert head.unit_box.isVisible()


def test_the_names_card_says_what_to_do_and_live_is_not_lit(diverged, qtbot):
    names = diverged.names
    names.clear()
    assert "has diverged" in names.table.view.empty_message
    assert "restart (Ctrl+R)" in names.table.view.empty_message
    assert names.live_switch.isChecked(), "the choice stays"
    assert not names.live_switch.is_lit
    diverged.session.set_hyperparameters(learning_rate=0.01, clip=5.0)
    diverged.actions_.restart.trigger()
    qtbot.waitUntil(lambda: diverged.session.state is not RunState.DIVERGED)
    assert names.live_switch.is_lit
    assert "No names yet" in names.table.view.empty_message
    assert diverged.loss_plot._head.figure.text() != "Diverged"
