"""What a run on names with kinds learns is chosen in the Model card, and found by the search."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def settings(window, qtbot, corpus_of_kinds):
    window.resize(1400, 900)
    window.session.use(corpus_of_kinds)
    qtbot.waitUntil(lambda: window.session.has_network)
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
    assert (now.task, now.both_directions, now.balance) == ("tell", True, 0.0)
    assert window.session.architecture.n_outputs == 3
    settings.task.setCurrentIndex(0)
    begin(window, qtbot)
    assert (window.session.settings.task, window.session.settings.both_directions) == (
        "write",
        False,
    )


def test_the_balance_is_a_slider(window, qtbot, settings):
    track = settings.balance.slider
    qtbot.mouseClick(track, LEFT, pos=QPoint(round(track.x_of(0.5)), track.height() // 2))
    assert window.model.pending_message == "Waiting: balance 0.5"
    begin(window, qtbot)
    assert window.session.settings.balance == 0.5


def test_what_waits_is_not_lost_for_data_without_kinds(window, qtbot, settings, names_corpus):
    balanced = replace(window.session.settings, balance=0.5)
    with qtbot.waitSignal(window.session.network_made):
        window.session.restart(settings=balanced)
    window.session.use(names_corpus)
    assert window.model.pending_message == ""


def test_the_search_finds_them(window, qtbot, settings):
    for typed, field, value in [
        ("tell the kind one direction", "task", "tell"),
        ("task tell both directions", "both_directions", True),
        ("balance of kinds 0.25", "balance", 0.25),
    ]:
        window.actions_.search_commands.trigger()
        sheet = window.command_search.sheet
        qtbot.keyClicks(sheet.line, typed)
        with qtbot.waitSignal(window.session.network_made, timeout=20_000):
            qtbot.keyClick(sheet.line, Qt.Key.Key_Return)
        assert getattr(window.session.settings, field) == value


def test_a_run_that_tells_says_so_where_others_show_names(window, qtbot, settings):
    window.session.train(40)
    settings.task.setCurrentIndex(1)
    begin(window, qtbot)
    names = window.names
    assert names.no_names.isVisible()
    assert "Tell the kind" in names.no_names.text()
    assert not names.page.isVisible()
    for action in (window.actions_.generate, window.actions_.export_names):
        assert not action.isEnabled()
    assert not names.live_switch.isVisible()
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
    assert not names.no_names.isVisible()
    assert window.actions_.generate.isEnabled()
