"""The focus can be seen: whatever Tab reaches looks different with it, in both themes."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication

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


def without_mark(qtbot, top):
    """Return what Tab reaches and what does not change its look with the focus."""
    reached, unmarked = [], []
    for widget in walk(qtbot, top):
        if widget.visibleRegion().isEmpty():
            continue  # in a dock behind another one, where Tab goes, too
        reached.append(widget)
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


def check(qtbot, start, *, least):
    start.setFocus(Qt.FocusReason.TabFocusReason)
    reached, unmarked = without_mark(qtbot, start.window())
    assert len(reached) >= least
    assert unmarked == []


def test_whatever_tab_reaches_in_the_window_shows_that_it_has_the_focus(themed, qtbot):
    themed.banner.say("Saved.")
    check(qtbot, themed.top_bar.train, least=20)


def test_so_do_all_settings(themed, qtbot):
    themed.left.show_settings()
    check(qtbot, themed.left.back, least=20)


def test_so_do_all_panels(themed, qtbot):
    for key, tab in list(themed.panels_card.row.tabs.items()):
        themed.panels_card.row.chosen.emit(key)
        qtbot.waitUntil(tab.isChecked)
        check(qtbot, themed.panels_card.close_button, least=20)


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
