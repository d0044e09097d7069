"""A faster step that has been compiled is offered to the run in hand; else it is said why not."""

import os
import sys
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt

from dinogui.common.event_words import event_text
from dinogui.session.run import RunState
from engine.racing.lane import Lane, titled
from engine.racing.race import RacePlan
from engine.training.settings import Hyperparameters

IS_READY = "The faster step is ready: new runs take it."
OFFER = "The faster step is ready. New runs take it, and this one can go on with it."
REFUSE = "import sys\nsys.exit('There is no room on the disk.')"


def is_offered(window):
    return window.banner.isVisible() and window.banner.message == OFFER


def test_a_run_that_trains_is_offered_the_step_and_goes_on_with_it(
    window, qtbot, compile_meanwhile, banner_buttons, choose, train_until
):
    session = window.session
    session.train()
    qtbot.waitUntil(lambda: session.steps_made > 100)
    compile_meanwhile(window)
    qtbot.waitUntil(lambda: window.status.message == IS_READY)
    assert is_offered(window)
    assert [button.text() for button in banner_buttons(window)] == ["Use it"]
    choose(window, "Use it")
    assert not window.banner.isVisible()
    assert session.hyperparameters.backend == "compiled"
    qtbot.waitUntil(lambda: bool(session.run.events))
    before = session.steps_made
    qtbot.waitUntil(lambda: session.steps_made > before + 100)
    assert session.state is RunState.TRAINING
    session.pause()
    window.actions_.undo.trigger()
    assert session.hyperparameters.backend == "numpy"
    train_until(session, before + 10_000)
    words = [event_text(each) for each in session.run.events]
    assert words == ["kind of step NumPy → Faster step", "kind of step Faster step → NumPy"]
    assert not window.banner.isVisible(), "nobody is asked twice"


def test_that_it_is_ready_is_seen_after_all_in_a_busy_window(
    open_window, monkeypatch, qtbot, compile_meanwhile, saved
):
    monkeypatch.setattr("dinogui.panels.status._SAID_MILLISECONDS", 500)
    window = open_window()
    session, status = window.session, window.status
    session.train()
    qtbot.waitUntil(lambda: session.steps_made > 100)
    session.past.look(20)
    compile_meanwhile(window)
    for step in (30, 40):
        session.past.look(step)
        assert status.message.startswith(f"Looking back at step {step}")
    session.past.leave()
    saved(window)
    assert status.message.startswith("Saved to")
    qtbot.waitUntil(lambda: status.message == IS_READY)
    qtbot.waitUntil(lambda: status.message.startswith("Training"))


def test_the_offer_goes_when_the_step_is_chosen_elsewhere_or_another_run_is_shown(
    open_window, qapp, qtbot, compile_meanwhile, empty_store, train_until
):
    first, second = open_window(), open_window()
    compile_meanwhile(first)
    qtbot.waitUntil(lambda: is_offered(first))
    first.left.show_settings()
    box = first.model.backend
    box.setFocus()
    qtbot.keyClick(box, Qt.Key.Key_Down)
    assert first.session.hyperparameters.backend == "compiled"
    assert not first.banner.isVisible()
    first.close()

    empty_store.rename(empty_store.with_name("hidden"))
    train_until(second.session, 20)
    compile_meanwhile(second)
    qtbot.waitUntil(lambda: is_offered(second))
    run = second.session.run
    with qtbot.waitSignal(second.session.network_made):
        second.actions_.restart.trigger()
    assert second.session.hyperparameters.backend == "compiled"
    second.session.show_run(run.id)
    assert second.session.hyperparameters.backend == "numpy"
    qapp.processEvents()
    assert not is_offered(second), "the run was asked"


def test_the_offer_waits_until_nothing_else_is_said_and_the_present_is_shown(
    window, qapp, qtbot, compile_meanwhile, train_until
):
    train_until(window.session, 50)
    window.banner.say("Something else.")
    compile_meanwhile(window)
    qapp.processEvents()
    assert window.banner.message == "Something else."
    with qtbot.waitSignal(window.session.past.reached):
        window.session.past.look(20)
    window.banner.clear()
    qapp.processEvents()
    assert not window.banner.isVisible()
    window.session.past.leave()
    qtbot.waitUntil(lambda: is_offered(window))


