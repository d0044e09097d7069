"""The card of the panels: tabs open them, tear them off, and give the room back."""

from PySide6.QtCore import QPoint, Qt, QVariantAnimation
from PySide6.QtWidgets import QApplication, QTabBar


def click(qtbot, part):
    qtbot.mouseClick(part, Qt.MouseButton.LeftButton)


def marked(window):
    return {key for key, tab in window.panels_card.row.tabs.items() if tab.isChecked()}


def test_at_first_only_the_row_of_tabs_is_there(window):
    card = window.panels_card
    assert card.is_empty
    assert card.height() <= card.row.height() + 20
    assert marked(window) == set()


def test_a_click_on_a_tab_opens_its_panel_in_front(window, qtbot):
    card = window.panels_card
    click(qtbot, card.row.tabs["clipping"])
    qtbot.waitUntil(lambda: window.docks.panel("clipping").isVisible())
    assert marked(window) == {"clipping"}
    click(qtbot, card.row.tabs["flow"])
    qtbot.waitUntil(lambda: marked(window) == {"flow"})
    assert window.docks.panel("flow").isVisible()
    for bar in card.area.findChildren(QTabBar):
        assert bar.height() == 0, "there is one row of tabs"
    click(qtbot, card.close_button)
    qtbot.waitUntil(lambda: marked(window) == {"clipping"})
    click(qtbot, card.close_button)
    qtbot.waitUntil(lambda: card.is_empty)
    assert not card.close_button.isEnabled()


def test_the_menu_opens_a_panel_that_stands_behind_something(window, qtbot):
    window.resize(940, 560)
    qtbot.waitUntil(lambda: window.arrangement.is_narrow)
    card = window.panels_card
    window.docks.docks["flow"].toggleViewAction().trigger()
    qtbot.waitUntil(lambda: marked(window) == {"flow"})
    click(qtbot, card.row.tabs["samples"])
    qtbot.waitUntil(lambda: marked(window) == {"samples"})
    window.docks.docks["flow"].toggleViewAction().trigger()
    qtbot.waitUntil(lambda: marked(window) == {"flow"})


def test_folding_gives_the_room_to_the_plot_until_a_tab_is_clicked(window, qtbot):
    card, plot = window.panels_card, window.loss_plot
    whole = plot.height()
    window.docks.show("flow")
    shared = plot.height()
    click(qtbot, card.fold_panels)
    assert plot.height() == whole
    assert not window.docks.panel("flow").isVisible()
    click(qtbot, card.fold_panels)
    assert plot.height() == shared
    click(qtbot, card.fold_panels)
    click(qtbot, card.row.tabs["flow"])
    assert window.docks.panel("flow").isVisible()


def test_a_panel_is_torn_off_by_dragging_its_tab_and_put_back_over_the_card(window, qtbot):
    card, dock = window.panels_card, window.docks.docks["flow"]
    window.docks.show("flow")
    tab = card.row.tabs["flow"]
    start = tab.rect().center()
    qtbot.mousePress(tab, Qt.MouseButton.LeftButton, pos=start)
    qtbot.mouseMove(tab, start - QPoint(0, 80))
    assert dock.isFloating()
    qtbot.mouseRelease(tab, Qt.MouseButton.LeftButton, pos=start - QPoint(0, 80))
    assert dock.isFloating(), "it was let go over the plot"
    assert dock.titleBarWidget() is None, "it has a title to grab"
    assert card.is_empty
    qtbot.mousePress(tab, Qt.MouseButton.LeftButton, pos=start)
    qtbot.mouseMove(tab, start - QPoint(0, 80))
    qtbot.mouseRelease(tab, Qt.MouseButton.LeftButton, pos=start)
    assert not dock.isFloating()
    assert window.docks.panel("flow").isVisible()
    assert dock.titleBarWidget().height() == 0


def test_a_tab_is_torn_off_in_whichever_direction_it_is_dragged(window, qtbot):
    dock = window.docks.docks["flow"]
    window.docks.show("flow")
    tab = window.panels_card.row.tabs["flow"]
    start = tab.rect().center()
    for way in (QPoint(0, -60), QPoint(0, 60), QPoint(-200, 0), QPoint(200, 0), QPoint(90, -90)):
        qtbot.mousePress(tab, Qt.MouseButton.LeftButton, pos=start)
        qtbot.mouseMove(tab, start + way)
        assert dock.isFloating(), way
        qtbot.mouseRelease(tab, Qt.MouseButton.LeftButton, pos=start)
        assert not dock.isFloating(), way


