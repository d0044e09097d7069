"""The window without a mouse: Tab reaches every control that can be seen, and nothing else."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QHeaderView,
    QLineEdit,
    QPlainTextEdit,
    QScrollBar,
    QWidget,
)

from dinogui.datasets.data_dialog import DataDialog
from dinogui.widgets.buttons.segmented import SegmentedControl
from dinogui.widgets.charts.chart import Chart
from dinogui.window.palette.keys_window import KeysWindow
from dinogui.window.runs.runs_dialog import RunsDialog

CONTROLS = (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    Chart,
)
PARTS = (QScrollBar, QHeaderView)
"""Parts of controls, which the keys of these operate."""


def controls_of(window):
    """Return every control that can be seen and used, the parts of others left out."""
    found = []
    for each in window.findChildren(QWidget):
        is_part = isinstance(each, PARTS) or isinstance(
            each.parent(), QAbstractSpinBox | QComboBox | QAbstractItemView | QLineEdit
        )
        is_usable = each.isVisible() and each.isEnabled() and each.window() is window
        if isinstance(each, CONTROLS) and is_usable and not is_part:
            found.append(each)
    return found


def reached_by(qtbot, window, key):
    """Return the controls that a key reaches, in their order."""
    reached = []
    for _ in range(200):
        qtbot.keyClick(QApplication.focusWidget() or window, key)
        now = QApplication.focusWidget()
        if now in reached:
            return reached
        reached.append(now)
    raise AssertionError("the focus does not come round")


def is_covered(window, part):
    return any(
        dock.isAncestorOf(part) and dock.visibleRegion().isEmpty()
        for dock in window.docks.docks.values()
    )


def check_reached(qtbot, window):
    """Check that Tab reaches all controls, and Shift+Tab the same ones; return them."""
    reached = reached_by(qtbot, window, Qt.Key.Key_Tab)
    back = reached_by(qtbot, window, Qt.Key.Key_Backtab)
    assert {id(each) for each in back} == {id(each) for each in reached}
    return reached


@pytest.fixture
def all_panels(window, qtbot):
    """Return the window with all panels open, and a network to look at."""
    for key in window.docks.docks:
        window.docks.show(key)
    window.session.step()
    qtbot.waitUntil(lambda: window.session.snapshot_step == 1)
    return window


def test_tab_reaches_every_control_of_the_window_and_of_each_panel(all_panels, qtbot):
    window = all_panels
    window.left.show_settings()
    for key, dock in window.docks.docks.items():
        window.docks.show(key)
        qtbot.waitUntil(lambda dock=dock: not dock.visibleRegion().isEmpty())
        window.setFocus()
        reached = check_reached(qtbot, window)
        assert any(dock.isAncestorOf(part) for part in reached), key
        assert not any(is_covered(window, part) for part in reached), key
        missed = [
            part
            for part in controls_of(window)
            if part not in reached
            and not is_covered(window, part)
            # The arrow keys choose among segments, as their own tests show.
            and not isinstance(part.parent(), SegmentedControl)
        ]
        assert missed == [], key
        assert all(part.accessibleName() for part in reached), key


def test_a_chart_reads_its_values_to_a_screen_reader(window, qtbot):
    panel = window.docks.show("clipping")
    qtbot.waitUntil(lambda: panel.result is not None)
    panel.chart.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(panel.chart, Qt.Key.Key_Right)
    assert " entries with " in panel.chart.accessibleDescription()
    assert panel.reading.text() == panel.chart.accessibleDescription()


def test_every_control_of_the_dialogs_is_reached(window, qtbot):
    actions = window.actions_
    window.session.step()
    qtbot.waitUntil(lambda: window.session.run.steps_made == 1)
    actions.restart.trigger()
    actions.show_keys.trigger()
    actions.get_data.trigger()
    window.runs_card.all_requested.emit()
    for kind in (KeysWindow, DataDialog, RunsDialog):
        dialog = window.findChild(kind)
        with qtbot.waitActive(dialog):
            dialog.activateWindow()
        controls_of(dialog)[0].setFocus()
        qtbot.waitUntil(lambda dialog=dialog: dialog.isAncestorOf(QApplication.focusWidget()))
        reached = check_reached(qtbot, dialog)
        missed = [part for part in controls_of(dialog) if part not in reached]
        assert missed == [], kind
        dialog.close()


def test_every_menu_opens_by_a_mnemonic_of_its_own(window):
    texts = [action.text() for action in window.menuBar().actions()]
    mnemonics = [text[text.index("&") + 1].lower() for text in texts]
    assert len(set(mnemonics)) == len(mnemonics)
