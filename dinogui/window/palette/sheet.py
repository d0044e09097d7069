"""The sheet of the command search: a line to type in, and what matches it."""

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QRectF,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QFrame,
    QLabel,
    QListView,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from dinogui.common.documented_keys import DocumentedKeys
from dinogui.common.theme import RADIUS, SPACE
from dinogui.widgets.cards.rounded_frame import RoundedFrame
from dinogui.window.palette.entry import Entry
from dinogui.window.palette.found_delegate import FOUND, FoundDelegate, row_height
from dinogui.window.palette.ranking import Found, find
from dinogui.window.palette.search_line import SearchLine

_WIDTH_IN_LETTERS = 88
_ROWS = 10
_EXPLANATION_LINES = 2
_SHADOW = 8
"""Width of the shadow around the sheet, in pixels."""
_DARKEST = 40
"""How dark its innermost pixels are, of 255."""

KEYS = DocumentedKeys(
    "Search commands",
    (
        ("Up, Down", "Go through what was found"),
        ("PgUp, PgDown", "Go a page up or down"),
        ("Ctrl+Home, Ctrl+End", "Go to the first or the last line"),
        ("Enter", "Do it, or ask for its value"),
        ("Tab", "Complete the name of a value"),
        ("Esc", "Close the search"),
    ),
    has_own_window=True,  # it keeps all keys for itself
)


