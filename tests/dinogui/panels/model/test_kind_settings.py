"""What a run on names with kinds learns is chosen in the Model card, and found by the search."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QLabel

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def settings(window, qtbot, corpus_of_kinds):
    window.resize(1400, 900)
    window.session.use(corpus_of_kinds)
    small = replace(window.session.hyperparameters, widths=(8,), batch=4)
    with qtbot.waitSignal(window.session.network_made, timeout=20_000):
        window.session.restart(hyperparameters=small)
    window.left.show_settings()
    return window.model.kinds


def begin(window, qtbot):
    with qtbot.waitSignal(window.session.network_made, timeout=20_000):
        window.model.begin.click()


def test_they_are_there_for_names_with_kinds_only(window, qtbot, settings, names_corpus):
    assert settings.isVisible()
    assert "3 kinds" in window.top_bar.data.words
    window.session.use(names_corpus)
    assert not settings.isVisible()
    assert "kinds" not in window.top_bar.data.words


def test_both_directions_are_for_telling_alone(window, qtbot, settings):
    assert not settings.both.isEnabled()
    assert "cannot" in settings.both.toolTip()
    settings.task.setCurrentIndex(1)
    assert settings.both.isEnabled()
    settings.both.click()
    assert window.model.pending_message == "Waiting: task “Tell the kind”, both directions"
    settings.task.setCurrentIndex(0)
    assert window.model.pending_message == ""


def test_a_run_begins_with_the_task_and_the_directions(window, qtbot, settings):
    settings.task.setCurrentIndex(1)
    settings.both.click()
    begin(window, qtbot)
    now = window.session.settings
    assert (now.task, now.both_directions) == ("tell", True)
    assert window.session.architecture.n_outputs == 3
    settings.task.setCurrentIndex(0)
    begin(window, qtbot)
    assert (window.session.settings.task, window.session.settings.both_directions) == (
        "write",
        False,
    )


def test_the_balance_is_a_slider_that_acts_at_once_and_can_be_undone(window, qtbot, settings):
    session, track = window.session, settings.balance.slider
    session.train(20)
    qtbot.waitUntil(lambda: session.steps_made == 20, timeout=20_000)
    qtbot.mouseClick(track, LEFT, pos=QPoint(round(track.x_of(0.5)), track.height() // 2))
    assert window.model.pending_message == ""
    assert session.hyperparameters.balance == 0.5
    assert session.undo.undo_text == "balance of kinds"
    window.actions_.undo.trigger()
    assert session.hyperparameters.balance == settings.balance.value == 0.25
    session.train(30)
    qtbot.waitUntil(lambda: len(session.run.events) == 2, timeout=20_000)
    assert [event.changes[0].after for event in session.run.events] == [0.5, 0.25]


def test_the_search_finds_them(window, qtbot, settings):
    for typed, field, value in [
        ("tell the kind one direction", "task", "tell"),
        ("task tell both directions", "both_directions", True),
    ]:
        window.actions_.search_commands.trigger()
        sheet = window.command_search.sheet
        qtbot.keyClicks(sheet.line, typed)
        with qtbot.waitSignal(window.session.network_made, timeout=20_000):
            qtbot.keyClick(sheet.line, Qt.Key.Key_Return)
        assert getattr(window.session.settings, field) == value


def test_the_search_sets_the_balance(window, qtbot, settings):
    window.actions_.search_commands.trigger()
    sheet = window.command_search.sheet
    qtbot.keyClicks(sheet.line, "balance of kinds 0.75")
    qtbot.keyClick(sheet.line, Qt.Key.Key_Return)
    assert window.session.hyperparameters.balance == settings.balance.value == 0.75


def heading(window):
    """Return the title of the card of what the network writes or tells."""
    return window.arrangement.samples_card.findChild(QLabel).text()


def test_a_run_that_tells_says_so_where_others_show_names(window, qtbot, settings):
    window.session.train(40)
    settings.task.setCurrentIndex(1)
    begin(window, qtbot)
    names = window.names
    assert names.told.isVisible()
    assert heading(window) == "Tell the kind"
    assert not names.page.isVisible()
    for action in (window.actions_.generate, window.actions_.export_names):
        assert not action.isEnabled()
    for key in ("next_letter", "states", "write_together", "memory_meter"):
        window.docks.show(key)
    window.session.train(120)
    qtbot.waitUntil(lambda: window.session.steps_made == 120, timeout=20_000)
    assert names.error == ""
    assert window.banner.isHidden()
    # The next run that writes has everything again.
    settings.task.setCurrentIndex(0)
    begin(window, qtbot)
    assert names.page.isVisible()
    assert not names.told.isVisible()
    assert heading(window) == "Names"
    assert window.actions_.generate.isEnabled()
