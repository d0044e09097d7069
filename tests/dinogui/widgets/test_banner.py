import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QAbstractButton, QWidget

from dinogui.widgets.banner import Banner


@pytest.fixture
def banner(qtbot):
    banner = Banner()
    qtbot.addWidget(banner)
    return banner


def buttons(banner):
    return [b for b in banner.findChildren(QAbstractButton) if b.isVisible()]


def test_the_banner_shows_its_message_until_it_is_closed(banner, qtbot):
    assert not banner.isVisible()
    banner.say("The file is empty.")
    assert banner.isVisible()
    assert banner.message == "The file is empty."
    (close,) = buttons(banner)
    qtbot.mouseClick(close, Qt.MouseButton.LeftButton)
    assert not banner.isVisible()


@pytest.mark.layout
def test_the_banner_covers_its_parent_without_moving_anything(qtbot):
    parent = QWidget()
    qtbot.addWidget(parent)
    parent.resize(400, 300)
    banner = Banner(parent)
    parent.show()
    banner.say("The loss was lost. " * 10)
    for width, height in ((400, 300), (700, 500)):
        parent.resize(width, height)
        assert parent.rect().contains(banner.geometry())
        assert banner.geometry().bottom() > height - 20
        assert banner.width() > width - 20


def test_the_button_of_the_banner_runs_its_action(banner, qtbot):
    done = []
    action = QAction("&Restart", banner)
    action.triggered.connect(lambda: done.append(1))
    banner.say("The loss was lost.", action)
    button = next(button for button in buttons(banner) if button.text() == "Restart")
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert done == [1]
    assert not banner.isVisible()
