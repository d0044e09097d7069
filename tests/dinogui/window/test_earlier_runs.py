"""File > Runs: the menu and the dialog."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QLabel, QTreeWidget

from dinogui.session.run import RunState
from dinogui.window.runs.run_columns import COLUMNS
from dinogui.window.runs.runs_dialog import RunsDialog

NAME, STEPS, LOSS = (
    [column.heading for column in COLUMNS].index(heading)
    for heading in ("Name", "Steps", "Smoothed loss")
)


def train(qtbot, window, step):
    window.session.train(step)
    qtbot.waitUntil(lambda: window.session.snapshot_step == step, timeout=20_000)
    qtbot.waitUntil(lambda: window.session.state is RunState.PAUSED)


@pytest.fixture
def with_runs(window, qtbot, tmp_path):
    """Return the window with earlier runs of 10, 20 and 30 steps, and a new one."""
    window.library.autosave_in(tmp_path / "autosave")
    for step in (10, 20, 30):
        train(qtbot, window, step)
        window.actions_.restart.trigger()
    window.library.finish_writing()
    return window


def texts(window):
    return [action.text() for action in window.actions_.runs_menu.actions()]


def open_dialog(window, qtbot):
    menu = window.actions_.runs_menu
    menu.actions()[-2].trigger()
    [dialog] = window.findChildren(RunsDialog)
    qtbot.waitUntil(lambda: dialog.list.topLevelItemCount() == 3)
    return dialog


def click(qtbot, tree: QTreeWidget, row, column):
    place = tree.visualItemRect(tree.topLevelItem(row))
    place = QPoint(tree.columnViewportPosition(column) + 4, place.center().y())
    qtbot.mouseClick(tree.viewport(), Qt.MouseButton.LeftButton, pos=place)


def steps(dialog):
    return [item.text(STEPS) for item in dialog.list.items()]


def test_the_menu_lists_the_latest_runs_and_the_dialog(with_runs, qtbot):
    first, second, third, separator, everything, add = texts(with_runs)
    for text, number, made in zip((first, second, third), "123", (30, 20, 10), strict=True):
        assert text.startswith(f"&{number}  dinosaurs.txt, RNN 50, {made} steps, ")
        assert "nats per name" in text
    assert (separator, everything, add) == ("", "A&ll runs…", "A&dd runs…")


def test_without_other_runs_the_menu_still_adds_files(window):
    assert texts(window) == ["A&ll runs…", "A&dd runs…"]


def test_a_run_is_opened_from_the_dialog(with_runs, qtbot):
    dialog = open_dialog(with_runs, qtbot)
    assert steps(dialog) == ["30", "20", "10"]
    assert not dialog.open_button.isEnabled()
    click(qtbot, dialog.list, 2, NAME)
    qtbot.mouseClick(dialog.open_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: with_runs.session.snapshot_step == 10)
    qtbot.waitUntil(lambda: steps(dialog) == ["30", "20"])
    click(qtbot, dialog.list, 0, NAME)
    qtbot.keyClick(dialog.list, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: with_runs.session.snapshot_step == 30)


def test_a_deletion_in_the_dialog_can_be_undone(with_runs, qtbot):
    dialog = open_dialog(with_runs, qtbot)
    click(qtbot, dialog.list, 1, NAME)
    qtbot.keyClick(dialog.list, Qt.Key.Key_Delete)
    assert steps(dialog) == ["30", "10"]
    click(qtbot, dialog.list, 0, NAME)
    qtbot.mouseClick(dialog.delete_button, Qt.MouseButton.LeftButton)
    assert steps(dialog) == ["10"]
    for left in (["30", "10"], ["30", "20", "10"]):
        qtbot.mouseClick(dialog.restore_button, Qt.MouseButton.LeftButton)
        assert steps(dialog) == left
    assert not dialog.restore_button.isEnabled()


def test_the_selection_stays_near_a_deleted_run_and_ctrl_z_brings_it_back(with_runs, qtbot):
    dialog = open_dialog(with_runs, qtbot)
    click(qtbot, dialog.list, 1, NAME)
    qtbot.keyClick(dialog.list, Qt.Key.Key_Delete)
    assert (steps(dialog), dialog.selected.step) == (["30", "10"], 10)
    qtbot.keyClick(dialog.list, Qt.Key.Key_Delete)
    assert (steps(dialog), dialog.selected.step) == (["30"], 30), "there is none below"
    qtbot.keyClick(dialog.list, Qt.Key.Key_Delete)
    assert (steps(dialog), dialog.selected) == ([], None)
    for step, left in ((30, ["30"]), (10, ["30", "10"]), (20, ["30", "20", "10"])):
        qtbot.keyClick(dialog.list, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
        qtbot.waitUntil(lambda left=left: steps(dialog) == left)
        assert dialog.selected.step == step
    assert not dialog.restore_button.isEnabled()


def test_the_dialog_says_what_the_loss_is_and_until_when_a_deletion_can_be_undone(with_runs, qtbot):
    dialog = open_dialog(with_runs, qtbot)
    assert dialog.list.headerItem().text(LOSS) == "Smoothed loss"
    said = " ".join(label.text() for label in dialog.findChildren(QLabel))
    assert "A deleted run can be brought back for 30 days." in said
    assert "Losses are in nats per name." in said
    shown, run = dialog.list.topLevelItem(0).text(LOSS), dialog.list.shown[0]
    assert f"{shown} nats per name" == run.loss
    assert dialog.list.headerItem().toolTip(LOSS) == "The smoothed training loss, in nats per name"


def test_a_click_on_the_star_changes_it(with_runs, qtbot):
    dialog = open_dialog(with_runs, qtbot)
    spoken = Qt.ItemDataRole.AccessibleTextRole
    for words in ("starred", "not starred"):
        before = dialog.list.topLevelItem(2).icon(0).pixmap(16, 16).toImage()
        click(qtbot, dialog.list, 2, 0)
        qtbot.waitUntil(lambda words=words: dialog.list.topLevelItem(2).data(0, spoken) == words)
        assert dialog.list.topLevelItem(2).icon(0).pixmap(16, 16).toImage() != before
    assert steps(dialog) == ["30", "20", "10"]
