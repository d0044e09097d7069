"""The switch: it follows its action, and its dot tells whether it is on."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QColor

from dinogui.common.theme import DARK, LIGHT
from dinogui.widgets.buttons.switch_chip import SwitchChip


@pytest.mark.parametrize("colours", [LIGHT, DARK])
def test_a_click_turns_the_action_and_the_dot(show, qtbot, colours, coloured, pixels):
    action = QAction("&Live names", checkable=True)
    chip = show(SwitchChip(action, "live"))
    chip.setPalette(coloured(colours))
    assert QColor(colours.good).name() not in pixels(chip)
    qtbot.mouseClick(chip, Qt.MouseButton.LeftButton)
    assert action.isChecked()
    assert QColor(colours.good).name() in pixels(chip)
    qtbot.keyClick(chip, Qt.Key.Key_Space)
    assert not action.isChecked()
    assert chip.accessibleName() == "Live names"
