"""Where everything stands: in wide and narrow windows, after real drags, and after a reset."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QScrollArea

from dinogui.panels.loss.head.legend import Legend

pytestmark = pytest.mark.layout


def drag(qtbot, splitter, by):
    """Drag the last handle of a splitter that can be seen."""
    handle = next(
        splitter.handle(place)
        for place in range(splitter.count() - 1, 0, -1)
        if splitter.handle(place).isVisible()
    )
    start = handle.rect().center()
    qtbot.mousePress(handle, Qt.MouseButton.LeftButton, pos=start)
    qtbot.mouseMove(handle, start + by)
    qtbot.mouseRelease(handle, Qt.MouseButton.LeftButton, pos=handle.rect().center())
    return handle


def resize(window, qtbot, width, height):
    window.resize(width, height)
    qtbot.waitUntil(lambda: window.size().toTuple() == (width, height))


def test_three_columns_become_two_where_the_window_is_narrow(window, qtbot):
    layout = window.arrangement
    assert not layout.is_narrow
    assert layout.right.isVisible()
    resize(window, qtbot, 940, 560)
    assert layout.is_narrow
    assert not layout.right.isVisible()
    tabs = [tab for tab in window.panels_card.row.tabs.values() if tab.isVisible()]
    texts = [tab.text() for tab in sorted(tabs, key=lambda tab: tab.x())]
    assert texts[:2] == ["Names", "As it learned"]
    assert window.names.isVisible()
    assert window.panels_card.isAncestorOf(window.names)
    resize(window, qtbot, 1100, 700)
    assert not layout.is_narrow
    assert layout.right.isAncestorOf(window.names)
    assert layout.right.isAncestorOf(window.names.log)
    assert window.names.isVisible()
    assert window.names.log.isVisible()
    assert "samples" not in window.panels_card.row.tabs


def test_in_a_narrow_window_the_keys_bring_names_and_log_to_the_front(window, qtbot):
    resize(window, qtbot, 940, 560)
    window.docks.show("flow")
    assert not window.names.isVisible()
    qtbot.keyClick(window, Qt.Key.Key_G, Qt.KeyboardModifier.ControlModifier)
    assert window.names.isVisible()
    qtbot.waitUntil(lambda: len(window.names.generated) == 10)
    qtbot.keyClick(window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert window.names.log.isVisible()
    assert window.names.log.search.line is QApplication.focusWidget()


def test_a_text_stands_where_the_names_stood(text_window, qtbot):
    window = text_window
    assert window.writing.isVisible()
    assert window.writing.log.isVisible()
    resize(window, qtbot, 940, 560)
    assert window.panels_card.row.tabs["samples"].text() == "Text"
    assert window.writing.isVisible()


def test_every_splitter_is_dragged_and_a_double_click_gives_the_usual_sizes(window, qtbot):
    window.docks.show("flow")
    layout = window.arrangement
    usual = [splitter.sizes() for splitter in layout.splitters]
    for splitter, by in (
        (layout.columns, QPoint(-40, 0)),
        (layout.centre, QPoint(0, 50)),
        (layout.right, QPoint(0, -60)),
    ):
        before = splitter.sizes()
        handle = drag(qtbot, splitter, by)
        assert splitter.sizes() != before, splitter.objectName()
        window.resize(window.width() - 4, window.height())
        assert splitter.sizes() != before, "a size that was chosen stays"
        window.resize(window.width() + 4, window.height())
    qtbot.mouseDClick(handle, Qt.MouseButton.LeftButton, pos=handle.rect().center())
    assert [splitter.sizes() for splitter in layout.splitters] == usual


def test_the_plot_is_never_lower_than_220_pixels(window, qtbot):
    window.docks.show("flow")
    drag(qtbot, window.arrangement.centre, QPoint(0, -600))
    assert window.loss_plot.height() >= 220
    for key in window.docks.docks:
        window.docks.show(key)
    resize(window, qtbot, 940, 560)
    assert window.loss_plot.height() >= 220


def test_a_panel_that_is_closed_gives_its_room_back(window, qtbot):
    before = window.loss_plot.height()
    window.docks.show("flow")
    assert window.loss_plot.height() < before
    qtbot.mouseClick(window.panels_card.close_button, Qt.MouseButton.LeftButton)
    assert window.loss_plot.height() == before


def test_reset_layout_puts_everything_back(window, qtbot):
    layout = window.arrangement
    usual = [splitter.sizes() for splitter in layout.splitters]
    drag(qtbot, layout.columns, QPoint(-40, 0))
    window.docks.show("flow")
    window.docks.docks["flow"].setFloating(True)
    window.left.show_settings()
    window.actions_.reset_layout.trigger()
    assert [splitter.sizes() for splitter in layout.splitters] == usual
    assert not window.docks.docks["flow"].isFloating()
    assert not window.docks.docks["flow"].isVisible()
    assert not window.model.isVisible()


def test_the_cards_fill_the_window_and_do_not_overlap(window, qtbot):
    for size in [(940, 560), (1100, 700), (1600, 1000)]:
        resize(window, qtbot, *size)
        layout = window.arrangement
        cards = [
            card
            for card in (
                *window.left.cards,
                layout.loss_card,
                window.panels_card,
                layout.samples_card,
                layout.logs_card,
            )
            if card.isVisible()
        ]
        rects = [card.rect().translated(card.mapTo(window, QPoint())) for card in cards]
        for place, rect in enumerate(rects):
            assert window.rect().contains(rect) or cards[place] in window.left.cards
            for other in rects[:place]:
                assert not rect.intersects(other)
        if size == (1600, 1000):
            assert layout.columns.sizes()[0] == max(268, window.left.minimumSizeHint().width())
            assert layout.columns.sizes()[2] == 400


def test_in_the_smallest_window_names_can_be_read_beside_the_request(window, qtbot):
    resize(window, qtbot, 940, 560)
    qtbot.keyClick(window, Qt.Key.Key_G, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: len(window.names.generated) == 10)
    view = window.names.table.view
    first = view.visualRect(view.model().index(0, 1))
    qtbot.waitUntil(lambda: view.viewport().visibleRegion().contains(first))
    prefix = window.names.form.prefix
    assert view.mapTo(window, QPoint()).x() > prefix.mapTo(window, QPoint()).x() + prefix.width()


def test_in_a_narrow_window_generate_stands_beside_the_tab_of_the_names(
    window, qtbot, names_file, verse
):
    resize(window, qtbot, 940, 560)
    names, row = window.names, window.panels_card.row
    assert names.last_seed is None
    middle = names.button.mapTo(window, names.button.rect().center())
    line = row.mapTo(window, row.rect().center())
    assert abs(middle.y() - line.y()) <= 2
    assert middle.x() > line.x()
    qtbot.mouseClick(names.button, Qt.MouseButton.LeftButton)
    assert names.last_seed is not None
    window.docks.show("flow")
    assert not names.button.isVisible()
    assert window.panels_card.close_button.isVisible()
    window.arrangement.show_samples()
    assert names.button.isVisible()
    assert not window.panels_card.close_button.isVisible()  # names cannot be closed
    with qtbot.waitSignal(window.session.run_begun):
        window.open_file(str(names_file(verse, "verse.txt")))
    assert window.writing.button.isVisible()
    assert not names.button.isVisible()
    resize(window, qtbot, 1100, 700)
    assert window.writing.isAncestorOf(window.writing.button)
    assert window.writing.button.isVisible()
    assert names.isAncestorOf(names.button)


def test_in_the_smallest_window_the_folded_cards_need_no_scroll_bar(window, qtbot):
    resize(window, qtbot, 940, 560)
    runs = window.left.cards[-1]
    qtbot.waitUntil(lambda: runs.visibleRegion().boundingRect().size() == runs.size())


def bars_of(part):
    """Return the vertical scroll bars in a part that can be seen, but for those of tables."""
    areas = part.findChildren(QScrollArea)
    return [area for area in areas if area.verticalScrollBar().isVisible()]


def test_in_the_smallest_window_the_curves_are_high_and_the_request_does_not_scroll(window, qtbot):
    resize(window, qtbot, 940, 560)
    form = window.names.form
    qtbot.waitUntil(lambda: form.more.parentWidget() is form)
    qtbot.waitUntil(lambda: not bars_of(window.panels_card))
    assert window.loss_plot.pane.height() >= 140
    assert not form.only_new.isVisible()
    qtbot.mouseClick(form.more, Qt.MouseButton.LeftButton)
    assert form.only_new.isVisible()
    assert form.count.isVisible()
    qtbot.mouseClick(form.more, Qt.MouseButton.LeftButton)
    resize(window, qtbot, 1100, 700)
    assert form.only_new.isVisible()
    assert not form.count.isVisible()
    assert form.more.isVisible()
    assert form.more.y() >= form.only_new.y()


def test_in_the_smallest_window_with_large_text_no_scroll_area_scrolls_in_another(window, qtbot):
    resize(window, qtbot, 940, 560)
    window.presentation.scale_text(2.0)
    qtbot.waitUntil(lambda: len(bars_of(window.panels_card)) == 1)
    (outer,) = bars_of(window.panels_card)
    assert outer.isAncestorOf(window.names.page)
    request = window.names.form
    assert request.height() >= request.sizeHint().height()


def test_in_the_smallest_window_the_legend_stands_beside_the_loss(window, qtbot):
    resize(window, qtbot, 940, 560)
    legend = window.loss_plot.findChild(Legend)
    unit = window.loss_plot.unit_box
    qtbot.waitUntil(lambda: legend.mapTo(window, QPoint()).x() > unit.mapTo(window, QPoint()).x())
    assert legend.isVisible()
    assert "held out" in legend.text()


@pytest.mark.parametrize("size", [(940, 560), (1600, 1000)])
def test_a_message_has_a_room_of_its_own_above_the_curves(window, qtbot, train_until, size):
    resize(window, qtbot, *size)
    for _ in range(3):  # a scroll area takes several turns of the event loop to settle
        qtbot.wait(20)
    plot, sentence = window.loss_plot, window.opening_sentence
    pane, foot = plot.pane, plot.play_head.mapTo(window, QPoint())

    def place(part):
        return part.rect().translated(part.mapTo(window, QPoint()))

    before = place(pane)
    window.banner.say("The loss has risen for a while.", window.actions_.restart)
    qtbot.waitUntil(lambda: not place(window.banner).intersects(place(pane)))
    assert not place(window.banner).intersects(place(sentence))
    assert place(sentence).intersects(place(pane))
    assert place(pane).height() >= 60
    assert place(pane).bottom() == before.bottom()
    assert plot.play_head.mapTo(window, QPoint()) == foot
    window.banner.say("A longer message. " * 8, window.actions_.step)
    qtbot.waitUntil(lambda: not place(window.banner).intersects(place(pane)))
    window.banner.clear()
    qtbot.waitUntil(lambda: place(pane) == before)
