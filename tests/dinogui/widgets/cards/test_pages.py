"""Pages of which one asks for room."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from dinogui.widgets.cards.pages import Pages


def test_pages_ask_for_the_room_of_the_page_that_is_shown(qtbot):
    pages = Pages()
    qtbot.addWidget(pages)
    for size in (50, 400):
        page = QWidget()
        page.setMinimumSize(size, size)
        QVBoxLayout(page).addSpacing(size)
        pages.addWidget(page)
    small = pages.minimumSizeHint().height()
    pages.setCurrentIndex(1)
    assert small < 200 < pages.minimumSizeHint().height()
