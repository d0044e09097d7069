"""Races as a person begins them: by the command, the dialog and its button."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from dinogui.panels.race.race_dialog import RaceDialog
from dinogui.session.racing.shown_race import RaceState


@pytest.fixture
def ask(qtbot, window):
    """Return a function that opens the dialog and returns it."""

    def ask():
        window.actions_.races.race.trigger()
        dialogs = [each for each in QApplication.topLevelWidgets() if isinstance(each, RaceDialog)]
        (dialog,) = (each for each in dialogs if each.isVisible())
        return dialog

    return ask


@pytest.fixture
def start(qtbot, window, ask):
    """Return a function that begins a race of lanes that are typed, and returns the racing."""

    def start(text="hidden=6; hidden=9", steps=60, waits=True):
        dialog = ask()
        dialog.sets.setCurrentIndex(dialog.sets.count() - 1)
        dialog.text.clear()
        qtbot.keyClicks(dialog.text, text)
        dialog.amounts["steps"].setValue(steps)
        qtbot.mouseClick(dialog.start, Qt.MouseButton.LeftButton)
        racing = window.session.racing
        if waits:
            qtbot.waitUntil(lambda: racing.state is RaceState.OVER, timeout=30_000)
        return racing

    return start
