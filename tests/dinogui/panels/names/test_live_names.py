"""Live names: an untrained network writes first, and the list follows the training."""

import pytest
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtWidgets import QAbstractButton

from dinogui.common.speed import Speed
from dinogui.session.run import RunState


@pytest.fixture
def names(window, qtbot):
    """Return the names panel when the first names are shown."""
    qtbot.waitUntil(lambda: len(window.names.generated) == 10)
    return window.names


def steps_of(names):
    return {candidate.step for candidate in names.table.model.candidates}


def settled(window):
    searching = window.session.name_generation.is_searching
    return not searching and steps_of(window.names) == {window.session.snapshot_step}


def test_before_the_first_step_the_untrained_network_has_written(window, names):
    assert window.session.state is RunState.READY
    assert steps_of(names) == {0}
    assert names.last_seed is None  # nobody has asked for these
    assert names.live_switch.isVisible()


def test_while_it_trains_the_names_are_written_again(window, names, qtbot):
    window.session.train()
    qtbot.waitUntil(lambda: min(steps_of(names)) > 0)
    window.session.pause()
    # In the end, the last network has written them, with the same seed.
    qtbot.waitUntil(lambda: window.session.state is RunState.PAUSED and settled(window))
    assert names.form.seed.value() == window.session.settings.seed


def test_a_single_step_writes_the_names_again(window, names, qtbot):
    for step in (1, 2):
        qtbot.keyClick(window, Qt.Key.Key_F8)
        qtbot.waitUntil(lambda step=step: steps_of(names) == {step})


def test_the_switch_turns_it_off_and_on(window, names, qtbot):
    qtbot.mouseClick(names.live_switch, Qt.MouseButton.LeftButton)
    assert not window.actions_.live_names.isChecked()
    qtbot.keyClick(window, Qt.Key.Key_F8)
    qtbot.waitUntil(lambda: window.session.snapshot_step == 1)
    qtbot.wait(50)
    assert steps_of(names) == {0}
    qtbot.mouseClick(names.live_switch, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: steps_of(names) == {1})


@pytest.mark.parametrize("how", ["a name is selected", "a request is wrong", "nobody sees it"])
def test_names_that_somebody_works_on_stay(window, names, qtbot, how):
    if how == "a name is selected":
        table = names.table.view
        flags = QItemSelectionModel.SelectionFlag
        table.selectionModel().select(table.model().index(0, 1), flags.Select | flags.Rows)
    elif how == "a request is wrong":
        names.form.prefix.setText("§")
        qtbot.waitUntil(lambda: names.error != "")
    else:
        window.arrangement.samples.hide()
    qtbot.keyClick(window, Qt.Key.Key_F8)
    qtbot.waitUntil(lambda: window.session.snapshot_step == 1)
    qtbot.wait(50)
    assert steps_of(names) == {0}
    if how == "nobody sees it":
        window.arrangement.samples.show()
        qtbot.waitUntil(lambda: steps_of(names) == {1})


def test_a_search_of_a_person_is_not_replaced(window, names, qtbot):
    names.form.suffix.setText("zzzzzzzzzzzzz")
    qtbot.waitUntil(lambda: window.session.name_generation.is_searching)
    ended = []
    window.session.name_generation.found.connect(lambda found: ended.append(found.is_over))
    qtbot.waitUntil(lambda: names.is_waiting)
    window.session.set_speed(Speed.HUNDRED)
    window.session.train(3)
    qtbot.waitUntil(lambda: window.session.snapshot_step == 3)
    qtbot.wait(50)
    assert names.is_waiting
    assert not any(ended)
    names.cancel.click()


def test_what_was_said_about_a_file_stays(window, names, qtbot, tmp_path):
    names.export(str(tmp_path / "names.txt"))
    qtbot.waitUntil(lambda: "saved to" in names.note)
    qtbot.keyClick(window, Qt.Key.Key_F8)
    qtbot.waitUntil(lambda: steps_of(names) == {1})
    assert "saved to" in names.note


def test_a_new_run_shows_what_its_own_network_writes(window, names, qtbot, train_until):
    train_until(window.session, 300)
    qtbot.waitUntil(lambda: steps_of(names) == {300})
    trained, first = names.generated, window.session.run.id
    window.session.restart()
    qtbot.waitUntil(lambda: steps_of(names) == {0})
    window.session.show_run(first)  # the names of each run come back with it
    qtbot.waitUntil(lambda: names.generated == trained)
    qtbot.wait(50)
    assert names.generated == trained


@pytest.fixture
def slow_search(window, names, qtbot, train_until):
    """Return a window that trains, and searches names with a network that has diverged.

    It writes none that is short enough, so the search goes on for long.
    """
    session, generation = window.session, window.session.name_generation
    train_until(session, 500)
    qtbot.waitUntil(lambda: settled(window))
    session.set_hyperparameters(learning_rate=1.0, clip=None)
    with qtbot.waitSignal(session.loss_rose, timeout=20_000):
        session.train()
    tried = []
    generation.found.connect(lambda found: tried.append(found.tried))
    qtbot.waitUntil(lambda: max(tried, default=0) > 1_000, timeout=20_000)
    assert generation.is_searching
    return window


def test_a_long_search_gives_way_to_the_network_that_is_gone_back_to(slow_search, names, qtbot):
    ended = []
    slow_search.session.name_generation.found.connect(lambda found: ended.append(found))
    buttons = slow_search.banner.findChildren(QAbstractButton)
    (back,) = [button for button in buttons if button.text() == "Go back"]
    qtbot.mouseClick(back, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: slow_search.session.state is RunState.PAUSED)
    qtbot.waitUntil(lambda: settled(slow_search), timeout=10_000)
    assert max(steps_of(names)) <= 500
    assert len(names.generated) == 10
    assert not [found for found in ended if found.is_over and not found.candidates]
    qtbot.waitUntil(lambda: not names.is_waiting)


def test_after_a_long_search_a_new_run_is_followed_at_once(slow_search, names, qtbot):
    session = slow_search.session
    session.restart()
    qtbot.waitUntil(lambda: steps_of(names) == {0})
    session.set_hyperparameters(learning_rate=0.01, clip=5.0)
    session.train()
    qtbot.waitUntil(lambda: min(steps_of(names)) > 0, timeout=10_000)


def test_the_rest_after_a_list_does_not_count_the_time_nobody_searched(
    window, names, qtbot, monkeypatch
):
    """A list that was due, but not written, is no search that goes on."""
    flags = QItemSelectionModel.SelectionFlag
    table = names.table.view
    table.selectionModel().select(table.model().index(0, 1), flags.Select | flags.Rows)
    qtbot.keyClick(window, Qt.Key.Key_F8)
    qtbot.waitUntil(lambda: window.session.snapshot_step == 1)
    qtbot.wait(1_200)  # ten times as long is more than is waited for below
    table.clearSelection()
    names.generate()
    qtbot.waitUntil(lambda: steps_of(names) == {1})
    window.session.train()
    qtbot.waitUntil(lambda: min(steps_of(names)) > 1, timeout=10_000)


def test_a_text_has_no_switch(text_window):
    assert not text_window.names.live_switch.isVisible()
