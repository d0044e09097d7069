"""A loss that rises and stays high, in the window: the choices, and their effects."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QToolButton

from dinogui.session.run import RunState
from engine.evaluation.units import Unit
from engine.runs.replay import replay


@pytest.fixture
def risen(window, qtbot, train_until):
    """Return a window that trains, and whose loss has just risen far above guessing."""
    train_until(window.session, 800)
    window.session.set_hyperparameters(learning_rate=1.0, clip=None)
    with qtbot.waitSignal(window.session.loss_rose, timeout=20_000):
        window.session.train()
    return window


def test_the_banner_says_what_happened_while_training_goes_on(risen, banner_buttons):
    session = risen.session
    rise = session.progress.rise
    assert session.state is RunState.TRAINING
    assert risen.banner.isVisible()
    unit = Unit.NATS_PER_NAME
    before, now = (session.loss_in(unit, loss) for loss in (rise.before, rise.now))
    assert 15 < before < 35 < session.guessing_loss(unit) < 60 < now
    assert risen.banner.message == (
        f"After step {rise.since:,} the loss rose from {unit.write(before)} to {unit.write(now)} "
        f"nats per name (step {rise.step:,}). That is worse than guessing "
        f"({unit.write(session.guessing_loss(unit))}), and it has not come down since. "
        "The last good network is that of step 500. "
        "Lower the learning rate or turn clipping on."
    )
    assert 740 <= rise.since <= 820
    assert [b.text() for b in banner_buttons(risen)] == [
        "Go back, halve the rate",
        "Go back",
        "Go on",
    ]


def test_a_rate_that_is_set_after_it_has_fallen_is_as_ruinous_as_any(window, qtbot, train_until):
    """Typed and clicked: advice beside the control at once, then the banner."""
    session, controls = window.session, window.controls
    session.set_hyperparameters(decay=8.0)
    train_until(session, 1_000)
    assert float(controls.rate_message.split()[1].rstrip(",")) < 1e-4
    box = controls.learning_rate.box
    box.setFocus()
    box.selectAll()
    qtbot.keyClicks(box, "1")
    qtbot.keyClick(box, Qt.Key.Key_Return)
    qtbot.mouseClick(
        controls.clip.slider,
        Qt.MouseButton.LeftButton,
        pos=QPoint(controls.clip.slider.width() - 2, controls.clip.slider.height() // 2),
    )
    assert (session.hyperparameters.learning_rate, session.hyperparameters.clip) == (1.0, None)
    assert controls.rate_message == ""
    assert controls.advice.message == "SGD seldom learns at a rate as high as 1."
    with qtbot.waitSignal(session.loss_rose, timeout=20_000):
        window.actions_.train.trigger()
    assert session.progress.rise.is_worse_than_guessing
    assert "That is worse than guessing" in window.banner.message


def test_after_going_back_the_head_has_the_loss_of_that_network(risen, qtbot, choose):
    session, head = risen.session, risen.loss_plot._head
    guessing = session.guessing_loss(Unit.NATS_PER_NAME)

    def figure():
        return float(head.figure.text().replace(",", ""))

    qtbot.waitUntil(lambda: figure() > guessing)
    choose(risen, "Go back")
    qtbot.waitUntil(lambda: 15 < figure() < 35)
    assert "worse than guessing" not in head.sentence.text
    qtbot.waitUntil(lambda: session.run.full_held_out is not None, timeout=20_000)
    in_full = session.run.full_held_out.nats_per_name
    assert head.figure.text() == Unit.NATS_PER_NAME.write(in_full)
    session.undo.undo()  # the network that was left is back, and with it its loss
    qtbot.waitUntil(lambda: figure() > guessing)


def test_going_back_pauses_at_the_good_network(risen, qtbot, choose, saved):
    choose(risen, "Go back")
    assert risen.banner.isHidden()
    assert risen.session.state is RunState.PAUSED
    qtbot.waitUntil(lambda: risen.session.progress.rise is None)
    run = saved(risen)
    assert [event.kind for event in run.record.events] == ["set hyperparameters", "go back"]
    assert run.record.events[-1].changes[0].after == 500
    assert run.resume().held_out_loss().nats_per_character < 3


def test_going_back_with_half_the_rate_trains_on(risen, train_until, choose, saved):
    choose(risen, "Go back, halve the rate")
    assert risen.session.state is RunState.TRAINING
    assert risen.session.hyperparameters.learning_rate == 0.5
    risen.session.pause()
    run = saved(risen)
    assert run.record.events[1].kind == "go back and halve the rate"
    assert run.state.hyperparameters == risen.session.hyperparameters


@pytest.mark.parametrize("choice", ["Go back, halve the rate", "Go back", "Go on"])
def test_each_choice_replays_to_the_bit(risen, qtbot, choice, choose, saved):
    choose(risen, choice)
    risen.session.set_hyperparameters(learning_rate=0.01, clip=5.0)
    risen.session.train()
    qtbot.wait(100)
    risen.session.pause()
    run = saved(risen)
    found = replay(run.record, run.corpus, run.network.parameters, run.state.step)
    assert found.difference is None


@pytest.mark.parametrize(
    ("choice", "text", "rate"),
    [
        ("Go back", "going back", 1.0),
        ("Go back, halve the rate", "going back and halving the rate", 0.5),
    ],
)
def test_going_back_is_one_step_that_can_be_undone_and_redone(
    risen, qtbot, choose, saved, choice, text, rate
):
    session, undo = risen.session, risen.actions_.undo
    session.pause()
    saved(risen)  # a step may be under way: its snapshot comes before the answer to a later order
    left, loss = session.snapshot.parameters.flat.copy(), session.progress.smoothed_loss
    choose(risen, choice)
    qtbot.waitUntil(lambda: session.snapshot.step == 500)
    assert (session.hyperparameters.learning_rate, undo.text()) == (rate, f"&Undo {text}")
    qtbot.keyClick(risen, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: np.array_equal(session.snapshot.parameters.flat, left))
    assert session.hyperparameters.learning_rate == 1.0
    assert session.progress.smoothed_loss == loss
    assert session.state is RunState.PAUSED
    assert session.undo.undo_text != text
    risen.actions_.redo.trigger()
    qtbot.waitUntil(lambda: session.snapshot.step == 500)
    assert session.hyperparameters.learning_rate == rate
    session.train(session.steps_made + 20)
    qtbot.waitUntil(lambda: session.state is RunState.PAUSED)
    run = saved(risen)
    assert "undo go back" in [event.kind for event in run.record.events]
    found = replay(run.record, run.corpus, run.network.parameters, run.state.step)
    assert found.difference is None


def test_going_on_only_closes_the_message(risen, qtbot, choose, saved):
    choose(risen, "Go on")
    assert risen.banner.isHidden()
    assert risen.session.state is RunState.TRAINING
    qtbot.wait(200)
    assert risen.banner.isHidden()
    risen.session.pause()
    assert [e.kind for e in saved(risen).record.events] == ["set hyperparameters"]


def test_another_message_does_not_hide_the_question_for_good(risen, qtbot, choose):
    said = risen.banner.message
    risen.session.refused.emit("The file is empty.")
    assert (risen.banner.message, risen.banner.waiting) == ("The file is empty.", "1 more")
    close = next(
        b for b in risen.banner.findChildren(QToolButton) if b.accessibleName() == "Close message"
    )
    qtbot.mouseClick(close, Qt.MouseButton.LeftButton)
    assert (risen.banner.message, risen.banner.waiting) == (said, "")
    choose(risen, "Go on")
    assert risen.banner.isHidden()


def test_pausing_and_training_again_leaves_the_question(risen):
    risen.session.pause()
    risen.session.train()
    assert risen.banner.isVisible()


def test_the_message_is_taken_back_when_the_loss_has_recovered(window, qtbot, train_until):
    session = window.session
    train_until(session, 800)
    session.set_hyperparameters(learning_rate=0.2, clip=None)
    train_until(session, 815)
    session.set_hyperparameters(learning_rate=0.01, clip=5.0)
    with qtbot.waitSignals([session.loss_rose, session.loss_recovered], order="strict"):
        session.train()
    assert window.banner.isHidden()


def test_a_divergence_takes_the_place_of_the_rise(risen, qtbot):
    with qtbot.waitSignal(risen.session.diverged, timeout=30_000):
        risen.session.set_hyperparameters(learning_rate=1e20)
    assert "no longer a number" in risen.banner.message
    assert risen.banner.waiting == ""
    assert "after step 500" in risen.banner.message, "the last one from before the rise"


def test_a_run_that_is_saved_while_its_loss_is_high_says_so_when_it_is_opened(
    risen, qtbot, tmp_path, choose, saved
):
    risen.session.pause()
    saved(risen)
    said = risen.banner.message
    risen.session.restart()
    assert risen.banner.isHidden()
    with qtbot.waitSignal(risen.session.loss_rose):
        risen.open_file(str(tmp_path / "run.npz"))
    assert risen.banner.message == said
    choose(risen, "Go back, halve the rate")
    assert risen.session.state is RunState.PAUSED, "it did not train before"
    assert risen.session.hyperparameters.learning_rate == 0.5


@pytest.mark.layout
@pytest.mark.parametrize("size", [(940, 560), (1100, 700)])
def test_the_buttons_are_inside_the_banner_and_the_banner_is_inside_the_plot(
    risen, qtbot, size, banner_buttons
):
    risen.resize(*size)
    qtbot.wait(50)
    assert risen.loss_plot.rect().contains(risen.banner.geometry())
    for button in banner_buttons(risen):
        assert risen.banner.rect().contains(button.geometry())
        assert button.width() >= button.sizeHint().width()
