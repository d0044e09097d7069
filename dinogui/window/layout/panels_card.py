"""The card with the panels: a row of tabs, and below it the docks of those that are open."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QChildEvent, QEvent, QObject, QPoint, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import (
    QDockWidget,
    QHBoxLayout,
    QMainWindow,
    QProxyStyle,
    QStyle,
    QStyleOption,
    QTabBar,
    QWidget,
)

from dinogui.common.icons import Icon
from dinogui.common.theme import SPACE
from dinogui.widgets.buttons.icon_button import IconButton
from dinogui.widgets.buttons.tab_row import TabRow
from dinogui.widgets.cards.card import Card
from dinogui.widgets.cards.pages import Pages
from dinogui.widgets.vertical_scroll import VerticalScroll
from dinogui.window.docks import Docks

_LEAST_CONTENT = 84
"""Pixels of a panel that are always shown; what does not fit scrolls or is below the edge."""

_GRAB = QPoint(60, 12)
"""Where a panel that is torn off is held, from its upper left corner."""


class DockArea(QMainWindow):
    """Holds the docks of the panels. The tabs of the card stand for those that Qt would show.

    Parameters
    ----------
    parent : QWidget, optional
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowFlags(Qt.WindowType.Widget)
        self.setDockNestingEnabled(True)
        self._hides_tabs = False
        self._no_tabs: QProxyStyle | None = None

    def hide_tabs(self) -> None:
        """Give Qt's own row of tabs no room, from now on."""
        if not self._hides_tabs:
            self._hides_tabs = True
            for bar in self.findChildren(QTabBar):
                self._hide(bar)

    def childEvent(self, event: QChildEvent) -> None:
        """Give another row of tabs no room either."""
        super().childEvent(event)
        # Asking for the child takes 4 ms each time, which a start can do without.
        if event.type() == QEvent.Type.ChildPolished and self._hides_tabs:
            bar = event.child()
            if isinstance(bar, QTabBar):
                self._hide(bar)

    def _hide(self, bar: QTabBar) -> None:
        if self._no_tabs is None:
            self._no_tabs = _NoTabs()
            self._no_tabs.setParent(self)
        bar.setStyle(self._no_tabs)
        bar.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        bar.setDrawBase(False)
        bar.setMaximumHeight(0)


class _NoTabs(QProxyStyle):
    """Makes the tabs of a bar as small as can be."""

    def sizeFromContents(
        self,
        kind: QStyle.ContentsType,
        option: QStyleOption,
        size: QSize,
        widget: QWidget | None = None,
    ) -> QSize:
        """Return nothing for a tab."""
        if kind == QStyle.ContentsType.CT_TabBarTab:
            return QSize(0, 0)
        return super().sizeFromContents(kind, option, size, widget)  # type: ignore[arg-type]


class _PanelScroll(VerticalScroll):
    """Scrolls both ways, so that a panel with wide figures does not make the window wider."""

    def __init__(self, content: QWidget) -> None:
        super().__init__(content, keeps_width=True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)

    def minimumSizeHint(self) -> QSize:
        """Return the room for some of a panel."""
        return QSize(_LEAST_CONTENT, self.fontMetrics().height())


