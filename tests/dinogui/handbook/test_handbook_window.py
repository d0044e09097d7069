import re
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication, QPalette, QTextDocument
from PySide6.QtWidgets import QDockWidget, QLabel, QMainWindow

import resources
from dinogui.common.theme import DARK, LIGHT
from dinogui.handbook.handbook_window import HandbookWindow, show_handbook
from dinogui.handbook.pages import START_PAGE, all_pages


@pytest.fixture
def main_window(qapp, qtbot):
    window = QMainWindow()
    qtbot.addWidget(window)
    window.resize(900, 600)
    window.show()
    return window


@pytest.fixture
def handbook(main_window, qtbot):
    show_handbook(main_window)
    handbook = main_window.findChild(HandbookWindow)
    qtbot.waitExposed(handbook)
    return handbook


def press(qtbot, widget, key, modifier=Qt.KeyboardModifier.NoModifier):
    qtbot.keyClick(widget, key, modifier)


def shown_items(handbook):
    return [path for path, item in handbook._items.items() if not item.isHidden()]


def selected_texts(handbook):
    return [s.cursor.selectedText() for s in handbook.page.extraSelections()]


def test_every_page_renders(handbook):
    for path in all_pages():
        handbook.open_page(path)
        text = handbook.page.toPlainText()
        assert handbook.path == path
        assert len(text) > 100, path
        assert "](" not in text, path  # links are drawn as such
        code = "".join(re.findall(r"^```.*?^```", resources.handbook_page(path), re.M | re.S))
        assert text.count("**") == code.count("**"), path  # bold is drawn as such


def test_a_long_page_is_laid_out_as_a_whole(handbook):
    sizes = []
    handbook.page.document().documentLayout().documentSizeChanged.connect(sizes.append)
    handbook.open_page("keys.md")
    assert handbook.page.document().blockCount() > 100
    assert 0 < len(sizes) < 20, "not again after each block"


def test_a_picture_is_shown_as_wide_as_the_text(handbook):
    handbook.open_page("first-steps.md")
    document = handbook.page.document()
    picture = document.resource(
        QTextDocument.ResourceType.ImageResource.value, QUrl("first-minute.png")
    )
    assert 400 < picture.deviceIndependentSize().width() < handbook.page.viewport().width()
    assert handbook.page.horizontalScrollBar().maximum() == 0
    missing = QUrl("none.png")
    assert document.resource(QTextDocument.ResourceType.ImageResource.value, missing) is None


def test_a_window_has_one_handbook(main_window, handbook):
    label = QLabel("in a panel")
    dock = QDockWidget("Panel", main_window)
    dock.setWidget(label)
    dock.setFloating(True)
    show_handbook(label, "panels/clipping.md")
    assert main_window.findChildren(HandbookWindow) == [handbook]
    assert handbook.path == "panels/clipping.md"


def test_f1_opens_the_handbook_and_training_continues(window, qtbot):
    press(qtbot, window, Qt.Key.Key_F1)
    handbook = window.findChild(HandbookWindow)
    assert handbook.isVisible()
    assert not handbook.isModal()
    assert handbook.path == START_PAGE
    handbook.close()


def test_closing_forgets_everything(main_window, handbook, qtbot):
    handbook.open_page("names.md")
    with qtbot.waitSignal(handbook.destroyed):
        press(qtbot, handbook, Qt.Key.Key_Escape)
    show_handbook(main_window)
    assert main_window.findChild(HandbookWindow).path == START_PAGE


def test_a_click_in_the_contents_opens_a_page(handbook):
    handbook.tree.setCurrentItem(handbook._items["text.md"])
    assert handbook.path == "text.md"
    assert "Running text" in handbook.windowTitle()


def test_arrow_keys_walk_through_the_contents(handbook, qtbot):
    handbook.tree.setFocus()
    handbook.open_page("names.md")
    press(qtbot, handbook.tree, Qt.Key.Key_Down)
    assert handbook.path == "kinds.md"


def test_a_link_between_pages(handbook):
    handbook.open_page("panels.md")
    handbook.page.anchorClicked.emit(QUrl("panels/flow.md"))
    assert handbook.path == "panels/flow.md"


def test_a_link_to_a_heading_scrolls_to_it(handbook):
    handbook.page.anchorClicked.emit(QUrl("hyperparameters.md#undo"))
    assert handbook.path == "hyperparameters.md"
    assert handbook.page.verticalScrollBar().value() > 0


def test_an_external_link_opens_in_the_browser(handbook, monkeypatch):
    opened = []
    monkeypatch.setattr(QDesktopServices, "openUrl", opened.append)
    handbook.page.anchorClicked.emit(QUrl("https://example.org/a"))
    assert opened == [QUrl("https://example.org/a")]
    assert handbook.path == START_PAGE


def test_a_link_to_a_file_outside_the_handbook_is_explained(handbook):
    handbook.open_page("architecture.md")
    handbook.page.anchorClicked.emit(QUrl("../../tests/benchmarks/RESULTS.md"))
    assert handbook.path == "architecture.md"
    assert "tests/benchmarks/RESULTS.md" in handbook.message
    handbook.open_page("names.md")
    assert handbook.message == ""


def test_a_page_that_does_not_exist_is_reported(handbook):
    handbook.open_page("absent.md")
    assert handbook.path == START_PAGE
    assert "absent.md" in handbook.message


