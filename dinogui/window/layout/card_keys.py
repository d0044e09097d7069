"""F6 goes from card to card, where Tab would need many steps."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QMainWindow, QScrollArea, QWidget

from dinogui.common.documented_keys import DocumentedKeys

KEYS = DocumentedKeys(
    "Main window", (("F6, Shift+F6", "Go to the next or the previous card or floating panel"),)
)


class CardKeys(QObject):
    """Gives the focus to the first control of the next card, or of the previous one.

    Lives in the GUI thread.

    Parameters
    ----------
    window : QMainWindow
        The parent. The keys work in its floating docks, too.
    cards : callable
        Returns the cards and what else is visited, in order. What is hidden, or has nothing that
        takes the focus, is left out.
    """

    def __init__(self, window: QMainWindow, cards: Callable[[], Sequence[QWidget]]) -> None:
        super().__init__(window)
        self._cards = cards
        for key, go in (("F6", self._go_on), ("Shift+F6", self._go_back)):
            QShortcut(QKeySequence(key), window).activated.connect(go)

    @Slot()
    def _go_on(self) -> None:
        self._go(1)

    @Slot()
    def _go_back(self) -> None:
        self._go(-1)

    def _go(self, by: int) -> None:
        visited = [card for card in self._cards() if card.isVisible() and _stops(card)]
        if not visited:
            return
        here = -1 if by > 0 else 0
        focused = QApplication.focusWidget()
        for place, card in enumerate(visited):
            if focused is not None and card.isAncestorOf(focused):
                here = place
        give_focus(visited[(here + by) % len(visited)])


def give_focus(card: QWidget) -> None:
    """Give the focus to what Tab reaches first in a card, if anything, and scroll to it.

    Qt goes there. In PySide (as of 6.11), to walk by `nextInFocusChain` makes each part the owner
    of the next one, which may be the window or its menu bar: they are taken for deleted as soon as
    that part is deleted.
    """
    stops = _stops(card)
    if not stops:
        return
    if not card.isActiveWindow():
        card.activateWindow()
    card.setFocus(Qt.FocusReason.TabFocusReason)
    card.focusNextChild()
    stop = card.window().focusWidget()
    if stop is None or not card.isAncestorOf(stop):
        stop = stops[0]
        stop.setFocus(Qt.FocusReason.TabFocusReason)
    _scroll_to(stop)


def _stops(card: QWidget) -> list[QWidget]:
    """Return what takes the focus in a card."""
    return [
        part
        for part in card.findChildren(QWidget)
        if part.focusPolicy() & Qt.FocusPolicy.TabFocus and part.isVisible() and part.isEnabled()
    ]


def _scroll_to(stop: QWidget) -> None:
    around = stop.parentWidget()
    while around is not None:
        if isinstance(around, QScrollArea):
            around.ensureWidgetVisible(stop)
        around = around.parentWidget()
