"""Help > Keys."""

import pytest
from PySide6.QtCore import Qt

from dinogui.common.documented_keys import native_keys
from dinogui.window.palette.key_list import all_keys
from dinogui.window.palette.keys_window import KeysWindow


@pytest.fixture
def keys(window, qtbot):
    window.actions_.show_keys.trigger()
    keys = window.findChild(KeysWindow)
    qtbot.waitExposed(keys)
    return keys


def test_it_lists_all_keys_and_is_there_once(window, keys):
    assert keys.shown == [
        (native_keys(line.keys), line.words, line.place) for line in all_keys(window.menuBar())
    ]
    window.actions_.show_keys.trigger()
    assert len(window.findChildren(KeysWindow)) == 1


def test_keys_are_found_by_key_words_and_place(keys, qtbot):
    for typed, words in [
        ("ctrl+s", ["Save run"]),
        ("f8", ["Step"]),
        ("save", ["Save run", "Save run as…"]),
        ("kept names", ["Stop keeping the selected names"]),
        ("handbook search", ["Search"]),
    ]:
        keys.search_line.clear()
        qtbot.keyClicks(keys.search_line, typed)
        assert [line[1] for line in keys.shown] == words


def test_escape_clears_the_search_and_then_closes(window, keys, qtbot):
    qtbot.keyClicks(keys.search_line, "xyz")
    assert keys.shown == []
    assert keys._nothing.isVisible()
    qtbot.keyClick(keys.search_line, Qt.Key.Key_Escape)
    assert len(keys.shown) > 20
    qtbot.keyClick(keys.search_line, Qt.Key.Key_Down)
    assert keys.list.hasFocus()
    qtbot.keyClick(keys.list, Qt.Key.Key_Escape)
    assert not keys.isVisible()
