"""A race is saved in a folder by its dialog, opened again, and repeated by the command line."""

from PySide6.QtWidgets import QFileDialog, QLineEdit

from dinogui.common.actions.action_words import reason_of
from dinogui.session.racing.shown_race import RaceState
from engine.cli.main import main


def dialog_of(qtbot, window):
    def find():
        return [dialog for dialog in window.findChildren(QFileDialog) if dialog.isVisible()]

    qtbot.waitUntil(lambda: len(find()) == 1)
    (dialog,) = find()
    return dialog


def test_a_race_is_saved_and_opened(qtbot, window, start, tmp_path, capsys):
    actions, racing = window.actions_.races, window.session.racing
    assert (actions.save.isEnabled(), reason_of(actions.save)) == (False, "There is no race")
    start()
    assert window.race_card._saved.isVisible()
    actions.save.trigger()
    dialog = dialog_of(qtbot, window)
    field = dialog.findChild(QLineEdit)
    assert field.text() == "dinosaurs race"
    field.setText(str(tmp_path / "cells"))
    with qtbot.waitSignal(racing.saved, timeout=10_000):
        dialog.accept()
    assert window.banner.message == f"The race is saved in “{tmp_path / 'cells'}”."
    assert not window.race_card._saved.isVisible()
    assert main(["replay", str(tmp_path / "cells")]) == 0
    capsys.readouterr()
    racing.end()
    assert not actions.save.isEnabled()
    actions.open.trigger()
    dialog = dialog_of(qtbot, window)
    dialog.findChild(QLineEdit).setText(str(tmp_path / "cells"))
    with qtbot.waitSignal(racing.begun, timeout=10_000):
        dialog.accept()
    assert (racing.state, racing.lanes[1].step) == (RaceState.OVER, 60)
    assert window.race_card.isVisible()
