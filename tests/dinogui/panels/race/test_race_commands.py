"""A race in the window: what it shows, what waits meanwhile, and how it ends."""

from PySide6.QtCore import Qt

from dinogui.common.actions.action_words import reason_of
from dinogui.session.racing.shown_race import RaceState
from engine.training.curves.axis_quantity import AxisQuantity


def click(qtbot, button):
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def test_a_race_takes_the_place_of_the_run_and_gives_it_back(qtbot, window, start, train_until):
    train_until(window.session, 30)
    run = window.session.run
    racing = start()
    assert [lane.step for lane in racing.lanes] == [60, 60]
    assert window.race_card.isVisible()
    assert not window.controls.isVisible()
    assert not window.model_card.isVisible()
    assert "hidden" not in window.top_bar.model.text()
    assert [run_.title for run_ in window.loss_plot._runs] == ["6 units", "9 units"]
    assert "6 units" in window.loss_plot.legend
    assert "training, smoothed" not in window.loss_plot.legend
    assert window.status.message.startswith("Race over\u2003step 60 in every lane")
    click(qtbot, window.race_card.end_button)
    assert (window.session.run, window.session.steps_made) == (run, 30)
    assert not window.race_card.isVisible()
    assert window.controls.isVisible()
    assert window.loss_plot._runs == []
    assert "training, smoothed" in window.loss_plot.legend
    assert window.status.message.startswith("Paused\u2003step 30")


def test_space_pauses_the_race_and_goes_on(qtbot, window, start):
    racing = start(steps=1_000_000, waits=False)
    assert racing.state is RaceState.RACING
    assert window.actions_.train.text() == "&Pause"
    window.activateWindow()
    qtbot.keyClick(window, Qt.Key.Key_Space)
    assert racing.state is RaceState.PAUSED
    assert window.actions_.train.text() == "&Train"
    assert window.session.progress.step == 0
    qtbot.keyClick(window, Qt.Key.Key_Space)
    assert racing.state is RaceState.RACING
    qtbot.waitUntil(lambda: racing.lanes[0].step > 0, timeout=30_000)


def test_what_would_change_the_run_waits_until_the_race_has_ended(qtbot, window, start):
    actions = window.actions_
    held = (actions.step, actions.restart, *actions.recipes.values())
    assert all(action.isEnabled() for action in held)
    assert not actions.races.end.isEnabled()
    start()
    over = "The race is over. Race further, or go on with one of its lanes"
    assert reason_of(actions.train) == over
    assert not any(action.isEnabled() for action in (*held, actions.undo, actions.train))
    assert reason_of(actions.step) == "A race is shown, and the run stands. End the race first"
    actions.races.end.trigger()
    assert all(action.isEnabled() for action in (*held, actions.train))
    assert not actions.undo.isEnabled()
    assert reason_of(actions.undo) == "There is no change to undo"
    assert not actions.races.end.isEnabled()


def test_a_lane_becomes_the_run_in_hand(qtbot, window, start):
    start()
    take = window.race_card.take_buttons
    assert [button.text() for button in take] == ["Go on with 6 units", "Go on with 9 units"]
    click(qtbot, take[1])
    qtbot.waitUntil(lambda: not window.session.racing.is_on and window.session.has_network)
    assert window.session.steps_made == 60
    assert window.session.hyperparameters.widths == (9,)
    assert window.loss_plot._curves is window.session.curves
    assert window.session.curves.last_step == 60
    (entry,) = window.session.run.log
    rows = window.names.log.rows.model()
    assert rows.index(0, 1).data().lower().split(" · ") == list(entry.names)
    click(qtbot, window.top_bar.step)
    qtbot.waitUntil(lambda: window.session.steps_made == 61)


def test_a_race_by_seconds_is_drawn_over_time(qtbot, window, ask):
    dialog = ask()
    click(qtbot, dialog.pace.segments["seconds"])
    assert not dialog.amounts["steps"].isVisible()
    dialog.amounts["seconds"].setValue(1)
    click(qtbot, dialog.start)
    racing, axis = window.session.racing, window.race_card.axis
    assert (racing.plan.pace, racing.plan.seconds, racing.plan.steps) == ("seconds", 1.0, None)
    assert axis.value == "second"
    assert window.loss_plot.across.quantity is AxisQuantity.TIME
    click(qtbot, axis.segments["step"])
    assert window.loss_plot.across.quantity is AxisQuantity.STEP
    click(qtbot, axis.segments["second"])
    window.actions_.races.end.trigger()
    assert window.loss_plot.across.quantity is AxisQuantity.STEP


def test_another_file_ends_the_race(qtbot, window, start, names_file):
    racing = start()
    window.open_file(str(names_file()))
    qtbot.waitUntil(lambda: window.session.corpus.source == "people.txt")
    assert not racing.is_on
    assert window.controls.isVisible()
    assert window.actions_.step.isEnabled()


def test_closing_the_window_ends_the_race_without_a_question(qtbot, window, start):
    start(steps=1_000_000, waits=False)
    assert window.close()
    assert window.session.has_ended


def test_a_race_can_be_found_and_has_a_key(window):
    race = window.actions_.races.race
    assert race.shortcut().toString() == "Ctrl+Shift+T"
    assert race.isEnabled()
    run = next(menu for menu in window.menuBar().actions() if menu.text() == "&Run")
    assert race in run.menu().actions()


def test_the_plot_follows_the_lanes(qtbot, window, start):
    racing = start(steps=3_000)
    (left, right), (low, high) = window.loss_plot.plot.getViewBox().viewRange()
    unit = window.loss_plot.unit
    for lane in racing.lanes:
        step, loss = lane.curves.smoothed(unit).last_point
        assert left <= 1 < step == 3_000 <= right <= 5_000
        assert low <= loss <= high
    assert not window.loss_plot.play_head.isVisible()


def test_nobody_looks_back_while_the_lanes_race(qtbot, window, start, train_until):
    train_until(window.session, 40)
    start()
    window.session.past.look(20)
    assert not window.session.past.is_on
    assert not window.actions_.past.replay.isEnabled()
    window.actions_.races.end.trigger()
    assert window.loss_plot.play_head.isVisible()
    window.session.past.look(20)
    assert window.session.past.is_on


def test_no_futures_of_the_run_are_shown_while_there_is_a_race(qtbot, window, start, train_until):
    train_until(window.session, 40)
    ask = window.actions_.what_if["learning_rate"]
    assert ask.isEnabled()
    start()
    assert not ask.isEnabled()
    assert window.session.ahead.knob is None
    window.actions_.races.end.trigger()
    assert ask.isEnabled()
