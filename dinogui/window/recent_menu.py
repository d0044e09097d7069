"""The menu of the files and folders that were opened recently."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from dinogui.common.preferences import Preferences
from engine.data.sources.places import are_there, joint_title, places_of_key

_PATHS_SHOWN = 12


class RecentMenu(QObject):
    """Fills a menu with what was opened recently, and removes what no longer exists.

    Files or folders that were opened together are one entry.

    Lives in the GUI thread.

    Parameters
    ----------
    menu : QMenu
    preferences : Preferences

    Signals
    -------
    chosen(str)
        The path of an existing file or folder, or those of several, as one text; see
        `engine.data.sources.places`.
    missed(str)
        A sentence about a file or a folder that no longer exists.
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
        """Show the recent files and folders as the preferences have them now."""
        self._menu.clear()
        for number, key in enumerate(self._preferences.recent, start=1):
            places = _places(key)
            # An ampersand in a file's name is not a mnemonic.
            name = joint_title([Path(place).name for place in places]).replace("&", "&&")
            action = self._menu.addAction(f"&{number}  {name}")
            action.setToolTip(_plain_tooltip(_listed(places)))
            action.setData(key)
        self._menu.setEnabled(not self._menu.isEmpty())

    @Slot(QAction)
    def _choose(self, action: QAction) -> None:
        key: str = action.data()
        # Checked only now: a disk that is asleep must not delay the menu.
        if are_there(key):
            self.chosen.emit(key)
            return
        self._preferences.drop_recent(key)
        self.fill()
        gone = next(place for place in _places(key) if not are_there(place))
        self.missed.emit(
            f"“{gone}” no longer exists, so it was removed from the list of recent files."
        )


def _plain_tooltip(text: str) -> str:
    """Return what shows a text as it is. Qt would take some texts with a `<` for HTML."""
    if "<" not in text:
        return text
    from html import escape  # its table of entities takes long to import

    return f"<span>{escape(text)}</span>".replace("\n", "<br>")


def _places(key: str) -> tuple[str, ...]:
    """Return the paths of an entry. What is damaged stands for itself, and is never there."""
    try:
        return places_of_key(key)
    except ValueError:
        return (key,)


def _listed(places: Sequence[str]) -> str:
    """Return paths for a tooltip, one in each line."""
    shown = [*places[:_PATHS_SHOWN]]
    if len(places) > _PATHS_SHOWN:
        shown.append(f"and {len(places) - _PATHS_SHOWN} more")
    return "\n".join(shown)