def test_a_panel_is_put_back_by_dragging_its_title_onto_the_card(window, qtbot):
    card, dock = window.panels_card, window.docks.docks["flow"]
    window.docks.show("flow")
    click(qtbot, card.float_button)
    inside = dock.mapFromGlobal(card.mapToGlobal(card.rect().center()))
    qtbot.mousePress(dock, Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
    qtbot.mouseRelease(dock, Qt.MouseButton.LeftButton, pos=inside)
    qtbot.wait(10)
    assert dock.isFloating(), "a click without a drag leaves it where it is"
    qtbot.mousePress(dock, Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
    dock.move(dock.pos() + QPoint(30, 40))  # Qt's own drag needs a real pointer
    inside = dock.mapFromGlobal(card.mapToGlobal(card.rect().center()))
    qtbot.mouseRelease(dock, Qt.MouseButton.LeftButton, pos=inside)
    qtbot.waitUntil(lambda: not dock.isFloating())
    assert window.docks.panel("flow").isVisible()


def test_a_button_tears_a_panel_off_and_its_keys_still_work(window, qtbot):
    window.docks.show("write_together")
    click(qtbot, window.panels_card.float_button)
    dock = window.docks.docks["write_together"]
    assert dock.isFloating()
    assert dock.isVisible()
    window.actions_.reset_layout.trigger()
    assert not dock.isFloating()


def test_every_panel_fits_or_scrolls_in_the_smallest_window(window, qtbot):
    window.resize(940, 560)
    qtbot.waitUntil(lambda: window.arrangement.is_narrow)
    for key in window.docks.docks:
        panel = window.docks.show(key)
        qtbot.waitUntil(panel.isVisible)
        qtbot.waitUntil(
            lambda panel=panel: panel.size().expandedTo(panel.minimumSizeHint()) == panel.size()
        )
        assert window.size().toTuple() == (940, 560)


def test_panels_slide_open_and_give_their_room_back_as_they_do_without_motion(window, qtbot):
    card, centre = window.panels_card, window.arrangement.centre
    tab = card.row.tabs["flow"]

    def sizes_after(button):
        click(qtbot, button)
        qtbot.waitUntil(lambda: centre.sizes()[1] != before[1])
        QApplication.sendPostedEvents()
        return centre.sizes()

    before = centre.sizes()
    opened = before = sizes_after(tab)
    closed = sizes_after(card.close_button)
    window.actions_.reduce_motion.trigger()
    low, high = closed[1], opened[1]
    for button, last in (
        (tab, opened),
        (card.fold_panels, closed),
        (card.fold_panels, opened),
        (card.close_button, closed),
    ):
        with qtbot.waitSignal(centre.slid):
            click(qtbot, button)
            assert card.is_empty is (last == closed), "the state is the new one at once"
            qtbot.waitUntil(lambda: low < centre.sizes()[1] < high)
        QApplication.sendPostedEvents()
        assert centre.sizes() == last
        assert (card.minimumHeight(), card.maximumHeight() == low) == (0, last == closed)


def test_a_second_click_ends_the_slide_of_the_first(window, qtbot):
    card, centre = window.panels_card, window.arrangement.centre
    window.actions_.reduce_motion.trigger()
    with qtbot.waitSignal(centre.slid):
        click(qtbot, card.row.tabs["flow"])
    opened = centre.sizes()
    click(qtbot, card.fold_panels)
    qtbot.waitUntil(lambda: centre.sizes()[1] < opened[1])
    with qtbot.waitSignals([centre.slid, centre.slid]):
        click(qtbot, card.fold_panels)
    assert centre.sizes() == opened


def test_with_reduced_motion_the_panels_are_there_at_once(window, qtbot):
    slid = []
    window.arrangement.centre.slid.connect(lambda: slid.append(window.arrangement.centre.sizes()))
    click(qtbot, window.panels_card.row.tabs["flow"])
    assert slid == [window.arrangement.centre.sizes()]
    # Qt makes one for each dock that it places, but with no time to move.
    assert not any(motion.duration() for motion in window.findChildren(QVariantAnimation))
