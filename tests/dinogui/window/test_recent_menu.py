from PySide6.QtWidgets import QMenu

from dinogui.common.preferences import Preferences
from dinogui.window.recent_menu import RecentMenu


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