def test_a_race_takes_the_place_of_the_offer_until_it_is_left(window, qtbot, compile_meanwhile):
    racing = window.session.racing
    compile_meanwhile(window)
    qtbot.waitUntil(lambda: is_offered(window))
    lanes = [Lane(Hyperparameters(rate, widths=(5,))) for rate in (0.01, 0.02)]
    racing.begin(titled(lanes), RacePlan(steps=20))
    assert not window.banner.isVisible()
    qtbot.waitUntil(lambda: all(lane.step == 20 for lane in racing.lanes))
    assert not window.banner.isVisible()
    racing.end()
    qtbot.waitUntil(lambda: is_offered(window))


def test_a_run_that_it_would_not_make_faster_is_not_offered_it(
    window, qapp, qtbot, compile_meanwhile
):
    session = window.session
    wide = replace(session.hyperparameters, widths=(200,), dropout=0.2)
    with qtbot.waitSignal(session.network_made):
        session.restart(hyperparameters=wide)
    compile_meanwhile(window)
    qtbot.waitUntil(lambda: window.status.message == IS_READY)
    qapp.processEvents()
    assert not window.banner.isVisible()


def test_a_run_from_a_file_is_not_asked(window, qapp, qtbot, compile_meanwhile, saved, tmp_path):
    saved(window)
    window.session.set_hyperparameters(dropout=0.2, widths=(200,))  # which is not offered it
    compile_meanwhile(window)
    with qtbot.waitSignal(window.session.run_begun):
        window.open_file(str(tmp_path / "run.npz"))
    qapp.processEvents()
    assert window.session.hyperparameters.backend == "numpy"
    assert window.session.hyperparameters.widths == (50,)
    assert not window.banner.isVisible()


def test_a_run_that_was_made_with_it_is_not_offered_it(
    open_window,
    qapp,
    qtbot,
    compile_meanwhile,
    kernel_folder,
    empty_store,
    saved,
    monkeypatch,
    tmp_path,
):
    monkeypatch.setenv("DINOGUI_KERNELS", str(kernel_folder))
    first = open_window()
    saved(first)
    first.close()
    monkeypatch.setenv("DINOGUI_KERNELS", str(empty_store))
    window = open_window()
    with qtbot.waitSignal(window.session.run_begun):
        window.open_file(str(tmp_path / "run.npz"))
    assert window.session.hyperparameters.backend == "compiled"
    compile_meanwhile(window)
    qapp.processEvents()
    assert not window.banner.isVisible()


def test_damaged_files_do_not_stop_the_training(
    window, qtbot, compile_meanwhile, choose, empty_store
):
    session = window.session
    session.train()
    compile_meanwhile(window)
    for path in empty_store.glob("*/*.nbc"):
        content = path.read_bytes()
        path.write_bytes(bytes([content[0] ^ 1]) + content[1:])
    qtbot.waitUntil(lambda: is_offered(window))
    with qtbot.waitSignal(session.refused, timeout=30_000):
        choose(window, "Use it")
    assert window.banner.message.startswith("The files of the faster step are damaged.")
    assert session.hyperparameters.backend == "numpy"
    before = session.steps_made
    qtbot.waitUntil(lambda: session.steps_made > before)
    assert session.state is RunState.TRAINING


@pytest.mark.parametrize("is_training", [True, False])
def test_the_banner_says_why_it_is_not_compiled(window, qtbot, compile_meanwhile, is_training):
    if is_training:
        window.session.train()
    compile_meanwhile(window, [sys.executable, "-c", REFUSE])
    qtbot.waitUntil(window.banner.isVisible)
    assert window.banner.message == (
        "There is no room on the disk. Runs are trained with NumPy, and the next start of DinoGUI "
        "tries again."
    )
    qtbot.waitUntil(lambda: window.status.message == "The faster step could not be compiled.")
    window.session.train()
    assert window.banner.isVisible(), "it stays until it is closed"


@pytest.mark.skipif(os.name == "nt", reason="kills a process as on POSIX")
def test_a_killed_compiler_is_told_of(window, qtbot, compile_meanwhile):
    program = "import os\nos.kill(os.getpid(), 9)"
    compile_meanwhile(window, [sys.executable, "-c", program])
    qtbot.waitUntil(window.banner.isVisible)
    assert "the compiler has crashed. Runs are trained with NumPy" in window.banner.message
