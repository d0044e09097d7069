"""Buttons of actions: their keys, colours and focus."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QColor

from dinogui.common.theme import DARK, LIGHT
from dinogui.widgets.buttons.action_button import ActionButton


def test_a_button_shows_its_key_and_has_room_for_every_text(show, qtbot):
    action = QAction("&Train")
    action.setShortcut("Space")
    button = show(ActionButton(action, is_filled=True, other_texts=("&Train", "&Pause it now")))
    width = button.sizeHint().width()
    action.setText("&Pause it now")
    assert button.sizeHint().width() == width, "nothing moves"
    button.show_key(False)
    assert button.sizeHint().width() < width
    pressed = []
    action.triggered.connect(lambda: pressed.append(1))
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert pressed == [1]
    assert button.accessibleName() == "Train"


@pytest.mark.parametrize("colours", [LIGHT, DARK])
def test_the_filled_button_is_filled_and_follows_the_theme(show, colours, coloured, pixels):
    action = QAction("Train")
    filled, quiet = ActionButton(action, is_filled=True), ActionButton(action)
    for button in (filled, quiet):
        show(button)
        button.clearFocus()
        button.setPalette(coloured(colours))
    assert QColor(colours.accent).name() in pixels(filled)
    assert QColor(colours.accent).name() not in pixels(quiet)
    before = pixels(quiet)
    quiet.setFocus(Qt.FocusReason.TabFocusReason)
    assert QColor(colours.accent).name() in pixels(quiet) - before, "the focus can be seen"
    enabled = pixels(filled)
    action.setEnabled(False)
    assert pixels(filled) != enabled, "so can a button that is disabled"


@pytest.mark.parametrize("colours", [LIGHT, DARK])
def test_a_muted_button_is_written_like_a_field(show, colours, coloured, pixels):
    action = QAction("Search commands")
    muted, usual = ActionButton(action, is_muted=True), ActionButton(action)
    for button in (muted, usual):
        show(button)
        button.clearFocus()
        button.setPalette(coloured(colours))
    palette = muted.palette()
    faint, ink = palette.placeholderText().color().name(), palette.buttonText().color().name()
    assert faint in pixels(muted) - pixels(usual)
    assert ink not in pixels(muted)
    assert muted.sizeHint().width() < usual.sizeHint().width(), "regular, not bold"
