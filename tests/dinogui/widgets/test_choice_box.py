import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QSlider,
    QVBoxLayout,
    QWidget,
)

from dinogui.widgets.choice_box import ChoiceBox
from dinogui.widgets.number_box import NumberBox
from dinogui.widgets.vertical_scroll import VerticalScroll


def turn_down_over(part):
    """Turn the wheel by one notch, towards the person, with the pointer over a part."""
    window = part.window()
    place = part.mapTo(window, part.rect().center())
    QTest.wheelEvent(window.windowHandle(), QPointF(place), QPoint(0, -120))


def turn_down(part):
    """Send a part that may be hidden what it gets if the wheel is turned over it."""
    middle = QPointF(part.rect().center())
    event = QWheelEvent(
        middle,
        QPointF(part.mapToGlobal(middle)),
        QPoint(),
        QPoint(0, -120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(part, event)


@pytest.fixture
def page(qtbot):
    """Return a page that scrolls, and the combo box and the number box at its top."""
    content = QWidget()
    layout = QVBoxLayout(content)
    choice, number = ChoiceBox(), NumberBox((1.0, 2.0, 3.0))
    choice.addItems(["one", "two", "three"])
    number.setValue(2.0)
    layout.addWidget(choice)
    layout.addWidget(number)
    layout.addSpacing(2_000)
    page = VerticalScroll(content)
    page.resize(200, 200)
    qtbot.addWidget(page)
    with qtbot.waitActive(page):
        page.show()
        page.activateWindow()
    return page, choice, number


def test_the_wheel_scrolls_the_page_over_a_box_without_the_focus(page):
    area, choice, number = page
    bar = area.verticalScrollBar()
    for part, other in ((choice, number), (number, choice)):
        other.setFocus()
        bar.setValue(0)
        turn_down_over(part)
        assert (choice.currentIndex(), number.value()) == (0, 2.0)
        assert bar.value() > 0
        assert other.hasFocus(), "the wheel gives nobody the focus"


def test_with_the_focus_the_wheel_turns_a_box(page):
    area, choice, number = page
    choice.setFocus()
    turn_down_over(choice)
    assert choice.currentIndex() == 1
    number.setFocus()
    turn_down_over(number)
    assert number.value() == 1.0
    assert area.verticalScrollBar().value() == 0


def test_a_passing_wheel_changes_nothing_in_the_window(window, qtbot):
    def condition():
        return (
            [box.currentIndex() for box in window.findChildren(QComboBox)],
            [box.text() for box in window.findChildren(QAbstractSpinBox)],
            [slider.value() for slider in window.findChildren(QSlider)],
        )

    parts = [
        part
        for kind in (QComboBox, QAbstractSpinBox, QSlider)
        for part in window.findChildren(kind)
    ]
    assert len(parts) > 20
    window.names.table.view.setFocus()
    before = condition()
    for part in parts:
        assert not part.hasFocus()
        turn_down(part)
    assert condition() == before
