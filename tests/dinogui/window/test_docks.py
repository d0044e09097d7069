import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QMainWindow, QMenu

from dinogui.common.theme import Theme
from dinogui.panels.panel import Panel
from dinogui.session.session import Session
from dinogui.window.docks import Docks
from engine.data.text import text_of_pieces

BOTTOM = Qt.DockWidgetArea.BottomDockWidgetArea


class Main(QMainWindow):
    session: Session
    menu: QMenu
    docks: Docks


@pytest.fixture
def made():
    return []


@pytest.fixture
def main(qtbot, qapp, made):
    """Return a window with two panels, and its docks."""

    def make(text):
        def panel(panel, session, theme):
            made.append(text)
            return QLabel(text)

        return panel

    window = Main()
    window.setCentralWidget(QLabel("middle"))
    window.session = Session()
    entries = [
        Panel("one", "Panel &one", "What is one?", make("one")),
        Panel("two", "Panel &two", "What is two?", make("two")),
    ]
    window.menu = window.menuBar().addMenu("&Panels")
    window.docks = Docks(window, window.menu, entries, window.session, Theme(qapp))
    qtbot.addWidget(window)
    with qtbot.waitExposed(window):
        window.show()
    yield window
    window.session.close()


def trigger(window, text):
    next(a for a in window.menu.actions() if a.text() == text).trigger()


def test_a_panel_is_created_when_it_is_first_shown(main, made):
    assert made == []
    assert not any(dock.isVisible() for dock in main.docks.docks.values())


def test_the_menu_shows_and_hides_a_panel(main, made, qtbot):
    trigger(main, "Panel &one")
    qtbot.waitUntil(lambda: main.docks.panel("one").isVisible())
    assert made == ["one"]
    trigger(main, "Panel &one")
    qtbot.waitUntil(lambda: not main.docks.panel("one").isVisible())
    trigger(main, "Panel &one")
    assert made == ["one"], "it is created once"


def test_a_requested_panel_is_raised(main, qtbot):
    trigger(main, "Panel &one")
    trigger(main, "Panel &two")
    qtbot.waitUntil(lambda: main.docks.panel("two").isVisible())
    main.docks.show("one")
    qtbot.waitUntil(lambda: main.docks.panel("one").isVisible())
    assert main.tabifiedDockWidgets(main.docks.docks["one"]) == [main.docks.docks["two"]]


def test_the_windows_state_includes_the_places_of_panels(main, qtbot, made):
    trigger(main, "Panel &one")
    qtbot.waitUntil(lambda: main.docks.panel("one").isVisible())
    state = main.saveState()
    main.docks.docks["one"].close()
    assert main.restoreState(state)
    qtbot.waitUntil(lambda: main.docks.panel("one").isVisible())
    assert main.dockWidgetArea(main.docks.docks["one"]) == Qt.DockWidgetArea.BottomDockWidgetArea


def test_a_panel_can_be_open_from_the_start(qtbot, qapp, session):
    def label(panel, session, theme):
        return QLabel(panel.question)

    window = QMainWindow()
    panels = [
        Panel("open", "Panel &open", "Is it open?", label, opens_at_first=True),
        Panel("shut", "Panel &shut", "Is it shut?", label),
    ]
    docks = Docks(window, window.menuBar().addMenu("&Panels"), panels, session, Theme(qapp))
    qtbot.addWidget(window)
    with qtbot.waitExposed(window):
        window.show()
    qtbot.waitUntil(lambda: docks.panel("open").isVisible())
    assert not docks.docks["shut"].isVisible()


@pytest.fixture
def about_text(qtbot, qapp, session):
    """Return docks with a panel about texts, which is open at first, and one about anything."""

    def label(panel, session, theme):
        return QLabel(panel.question)

    window = QMainWindow()
    panels = [
        Panel("any", "Panel &any", "Is it there?", label, opens_at_first=True),
        Panel("text", "Panel &text", "Is it a text?", label, "", None, BOTTOM, True, ("text",)),
    ]
    docks = Docks(window, window.menuBar().addMenu("&Panels"), panels, session, Theme(qapp))
    qtbot.addWidget(window)
    with qtbot.waitExposed(window):
        window.show()
    return docks


def test_a_panel_is_offered_only_for_the_data_that_it_is_about(
    about_text, session, names_corpus, verse, qtbot
):
    docks, action = about_text, about_text.docks["text"].toggleViewAction()
    session.use(names_corpus)
    assert not docks.is_offered("text")
    assert not action.isVisible()
    assert docks.docks["text"].isHidden()
    session.use(text_of_pieces([verse], "verse", lower_case=True))
    assert docks.is_offered("text")
    assert action.isVisible()
    assert docks.is_offered("any")
    qtbot.waitUntil(docks.panel("text").isVisible)
    docks.docks["text"].close()
    session.use(names_corpus)
    session.use(text_of_pieces([verse], "verse", lower_case=True))
    assert docks.docks["text"].isHidden(), "somebody has closed it"


def test_a_layout_that_is_restored_opens_no_panel_about_other_data(
    about_text, session, names_corpus, verse
):
    docks = about_text
    window = docks.docks["text"].parentWidget()
    session.use(text_of_pieces([verse], "verse", lower_case=True))
    state = window.saveState()
    session.use(names_corpus)
    window.restoreState(state)
    docks.withdraw()
    assert docks.docks["text"].isHidden()
    docks.reset()
    assert docks.docks["text"].isHidden()
    session.use(text_of_pieces([verse], "verse", lower_case=True))
    assert not docks.docks["text"].isHidden()
