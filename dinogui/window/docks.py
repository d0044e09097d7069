"""The docks: each registered panel gets one, and is made when it is first shown."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QDockWidget, QMainWindow, QMenu, QWidget

from dinogui.common.theme import Theme
from dinogui.panels.panel import Panel, PanelWords
from dinogui.session.session import Session


class Docks(QObject):
    """Gives each panel a dock and an entry in a menu. Lives in the GUI thread.

    Parameters
    ----------
    window : QMainWindow
        The parent. Its `saveState` stores where the docks are.
    menu : QMenu
        Gets an action for each panel.
    panels : sequence of Panel
    session : Session
    theme : Theme

    Signals
    -------
    requested(str)
        Somebody wants to see the panel with this key, which is open now.
    offered(str, bool)
        The panel with this key is offered from now on, or not any more: it is about other data.
    renamed(str, str)
        The panel with this key has another name, since the run shown is on other data.
    """

    requested = Signal(str)
    offered = Signal(str, bool)
    renamed = Signal(str, str)

    def __init__(
        self,
        window: QMainWindow,
        menu: QMenu,
        panels: Sequence[Panel],
        session: Session,
        theme: Theme,
    ) -> None:
        super().__init__(window)
        self._window, self._session, self._theme = window, session, theme
        self._panels = {panel.key: panel for panel in panels}
        self.docks: dict[str, QDockWidget] = {}
        self._open_when_offered: set[str] = set()
        self._not_offered: set[str] = set()
        window.setDockNestingEnabled(True)
        for panel in panels:
            self._add(panel, menu)
        session.run_begun.connect(self._offer)
        self._offer()

    def panel(self, key: str) -> QWidget:
        """Return a panel's widget, and make it if the panel has never been shown."""
        dock = self.docks[key]
        if dock.widget() is None:
            dock.setWidget(self._panels[key].make(self._session, self._theme))
        return dock.widget()

    def show(self, key: str) -> QWidget:
        """Show a panel in front of those tabbed with it, and return its widget."""
        panel, dock = self.panel(key), self.docks[key]
        dock.show()
        dock.raise_()
        self.requested.emit(key)
        return panel

    def is_covered(self, part: QWidget) -> bool:
        """Whether a part belongs to a panel that is behind another one's tab."""
        return any(
            dock.isAncestorOf(part) and dock.visibleRegion().isEmpty()
            for dock in self.docks.values()
        )

    @property
    def floating(self) -> tuple[QDockWidget, ...]:
        """The docks that are windows of their own."""
        return tuple(dock for dock in self.docks.values() if dock.isFloating())

    def reset(self) -> None:
        """Put all panels back into one place, and open those that are open at first."""
        before: QDockWidget | None = None
        for key, dock in self.docks.items():
            panel = self._panels[key]
            dock.setFloating(False)
            self._window.addDockWidget(panel.area, dock)
            if before is not None:
                self._window.tabifyDockWidget(before, dock)
            dock.setVisible(panel.opens_at_first)
            before = dock
        self.withdraw()

    def is_offered(self, key: str) -> bool:
        """Whether a panel is about data of the kind that the run shown is on."""
        return key not in self._not_offered

    @Slot()
    def _offer(self) -> None:
        """Offer the panels that are about the present kind of data, and open them as they were."""
        for key, panel in self._panels.items():
            self._name(key, panel.words(self._session.kind))
            is_offered = self._session.kind in panel.data_kinds
            if is_offered == self.is_offered(key):
                continue
            dock = self.docks[key]
            dock.toggleViewAction().setVisible(is_offered)
            if is_offered:
                self._not_offered.discard(key)
            else:
                self._not_offered.add(key)
                self._open_when_offered.discard(key)
                self._withdraw(key)
            self.offered.emit(key, is_offered)
            if is_offered and key in self._open_when_offered:
                self.show(key)

    def _name(self, key: str, words: PanelWords) -> None:
        """Give a panel the words for the present kind of data."""
        dock = self.docks[key]
        if dock.windowTitle() != words.name:
            dock.setWindowTitle(words.name)
            dock.setAccessibleName(words.name)
            dock.toggleViewAction().setText(words.title)
            dock.toggleViewAction().setToolTip(words.question)
            self.renamed.emit(key, words.name)

    @Slot()
    def withdraw(self) -> None:
        """Close the panels that are not offered, until they are; a restored layout opens them."""
        for key in self._not_offered:
            self._withdraw(key)

    def _withdraw(self, key: str) -> None:
        if not self.docks[key].isHidden():
            self._open_when_offered.add(key)
            self.docks[key].hide()

    def _add(self, panel: Panel, menu: QMenu) -> None:
        dock = QDockWidget(panel.name, self._window)
        dock.setObjectName(panel.key)
        dock.setAccessibleName(panel.name)
        dock.hide()
        neighbours = [
            other for key, other in self.docks.items() if self._panels[key].area == panel.area
        ]
        self._window.addDockWidget(panel.area, dock)
        if neighbours:
            self._window.tabifyDockWidget(neighbours[-1], dock)
        self.docks[panel.key] = dock
        action: QAction = dock.toggleViewAction()
        action.setText(panel.title)
        action.setToolTip(panel.question)
        action.triggered.connect(self._bring_forward)
        dock.visibilityChanged.connect(self._make_if_visible)
        menu.addAction(action)
        dock.setVisible(panel.opens_at_first)

    @Slot(bool)
    def _make_if_visible(self, is_visible: bool) -> None:
        dock = self.sender()
        if is_visible and isinstance(dock, QDockWidget):
            self.panel(dock.objectName())

    @Slot(bool)
    def _bring_forward(self, is_shown: bool) -> None:
        """Bring a panel that was chosen in the menu in front of those tabbed with it."""
        action = self.sender()
        for key, dock in self.docks.items():
            if is_shown and dock.toggleViewAction() is action:
                dock.raise_()
                self.requested.emit(key)
