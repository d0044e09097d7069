"""Larger text and the plot alone, by keys."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QApplication

from dinogui.common.theme import TEXT_SCALES

pytestmark = pytest.mark.layout

CTRL_SHIFT = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


def test_the_keys_scale_all_text_from_100_to_200_percent(window, qtbot):
    first = QApplication.font().pointSizeF()
    label = window.status.font().pointSizeF()
    seen = [window.presentation.text_scale]
    while window.actions_.larger_text.isEnabled():
        qtbot.keyClick(window, Qt.Key.Key_Equal, CTRL_SHIFT)
        seen.append(window.presentation.text_scale)
    assert tuple(seen) == TEXT_SCALES
    assert QApplication.font().pointSizeF() == pytest.approx(2 * first)
    qtbot.waitUntil(lambda: window.status.font().pointSizeF() == pytest.approx(2 * label))
    assert window.names.log.text.font().pointSizeF() == pytest.approx(2 * first)
    qtbot.keyClick(window, Qt.Key.Key_Equal, CTRL_SHIFT)
    assert window.presentation.text_scale == 2.0
    while window.actions_.smaller_text.isEnabled():
        qtbot.keyClick(window, Qt.Key.Key_Minus, CTRL_SHIFT)
    assert QApplication.font().pointSizeF() == pytest.approx(first)


def test_at_200_percent_nothing_is_cut_off_and_the_columns_fold(window, qtbot):
    window.presentation.scale_text(2.0)
    qtbot.waitUntil(lambda: window.arrangement.is_narrow)
    qtbot.wait(50)
    row = window.names.table.view.verticalHeader().defaultSectionSize()
    assert row >= window.fontMetrics().height()
    for part in window.top_bar.findChildren(QAbstractButton):
        if part.isVisible():
            assert part.width() >= part.minimumSizeHint().width(), part.text()
            assert part.geometry().right() < window.width()


def test_f11_shows_the_plot_alone_and_escape_leaves(window, qtbot):
    window.docks.show("flow")
    around = (window.menuBar(), window.status, window.top_bar, window.left, window.panels_card)
    before = [part.isVisible() for part in around], window.size(), window.loss_plot.size()
    qtbot.keyClick(window, Qt.Key.Key_F11)
    assert window.isFullScreen()
    assert not any(part.isVisible() for part in (*around, window.names))
    assert window.loss_plot.isVisible()
    qtbot.waitUntil(lambda: window.loss_plot.width() > window.width() - 60)
    qtbot.keyClick(window, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: window.session.steps_made > 0)
    qtbot.keyClick(window, Qt.Key.Key_Space)
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert not window.isFullScreen()
    qtbot.waitUntil(
        lambda: (
            ([part.isVisible() for part in around], window.size(), window.loss_plot.size())
            == before
        )
    )
    assert window.names.isVisible()
    assert not window.actions_.plot_alone.isChecked()
