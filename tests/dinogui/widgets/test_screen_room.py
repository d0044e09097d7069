"""Windows do not reach out of the screen."""

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QWidget

from dinogui.widgets.screen_room import fit_screen, within_screen


class Framed(QWidget):
    """A window whose frame is known, as offscreen windows have none."""

    def frameGeometry(self):
        return self.geometry().adjusted(-2, -30, 2, 4)


def test_a_window_and_its_frame_are_no_larger_than_the_screen(qtbot):
    below = Framed()
    qtbot.addWidget(below)
    part = QWidget(below)
    room = below.screen().availableSize()
    assert within_screen(QSize(300, 200), part) == QSize(300, 200)
    assert within_screen(QSize(9_000, 200), part) == QSize(room.width() - 4, 200)
    assert within_screen(QSize(300, 9_000), part) == QSize(300, room.height() - 34)


def test_the_main_window_opens_no_larger_than_the_screen(qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    room = window.screen().availableSize()
    window.resize(300, 200)
    fit_screen(window)
    assert window.size() == QSize(300, 200)
    window.resize(room.width() + 100, room.height())
    fit_screen(window)
    assert window.width() == room.width()
    assert window.height() <= room.height() - 24, "there is room for a title bar"
