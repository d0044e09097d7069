"""While a run trains and nobody touches anything, only what has changed is painted or written.

All of it is counted, not timed: the window shares its processor with the training.
"""

from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject

from dinogui.common.speed import Speed
from dinogui.session import shown_run
from engine.training.messages import LogEntry

FRAMES = 25


class Steady(QObject):
    """Counts paint events by widget since the window was laid out last."""

    def __init__(self, window):
        super().__init__()
        self.paints, self.widths = Counter(), []
        self._pane = window.loss_plot.pane
        self._parts = {window, window.arrangement, *cards_and_splitters(window)}

    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.LayoutRequest and watched in self._parts:
            self.paints.clear()
            self.widths.clear()
        elif event.type() == QEvent.Type.Paint:
            self.paints[watched] += 1
            if watched is self._pane:
                self.widths.append(event.rect().width())
        return False


def cards_and_splitters(window):
    arrangement = window.arrangement
    return (arrangement.columns, arrangement.centre, arrangement.right, *arrangement.cards)


@pytest.fixture
def steady(window, qtbot):
    """Return what is painted during some frames of a training in which nothing is laid out."""
    steady = Steady(window)
    QCoreApplication.instance().installEventFilter(steady)
    window.session.train()
    qtbot.waitUntil(lambda: len(steady.widths) >= FRAMES, timeout=60_000)
    QCoreApplication.instance().removeEventFilter(steady)
    return steady


def test_a_frame_lays_out_nothing_and_paints_nothing_behind_the_cards(window, steady):
    arrangement = window.arrangement
    behind = (window, arrangement, arrangement.columns, arrangement.centre, arrangement.right)
    assert [steady.paints[widget] for widget in behind] == [0] * len(behind)
    # The card is painted for the newest loss, which is written less often than a frame is drawn.
    assert steady.paints[arrangement.loss_card] < FRAMES


def test_most_frames_paint_only_where_the_curve_has_grown(window, qtbot, train_until):
    # So many steps that a few more seldom change the view, on the fastest machine as well.
    train_until(window.session, 4_000)
    window.session.set_speed(Speed.HUNDRED)
    steady = Steady(window)
    QCoreApplication.instance().installEventFilter(steady)
    window.session.train()
    qtbot.waitUntil(lambda: len(steady.widths) >= FRAMES, timeout=60_000)
    QCoreApplication.instance().removeEventFilter(steady)
    assert np.median(steady.widths) < window.loss_plot.pane.width() / 4


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="the system lists no threads")
def test_qt_paints_in_no_thread_of_its_own(window):
    def names():
        return {path: path.read_text() for path in Path("/proc/self/task").glob("*/comm")}

    before = names()  # other tests may have left some
    window.repaint()
    after = names()
    assert after
    assert not [
        name
        for path, name in after.items()
        if path not in before and name.startswith("Thread (pooled)")
    ]


def test_what_is_read_is_told_less_often_and_at_the_end_of_the_training(window, qtbot, monkeypatch):
    monkeypatch.setattr(shown_run, "_READABLE_MILLISECONDS", 1_000_000)
    session, sent, told = window.session, [], []
    session.progressed.connect(lambda progress: sent.append(progress.step))
    session.progress_told.connect(lambda progress: told.append(progress.step))
    session.train()
    qtbot.waitUntil(lambda: len(sent) > 5)
    assert len(told) <= 1
    session.pause()
    assert told[-1] == sent[-1]
    qtbot.waitUntil(lambda: told[-1] == session.steps_made >= sent[5])
    assert f"step {told[-1]:,}" in window.status.message


def test_entries_of_the_log_that_come_quickly_are_shown_together(window):
    rows, session = window.names.log.rows.model(), window.session
    before = rows.rowCount()
    session.train()
    for step in (2_000, 4_000, 6_000):  # in one turn of the event loop
        session.note_entry(session.run, LogEntry(step, 20.0, ("saurus",)))
    assert rows.rowCount() == before + 1
    window.actions_.copy_log.trigger()  # takes what waits
    assert rows.rowCount() == before + 3
    session.note_entry(session.run, LogEntry(8_000, 20.0, ("raptor",)))
    assert rows.rowCount() == before + 3
    session.pause()
    assert rows.rowCount() == before + 4
    log = window.names.log.text.toPlainText()
    assert [log.count(f"Iteration: {step}") for step in (2_000, 4_000, 6_000, 8_000)] == [1] * 4
