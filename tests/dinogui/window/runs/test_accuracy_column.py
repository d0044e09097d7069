"""How much is told right, in the lists of runs and in the comparison."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt

from dinogui.session.run import RunState
from dinogui.window.runs.run_columns import COLUMNS
from dinogui.window.runs.runs_dialog import RunsDialog

HEADINGS = [column.heading for column in COLUMNS]
TOLD_RIGHT = HEADINGS.index("Told right")


@pytest.fixture
def told(window, qtbot, tmp_path, corpus_of_kinds):
    """Return a window with runs of 130, 260 and 140 steps that tell; the last one writes."""
    window.library.autosave_in(tmp_path / "autosave")
    session = window.session
    session.use(corpus_of_kinds)
    small = replace(
        session.hyperparameters, widths=(12,), batch=8, learning_rate=0.001, optimizer="adam"
    )
    for steps, task in ((130, "tell"), (260, "tell"), (140, "tell"), (4, "write")):
        with qtbot.waitSignal(session.network_made, timeout=20_000):
            settings = replace(session.settings, task=task, cell="gru", held_out=0.4)
            session.restart(hyperparameters=small, settings=settings)
        session.train(steps)
        qtbot.waitUntil(
            lambda steps=steps: session.snapshot_step == steps and session.state is RunState.PAUSED,
            timeout=20_000,
        )
        qtbot.waitUntil(lambda: session.run.full_held_out is not None, timeout=20_000)
    return window


def percent(accuracy):
    return f"{100 * accuracy:.1f}\u00a0%"


def test_the_accuracy_is_listed_and_sorts_the_list(told, qtbot):
    told.library.finish_writing()
    told.runs_card.all_requested.emit()
    [dialog] = told.findChildren(RunsDialog)
    table = dialog.list
    qtbot.waitUntil(lambda: len(table.shown) >= 3)
    qtbot.waitUntil(lambda: all(run.path for run in table.shown), timeout=20_000)
    texts = {
        run.step: item.text(TOLD_RIGHT)
        for run, item in zip(table.shown, table.items(), strict=True)
    }
    for run in told.session.runs.all_earlier:
        if run.tells and run.steps_made:
            latest = run.progress.held_out.latest.accuracy
            assert texts[run.steps_made] in map(percent, (latest, run.full_held_out.accuracy))
    header = table.header()
    place = QPoint(header.sectionViewportPosition(TOLD_RIGHT) + 8, header.height() // 2)
    qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=place)
    accuracies = [run.facts.accuracy for run in table.shown if run.facts.accuracy is not None]
    assert len(accuracies) == 3
    assert accuracies == sorted(accuracies, reverse=True)


def test_the_card_has_it_before_the_loss(told, qtbot):
    row = next(row for row in told.runs_card.rows if row.run and row.run.step == 260)
    right = percent(row.run.facts.accuracy)
    assert f"{right} of what is held out is told right" in row.toolTip()


def test_the_comparison_has_it(told, qtbot):
    session = told.session
    telling = [
        run for run in (session.run, *session.runs.all_earlier) if run.tells and run.steps_made
    ]
    session.show_run(telling[-1].id)
    panel = told.docks.show("compare")

    def cells():
        return next((line[1:] for line in panel.lines if line[0] == "last accuracy"), [])

    qtbot.waitUntil(lambda: bool(cells()), timeout=20_000)
    latest = session.progress.held_out.latest.accuracy
    assert cells()[0] == f"{latest:.1%}"
