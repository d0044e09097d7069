"""A row of tabs of which none has to be open; those that do not fit are in a menu."""

from PySide6.QtCore import QEvent, QPoint, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QAction,
    QFont,
    QFontMetrics,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QHBoxLayout, QMenu, QSizePolicy, QToolButton, QWidget

from dinogui.common.icons import Icon, draw_icon
from dinogui.common.theme import SMALL_RADIUS, SPACE
from dinogui.widgets.buttons.painted_button import CHEVRON_SHARE, PaintedButton

_PULL = 28
"""Pixels that a tab is dragged up or down, or beyond its sides, before it is torn off."""


class TabRow(QWidget):
    """Shows a tab for each of several parts, open or not.

    Lives in the GUI thread.

    Signals
    -------
    chosen(str)
        Somebody has chosen the tab with this key.
    pulled(str, QPoint)
        Somebody drags a tab out of the row; with the place of the pointer on the screen.
    dropped(str, QPoint)
        Such a tab was let go.
    """

    chosen = Signal(str)
    pulled = Signal(str, QPoint)
    dropped = Signal(str, QPoint)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.tabs: dict[str, Tab] = {}
        self._order: list[str] = []
        self._not_offered: set[str] = set()
        self.more = RowButton("More", has_chevron=True)
        self.more.setToolTip("The tabs that do not fit")
        self.more.setAccessibleName("More tabs")
        self.more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._menu = QMenu(self.more)
        self._menu.triggered.connect(self._choose_in_menu)
        self.more.setMenu(self._menu)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._layout = QHBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(SPACE // 2)
        self._layout.addWidget(self.more)
        self._layout.addStretch(1)

    def add(self, key: str, text: str, tip: str, *, place: int | None = None) -> None:
        """Add a tab at the end, or at a place."""
        tab = Tab(key, text, tip, self)
        place = len(self._order) if place is None else place
        self._order.insert(place, key)
        self.tabs[key] = tab
        self._layout.insertWidget(place, tab)
        self._fit()

    @Slot(str, str)
    def rename(self, key: str, text: str) -> None:
        """Give a tab another text."""
        self.tabs[key].setText(text)
        self.tabs[key].setAccessibleName(f"{text}, tab")
        self._fit()

    @Slot(str, bool)
    def offer(self, key: str, is_offered: bool) -> None:
        """Show a tab that was added, or keep its place without showing it."""
        if is_offered:
            self._not_offered.discard(key)
        else:
            self._not_offered.add(key)
            self.tabs[key].hide()
        self._fit()

    def remove(self, key: str) -> None:
        """Remove a tab."""
        tab = self.tabs.pop(key)
        self._order.remove(key)
        self._layout.removeWidget(tab)
        tab.deleteLater()
        self._fit()

    def mark(self, keys: set[str]) -> None:
        """Mark the tabs of what can be seen now, and no others."""
        for key, tab in self.tabs.items():
            tab.setChecked(key in keys)
        self._fit()

    def minimumSizeHint(self) -> QSize:
        """Return the height of a tab, and the width of the menu's button and a short tab."""
        hint = self.more.sizeHint()
        return QSize(2 * hint.width() + self._layout.spacing(), hint.height())

    def sizeHint(self) -> QSize:
        """Return the same: the row takes the room that it gets."""
        return self.minimumSizeHint()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show as many tabs as fit."""
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        """Show as many tabs as fit in another font."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit()

    def showEvent(self, event: QShowEvent) -> None:
        """Show as many tabs as fit."""
        super().showEvent(event)
        self._fit()

    def _fit(self) -> None:
        if not self.isVisible():
            return
        gap = self._layout.spacing()
        order = [key for key in self._order if key not in self._not_offered]
        widths = {key: self.tabs[key].sizeHint().width() + gap for key in order}
        room = self.width() - gap
        if sum(widths.values()) > room:
            room -= self.more.sizeHint().width() + gap
        # What is open has its tab in the row, whatever comes before it.
        shown = [key for key in order if self.tabs[key].isChecked()]
        room -= sum(widths[key] for key in shown)
        for key in order:
            if key in shown:
                continue
            if widths[key] > room:
                break
            room -= widths[key]
            shown.append(key)
        self._menu.clear()
        for key in order:
            tab = self.tabs[key]
            tab.setVisible(key in shown)
            if key not in shown:
                action = self._menu.addAction(tab.text())
                action.setData(key)
                action.setToolTip(tab.tip)
        self.more.setVisible(not self._menu.isEmpty())

    @Slot(QAction)
    def _choose_in_menu(self, action: QAction) -> None:
        self.chosen.emit(action.data())


class RowButton(PaintedButton):
    """A button without a line around it, which is filled and half bold while it is checked.

    With a chevron, it says that it opens a menu.
    """

    def __init__(
        self, text: str, parent: QWidget | None = None, *, has_chevron: bool = False
    ) -> None:
        super().__init__(parent)
        self._has_chevron = has_chevron
        self._size = QSize()
        self._measured: tuple[str, QFont] | None = None
        self.setText(text)

    @property
    def _chevron(self) -> int:
        """The width of the chevron, in pixels."""
        return round(self.fontMetrics().height() * CHEVRON_SHARE) if self._has_chevron else 0

    def sizeHint(self) -> QSize:
        """Return the room of the text in bold, which it is while the button is checked."""
        of = (self.text(), self.font())
        if of != self._measured:  # measuring takes long, and a row asks often
            metrics = QFontMetrics(self.strong_font())
            width = metrics.horizontalAdvance(self.text()) + 5 * SPACE + self._chevron
            self._size, self._measured = QSize(width, metrics.height() + 3 * SPACE), of
        return self._size

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the ground if it is marked, the text, and the chevron."""
        painter = QPainter(self)
        rect = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        side = self._chevron
        self.paint_choice(painter, rect, SMALL_RADIUS, end=side)
        if side:
            left, top = self.width() - side - 2 * SPACE, (self.height() - side) / 2
            ink = self.palette().color(QPalette.ColorRole.PlaceholderText)
            draw_icon(painter, Icon.CHEVRON_DOWN, QRectF(left, top, side, side), ink)
        painter.end()


class Tab(RowButton):
    """A tab of a `TabRow`."""

    def __init__(self, key: str, text: str, tip: str, row: TabRow) -> None:
        super().__init__(text, row)
        self._key, self._row, self.tip = key, row, tip
        self._is_pulled = False
        self._pressed: QPoint | None = None
        self.setAccessibleName(f"{text}, tab")
        self.setCheckable(True)
        self.clicked.connect(self._choose)
        self.setToolTip(tip)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Say in the tooltip what the tab is for, and its whole text where that is cut."""
        super().resizeEvent(event)
        is_cut = self.width() < self.sizeHint().width()
        self.setToolTip(f"{self.text()}. {self.tip}" if is_cut else self.tip)

    def minimumSizeHint(self) -> QSize:
        """Return less than the text needs: where room is scarce, its end is left out."""
        return QSize(self._row.more.sizeHint().width(), self.sizeHint().height())

    @Slot()
    def _choose(self) -> None:
        self.setChecked(not self.isChecked())  # what is open decides which tabs are marked
        self._row.chosen.emit(self._key)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Note where a drag begins."""
        super().mousePressEvent(event)
        self._pressed = event.position().toPoint()
        self._is_pulled = False

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Tear the tab off when it is dragged away, in whichever direction."""
        super().mouseMoveEvent(event)
        if self._pressed is None or not event.buttons() & Qt.MouseButton.LeftButton:
            return
        place = event.position().toPoint()
        is_beside = not -_PULL <= place.x() < self.width() + _PULL
        if is_beside or abs(place.y() - self._pressed.y()) > _PULL:
            self._is_pulled = True
        if self._is_pulled:
            self.setDown(False)
            self._row.pulled.emit(self._key, event.globalPosition().toPoint())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End a drag; without one, a click chooses the tab."""
        self._pressed = None
        if self._is_pulled:
            self._is_pulled = False
            self._row.dropped.emit(self._key, event.globalPosition().toPoint())
            event.accept()
            return
        super().mouseReleaseEvent(event)
