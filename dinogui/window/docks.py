"""Panels around the middle of the window: docked, dragged, closed, and made when first shown."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QDockWidget, QMainWindow, QMenu, QWidget

from dinogui.common.theme import Theme
from dinogui.session.session import Session

MakePanel = Callable[[Session, Theme], QWidget]
"""Makes a panel, which connects itself to the session, and computes only while it is visible."""


@dataclass(frozen=True)
class PanelEntry:
    """A panel that can be shown.

    Attributes
    ----------
    name : str
        By which its place is remembered; unique, and the same for ever.
    title : str
        With a mnemonic, for the menu.
    question : str
        What it answers, in a line: the menu's tip.
    make : callable
        Imports what the panel needs and makes it, when it is first shown: a window opens as
        quickly however many panels there are.
    area : Qt.DockWidgetArea
        Where it is shown first.
    """

    name: str
    title: str
    question: str
    make: MakePanel
    area: Qt.DockWidgetArea = Qt.DockWidgetArea.BottomDockWidgetArea


class Docks(QObject):
    """Gives each entry a dock and a place in a menu.

    Parameters
    ----------
    window : QMainWindow
        Its parent; its `saveState` remembers the docks' places.
    menu : QMenu
        Takes an action for each panel.
    entries : sequence of PanelEntry
    session : Session
    theme : Theme
    """

    def __init__(
        self,
        window: QMainWindow,
        menu: QMenu,
        entries: Sequence[PanelEntry],
        session: Session,
        theme: Theme,
    ) -> None:
        super().__init__(window)
        self._window, self._session, self._theme = window, session, theme
        self._entries = {entry.name: entry for entry in entries}
        self.docks: dict[str, QDockWidget] = {}
        window.setDockNestingEnabled(True)
        for entry in entries:
            self._add(entry, menu)

    def panel(self, name: str) -> QWidget:
        """Return a panel, which is made if it never was shown."""
        dock = self.docks[name]
        if dock.widget() is None:
            dock.setWidget(self._entries[name].make(self._session, self._theme))
        return dock.widget()

    def show(self, name: str) -> QWidget:
        """Show a panel, in front of those it shares a place with, and return it."""
        panel, dock = self.panel(name), self.docks[name]
        dock.show()
        dock.raise_()
        return panel

    def _add(self, entry: PanelEntry, menu: QMenu) -> None:
        title = entry.title.replace("&", "")
        dock = QDockWidget(title, self._window)
        dock.setObjectName(entry.name)
        dock.setAccessibleName(title)
        dock.hide()
        neighbours = [
            other for name, other in self.docks.items() if self._entries[name].area == entry.area
        ]
        self._window.addDockWidget(entry.area, dock)
        if neighbours:
            self._window.tabifyDockWidget(neighbours[-1], dock)
        dock.hide()
        self.docks[entry.name] = dock
        action: QAction = dock.toggleViewAction()
        action.setText(entry.title)
        action.setToolTip(entry.question)
        action.triggered.connect(self._bring_forward)
        dock.visibilityChanged.connect(self._make_if_visible)
        menu.addAction(action)

    @Slot(bool)
    def _make_if_visible(self, is_visible: bool) -> None:
        dock = self.sender()
        if is_visible and isinstance(dock, QDockWidget):
            self.panel(dock.objectName())

    @Slot(bool)
    def _bring_forward(self, is_shown: bool) -> None:
        """Put a panel that was asked for in front of those it shares a place with."""
        action = self.sender()
        for dock in self.docks.values():
            if is_shown and dock.toggleViewAction() is action:
                dock.raise_()
