from PySide6.QtWidgets import QStyleOptionToolButton

from dinogui.panels.run_end.until_button import UntilButton
from engine.training.ending import Until


def test_a_button_with_its_own_width_is_painted_with_its_whole_text(qtbot):
    button = UntilButton()
    qtbot.addWidget(button)
    for until in (Until(), Until(steps=20_000), Until(minutes=5)):
        button.show_until(until)
        button.resize(button.sizeHint())
        option = QStyleOptionToolButton()
        button.initStyleOption(option)
        assert option.text == button.text()
