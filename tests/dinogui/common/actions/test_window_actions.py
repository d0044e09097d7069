"""The texts of actions, and why they are disabled."""

import pytest
from PySide6.QtGui import QAction

from dinogui.common.actions.action_words import explain, plain_text, reason_of, tip_of, title_of
from dinogui.common.actions.window_actions import Actions


@pytest.fixture
def actions(qapp):
    return Actions()


def test_texts_lose_their_mnemonics_and_numbers(qapp):
    assert plain_text("&Save run") == "Save run"
    assert plain_text("Salt && pepper.txt") == "Salt & pepper.txt"
    assert title_of(QAction("&3  names && more.txt")) == "names & more.txt"


def test_tips_lose_their_key_and_their_markup(actions):
    assert tip_of(actions.save_run) == "Save the run to its file"
    assert actions.save_run.toolTip().endswith("(Ctrl+S)")
    recent = QAction("&1  a.txt")
    recent.setToolTip("<span>/home/&lt;me&gt;/a.txt</span>")
    assert tip_of(recent) == "/home/<me>/a.txt"
    assert tip_of(QAction("About")) == ""


def test_an_action_says_why_only_while_it_is_disabled(actions):
    explain(actions.save_run, "There is nothing to save")
    assert reason_of(actions.save_run) == ""
    actions.save_run.setEnabled(False)
    assert reason_of(actions.save_run) == "There is nothing to save"


@pytest.mark.parametrize(
    ("has_data", "has_failed", "train", "step"),
    [
        (False, False, "No data", "No data"),
        (True, True, "stopped by an error", "stopped by an error"),
        (True, False, "", "Pause it first"),
    ],
)
def test_training_says_why_it_is_not_possible(actions, has_data, has_failed, train, step):
    actions.explain_training(has_data=has_data, has_failed=has_failed)
    for action, reason in ((actions.train, train), (actions.step, step)):
        action.setEnabled(False)
        assert reason in reason_of(action)


def test_every_action_has_a_name_of_its_own(actions):
    names = [action.objectName() for action in actions.all]
    assert all(names)
    assert len(names) == len(set(names))
    assert actions.save_run.objectName() == "save_run"
