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


def test_where_room_is_scarce_the_end_is_painted_in_fewer_words(qtbot):
    button = UntilButton()
    qtbot.addWidget(button)
    button.show_until(Until(steps=20_000, patience=10))
    option = QStyleOptionToolButton()
    seen = []
    for width in range(700, 60, -10):
        button.resize(width, button.sizeHint().height())
        button.initStyleOption(option)
        if option.text not in seen:
            seen.append(option.text)
    assert seen[:2] == [button.text(), "Until 20,000 steps or no gain in 10"]
    assert all(text.endswith("…") for text in seen[2:])
    assert button.text() == "Until 20,000 steps or 10 measurements without a better loss"
    button.resize(button.sizeHint())
    button.initStyleOption(option)
    assert not option.text.endswith("…")


def test_it_takes_no_more_room_than_the_words_that_fit(qtbot):
    button = UntilButton()
    qtbot.addWidget(button)
    button.show_until(Until(loss=2.5))
    width_of, frame = button.fontMetrics().horizontalAdvance, 28
    whole, few = width_of(button.text()) + frame, width_of("Until loss 2.5") + frame
    assert few < whole == button.sizeHint().width()
    button.setMaximumWidth(whole - 1)
    assert button.sizeHint().width() == few
    button.setMaximumWidth(few - 20)
    assert button.sizeHint().width() == few - 20
    button.setMaximumWidth(whole)
    assert button.sizeHint().width() == whole
