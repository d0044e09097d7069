"""The top bar: its buttons and chips, and what goes where room is scarce."""

from itertools import pairwise

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QAbstractButton

from dinogui.widgets.buttons.action_button import ActionButton


def test_the_chips_name_the_data_and_the_network(window, qtbot, names_file):
    bar = window.top_bar
    assert bar.data.words == f"dinosaurs.txt · {len(window.session.corpus.names):,} names"
    parameters = window.session.architecture.n_parameters
    assert bar.model.words == f"RNN 50 · {parameters:,} parameters"
    window.session.set_hyperparameters(widths=(60, 20))
    qtbot.waitUntil(lambda: bar.model.words.startswith("RNN 60 + 20 · "))
    with qtbot.waitSignal(window.session.run_begun):
        window.open_file(str(names_file()))
    assert bar.data.words.startswith("people.txt · ")


def test_the_chips_open_their_settings(window, qtbot):
    qtbot.mouseClick(window.top_bar.model, Qt.MouseButton.LeftButton)
    assert window.model.isVisible()
    qtbot.mouseClick(window.top_bar.model, Qt.MouseButton.LeftButton)
    assert not window.model.isVisible()
    menu = window.top_bar.data.menu()
    actions = window.actions_
    for action in (
        *(actions.open, actions.open_dinosaurs, actions.open_dinosaur_endings),
        actions.get_data,
    ):
        assert action in menu.actions()
    assert actions.recent_menu.menuAction() in menu.actions()
    menu.popup(window.pos())
    assert window.controls.facts.isVisible()
    menu.close()


def test_a_text_is_named_with_its_symbols(text_window):
    count = len(text_window.session.corpus)
    assert text_window.top_bar.data.words == f"verse.txt · {count:,} symbols"


def test_one_button_is_filled_and_train_becomes_pause_in_the_same_place(window, qtbot):
    bar = window.top_bar
    place = bar.train.geometry()
    qtbot.mouseClick(bar.train, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.session.steps_made > 5)
    assert bar.train.text() == "Pause"
    assert bar.train.geometry() == place
    qtbot.mouseClick(bar.train, Qt.MouseButton.LeftButton)
    assert bar.train.text() == "Train"


def test_more_controls_find_room_and_keys_go_first(window, qtbot):
    bar = window.top_bar
    search = ActionButton(QAction("Search commands"))
    search.setToolTip("For the test")
    bar.add_at_the_end(search)
    window.resize(940, 560)
    qtbot.waitUntil(lambda: window.width() == 940)
    qtbot.wait(20)
    assert bar.model.isHidden()  # the Model card says the same
    parts = [bar.train, bar.step, bar.speed, bar.restart, bar.data, search]
    rects = [part.geometry() for part in parts]
    for left, right in pairwise(rects):
        assert left.right() < right.left()
    assert rects[-1].right() < bar.width()
    for part in (bar.train, bar.step, bar.speed, bar.restart, search):
        assert part.width() >= part.minimumSizeHint().width()


@pytest.mark.layout
def test_the_room_is_shared_anew_when_a_chip_has_more_to_say(window, qtbot):
    bar = window.top_bar
    for width in range(1100, 1600, 20):  # until there is just room for both chips
        window.resize(width, 700)
        qtbot.waitUntil(lambda width=width: bar.width() == width)
        if not bar.model.isHidden():
            break
    assert bar.data.width() == bar.data.sizeHint().width()
    window.session.set_hyperparameters(widths=(50, 51, 52, 53))
    qtbot.waitUntil(bar.model.isHidden)
    qtbot.waitUntil(lambda: bar.data.width() == bar.data.sizeHint().width())


@pytest.mark.layout
def test_the_chip_of_the_network_comes_back_when_the_text_is_small_again(window, qtbot):
    window.resize(1600, 1000)
    qtbot.waitUntil(window.top_bar.model.isVisible)
    window.presentation.scale_text(2.0)
    qtbot.waitUntil(lambda: not window.top_bar.model.isVisible())
    window.presentation.scale_text(1.0)
    qtbot.waitUntil(window.top_bar.model.isVisible)


@pytest.mark.layout
def test_in_large_text_that_becomes_narrow_no_button_lies_over_another(window, qtbot):
    window.presentation.scale_text(2.0)
    window.resize(940, 560)
    bar = window.top_bar
    qtbot.waitUntil(lambda: bar.train.height() > 36)
    for _ in range(3):  # the layout takes several turns of the event loop to settle
        qtbot.wait(20)
    parts = [part for part in bar.findChildren(QAbstractButton) if part.parent() is bar]
    rects = sorted((p.geometry() for p in parts if p.isVisible()), key=lambda rect: rect.x())
    for left, right in pairwise(rects):
        assert left.right() < right.left()
    assert rects[-1].right() < bar.width()
    assert bar.train.width() == bar.train.sizeHint().width()
