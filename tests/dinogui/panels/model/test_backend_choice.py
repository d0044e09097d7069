"""What computes the steps: new runs take the faster step, and the Model panel chooses another."""

import pytest
from PySide6.QtCore import Qt

from dinogui.common.event_words import event_text
from dinogui.session.run import RunState
from engine.nn.fast.compiled.kernel_store import kernel_state
from engine.racing.lane import Lane, titled
from engine.racing.race import RacePlan
from engine.training.presets import PRESETS
from engine.training.settings import Hyperparameters

CONTROL = Qt.KeyboardModifier.ControlModifier


def press_in_the_box(window, qtbot, key):
    """Go to the choice of the step, and press a key there."""
    window.left.show_settings()
    box = window.model.backend
    box.setFocus()
    qtbot.keyClick(box, key)
    return box


def test_new_runs_take_the_faster_step_and_a_change_is_an_event_that_can_be_undone(
    compiled_kernels, window, qtbot, train_until
):
    session = window.session
    assert session.hyperparameters.backend == "compiled"
    assert window.model.presets.box.currentText() == PRESETS[0].name, "it is the preset"
    train_until(session, 30)
    box = press_in_the_box(window, qtbot, Qt.Key.Key_Up)
    assert (box.currentText(), session.hyperparameters.backend) == ("NumPy", "numpy")
    train_until(session, 60)
    assert [event_text(each) for each in session.run.events] == ["kind of step Faster step → NumPy"]
    assert "kind of step" in window.actions_.undo.text().lower()
    window.actions_.undo.trigger()
    assert (box.currentText(), session.hyperparameters.backend) == ("Faster step", "compiled")
    train_until(session, 90)
    assert event_text(session.run.events[-1]) == "kind of step NumPy → Faster step"
    assert session.run.events[-1].step == 60
    press_in_the_box(window, qtbot, Qt.Key.Key_Up)
    with qtbot.waitSignal(session.network_made):
        session.restart()
    assert session.hyperparameters.backend == "compiled", "every new run takes it"


def test_lanes_of_a_race_take_the_faster_step(compiled_kernels, window, qtbot):
    racing = window.session.racing
    lanes = [Lane(Hyperparameters(rate, widths=(5,))) for rate in (0.01, 0.02)]
    racing.begin(titled(lanes), RacePlan(steps=20))
    qtbot.waitUntil(lambda: all(lane.step == 20 for lane in racing.lanes))
    assert {lane.lane.hyperparameters.backend for lane in racing.lanes} == {"compiled"}
    racing.end()


def test_the_faster_step_cannot_be_chosen_where_it_is_not_ready(window, qtbot):
    reason = kernel_state().reason
    box = press_in_the_box(window, qtbot, Qt.Key.Key_Down)
    assert (box.currentText(), window.session.hyperparameters.backend) == ("NumPy", "numpy")
    assert reason
    assert box.itemData(1, Qt.ItemDataRole.ToolTipRole) == reason
    assert "last bits" in box.toolTip()
    assert box.toolTip().endswith(reason)
    qtbot.keyClick(window, Qt.Key.Key_K, CONTROL)
    sheet = window.command_search.sheet
    qtbot.keyClicks(sheet.line, "kind of step: faster")
    assert sheet.chosen.title == "Kind of step: Faster step"
    assert sheet.explanation == reason
    with pytest.raises(ValueError, match="faster step"):
        window.session.set_hyperparameters(backend="compiled")


def test_the_search_sets_the_step(compiled_kernels, window, qtbot):
    qtbot.keyClick(window, Qt.Key.Key_K, CONTROL)
    sheet = window.command_search.sheet
    qtbot.keyClicks(sheet.line, "kind of step: numpy")
    qtbot.keyClick(sheet.line, Qt.Key.Key_Return)
    assert window.session.hyperparameters.backend == "numpy"


def test_a_run_opened_without_kernels_is_looked_at_and_goes_on_with_numpy(
    compiled_kernels, unload_kernels, open_window, qtbot, tmp_path, train_until
):
    first, path = open_window(), tmp_path / "run.npz"
    qtbot.waitUntil(lambda: first.session.has_network)
    train_until(first.session, 700)
    with qtbot.waitSignal(first.library.saving.saved):
        first.library.saving.save_to(str(path))
    first.close()
    unload_kernels()
    window = open_window()
    session = window.session
    with qtbot.waitSignal(session.run_begun):
        window.open_file(str(path))
    qtbot.waitUntil(lambda: session.has_network and session.steps_made == 700)
    assert session.hyperparameters.backend == "compiled"
    window.left.show_settings()
    assert window.model.backend.currentText() == "Faster step"
    with qtbot.waitSignal(session.past.reached):
        session.past.look(600)
    assert "made with the faster step, which is not ready" in session.past.moment.note
    session.past.leave()
    window.actions_.step.trigger()
    qtbot.waitUntil(lambda: session.steps_made == 701)
    qtbot.waitUntil(lambda: session.hyperparameters.backend == "numpy")
    assert "it goes on with NumPy" in window.banner.message
    assert kernel_state().reason in window.banner.message
    assert window.model.backend.currentText() == "NumPy"
    (event,) = session.run.events
    assert (event.step, event_text(event)) == (700, "kind of step Faster step → NumPy")
    train_until(session, 720)
    assert session.state is RunState.PAUSED
    assert len(session.run.events) == 1
