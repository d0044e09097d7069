"""The end of a run and the way back to its best network, in the window."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractSpinBox, QLineEdit

from dinogui.session.run import RunState
from engine.cli.main import main
from engine.evaluation.units import Unit
from engine.runs.replay import replay
from engine.runs.run_file import load_best_network, load_run
from engine.training.ending import ENDLESS, Until
from engine.training.presets import PRESETS
from engine.training.settings import Hyperparameters

STEPS = 400
OVERFITTING = Hyperparameters(0.03, 5.0, (12,), optimizer="adam", batch=50)
"""It knows the names below by heart long before `STEPS`."""


@pytest.fixture
def few_names(names_file):
    """Return a file of sixty names, made of syllables which do not tell the held-out ones."""
    random = np.random.default_rng(5)
    syllables = ("al", "lo", "ra", "ce", "me", "ga", "tri", "do", "no", "sau", "ro", "ti")
    names = sorted({"".join(random.choice(syllables, 3)) for _ in range(60)})
    return names_file("\n".join(names), "few.txt")


@pytest.fixture
def overfitting(window, qtbot, few_names):
    """Return the window with a run on them that has not begun."""
    with qtbot.waitSignal(window.session.run_begun):
        window.open_file(str(few_names))
    window.session.restart(hyperparameters=OVERFITTING)
    return window


@pytest.fixture
def overfitted(overfitting, train_until):
    """Return the window with a run on them whose held-out loss has risen."""
    train_until(overfitting.session, STEPS)
    assert overfitting.session.progress.held_out.has_risen
    return overfitting


def assert_replayed(run):
    found = replay(run.record, run.data(), run.network.parameters, run.state.step)
    assert found.difference is None


def press_go_back(qtbot, window):
    with qtbot.waitSignal(window.session._training.network_replaced):
        qtbot.mouseClick(window.end_line.button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not window.end_line.button.isVisible())


def test_a_rising_loss_is_said_in_the_unit_of_the_plot_and_nothing_moves(overfitting, train_until):
    window, line = overfitting, overfitting.end_line
    assert (line.message, line.button.isVisible()) == ("", False)
    assert not window.actions_.go_to_best.isEnabled()
    before = window.loss_plot.geometry(), line.pos(), line.height()
    train_until(window.session, STEPS)
    trend = window.session.progress.held_out
    assert line.message == (
        f"Best {trend.best.nats_per_name:.2f} at step {trend.best.step:,}; now "
        f"{trend.latest.nats_per_name:.2f} nats per name."
    )
    assert line.button.isVisible()
    assert window.actions_.go_to_best.isEnabled()
    assert not window.banner.isVisible()
    assert (window.loss_plot.geometry(), line.pos(), line.height()) == before
    window.actions_.units[Unit.BITS_PER_CHARACTER].trigger()
    bits = trend.best.nats_per_character / np.log(2)
    assert line.message.startswith(f"Best {bits:.2f} at step")
    assert line.message.endswith(" bits per character.")


def test_the_keys_stay_with_the_window_after_going_back(overfitted, qtbot):
    window, session = overfitted, overfitted.session
    best = session.progress.held_out.best.step
    left = session.snapshot.parameters.flat.copy()
    window.end_line.button.setFocus(Qt.FocusReason.MouseFocusReason)
    press_go_back(qtbot, window)
    qtbot.waitUntil(lambda: session.snapshot.step == best)
    assert not isinstance(window.focusWidget(), QLineEdit | QAbstractSpinBox)
    QTest.keySequence(window, QKeySequence("Ctrl+Z"))
    qtbot.waitUntil(lambda: np.array_equal(session.snapshot.parameters.flat, left))


def test_going_back_gives_the_bits_of_keep_best(overfitted, qtbot, few_names, tmp_path, saved):
    press_go_back(qtbot, overfitted)
    session = overfitted.session
    assert session.state is RunState.PAUSED
    assert overfitted.end_line.message == ""
    assert overfitted.windowTitle().startswith("few.txt")
    assert session.run.is_unsaved
    run = saved(overfitted)
    assert not session.run.is_unsaved
    assert [event.kind for event in run.record.events] == ["go to best"]
    assert_replayed(run)
    path = tmp_path / "cli.npz"
    words = "--optimizer adam --batch 50 --hidden 12 --learning-rate 0.03 --decay 0 --keep-best"
    options = (*words.split(), "--schedule", OVERFITTING.schedule, "--steps")
    assert main(["train", str(few_names), *options, str(STEPS), "--save", str(path)]) == 0
    kept = load_run(path)
    assert kept.network.parameters.flat.tobytes() == run.network.parameters.flat.tobytes()
    assert kept.record.events == run.record.events
    best = load_best_network(path)
    assert best.parameters.flat.tobytes() == kept.network.parameters.flat.tobytes()


def test_going_back_can_be_undone_and_redone(overfitted, qtbot, train_until, saved):
    window, session = overfitted, overfitted.session
    left, best = session.snapshot.parameters.flat.copy(), session.progress.held_out.best.step
    press_go_back(qtbot, window)
    assert session.snapshot.step == best
    QTest.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: session.snapshot.step == STEPS)
    assert session.snapshot.parameters.flat.tobytes() == left.tobytes()
    assert window.actions_.redo.text().endswith("going back to the best network")
    window.actions_.redo.trigger()
    qtbot.waitUntil(lambda: session.snapshot.step == best)
    train_until(session, STEPS + 20)
    run = saved(window)
    kinds = [event.kind for event in run.record.events]
    assert kinds == ["go to best", "undo go to best", "go to best"]
    assert_replayed(run)


def test_only_the_latest_return_can_be_undone(overfitted, qtbot, train_until):
    session, undo = overfitted.session, overfitted.session.undo
    press_go_back(qtbot, overfitted)
    train_until(session, STEPS + 300)
    with qtbot.waitSignal(session._training.network_replaced):
        overfitted.actions_.go_to_best.trigger()
    with qtbot.waitSignal(session._training.network_replaced):
        undo.undo()
    assert undo.undo_text == "going back to the best network"
    undo.undo()  # the network that was left first is gone
    assert undo.undo_text == ""
    assert session.run.replacements == 3


def test_widths_come_back_with_the_network(overfitted, qtbot):
    session = overfitted.session
    session.set_hyperparameters(widths=(5,))
    with qtbot.waitSignal(session.resized):
        pass
    with qtbot.waitSignal(session._training.network_replaced):
        overfitted.actions_.go_to_best.trigger()
    qtbot.waitUntil(lambda: session.snapshot.parameters.architecture.widths == (12,))
    assert session.hyperparameters.widths == (12,)
    assert overfitted.controls.hidden.value == 12


# When the run ends by itself.


def set_condition(qtbot, window, name, text):
    """Open the form as a person does, tick a condition, and type its value."""
    button, row = window.run_end._button, window.run_end._button.form.rows[name]
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(button.menu_.isVisible)
    if not row.tick.isChecked():
        row.tick.setFocus()
        qtbot.keyClick(row.tick, Qt.Key.Key_Space)
    assert row.box.isEnabled()
    row.box.setFocus()
    row.box.selectAll()
    qtbot.keyClicks(row.box, text)
    qtbot.keyClick(row.box, Qt.Key.Key_Return)
    qtbot.keyClick(button.menu_, Qt.Key.Key_Escape)
    button.menu_.close()


def test_a_run_ends_after_the_steps_that_are_set_and_goes_on_when_told_to(window, qtbot, saved):
    session = window.session
    button = window.run_end._button
    assert button.text() == "Until…"
    set_condition(qtbot, window, "steps", "700")
    assert session.until == Until(steps=700)
    assert button.text() == "Until 700 steps"
    with qtbot.waitSignal(session.ended, timeout=20_000):
        window.actions_.train.trigger()
    assert session.state is RunState.PAUSED
    qtbot.waitUntil(lambda: session.steps_made == 700)
    assert window.end_line.message == "Ended at step 700, as set. Train goes on from here."
    assert not window.banner.isVisible()
    assert button.text() == button.accessibleName() == "Ended at 700"
    window.actions_.train.trigger()
    assert window.end_line.message == ""
    qtbot.waitUntil(lambda: session.steps_made > 900)
    assert button.text() == "Past 700 steps"
    assert "no longer ends by itself" in button.toolTip()
    window.actions_.train.trigger()
    run = saved(window)
    assert run.state.until == Until(steps=700)
    assert {event.kind for event in run.record.events} == {"set end"}
    assert_replayed(run)


def test_the_button_names_only_what_can_still_end_the_run(window, qtbot, train_until):
    session, button = window.session, window.run_end._button
    session.set_until(Until(steps=20, loss=9.0, patience=900))
    train_until(session, 20)
    qtbot.waitUntil(lambda: button.text() == "Ended at 20")
    train_until(session, 30)
    assert session.steps_made == 30
    shown = "a loss of 9 nats per character or 900 measurements without a better loss."
    assert button.toolTip().startswith(f"The run ends by itself: {shown}")
    session.set_until(Until(loss=9.0))
    with qtbot.waitSignal(session.ended, timeout=20_000):
        session.train()
    assert session.run.ended.reason == "loss"
    train_until(session, session.steps_made + 10)
    qtbot.waitUntil(lambda: button.toolTip().startswith("The run has gone on beyond its end"))
    session.set_until(Until(loss=0.5))
    qtbot.waitUntil(lambda: "loss of 0.5 " in button.toolTip())
    window.session.restart()
    qtbot.waitUntil(lambda: session.run.progress is not None)
    assert "loss of 0.5 " in button.toolTip(), "a new run has its end before it"


def test_an_end_is_changed_while_training_and_can_be_undone(window, qtbot):
    session = window.session
    session.train()
    qtbot.waitUntil(lambda: session.steps_made > 0)
    set_condition(qtbot, window, "minutes", "0.001")
    set_condition(qtbot, window, "loss", "9")
    assert session.until == Until(minutes=0.01, loss=9.0), "the shortest time is 0.01 minutes"
    qtbot.waitUntil(lambda: session.state is RunState.PAUSED, timeout=20_000)
    assert window.end_line.message.startswith("Ended at step ")
    assert session.undo.undo_text == "end of the run"
    while session.undo.undo_text == "end of the run":
        session.undo.undo()
    assert session.until == ENDLESS
    assert window.run_end._button.text() == "Until…"


def test_patience_offers_the_best_network(overfitting, qtbot):
    session = overfitting.session
    session.set_until(Until(patience=3))
    with qtbot.waitSignal(session.ended, timeout=20_000):
        session.train()
    line = overfitting.end_line
    qtbot.waitUntil(line.button.isVisible)
    assert "the last 3 measurements were no better than the best one." in line.message
    assert " than the best one. Best " in line.message
    press_go_back(qtbot, overfitting)
    assert line.message.startswith("Ended at step ")


def test_an_end_is_saved_and_shown_again(window, qtbot, tmp_path, open_window, saved):
    session = window.session
    session.set_until(Until(steps=50, patience=1000))
    with qtbot.waitSignal(session.ended, timeout=20_000):
        session.train()
    saved(window)
    other = open_window()
    with qtbot.waitSignal(other.session.ended, timeout=20_000):
        other.open_file(str(tmp_path / "run.npz"))
    assert other.session.until == Until(steps=50, patience=1000)
    assert other.end_line.message == "Ended at step 50, as set. Train goes on from here."
    assert other.run_end._button.form.until == Until(steps=50, patience=1000)
    assert not other.session.run.is_unsaved


def test_a_preset_brings_its_end_and_the_next_one_takes_it_away(window, qtbot, train_until):
    session = window.session
    session.begin_preset(replace(PRESETS[0], until=Until(steps=9)))
    assert session.until == Until(steps=9)
    train_until(session, 100)
    qtbot.waitUntil(lambda: session.steps_made == 9)
    session.restart()
    assert session.until == Until(steps=9), "a restart keeps what was set"
    session.begin_preset(replace(PRESETS[0], until=None))
    assert session.until == ENDLESS


def test_the_form_offers_what_the_run_has(window):
    form = window.run_end._button.form
    assert form.rows["loss"].tick.text() == "at a held-out &loss of, in nats per character"
    assert form.rows["patience"].tick.isEnabled()
    window.session.begin_preset(PRESETS[1])
    assert form.rows["loss"].tick.text() == "at a smoothed &loss of, in nats per character"
    assert not form.rows["patience"].tick.isEnabled()
