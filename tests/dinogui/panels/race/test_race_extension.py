"""A race that is over goes on in the window, as it does headless."""

import pytest
from PySide6.QtCore import Qt

from dinogui.common.actions.action_words import reason_of
from dinogui.session.racing.shown_race import RaceState
from engine.racing.lane_sets import LANE_SETS
from engine.training.trainer import Trainer


def is_over(racing):
    return racing.state is RaceState.OVER


def test_a_race_goes_on_for_as_many_steps_as_are_typed(qtbot, window, start):
    action, extension = window.actions_.races.extend, window.race_card.extension
    assert reason_of(action) == "There is no race that is over"
    racing = start(steps=60)
    assert (extension.isVisible(), extension.amount.value()) == (True, 60)
    extension.amount.selectAll()
    qtbot.keyClicks(extension.amount, "25")
    qtbot.mouseClick(extension.button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: is_over(racing) and racing.lanes[0].step > 60, timeout=30_000)
    for lane in racing.lanes:
        assert lane.step == 85
        trainer = Trainer(
            window.session.corpus, lane.lane.hyperparameters, lane.lane.recipe, lane.lane.settings
        )
        while trainer.step < 85:
            trainer.run(85 - trainer.step)
        assert (lane.parameters.flat == trainer.parameters.flat).all()
    assert extension.isVisible()
    action.trigger()
    qtbot.waitUntil(lambda: is_over(racing) and racing.lanes[1].step == 110, timeout=30_000)
    racing.end()
    assert not action.isEnabled()


def test_it_is_not_offered_while_the_race_goes_on_or_if_no_lane_can(qtbot, window, start):
    racing = start(steps=5_000_000, waits=False)
    qtbot.waitUntil(lambda: racing.lanes[0].step > 0, timeout=30_000)
    assert not window.race_card.extension.isVisible()
    racing.end()
    racing = start("learning_rate=1e15; learning_rate=2e15", steps=5_000)
    assert all(lane.has_diverged for lane in racing.lanes)
    assert not window.race_card.extension.isVisible()


def test_a_race_by_seconds_goes_on_for_seconds(qtbot, window, ask):
    dialog = ask()
    dialog.sets.setCurrentIndex(dialog.sets.count() - 1)
    dialog.text.clear()
    qtbot.keyClicks(dialog.text, "hidden=6; hidden=9")
    dialog.pace.show_value("seconds")
    dialog._show_pace()
    dialog.amounts["seconds"].setValue(1)
    qtbot.mouseClick(dialog.start, Qt.MouseButton.LeftButton)
    racing = window.session.racing
    qtbot.waitUntil(lambda: is_over(racing), timeout=60_000)
    before = max(lane.seconds for lane in racing.lanes)
    extension = window.race_card.extension
    assert extension.amount.accessibleName() == "Further seconds"
    assert extension.amount.value() == 1
    qtbot.mouseClick(extension.button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(
        lambda: is_over(racing) and min(lane.seconds for lane in racing.lanes) >= before + 1,
        timeout=60_000,
    )


@pytest.mark.parametrize("key", LANE_SETS)
def test_each_ready_made_set_races_in_the_window(qtbot, window, ask, key):
    dialog = ask()
    dialog.sets.setCurrentIndex(list(LANE_SETS).index(key))
    dialog.amounts["steps"].setValue(12)
    titles = [lane.title for lane in dialog.lanes]
    qtbot.mouseClick(dialog.start, Qt.MouseButton.LeftButton)
    racing = window.session.racing
    qtbot.waitUntil(lambda: is_over(racing), timeout=30_000)
    assert [row.lane.title for row in window.race_card.rows] == titles
    assert [lane.step for lane in racing.lanes] == [12] * len(titles)
    assert len({lane.parameters.flat.tobytes() for lane in racing.lanes}) == len(titles)
