"""The focus can be seen: whatever Tab reaches looks different with it, in both themes."""

import pytest
from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QSplitterHandle

SCHEMES = [Qt.ColorScheme.Light, Qt.ColorScheme.Dark]
_MOST_STOPS = 150


def described(widget):
    return f"{type(widget).__name__} {widget.accessibleName() or widget.objectName()!r}"


def settle(widget):
    """Stop the blinking of a text cursor from deciding what is seen."""
    QApplication.setCursorFlashTime(0)
    QApplication.processEvents()
    return widget


def looks(widget):
    """Return a widget's pixels, with some around it, where its frame may show the focus."""
    top = widget.window()
    corner = widget.mapTo(top, QPoint(0, 0))
    area = widget.rect().translated(corner).adjusted(-4, -4, 4, 4) & top.rect()
    return top.grab(area).toImage()


def walk(qtbot, top):
    """Press Tab until the focus is where it began. Yield each widget that had it."""
    first = QApplication.focusWidget()
    seen = []
    for _ in range(_MOST_STOPS):
        focused = QApplication.focusWidget()
        if focused is None or focused in seen:
            break
        seen.append(focused)
        yield focused
        focused.setFocus(Qt.FocusReason.TabFocusReason)
        qtbot.keyClick(focused, Qt.Key.Key_Tab)
    assert first in seen


def without_mark(qtbot, top, looked_at=()):
    """Return what Tab reaches and what does not change its look with the focus.

    The widgets of `looked_at` are reached, but not looked at again.
    """
    reached, unmarked = [], []
    for widget in walk(qtbot, top):
        if widget.visibleRegion().isEmpty():
            continue  # in a dock behind another one, where Tab goes, too
        reached.append(widget)
        if widget in looked_at:
            continue
        with_focus = looks(settle(widget))
        widget.clearFocus()
        if looks(settle(widget)) == with_focus:
            unmarked.append(described(widget))
        widget.setFocus(Qt.FocusReason.TabFocusReason)
    return reached, unmarked


@pytest.fixture(params=SCHEMES)
def themed(request, window):
    """Return the window in one of the two colour schemes."""
    window.actions_.schemes[request.param].trigger()
    yield window
    window.actions_.schemes[Qt.ColorScheme.Unknown].trigger()


def check(qtbot, start, *, least, looked_at=()):
    start.setFocus(Qt.FocusReason.TabFocusReason)
    reached, unmarked = without_mark(qtbot, start.window(), looked_at)
    assert len(reached) >= least
    assert unmarked == []
    return reached


def test_whatever_tab_reaches_in_the_window_shows_that_it_has_the_focus(themed, qtbot):
    themed.banner.say("Saved.")
    check(qtbot, themed.top_bar.train, least=20)


def test_so_do_all_settings(themed, qtbot):
    themed.left.show_settings()
    check(qtbot, themed.left.back, least=20)


def test_so_do_all_panels(themed, qtbot):
    looked_at = []  # what is beside the panels is the same with each of them
    for key, tab in list(themed.panels_card.row.tabs.items()):
        themed.panels_card.row.chosen.emit(key)
        qtbot.waitUntil(tab.isChecked)
        looked_at += check(qtbot, themed.panels_card.close_button, least=20, looked_at=looked_at)


@pytest.mark.parametrize("name", ["get_data", "show_keys", "help"])
def test_so_do_the_dialogs(themed, qtbot, name):
    before = {w for w in QApplication.topLevelWidgets() if w.isVisible()}
    getattr(themed.actions_, name).trigger()

    def opened():
        new = [w for w in QApplication.topLevelWidgets() if w.isVisible() and w not in before]
        return new[0] if new else None

    qtbot.waitUntil(lambda: opened() is not None)
    dialog = opened()
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)
    (dialog.focusWidget() or dialog.nextInFocusChain()).setFocus()
    reached, unmarked = without_mark(qtbot, dialog)
    assert reached
    assert unmarked == []
    dialog.close()


def test_so_do_the_borders_between_cards(themed, qtbot):
    themed.docks.show("flow")  # with no panel open, there is nothing to share
    qtbot.waitUntil(themed.docks.panel("flow").isVisible)
    themed.top_bar.train.setFocus(Qt.FocusReason.TabFocusReason)
    borders = [part for part in walk(qtbot, themed) if isinstance(part, QSplitterHandle)]
    assert len(borders) == 4
    for border in borders:
        border.setFocus(Qt.FocusReason.TabFocusReason)
        with_focus = looks(border)
        border.clearFocus()
        assert looks(border) != with_focus


def test_so_does_a_panel_in_a_window_of_its_own(themed, qtbot):
    themed.docks.show("write_together")
    qtbot.mouseClick(themed.panels_card.float_button, Qt.MouseButton.LeftButton)
    dock = themed.docks.docks["write_together"]
    dock.activateWindow()
    qtbot.waitUntil(dock.isActiveWindow)
    dock.nextInFocusChain().setFocus(Qt.FocusReason.TabFocusReason)
    reached, unmarked = without_mark(qtbot, dock)
    assert len(reached) >= 3
    assert unmarked == []


def test_so_do_the_earlier_runs(themed, qtbot, train_until):
    train_until(themed.session, 20)
    with qtbot.waitSignal(themed.session.run_begun):
        themed.actions_.restart.trigger()
    themed.runs_card.fold(False)
    qtbot.waitUntil(themed.runs_card.all_runs.isVisible)
    qtbot.mouseClick(themed.runs_card.all_runs, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: isinstance(QApplication.activeWindow(), QDialog))
    dialog = QApplication.activeWindow()
    qtbot.keyClick(dialog, Qt.Key.Key_Tab)
    reached, unmarked = without_mark(qtbot, dialog)
    assert len(reached) >= 2
    assert unmarked == []
    dialog.close()


def test_so_does_the_dialog_that_exports(themed, qtbot):
    qtbot.keyClick(themed, Qt.Key.Key_G, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: len(themed.names.generated) == 10)
    found = []

    def look():
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, QFileDialog)
        try:
            qtbot.waitUntil(dialog.isActiveWindow)
            dialog.focusWidget().setFocus(Qt.FocusReason.TabFocusReason)
            found.append(without_mark(qtbot, dialog))
        finally:
            dialog.reject()

    QTimer.singleShot(100, look)
    themed.actions_.export_names.trigger()
    reached, unmarked = found[0]
    assert len(reached) >= 5
    assert unmarked == []