def test_back_and_forward_return_to_the_place(handbook, qtbot):
    handbook.open_page("decisions.md")
    handbook.page.verticalScrollBar().setValue(300)
    handbook.open_page("names.md")
    press(qtbot, handbook, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert handbook.path == "decisions.md"
    assert handbook.page.verticalScrollBar().value() == 300
    press(qtbot, handbook, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert handbook.path == START_PAGE
    handbook.go_back()
    assert handbook.path == START_PAGE
    press(qtbot, handbook, Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier)
    assert handbook.path == "decisions.md"
    handbook.open_page("text.md")
    handbook.go_forward()
    assert handbook.path == "text.md"


def test_search_lists_the_pages_and_highlights(handbook, qtbot):
    press(qtbot, handbook, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert handbook.search_line.hasFocus()
    qtbot.keyClicks(handbook.search_line, "temperature")
    found = shown_items(handbook)
    assert "names.md" in found
    assert "architecture.md" not in found
    assert handbook.path == START_PAGE  # the page does not change while one types
    press(qtbot, handbook.search_line, Qt.Key.Key_Return)
    assert handbook.path == found[0]
    assert {text.lower() for text in selected_texts(handbook)} == {"temperature"}
    assert handbook.counter.startswith("1 of ")


def test_next_and_previous_cycle_through_all_pages(handbook, qtbot):
    handbook.search_line.setText("gumbel")
    total = int(handbook.counter.split()[0])
    for number in range(1, total + 1):
        press(qtbot, handbook, Qt.Key.Key_F3)
        assert handbook.counter == f"{number} of {total}"
    press(qtbot, handbook, Qt.Key.Key_F3)
    assert handbook.counter == f"1 of {total}"
    press(qtbot, handbook, Qt.Key.Key_F3, Qt.KeyboardModifier.ShiftModifier)
    assert handbook.counter == f"{total} of {total}"


def test_the_current_match_is_visible(handbook):
    handbook.open_page("glossary.md")
    handbook.search_line.setText("warm start")
    handbook.find_previous()
    while handbook.path != "glossary.md":
        handbook.find_previous()
    rect = handbook.page.cursorRect()
    assert handbook.page.viewport().rect().contains(rect.center())


def test_search_without_matches(handbook, qtbot):
    handbook.search_line.setText("xyzzy")
    assert handbook.counter == "Nothing found"
    assert shown_items(handbook) == []
    handbook.find_next()
    press(qtbot, handbook.search_line, Qt.Key.Key_Escape)
    assert handbook.isVisible()  # the first Escape clears the search
    assert handbook.counter == ""
    assert shown_items(handbook) == list(all_pages())


def test_zoom(handbook, qtbot):
    size = handbook.page.font().pointSizeF()
    press(qtbot, handbook, Qt.Key.Key_Plus, Qt.KeyboardModifier.ControlModifier)
    assert handbook.page.font().pointSizeF() == pytest.approx(1.1 * size)
    for _ in range(40):
        handbook.page.zoom_out()
    assert handbook.page.font().pointSizeF() > 4
    press(qtbot, handbook, Qt.Key.Key_0, Qt.KeyboardModifier.ControlModifier)
    assert handbook.page.font().pointSizeF() == pytest.approx(size)
    handbook.open_page("names.md")
    handbook.page.zoom_in()
    handbook.open_page("text.md")
    assert handbook.page.font().pointSizeF() == pytest.approx(1.1 * size)


def test_it_follows_the_theme(window):
    show_handbook(window, "hyperparameters.md")
    handbook = window.findChild(HandbookWindow)
    for scheme, colours in ((Qt.ColorScheme.Dark, DARK), (Qt.ColorScheme.Light, LIGHT)):
        window.actions_.schemes[scheme].trigger()
        QGuiApplication.processEvents()
        palette = handbook.page.palette()
        assert palette.color(QPalette.ColorRole.Base).name() == colours.base
        assert link_colours(handbook.page) == {colours.accent}
    handbook.close()


def link_colours(page):
    block, found = page.document().begin(), set()
    while block.isValid():
        fragments = block.begin()
        while not fragments.atEnd():
            form = fragments.fragment().charFormat()
            if form.isAnchor():
                found.add(form.foreground().color().name())
            fragments += 1
        block = block.next()
    return found


def test_starting_the_window_does_not_import_the_handbook():
    code = (
        "import sys; import dinogui.app; "
        "sys.exit(any(name.startswith('dinogui.handbook') for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def menu_paths(menu, above=()):
    for action in menu.actions():
        text = action.text().replace("&", "").rstrip("…")
        if text:
            yield " > ".join((*above, text))
        if action.menu() is not None:
            yield from menu_paths(action.menu(), (*above, text))


def test_menu_entries_named_in_the_handbook_exist(window):
    known = set(menu_paths(window.menuBar()))
    root = Path(resources.__file__).parent
    entry = r"(?:File|Edit|Run|View|Help) > "
    named = re.compile(rf"(?<=\*\*)({entry}.+?)(?=\*\*)|(?<=[|,] )({entry}.+?)(?= \||, \w+ >)")
    for path in (root.parent / "README.md", *root.joinpath("docs").rglob("*.md")):
        text = " ".join(path.read_text(encoding="utf-8").split())
        for found in named.finditer(text):
            assert (found[1] or found[2]) in known, f"{path.name}: {found[0]}"
