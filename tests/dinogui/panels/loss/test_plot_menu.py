"""The context menu of the plot: by the right button and by the menu key, but not after a drag."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QApplication, QMenu

RIGHT = Qt.MouseButton.RightButton


@pytest.fixture
def menu(window, qtbot):
    """Return a function that returns the menu that is open, or None."""

    def opened():
        QApplication.processEvents()
        popup = QApplication.activePopupWidget()
        return popup if isinstance(popup, QMenu) else None

    yield opened
    if opened():
        opened().close()


def middle(window):
    return window.loss_plot.pane.geometry().center()


def test_a_right_click_offers_what_can_be_done_with_the_plot(window, menu, qtbot):
    qtbot.mouseClick(window.loss_plot.plot.viewport(), RIGHT, pos=middle(window))
    offered = menu().actions()
    actions = window.actions_
    for action in (actions.show_all, actions.plot.set_range, actions.plot.copy, actions.plot.save):
        assert action in offered
    titles = [action.text().replace("&", "") for action in offered]
    assert {"Axes of the plot", "Baselines"} <= set(titles)


def test_a_drag_with_the_right_button_zooms(window, menu, qtbot):
    plot = window.loss_plot
    viewport, place = plot.plot.viewport(), middle(window)
    qtbot.mousePress(viewport, RIGHT, pos=place)
    for pixels in (10, 40, 80):
        qtbot.mouseMove(viewport, place + QPoint(pixels, 0))
        qtbot.wait(30)
    qtbot.mouseRelease(viewport, RIGHT, pos=place + QPoint(80, 0))
    assert menu() is None


def test_the_menu_key_opens_it(window, menu):
    plot = window.loss_plot.plot
    plot.setFocus()
    place = plot.rect().center()
    reason = QContextMenuEvent.Reason.Keyboard
    QApplication.sendEvent(plot, QContextMenuEvent(reason, place, plot.mapToGlobal(place)))
    assert window.actions_.plot.set_range in menu().actions()
