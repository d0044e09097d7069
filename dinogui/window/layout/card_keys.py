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
        found = [(card, _first_stop(card)) for card in self._cards() if card.isVisible()]
        visited = [(card, stop) for card, stop in found if stop is not None]
        if not visited:
            return
        here = -1 if by > 0 else 0
        focused = QApplication.focusWidget()
        for place, (card, _) in enumerate(visited):
            if focused is not None and card.isAncestorOf(focused):
                here = place
        _, stop = visited[(here + by) % len(visited)]
        if not stop.isActiveWindow():
            stop.activateWindow()
        _scroll_to(stop)
        stop.setFocus(Qt.FocusReason.TabFocusReason)


def _first_stop(card: QWidget) -> QWidget | None:
    """Return what Tab would reach first in a card."""
    stop = card.nextInFocusChain()
    while stop is not None and stop is not card:
        takes_focus = bool(stop.focusPolicy() & Qt.FocusPolicy.TabFocus)
        if card.isAncestorOf(stop) and takes_focus and stop.isVisible() and stop.isEnabled():
            return stop
        stop = stop.nextInFocusChain()
    return None


def _scroll_to(stop: QWidget) -> None:
    around = stop.parentWidget()
    while around is not None:
        if isinstance(around, QScrollArea):
            around.ensureWidgetVisible(stop)
        around = around.parentWidget()
