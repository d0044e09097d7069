"""What is said and can be done while somebody looks back."""

import threading
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtWidgets import QApplication

from dinogui.panels.loss.past.past_view import SILENT_MILLISECONDS
from dinogui.panels.loss.past.replay import ReplaySpeed
from dinogui.session.run import RunState
from dinogui.workers.past_worker import PastWorker
from engine.cli.main import main
from engine.runs.run_file import load_run, save_run

LEFT = Qt.MouseButton.LeftButton


def in_viewport(window, step, up=40):
    """Return a point of the plot at a step, some pixels above its lower edge."""
    pane = window.loss_plot.pane
    return pane.geometry().topLeft() + QPoint(round(pane.x_of(step)), pane.height() - up)


def foot(window):
    return window.arrangement._parts.foot


def row(window):
    return foot(window)._row


def test_a_click_on_the_plot_goes_there(past_window, qtbot):
    qtbot.mouseClick(past_window.loss_plot.plot.viewport(), LEFT, pos=in_viewport(past_window, 200))
    past = past_window.session.past
    assert abs(past.step - 200) <= 3
    qtbot.waitUntil(lambda: past.is_reached)
    assert past_window.loss_plot.pane.past.step == past.step


def test_a_drag_in_the_plot_pans_it_and_goes_nowhere(past_window, qtbot):
    viewport, place = past_window.loss_plot.plot.viewport(), in_viewport(past_window, 300)
    before = past_window.loss_plot.plot.getViewBox().viewRange()[0]
    qtbot.mousePress(viewport, LEFT, pos=place)
    for pixels in (10, 40, 80):
        qtbot.mouseMove(viewport, place - QPoint(pixels, 0))
        qtbot.wait(30)
    qtbot.mouseRelease(viewport, LEFT, pos=place - QPoint(80, 0))
    assert past_window.loss_plot.plot.getViewBox().viewRange()[0] != before
    assert not past_window.session.past.is_on


def test_a_step_can_be_typed(past_window, look, qtbot):
    look(past_window, 100)
    box = row(past_window).step_box
    assert box.isVisible()
    assert box.value() == 100
    box.setFocus()
    box.selectAll()
    qtbot.keyClicks(box, "250")
    qtbot.keyClick(box, Qt.Key.Key_Return)
    assert past_window.session.past.step == 250
    qtbot.keyClick(box, Qt.Key.Key_Up)
    assert past_window.session.past.step == 251


def test_a_step_can_be_typed_into_the_command_search(past_window, choose, qtbot):
    choose(past_window, "Ctrl+K")
    sheet = past_window.command_search.sheet
    qtbot.keyClicks(QApplication.focusWidget(), "step 200")
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    assert past_window.command_search.sheet is not sheet
    assert past_window.session.past.step == 200


def test_the_window_says_which_network_it_shows(past_window, look, qtbot):
    qtbot.waitUntil(lambda: past_window.session.run.full_held_out is not None)
    loss_before = past_window.loss_plot._head.figure.text()
    look(past_window, 200)
    window = past_window
    window.resize(1600, 1000)
    QApplication.processEvents()
    assert row(window).sentence.text == "Names and panels show the network of step 200."
    assert window.status.message.startswith("Looking back at step 200")
    assert window.loss_plot._head.sentence.text.startswith("step 200 · ")
    figure = window.loss_plot._head.figure.text()
    assert figure != loss_before
    assert window.loss_plot.pane.past.text == f"step 200 · {figure}"
    window.session.past.leave()
    assert window.loss_plot.pane.past is None
    assert window.loss_plot._head.figure.text() == loss_before
    assert "Looking back" not in window.status.message
    assert not row(window).isVisible()


def test_the_values_under_the_pointer_lie_below_the_label_of_the_step(past_window, look, qtbot):
    look(past_window, 200)
    plot = past_window.loss_plot
    qtbot.mouseMove(plot.plot.viewport(), in_viewport(past_window, 200))
    plot.plot.scene().sigMouseMoved.emit(
        QPointF(plot.plot.mapToScene(in_viewport(past_window, 200)))
    )

    def room_above():
        pane = plot.pane.mapTo(past_window, QPoint()).y()
        return plot._reading.mapTo(past_window, QPoint()).y() - pane

    assert room_above() >= plot.pane.past.label_height
    past_window.session.past.leave()
    assert room_above() < 10, "there is no label"
    qtbot.mouseClick(plot.plot.viewport(), LEFT, pos=in_viewport(past_window, 200))
    qtbot.waitUntil(lambda: plot.pane.past is not None)
    assert room_above() >= plot.pane.past.label_height, "the label came while they were shown"


