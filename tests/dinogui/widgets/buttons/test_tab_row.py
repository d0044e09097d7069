"""The row of tabs: clicks, keys, the menu for those that do not fit, and tearing one off."""

import pytest
from PySide6.QtCore import QPoint, Qt

from dinogui.widgets.buttons.tab_row import TabRow

NAMES = ("Clipping", "Gradient flow", "Hidden states", "Next letter", "Weights")


@pytest.fixture
def row(qtbot):
    row = TabRow("Panels")
    for name in NAMES:
        row.add(name.lower(), name, f"What is {name}?")
    qtbot.addWidget(row)
    row.resize(800, 40)
    with qtbot.waitExposed(row):
        row.show()
    return row


def shown(row):
    return [name for name in NAMES if row.tabs[name.lower()].isVisible()]


def test_a_click_or_enter_chooses_a_tab_and_marks_none_by_itself(row, qtbot):
    told = []
    row.chosen.connect(told.append)
    qtbot.mouseClick(row.tabs["clipping"], Qt.MouseButton.LeftButton)
    assert told == ["clipping"]
    assert not row.tabs["clipping"].isChecked(), "what is open decides"
    row.mark({"clipping", "weights"})
    assert [key for key, tab in row.tabs.items() if tab.isChecked()] == ["clipping", "weights"]


def test_tabs_that_do_not_fit_are_in_a_menu_but_not_those_that_are_open(row, qtbot):
    assert shown(row) == list(NAMES)
    assert not row.more.isVisible()
    row.resize(260, 40)
    assert 0 < len(shown(row)) < len(NAMES)
    assert row.more.isVisible()
    in_menu = [action.text() for action in row.more.menu().actions()]
    assert sorted(shown(row) + in_menu) == sorted(NAMES)
    row.mark({"weights"})
    assert "Weights" in shown(row)
    for tab in (*row.tabs.values(), row.more):
        if tab.isVisible():
            assert tab.geometry().right() <= row.width()
            assert tab.width() >= tab.minimumSizeHint().width()
    told = []
    row.chosen.connect(told.append)
    row.more.menu().actions()[-1].trigger()
    assert len(told) == 1


def test_a_tab_that_is_dragged_out_is_pulled_and_dropped_and_not_chosen(row, qtbot):
    chosen, pulled, dropped = [], [], []
    row.chosen.connect(chosen.append)
    row.pulled.connect(lambda key, place: pulled.append((key, place)))
    row.dropped.connect(lambda key, place: dropped.append((key, place)))
    tab = row.tabs["hidden states"]
    start = tab.rect().center()
    qtbot.mousePress(tab, Qt.MouseButton.LeftButton, pos=start)
    qtbot.mouseMove(tab, start + QPoint(0, 10))
    assert pulled == [], "a hand that trembles pulls nothing"
    qtbot.mouseMove(tab, start + QPoint(5, 60))
    assert [key for key, _ in pulled] == ["hidden states"]
    end = start + QPoint(9, 90)
    qtbot.mouseRelease(tab, Qt.MouseButton.LeftButton, pos=end)
    assert dropped == [("hidden states", tab.mapToGlobal(end))]
    assert chosen == []


def test_tabs_are_renamed_and_removed(row):
    row.rename("weights", "Weights and updates")
    assert row.tabs["weights"].accessibleName() == "Weights and updates, tab"
    row.remove("clipping")
    assert "clipping" not in row.tabs
    row.add("first", "First", "tip", place=0)
    assert row.tabs["first"].x() <= row.tabs["gradient flow"].x()


def test_a_tab_that_is_not_offered_keeps_its_place(row):
    row.offer("gradient flow", False)
    assert shown(row) == [name for name in NAMES if name != "Gradient flow"]
    row.resize(100, 40)
    assert "Gradient flow" not in [action.text() for action in row.more.menu().actions()]
    row.resize(800, 40)
    row.offer("gradient flow", True)
    assert shown(row) == list(NAMES)
    assert row.tabs["gradient flow"].x() < row.tabs["hidden states"].x()
