"""The replay goes through the run at a steady pace, and ends at the present."""

import threading

import numpy as np
import pytest
from PySide6.QtCore import Qt

from dinogui.panels.loss.past.replay import Replay, ReplaySpeed
from engine.training.curves.axis_quantity import AxisQuantity

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def fast(monkeypatch):
    """Let a whole run take a second where it would take ten."""
    monkeypatch.setattr(ReplaySpeed.TEN_SECONDS, "seconds", 0.6)


def foot(window):
    return window.arrangement._parts.foot


def test_the_button_plays_the_run_from_its_beginning_to_now(past_window, fast, qtbot):
    past, seen = past_window.session.past, []
    past.reached.connect(lambda: seen.append(past.moment and past.moment.step))
    qtbot.mouseClick(foot(past_window).replay_button, LEFT)
    assert foot(past_window).replay_button.text() == "Pause"
    qtbot.waitUntil(lambda: not past.is_on and len(seen) > 2)
    *steps, end = seen
    assert end is None
    assert steps[0] == 0
    assert steps == sorted(steps)
    assert foot(past_window).replay_button.text() == "Replay"


def test_it_plays_from_the_play_head_and_pauses_by_the_same_button(
    past_window, look, choose, qtbot
):
    past, button = past_window.session.past, foot(past_window).replay_button
    look(past_window, 300)
    place = button.mapTo(past_window, button.rect().center())
    choose(past_window, "Ctrl+Shift+R")
    qtbot.waitUntil(lambda: past.step > 300)
    qtbot.mouseClick(button, LEFT)
    assert button.text() == "Replay"
    assert button.mapTo(past_window, button.rect().center()) == place
    stays = past.step
    qtbot.wait(250)
    assert past.step == stays


def test_whoever_looks_elsewhere_pauses_it(past_window, qtbot):
    past, button = past_window.session.past, foot(past_window).replay_button
    qtbot.mouseClick(button, LEFT)
    qtbot.waitUntil(lambda: (past.step or 0) > 0)
    past_window.loss_plot.play_head.setFocus()
    qtbot.keyClick(past_window.loss_plot.play_head, Qt.Key.Key_Home)
    assert button.text() == "Replay"
    assert past.step == 0


def test_frames_that_are_not_ready_are_left_out(past_window, fast, monkeypatch, qtbot):
    from engine.runs.reach import reach

    def slow(*about):
        threading.Event().wait(0.15)
        return reach(*about)

    monkeypatch.setattr("engine.runs.reach.reach", slow)
    past, seen = past_window.session.past, []
    past.reached.connect(lambda: seen.append(past.moment and past.moment.step))
    qtbot.mouseClick(foot(past_window).replay_button, LEFT)
    qtbot.waitUntil(lambda: not past.is_on and len(seen) > 1)
    assert len(seen) <= 6  # a frame every tenth of a second would be seven


def test_the_speed_is_chosen_in_a_menu(past_window, look, qtbot):
    look(past_window, 100)
    row = foot(past_window)._row
    past_window.resize(1600, 1000)
    actions = {action.text(): action for action in row.speed_button.menu().actions()}
    assert "As fast as it was trained" in actions
    assert "The whole run in 30 seconds" in actions
    actions["4 times slower than it was trained"].trigger()
    assert row.speed_button.text() == "¼ ×"
    assert row._replay.speed is ReplaySpeed.QUARTER


@pytest.mark.parametrize(
    ("speed", "times"),
    [
        (ReplaySpeed.QUARTER, 0.25),
        (ReplaySpeed.AS_TRAINED, 1.0),
        (ReplaySpeed.FOURFOLD, 4.0),
    ],
)
def test_a_multiple_of_the_speed_of_the_training_follows_its_clock(past_window, speed, times):
    session = past_window.session
    replay = Replay(session, past_window)
    replay.speed = speed
    replay._begin(0)
    seconds = session.progress.seconds
    half_way = replay._step_after(replay._way, seconds / 2 / times)
    trained = float(session.curves.clock.amounts(AxisQuantity.TIME, np.array([float(half_way)]))[0])
    assert trained == pytest.approx(seconds / 2, rel=0.02, abs=0.002)
    replay.pause()