def test_the_loss_in_the_head_is_that_of_the_step(past_window, look):
    plot, session = past_window.loss_plot, past_window.session
    for step in (0, 1, 450):
        look(past_window, step)
        curve = session.curves.smoothed(plot.unit)
        nats = None if step == 0 else curve.latest_until(step)
        expected = (
            session.guessing_loss(plot.unit)
            if nats is None
            else float(plot.unit.from_nats(nats[1]))
        )
        assert plot._head.figure.text() == plot.unit.write(expected)


def test_now_and_best_have_buttons_and_keys(past_window, look, choose, qtbot):
    look(past_window, 100)
    qtbot.mouseClick(row(past_window).now, LEFT)
    assert not past_window.session.past.is_on
    assert QApplication.focusWidget() is past_window.loss_plot.play_head or not row(
        past_window
    ).isAncestorOf(QApplication.focusWidget())
    look(past_window, 100)
    choose(past_window, "Ctrl+Shift+N")
    assert not past_window.session.past.is_on


def test_best_shows_the_best_network_and_leaves_the_run(past_window, train_until, choose, qtbot):
    session = past_window.session
    session.set_hyperparameters(learning_rate=0.01)
    train_until(session, 2000)
    session.set_hyperparameters(learning_rate=2.0, clip=None)
    train_until(session, 3000)
    best = session.progress.held_out.best.step
    assert best < session.steps_made
    choose(past_window, "Ctrl+Shift+B")
    assert session.past.step == best
    assert session.steps_made >= 2000


def test_nothing_is_offered_that_does_nothing(window, qtbot):
    past = window.actions_.past
    for action in (past.replay, past.leave, past.look_at_best, past.go_on_from_here):
        assert not action.isEnabled()
    window.session.step()
    qtbot.waitUntil(lambda: past.replay.isEnabled())


def test_going_on_from_here_is_a_new_run_and_says_where_the_former_is(
    past_window, look, choose, qtbot, train_until
):
    session, former = past_window.session, past_window.session.run
    look(past_window, 200)
    choose(past_window, "Ctrl+Shift+G")
    qtbot.waitUntil(lambda: session.run is not former)
    assert (session.steps_made, session.state) == (200, RunState.PAUSED)
    assert past_window.status.message == (
        "This new run goes on from step 200. The former one is in Runs, as it was."
    )
    assert not session.past.is_on
    session.set_hyperparameters(learning_rate=0.03)
    train_until(session, 210)
    assert former.hyperparameters.learning_rate == 0.005
    assert session.hyperparameters.learning_rate == 0.03
    assert session.show_run(former.id)
    assert (session.run, session.steps_made) == (former, 600)


def test_a_run_that_is_begun_meanwhile_is_not_called_a_continuation(past_window, look, choose):
    look(past_window, 200)
    choose(past_window, "Ctrl+Shift+G")
    past_window.session.restart()
    assert "goes on from step" not in past_window.status.message


def test_a_step_that_cannot_be_shown_is_explained_and_the_present_stays(
    past_window, monkeypatch, qtbot
):
    def fail(*_):
        raise ValueError("The checkpoint at step 0 is damaged.")

    monkeypatch.setattr("engine.runs.reach.reach", fail)
    past_window.session.past.look(100)
    qtbot.waitUntil(lambda: "The checkpoint at step 0 is damaged." in past_window.banner.message)
    assert not past_window.session.past.is_on
    assert past_window.loss_plot.pane.past is None


def test_what_is_not_as_it_was_is_said(past_window, monkeypatch, qtbot):
    from engine.runs.reach import reach

    note = "The run was made on another processor. The nearest checkpoint is shown."
    monkeypatch.setattr("engine.runs.reach.reach", lambda *about: replace(reach(*about), note=note))
    past_window.session.past.look(100)
    qtbot.waitUntil(lambda: note in past_window.banner.message)
    assert past_window.session.past.moment.step == 100


