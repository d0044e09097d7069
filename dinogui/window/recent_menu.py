"""The menu of the files that were opened recently."""

from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from dinogui.common.preferences import Preferences


class RecentMenu(QObject):
    """Fills a menu with the recent files, and removes those that no longer exist.

    Lives in the GUI thread.

    Parameters
    ----------
    menu : QMenu
    preferences : Preferences

    Signals
    -------
    chosen(str)
        The path of an existing file.
    missed(str)
        A sentence about a file that no longer exists.
    """

    chosen = Signal(str)
    missed = Signal(str)

    def __init__(
        self, menu: QMenu, preferences: Preferences, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._menu, self._preferences = menu, preferences
        menu.triggered.connect(self._choose)
        self.fill()

    def fill(self) -> None:
        """Show the recent files as the preferences have them now."""
        self._menu.clear()
        for number, path in enumerate(self._preferences.recent, start=1):
            # An ampersand in a file's name is not a mnemonic.
            name = Path(path).name.replace("&", "&&")
            action = self._menu.addAction(f"&{number}  {name}")
            action.setToolTip(_plain_tooltip(path))
            action.setData(path)
        self._menu.setEnabled(not self._menu.isEmpty())

    @Slot(QAction)
    def _choose(self, action: QAction) -> None:
        path: str = action.data()
        # Checked only now: a disk that is asleep must not delay the menu.
        if _is_there(path):
            self.chosen.emit(path)
            return
        self._preferences.drop_recent(path)
        self.fill()
        self.missed.emit(
            f"“{path}” no longer exists, so it was removed from the list of recent files."
        )


def _plain_tooltip(text: str) -> str:
    """Return what shows a text as it is. Qt would take some texts with a `<` for HTML."""
    if "<" not in text:
        return text
    from html import escape  # its table of entities takes long to import

    return f"<span>{escape(text)}</span>"


def _is_there(path: str) -> bool:
    try:
        return Path(path).is_file()
    except (OSError, ValueError):  # not a possible file name
        return False
