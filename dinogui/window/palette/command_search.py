"""Opens the command search and the list of keys, and remembers what was used."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QMainWindow

from dinogui.common.actions.window_actions import Actions
from dinogui.common.preferences import MAX_RECENT
from dinogui.session.session import Session
from dinogui.window.docks import Docks
from dinogui.window.layout.named_cards import NamedCards
from dinogui.window.layout.right_columns import RightColumns
from dinogui.window.opening import Opening
from dinogui.window.run_commands import RunCommands

if TYPE_CHECKING:
    from dinogui.datasets.data_set import DataSet
    from dinogui.window.palette.entry import Entry
    from dinogui.window.palette.setting import Setting
    from dinogui.window.palette.sheet import SearchSheet


@dataclass(frozen=True)
class Searched:
    """The parts of the window whose commands can be found."""

    actions: Actions
    session: Session
    docks: Docks
    run_commands: RunCommands
    opening: Opening
    columns: RightColumns
    cards: NamedCards


class CommandSearch(QObject):
    """Makes the list of what can be found each time that the search is opened.

    Lives in the GUI thread.

    Parameters
    ----------
    window : QMainWindow
        The parent. The search lies over it.
    searched : Searched

    Attributes
    ----------
    recent : list of str
        Keys of the entries used recently, the latest first.
    sheet : SearchSheet or None
        The search while it is open.

    Signals
    -------
    used()
        An entry was chosen, and `recent` has changed.
    """

    used = Signal()

    def __init__(self, window: QMainWindow, searched: Searched) -> None:
        super().__init__(window)
        self._window, self._searched = window, searched
        self.recent: list[str] = []
        self.sheet: SearchSheet | None = None
        searched.actions.search_commands.triggered.connect(self.open)
        searched.actions.show_keys.triggered.connect(self.show_keys)

    @Slot()
    def open(self) -> None:
        """Open the search."""
        if self.sheet is not None:
            self.sheet.leave()
        # Imported here, like all of the search, so that it costs nothing at the start.
        from dinogui.window.palette.setting import typed_entries
        from dinogui.window.palette.sheet import SearchSheet

        self._window.activateWindow()  # a panel that was torn off may have the focus
        settings = self._settings()
        sheet = self.sheet = SearchSheet(
            self._window,
            self._entries(settings),
            lambda text: list(typed_entries(settings, text)),
            self.recent,
        )
        sheet.used.connect(self._note)
        sheet.closed.connect(self._forget)

    @Slot()
    def show_keys(self) -> None:
        """Show the list of all keys."""
        from dinogui.window.palette.key_list import all_keys
        from dinogui.window.palette.keys_window import KeysWindow

        for shown in self._window.findChildren(KeysWindow):
            shown.raise_()
            shown.activateWindow()
            return
        KeysWindow(self._window, all_keys(self._window.menuBar())).show()

    def _settings(self) -> "list[Setting]":
        from dinogui.window.palette.new_run_settings import new_run_settings
        from dinogui.window.palette.settings import (
            hyperparameter_settings,
            speed_setting,
            step_setting,
            temperature_setting,
            until_setting,
        )

        searched = self._searched
        session = searched.session
        box = searched.columns.of(session.kind).temperature
        return [
            *hyperparameter_settings(session),
            temperature_setting(box),
            until_setting(session),
            speed_setting(session),
            step_setting(session),
            *new_run_settings(session),
        ]

    def _entries(self, settings: "list[Setting]") -> "list[Entry]":
        from dinogui.window.palette.action_entries import action_entries
        from dinogui.window.palette.content_entries import (
            card_entries,
            data_entries,
            page_entries,
            panel_entries,
            preset_entries,
        )
        from dinogui.window.palette.new_run_settings import new_run_choices
        from dinogui.window.palette.settings import choice_entries

        searched = self._searched
        session, actions = searched.session, searched.actions
        has_kinds = session.corpus is not None and session.corpus.kinds is not None
        begin = searched.run_commands.begin_preset
        commands = action_entries(self._window.menuBar(), actions.panels_menu)
        # The entry that opens this search would be of no use in it.
        own = actions.search_commands.objectName()
        return [
            *(entry for entry in commands if entry.key != own),
            *(setting.entry for setting in settings),
            *choice_entries(session),
            *new_run_choices(session),
            *card_entries(searched.cards),
            *panel_entries(searched.docks),
            *preset_entries(session.kind, session.corpus is not None, begin, has_kinds=has_kinds),
            *data_entries(self.open_or_get),
            *page_entries(self._show_page),
        ]

    def open_or_get(self, data_set: "DataSet") -> None:
        """Open a data set if it has been downloaded; otherwise show where to get it."""
        from dinogui.datasets.data_folder import DataFolder, FileState, users_data_folder

        searched, folder = self._searched, DataFolder(users_data_folder())
        if folder.state_of(data_set) is FileState.INTACT:
            path = str(folder.path_of(data_set))
            searched.opening.open_downloaded(path, data_set.kind, data_set.has_kinds)
            return
        from dinogui.datasets.data_dialog import DataDialog

        searched.actions.get_data.trigger()
        for dialog in self._window.findChildren(DataDialog):
            dialog.point_out(data_set)

    def _show_page(self, path: str) -> None:
        from dinogui.handbook.handbook_window import show_handbook

        show_handbook(self._window, path)

    @Slot(str)
    def _note(self, key: str) -> None:
        if key:
            others = [other for other in self.recent if other != key]
            self.recent = [key, *others][:MAX_RECENT]
            self.used.emit()

    def recall(self, recent: Sequence[str]) -> None:
        """Set what was used recently, the latest first."""
        self.recent = list(recent)

    @Slot()
    def _forget(self) -> None:
        self.sheet = None
