"""The Compare panel and the commands that copy its table."""

import csv
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QAbstractScrollArea, QApplication

from engine.evaluation.units import Unit

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def panel(window, train_until):
    """Return the panel beside an RNN with 40 steps and a GRU with 60, which is at work."""
    session = window.session
    train_until(session, 40)
    session.restart(settings=replace(session.settings, cell="gru"))
    train_until(session, 60)
    return window.docks.show("compare")


def cells(panel, label):
    """Return the cells of a row; None if there is no such row."""
    return next((line[1:] for line in panel.lines if line[0] == label), None)


def in_force(run):
    """Return the learning rate of the next step of a run, by its latest report."""
    return run.progress.hyperparameters.rate_at(run.progress.decay_epoch)


def test_the_table_has_only_what_differs_and_what_was_reached(panel, window, qtbot):
    qtbot.waitUntil(lambda: cells(panel, "steps") == ["60", "40"])
    assert panel.lines[0] == ["", "GRU 50", "RNN 50"]
    assert cells(panel, "cell") == ["GRU", "RNN"]
    assert cells(panel, "learning rate") is None, "it is the same in both"
    on_plot = window.session.on_plot
    runs = on_plot.present, on_plot.overlaid[0]
    sizes = [f"{run.parameters.flat.size:,}" for run in runs]
    assert cells(panel, "parameters") == sizes
    (best, rnn_best) = cells(panel, "best held-out loss")
    curve = window.session.curves.held_out(Unit.NATS_PER_CHARACTER)
    assert best == f"{curve.lowest_point[1]:.4f}"
    assert rnn_best != best
    assert panel.note == ""


def test_the_table_follows_the_run(panel, window, qtbot, train_until):
    before = in_force(window.session.run)
    window.session.set_hyperparameters(learning_rate=0.02)
    train_until(window.session, 90)
    qtbot.waitUntil(lambda: cells(panel, "steps") == ["90", "40"])
    changed = f"60: learning rate {before:.3g} (set to 0.01) → 0.02"
    assert cells(panel, "events") == [changed, "none"]


def test_a_rate_that_has_fallen_is_shown_as_it_is_in_force_and_as_it_was_set(
    window, train_until, qtbot
):
    session = window.session
    session.set_hyperparameters(decay=0.0)
    train_until(session, 40)
    session.restart()
    session.set_hyperparameters(decay=5.0, schedule="exponential")
    train_until(session, 60)
    panel = window.docks.show("compare")
    qtbot.waitUntil(lambda: cells(panel, "steps") == ["60", "40"])
    assert in_force(session.run) < 0.01
    assert cells(panel, "learning rate in force") == [f"{in_force(session.run):.3g}", "0.01"]
    assert cells(panel, "learning rate last set") == ["0.01", "0.01"]


def test_runs_that_hold_out_other_names_are_not_comparable(window, train_until, qtbot):
    session = window.session
    train_until(session, 20)
    session.restart(settings=replace(session.settings, seed=7))
    panel = window.docks.show("compare")
    qtbot.waitUntil(lambda: len(panel.lines[0]) == 3)
    assert "cannot be compared" in panel.note


def test_without_another_run_the_panel_says_how_to_fill_it(window, qtbot):
    panel = window.docks.show("compare")
    assert "only one run" in panel.table.empty_message
    assert not panel.copy_csv.isEnabled()


def choose(qtbot, panel, action):
    """Open the menu of the export button, and click an entry."""
    menu = panel.export.ways
    QTimer.singleShot(
        0, menu, lambda: qtbot.mouseClick(menu, LEFT, pos=menu.actionGeometry(action).center())
    )
    qtbot.mouseClick(panel.export, LEFT)


def test_the_export_button_copies_the_table(panel, window, qtbot):
    qtbot.waitUntil(lambda: cells(panel, "steps") == ["60", "40"])
    choose(qtbot, panel, panel.copy_markdown)
    first, second, *lines = QApplication.clipboard().text().splitlines()
    assert (first, second) == ("|  | GRU 50 | RNN 50 |", "|---|---:|---:|")
    assert "| steps | 60 | 40 |" in lines
    choose(qtbot, panel, panel.copy_csv)
    rows = {row[0]: row[1:] for row in csv.reader(QApplication.clipboard().text().splitlines())}
    assert rows["steps"] == ["60", "40"]
    assert rows[""] == ["GRU 50", "RNN 50"]


def test_the_commands_copy_the_table_without_the_panel(window, train_until, qtbot):
    actions = window.actions_.plot
    assert not actions.copy_markdown.isEnabled()
    train_until(window.session, 20)
    window.actions_.restart.trigger()
    qtbot.waitUntil(lambda: window.session.has_network)
    actions.copy_markdown.trigger()
    assert "| steps | 0 | 20 |" in QApplication.clipboard().text()
    actions.copy_csv.trigger()
    assert "steps,0,20" in QApplication.clipboard().text()


@pytest.mark.layout
def test_in_the_smallest_window_only_the_table_scrolls(panel, window, qtbot):
    window.resize(940, 560)
    qtbot.waitUntil(lambda: cells(panel, "steps") == ["60", "40"])
    around = panel.parentWidget()
    while not isinstance(around, QAbstractScrollArea):
        around = around.parentWidget()
    qtbot.waitUntil(lambda: not around.verticalScrollBar().isVisible())
    assert not around.horizontalScrollBar().isVisible()
    first = panel.table.visualRect(panel.table.model().index(0, 0))
    assert panel.table.viewport().rect().contains(first)
