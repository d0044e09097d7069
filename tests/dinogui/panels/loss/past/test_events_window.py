"""View > Events: what changed, where, and a note that is kept with the run."""

import pytest
from PySide6.QtCore import Qt

from dinogui.panels.loss.past.events_window import EventsWindow


@pytest.fixture
def events(past_window, choose, qtbot):
    """Return the list of the events of a run with one event."""
    choose(past_window, "Ctrl+Shift+V")
    shown = past_window.findChild(EventsWindow)
    qtbot.waitUntil(shown.isVisible)
    return shown


def choose_first(events):
    events.list.setCurrentItem(events.list.topLevelItem(0))


def test_it_lists_what_changed_and_the_loss_before(past_window, events):
    event = past_window.session.run.events[0]
    (line,) = events.lines
    assert line[:2] == ("300", "learning rate 0.00972 (set to 0.01) → 0.005")
    unit = past_window.loss_plot.unit
    assert line[2] == unit.write(unit.of(event.smoothed_loss, past_window.session.run.mean_length))


def test_it_grows_with_the_run_and_changes_with_it(past_window, events, train_until, qtbot):
    past_window.session.set_hyperparameters(clip=None)
    train_until(past_window.session, 601)
    qtbot.waitUntil(lambda: len(events.lines) == 2)
    assert events.lines[1][:2] == ("600", "clip value 5 → off")
    past_window.session.restart()
    assert events.lines == []
    assert not events.list.isVisible()


def test_enter_and_a_double_click_go_there(past_window, events, qtbot):
    choose_first(events)
    qtbot.keyClick(events.list, Qt.Key.Key_Return)
    assert past_window.session.past.step == 300
    past_window.session.past.leave()
    place = events.list.visualItemRect(events.list.topLevelItem(0)).center()
    viewport = events.list.viewport()
    qtbot.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=place)
    qtbot.mouseDClick(viewport, Qt.MouseButton.LeftButton, pos=place)
    assert past_window.session.past.step == 300


def test_a_note_is_kept_with_the_run_and_in_its_file(past_window, events, qtbot, tmp_path):
    session, saving = past_window.session, past_window.library.saving
    path = str(tmp_path / "noted.npz")
    with qtbot.waitSignal(saving.saved, timeout=30_000):
        saving.save_to(path)
    assert not saving.is_unsaved
    choose_first(events)
    qtbot.keyClicks(events.note_line, "too fast")
    assert events.lines[0][3] == "too fast"
    assert saving.is_unsaved
    assert past_window.isWindowModified()
    with qtbot.waitSignal(saving.saved, timeout=30_000):
        saving.save()
    session.restart()
    assert session.run.event_notes == {}
    with qtbot.waitSignal(saving.opened, timeout=30_000):
        past_window.open_file(path)
    assert session.run.event_notes == {0: "too fast"}
    assert events.lines[0][3] == "too fast"


def test_a_run_that_goes_on_from_an_event_has_its_note(past_window, events, look, qtbot):
    session, former = past_window.session, past_window.session.run
    session.note_event(0, "slower")
    look(past_window, 400)
    session.go_on_from(400)
    qtbot.waitUntil(lambda: session.run is not former)
    assert session.run.event_notes == {0: "slower"}
    look(past_window, 200)
    session.go_on_from(200)
    qtbot.waitUntil(lambda: session.steps_made == 200)
    assert session.run.event_notes == {}


def test_it_is_opened_once(past_window, events, choose):
    choose(past_window, "Ctrl+Shift+V")
    assert len(past_window.findChildren(EventsWindow)) == 1


def test_it_says_how_an_empty_list_is_filled(window, choose, qtbot):
    choose(window, "Ctrl+Shift+V")
    shown = window.findChild(EventsWindow)
    assert shown._nothing.isVisible()
    assert "Turn a knob while it trains" in shown._nothing.text()