class SearchSheet(QWidget):
    """Lies over a window until something is chosen in it, or it is closed. Then it is deleted.

    Lives in the GUI thread.

    Parameters
    ----------
    window : QWidget
        The parent, which is shown. The focus returns to where it was.
    entries : sequence of Entry
    typed : callable
        Takes the typed text, and returns entries that are made from it. They stand first.
    recent : sequence of str
        Keys of the entries used recently, the latest first.

    Attributes
    ----------
    line : SearchLine
    view : QListView

    Signals
    -------
    used(str)
        The entry with this key was carried out.
    closed()
        It is hidden, and about to be deleted.
    """

    used = Signal(str)
    closed = Signal()

    def __init__(
        self,
        window: QWidget,
        entries: Sequence[Entry],
        typed: Callable[[str], list[Entry]],
        recent: Sequence[str],
    ) -> None:
        super().__init__(window)
        self._window = window
        self._entries, self._typed, self._recent = entries, typed, recent
        self._focused = QApplication.focusWidget()
        self.setAccessibleName("Search commands")
        self.line = SearchLine()
        self.view = QListView()
        self._model = _Results(self)
        self._explanation = QLabel()
        self._sheet = RoundedFrame(RADIUS, self)
        self._lay_out()
        self.line.textChanged.connect(self._search)
        self.line.moved.connect(self._move)
        self.line.paged.connect(self._page)
        self.line.entered.connect(self._choose)
        self.line.completed.connect(self._complete)
        self.line.left.connect(self.leave)
        self.view.clicked.connect(self._take_click)
        self.view.selectionModel().currentChanged.connect(self._explain)
        for watched in (window, window.windowHandle()):
            watched.installEventFilter(self)
        self._search("")
        self.show()
        self.raise_()
        self.line.setFocus()

    def _lay_out(self) -> None:
        self._sheet.setProperty("role", "card")
        view = self.view
        view.setModel(self._model)
        view.setItemDelegate(FoundDelegate({entry.group for entry in self._entries}, view))
        view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        view.setFrameShape(QFrame.Shape.NoFrame)
        view.setUniformItemSizes(True)
        view.setMouseTracking(True)
        view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        view.setAccessibleName("What was found")
        line = QFrame()
        line.setFrameShape(QFrame.Shape.HLine)
        line.setFrameShadow(QFrame.Shadow.Plain)
        line.setProperty("role", "line")
        self._explanation.setWordWrap(True)
        self._explanation.setTextFormat(Qt.TextFormat.PlainText)
        self._explanation.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._explanation.setAccessibleName("Explanation")
        self._explanation.setContentsMargins(3 * SPACE, 0, 3 * SPACE, 0)
        # What is opaque is painted without what lies below it, such as the plot.
        content = QWidget()
        content.setAutoFillBackground(True)
        content.setProperty("role", "card")
        frame = QVBoxLayout(self._sheet)
        frame.setContentsMargins(SPACE, SPACE, SPACE, SPACE)
        frame.addWidget(content)
        layout = QVBoxLayout(content)
        layout.setContentsMargins(2 * SPACE, 2 * SPACE, 2 * SPACE, 2 * SPACE)
        layout.setSpacing(2 * SPACE)
        layout.addWidget(self.line)
        layout.addWidget(line)
        layout.addWidget(view)
        layout.addWidget(self._explanation)

    # Where it lies

    def _place(self) -> None:
        """Centre the sheet in the upper part of the window."""
        window, metrics = self._window.size(), self.fontMetrics()
        lines = _EXPLANATION_LINES * metrics.lineSpacing()
        self._explanation.setFixedHeight(lines)
        top = max(window.height() // 10, 4 * SPACE)
        around = self.line.sizeHint().height() + lines + 14 * SPACE
        row, room = row_height(metrics), window.height() - top - around - 4 * SPACE
        rows = min(max(len(self.found), 1), _ROWS, max(room // row, 1))
        self.view.setFixedHeight(rows * row)
        width = min(_WIDTH_IN_LETTERS * metrics.averageCharWidth(), window.width() - 8 * SPACE)
        sheet = QRect((window.width() - width) // 2, top, width, rows * row + around)
        # Only as large as the shadow: what lies below the search has to be painted again, too.
        self.setGeometry(sheet.adjusted(-_SHADOW, -_SHADOW, _SHADOW, _SHADOW))
        self._sheet.setGeometry(_SHADOW, _SHADOW, width, sheet.height())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the size of the window, and close when somebody clicks beside the sheet."""
        if event.type() == QEvent.Type.Resize and watched is self._window:
            self._place()
        elif isinstance(event, QMouseEvent) and event.type() == QEvent.Type.MouseButtonPress:
            place = self.mapFromGlobal(event.globalPosition().toPoint())
            if watched is self._window.windowHandle() and not self.rect().contains(place):
                self.leave()
        return super().eventFilter(watched, event)

    def changeEvent(self, event: QEvent) -> None:
        """Take the room that larger text needs."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._place()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw a shadow around the sheet."""
        if self._sheet.geometry().contains(event.rect()):
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for ring in range(1, _SHADOW + 1):
            painter.setPen(QColor(0, 0, 0, _DARKEST * (_SHADOW + 1 - ring) // _SHADOW))
            rect = QRectF(self._sheet.geometry()).adjusted(-ring, -ring, ring, ring)
            painter.drawRoundedRect(rect, RADIUS + ring, RADIUS + ring)
        painter.end()

    # What is found

    @property
    def found(self) -> list[Found]:
        """What is listed, the best match first."""
        return self._model.found

    @property
    def chosen(self) -> Entry | None:
        """The entry that Enter carries out."""
        found = self.view.currentIndex().data(FOUND)
        return found.entry if isinstance(found, Found) else None

    @property
    def explanation(self) -> str:
        """The sentence below the list."""
        return self._explanation.text()

    @Slot(str)
    def _search(self, text: str) -> None:
        found = [Found(entry) for entry in self._typed(text)]
        # Once there is a value, nobody has to be asked for it.
        others = [entry for entry in self._entries if not (found and entry.completion)]
        found += find(others, text, self._recent)
        self._model.show_found(found)
        self._place()
        if found:
            self._go_to(0)
        else:
            self._say(f"Nothing is called “{text.strip()}”. Try fewer letters.")

    def _go_to(self, row: int) -> None:
        row = min(max(row, 0), len(self.found) - 1)
        self.view.setCurrentIndex(self._model.index(row, 0))

    @Slot(int)
    def _move(self, by: int) -> None:
        """Go up or down; after the last line comes the first."""
        if self.found:
            self._go_to((self.view.currentIndex().row() + by) % len(self.found))

    @Slot(int)
    def _page(self, pages: int) -> None:
        rows = max(self.view.viewport().height() // row_height(self.fontMetrics()) - 1, 1)
        if self.found:
            self._go_to(self.view.currentIndex().row() + pages * rows)

    @Slot()
    def _explain(self) -> None:
        entry = self.chosen
        if entry is not None:
            self._say(entry.explanation, is_error=bool(entry.reason))
            self.line.setAccessibleDescription(entry.spoken)

    def _say(self, text: str, *, is_error: bool = False) -> None:
        self._explanation.setText(text)
        self._explanation.setProperty("role", "error" if is_error else "faint")
        self._explanation.style().polish(self._explanation)  # its colour depends on its role

    # What is done

    @Slot(QModelIndex)
    def _take_click(self, _index: QModelIndex) -> None:
        self.line.setFocus()
        self._choose()

    @Slot()
    def _complete(self) -> None:
        """Put the name of a value into the line; it has to follow."""
        entry = self.chosen
        if entry is not None and entry.completion:
            self.line.setText(entry.completion)

    @Slot()
    def _choose(self) -> None:
        """Carry out the chosen entry, and close; say why if that is not possible."""
        entry = self.chosen
        if entry is None:
            return
        if entry.completion:
            self._complete()
        elif entry.reason:
            self._say(entry.reason, is_error=True)
        else:
            self._carry_out(entry)

    def _carry_out(self, entry: Entry) -> None:
        # The focus is where it was before, as after a choice in a menu.
        self.hide()
        self._return_focus()
        try:
            entry.order()
        except ValueError as error:
            self.show()
            self.line.setFocus()
            self._say(str(error), is_error=True)
            return
        self.used.emit(entry.key)
        self._end()

    @Slot()
    def leave(self) -> None:
        """Close without doing anything."""
        self.hide()
        self._return_focus()
        self._end()

    def _end(self) -> None:
        self.closed.emit()
        self.deleteLater()

    def _return_focus(self) -> None:
        focused = self._focused
        if focused is not None and isValid(focused) and focused.isVisible():
            focused.setFocus()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Keep the focus in the line."""
        event.accept()
        self.line.setFocus()


class _Results(QAbstractListModel):
    """What was found, as a view shows it."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.found: list[Found] = []

    def show_found(self, found: list[Found]) -> None:
        """List something else."""
        self.beginResetModel()
        self.found = found
        self.endResetModel()

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008
        """Return the number of lines."""
        return 0 if parent.isValid() else len(self.found)

    def data(
        self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Return a title, what a screen reader says, or all that was found."""
        found = self.found[index.row()]
        if role == FOUND:
            return found
        if role == Qt.ItemDataRole.DisplayRole:
            return found.entry.title
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return found.entry.spoken
        return None
