"""The menu of what was opened recently."""

from pathlib import Path

from PySide6.QtWidgets import QMenu

from dinogui.common.preferences import Preferences
from dinogui.window.recent_menu import RecentMenu
from engine.data.sources.places import key_of_places


def test_tooltips_show_paths_as_text(qtbot):
    preferences = Preferences()
    paths = ["/a & b/names.txt", "/<b>bold</b>/x.txt", "/a < b.txt"]
    for path in reversed(paths):
        preferences.note_recent(path)
    menu = QMenu()
    qtbot.addWidget(menu)
    RecentMenu(menu, preferences, menu)
    assert [action.toolTip() for action in menu.actions()] == [
        "/a & b/names.txt",
        "<span>/&lt;b&gt;bold&lt;/b&gt;/x.txt</span>",
        "<span>/a &lt; b.txt</span>",
    ]
    assert [action.data() for action in menu.actions()] == paths


def test_files_that_were_opened_together_are_one_entry(qtbot, tmp_path):
    places = [str(tmp_path / f"{name}.txt") for name in ("a & b", "c", "d")]
    for place in places[:2]:
        Path(place).touch()
    preferences = Preferences()
    preferences.note_recent(key_of_places(places[:2]))
    preferences.note_recent(key_of_places(places))
    preferences.note_recent("[damaged")
    menu = QMenu()
    qtbot.addWidget(menu)
    recent = RecentMenu(menu, preferences, menu)
    chosen, missed = [], []
    recent.chosen.connect(chosen.append)
    recent.missed.connect(missed.append)
    damaged, three, two = menu.actions()
    assert three.text() == "&2  a && b.txt and 2 more"
    assert two.toolTip() == "\n".join(places[:2])
    two.trigger()
    assert chosen == [key_of_places(places[:2])]
    damaged.trigger()
    menu.actions()[0].trigger()
    assert [sentence.split(" no longer")[0] for sentence in missed] == [
        "“[damaged”",
        f"“{places[2]}”",
    ]
    assert preferences.recent == chosen
