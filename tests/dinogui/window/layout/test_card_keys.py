"""F6 goes through all cards and floating panels, and back."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPushButton
from shiboken6 import delete, isValid

SHIFT = Qt.KeyboardModifier.ShiftModifier
NONE = Qt.KeyboardModifier.NoModifier


def press(qtbot, modifier=NONE):
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_F6, modifier)
    return QApplication.focusWidget()


def card_of(window, part):
    """Return the place of the card in which a part lies."""
    places = [*window.arrangement.cards, *window.docks.floating]
    return next(place for place, card in enumerate(places) if card.isAncestorOf(part))


def test_it_visits_every_card_once_and_then_the_first_again(window, qtbot):
    window.setFocus()
    focused = [press(qtbot) for _ in range(8)]
    names = [card_of(window, part) for part in focused]
    shown = [place for place, card in enumerate(window.arrangement.cards) if card.isVisible()]
    with_stops = sorted(set(names))
    assert set(with_stops) <= set(shown)
    assert names == [with_stops[place % len(with_stops)] for place in range(8)]
    titles = [window.arrangement.cards[place].accessibleName() for place in with_stops]
    assert [t for t in titles if t in ("Knobs", "Model", "Loss", "Panels")] == [
        "Knobs",
        "Model",
        "Loss",
        "Panels",
    ]
    before = focused[-1]
    press(qtbot)
    assert card_of(window, press(qtbot, SHIFT)) == card_of(window, before)


def test_the_window_outlives_what_is_deleted_after_it_was_walked_through(window, qtbot):
    parts = (window, window.menuBar(), window.statusBar())
    last = QPushButton(window)  # at the end of Qt's order of the focus, before the window
    window.setFocus()
    for _ in window.arrangement.cards:
        press(qtbot)
    delete(last)
    assert all(map(isValid, parts))
    window.actions_.plot_alone.trigger()
    assert not window.menuBar().isVisible()
    window.presentation.leave()


def test_backwards_it_begins_with_the_last_card(window, qtbot):
    window.setFocus()
    last = press(qtbot, SHIFT)
    window.setFocus()
    first = press(qtbot)
    assert card_of(window, last) > card_of(window, first)
    assert card_of(window, press(qtbot, SHIFT)) == card_of(window, last)


def test_all_settings_are_visited_in_place_of_the_cards(window, qtbot):
    window.left.show_settings()
    window.top_bar.train.setFocus()
    assert press(qtbot) is window.left.back


def test_it_goes_into_a_floating_panel_and_out_of_it(window, qtbot):
    window.docks.show("write_together")
    qtbot.mouseClick(window.panels_card.float_button, Qt.MouseButton.LeftButton)
    dock = window.docks.docks["write_together"]
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    window.top_bar.train.setFocus()
    press(qtbot, SHIFT)
    qtbot.waitUntil(lambda: dock.isAncestorOf(QApplication.focusWidget()))
    press(qtbot)
    qtbot.waitUntil(lambda: window.top_bar.isAncestorOf(QApplication.focusWidget()))


def test_what_it_reaches_is_scrolled_into_view(window, qtbot):
    window.resize(940, 560)
    window.actions_.larger_text.trigger()
    window.actions_.larger_text.trigger()
    window.model_card.fold(False)
    window.setFocus()
    for _ in range(3):
        part = press(qtbot)
        assert not part.visibleRegion().isEmpty(), part
