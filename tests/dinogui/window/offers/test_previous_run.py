"""The banner offers the run before, right after another one has taken its place."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from dinogui.session.run import RunState
from engine.training.presets import PRESETS


def train(qtbot, window, step):
    window.session.train(step)
    qtbot.waitUntil(lambda: window.session.snapshot_step == step, timeout=20_000)
    qtbot.waitUntil(lambda: window.session.state is RunState.PAUSED)


def by_restart(window, _):
    window.actions_.restart.trigger()


def by_preset(window, _):
    window.run_commands.begin_preset(PRESETS[0])


def by_file(window, names_file):
    window.open_file(str(names_file()))


@pytest.mark.parametrize("replace", [by_restart, by_preset, by_file])
def test_the_run_before_is_offered_and_shown_again(window, qtbot, names_file, replace):
    train(qtbot, window, 12)
    replace(window, names_file)
    qtbot.waitUntil(window.banner.isVisible)
    where = "" if replace is by_file else " and stays on the plot"
    assert window.banner.message == f"The run before, dinosaurs.txt, 12 steps, is kept{where}."
    buttons = [b for b in window.banner.findChildren(QPushButton) if b.isVisible()]
    assert [button.text() for button in buttons] == ["Show it again"]
    qtbot.mouseClick(buttons[0], Qt.MouseButton.LeftButton)
    assert window.session.snapshot_step == 12
    assert window.session.kind == "names"
    train(qtbot, window, 15)


def test_only_a_run_on_the_same_data_is_said_to_stay_on_the_plot(window, qtbot, names_file):
    train(qtbot, window, 12)
    by_restart(window, None)
    [run] = window.library.earlier.runs
    window.session.on_plot.hide_all()
    window.session.on_plot.show(run.key)  # by hand, so it stays when other data is opened
    window.session.show_run(run.run_id)
    window.banner.clear()
    by_file(window, names_file)
    qtbot.waitUntil(window.banner.isVisible, timeout=10_000)
    assert window.session.on_plot.is_shown(run.key)
    assert window.banner.message == "The run before, dinosaurs.txt, 12 steps, is kept."


def test_the_offer_counts_the_steps_of_the_run_as_it_was_put_aside(window, qtbot):
    window.session.train()
    qtbot.waitUntil(lambda: window.session.steps_made > 300)
    left = window.session.run
    by_restart(window, None)
    qtbot.waitUntil(window.banner.isVisible)
    copied = []
    window.session.copy_run(left, copied.append, None)
    qtbot.waitUntil(lambda: bool(copied))
    step = copied[0].state.step
    kept = f"dinosaurs.txt, {step:,} steps, is kept and stays on the plot."
    assert window.banner.message == f"The run before, {kept}"
    assert [run.step for run in window.library.earlier.runs] == [step]


def test_other_data_begins_with_usual_steps_after_a_run_that_went_bad(window, qtbot, names_file):
    session = window.session
    train(qtbot, window, 800)
    session.set_hyperparameters(learning_rate=1.0, clip=None)
    with qtbot.waitSignal(session.loss_rose, timeout=20_000):
        session.train()
    session.pause()
    bad = session.run.id
    by_file(window, names_file)
    qtbot.waitUntil(lambda: window.banner.message.startswith("The run before"))
    assert (session.hyperparameters.learning_rate, session.hyperparameters.clip) == (0.01, 5.0)
    assert window.controls.clip.box.text() == "5"
    assert window.banner.message.endswith(
        " is kept. It went bad at a learning rate of 1 without clipping, so this one begins with "
        "0.01 and a clip value of 5."
    )
    session.show_run(bad)
    assert (session.hyperparameters.learning_rate, session.hyperparameters.clip) == (1.0, None)


def test_a_run_without_steps_is_not_offered(window, qtbot):
    by_restart(window, None)
    qtbot.wait(50)
    assert window.banner.isHidden()


def test_the_offer_goes_away_when_training_begins(window, qtbot):
    train(qtbot, window, 12)
    by_restart(window, None)
    qtbot.waitUntil(window.banner.isVisible)
    train(qtbot, window, 5)
    assert window.banner.isHidden()


def test_the_offer_goes_away_after_a_while_and_another_message_stays(window, qtbot):
    train(qtbot, window, 12)
    by_restart(window, None)
    qtbot.waitUntil(window.banner.isVisible)
    [timer] = [child._timer for child in window.banner.children() if hasattr(child, "_show_again")]
    timer.timeout.emit()
    assert window.banner.isHidden()
    train(qtbot, window, 5)
    by_restart(window, None)
    qtbot.waitUntil(window.banner.isVisible)
    window.banner.say("Something else.")
    timer.timeout.emit()
    assert window.banner.isVisible()


@pytest.mark.layout
def test_the_offer_covers_no_control_and_lowers_the_upper_edge_of_the_curves_alone(window, qtbot):
    train(qtbot, window, 12)
    plot = window.loss_plot
    parts = (plot.unit_box, window.controls, window.arrangement.right)
    before, curves = [part.geometry() for part in parts], plot.plot.geometry()
    by_restart(window, None)
    qtbot.waitUntil(window.banner.isVisible)
    qtbot.waitUntil(lambda: plot.plot.geometry().top() > curves.top())
    assert [part.geometry() for part in parts] == before
    assert plot.plot.geometry().united(curves) == curves
    assert plot.plot.geometry().bottomRight() == curves.bottomRight()
    assert not window.banner.geometry().intersects(plot.unit_box.geometry())
