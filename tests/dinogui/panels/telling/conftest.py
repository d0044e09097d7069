"""Fixtures of the tests of panels about telling kinds."""

import pytest

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
