"""The room below the plot: what it shows now, while one looks back, and where room is scarce."""

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QApplication

from dinogui.panels.loss.past.playback_row import PlaybackRow
from dinogui.panels.run_end.until_button import UntilButton

pytestmark = pytest.mark.layout

_CURVES = 120
"""Pixels: the curves of the smallest window were so high before there was a play-head."""


@pytest.fixture
def looking(window, train_until, qtbot):
    """Return the smallest window, which shows step 40 of 100."""
    window.resize(940, 560)
    train_until(window.session, 100)
    window.session.past.look(40)
    qtbot.waitUntil(lambda: window.session.past.is_reached)
    return window


def whole_parts(row):
    """Return the parts of the row that are seen, and check that they are seen whole."""
    parts = row.go_on, row.best, row.now, row.step_box, row.speed_button
    seen = [part for part in parts if part.isVisible()]
    for part in seen:
        assert row.rect().contains(part.geometry()), part.accessibleName()
        assert part.width() >= part.sizeHint().width()
        assert part.visibleRegion().boundingRect() == part.rect(), part.accessibleName()
    return seen


def test_in_the_smallest_window_all_buttons_fit_and_the_curves_keep_their_room(looking):
    row = looking.findChild(PlaybackRow)
    QApplication.processEvents()
    assert len(whole_parts(row)) == 5
    assert looking.loss_plot.pane.height() >= _CURVES


def test_in_text_of_200_percent_the_row_has_what_fits(looking, qtbot):
    row = looking.findChild(PlaybackRow)
    usual = row.fontMetrics().height()
    looking.presentation.scale_text(2.0)
    qtbot.waitUntil(lambda: row.fontMetrics().height() > 1.8 * usual)
    QApplication.processEvents()
    seen = whole_parts(row)
    assert row.now in seen
    assert row.go_on in seen
    assert len(seen) < 5


def test_the_row_gives_way_to_the_end_of_the_run_and_comes_back(looking):
    until = looking.findChild(UntilButton)
    row = looking.findChild(PlaybackRow)
    assert (row.isVisible(), until.isVisible()) == (True, False)
    height = row.window().loss_plot.play_head.mapTo(looking, QPoint()).y()
    looking.session.past.leave()
    assert (row.isVisible(), until.isVisible()) == (False, True)
    assert looking.loss_plot.play_head.mapTo(looking, QPoint()).y() == height


def test_a_short_window_has_a_slim_foot_in_which_nothing_is_cut(window, qtbot):
    foot = window.arrangement._parts.foot
    usual = foot.height()
    window.resize(940, 560)
    qtbot.waitUntil(lambda: foot.height() < usual)
    line = foot.fontMetrics().height()
    for part in (foot.replay_button, window.end_line, window.learned):
        assert line <= part.height() <= foot.height()
    window.end_line.say("The run has ended. " * 20, offers_action=True)
    assert window.end_line.height() <= foot.height()
    assert window.end_line.button.height() >= window.end_line.button.sizeHint().height()
    window.resize(1100, 700)
    qtbot.waitUntil(lambda: foot.height() == usual)
