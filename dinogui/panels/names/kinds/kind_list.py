"""A list of all kinds that can be searched, for data with more kinds than there is room for."""

from PySide6.QtCore import QEvent, QObject, QPoint, QSize, Qt, Slot
from PySide6.QtGui import QIcon, QKeyEvent, QMouseEvent, QPixmap
from PySide6.QtWidgets import QFrame, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from dinogui.common.documented_keys import DocumentedKeys
from dinogui.common.icons import Icon, make_icon
from dinogui.common.theme import SPACE
from dinogui.session.blend.chosen_blend import ChosenBlend

KEYS = DocumentedKeys(
    "List of all kinds",
    (
        ("Up, Down", "Go to the kind above or below"),
        ("Enter", "Choose this kind alone"),
        ("Ctrl+Enter", "Add the kind to the blend, or leave it out"),
        ("Esc", "Close the list"),
    ),
    has_own_window=True,
)

_LINES = 12
_LETTERS = 34
_ICON = QSize(16, 16)
_WHICH = Qt.ItemDataRole.UserRole
_CONTROL = Qt.KeyboardModifier.ControlModifier


class KindList(QFrame):
    """Pops up below a widget, and chooses a kind, or adds one to the blend.

    Lives in the GUI thread.

    Parameters
    ----------
    blend : ChosenBlend
    parent : QWidget
    """

    def __init__(self, blend: ChosenBlend, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self._blend = blend
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setAccessibleName("All kinds")
        self.field = QLineEdit()
        self.field.setPlaceholderText("Search the kinds")
        self.field.setAccessibleName("Search the kinds")
        self.field.textChanged.connect(self._filter)
        self.field.installEventFilter(self)
        # One that cannot be seen keeps the titles below each other.
        self._no_icon = QPixmap(_ICON)
        self._no_icon.fill(Qt.GlobalColor.transparent)
        self.items = QListWidget()
        self.items.setAccessibleName("Kinds")
        self.items.setToolTip("Click to choose a kind alone; Ctrl+click to add it to the blend")
        self.items.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.items.setUniformItemSizes(True)
        self.items.viewport().installEventFilter(self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE, SPACE, SPACE, SPACE)
        layout.setSpacing(SPACE)
        layout.addWidget(self.field)
        layout.addWidget(self.items)
        blend.changed.connect(self._mark)
        blend.titles_changed.connect(self.close)

    def open_at(self, part: QWidget) -> None:
        """Show all kinds below a widget, or above it where there is no room below."""
        self.items.clear()
        for title in self._blend.counts:
            item = QListWidgetItem()
            item.setData(_WHICH, title)
            item.setToolTip(f"{title}: {self._blend.counted(title)}")
            self.items.addItem(item)
        self.field.clear()
        self._mark()
        self._filter("")
        metrics = self.fontMetrics()
        self.resize(
            _LETTERS * metrics.averageCharWidth(),
            (_LINES + 3) * (metrics.height() + SPACE),
        )
        self.move(self._place_below(part))
        self.show()
        self.field.setFocus()

    def _place_below(self, part: QWidget) -> QPoint:
        below = part.mapToGlobal(QPoint(0, part.height() + SPACE))
        screen = part.screen().availableGeometry()
        x = max(min(below.x(), screen.right() - self.width()), screen.left())
        if below.y() + self.height() <= screen.bottom():
            return QPoint(x, below.y())
        above = part.mapToGlobal(QPoint(0, -SPACE)).y() - self.height()
        return QPoint(x, max(above, screen.top()))

    @property
    def shown(self) -> list[str]:
        """The kinds that the search has found, from top to bottom."""
        rows = (self.items.item(row) for row in range(self.items.count()))
        return [item.data(_WHICH) for item in rows if not item.isHidden()]

    @Slot()
    def _mark(self) -> None:
        """Show which kinds are chosen, and how much of each."""
        percents = dict(self._blend.shares.of) if self._blend.shares is not None else {}
        for row in range(self.items.count()):
            item = self.items.item(row)
            title = item.data(_WHICH)
            is_in = title in percents
            share = f"  ·  {percents[title]} %" if is_in and len(percents) > 1 else ""
            item.setText(f"{title}{share}")
            item.setIcon(make_icon(Icon.CHECK) if is_in else QIcon(self._no_icon))

    @Slot(str)
    def _filter(self, text: str) -> None:
        wanted, current = text.strip().casefold(), -1
        for row in range(self.items.count()):
            item = self.items.item(row)
            is_found = wanted in item.data(_WHICH).casefold()
            item.setHidden(not is_found)
            current = row if is_found and current < 0 else current
        self.items.setCurrentRow(current)

    def _take(self, item: QListWidgetItem | None, *, adds: bool) -> None:
        """Choose a kind and close the list, or add it and go on."""
        if item is None or item.isHidden():
            return
        if adds:
            self._blend.add_or_drop(item.data(_WHICH))
        else:
            self.close()
            self._blend.choose_only(item.data(_WHICH))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take the keys of the list from the field, and clicks from the rows."""
        if watched is self.field and isinstance(event, QKeyEvent):
            if event.type() == QEvent.Type.KeyPress and self._take_key(event):
                return True
        elif event.type() == QEvent.Type.MouseButtonRelease and isinstance(event, QMouseEvent):
            item = self.items.itemAt(event.position().toPoint())
            self._take(item, adds=bool(event.modifiers() & _CONTROL))
            return True
        return super().eventFilter(watched, event)

    def _take_key(self, event: QKeyEvent) -> bool:
        key = Qt.Key(event.key())
        if key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self._go(-1 if key is Qt.Key.Key_Up else 1)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._take(self.items.currentItem(), adds=bool(event.modifiers() & _CONTROL))
        else:
            return False
        return True

    def _go(self, way: int) -> None:
        row = self.items.currentRow() + way
        while 0 <= row < self.items.count():
            if not self.items.item(row).isHidden():
                self.items.setCurrentRow(row)
                return
            row += way
