"""The handbook's window: contents, page, search, back and forward."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QUrl, Slot
from PySide6.QtGui import QDesktopServices, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QSplitter,
    QToolButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

import resources
from dinogui.common.documented_keys import DocumentedKeys
from dinogui.handbook.page_view import PageView, plain_text
from dinogui.handbook.pages import START_PAGE, Page, all_pages, contents, find_in_all, follow
from dinogui.widgets.screen_room import within_screen

_SIZE = (980, 680)
_CONTENTS_WIDTH = 230
_PATH = int(Qt.ItemDataRole.UserRole)
_TITLE = _PATH + 1
_WEB = ("http", "https")

KEYS = DocumentedKeys(
    "Handbook",
    (
        ("Alt+Left, Alt+Right", "Back and forward"),
        ("Alt+Home", "The contents"),
        ("Ctrl+F", "Search"),
        ("F3, Shift+F3", "Next and previous match"),
        ("Ctrl++, Ctrl+=, Ctrl+-, Ctrl+0", "Larger, smaller or usual text"),
    ),
    has_own_window=True,
)


def show_handbook(widget: QWidget, page: str = START_PAGE) -> None:
    """Open the handbook beside the window of a widget, or bring it to the front.

    Parameters
    ----------
    widget : QWidget
        Any part of the main window, in a floating dock too. There is one handbook for each main
        window.
    page : str
        Path below ``resources/docs``.
    """
    while (above := widget.parentWidget()) is not None:
        widget = above
    windows = (child for child in widget.children() if isinstance(child, HandbookWindow))
    handbook = next(windows, None) or HandbookWindow(widget)
    handbook.open_page(page)
    handbook.show()
    handbook.raise_()
    handbook.activateWindow()


@dataclass
class _Visit:
    """A page that was opened, and how far down it was read, in pixels."""

    path: str
    place: int = 0


class HandbookWindow(QDialog):
    """Shows the handbook beside a window, which goes on working. Lives in the GUI thread.

    It is deleted when it is closed, and nothing of it is kept.

    Parameters
    ----------
    parent : QWidget
        The window beside which it opens.

    Attributes
    ----------
    tree : QTreeWidget
        The contents; while something is searched for, the pages that contain it.
    page : PageView
    search_line : QLineEdit
    """

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowFlag(Qt.WindowType.WindowMaximizeButtonHint)
        self._visits: list[_Visit] = []
        self._at = -1
        self._texts: dict[str, str] = {}
        self._hits: dict[str, list[tuple[int, int]]] = {}
        self._current: tuple[str, int] | None = None
        self._items: dict[str, QTreeWidgetItem] = {}
        self._sections: list[tuple[QTreeWidgetItem, list[QTreeWidgetItem]]] = []
        self.tree = QTreeWidget()
        self.page = PageView()
        self.search_line = QLineEdit()
        self._counter = QLabel()
        self._message = QLabel()
        self._lay_out()
        self._fill_tree()
        self._add_shortcuts()
        self.tree.currentItemChanged.connect(self._open_item)
        self.page.anchorClicked.connect(self._follow)
        self.search_line.textChanged.connect(self._search)
        self.resize(within_screen(QSize(*_SIZE), parent))

    # Moving from page to page

    @property
    def message(self) -> str:
        """The sentence below the page; empty if there is none."""
        return "" if self._message.isHidden() else self._message.text()

    @property
    def counter(self) -> str:
        """The number of matches, in words."""
        return self._counter.text()

    @property
    def path(self) -> str:
        """The page that is shown; empty before the first."""
        return self._visits[self._at].path if self._visits else ""

    def open_page(self, path: str, anchor: str = "") -> None:
        """Open a page at its top, or at a heading.

        Parameters
        ----------
        path : str
            Below ``resources/docs``. A page that does not exist is reported in the window.
        anchor : str
        """
        if path != self.path:
            self._remember_place()
            if not self._show(path):
                return
            del self._visits[self._at + 1 :]
            self._visits.append(_Visit(path))
            self._at += 1
            self._show_position()
        if anchor:
            self.page.show_anchor(anchor)

    @Slot()
    def go_back(self) -> None:
        """Return to the page that was open before."""
        self._go_to(self._at - 1)

    @Slot()
    def go_forward(self) -> None:
        """Open the page again from which `go_back` came."""
        self._go_to(self._at + 1)

    @Slot()
    def open_start(self) -> None:
        """Open the start page."""
        self.open_page(START_PAGE)

    def _go_to(self, index: int) -> None:
        if not 0 <= index < len(self._visits):
            return
        self._remember_place()
        visit = self._visits[index]
        self._show(visit.path)
        self._at = index
        self.page.verticalScrollBar().setValue(visit.place)
        self._show_position()

    def _show(self, path: str) -> bool:
        """Draw a page; return False if there is none at this path."""
        if path not in self._items:
            self._say(f"The handbook has no page “{path}”.")
            return False
        text = resources.handbook_page(path)
        self.page.show_page(text)
        self.page.show_hits(self._hits.get(path, ()))
        self._message.hide()
        return True

    def _remember_place(self) -> None:
        if self._visits:
            self._visits[self._at].place = self.page.verticalScrollBar().value()

    def _show_position(self) -> None:
        """Show which page this is, and where one can go from it."""
        self._back.setEnabled(self._at > 0)
        self._forward.setEnabled(self._at < len(self._visits) - 1)
        item = self._items[self.path]
        self.tree.blockSignals(True)
        self.tree.setCurrentItem(item)
        self.tree.blockSignals(False)
        self.setWindowTitle(f"{item.data(0, _TITLE)} – DinoGUI handbook")

    @Slot(QTreeWidgetItem)
    def _open_item(self, item: QTreeWidgetItem | None) -> None:
        path = None if item is None else item.data(0, _PATH)
        if path is None:
            return
        self.open_page(path)
        if self._hits.get(path):
            self._show_hit(path, 0)

    @Slot(QUrl)
    def _follow(self, url: QUrl) -> None:
        if url.scheme() in _WEB:
            QDesktopServices.openUrl(url)
            return
        path, anchor = follow(self.path, url.toString(QUrl.ComponentFormattingOption.FullyDecoded))
        if path.startswith(".."):
            self._say(
                f"“{path.removeprefix('../../')}” is in the source code, not in the handbook."
            )
        else:
            self.open_page(path, anchor)

    # Searching

    @Slot()
    def begin_search(self) -> None:
        """Put the cursor into the search line."""
        self.search_line.setFocus()
        self.search_line.selectAll()

    @Slot()
    def find_next(self) -> None:
        """Go to the next match; after the last one of the handbook comes the first."""
        self._step(1)

    @Slot()
    def find_previous(self) -> None:
        """Go to the match before; before the first one of the handbook comes the last."""
        self._step(-1)

    @Slot(str)
    def _search(self, query: str) -> None:
        if query.strip() and not self._texts:
            self._texts = {path: plain_text(resources.handbook_page(path)) for path in all_pages()}
        self._hits = find_in_all(self._texts, query)
        self._current = None
        for path, item in self._items.items():
            count = len(self._hits.get(path, ()))
            item.setText(0, item.data(0, _TITLE) + (f" ({count})" if count else ""))
            item.setHidden(bool(query.strip()) and not count)
        for section, items in self._sections:
            section.setHidden(all(item.isHidden() for item in items))
        if self._hits.get(self.path):
            self._show_hit(self.path, 0)
        else:
            self.page.show_hits(())
            self._count()

    def _step(self, by: int) -> None:
        every = [(path, i) for path, hits in self._hits.items() for i in range(len(hits))]
        if not every:
            return
        if self._current is not None:
            place = every.index(self._current) + by
        else:
            place = 0 if by > 0 else -1
        path, index = every[place % len(every)]
        self.open_page(path)
        self._show_hit(path, index)

    def _show_hit(self, path: str, index: int) -> None:
        self._current = (path, index)
        self.page.show_hits(self._hits[path], index)
        self._count()

    def _count(self) -> None:
        """Show which match this is, and how many there are."""
        total = sum(map(len, self._hits.values()))
        if not self.search_line.text().strip():
            text = ""
        elif not total:
            text = "Nothing found"
        elif self._current is None:
            text = f"{total} found"
        else:
            path, index = self._current
            before = 0
            for each, hits in self._hits.items():
                if each == path:
                    break
                before += len(hits)
            text = f"{before + index + 1} of {total}"
        self._counter.setText(text)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take the keys of the search line."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                is_back = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
                (self.find_previous if is_back else self.find_next)()
                return True
            if event.key() == Qt.Key.Key_Escape and self.search_line.text():
                self.search_line.clear()
                return True
            if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
                self.tree.setFocus()
                return True
        return super().eventFilter(watched, event)

    # Building the window

    def _lay_out(self) -> None:
        self._back = _button("←", "Back", "Alt+Left", self.go_back)
        self._forward = _button("→", "Forward", "Alt+Right", self.go_forward)
        before = _button("↑", "Previous match", "Shift+F3", self.find_previous)
        after = _button("↓", "Next match", "F3", self.find_next)
        smaller = _button("A−", "Smaller text", "Ctrl+-", self.page.zoom_out)
        larger = _button("A+", "Larger text", "Ctrl++", self.page.zoom_in)
        self.search_line.setPlaceholderText("Search the handbook (Ctrl+F)")
        self.search_line.setAccessibleName("Search the handbook")
        self.search_line.setClearButtonEnabled(True)
        self.search_line.installEventFilter(self)
        self._counter.setProperty("role", "faint")
        self._counter.setMinimumWidth(self._counter.fontMetrics().horizontalAdvance("999 of 999  "))
        self._message.setWordWrap(True)
        self._message.setProperty("role", "faint")
        self._message.hide()
        top = QHBoxLayout()
        for button in (self._back, self._forward):
            top.addWidget(button)
        top.addWidget(self.search_line, 1)
        top.addWidget(self._counter)
        for button in (before, after, smaller, larger):
            top.addWidget(button)
        self.tree.setHeaderHidden(True)
        self.tree.setAccessibleName("Contents of the handbook")
        self.tree.setRootIsDecorated(False)
        self.tree.setIndentation(12)
        columns = QSplitter()
        columns.addWidget(self.tree)
        columns.addWidget(self.page)
        columns.setChildrenCollapsible(False)
        columns.setStretchFactor(1, 1)
        columns.setSizes([_CONTENTS_WIDTH, _SIZE[0] - _CONTENTS_WIDTH])
        layout = QVBoxLayout(self)
        layout.addLayout(top)
        layout.addWidget(columns, 1)
        layout.addWidget(self._message)
        self.tree.setFocus()

    def _fill_tree(self) -> None:
        self._add_page(QTreeWidgetItem(self.tree), Page(START_PAGE, "Contents"))
        for section in contents():
            heading = QTreeWidgetItem(self.tree, [section.title])
            heading.setFlags(Qt.ItemFlag.ItemIsEnabled)
            font = heading.font(0)
            font.setBold(True)
            heading.setFont(0, font)
            items = [QTreeWidgetItem(heading) for _ in section.pages]
            for item, page in zip(items, section.pages, strict=True):
                self._add_page(item, page)
            self._sections.append((heading, items))
        self.tree.expandAll()

    def _add_page(self, item: QTreeWidgetItem, page: Page) -> None:
        item.setText(0, page.title)
        item.setData(0, _PATH, page.path)
        item.setData(0, _TITLE, page.title)
        self._items[page.path] = item

    def _add_shortcuts(self) -> None:
        standard = QKeySequence.StandardKey
        for keys, order in (
            (standard.Back, self.go_back),
            (standard.Forward, self.go_forward),
            ("Alt+Home", self.open_start),
            (standard.Find, self.begin_search),
            ("F3", self.find_next),
            ("Shift+F3", self.find_previous),
            (standard.ZoomIn, self.page.zoom_in),
            ("Ctrl+=", self.page.zoom_in),
            (standard.ZoomOut, self.page.zoom_out),
            ("Ctrl+0", self.page.reset_zoom),
        ):
            QShortcut(QKeySequence(keys), self).activated.connect(order)

    def _say(self, message: str) -> None:
        self._message.setText(message)
        self._message.show()


def _button(text: str, tip: str, keys: str, order: Callable[[], None]) -> QToolButton:
    button = QToolButton()
    button.setText(text)
    button.setToolTip(f"{tip} ({keys})")
    button.setAccessibleName(tip)
    button.setAutoRaise(True)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    button.clicked.connect(order)
    return button
