"""Check chips: they are check boxes for keys and screen readers, and keep their width."""

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible

from dinogui.common.theme import DARK, LIGHT
from dinogui.widgets.buttons.check_chip import CheckChip


def test_a_click_anywhere_in_the_pill_switches_it_and_its_width_stays(show, qtbot):
    chip = show(CheckChip("Only new", "Leave out names that are in the data"))
    width = chip.sizeHint().width()
    qtbot.mouseClick(
        chip, Qt.MouseButton.LeftButton, pos=QPoint(chip.width() - 4, chip.height() // 2)
    )
    assert chip.isChecked()
    assert chip.sizeHint().width() == width == chip.minimumSizeHint().width()
    qtbot.keyClick(chip, Qt.Key.Key_Space)
    assert not chip.isChecked()


def test_a_screen_reader_hears_a_check_box_and_its_state(show):
    chip = show(CheckChip("Top-&k", "Choose only from the likeliest letters"))
    chip.setChecked(True)
    interface = QAccessible.queryAccessibleInterface(chip)
    assert interface.role() == QAccessible.Role.CheckBox
    assert interface.text(QAccessible.Text.Name) == "Top-k"
    assert interface.state().checked


def test_the_tick_has_the_accent_colour_while_it_is_on(show, coloured, pixels):
    chip = show(CheckChip("Only new", "Leave out names that are in the data"))
    for colours in (LIGHT, DARK):
        chip.setPalette(coloured(colours))
        chip.clearFocus()
        chip.setChecked(False)
        assert colours.accent not in pixels(chip)
        chip.setChecked(True)
        assert colours.accent in pixels(chip)