class PanelsCard(Card):
    """Shows what is chosen in its row of tabs: a page, or a panel in its dock.

    Lives in the GUI thread. Pages stand before the panels; the window puts its right column there
    when it is narrow. If no panel is open and there is no page, only the row is left.

    Attributes
    ----------
    row : TabRow
    area : DockArea
        The parent of the docks.

    Signals
    -------
    emptied(bool)
        Only the row of tabs is left (True), or something is open again.
    """

    emptied = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Panels", parent=parent)
        self._docks: dict[str, QDockWidget] = {}
        self._pages: dict[str, QWidget] = {}
        self._beside: dict[str, QWidget] = {}
        self._page: str | None = None
        self._show_panel: Callable[[str], QWidget] | None = None
        self._is_folded = False
        self._was_empty: bool | None = None
        self._pressed_at = QPoint()  # where a dock was when its title was pressed
        self._in_front: set[str] = set()
        self.row = TabRow("Panels")
        self.area = DockArea()
        self.float_button = IconButton(
            Icon.FLOAT, "Tear this panel off", "Show this panel in a window of its own"
        )
        self.close_button = IconButton(Icon.CLOSE, "Close this panel", "Close this panel")
        self.fold_panels = IconButton(
            Icon.CHEVRON_DOWN, "Fold the panels", "Give the room of the panels to the plot"
        )
        for button in (self.float_button, self.close_button, self.fold_panels):
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._stack = Pages()
        self._stack.addWidget(self.area)
        self._head.addWidget(self.row, 1)
        for part in (self.float_button, self.close_button, self.fold_panels):
            self._head.addWidget(part)
        self.set_margins(2 * SPACE, 2 * SPACE)
        self.body.addWidget(_PanelScroll(self._stack))
        self.row.chosen.connect(self.show_tab)
        self.row.pulled.connect(self._tear_off)
        self.row.dropped.connect(self._drop)
        self.float_button.clicked.connect(self._float)
        self.close_button.clicked.connect(self._close)
        self.fold_panels.clicked.connect(self._toggle_fold)

    def add_panels(self, docks: Docks) -> None:
        """Give each dock a tab."""
        self._docks, self._show_panel = docks.docks, docks.show
        docks.requested.connect(self.bring_forward)
        docks.offered.connect(self.row.offer)
        docks.renamed.connect(self.row.rename)
        for key, dock in self._docks.items():
            self.row.add(key, dock.windowTitle(), dock.toggleViewAction().toolTip())
            dock.setTitleBarWidget(_no_title())
            dock.topLevelChanged.connect(self._show_title)
            dock.visibilityChanged.connect(self._note_visibility)
            dock.installEventFilter(self)
            self.row.offer(key, docks.is_offered(key))
        self._note_change()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Notice a dock that is shown or hidden while the window itself is not shown."""
        if event.type() in (QEvent.Type.ShowToParent, QEvent.Type.HideToParent):
            self.area.hide_tabs()
            if event.type() == QEvent.Type.ShowToParent and not self._is_floating(watched):
                self._is_folded = False
                self._page = None
            self._note_change()
        if isinstance(event, QMouseEvent) and isinstance(watched, QDockWidget):
            self._follow_title(watched, event)
        return super().eventFilter(watched, event)

    def _follow_title(self, dock: QDockWidget, event: QMouseEvent) -> None:
        """Put a panel back whose title is dragged here and let go."""
        if event.type() == QEvent.Type.MouseButtonPress:
            self._pressed_at = dock.pos()
        elif event.type() == QEvent.Type.MouseButtonRelease and dock.isFloating():
            if dock.pos() == self._pressed_at:  # it was only clicked
                return
            key = next(key for key, each in self._docks.items() if each is dock)
            place = event.globalPosition().toPoint()
            # Qt is not done yet with its own end of the drag.
            QTimer.singleShot(0, self, partial(self._drop, key, place))

    def _is_floating(self, dock: QObject) -> bool:
        return isinstance(dock, QDockWidget) and dock.isFloating()

    # Pages

    def add_page(
        self, key: str, title: str, tip: str, page: QWidget, beside: QWidget | None = None
    ) -> None:
        """Put a page before the panels, after the other pages.

        Parameters
        ----------
        key, title, tip : str
            Of its tab.
        page : QWidget
        beside : QWidget, optional
            Stands at the right of the tabs while the page is in front.
        """
        self.row.add(key, title, tip, place=len(self._pages))
        self._pages[key] = page
        if beside is not None:
            self._beside[key] = beside
            self._head.insertWidget(1, beside)
        self._stack.addWidget(page)
        self._note_change()

    def rename_page(self, key: str, title: str) -> None:
        """Give a page another title."""
        self.row.rename(key, title)

    def take_pages(self) -> None:
        """Take all pages out again; they belong to whoever lays them out next."""
        for key, page in self._pages.items():
            self.row.remove(key)
            self._stack.removeWidget(page)
        for beside in self._beside.values():
            self._head.removeWidget(beside)
        self._pages, self._beside = {}, {}
        self._page = None
        self._note_change()

    # What is shown

    @property
    def shown(self) -> set[str]:
        """The keys of the pages and docked panels that can be seen now."""
        if self._is_folded:
            return set()
        if self._page is not None:
            return {self._page}
        return self._in_front.intersection(self._open())

    @property
    def is_empty(self) -> bool:
        """Whether only the row of tabs is left."""
        return self._is_folded or (self._page is None and not self._open())

    def _open(self) -> list[str]:
        """Return the keys of the panels that are open in the card."""
        return [
            key
            for key, dock in self._docks.items()
            if not dock.isHidden() and not dock.isFloating()
        ]

    @Slot(str)
    def show_tab(self, key: str) -> None:
        """Show a page or a panel."""
        self._is_folded = False
        if key in self._pages:
            self._page = key
        elif self._show_panel is not None:
            self._show_panel(key)
        self._note_change()

    @Slot(bool)
    def _note_visibility(self, is_visible: bool) -> None:
        """Note which docks can be seen: those that are open, and not behind others."""
        dock = self.sender()
        if isinstance(dock, QDockWidget):
            key = dock.objectName()
            self._in_front = self._in_front | {key} if is_visible else self._in_front - {key}
        self._note_change()

    @Slot(str)
    def bring_forward(self, _key: str) -> None:
        """Show the docks in place of a page, after one of them was asked for."""
        self._is_folded = False
        self._page = None
        self._note_change()

    @Slot()
    def _note_change(self) -> None:
        """Show the page or the docks, and mark the tabs."""
        if self._page is None and self._pages and not self._open() and not self._is_folded:
            self._page = next(iter(self._pages))
        page = self.area if self._page is None else self._pages[self._page]
        if page is not self._stack.currentWidget():
            self._stack.setCurrentWidget(page)
            self._stack.updateGeometry()
        is_empty = self.is_empty
        self._content.setVisible(not is_empty)
        self.row.mark(self.shown)
        front = self._front()
        for part in (self.float_button, self.close_button):
            part.setEnabled(front is not None)
            part.setVisible(self._page is None)
        for key, beside in self._beside.items():
            beside.setVisible(key in self.shown)
        self.fold_panels.setEnabled(not is_empty or bool(self._open()) or bool(self._pages))
        self.fold_panels.show_icon(Icon.CHEVRON_UP if is_empty else Icon.CHEVRON_DOWN)
        if is_empty != self._was_empty:
            self._was_empty = is_empty
            self.emptied.emit(is_empty)

    def _front(self) -> str | None:
        """Return the key of the docked panel that the buttons are about."""
        return next((key for key in self.shown if key in self._docks), None)

    @Slot()
    def _toggle_fold(self) -> None:
        self._is_folded = not self._is_folded
        self._note_change()

    @Slot()
    def _close(self) -> None:
        key = self._front()
        if key is not None:
            self._docks[key].close()
        self._note_change()

    @Slot()
    def _float(self) -> None:
        key = self._front()
        if key is not None:
            dock = self._docks[key]
            dock.setFloating(True)
            below = self.row.mapToGlobal(QPoint(0, self.row.height() + 2 * SPACE))
            dock.move(below)  # the tabs stay in sight
        self._note_change()

    @Slot(str, QPoint)
    def _tear_off(self, key: str, place: QPoint) -> None:
        if key not in self._docks or self._show_panel is None:
            return
        dock = self._docks[key]
        if not dock.isFloating():
            self._show_panel(key)
            dock.setFloating(True)
        dock.move(place - _GRAB)

    @Slot(str, QPoint)
    def _drop(self, key: str, place: QPoint) -> None:
        """Put a panel back that is let go over the card."""
        dock = self._docks.get(key)
        if dock is not None and self.rect().contains(self.mapFromGlobal(place)):
            dock.setFloating(False)
            self.show_tab(key)

    @Slot(bool)
    def _show_title(self, is_floating: bool) -> None:
        """Give a panel that is torn off a title to grab; in the card, its tab is the title."""
        dock = self.sender()
        if isinstance(dock, QDockWidget):
            before = dock.titleBarWidget()
            dock.setTitleBarWidget(None if is_floating else _no_title())  # type: ignore[arg-type]
            if before is not None:
                before.deleteLater()
        self._note_change()

    def minimumSizeHint(self) -> QSize:
        """Return the row of tabs, with room for some of a panel if one is open."""
        row = self.row.minimumSizeHint().height() + 4 * SPACE
        content, shown = 0, self._stack.currentWidget()
        if not self.is_empty and shown is not None:
            content = min(shown.minimumSizeHint().height(), _LEAST_CONTENT)
        return QSize(super().minimumSizeHint().width(), row + content)


def _no_title() -> QWidget:
    widget = QWidget()
    widget.setFixedHeight(0)
    # Without a layout, its size hint is -1, and the dock would be a pixel too low.
    QHBoxLayout(widget).setContentsMargins(0, 0, 0, 0)
    return widget
