"""Actions that stay disabled for a while."""

import pytest
from PySide6.QtCore import QObject
from PySide6.QtGui import QAction

from dinogui.common.actions.action_words import explain, reason_of
from dinogui.common.actions.held_actions import HeldActions


@pytest.fixture
def parent(qapp):
    return QObject()


def test_they_come_back_as_they_would_be_by_then(parent):
    first, second, third = actions = [QAction(text, parent) for text in ("one", "two", "three")]
    second.setEnabled(False)
    third.setEnabled(False)
    explain(second, "There is nothing to undo")
    held = HeldActions(actions, "A race is shown", parent)
    held.hold()
    held.hold()
    third.setEnabled(True)  # by somebody who does not know of the race
    assert not any(action.isEnabled() for action in actions)
    assert reason_of(first) == reason_of(second) == "A race is shown"
    held.release()
    assert [action.isEnabled() for action in actions] == [True, False, True]
    assert reason_of(second) == "There is nothing to undo"
    second.setEnabled(True)
    assert second.isEnabled()
