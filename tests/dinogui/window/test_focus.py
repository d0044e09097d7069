"""The focus can be seen: whatever Tab reaches in the window looks different with it, in any theme."""

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
        reached.append(widget)
        with_focus = looks(settle(widget))
        widget.clearFocus()
        if looks(settle(widget)) == with_focus:
            unmarked.append(described(widget))
        widget.setFocus(Qt.FocusReason.TabFocusReason)
    return reached, unmarked


@pytest.mark.parametrize("scheme", SCHEMES)
def test_whatever_tab_reaches_shows_that_it_has_the_focus(window, qtbot, scheme):
    window.actions_.schemes[scheme].trigger()
    window.top_bar.train.setFocus(Qt.FocusReason.TabFocusReason)
    window.banner.say("Saved.")
    reached, unmarked = without_mark(qtbot, window)
    assert len(reached) > 20
    assert unmarked == []
    window.actions_.schemes[Qt.ColorScheme.Unknown].trigger()
