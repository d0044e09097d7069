"""Fixtures of the tests of panels about telling kinds."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from dinogui.panels.insight.frame.pacing import is_seen


@pytest.fixture
def open_panel(window, qtbot):
    """Return a function that shows the panel of a key, and waits until it has drawn something."""

    def show(key, *, drawn=True):
        panel = window.docks.show(key)
        qtbot.waitUntil(lambda: is_seen(panel))
        if drawn:
            qtbot.waitUntil(lambda: panel.result is not None, timeout=20_000)
        return panel

    return show


@pytest.fixture
def type_name(qtbot):
    """Return a function that types a name into a panel."""

    def enter(panel, text):
        line = panel.name_box.findChild(QLineEdit)
        line.setFocus()
        line.selectAll()
        qtbot.keyClick(line, Qt.Key.Key_Delete)
        qtbot.keyClicks(line, text)

    return enter


@pytest.fixture
def hover():
    """Return a function that moves the pointer over a cell of a map."""

    def move(heat_map, row, column):
        place = heat_map.cell_centre(row, column).toPoint()
        QTest.mouseMove(heat_map, place + QPoint(1, 1))
        QTest.mouseMove(heat_map, place)

    return move
