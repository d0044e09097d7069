"""Splitters that can be seen and grabbed."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QWidget

from dinogui.common.motion import reduce_motion
from dinogui.widgets.cards.grip_splitter import GripSplitter


@pytest.fixture(params=[Qt.Orientation.Horizontal, Qt.Orientation.Vertical])
def splitter(qtbot, request):
    splitter = GripSplitter(request.param, "parts")
    for _ in range(2):
        splitter.addWidget(QWidget())
    splitter.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    splitter.setFocus()  # otherwise the handle gets it when the window is activated
    qtbot.addWidget(splitter)
    splitter.resize(400, 400)
    with qtbot.waitExposed(splitter):
        splitter.show()
    return splitter


def test_a_handle_is_8_pixels_wide_can_be_seen_and_shows_what_it_does(splitter):
    handle = splitter.handle(1)
    assert min(handle.width(), handle.height()) == 8
    assert handle.cursor().shape() in (
        Qt.CursorShape.SplitHCursor,
        Qt.CursorShape.SplitVCursor,
    )
    grip = handle.grab().toImage().pixelColor(handle.rect().center())
    assert grip.name() == splitter.palette().color(QPalette.ColorRole.Mid).name()
    assert grip.name() != splitter.palette().color(QPalette.ColorRole.Window).name()


def test_it_is_dragged_and_a_double_click_asks_for_the_usual_sizes(splitter, qtbot):
    handle = splitter.handle(1)
    before = splitter.sizes()
    centre = handle.rect().center()
    qtbot.mousePress(handle, Qt.MouseButton.LeftButton, pos=centre)
    qtbot.mouseMove(handle, centre + QPoint(60, 60))
    qtbot.mouseRelease(handle, Qt.MouseButton.LeftButton, pos=centre)
    assert splitter.sizes()[0] == pytest.approx(before[0] + 60, abs=2)
    with qtbot.waitSignal(splitter.defaults_requested):
        qtbot.mouseDClick(handle, Qt.MouseButton.LeftButton)


def test_it_slides_to_other_sizes_and_ends_as_it_does_without_motion(splitter, qtbot):
    splitter.slide_to([100, 292])
    still = splitter.sizes()
    splitter.setSizes([196, 196])
    reduce_motion(False)
    with qtbot.waitSignal(splitter.slid):
        splitter.slide_to([100, 292])
        assert splitter.sizes() == [196, 196]
        qtbot.waitUntil(lambda: 100 < splitter.sizes()[0] < 196)
    assert splitter.sizes() == still


def test_a_handle_that_is_grabbed_on_the_way_is_where_it_would_be(splitter, qtbot):
    reduce_motion(False)
    splitter.slide_to([100, 292])
    qtbot.mousePress(splitter.handle(1), Qt.MouseButton.LeftButton)
    assert splitter.sizes() == [100, 292]
    qtbot.mouseRelease(splitter.handle(1), Qt.MouseButton.LeftButton)
    assert splitter.sizes() == [100, 292]


def test_with_the_focus_keys_move_it_and_enter_asks_for_the_usual_sizes(splitter, qtbot):
    handle = splitter.handle(1)
    is_upright = splitter.orientation() is Qt.Orientation.Horizontal
    back, on = (
        (Qt.Key.Key_Left, Qt.Key.Key_Right) if is_upright else (Qt.Key.Key_Up, Qt.Key.Key_Down)
    )
    handle.setFocus(Qt.FocusReason.TabFocusReason)
    splitter.setSizes([100, 292])
    with qtbot.waitSignal(splitter.splitterMoved):
        qtbot.keyClick(handle, on)
    assert splitter.sizes() == [116, 276]
    qtbot.keyClick(handle, back)
    qtbot.keyClick(handle, back)
    assert splitter.sizes() == [84, 308]
    with qtbot.waitSignal(splitter.defaults_requested):
        qtbot.keyClick(handle, Qt.Key.Key_Return)


def test_a_click_on_a_handle_does_not_take_the_focus(splitter, qtbot):
    qtbot.mouseClick(splitter.handle(1), Qt.MouseButton.LeftButton)
    assert not splitter.handle(1).hasFocus()