@pytest.fixture
def slow_reach(monkeypatch):
    """Let every look report a third of its way and then wait; return the event that ends it."""
    from engine.runs.reach import reach

    released = threading.Event()

    def slow(history, corpus, step, on_step=None):
        while not released.wait(0.02):
            on_step(step // 3)
        return reach(history, corpus, step, on_step)

    monkeypatch.setattr("engine.runs.reach.reach", slow)
    yield released
    released.set()


def test_a_long_way_is_shown(past_window, slow_reach, qtbot):
    past_window.resize(1600, 1000)
    past_window.session.past.look(300)
    qtbot.wait(SILENT_MILLISECONDS // 2)
    assert "Names and panels" in row(past_window).sentence.text
    qtbot.waitUntil(lambda: "Going to step 300" in row(past_window).sentence.text)
    assert past_window.loss_plot.play_head._share is not None
    slow_reach.set()
    qtbot.waitUntil(lambda: past_window.session.past.is_reached)
    assert past_window.loss_plot.play_head._share is None
    assert "Names and panels" in row(past_window).sentence.text


def test_the_window_closes_at_once_during_a_long_look(past_window, slow_reach, qtbot):
    past_window.session.past.look(300)
    qtbot.waitUntil(lambda: past_window.loss_plot.play_head._share is not None)
    past_window.close()
    assert past_window.session.has_ended


def test_what_is_typed_while_a_step_is_on_its_way_wins(past_window, slow_reach, qtbot):
    past = past_window.session.past
    past.look(300)
    qtbot.waitUntil(lambda: past_window.loss_plot.play_head._share is not None)
    past.look(77)
    slow_reach.set()
    qtbot.waitUntil(lambda: past.is_reached)
    assert past_window.session.viewed_snapshot.step == 77


def test_steps_are_seen_while_the_knob_is_dragged(past_window, qtbot):
    past, seen = past_window.session.past, []
    past.reached.connect(lambda: seen.append(past.moment.step))
    for step in range(500, 100, -4):
        past.look(step)
        qtbot.wait(1)
    qtbot.waitUntil(lambda: past.is_reached)
    assert seen[-1] == 104
    assert len(seen) > 1  # not the last one alone


def test_the_worker_is_one_of_its_own(past_window):
    assert PastWorker.task == "Looking back"


@pytest.fixture
def open_file(window, qtbot, names_file, tmp_path):
    """Return a function that trains in the command line, and opens the run in the window."""

    def opened(prepare=lambda path: None):
        path = tmp_path / "run.npz"
        words = "train", names_file(), "--hidden", 8, "--steps", 1500, "--save", path
        assert main([str(word) for word in words]) == 0
        prepare(path)
        with qtbot.waitSignal(window.library.saving.opened):
            window.library.saving.open(str(path))
        qtbot.waitUntil(lambda: window.session.progress is not None)
        window.loss_plot.draw()
        return window

    return opened


def test_a_run_of_the_command_line_shows_its_losses(open_file, look, choose, qtbot):
    window = open_file()
    plot, session = window.loss_plot, window.session
    best = session.progress.held_out.best
    look(window, 700)
    loss = session.curves.smoothed(plot.unit).latest_until(700)
    assert loss[0] == 700
    assert plot._head.figure.text() == plot.unit.write(float(plot.unit.from_nats(loss[1])))
    choose(window, "Ctrl+Shift+B")
    qtbot.waitUntil(lambda: session.past.is_reached or not session.past.is_on)
    assert best.step == 1500 or session.past.step == best.step
    assert session.curves.held_out(plot.unit).lowest_point[0] == best.step


def test_a_run_without_a_curve_says_that_it_was_not_kept(open_file, look):
    def forget_curve(path):
        saved = load_run(path)
        save_run(path, saved.data(), saved.state, {"seconds": saved.seconds})

    window = open_file(forget_curve)
    look(window, 700)
    assert "its loss was not kept" in window.loss_plot._head.sentence.text


@pytest.fixture
def foreign(open_file):
    """Return the window with a run of another processor, and the steps of two checkpoints of it.

    From the first one to the second one, the run comes out differently here.
    """
    steps = []

    def move(path):
        saved = load_run(path)
        kept = [*map(of_another_machine, saved.checkpoints)]
        place = next(i for i in range(1, len(kept)) if kept[i].step - kept[i - 1].step > 10)
        parameters = kept[place].state.parameters.copy()
        parameters.flat[3] += 1.0
        state = replace(kept[place].state, parameters=parameters)
        kept[place] = replace(kept[place], state=state)
        steps.extend((kept[place - 1].step, kept[place].step))
        save_run(path, saved.data(), saved.state, saved.extras, checkpoints=kept)

    return open_file(move), *steps


def of_another_machine(checkpoint):
    values = dict(checkpoint.state.values)
    values["made_by.machines"] = [
        machine | {"processor": "Another"} for machine in values["made_by.machines"]
    ]
    return replace(checkpoint, state=replace(checkpoint.state, values=values))


def test_a_run_of_another_processor_says_which_step_is_shown_instead(
    foreign, look, monkeypatch, qtbot
):
    monkeypatch.setattr(ReplaySpeed.TEN_SECONDS, "seconds", 0.6)
    window, near, following = foreign
    moment = look(window, following - 5)
    assert moment.step == near
    assert window.banner.message.startswith("This run was made on another processor, so it cannot")
    assert f"network of step {near:,}" in row(window).sentence.toolTip()
    window.actions_.past.replay.trigger()
    qtbot.waitUntil(lambda: not window.session.past.is_on, timeout=10_000)
    look(window, following - 5)
    with qtbot.waitSignal(window.session.run_begun):
        window.actions_.past.go_on_from_here.trigger()
    assert window.session.run.resumed_at == near
    assert window.status.message == (
        f"Step {following - 5:,} cannot be repeated exactly here. This new run goes on from step "
        f"{near:,}. The former one is in Runs, as it was."
    )
